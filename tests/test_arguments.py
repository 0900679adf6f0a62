"""Arguments are converted or refused alike by every function, in words that say what is wrong."""

import copy
import inspect
import pickle
import re

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal

import backprop_notes
from backprop_notes import Parameters, log_likelihood, log_sigmoid, sigmoid
from backprop_notes.arguments import checked
from problems import problem, problems

# Every function of the network's arguments: (function, names of those that it takes).
FUNCTIONS = [
    pytest.param(function, names, id=name)
    for name in backprop_notes.__all__
    if inspect.isfunction(function := getattr(backprop_notes, name))
    and set(names := list(inspect.signature(function).parameters)) <= {"X", "y", "W1", "w2", "k"}
    and "X" in names
]
ARGUMENTS = [
    pytest.param(*function.values, name, id=f"{function.id}-{name}")
    for function in FUNCTIONS
    for name in function.values[1]
    if name != "k"
]
WITH_UNIT = [function for function in FUNCTIONS if "k" in function.values[1]]


def arguments(problem, names):
    return {name: getattr(problem, name) for name in names if name != "k"}


def arrays_in(result):
    return [result.W1, result.w2] if isinstance(result, Parameters) else [np.asarray(result)]


def test_functions_of_the_network_are_found():
    names = {function.id for function in FUNCTIONS}
    assert {"hidden", "log_likelihood", "output_error", "score_gradient", "gradient"} <= names
    assert len(WITH_UNIT) == 8


# --- What is converted ----------------------------------------------------------------------------


@pytest.mark.parametrize(("function", "names"), FUNCTIONS)
@given(problem=problems())
def test_float32_stays_float32(function, names, problem):
    given_single = arguments(problem, names)
    for name, array in given_single.items():
        # Labels are integers, or of any other type, in real data.
        given_single[name] = array.astype(np.int64 if name == "y" else np.float32)
    single = function(**given_single)
    double = function(**arguments(problem, names))
    for one, two in zip(arrays_in(single), arrays_in(double), strict=True):
        assert (one.dtype, two.dtype) == (np.float32, np.float64)
        assert_allclose(one, two, rtol=0, atol=1e-6 * max(1, np.abs(two).max(initial=0)))


@pytest.mark.parametrize(("function", "names"), FUNCTIONS)
def test_lists_and_integers_become_float64(function, names):
    lists = {"X": [[1, 2], [3, -1]], "y": [1, -1], "W1": [[1, 0], [-1, 2]], "w2": [1, -2]}
    lists = {name: lists[name] for name in names if name != "k"}
    floats = {name: np.array(value, float) for name, value in lists.items()}
    for small in (lists, {name: np.array(value, np.int8) for name, value in lists.items()}):
        results = zip(arrays_in(function(**small)), arrays_in(function(**floats)), strict=True)
        for one, two in results:
            assert_array_equal(one, two, strict=True)


@pytest.mark.parametrize(("function", "names"), FUNCTIONS)
def test_arguments_are_not_changed_and_results_are_no_views_of_them(function, names):
    given_arrays = arguments(problem(n=3, m=2, d=2), names)
    before = {name: array.copy() for name, array in given_arrays.items()}
    results = arrays_in(function(**given_arrays))
    for name, array in given_arrays.items():
        assert_array_equal(array, before[name])
        assert not any(np.shares_memory(result, array) for result in results)


def test_labels_take_the_type_of_the_other_arguments():
    X, y = checked(X=np.float32([[1]]), y=[1])
    assert X.dtype == y.dtype == np.float32
    assert checked(X=[[1]], y=np.float32([1]))[1].dtype == np.float64


def test_booleans_count_as_0_and_1():
    assert_array_equal(checked(X=[[True, False]])[0], np.array([[1.0, 0.0]]), strict=True)


# --- What is refused ------------------------------------------------------------------------------

