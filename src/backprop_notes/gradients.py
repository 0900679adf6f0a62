"""The derivation, one step per function, in the order of the pages; then the vectorised gradients.

The log-likelihood is first differentiated with respect to the output weights w_21, then with
respect to one row w_1k of the hidden weights. Each step of the second derivation computes one line
of the notes as it stands: what the line still leaves to differentiate is differentiated by the
complex step, everything else is the formula. All steps have the same value; a slip in one of them
shows at once.

Source: Bert Huang, "Notes on backprop slides" (2019), whose derivation stops before
:func:`score_gradient`; the last functions finish it.
"""

from collections.abc import Callable

import numpy as np

from backprop_notes.arguments import Array, Numbers, checked, finite, product, unit
from backprop_notes.network import Parameters, hidden, probability, score, sigmoid
from backprop_notes.numerical import complex_step

# --- Output weights -------------------------------------------------------------------------------


def label_error(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers) -> Array:
    """Derivative of each log-probability by its score, with the label outside.

    (1 - sigma(y_i z_i)) y_i, the left side of :eq:`eq-output-error`.

    Parameters
    ----------
    X, y, W1, w2
        Inputs (n, d), labels -1 or +1 (n,), hidden weights (m, d), output weights (m,).

    Returns
    -------
    array
        Shape (n,), values in (-1, 1) with the sign of the label.

    Raises
    ------
    TypeError, ValueError
        As :func:`~backprop_notes.log_likelihood`.

    Examples
    --------
    A sure and right answer leaves little error, a sure and wrong one nearly all:

    >>> label_error(X=[[0], [0]], y=[+1, -1], W1=[[0]], w2=[8]).round(3)
    array([ 0.018, -0.982])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    return np.asarray((1 - sigmoid(y * score(X, W1, w2))) * y)


def output_error(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers) -> Array:
    """Output error: what should have come out, less the probability that came out.

    I(y_i = 1) - sigma(z_i), the right side of :eq:`eq-output-error`. It is the derivative of the
    log-likelihood with respect to the input z_i of the final logistic function.

    Where the network is right and sure of +1, the difference of two numbers near 1 loses its
    digits: from z_i = 37 on (float32: 17) it is 0. :func:`gradient` computes the error without
    that loss.

    Parameters
    ----------
    X, y, W1, w2
        Inputs (n, d), labels -1 or +1 (n,), hidden weights (m, d), output weights (m,).

    Returns
    -------
    array
        Shape (n,), values in (-1, 1) with the sign of the label.

    Raises
    ------
    TypeError, ValueError
        As :func:`~backprop_notes.log_likelihood`.

    Examples
    --------
    >>> output_error(X=[[0], [0]], y=[+1, -1], W1=[[0]], w2=[8]).round(3)
    array([ 0.018, -0.982])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    return np.asarray((y == 1) - sigmoid(score(X, W1, w2)))


