"""Drawings for the pages: the network, its computational graph, and plots of what it does.

A cell shows a drawing by having it as its last expression. In HTML the drawing is inline SVG whose
ink is the colour of the text around it, so that it is readable in a light and in a dark theme; in
LaTeX it is a PDF; where there are only words it is its alternative text.

This is the one module that needs matplotlib, so the package does not load it.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from xml.etree import ElementTree

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Arc, Circle, Patch

from backprop_notes.arguments import Array, Numbers, checked, floating
from backprop_notes.colours import THINGS
from backprop_notes.network import hidden, score, sigmoid

Function = Callable[[Array], Numbers]
Point = tuple[float, float]

# Stands for the colour of the text around the drawing: near black in PDF, currentColor in SVG.
INK = "#1b1f24"
# Each has a contrast of about 4 on white and on the book's dark background. Blue and orange stay
# apart for colour-blind readers; all are told apart by their markers or dashes as well.
BLUE, ORANGE = "#2f7fc1", "#c8601f"
ERROR, WEIGHT, SLOPE, INPUT = (colour.light for colour in THINGS.values())
LABELS = ((+1, "^", ORANGE), (-1, "o", BLUE))
LINES = ((BLUE, "-"), (ORANGE, "--"), (SLOPE, "-."), (WEIGHT, ":"))

# What a page knows better: the colour of its text, and those of things in its own scheme.
OF_THE_PAGE = {INK: "currentColor"} | {
    colour.light: f"var(--{name}, {colour.between})" for name, colour in THINGS.items()
}

WIDTH = 438  # points: the measure of the text

# Bands of values in [0, 1] with the tint of each: probabilities in the colours of their labels, the
# stronger the further from 1/2; values of hidden units from none to dark.
BANDS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
TINTS = [to_rgba(BLUE, tint) for tint in (0.42, 0.24, 0.08)]
TINTS += [to_rgba(ORANGE, tint) for tint in (0.08, 0.24, 0.42)]
SHADES = [to_rgba(INK, shade) for shade in (0.0, 0.06, 0.12, 0.18, 0.24, 0.3)]

styled = rc_context(
    {
        "axes.edgecolor": INK,
        "axes.facecolor": "none",
        "axes.labelcolor": INK,
        "axes.labelsize": 14,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlesize": 14,
        "figure.facecolor": "none",
        "font.family": "STIXGeneral",  # as the text; comes with matplotlib, so on every machine
        "font.size": 14,
        "legend.fontsize": 14,
        "legend.frameon": False,
        "lines.linewidth": 1.8,
        "mathtext.fontset": "cm",  # the letters of the equations on the page
        "svg.fonttype": "path",  # a reader's own fonts would move the labels
        "text.color": INK,
        "xtick.color": INK,
        "xtick.labelsize": 13,
        "ytick.color": INK,
        "ytick.labelsize": 13,
    }
)


_shown: Counter[str] = Counter()  # how often this process has shown a drawing, by name


@dataclass(frozen=True, repr=False)
class Drawing:
    """A drawing that a notebook, a page of the book and a PDF can show.

    Parameters
    ----------
    svg
        An ``<svg>`` element for an HTML page.
    pdf
        The same as a PDF file.
    alt
        What it shows, in words.

    Examples
    --------
    >>> network_diagram()
    The network: ...
    """

    svg: str
    pdf: bytes
    alt: str

    def __repr__(self) -> str:
        return self.alt

    def _repr_html_(self) -> str:
        # An id may be on a page only once, even if the same drawing is shown there twice.
        name = _name(self.pdf)
        _shown[name] += 1
        again = _shown[name] - 1
        return self.svg.replace(name, f"{name}-{again}") if again else self.svg

    def _repr_pdf_(self) -> bytes:
        return self.pdf


# --- The network, drawn ---------------------------------------------------------------------------


@styled
def network_diagram(d: int = 2, m: int = 2, alt: str | None = None) -> Drawing:
    """Draw the network: inputs, hidden units and output, each with its weights.

    Parameters
    ----------
    d, m
        Number of inputs and of hidden units, each 1 to 3.
    alt
        Alternative text in place of the one made here.

    Returns
    -------
    Drawing

    Raises
    ------
    ValueError
        If ``d`` or ``m`` is out of range.

    Examples
    --------
    >>> network_diagram(d=3, m=1)
    The network: 3 inputs x_i1 to x_i3 lead to 1 hidden unit, h_i1 = sigma(w_11^T x_i), ...
    """
    for name, size in (("d", d), ("m", m)):
        if size not in range(1, 4):
            raise ValueError(f"{name} must be 1, 2 or 3 to be drawn, but is {size}")
    gap, radius = 84, 18
    height = gap * (max(d, m) - 1) + 2 * radius + 68
    figure, sheet = _sheet(WIDTH, height)

    def column(x: float, names: Sequence[str], colour: str = INK) -> list[Point]:
        top = height / 2 + gap * (len(names) - 1) / 2
        points = [(x, top - gap * i) for i in range(len(names))]
        for point, name in zip(points, names, strict=True):
            sheet.text(*point, name, size=15, color=colour, ha="center", va="center")
            sheet.add_patch(Circle(point, radius, ec=colour, fc="none"))
        return points

    def feed(
        sources: Sequence[Point], unit: Point, weights: str, formula: str, colour: str = INK
    ) -> None:
        """Join the sources to a unit, with an arc across the edges for the vector of weights."""
        side = 1 if unit[1] >= height / 2 else -1  # labels stand above the unit, or below
        for source in sources:
            _arrow(sheet, source, unit, gap=radius, color=colour)
        angles = [np.degrees(np.arctan2(y - unit[1], x - unit[0])) % 360 for x, y in sources]
        low, high, reach = min(angles) - 10, max(angles) + 10, 2 * radius
        sheet.add_patch(Arc(unit, 2 * reach, 2 * reach, theta1=low, theta2=high, ec=colour, lw=0.8))
        end = np.radians(low - 14 if side == 1 else high + 14)
        x, y = unit + (reach + 4) * np.array([np.cos(end), np.sin(end)])
        sheet.text(x, y, weights, color=colour, ha="center", va="center")
        sheet.text(unit[0] - 6, unit[1] + side * (radius + 14), formula, va="center")

    inputs = column(24, [f"$x_{{i{j + 1}}}$" for j in range(d)], INPUT)
    units = column(200, [f"$h_{{i{k + 1}}}$" for k in range(m)])
    (output,) = column(372, ["$z_i$"])
    for k, unit in enumerate(units):
        feed(inputs, unit, f"$w_{{1{k + 1}}}$", rf"$\sigma(w_{{1{k + 1}}}^\top x_i)$")
    feed(units, output, "$w_{21}$", r"$w_{21}^\top h_i$", WEIGHT)

    units_in_words = _span([f"h_i{k + 1} = sigma(w_1{k + 1}^T x_i)" for k in range(m)])
    inputs_in_words = _span([f"x_i{j + 1}" for j in range(d)])
    return _drawing(
        figure,
        alt
        or f"The network: {_count(d, 'input')} {inputs_in_words} {'leads' if d == 1 else 'lead'} "
        f"to {_count(m, 'hidden unit')}, {units_in_words}, and {'this' if m == 1 else 'these'} "
        "to the score z_i = w_21^T h_i; sigma(z_i) is the probability of the label +1.",
    )


@styled
def computational_graph(
    X: Numbers,
    y: Numbers,
    W1: Numbers,
    w2: Numbers,
    *,
    i: int = 0,
    k: int = 0,
    alt: str | None = None,
) -> Drawing:
    """Draw how one example's part of the log-likelihood is computed, with all numbers, and back.

    Parameters
    ----------
    X, y
        Inputs, shape (n, d), and labels -1 or +1, shape (n,).
    W1, w2
        Weights, shapes (m, d) and (m,).
    i, k
        The example and the hidden unit, counted from 0.
    alt
        Alternative text in place of the one made here.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError, ValueError, IndexError
        If the arguments do not fit together or are out of range.

    Examples
    --------
    >>> computational_graph([[1, 2]], [1], [[0.5, -1], [1, 0]], [2, -1])
    The computational graph of log p_i for example 1 and hidden unit 1. ...
    """
    X, y, W1, w2 = checked(X=X, y=y, W1=W1, w2=w2)
    h, z = hidden(X, W1)[i, k], score(X, W1, w2)[i]
    p = sigmoid(y[i] * z)
    slope = h * (1 - h)
    error = (1 - p) * y[i]
    # A step with its value; what joins it from the side; the factor on the way back to the step
    # before, as formula and number; the derivative of log p_i with respect to the step before.
    steps: tuple[_Step, ...] = (
        _Step(r"$w_{1k}$", W1[k]),
        _Step(r"$h_{ik} = \sigma(w_{1k}^\top x_i)$", h, ("$x_i$", INPUT),
              ((r"$h_{ik} (1 - h_{ik})$", slope, SLOPE), ("$x_i$", X[i], INPUT)),
              error * w2[k] * slope * X[i]),
        _Step(r"$z_i = w_{21}^\top h_i$", z, ("$w_{21}$", WEIGHT),
              (("$w_{21,k}$", w2[k], WEIGHT),), error * w2[k]),
        _Step("$y_i z_i$", y[i] * z, ("$y_i$", INK), (("$y_i$", y[i], INK),), error),
        _Step(r"$p_i = \sigma(y_i z_i)$", p, None, (("$p_i (1 - p_i)$", p * (1 - p), INK),), 1 - p),
        _Step(r"$\log \, p_i$", np.log(p), None, (("$1 / p_i$", 1 / p, INK),), 1 / p),
    )  # fmt: skip
    main, gap = 150, 96
    top = gap * (len(steps) - 1) + 30
    figure, sheet = _sheet(WIDTH, top + 30)
    before = None
    for row, step in enumerate(steps):
        y_at = top - gap * row
        box = _box(sheet, (main, y_at), f"{step.formula}\n{_short(step.value)}")
        if step.side:
            _arrow(sheet, (34, y_at), (main, y_at), _box(sheet, (34, y_at), *step.side), box)
        if before:
            _arrow(sheet, (main - 9, y_at + gap), (main - 9, y_at), before, box)
            _arrow(sheet, (main + 9, y_at), (main + 9, y_at + gap), box, before, back=True)
            for line, (formula, value, colour) in enumerate(step.factors):
                at = y_at + gap / 2 + 9 * (len(step.factors) - 1) - 18 * line
                said = f"{formula} $=$ {_short(value)}"
                sheet.text(main + 20, at, said, color=colour, va="center")
            is_error = step.derivative is error
            sheet.text(main + 84, y_at + gap, f"{'error ' * is_error}{_short(step.derivative)}",
                       color=ERROR if is_error else INK, va="center")  # fmt: skip
        before = box
    sheet.text(main + 84, top - gap * (len(steps) - 1), "1", va="center")

    # The three factors that make up the output error.
    low, high, x = top - 4.85 * gap, top - 2.15 * gap, main + 172
    sheet.plot([x - 5, x, x, x - 5], [low, low, high, high], color=ERROR, lw=1)
    for line, words in enumerate(("output error", "$I(y_i = 1)$", r"$\quad - \, \sigma(z_i)$")):
        centre = x + 8, (low + high) / 2 + 19 - 19 * line
        sheet.text(*centre, words, color=ERROR, va="center")
    return _drawing(
        figure,
        alt
        or f"The computational graph of log p_i for example {i + 1} and hidden unit {k + 1}. "
        f"Forward: w_1k and x_i give h_ik = {h:.4f}; with w_21, z_i = {z:.4f}; times y_i, "
        f"{y[i] * z:.4f}; p_i = {p:.4f}; log p_i = {np.log(p):.4f}. Backward, one factor a step: "
        f"1 / p_i = {1 / p:.4f}; p_i (1 - p_i) = {p * (1 - p):.4f}; y_i = {y[i]:g}, which make the "
        f"output error {error:.4f}; w_21,k = {w2[k]:g}; h_ik (1 - h_ik) = {slope:.4f}; and x_i. "
        f"Together they are the gradient with respect to w_1k, {_short(steps[1].derivative)}.",
    )


@dataclass(frozen=True)
class _Step:
    formula: str
    value: Numbers
    side: tuple[str, str] | None = None
    factors: tuple[tuple[str, Numbers, str], ...] = ()
    derivative: Numbers = 0


def _short(value: Numbers) -> str:
    """Write numbers to four decimals, with the minus sign of print."""
    numbers = np.round(np.atleast_1d(np.asarray(value, dtype=float)), 4)
    words = ", ".join(f"{number:g}".replace("-", "\u2212") for number in numbers)
    return f"[{words}]" if np.ndim(value) else words


def _sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """Return an empty sheet on which one unit is one point."""
    figure = Figure(figsize=(width / 72, height / 72))
    sheet = figure.add_axes((0, 0, 1, 1))
    sheet.set(xlim=(0, width), ylim=(0, height))
    sheet.set_axis_off()
    return figure, sheet


def _box(sheet: Axes, point: Point, text: str, colour: str = INK) -> Patch | None:
    frame = {"boxstyle": "round,pad=0.4", "fc": "none", "ec": colour}
    words = sheet.text(*point, text, color=colour, ha="center", va="center", bbox=frame)
    return words.get_bbox_patch()


def _arrow(
    sheet: Axes,
    start: Point,
    end: Point,
    source: Patch | None = None,
    target: Patch | None = None,
    *,
    gap: float = 3,
    back: bool = False,
    color: str = INK,
) -> None:
    """Draw an arrow from the edge of one box to that of another; dashed for the way back."""
    look = {"color": color, "linestyle": "--" if back else "-"}
    ends = {"patchA": source, "patchB": target, "shrinkA": gap, "shrinkB": gap}
    sheet.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "lw": 1.2} | look | ends)


# --- Curves ---------------------------------------------------------------------------------------


@styled
def functions(
    t: Numbers, curves: Mapping[str, Numbers], xlabel: str = "$t$", alt: str | None = None
) -> Drawing:
    r"""Plot functions of one variable.

    Parameters
    ----------
    t
        Points, shape (N,).
    curves
        One to four functions: the label, and the values at ``t``, shape (N,). Labels may hold maths
        between dollar signs.
    xlabel
        Name of the variable.
    alt
        Alternative text in place of the one made here.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError, ValueError
        If there are too many curves, or an array does not fit or holds anything but finite numbers.

    Examples
    --------
    >>> from backprop_notes.network import sigmoid
    >>> t = np.linspace(-6, 6, 121)
    >>> functions(t, {r"$\sigma(t)$": sigmoid(t)})
    Plot over t from -6 to 6: sigma(t) rises from 0.00247 to 0.998.
    """
    points = _vector("t", t)
    return _plot(
        {label: (points, _vector(label, values, points.size)) for label, values in curves.items()},
        f"Plot over {_words(xlabel)} from {points.min():g} to {points.max():g}",
        alt,
        {},
        xlabel=xlabel,
    )


@styled
def training_curve(
    runs: Numbers | Mapping[str, Numbers],
    levels: Mapping[str, float] | None = None,
    alt: str | None = None,
) -> Drawing:
    """Plot the log-likelihood against the steps of gradient ascent, the first ones drawn apart.

    Parameters
    ----------
    runs
        Log-likelihood after each step, the start included, shape (steps + 1,); or up to four runs
        to compare, of any length, each with its label.
    levels
        Values to compare with, each with its label.
    alt
        Alternative text in place of the one made here.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError, ValueError
        If there are too many runs, or one is not a vector of finite numbers.

    Examples
    --------
    >>> training_curve([-2.8, -1.5, -0.4])
    Log-likelihood over the steps 0 to 2: log-likelihood rises from -2.8 to -0.4.
    """
    if not isinstance(runs, Mapping):
        runs = {"log-likelihood": runs}
    values = {label: _vector(label, run) for label, run in runs.items()}
    last = max((run.size for run in values.values()), default=1) - 1
    return _plot(
        {label: (np.arange(run.size, dtype=float), run) for label, run in values.items()},
        f"Log-likelihood over the steps 0 to {last}",
        alt,
        levels or {},
        xlabel="step",
        ylabel="log-likelihood",
        xscale="symlog",  # half of what happens may happen in the first hundredth of the steps
    )


@styled
def step_sizes(steps: Numbers, errors: Mapping[str, Numbers], alt: str | None = None) -> Drawing:
    """Plot the error of numerical derivatives against their step size, on logarithmic scales.

    Parameters
    ----------
    steps
        Step sizes above 0, shape (N,).
    errors
        One to four methods: the label, and the errors at the step sizes, 0 or more, shape (N,).
        Errors below 1e-17 are drawn at 1e-17, since 0 has no logarithm.
    alt
        Alternative text in place of the one made here.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError, ValueError
        If there are too many methods, or an array does not fit or is out of range.

    Examples
    --------
    >>> step_sizes([1e-6, 1e-3], {"central difference": [1e-10, 1e-6]})
    Error over the step size from 1e-06 to 0.001: central difference rises from 1e-10 to 1e-06.
    """
    sizes = _vector("steps", steps)
    values = {label: _vector(label, error, sizes.size) for label, error in errors.items()}
    if sizes.min() <= 0:
        raise ValueError(f"steps must be above 0, but one is {sizes.min():g}")
    for label, error in values.items():
        if error.min() < 0:
            raise ValueError(f"errors must be 0 or more, but one of {label!r} is {error.min():g}")
    return _plot(
        {label: (sizes, np.maximum(error, 1e-17)) for label, error in values.items()},
        f"Error over the step size from {sizes.min():g} to {sizes.max():g}",
        alt,
        {},
        xlabel="step size",
        ylabel="error",
        xscale="log",
        yscale="log",
    )


def _plot(
    curves: Mapping[str, tuple[Array, Array]],
    title: str,
    alt: str | None,
    levels: Mapping[str, float],
    **settings: str,
) -> Drawing:
    """Draw lines that differ in colour and dash, with a legend unless the axis names them."""
    if not 1 <= len(curves) <= len(LINES):
        raise ValueError(f"between 1 and {len(LINES)} curves can be drawn, but {len(curves)} given")
    figure = Figure(figsize=(WIDTH / 72, 3.4), layout="constrained")
    axes = figure.subplots()
    courses = []
    for (label, (x, y)), (colour, dash) in zip(curves.items(), LINES, strict=False):
        order = np.argsort(x)
        axes.plot(x[order], y[order], dash, color=colour, label=label)
        courses.append(f"{_words(label)} {_course(x[order], y[order])}")
    if len(curves) == 1:
        settings.setdefault("ylabel", label)
    axes.set(**settings)
    for name, height in levels.items():
        axes.axhline(height, color=INK, linestyle=":", linewidth=1)
        axes.annotate(name, (1, height), (0, -15), xycoords=("axes fraction", "data"),
                      textcoords="offset points", ha="right")  # fmt: skip
        courses.append(f"{_words(name)} is at {height:.3g}")
    if [*curves] != [settings.get("ylabel")]:
        figure.legend(loc="outside upper center", ncols=2, handlelength=2.6)
    return _drawing(figure, alt or f"{title}: {'; '.join(courses)}.")


# --- What a gradient is ---------------------------------------------------------------------------


@styled
def climb(
    function: Callable[[Array], float],
    point: Numbers,
    gradient: Numbers,
    labels: tuple[str, str],
    alt: str | None = None,
) -> Drawing:
    """Draw a function of two numbers by its level lines, and its gradient at a point as an arrow.

    Parameters
    ----------
    function
        Function from two numbers, shape (2,), to one.
    point
        Where the gradient is taken, shape (2,).
    gradient
        The gradient there, shape (2,), not 0.
    labels
        Names of the two numbers.
    alt
        Alternative text in place of the one made here.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError, ValueError
        If an array does not fit or holds anything but finite numbers, or the gradient is 0.

    Examples
    --------
    >>> climb(lambda w: -(w @ w), [1.0, 0.0], [-2.0, 0.0], ("$a$", "$b$"))
    Level lines of a function of a and b. From the point (1, 0), where it is -1, ...
    """
    point, gradient = _vector("point", point, 2), _vector("gradient", gradient, 2)
    length = float(np.linalg.norm(gradient))
    if length == 0:
        raise ValueError("gradient must not be 0: it would have no direction")
    reach = np.array([3.2, 2.2])
    x1, x2 = np.linspace(point - reach, point + reach, 61).T
    values = np.array([[function(np.array([a, b])) for a in x1] for b in x2])
    here = float(function(point))

    figure = Figure(figsize=(WIDTH / 72, 4.4), layout="constrained")
    axes = figure.subplots()
    shades = [to_rgba(BLUE, tint) for tint in np.linspace(0.45, 0.02, 13)]
    levels = np.linspace(values.min(), values.max(), 14)
    axes.contourf(x1, x2, values, levels=levels, colors=shades)
    lines = axes.contour(x1, x2, values, levels=levels[1:-1], colors=INK, linewidths=0.5,
                         linestyles="solid")  # fmt: skip
    axes.clabel(lines, levels[1:-1:2], fmt=lambda level: f"{level:.1f}".replace("-", "\u2212"))
    axes.contour(x1, x2, values, levels=[here], colors=INK, linewidths=1.6,
                 linestyles="solid")  # fmt: skip
    (x, y), (right, up) = point, gradient / length
    axes.annotate("", (x + right, y + up), (x, y), arrowprops={
        "arrowstyle": "-|>", "lw": 2.4, "color": INK, "shrinkA": 0, "shrinkB": 0})  # fmt: skip
    axes.plot(x, y, "o", color=INK, ms=7)
    axes.annotate("gradient", (x + right / 2, y + up / 2), (9, -4), textcoords="offset points")
    axes.set(aspect="equal", xlabel=labels[0], ylabel=labels[1])
    one, other = map(_words, labels)
    return _drawing(
        figure,
        alt
        or f"Level lines of a function of {one} and {other}. From the point ({point[0]:g}, "
        f"{point[1]:g}), where it is {here:.4g}, an arrow shows the direction of the gradient "
        f"({gradient[0]:.4g}, {gradient[1]:.4g}), at right angles to the level line through the "
        "point and uphill.",
    )


# --- The plane ------------------------------------------------------------------------------------


@styled
def decision_surface(
    X: Numbers, y: Numbers, probability: Function, alt: str | None = None
) -> Drawing:
    """Draw examples in the plane over the probability of the label +1 around them.

    Parameters
    ----------
    X
        Inputs, shape (n, 2), n at least 1.
    y
        Labels -1 or +1, shape (n,).
    probability
        Function from points (N, 2) to their probabilities of +1, (N,).
    alt
        Alternative text in place of the one made here.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError, ValueError
        If the arguments do not fit together or are out of range.

    Examples
    --------
    >>> from backprop_notes.network import sigmoid
    >>> decision_surface([[1, 1], [-1, 1]], [1, -1], lambda points: sigmoid(points[:, 0]))
    2 examples, 1 with label +1 and 1 with label -1, over the probability of the label +1. ...
    """
    X, y = _plane(X, y)
    evaluate = partial(_shares, "probability", probability, axes=1)
    right = np.count_nonzero((evaluate(X)[:, 0] > 0.5) == (y > 0))
    scale = r"$p(+1 \mid x)$"
    figure = _surfaces(X, y, evaluate, titles=[""], symbol=scale, scale=scale, tints=TINTS)
    return _drawing(
        figure,
        alt
        or f"{_examples(y)} over the probability of the label +1. {right} of {y.size} lie on their "
        "own side of the line where it is 1/2.",
    )


@styled
def hidden_units(X: Numbers, y: Numbers, units: Function, alt: str | None = None) -> Drawing:
    """Draw examples in the plane over the value of each hidden unit around them.

    Parameters
    ----------
    X
        Inputs, shape (n, 2), n at least 1.
    y
        Labels -1 or +1, shape (n,).
    units
        Function from points (N, 2) to the values of the hidden units, (N, m), m from 1 to 6.
    alt
        Alternative text in place of the one made here.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError, ValueError
        If the arguments do not fit together or are out of range.

    Examples
    --------
    >>> from backprop_notes.network import hidden
    >>> hidden_units([[1, 1], [-1, 1]], [1, -1], lambda points: hidden(points, [[3, 0]]))
    2 examples, ... On average unit 1 is 0.95 for label +1 and 0.05 for label -1.
    """
    X, y = _plane(X, y)
    evaluate = partial(_shares, "units", units, axes=2)
    h = evaluate(X)
    m = h.shape[1]
    if not 1 <= m <= 6:
        raise ValueError(f"units must give 1 to 6 hidden units to be drawn, but gives {m}")
    titles = [f"unit {k + 1}" for k in range(m)]
    figure = _surfaces(X, y, evaluate, titles=titles, symbol="value", scale="value", tints=SHADES)
    means = {label: h[y == label].mean(axis=0) for label, *_ in LABELS if label in y}
    averages = (
        f"unit {k + 1} is "
        + " and ".join(f"{mean[k]:.2f} for label {label:+d}" for label, mean in means.items())
        for k in range(m)
    )
    return _drawing(
        figure,
        alt
        or f"{_examples(y)} over the values of {_count(m, 'hidden unit')}. On average "
        f"{'; '.join(averages)}.",
    )


def _plane(X: Numbers, y: Numbers) -> tuple[Array, Array]:
    X, y = checked(X=X, y=y)
    if X.shape[1] != 2:
        raise ValueError(f"X must have 2 inputs to be drawn in the plane, but has {X.shape[1]}")
    if y.size == 0:
        raise ValueError("X must hold at least one example to be drawn")
    return X, y


def _shares(name: str, function: Function, points: Array, axes: int) -> Array:
    """Return the values of a function at points as columns, once they are known to be in [0, 1]."""
    values = floating(f"{name}(points)", function(points))
    if values.ndim != axes or len(values) != len(points):
        wanted = "(N,)" if axes == 1 else "(N, m)"
        raise ValueError(
            f"{name} must turn points (N, 2) into values {wanted}, but turns {points.shape} into "
            f"{values.shape}"
        )
    if np.iscomplexobj(values) or not ((values >= 0) & (values <= 1)).all():
        raise ValueError(f"{name} must give real values from 0 to 1")
    return values.reshape(len(points), -1)


def _surfaces(
    X: Array,
    y: Array,
    evaluate: Callable[[Array], Array],
    *,
    titles: Sequence[str],
    symbol: str,
    scale: str,
    tints: Sequence[tuple[float, ...]],
) -> Figure:
    """Draw the examples over bands of value: a panel for each column of values, in full rows."""
    low, high = X.min(axis=0), X.max(axis=0)
    half = np.maximum(0.6 * (high - low), 0.35 * (high - low).max())
    half[half == 0] = 1  # all examples at one point
    centre = (low + high) / 2
    columns = next(each for each in (3, 2, 1) if len(titles) % each == 0 or each < len(titles) > 3)
    rows = -(-len(titles) // columns)
    x1, x2 = np.linspace(centre - half, centre + half, 81 if columns == 1 else 31).T
    mesh = np.stack(np.meshgrid(x1, x2), axis=-1)
    values = evaluate(mesh.reshape(-1, 2)).reshape(*mesh.shape[:2], -1)
    wide = (0.55, 0.85, 0.9)[columns - 1] * WIDTH / 72
    height = 1.5 + rows * (0.35 + wide / columns * half[1] / half[0])
    figure = Figure(figsize=(WIDTH / 72, height), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False)
    size = (9 if y.size <= 20 else 6) / columns**0.5
    for k, axes in enumerate(panels.flat):
        if k >= len(titles):
            axes.set_axis_off()
            continue
        surface = values[..., k]
        bands = axes.contourf(x1, x2, surface, levels=BANDS, colors=tints)
        if surface.min() < 0.5 < surface.max():
            axes.contour(x1, x2, surface, levels=[0.5], colors=INK, linewidths=1.4)
        for label, marker, colour in LABELS:
            axes.plot(*X[y == label].T, marker, color=colour, mec=INK, mew=size / 10, ms=size)
        axes.set(aspect="equal", title=titles[k])
        axes.locator_params(nbins=4)
        # Names and numbers only where no other panel stands in between.
        if k % columns == 0:
            axes.set_ylabel("second input")
        if k + columns >= len(titles):
            axes.set_xlabel("first input")
        axes.tick_params(labelleft=k % columns == 0, labelbottom=k + columns >= len(titles))

    key = figure.colorbar(bands, ax=panels, ticks=BANDS, label=scale, location="bottom",
                          spacing="proportional", aspect=45, shrink=0.7)  # fmt: skip
    key.ax.set_xticklabels([f"{band:g}" for band in BANDS])
    key.outline.set_visible(False)
    handles = [
        Line2D([], [], color=colour, marker=marker, mec=INK, mew=0.7, ms=8, ls="none",
               label=f"$y = {label:+d}$")
        for label, marker, colour in LABELS
    ]  # fmt: skip
    handles.append(Line2D([], [], color=INK, lw=1.4, label=f"{symbol} $= 1/2$"))
    figure.legend(handles=handles, loc="outside upper center", ncols=3, handlelength=1.4,
                  columnspacing=1.4, handletextpad=0.5)  # fmt: skip
    return figure


# --- Words ----------------------------------------------------------------------------------------


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _span(items: Sequence[str]) -> str:
    """Say "a", "a and b" or "a to c"."""
    if len(items) == 1:
        return items[0]
    return f"{items[0]} {'and' if len(items) == 2 else 'to'} {items[-1]}"


def _words(label: str) -> str:
    r"""Make a label with maths fit for reading aloud: ``$\sigma(t)$`` is sigma(t)."""
    words = re.sub(r"(?<=\w)\\", " ", re.sub(r"\\[,;! ]", "", label))
    return re.sub(r"[${}\\]", "", words)


def _course(x: Array, y: Array) -> str:
    """Say how values run from left to right."""
    low, high = y.argmin(), y.argmax()
    if y[low] == y[high]:
        return f"stays at {y[0]:.3g}"
    if (np.diff(y) >= 0).all() or (np.diff(y) <= 0).all():
        return f"{'rises' if y[-1] > y[0] else 'falls'} from {y[0]:.3g} to {y[-1]:.3g}"
    return f"lies between {y[low]:.3g} at {x[low]:.3g} and {y[high]:.3g} at {x[high]:.3g}"


def _examples(y: Array) -> str:
    parts = [f"{np.count_nonzero(y == label)} with label {label:+d}" for label, *_ in LABELS]
    return f"{_count(y.size, 'example')}, {' and '.join(parts)},"


def _vector(name: str, value: Numbers, size: int | None = None) -> Array:
    """Return a vector of finite real numbers, or say what is wrong with it."""
    array = floating(name, value)
    if array.ndim != 1 or array.size == 0 or (size is not None and array.size != size):
        raise ValueError(f"{name} must have shape ({size or 'N'},), but has shape {array.shape}")
    if np.iscomplexobj(array) or not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite real numbers")
    return array


# --- From matplotlib to the page ------------------------------------------------------------------


def _name(pdf: bytes) -> str:
    """Name a drawing by its content, so that no two drawings share their ids."""
    return f"figure-{sha256(pdf).hexdigest()[:6]}"


def _drawing(figure: Figure, alt: str) -> Drawing:
    """Turn a figure into SVG and PDF; the same figure gives the same bytes."""
    svg, pdf = io.StringIO(), io.BytesIO()
    figure.savefig(pdf, format="pdf", metadata={"CreationDate": None})
    figure.savefig(svg, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    name = _name(pdf.getvalue())
    return Drawing(_inline(svg.getvalue(), name, alt), pdf.getvalue(), alt)


def _inline(svg: str, name: str, alt: str) -> str:
    """Turn a file of matplotlib's into an element that suits the page around it."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - not from outside
    width, height = root.attrib["viewBox"].split()[2:]
    ids: dict[str, str] = {}  # of what is referred to, old -> new

    def referred(match: re.Match[str]) -> str:
        return "#" + ids.setdefault(match[1], f"{name}-{len(ids)}")

    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.text = element.tail = None
        attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
        for key, value in attributes.items():
            match key:
                case "href" | "clip-path":
                    attributes[key] = re.sub(r"#([^)]+)", referred, value)
                case "d" | "x" | "y":
                    attributes[key] = _shortened(value)
                case "style":
                    for ours, theirs in OF_THE_PAGE.items():
                        value = value.replace(ours, theirs)  # noqa: PLW2901
                    attributes[key] = value
        element.attrib = attributes
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in ids:
            element.set("id", ids[old])
    _share_styles(root)

    # matplotlib's style sheet would reach the whole page; the root says the same for itself.
    root[:] = [child for child in root if child.find("style") is None]
    root.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria-label": alt,
        "style": f"display: block; width: 100%; max-width: {width}pt; height: auto; "
        "stroke-linejoin: round",
    }
    return ElementTree.tostring(root, encoding="unicode")


def _share_styles(root: ElementTree.Element) -> None:
    """State a style once for all markers of a kind, of which there may be hundreds."""
    for group in root.iter("g"):
        markers = group.findall("use[@style]")
        styles = {marker.attrib["style"] for marker in markers}
        if len(styles) == 1 and len(markers) == len(group) and "style" not in group.attrib:
            group.set("style", styles.pop())
            for marker in markers:
                del marker.attrib["style"]


def _shortened(numbers: str) -> str:
    """Round to a tenth of a point, which the eye cannot see, and drop needless blanks."""
    rounded = re.sub(r"\d+\.\d+", lambda match: f"{float(match[0]):.1f}", numbers)
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", rounded).strip()
