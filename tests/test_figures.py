"""Drawings: readable in both themes, at home on any page, the same bytes each time."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

from backprop_notes import figures
from backprop_notes.arguments import Array
from backprop_notes.colours import THINGS
from backprop_notes.datasets import two_moons
from backprop_notes.figures import (
    Drawing,
    climb,
    computational_graph,
    decision_surface,
    functions,
    hidden_units,
    network_diagram,
    step_sizes,
    training_curve,
)
from backprop_notes.gradients import slide_gradient
from backprop_notes.network import hidden, log_sigmoid, probability, sigmoid

SVG = "{http://www.w3.org/2000/svg}"
BETWEEN = {colour.between for colour in THINGS.values()}
PALETTE = {figures.BLUE, figures.ORANGE} | BETWEEN
OF_THE_PAGE = {f"var(--{name}, {colour.between})" for name, colour in THINGS.items()}
# White, the dark background of sphinx-book-theme, and that of the theme that it builds upon.
BACKGROUNDS = ("#ffffff", "#121212", "#14181e")

T = np.linspace(-6, 6, 121)
X, Y = two_moons(n=100)
EXAMPLE = ([[1.0, 2.0], [0.0, -1.0]], [1, -1], [[1.0, -2.0], [0.5, 1.5]], [3.0, -1.0])
W1, W2 = [[1.0, -2.0], [0.5, 1.5]], [3.0, -1.0]

DRAW: dict[str, Callable[[], Drawing]] = {
    "network": network_diagram,
    "large network": lambda: network_diagram(d=3, m=3),
    "graph": lambda: computational_graph(*EXAMPLE),
    "climb": lambda: climb(lambda w: -float(w @ w), [1.5, -1], [-3, 2], ("$a$", "$b$")),
    "functions": lambda: functions(
        T,
        {
            r"$\sigma(t)$": sigmoid(T),
            r"$\sigma'(t)$": sigmoid(T) * sigmoid(-T),
            r"$\log\sigma(t)$": log_sigmoid(T),
            "zero": 0 * T,
        },
    ),
    "training": lambda: training_curve({"slow": [-3, -2, -1.5], "fast": [-3, -1]}),
    "steps": lambda: step_sizes(
        [1e-9, 1e-6, 1e-3], {"difference": [1e-7, 1e-10, 1e-6], "complex": [0, 0, 1e-7]}
    ),
    "surface": lambda: decision_surface(X, Y, chance),
    "units": lambda: hidden_units(X, Y, lambda points: hidden(points, [*W1, [2, 0]])),
}


def chance(points: Array) -> Array:
    return probability(points, np.ones(len(points)), W1, W2)


@pytest.fixture(scope="module")
def drawings() -> dict[str, Drawing]:
    return {name: draw() for name, draw in DRAW.items()}


@pytest.fixture(params=DRAW)
def drawing(request: pytest.FixtureRequest, drawings: dict[str, Drawing]) -> Drawing:
    return drawings[request.param]


def styles(element: ElementTree.Element) -> dict[str, str]:
    pairs = (part.split(":") for part in element.get("style", "").split(";") if part.strip())
    return {key.strip(): value.strip() for key, value in pairs}


def luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


# --- On a page ------------------------------------------------------------------------------------


def test_drawing_is_an_image_with_its_alternative_text(drawing: Drawing) -> None:
    root = ElementTree.fromstring(drawing._repr_html_())
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == drawing.alt == repr(drawing)
    assert re.fullmatch(r"\w[^$\\{}]{30,}\.", drawing.alt)


def test_given_text_replaces_the_made_one_and_is_escaped() -> None:
    drawing = network_diagram(alt='p < 1/2 & "q"')
    assert drawing.alt == 'p < 1/2 & "q"'
    assert ElementTree.fromstring(drawing.svg).get("aria-label") == drawing.alt


def test_all_ink_follows_the_text_or_comes_from_the_palette(drawing: Drawing) -> None:
    found = set(re.findall(r"(?:fill|stroke): ([^;\"]+)", drawing.svg))
    assert "currentColor" in found
    assert found <= {figures.BLUE, figures.ORANGE} | OF_THE_PAGE | {"currentColor", "none"}


def test_nothing_falls_back_on_black(drawing: Drawing) -> None:
    """SVG fills with black what no style speaks of."""

    def check(element: ElementTree.Element, fill: str | None) -> None:
        fill = styles(element).get("fill", fill)
        if element.tag in {f"{SVG}path", f"{SVG}use"}:
            assert fill, ElementTree.tostring(element)
        for child in element:
            if element.tag != f"{SVG}defs":  # what is defined takes the style of its use
                check(child, fill)

    check(ElementTree.fromstring(drawing.svg), None)


def test_style_and_metadata_do_not_reach_the_page(drawing: Drawing) -> None:
    tags = {element.tag for element in ElementTree.fromstring(drawing.svg).iter()}
    known = ("svg", "g", "defs", "path", "use", "clipPath", "rect")
    assert tags <= {SVG + tag for tag in known}


def test_drawing_shrinks_to_a_phone_and_stays_readable(drawing: Drawing) -> None:
    root = ElementTree.fromstring(drawing.svg)
    assert not {"width", "height"} & root.attrib.keys()
    width = float(root.attrib["viewBox"].split()[2])
    assert styles(root) | {"width": "100%", "max-width": f"{width:g}pt"} == styles(root)
    sizes = [float(size) * 100 for size in re.findall(r"scale\((0\.\d+) -0\.", drawing.svg)]
    assert sizes
    assert min(sizes) * 350 / width >= 10


def test_ids_are_unique_on_a_page_and_refer_within_a_drawing(drawings: dict[str, Drawing]) -> None:
    # Each is shown three times.
    shown = [d._repr_html_() for d in drawings.values() for _ in range(3)]
    ids = [re.findall(r' id="([^"]*)"', html) for html in shown]
    everywhere = [name for names in ids for name in names]
    assert len(everywhere) == len(set(everywhere)) > 100
    for html, names in zip(shown, ids, strict=True):
        assert set(re.findall(r"(?:url\(|href=\")#([^\")]+)", html)) == set(names)


def test_ids_differ_between_drawings_of_different_processes(drawings: dict[str, Drawing]) -> None:
    """A notebook keeps what it showed before its kernel was started anew."""
    ids = [name for d in drawings.values() for name in re.findall(r' id="([^"]*)"', d.svg)]
    assert len(ids) == len(set(ids))


def test_drawing_is_small(drawing: Drawing) -> None:
    assert len(drawing.svg) < 70_000  # bytes, of which a server sends a quarter


def test_pdf_has_no_date(drawing: Drawing) -> None:
    assert drawing._repr_pdf_().startswith(b"%PDF")
    assert b"CreationDate" not in drawing.pdf


@pytest.mark.parametrize("name", DRAW)
def test_same_drawing_has_the_same_bytes(name: str, drawings: dict[str, Drawing]) -> None:
    assert DRAW[name]() == drawings[name]


def test_bytes_do_not_depend_on_the_process() -> None:
    program = "from backprop_notes.figures import *; d = network_diagram(3); print(d.svg, d.pdf)"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONPATH": "src", "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_drawing_leaves_the_settings_of_matplotlib_alone() -> None:
    def settings() -> dict[str, object]:
        return {key: mpl.rcParams[key] for key in mpl.rcParams if key != "backend"}  # found late

    before = settings()
    network_diagram()
    assert settings() == before


def test_package_does_not_load_matplotlib() -> None:
    program = "import sys, backprop_notes; print('matplotlib' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": "src"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert run.stdout == "False\n"


# --- Colours --------------------------------------------------------------------------------------


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("colour", sorted(PALETTE))
def test_palette_has_contrast_in_both_themes(colour: str, background: str) -> None:
    assert contrast(colour, background) >= 3


@pytest.mark.parametrize("name", THINGS)
def test_each_thing_has_a_colour_that_can_be_read_in_either_theme(name: str) -> None:
    colour, cell = THINGS[name], "#f5f5f5"  # and on the tint of a cell
    assert min(contrast(colour.light, each) for each in (BACKGROUNDS[0], cell)) >= 4.5
    assert min(contrast(colour.dark, each) for each in (*BACKGROUNDS[1:], "#222832")) >= 4.5


def test_contrast_is_that_of_the_definition() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_labels_and_lines_differ_by_more_than_colour() -> None:
    assert len({marker for _, marker, _ in figures.LABELS}) == 2
    assert len({dash for _, dash in figures.LINES}) == len(figures.LINES)


# --- Words ----------------------------------------------------------------------------------------


def test_network_names_its_parts() -> None:
    assert network_diagram().alt == (
        "The network: 2 inputs x_i1 and x_i2 lead to 2 hidden units, h_i1 = sigma(w_11^T x_i) and "
        "h_i2 = sigma(w_12^T x_i), and these to the score z_i = w_21^T h_i; sigma(z_i) is the "
        "probability of the label +1."
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1, 2, 2, 5], "rises from 1 to 5"),
        ([5, 2, 2, 1], "falls from 5 to 1"),
        ([2, 2, 2, 2], "stays at 2"),
        ([1, 4, 0, 2], "lies between 0 at 2 and 4 at 1"),
    ],
)
def test_course_of_a_curve_in_words(values: list[float], words: str) -> None:
    drawing = functions([0, 1, 2, 3], {r"$\log\,\sigma(t)$": values}, xlabel=r"$\theta$")
    assert drawing.alt == f"Plot over theta from 0 to 3: log sigma(t) {words}."


def test_points_may_come_in_any_order() -> None:
    there = step_sizes([1e-6, 1e-3], {"a": [1e-10, 1e-6]})
    back = step_sizes([1e-3, 1e-6], {"a": [1e-6, 1e-10]})
    assert there == back


def test_the_graph_has_every_number_and_they_multiply_to_the_gradient() -> None:
    X, y, W1, w2 = EXAMPLE
    graph = computational_graph(X, y, W1, w2, i=1, k=1)
    said = {name: float(n) for name, n in re.findall(r"([\w /()-]+) = (-?[\d.]+\d)", graph.alt)}
    error = float(re.findall(r"output error (-?[\d.]+\d)", graph.alt)[0])
    (gradient,) = re.findall(r"\[(.*)\]", graph.alt)
    numbers = [float(n.replace("\u2212", "-")) for n in gradient.split(",")]
    slope = next(n for name, n in said.items() if name.strip() == "h_ik (1 - h_ik)")
    assert np.allclose(numbers, error * w2[1] * slope * np.array(X[1]), atol=1e-3)
    whole = slide_gradient(X[1:], y[1:], W1, w2, 1)
    assert np.allclose(numbers, whole, atol=1e-3)


def test_a_gradient_of_no_length_has_no_direction() -> None:
    with pytest.raises(ValueError, match="gradient must not be 0"):
        climb(sum, [0, 0], [0, 0], ("a", "b"))


def test_a_level_is_named_beside_the_runs() -> None:
    drawing = training_curve([-3, -1], {"known to nobody": -2.5})
    assert drawing.alt.endswith("rises from -3 to -1; known to nobody is at -2.5.")


def test_training_compares_runs(drawings: dict[str, Drawing]) -> None:
    assert drawings["training"].alt == (
        "Log-likelihood over the steps 0 to 2: "
        "slow rises from -3 to -1.5; fast rises from -3 to -1."
    )


def test_surface_counts_the_examples_on_their_own_side() -> None:
    X = [[2, 0], [1, 0], [-1, 0], [-2, 0], [3, 0]]
    drawing = decision_surface(X, [1, 1, -1, 1, -1], lambda points: sigmoid(points[:, 0]))
    assert drawing.alt == (
        "5 examples, 3 with label +1 and 2 with label -1, over the probability of the label +1. "
        "3 of 5 lie on their own side of the line where it is 1/2."
    )


def test_hidden_units_are_averaged_over_the_labels() -> None:
    drawing = hidden_units([[9, 9]], [1], lambda points: hidden(points, [[1, 0], [-1, 0]]))
    assert drawing.alt == (
        "1 example, 1 with label +1 and 0 with label -1, over the values of 2 hidden units. On "
        "average unit 1 is 1.00 for label +1; unit 2 is 0.00 for label +1."
    )


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_flat_surface_has_no_line_and_no_warning(value: float) -> None:
    drawing = decision_surface(X, Y, lambda points: np.full(len(points), value))
    assert drawing.svg.count("stroke-width: 1.4") == 1  # in the legend


def test_surface_has_a_line(drawings: dict[str, Drawing]) -> None:
    assert drawings["surface"].svg.count("stroke-width: 1.4") == 2


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (lambda: network_diagram(d=0), ValueError, "d must be 1, 2 or 3 to be drawn, but is 0"),
        (lambda: network_diagram(m=4), ValueError, "m must be 1, 2 or 3 to be drawn, but is 4"),
        (
            lambda: functions([0, 1], {"f": [1, 2, 3]}),
            ValueError,
            r"f must have shape \(2,\), but has shape \(3,\)",
        ),
        (lambda: functions([], {"f": []}), ValueError, r"t must have shape \(N,\)"),
        (lambda: functions([0, 1], {}), ValueError, "between 1 and 4 curves .* but 0 given"),
        (
            lambda: functions([0], {name: [0] for name in "abcde"}),
            ValueError,
            "between 1 and 4 curves .* but 5 given",
        ),
        (lambda: training_curve({}), ValueError, "between 1 and 4 curves .* but 0 given"),
        (lambda: training_curve([0, np.nan]), ValueError, "log-likelihood must hold finite real"),
        (lambda: training_curve([1j]), ValueError, "log-likelihood must hold finite real"),
        (lambda: training_curve(["a"]), TypeError, "log-likelihood must hold numbers"),
        (lambda: step_sizes([0, 1], {"e": [1, 1]}), ValueError, "steps must be above 0.* is 0"),
        (lambda: step_sizes([1], {"e": [-1]}), ValueError, "errors must be 0 or more.* 'e' is -1"),
        (
            lambda: decision_surface(np.ones((3, 4)), [1, 1, -1], chance),
            ValueError,
            "X must have 2 inputs to be drawn in the plane, but has 4",
        ),
        (lambda: decision_surface(X, (Y + 1) / 2, chance), ValueError, "0/1 labels"),
        (
            lambda: decision_surface(np.ones((0, 2)), [], chance),
            ValueError,
            "X must hold at least one example",
        ),
        (
            lambda: decision_surface(X, Y, lambda points: hidden(points, W1)),
            ValueError,
            r"probability must turn points \(N, 2\) into values \(N,\), .* into \(100, 2\)",
        ),
        (
            lambda: decision_surface(X, Y, lambda points: points[:, 0]),
            ValueError,
            "probability must give real values from 0 to 1",
        ),
        (
            lambda: hidden_units(X, Y, chance),
            ValueError,
            r"units must turn points \(N, 2\) into values \(N, m\), .* into \(100,\)",
        ),
        (
            lambda: hidden_units(X, Y, lambda points: np.ones((len(points), 7))),
            ValueError,
            "units must give 1 to 6 hidden units to be drawn, but gives 7",
        ),
        (lambda: hidden_units(X, Y, lambda points: points + np.nan), ValueError, "from 0 to 1"),
    ],
)
def test_bad_input_is_named(
    draw: Callable[[], Drawing], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        draw()
