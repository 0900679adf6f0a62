"""What is read, as the checker prints it back: every bracket is pinned here."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equation_checker import Ambiguous, Undeclared, Unreadable, read_display
from equation_checker.language.printing import Printer
from equation_checker.reading.expressions import Parser
from equation_checker.reading.tokens import LONGEST, tokenise


def read_as(latex, notation):
    reading = read_display(latex, notation)
    return Printer(reading.notation).show(reading.statements[0].sides[0])


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"t z + z", "t z + z"),
        (r"-t^2", "-t^{2}"),
        (r"t - z - t", "t - z - t"),
        (r"\sum_i t z + z", r"(\sum_{i=1}^{n} (t z)) + z"),
        (r"\sum_i t \times z - z", r"(\sum_{i=1}^{n} (t \times z)) - z"),
        (r"\nabla_{w_{11}} w_{11}^\top x", r"\nabla_{w_{11}} (w_{11}^\top x)"),
        (r"z \times \nabla_x w_{11}^\top x \times t",
         r"z \times (\nabla_{x} (w_{11}^\top x)) \times t"),
        (r"\log \sigma(t)", r"\log(\sigma(t))"),
        (r"\log t + z", r"\log(t) + z"),
        (r"\tanh^2 t", r"(\tanh(t))^{2}"),
        (r"\exp(t) z", r"\exp(t) z"),
        (r"\frac{d f(t)}{d t}", r"\frac{d}{d t} f(t)"),
        (r"\frac{d}{dt} t z", r"\frac{d}{d t} (t z)"),
        (r"\frac{\partial^2}{\partial t \partial z} (t z)",
         r"\frac{\partial^2}{\partial t \partial z} (t z)"),
        (r"e^{-t}", "e^{-t}"),
        (r"2 t / z", r"\frac{2 t}{z}"),
        (r"0.25 t", "(0.25) t"),
        (r"x_{i1}", "(x_{i})_{1}"),
        (r"w_{21,1}", "(w_{21})_{1}"),
        (r"w_{211}", "(w_{21})_{1}"),
        (r"p(+1 \mid x_i)", r"p(1 \mid x_{i})"),
        (r"p(y_i|x_i)", r"p(y_{i} \mid x_{i})"),
        (r"|t| z", "|t| z"),
        (r"\left| t - z \right|", "|t - z|"),
        (r"\lVert x \rVert^2", r"\lVert x \rVert^{2}"),
        (r"\mathbb{1}[t > z]", r"\mathbb{1}(t > z)"),
        (r"S^{-1} x", "S^{-1} x"),
        (r"S^T x", r"S^\top x"),
        (r"t \, \cdot \! z", r"t \cdot z"),
        (r"\mathrm{tr}(S)", r"\text{tr}(S)"),
        (r"[x_1, \dots, x_n]^\top", r"[x_{1}, \dots, x_{n}]^\top"),
        (r"f''(t)", "f''(t)"),
    ],
)  # fmt: skip
def test_read_as(latex, expected, notation):
    assert read_as(latex, notation) == expected


@pytest.mark.parametrize(
    ("latex", "first", "second"),
    [
        (r"\nabla_x (w_{11}^\top x) x", r"(\nabla_x (w_{11}^\top x)) x",
         r"\nabla_x ((w_{11}^\top x) x)"),
        (r"\log t z", r"(\log t) z", r"\log (t z)"),
        (r"\log t \cdot z", r"(\log t) \cdot z", r"\log (t \cdot z)"),
        (r"\log(t)^2", r"(\log(t))^…", r"\log((t)^…)"),
        (r"1 / t z", r"(\dots / t) z", r"\dots / (t z)"),
        (r"\frac{d}{dt} (t) z", r"(\frac{d}{dt} t) z", r"\frac{d}{dt} (t z)"),
    ],
)  # fmt: skip
def test_two_readings_are_both_shown(latex, first, second, notation):
    with pytest.raises(Ambiguous) as problem:
        read_display(latex, notation)
    assert problem.value.message == f"can be read as {first} or as {second}"


def test_the_longest_declared_form_wins(notation):
    assert read_as("x_i", notation) == "x_{i}"
    assert read_as("x_1", notation) == "x_{1}"  # the family, not an entry of x
    assert read_as("w_{11}", notation) == "w_{11}"


def test_undeclared_symbols_are_named_with_what_looks_like_them(notation):
    with pytest.raises(Undeclared, match=r"w_\{13\} is not declared .*w_\{11\}, w_\{12\}"):
        read_display("w_{13}", notation)


def test_brackets_beyond_the_limit_are_an_error_and_not_a_crash(notation):
    with pytest.raises(Unreadable, match="nested deeper"):
        read_display("(" * 5000 + "t" + ")" * 5000, notation)
    with pytest.raises(Unreadable, match="nested deeper"):
        read_display(r"\sqrt{" * 2000 + "t" + "}" * 2000, notation)
    with pytest.raises(Unreadable, match="nested deeper"):
        read_display("t^{" * 2000 + "t" + "}" * 2000, notation)
    with pytest.raises(Unreadable, match="nested deeper"):
        read_display(r"\frac{t}{" * 1500 + "t" + "}" * 1500, notation)


def test_input_beyond_the_limit_is_an_error(notation):
    with pytest.raises(Unreadable, match=f"longer than {LONGEST}"):
        read_display("t + " * LONGEST + "t", notation)


def test_a_sum_of_thousands_of_terms_is_read(notation):
    side = read_display(" + ".join(["t"] * 3000), notation).statements[0].sides[0]
    assert len(side.terms) == 3000


def test_errors_know_where_they_stand(notation):
    with pytest.raises(Unreadable) as problem:
        read_display(r"t + \sigma(z", notation)
    assert problem.value.span == (12, 12)


SIGNS = st.sampled_from(
    r"""t z x x_i y_i w_{11} \sigma ( ) [ ] { } ^ _ + - = \frac \sum_i \nabla_x \log \exp | \top
    ^\top 1 2 \times \odot , . & \\ \dots \partial \frac{d}{dt} \text{if} \begin{cases} \end{cases}
    := \quad ' / \in \{ \} \max \lVert \rVert \mathbb{E} \mathbf{1}_d \mid \sqrt \left \right
    \mathrm{tr} I :""".split()  # noqa: SIM905
)


def refusal(latex, notation):
    """Return why a display is refused; any other exception fails the test."""
    try:
        read_display(latex, notation)
    except Unreadable as problem:
        return problem
    return None


@settings(max_examples=400, deadline=None)
@given(signs=st.lists(SIGNS, min_size=1, max_size=25))
def test_any_string_of_signs_is_read_or_refused_with_a_place_in_it(signs, notation):
    latex = " ".join(signs)
    problem = refusal(latex, notation)
    if problem is not None:
        assert 0 <= problem.span[0] <= problem.span[1] <= len(latex)
        assert problem.message


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text, notation):
    problem = refusal(text, notation)
    assert problem is None or problem.message


def test_tokens_cover_all_but_space():
    latex = r"\frac{d \sigma}{d z} % comment"
    tokens = tokenise(latex)
    assert [t.text for t in tokens[:-1]] == [r"\frac", *"{d", r"\sigma", *"}{dz}"]
    assert all(latex[t.start : t.end] == t.text for t in tokens)


def test_a_switch_of_fonts_goes_on_behind_a_brace_that_is_a_sign():
    texts = [each.text for each in tokenise(r"{\bf x \} y} z")]
    assert texts == [r"\mathbf{x}", r"\}", r"\mathbf{y}", "z", ""]


def test_a_parser_stops_where_an_expression_ends(notation):
    parser = Parser(tokenise("t + z = t"), notation)
    parser.expression()
    assert parser.next.text == "="
