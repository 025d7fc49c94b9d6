"""What a parameters cell may declare, and which values are refused before a kernel starts."""

from __future__ import annotations

import ast
import contextlib
import datetime

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from cci.book.grid import bounds, listed
from cci.book.parameters import Parameter, check, declared, pairs
from cci.errors import ParameterError

CELL = """\
as_of = None  # date or None: only what a source had published by that day
since = 2014  # int 2010..2030: first year shown
spread = 0.5  # float 0..5: percentage points
definition = "all"  # one of all | commercial: which project count leads
base_year = 2015  # one of 2015 | 2023: the year compared with
flag = True  # bool: whether forecasts are drawn
"""


def notebook(source: str, tag: str = "parameters") -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": [tag]})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title"), cell])


@pytest.fixture
def parameters() -> tuple[Parameter, ...]:
    return declared(notebook(CELL), where="chapters/finance.ipynb")


def test_each_line_declares_name_type_range_and_help(parameters):
    as_of, since, spread, definition, base_year, flag = parameters
    assert as_of == Parameter("as_of", "date", None, optional=True, help="only what a source had published by that day")
    assert since == Parameter("since", "int", 2014, 2010, 2030, help="first year shown")
    assert spread == Parameter("spread", "float", 0.5, 0.0, 5.0, help="percentage points")
    assert definition.choices == ("all", "commercial")
    assert base_year.choices == (2015, 2023)
    assert flag.default is True


def test_a_range_may_be_open_at_one_end():
    source = "as_of = None  # date 2015-11-07.. or None: day\nn = 5  # int 1..: count\nx = -1  # float ..0: loss"
    as_of, n, x = declared(notebook(source))
    assert (as_of.low, as_of.high, n.low, n.high, x.low, x.high) == ("2015-11-07", None, 1, None, None, 0.0)


def test_without_given_values_the_defaults_are_returned(parameters):
    assert check(parameters, {}) == {
        "as_of": None, "since": 2014, "spread": 0.5, "definition": "all", "base_year": 2015, "flag": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("as_of", "2021-12-31", "2021-12-31"),
        ("as_of", "none", None),
        ("since", "2018", 2018),
        ("spread", "1", 1.0),
        ("spread", "2.5e0", 2.5),
        ("definition", "commercial", "commercial"),
        ("base_year", "2023", 2023),
        ("flag", "no", False),
        ("as_of", datetime.date(2021, 12, 31), "2021-12-31"),
        ("flag", False, False),
    ],
)
def test_text_of_a_command_line_becomes_the_declared_type(parameters, name, text, value):
    result = check(parameters, {name: text})[name]
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("as_of", "2021-13-01", "not a date of the calendar"),
        ("as_of", "2021-02-29", "not a date of the calendar"),
        ("as_of", "20211231", "not a date of the calendar"),
        ("as_of", "2021", "date as YYYY-MM-DD, or none"),
        ("since", "2018.5", "not a whole number"),
        ("since", "2_018", "not a whole number"),
        ("since", "２０１８", "not a whole number"),
        ("since", "1999", "out of range; since is int, 2010 to 2030 (first year shown)"),
        ("since", "none", "cannot be none"),
        ("since", True, "not a whole number"),
        ("spread", "nan", "not a number"),
        ("spread", "1e999", "not a number"),
        ("spread", "5.1", "out of range"),
        ("definition", "All", "one of all, commercial"),
        ("definition", "__import__('os')", "one of all, commercial"),
        ("base_year", "2019", "one of 2015, 2023"),
        ("flag", "maybe", "true or false"),
        ("flag", "1", "true or false"),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_be_right(parameters, name, text, reason):
    with pytest.raises(ParameterError, match=f"^chapters/finance.ipynb: {name}") as error:
        check(parameters, {name: text}, where="chapters/finance.ipynb")
    assert reason in str(error.value)


def test_an_unknown_parameter_is_refused_with_the_nearest(parameters):
    with pytest.raises(ParameterError, match=r"No parameter 'as_off'\. Did you mean 'as_of'\?"):
        check(parameters, {"as_off": "2021-12-31"})