WRONG = {
    "NaN": (ValueError, lambda array: array * np.nan, "is nan"),
    "infinity": (ValueError, lambda array: array * np.inf, "is -?inf"),
    "an axis too many": (ValueError, lambda array: array[np.newaxis], r"has shape \(1, .*\)"),
    "a single number": (ValueError, lambda _: 1.0, r"has shape \(\)"),
    "ragged rows": (ValueError, lambda _: [[1], [1, 2]], "its rows differ in length"),
    "strings": (TypeError, lambda array: array.astype(str), r"holds <U\d+ values"),
    "objects": (TypeError, lambda array: array.astype(object), "holds object values"),
    "nothing": (TypeError, lambda _: None, "holds object values"),
    "dates": (TypeError, lambda array: array.astype("M8[D]"), r"holds datetime64\[D\] values"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("function", "names", "name"), ARGUMENTS)
def test_wrong_argument_is_named_with_what_it_was(function, names, name, wrong):
    error, spoil, given_was = WRONG[wrong]
    right = arguments(problem(n=3, m=2, d=2), names)
    with pytest.raises(error, match=rf"^{name} must .*, but .*{given_was}$"):
        function(**right | {name: spoil(right[name])})


AXES = {"X": "nd", "y": "n", "W1": "md", "w2": "m"}


@pytest.mark.parametrize(("function", "names"), FUNCTIONS)
def test_arguments_that_do_not_fit_together_are_refused(function, names):
    right = arguments(problem(n=3, m=2, d=2), names)
    shared = [
        (name, axis)
        for name in right
        for axis in AXES[name]
        if any(axis in AXES[other] for other in right if other != name)
    ]
    assert shared
    for name, axis in shared:
        longer = np.repeat(right[name], 2, AXES[name].index(axis))
        with pytest.raises(ValueError, match=rf"must fit .* \({axis} = \d\), but has shape"):
            function(**right | {name: longer})


@pytest.mark.parametrize(("function", "names"), WITH_UNIT)
def test_hidden_unit_that_is_not_there_is_refused(function, names):
    right = arguments(problem(n=3, m=2, d=2), names)
    below = r"^k must be below m = 2, the number of hidden units, but is 2$"
    with pytest.raises(ValueError, match=below):
        function(**right, k=2)
    with pytest.raises(ValueError, match=r"^k must be an integer, 0 or more, but is -1$"):
        function(**right, k=-1)
    with pytest.raises(TypeError, match=r"^k must be an integer, 0 or more, but is 1\.0$"):
        function(**right, k=1.0)
    nobody = right | {"W1": np.zeros((0, 2)), "w2": np.zeros(0)}
    with pytest.raises(ValueError, match=r"^k must be below m = 0, the number of hidden units"):
        function(**nobody, k=0)
    # Any integer will do.
    for k in (np.int8(1), True):
        assert_array_equal(function(**right, k=k), function(**right, k=1))


ADVICE = "for 0/1 labels use np.where(y, 1, -1)"
RIGHT = {"X": [[1, 2], [3, 4]], "y": [1, -1], "W1": [[1, 0]], "w2": [1]}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"X": [1, 2]},
            "X must have 2 axes (n examples, d inputs), but has shape (2,)",
        ),
        (
            {"y": [[1, -1]]},
            "y must have 1 axis (n examples), but has shape (1, 2)",
        ),
        (
            {"y": [1, -1, 1]},
            "y must fit X, which has 2 examples (n = 2), but has shape (3,) (n examples)",
        ),
        (
            {"w2": [1, 2]},
            "w2 must fit W1, which has 1 hidden units (m = 1), but has shape (2,) (m hidden units)",
        ),
        ({"X": [[1, 2], [3, np.nan]]}, "X must be finite, but X[1, 1] is nan"),
        ({"W1": [[1, -np.inf]]}, "W1 must be finite, but W1[0, 1] is -inf"),
        ({"w2": [np.inf]}, "w2 must be finite, but w2[0] is inf"),
        ({"X": [[1, 2], [3]]}, "X must be an array, but its rows differ in length"),
        ({"X": [["1", "2"], ["3", "4"]]}, "X must hold numbers, but holds <U1 values"),
        ({"y": [1, 0]}, f"y must hold labels -1 and +1, but y[1] is 0; {ADVICE}"),
        # Even if all are true: what is refused does not depend on the data.
        ({"y": [True, True]}, f"y must hold labels -1 and +1, but holds bool values; {ADVICE}"),
        # No 0/1 labels, so no advice for them.
        ({"y": [0, -1]}, "y must hold labels -1 and +1, but y[0] is 0"),
        ({"y": [1, 2]}, "y must hold labels -1 and +1, but y[1] is 2"),
        ({"y": [0.5, 1]}, "y must hold labels -1 and +1, but y[0] is 0.5"),
        ({"y": [1, np.nan]}, "y must hold labels -1 and +1, but y[1] is nan"),
        ({"y": ["+", "-"]}, "y must hold numbers, but holds <U1 values"),
        ({"y": [1j, -1j]}, "y must hold labels -1 and +1, but y[0] is 0+1j"),
    ],
)
def test_message_says_what_was_expected_and_what_was_given(wrong, message):
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}$"):
        log_likelihood(**RIGHT | wrong)