def output_gradient(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers) -> Array:
    """Gradient of the log-likelihood with respect to the output weights w_21.

    The sum over the examples of output error times h_i, :eq:`eq-output-gradient`.

    Parameters
    ----------
    X, y, W1, w2
        Inputs (n, d), labels -1 or +1 (n,), hidden weights (m, d), output weights (m,).

    Returns
    -------
    array
        Shape (m,).

    Raises
    ------
    TypeError, ValueError
        As :func:`~backprop_notes.log_likelihood`.

    Examples
    --------
    With weights of 0 each error is a half, and so is each hidden value:

    >>> output_gradient(X=[[5]], y=[+1], W1=[[0], [0]], w2=[0, 0])
    array([0.25, 0.25])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    return output_error(X, y, W1, w2) @ hidden(X, W1)


# --- Hidden weights, as in the notes --------------------------------------------------------------


def nabla(f: Callable[[Array], Array], W1: Numbers, k: int) -> Array:
    """Gradients with respect to the row w_1k, by the complex step :eq:`eq-complex-step`.

    Parameters
    ----------
    f
        Function of all hidden weights (m, d) with one value an example, (n,).
    W1
        Hidden weights, shape (m, d).
    k
        Hidden unit, counted from 0.

    Returns
    -------
    array
        Shape (n, d): row ``i`` is the gradient of the value of example ``i``.

    Raises
    ------
    TypeError, ValueError
        If ``W1`` is not a matrix of finite real numbers, or if there is no unit ``k``.

    Examples
    --------
    >>> X = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> nabla(lambda W1: X @ W1[0], [[0.5, -0.5]], k=0)
    array([[1., 2.],
           [3., 4.]])
    """
    (W1,) = checked(W1=W1)
    k = unit(k, len(W1))

    def f_of_row(w: Array) -> Array:
        W = W1.astype(w.dtype)
        W[k] = w
        return f(W)

    return complex_step(f_of_row, W1[k])


def slide_gradient(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers, k: int = 0) -> Array:
    """Gradient with respect to w_1k as the slide has it: derivative of a sum of logarithms.

    The sum of nabla p(y_i | x_i) / p(y_i | x_i), :eq:`eq-slide`.

    Where a probability is rounded to 0 the division has no value: the result is nan, and NumPy
    warns. Digits are lost before, at probabilities below 1e-288 (float32: 1e-18), whose derivatives
    the complex step can hardly hold. From :func:`cancelled_gradient` on nothing is divided.

    Parameters
    ----------
    X, y, W1, w2
        Inputs (n, d), labels -1 or +1 (n,), hidden weights (m, d), output weights (m,).
    k
        Hidden unit, counted from 0.

    Returns
    -------
    array
        Shape (d,).

    Raises
    ------
    TypeError, ValueError
        As :func:`~backprop_notes.log_likelihood`, or if there is no unit ``k``.

    Examples
    --------
    >>> slide_gradient(X=[[1, 2]], y=[-1], W1=[[1, -1]], w2=[2]).round(4)
    array([-0.2483, -0.4965])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    nabla_p = nabla(lambda W1: probability(X, y, W1, w2), W1, k)
    return 1 / probability(X, y, W1, w2) @ nabla_p


def plugged_in_gradient(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers, k: int = 0) -> Array:
    """Gradient with respect to w_1k with the definition of the probability plugged in.

    The sum of nabla sigma(y_i w_21^T h_i) / sigma(y_i w_21^T h_i), :eq:`eq-plug-in`.

    Arguments, result and errors are those of :func:`slide_gradient`, and so is what happens where a
    probability is rounded to 0: the result is nan, and NumPy warns.

    Examples
    --------
    >>> plugged_in_gradient(X=[[1, 2]], y=[-1], W1=[[1, -1]], w2=[2]).round(4)
    array([-0.2483, -0.4965])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    p = sigmoid(y * score(X, W1, w2))
    nabla_p = nabla(lambda W1: sigmoid(y * (hidden(X, W1) @ w2)), W1, k)
    return np.asarray(1 / p @ nabla_p)


def chain_rule_gradient(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers, k: int = 0) -> Array:
    """Gradient with respect to w_1k after the chain rule for the outer sigma.

    First line of :eq:`eq-1`: the derivative of sigma is sigma (1 - sigma), and y_i w_21^T h_i is
    left to differentiate. Where sigma is rounded to 0 the fraction has no value: the result is nan,
    and NumPy warns.

    Arguments, result and errors are those of :func:`slide_gradient`.

    Examples
    --------
    >>> chain_rule_gradient(X=[[1, 2]], y=[-1], W1=[[1, -1]], w2=[2]).round(4)
    array([-0.2483, -0.4965])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    p = sigmoid(y * score(X, W1, w2))
    nabla_yz = nabla(lambda W1: y * (hidden(X, W1) @ w2), W1, k)
    return np.asarray(p * (1 - p) / p @ nabla_yz)


def cancelled_gradient(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers, k: int = 0) -> Array:
    """Gradient with respect to w_1k after the fraction has been cancelled.

    Second line of :eq:`eq-1`.

    Arguments, result and errors are those of :func:`slide_gradient`.

    Examples
    --------
    >>> cancelled_gradient(X=[[1, 2]], y=[-1], W1=[[1, -1]], w2=[2]).round(4)
    array([-0.2483, -0.4965])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    p = sigmoid(y * score(X, W1, w2))
    nabla_yz = nabla(lambda W1: y * (hidden(X, W1) @ w2), W1, k)
    return np.asarray((1 - p) @ nabla_yz)


def label_outside_gradient(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers, k: int = 0) -> Array:
    """Gradient with respect to w_1k with the label taken out of the derivative.

    Third line of :eq:`eq-1`, with which :eq:`eq-2` begins.

    Arguments, result and errors are those of :func:`slide_gradient`.

    Examples
    --------
    >>> label_outside_gradient(X=[[1, 2]], y=[-1], W1=[[1, -1]], w2=[2]).round(4)
    array([-0.2483, -0.4965])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    nabla_z = nabla(lambda W1: hidden(X, W1) @ w2, W1, k)
    return label_error(X, y, W1, w2) @ nabla_z


