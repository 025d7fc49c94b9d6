"""Each finding says in how many defensible specifications it holds, and no flip goes unnoticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cci.book import accept, chapters
from cci.book.run import run
from cci.book.site.rendering import render
from cci.book.stability import KEPT, counted_words, kept, moved_by, problems, specifications, stability
from cci.cli import app
from cci.errors import NotAcceptable, ParameterError, UnknownName

ROOT = Path(__file__).parents[1]
DECLARED = """\
first:
  since: {values: [2014, 2015, 2018], why: three years could be meant}
  as_of: {values: [none, 2021-12-31], why: two days}
"""


def cells(limit: int, *more: str) -> tuple[str, ...]:
    return (
        "from cci import audit",
        "audit.findings(\n"
        f"    audit.finding(f'Begun after {{since}}.', holds=since < {limit}),\n"
        f"    audit.finding('Known.', holds=None if as_of else True), {' '.join(more)}\n"
        ")",
    )


def publish(book, *sources: str) -> None:
    book.write("first", *sources)
    accept.accept(run(["first"]))


@pytest.fixture
def declared(book):
    """The small book with the specifications of its first chapter, run."""
    (book.root / "specifications.yml").write_text(DECLARED, encoding="utf-8")
    publish(book, *cells(2016))
    stability()
    return book


def test_a_finding_is_counted_over_every_combination(declared):
    entry = kept(declared.root)["first"]
    assert len(entry["specifications"]) == 6
    begun, known = entry["findings"]
    assert (begun["number"], begun["verdict"], begun["by_specification"]) == (1, "holds", "✓✓✓✓✗✗")
    assert begun["also_worded"] == ["Begun after 2015.", "Begun after 2018."]
    assert counted_words(begun) == "holds in 4 of 6 specifications, fails in 2"
    assert counted_words(known) == "holds in 3 of 6 specifications, cannot be told in 3"
    assert (moved_by(entry, begun), moved_by(entry, known)) == (["since"], ["as_of"])
    assert problems(declared.root) == []


def test_the_file_is_the_same_when_made_again(declared):
    before = (declared.root / KEPT).read_bytes()
    stability(["first"])
    assert (declared.root / KEPT).read_bytes() == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (cells(2014), "finding 1: Begun after 2014. It is published as: fails; chapters/stability.json holds: holds"),
        ([cell.replace("Known.", "Well known.") for cell in cells(2016)], "finding 2: it now says: Well known."),
        (cells(2016, "audit.finding('New.', holds=True)"), "3 findings are published, chapters/stability.json holds 2"),
    ],
)
def test_a_finding_that_was_changed_or_flipped_is_told(declared, changed, said):
    publish(declared, *changed)
    assert said in "\n".join(problems(declared.root))
    done = CliRunner().invoke(app, ["stability", "--check"])
    assert done.exit_code == 1
    assert said in done.stdout


def test_other_specifications_than_those_that_were_run_are_told(declared):
    (declared.root / "specifications.yml").write_text(DECLARED.replace("2015, ", ""), encoding="utf-8")
    assert "declares other specifications" in "\n".join(problems(declared.root))


def test_a_choice_that_a_chapter_no_longer_offers_is_told(declared):
    parameters = "as_of = None  # date or None: day\nsince = 2014  # int 2010..2016: first year"
    declared.write("first", *cells(2016), parameters=parameters)
    assert "since=2018 is out of range" in "\n".join(problems(declared.root))


def test_a_flip_under_the_same_words_is_written_only_on_demand(declared):
    publish(declared, *cells(2014))
    before = (declared.root / KEPT).read_bytes()
    with pytest.raises(NotAcceptable, match=r"finding 1: Begun after 2014\. It was: holds; it is: fails"):
        stability()
    assert (declared.root / KEPT).read_bytes() == before
    stability(flipped=True)
    assert problems(declared.root) == []


def test_findings_that_come_and_go_with_the_parameters_are_refused(declared):
    publish(declared, *cells(2016, "*([] if as_of else [audit.finding('Sometimes.', holds=True)])"))
    with pytest.raises(NotAcceptable, match="another number of findings"):
        stability()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DECLARED.replace("2014, ", ""), "the published value 2014 is not among them"),
        (DECLARED.replace("2018", "1999"), "since=1999 is out of range"),
        ("first:\n  since: {values: [2014, 2015]}\n", "needs several values and a reason"),
        ("first: 3\n", "holds no specifications"),
    ],
)
def test_a_wrong_declaration_is_refused_before_anything_is_run(declared, text, said):
    (declared.root / "specifications.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=said):
        stability()


def test_a_chapter_without_specifications_cannot_be_asked_for(declared):
    with pytest.raises(UnknownName, match=r"in specifications\.yml"):
        stability(["second"])


def test_the_page_says_in_how_many_specifications_a_finding_holds(declared):
    entry = kept(declared.root)["first"]
    said = {
        f["statement"]: {"number": f["number"], "verdict": f["verdict"], "words": counted_words(f)}
        for f in entry["findings"]
    }
    items = [{"statement": f["statement"], "verdict": f["verdict"]} for f in entry["findings"]]
    page = render("findings.html", items=items, links=None, shelf=None, stability={**entry, "by_statement": said})
    assert page.count("Holds in 4 of 6 specifications, fails in 2") == 1
    assert page.count("<tr>") == 7
    assert "three years could be meant" in page
    items[0]["verdict"] = "fails"  # the page has moved on: no count rather than a wrong one
    page = render("findings.html", items=items, links=None, shelf=None, stability={**entry, "by_statement": said})
    assert "Holds in 4 of 6" not in page
    assert "specifications" not in render("findings.html", items=items, links=None, shelf=None, stability=None)


def test_the_published_findings_are_those_of_the_specifications_that_were_run():
    assert problems(ROOT) == []


def test_every_chapter_of_the_book_declares_specifications():
    assert [*specifications(ROOT)] == chapters.names(ROOT)


def test_the_file_holds_a_verdict_for_every_specification():
    for entry in json.loads((ROOT / KEPT).read_text(encoding="utf-8")).values():
        assert {len(finding["by_specification"]) for finding in entry["findings"]} == {len(entry["specifications"])}