@pytest.mark.parametrize("y", [[1, 0], np.array([1.0, 0.0]), [True, False], np.array([1, 0]) == 1])
def test_advice_for_0_and_1_labels_is_sound(y):
    with pytest.raises((TypeError, ValueError), match=f"; {re.escape(ADVICE)}$"):
        log_likelihood(**RIGHT | {"y": y})
    advised = eval(ADVICE.removeprefix("for 0/1 labels use "), {"np": np, "y": y})
    assert log_likelihood(**RIGHT | {"y": advised}) == log_likelihood(**RIGHT)


@pytest.mark.parametrize("function", [sigmoid, log_sigmoid])
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (np.nan, "t must not hold NaN"),
        ([[0, np.nan]], "t must not hold NaN"),
        ("1", "t must hold numbers, but holds <U1 values"),
        ([None], "t must hold numbers, but holds object values"),
        ([[1], [1, 2]], "t must be an array, but its rows differ in length"),
    ],
)
def test_sigmoids_refuse_what_is_no_number(function, wrong, message):
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}$"):
        function(wrong)


# --- Numbers of other kinds -----------------------------------------------------------------------

X, Y, W1, W2 = [[1.0, 2.0], [0.5, -1.0]], [1, -1], [[1.0, -1.0]], [2.0]


def test_half_precision_is_raised_to_float32():
    small = [np.float16(each) for each in (X, W1, W2)]
    found = backprop_notes.slide_gradient(small[0], Y, *small[1:])
    assert found.dtype == np.float32
    assert_allclose(found, backprop_notes.slide_gradient(X, Y, W1, W2), rtol=1e-5)


def test_masked_array_is_refused():
    masked = np.ma.array(X, mask=[[False, False], [True, True]])
    with pytest.raises(TypeError, match=r"^X must not be masked: leave out what the mask hides"):
        backprop_notes.score(masked, W1, W2)


def test_integers_beyond_64_bits_are_numbers():
    assert backprop_notes.sigmoid([2**70, -(2**70)]).tolist() == [1, 0]


def test_complex_labels_are_refused():
    with pytest.raises(
        TypeError, match=r"^y must hold labels -1 and \+1, but holds complex values$"
    ):
        backprop_notes.log_likelihood(X, np.array([1 + 0j, -1]), W1, W2)


@pytest.mark.filterwarnings("error")
def test_overflow_says_what_overflowed():
    large = [[1e200, 1e200]]
    with pytest.raises(OverflowError, match=r"^X @ W1.T is too large for float64: scale down"):
        backprop_notes.hidden(large, [[1e200, -1e200]])
    with pytest.raises(OverflowError, match=r"^the gradient by W1 is too large for float64"):
        backprop_notes.gradient(large, [1], [[1e-200, 1e-200]], [-1e150])
    start = backprop_notes.Parameters(W1=[[1.0, 0.0]], w2=[1e100])
    with pytest.raises(OverflowError, match=r"^W1 at step 1 is too large for float64"):
        backprop_notes.gradient_ascent([[1.0, 2.0]], [-1], start, rate=1e300, steps=2)


def test_ascent_must_start_from_parameters():
    with pytest.raises(TypeError, match=r"^start must be Parameters, but is None$"):
        backprop_notes.gradient_ascent(X, Y, None, rate=1, steps=1)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])
def test_copies_of_parameters_and_histories_are_read_only(copied):
    start = backprop_notes.Parameters(W1, W2)
    way = backprop_notes.gradient_ascent(X, Y, start, rate=0.1, steps=1)
    for array in (copied(start).W1, copied(start).w2, copied(way).W1, copied(way).log_likelihood):
        assert not array.flags.writeable