def output_error_gradient(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers, k: int = 0) -> Array:
    """Gradient with respect to w_1k with the output error in front.

    Second line of :eq:`eq-2`: one case analysis of the label turns (1 - sigma(y_i z_i)) y_i into
    I(y_i = 1) - sigma(z_i).

    Arguments, result and errors are those of :func:`slide_gradient`.

    Examples
    --------
    >>> output_error_gradient(X=[[1, 2]], y=[-1], W1=[[1, -1]], w2=[2]).round(4)
    array([-0.2483, -0.4965])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    nabla_z = nabla(lambda W1: hidden(X, W1) @ w2, W1, k)
    return output_error(X, y, W1, w2) @ nabla_z


# --- Hidden weights, finished ---------------------------------------------------------------------


def score_gradient(X: Numbers, W1: Numbers, w2: Numbers, k: int = 0) -> Array:
    """Gradients of the scores w_21^T h_i with respect to w_1k: the step that the notes leave out.

    Row ``i`` is w_21k h_ik (1 - h_ik) x_i, :eq:`eq-score-gradient`. Where h_ik is near 1 the
    difference loses digits; :func:`gradient` computes the slope without that loss.

    Parameters
    ----------
    X, W1, w2
        Inputs (n, d), hidden weights (m, d), output weights (m,).
    k
        Hidden unit, counted from 0.

    Returns
    -------
    array
        Shape (n, d).

    Raises
    ------
    TypeError, ValueError
        As :func:`~backprop_notes.score`, or if there is no unit ``k``.

    Examples
    --------
    At weights of 0 the sigmoid has its steepest slope, 1/4:

    >>> score_gradient(X=[[1, 2], [0, 4]], W1=[[0, 0]], w2=[2])
    array([[0.5, 1. ],
           [0. , 2. ]])
    """
    X, W1, w2 = checked(X=X, W1=W1, w2=w2)
    k = unit(k, len(W1))
    h = hidden(X, W1)[:, k]
    return np.asarray((w2[k] * h * (1 - h))[:, np.newaxis] * X)


def hidden_gradient(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers, k: int = 0) -> Array:
    """Gradient with respect to w_1k, finished: nothing is left to differentiate.

    The sum over the examples of output error times :func:`score_gradient`,
    :eq:`eq-hidden-gradient`. Arguments, result and errors are those of :func:`slide_gradient`.

    Examples
    --------
    >>> hidden_gradient(X=[[1, 2]], y=[-1], W1=[[1, -1]], w2=[2]).round(4)
    array([-0.2483, -0.4965])
    """
    return output_error(X, y, W1, w2) @ score_gradient(X, W1, w2, k)


# --- All weights at once --------------------------------------------------------------------------


def gradient(X: Numbers, y: Numbers, W1: Numbers, w2: Numbers) -> Parameters:
    """Gradient of the log-likelihood with respect to all weights, by matrix products.

    :eq:`eq-output-gradient-matrix` and :eq:`eq-hidden-gradient-matrix`: the output error goes back
    through the output weights and the slope of each hidden unit, then meets the inputs.

    Parameters
    ----------
    X, y, W1, w2
        Inputs (n, d), labels -1 or +1 (n,), hidden weights (m, d), output weights (m,).

    Returns
    -------
    Parameters (W1, w2)
        Gradients in the shapes of the weights; zeros when there are no examples.

    Raises
    ------
    TypeError, ValueError
        As :func:`~backprop_notes.log_likelihood`.

    Examples
    --------
    >>> g = gradient(X=[[1, 2]], y=[+1], W1=[[0, 0], [0, 0]], w2=[2, -2])
    >>> g.W1
    array([[ 0.25,  0.5 ],
           [-0.25, -0.5 ]])
    >>> g.w2
    array([0.25, 0.25])
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    A = product("X @ W1.T", X, W1.T)
    H = sigmoid(A)
    # I(y = 1) - sigma(z) and 1 - H by other names: no digit is lost where either is near 0.
    e = y * sigmoid(-y * (H @ w2))
    E = np.outer(e, w2) * H * sigmoid(-A)
    with np.errstate(over="ignore", invalid="ignore"):
        by_W1, by_w2 = E.T @ X, H.T @ e
    return Parameters(finite("the gradient by W1", by_W1), finite("the gradient by w2", by_w2))