def test_all_wrong_values_are_told_at_once(parameters):
    with pytest.raises(ParameterError) as error:
        check(parameters, {"as_of": "2021-13-01", "since": "many", "colour": "red"})
    assert len(str(error.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x = f()  # int: help", "line 2: the default of x is not a plain value"),
        ("x = 1", "line 2: x has no comment with type and help"),
        ("x = 1  # int 0..5", "line 2: x has no comment with type and help"),
        ("x = 1  # whole: help", "line 2: x has no type 'whole'"),
        ("x = y = 1  # int: help", "line 2: not one assignment on one line"),
        ("import os  # int: help", "line 2: not one assignment on one line"),
        ("x: int = 1  # int: help", "line 2: not one assignment on one line"),
        ("x = 7  # int 0..5: help", "line 2: the default breaks its own declaration: x=7 is out of range"),
        ("x = 0.5  # int 0..5: help", "line 2: the default breaks its own declaration"),
        ("x = 1  # int 5..0: help", "line 2: the range 5..0 of x is empty"),
        ("x = 1  # int a..b: help", "line 2: the range a..b of x does not fit its type int"),
        ("x = None  # int: help", "line 2: the default breaks its own declaration: x cannot be none"),
        ("x = 'a'  # one of a: help", "line 2: x needs at least two different choices"),
        ("as_of = None  # date or None: again", "line 2: as_of is declared twice"),
        ("x = (  # int: help", "line 2: this is not Python"),
        ("%matplotlib inline", "line 2: this is not Python"),
    ],
)
def test_a_line_that_breaks_the_grammar_is_named(line, reason):
    source = f"as_of = None  # date or None: day\n{line}"
    with pytest.raises(ParameterError) as error:
        declared(notebook(source), where="chapters/finance.ipynb")
    assert f"chapters/finance.ipynb, code cell 1, {reason}" in str(error.value)


def test_a_chapter_has_exactly_one_parameters_cell_with_as_of():
    with pytest.raises(ParameterError, match="no code cells are tagged 'parameters'"):
        declared(notebook(CELL, tag="other"))
    with pytest.raises(ParameterError, match="every chapter declares as_of"):
        declared(notebook("since = 2014  # int: year"))


def test_the_parameters_cell_is_never_executed(tmp_path):
    mark = tmp_path / "mark"
    with pytest.raises(ParameterError):
        declared(notebook(f"x = open({str(mark)!r}, 'w')  # int: help"))
    assert not mark.exists()


def test_a_command_line_gives_each_parameter_once():
    assert pairs(["as_of=2021-12-31", "note=a=b"]) == {"as_of": "2021-12-31", "note": "a=b"}
    with pytest.raises(ParameterError) as error:
        pairs(["as_of", "x=1", "x=2"])
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("\0", "this is not Python"),
        ("# \ud800", "this is not Python"),
        ("x = " + "-" * 3_000 + "1  # int: help", "this is not Python"),
        ("x = " + "-" * 20_000 + "1  # int: help", "this is not Python"),
        ("x = {[]}  # int: help", "the default of x is not a plain value"),
        ("x = " + "9" * 400 + "  # float: help", "is not a number"),
        ("x = " + "9" * 400 + "  # int: help", "is not a whole number"),
        ("x = True  # one of 1 | 2: help", "is not one of the choices"),
    ],
)
def test_what_no_reader_of_python_takes_is_refused_in_short_words(line, reason):
    with pytest.raises(ParameterError, match=reason) as error:
        declared(notebook(f"as_of = None  # date or None: day\n{line}"))
    assert len(str(error.value)) < 400


WORDS = st.one_of(
    st.text(),
    st.text("0123456789.,-+eE_ =None\n'\"\\"),
    st.sampled_from(
        ["true", "none", "2021-12-31", "2018", "1e5", "０", "all", "{{x}}", "__import__('os')", "1" * 5000]
    ),
)
VALUES = st.one_of(WORDS, st.integers(), st.floats(), st.booleans(), st.none(), st.dates(), st.just(10**400))
DECLARED = declared(
    notebook(CELL + "note = \"it's\"  # one of it's | \\n | {x} | é|￿| 中 \\: text that Python would read otherwise")
)


@settings(deadline=None, max_examples=400)
@given(name=st.sampled_from([p.name for p in DECLARED]), value=VALUES)
def test_a_value_comes_back_from_the_injected_cell_as_it_was_checked_or_is_refused(name, value):
    with contextlib.suppress(ParameterError):
        values = check(DECLARED, {name: value})
        made = parameterize_notebook(
            load_notebook_node(notebook(CELL)), values, kernel_name="python3", language="python"
        )
        (cell,) = (cell for cell in made.cells if "injected-parameters" in cell.metadata.tags)
        told = {s.targets[0].id: ast.literal_eval(s.value) for s in ast.parse(cell.source).body}
        assert told == values
        assert {key: type(one) for key, one in told.items()} == {key: type(one) for key, one in values.items()}
        assert check(DECLARED, {name: values[name]}) == values


@settings(deadline=None)
@given(texts=st.lists(st.one_of(WORDS, st.builds("{}={}".format, WORDS, WORDS)), max_size=4))
def test_any_text_of_a_command_line_is_names_with_values_or_refused(texts):
    for read in (pairs, listed, bounds):
        with contextlib.suppress(ParameterError):
            assert len(read(texts)) == len(texts)


@settings(deadline=None)
@given(
    source=st.one_of(st.text(), st.builds("as_of = None  # date or None: day\n{} = {}  # {}: {}".format, *[WORDS] * 4))
)
def test_any_parameters_cell_is_read_or_refused(source):
    with contextlib.suppress(ParameterError):
        assert all(check(declared(notebook(source)), {}))
