"""A review: each kind of change is told with its weight, whatever is in the texts, and git is only asked."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from pathlib import Path

import pytest
import reviewed
from markdown_it import MarkdownIt
from reviewed import CHART, FINDINGS, FIRST, GAIN, LAST, projects
from typer.testing import CliRunner

from cci.book import normalise
from cci.book.accept import accept, default_runs
from cci.book.inputs import Present
from cci.book.review import acceptance, compare, reports, written
from cci.book.review import dossier as dossiers
from cci.book.review.changes import Change, Charts, Review, ordered
from cci.book.review.comment import MOST, comment, escaped
from cci.book.review.dossier import dossier
from cci.book.review.severity import PARTS, RULES, Severity
from cci.book.run import run
from cci.cli import app
from cci.errors import CCIError, ChapterFailed, UnknownName

ROOT = Path(__file__).parents[1]
HOSTILE = "<script>alert(1)</script> `x` | @someone #12 [a](https://example.org) \u202eGH-5 --><b>"


@pytest.fixture
def book(tmp_path, monkeypatch):
    made = reviewed.book(tmp_path / "book")
    monkeypatch.chdir(made.root)
    return made


def rules(review):
    """The kinds of change, without that no run is there, which holds for all these books."""
    return [change.rule for change in review.changes if change.rule != "chapter-unchecked"]


def the(review, rule):
    (found,) = [change for change in review.changes if change.rule == rule]
    return found


def call(*arguments):
    return CliRunner().invoke(app, ["review", *map(str, arguments)])


# What is told ------------------------------------------------------------


def test_nothing_changed_is_said_and_is_no_failure(book):
    review = compare.review("main")
    assert rules(review) == []
    assert review.severity is Severity.note  # that no run is there


def test_an_added_observation_has_its_words_source_and_grade_and_moves_what_counts_rows(book):
    book.add("observations", projects("projects-2021", "130", "2021-12-31"))
    review = compare.review("main")
    added = the(review, "observation-added")
    assert (added.what, added.before, added.after) == ("projects-2021", None, "130 projects (31 December 2021)")
    assert "Source: “130 projects”, Press, 2021-01-10 (page)" in added.facts
    assert any(re.match(r"Grade [A-D]: ", fact) for fact in added.facts)
    moved = the(review, "figure-moved")
    assert (moved.where, moved.what) == ("index", "5 → 6")
    assert (moved.before, moved.after) == ("It holds 5 figures.", "It holds 6 figures.")


def test_a_changed_observation_moves_the_sentences_that_quote_it_and_breaks_its_relation(book):
    book.alter("observations", LAST, value="125", as_stated="125 projects")
    review = compare.review("main")
    changed = the(review, "observation-changed")
    assert (changed.what, changed.before, changed.after) == (LAST, "120 projects", "125 projects")
    assert "value: 120 → 125" in changed.facts
    moved = the(review, "figure-moved")
    assert moved.after == "They reached 125 projects, a share of about half."
    assert (moved.where, moved.what) == ("first", "120 projects → 125 projects")
    broken = the(review, "relation-broken")
    assert (broken.what, broken.before, broken.after) == ("r-gain", "holds", "breaks")
    assert review.severity is Severity.error


def test_a_break_that_a_disagreement_explains_weighs_less(book):
    book.alter("observations", LAST, value="125", as_stated="125 projects")
    book.alter("disagreements", "old", obs_ids=f"{LAST};{FIRST};{GAIN}")
    review = compare.review("main")
    assert the(review, "relation-broken-recorded").after == "breaks, recorded"
    assert "obs_ids: early;early-too → projects-2020;projects-2019;gain-2020" in the(review, "row-changed").facts


def test_a_relation_that_newly_holds_is_told(book):
    book.alter("observations", GAIN, value="30", as_stated="30 projects")
    book.commit()
    review = compare.review("main", "main")
    assert rules(review) == []
    book.alter("observations", GAIN, value="20", as_stated="20 projects")
    assert the(compare.review("main"), "relation-settled").before == "breaks"


def test_a_flag_is_told_apart_from_a_changed_figure(book):
    book.alter("observations", FIRST, flag="suspected_error")
    review = compare.review("main")
    flagged = the(review, "observation-flagged")
    assert (flagged.what, flagged.before, flagged.after) == (FIRST, "no flag", "suspected_error")
    assert "Words: 100 projects" in flagged.facts
    assert "observation-changed" not in rules(review)


def test_a_removed_observation_is_an_error_and_so_is_a_sentence_that_quotes_it(book):
    book.alter("relations", "r-gain", obs_ids=f"{FIRST};?;{GAIN}", expected="solves")
    book.alter("predictions", "p", obs_ids=FIRST)
    book.alter("observations", LAST)
    review = compare.review("main")
    assert the(review, "observation-removed").before == "120 projects (31 December 2020)"
    unbound = the(review, "figure-unbound")
    assert unbound.after == f"They reached [nothing named {LAST}], a share of about half."


def test_rows_of_other_tables_are_told_with_their_columns(book):
    book.add("organisations", {"organisation_id": "other", "name": "Other", "side": "other", "kind": "agency"})
    book.alter("sources", "page", title="Another title")
    book.add("disagreements", reviewed.ROWS["disagreements"][0] | {"disagreement_id": "new", "title": "New"})
    review = compare.review("main")
    added = [change for change in review.changes if change.rule == "row-added"]
    assert [(change.what, change.where) for change in added] == [("other", "organisations"), ("new", "disagreements")]
    assert "title: A page → Another title" in the(review, "row-changed").facts
    assert the(review, "contradiction-new").what == "new"


def test_a_result_that_moved_is_told_in_the_sentence_that_quotes_it(book):
    book.share = "about a third"
    book.publish()
    review = compare.review("main")
    assert rules(review) == ["figure-moved"]
    assert the(review, "figure-moved").what == "about half → about a third"


def test_a_revised_sentence_is_no_moved_figure_and_one_without_figures_is_left_to_the_diff(book):
    book.text = book.text.replace("They reached", "By then they had reached").replace("Nothing else", "No more")
    book.publish()
    review = compare.review("main")
    assert rules(review) == ["text-revised"]
    assert the(review, "text-revised").after == "By then they had reached 120 projects, a share of about half."


def test_a_link_is_no_figure_and_a_name_that_there_is_not_is_an_error(book):
    def write(end):
        (book.root / "index.md").write_text(f"# A book\n\nIt holds {{count}}`observations` figures {end}.\n", "utf-8")

    write("and {doc}`more <first>`")
    book.commit()
    write("of {src}`page`")
    revised = the(compare.review("main"), "text-revised")
    assert (revised.before, revised.after) == (
        "It holds 5 figures and more.", "It holds 5 figures of Press, 10 January 2021."
    )  # fmt: skip
    write("of {src}`nobody`")
    assert the(compare.review("main"), "figure-unbound").after == "It holds 5 figures of [nothing named nobody]."


def test_a_figure_that_replaces_another_in_a_revised_sentence_has_moved(book):
    book.text = book.text.replace(f"They reached {{obs}}`{LAST}`", f"They came to {{obs}}`{FIRST}`")
    book.publish()
    assert the(compare.review("main"), "figure-moved").what == "120 projects → 100 projects"


@pytest.mark.parametrize(
    ("change", "rule", "after"),
    [
        ({"verdict": "fails"}, "finding-flipped", "fails: It rose by 20."),
        ({"verdict": "fails", "statement": "It rose by 19."}, "finding-flipped", "fails: It rose by 19."),
        ({"verdict": "fails", "statement": "It fell by 20."}, "finding-flipped-revised", "fails: It fell by 20."),
        ({"verdict": "cannot be told"}, "finding-flipped", "cannot be told: It rose by 20."),
        ({"statement": "It rose by 21."}, "finding-reworded", "holds: It rose by 21."),
        ({"why": "Computed 21."}, "finding-reasoned", "holds: It rose by 20."),
        ({"obs_ids": [LAST]}, "finding-reasoned", "holds: It rose by 20."),
    ],
)
def test_a_finding_that_says_something_else(book, change, rule, after):
    book.findings[0] |= change
    book.publish()
    review = compare.review("main")
    assert rules(review) == [rule]
    assert (the(review, rule).where, the(review, rule).after) == ("first", after)
    assert the(review, rule).before == "holds: It rose by 20."


def test_findings_come_and_go(book):
    book.findings = [FINDINGS[0], {**FINDINGS[1], "statement": "Trains run every single day of the week."}]
    book.publish()
    assert rules(compare.review("main")) == ["finding-removed", "finding-added"]


def test_a_changed_chart_is_shown_before_and_after_with_its_rows_and_one_that_is_the_same_is_not(book):
    same, other = copy.deepcopy(CHART), copy.deepcopy(CHART)
    book.charts = [same, copy.deepcopy(CHART)]
    book.publish()
    book.commit()
    other["data"]["values"][1]["y"] = 125
    other["usermeta"]["cci"]["table"]["rows"][1][1]["text"] = "125"
    book.charts = [same, other]
    book.publish()
    review = compare.review("main")
    assert rules(review) == ["chart-changed"]
    changed = the(review, "chart-changed")
    assert changed.charts.before == CHART
    assert changed.charts.after == other
    assert changed.facts == ("− 2020 | 120", "+ 2020 | 125")
    page = dossier(review)
    assert len(set(re.findall(r'(?:src|srcset)="(data:image/svg[^"]+)"', page))) == 4
    assert 'alt="Before: Two points."' in page
    assert 'alt="Now: Two points."' in page


def test_a_chart_drawn_otherwise_from_the_same_data_is_a_note(book):
    book.charts[0]["mark"] = "line"
    book.publish()
    assert rules(compare.review("main")) == ["chart-redrawn"]


def test_a_chart_that_asks_another_host_or_cannot_be_drawn_is_told_in_words(book):
    book.charts[0] |= {"data": {"url": "https://example.org/x.json"}, "mark": "nothing"}
    book.publish()
    page = dossier(compare.review("main"))
    assert "It cannot be drawn: " in page


def test_pages_come_and_go_and_a_new_chapter_is_told_with_what_it_shows(book):
    (book.root / "chapters" / "first.ipynb").rename(book.root / "chapters" / "second.ipynb")
    toc = (book.root / "_toc.yml").read_text("utf-8").replace("first", "second")
    (book.root / "_toc.yml").write_text(toc, "utf-8")
    review = compare.review("main")
    assert the(review, "chapter-removed").what == "first"
    assert the(review, "chapter-added").what == "second"
    assert rules(review).count("finding-added") == 2
    assert the(review, "chart-added").charts.before is None


# Whether the outputs are those of a run ------------------------------------------------------------


def test_outputs_that_are_stale_or_were_not_accepted_are_errors(book):
    run()
    assert the(compare.review("main"), "chapter-unaccepted").what == "first"
    accept(default_runs())
    book.commit()
    assert compare.review("main").changes == ()
    chapter = book.root / "chapters" / "first.ipynb"
    notebook = normalise.read(chapter)
    notebook.cells[2].source = "since + 1"
    chapter.write_text(normalise.text(notebook), "utf-8")
    stale = the(compare.review("main"), "chapter-stale")
    assert (stale.what, stale.facts) == ("first", ("cell 2 (since + 1) has changed",))


def test_another_package_on_this_machine_makes_no_published_output_stale(book, monkeypatch):
    run()
    accept(default_runs())
    book.commit()
    monkeypatch.setattr(Present, "packages", {"python": "0"})
    assert compare.review("main").changes == ()


def test_a_run_of_another_state_tells_nothing_of_the_outputs(book, monkeypatch):
    run()
    monkeypatch.setattr(reviewed, "CODE", "since + 1")
    book.publish()
    assert the(compare.review("main"), "chapter-unchecked").facts == (
        "first: its run is of another state: cell 2 (since + 1) has changed",
    )


def test_a_chapter_that_cannot_be_run_is_an_error(book, monkeypatch):
    monkeypatch.setattr(reviewed, "CODE", "since / 0")
    book.publish()
    with pytest.raises(ChapterFailed):
        run()
    assert the(compare.review("main"), "chapter-failed").after.startswith("its last run failed, cell 2 (since / 0)")


@pytest.mark.parametrize(
    ("reasons", "rule"),
    [
        (["cell 2 (x) has changed", "code: cci.audit: x has changed"], "chapter-stale"),
        (["record: series a: row b added"], "chapter-stale"),
        (["code: cci.audit: x has changed"], "chapter-outdated"),
    ],
)
def test_what_made_a_chapter_stale_decides_how_much_it_weighs(reasons, rule):
    assert acceptance.staleness(reasons) == rule


# Broken states ------------------------------------------------------------


def test_a_broken_record_is_part_of_the_review_and_its_chapters_are_compared_all_the_same(book):
    book.alter("observations", LAST, period_end="2020-13-31", source_id="nowhere")
    book.findings[0]["verdict"] = "fails"
    book.publish()
    review = compare.review("main")
    assert rules(review) == ["record-broken", "record-broken", "finding-flipped"]
    assert all(change.what.startswith("data/observations.csv, line 3: ") for change in review.of("state"))
    assert any("is broken" in remark for remark in review.remarks)
    book.commit()
    assert all(one.what.startswith("data/") for one in compare.review("main~1", "main").of("state"))


@pytest.mark.parametrize("broken", ["chapters/first.ipynb", "_toc.yml", "index.md"])
def test_a_broken_chapter_or_list_of_pages_is_part_of_the_review(book, broken):
    (book.root / broken).write_bytes(b"{\xff[")
    review = compare.review("main")
    assert "book-broken" in rules(review)
    assert Path(broken).stem in the(review, "book-broken").what


def test_outputs_that_no_run_wrote_are_part_of_the_review(book):
    book.findings = [{"statement": "It rose."}]
    book.charts[0]["usermeta"]["cci"]["table"] = {"rows": 1}
    book.publish()
    (broken,) = compare.review("main").of("state")
    assert broken.what.startswith("first: its outputs are not those of a run")


def test_parameters_that_cannot_be_read_are_part_of_the_review(book, monkeypatch):
    monkeypatch.setattr(reviewed, "PARAMETERS", "since = 2014")
    book.publish()
    assert {"book-broken"} == set(rules(compare.review("main")))


# Revisions ------------------------------------------------------------


def test_two_revisions_are_compared_without_the_working_tree_which_stays_as_it_is(book):
    book.share = "about a third"
    book.publish()
    book.commit()
    (book.root / "data" / "observations.csv").write_text("broken", "utf-8")
    (book.root / "chapters" / "untracked.md").write_text("# New", "utf-8")
    book.git("add", "data/observations.csv")

    def state():
        index = (book.root / ".git" / "index").stat()
        status = book.git("--no-optional-locks", "status", "--porcelain")
        return status, index.st_mtime_ns, index.st_size, sorted((book.root / ".git").iterdir())

    before = state()
    review = compare.review("main~1", "main")
    assert rules(review) == ["figure-moved"]
    assert state() == before


def test_an_unknown_revision_is_refused_with_the_nearest(book):
    with pytest.raises(UnknownName, match=r"No revision 'mian' in .* Did you mean 'main'"):
        compare.review("mian")
    for name in ("--all", "", "main..main"):
        with pytest.raises(UnknownName):
            compare.review(name)


def test_a_folder_without_git_is_refused(book):
    book.git("pack-refs", "--all")
    (book.root / ".git").rename(book.root.parent / "elsewhere")
    with pytest.raises(CCIError, match="is not in a git repository; clone the book"):
        compare.review("main")


def test_a_shallow_clone_says_what_to_fetch(book, tmp_path, monkeypatch):
    first = book.git("rev-parse", "HEAD")
    book.share = "about a third"
    book.publish()
    book.commit()
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{book.root}", clone], check=True)
    monkeypatch.chdir(clone)
    with pytest.raises(CCIError, match=r"only the last commits were fetched. .*git fetch --unshallow"):
        compare.review(first)
    subprocess.run(["git", "fetch", "--quiet", "--unshallow"], cwd=clone, check=True)
    assert rules(compare.review(first)) == ["figure-moved"]


def test_a_revision_without_a_record_or_with_one_of_another_shape_is_refused(book):
    book.git("rm", "--quiet", "-r", "data")
    book.git("commit", "--quiet", "--message", "None")
    with pytest.raises(CCIError, match=r"main \(\w{7}\) holds no record \(data/datapackage.json\)"):
        compare.review("main")
    (book.root / "data").mkdir()
    (book.root / "data" / "datapackage.json").write_text('{"resources": [{"name": "old"}]}', "utf-8")
    book.commit()
    with pytest.raises(CCIError, match=r"cannot be read by the present code: data/datapackage.json: "):
        compare.review("main")


def test_a_base_that_moved_on_is_remarked(book):
    book.git("checkout", "--quiet", "-b", "side")
    book.git("checkout", "--quiet", "main")
    book.share = "about a third"
    book.publish()
    book.commit()
    book.git("checkout", "--quiet", "side")
    assert any("main has 1 commit that the working tree lacks" in one for one in compare.review("main").remarks)
    assert not any("lacks" in one for one in compare.review("side").remarks)


# Tests ------------------------------------------------------------


def junit(path, **cases):
    """Write a report as pytest does: name -> passes, or the element that says otherwise."""
    told = "".join(
        f'<testcase classname="tests.browser.test_axe" name="{name}">{state}</testcase>'
        for name, state in cases.items()
    )
    path.write_text(f"<testsuites><testsuite>{told}</testsuite></testsuites>", "utf-8")
    return path


FAILS, SKIPPED, PASSES = '<failure message="image-alt&#10;more"/>', '<skipped message="no browser"/>', ""


def test_tests_that_newly_fail_are_skipped_or_gone(book, tmp_path):
    before = junit(tmp_path / "a.xml", kept=PASSES, bad=PASSES, late=PASSES, gone=PASSES, mended=FAILS, still=FAILS)
    after = junit(tmp_path / "b.xml", kept=PASSES, bad=FAILS, late=SKIPPED, new=FAILS, mended=PASSES, still=FAILS)
    review = compare.review("main", tests=(before, after))
    told = [(one.rule, one.what.rpartition("::")[2], one.before, one.after) for one in review.of("tests")]
    assert told == [
        ("test-failing", "bad", "passes", "fails"),
        ("test-failing", "new", "not there", "fails"),
        ("test-removed", "gone", "passes", None),
        ("test-skipped", "late", "passes", "skipped"),
        ("test-mended", "mended", "fails", "passes"),
    ]
    assert review.of("tests")[0].facts == ("image-alt",)
    assert review.remarks == ()
    assert any("No reports of test runs" in remark for remark in compare.review("main").remarks)


def test_reports_may_be_folders_and_one_that_is_none_is_refused(book, tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        junit(tmp_path / name / "one.xml", a=PASSES)
        junit(tmp_path / name / "two.xml", b=PASSES if name == "old" else FAILS)
    review = compare.review("main", tests=(tmp_path / "old", tmp_path / "new"))
    assert [change.rule for change in review.of("tests")] == ["test-failing"]
    (tmp_path / "new" / "two.xml").write_text("<testsuites>", "utf-8")
    with pytest.raises(CCIError, match=r"two\.xml cannot be read as a JUnit report"):
        compare.review("main", tests=(tmp_path / "old", tmp_path / "new"))
    assert call("main", "--tests", tmp_path / "old", tmp_path / "nowhere").exit_code == 2


def test_what_pytest_writes_is_read(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('no')\ndef test_c(): assert 0, 'so'\n"
        "@pytest.fixture\ndef lost(): 1 / 0\ndef test_d(lost): pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml=report.xml", "test_it.py"]
    subprocess.run(command, cwd=tmp_path, capture_output=True)
    found = reports.tests(tmp_path / "report.xml")
    assert {name: state for name, (state, _) in found.items()} == {
        "test_it::test_a": "passes", "test_it::test_b": "skipped", "test_it::test_c": "fails",
        "test_it::test_d": "fails",
    }  # fmt: skip
    assert "so" in found["test_it::test_c"][1]


# The command ------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "fail_on", "status"),
    [
        ("finding", "error", 1),
        ("finding", "none", 0),
        ("share", "error", 0),
        ("share", "warning", 1),
        ("nothing", "warning", 0),
        ("nothing", "note", 1),  # no run is there
    ],
)
def test_the_exit_status_follows_the_threshold(book, change, fail_on, status):
    if change == "finding":
        book.findings[0]["verdict"] = "fails"
    elif change == "share":
        book.share = "about a third"
    book.publish()
    done = call("main", "--fail-on", fail_on)
    assert (done.exit_code, done.stderr) == (status, "")
    assert done.stdout.splitlines()[1:] == ["_build/review/dossier.html", "_build/review/comment.md"]
    assert (book.root / "_build/review/dossier.html").read_text("utf-8").startswith("<!doctype html>")


def test_trouble_is_status_2_in_plain_lines_and_writes_nothing(book):
    done = call("mian")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Did you mean 'main'?" in done.stderr
    assert not (book.root / "_build").exists()


def test_the_manual_gives_every_kind_of_change_with_its_severity():
    manual = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    listed = re.findall(r"^\| (.+): (.+) \| (note|warning|error) \|$", manual, re.MULTILINE)
    assert listed == [(PARTS[rule.part], rule.meaning, rule.severity.name) for rule in RULES.values()]


# Text from elsewhere ------------------------------------------------------------


def test_hostile_text_is_shown_and_obeyed_nowhere(book):
    book.add("observations", projects("projects-2021", "130", "2021-12-31"))
    book.alter("organisations", "body", name=HOSTILE.replace("\u202e", ""))
    book.share = book.findings[0]["statement"] = book.findings[0]["why"] = HOSTILE
    chart = book.charts[0]
    chart["description"], chart["title"] = f'" onerror="alert(1) {HOSTILE}', HOSTILE
    chart["usermeta"]["cci"] |= {"title": HOSTILE, "table": {"columns": [], "rows": [[HOSTILE]]}}
    book.publish()
    review = compare.review("main")
    assert {"row-changed", "figure-moved", "finding-added", "chart-changed"} <= set(rules(review))
    page, text = dossier(review), comment(review)
    assert "<script" not in page
    assert "<b>" not in page.replace("<b>Before</b>", "").replace("<b>Now</b>", "")
    assert not re.search(r"<[^>]* onerror=\"", page)
    assert "\u202e" not in page + text
    assert "\\u202e" in page
    assert re.search(r"&lt;script&gt;alert\(1\)", page)
    assert not re.search(r"@\w|#\d|GH-\d|https?://", text)  # what GitHub makes links and notices of
    tokens = MarkdownIt("gfm-like").parse(text)
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {"text", "strong_open", "strong_close", "softbreak"}
    blocks = [token.content for token in tokens if token.type in ("html_block", "fence", "code_block")]
    assert all(re.fullmatch(r"<details><summary>\d+ notes?</summary>\n|</details>\n", block) for block in blocks)
    assert "default-src 'none'" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b *c* ~d~ $e$ \\", r"a\_b \*c\* \~d\~ \$e\$ \\"),
        ("1. first", r"1\. first"),
        ("- one", r"\- one"),
        ("two\nlines &amp; <i>", "two lines &amp;amp; &lt;i&gt;"),
        ("签约 @项目", "签约 @\u2060项目"),
        ("www.example.org", "www.\u2060example.org"),
    ],
)
def test_text_in_a_comment_is_shown_as_it_is(text, shown):
    assert escaped(text) == shown


def test_a_comment_fits_and_says_what_it_leaves_out():
    many = [Change("observation-added", f"row-{n}", None, "x" * 200, "series") for n in range(1000)]
    worst = Change("finding-flipped", "", "holds: It.", "fails: It.", "first")
    review = Review("a", "b", ordered([*many, worst]))
    text = comment(review)
    assert MOST - 1000 < len(text) <= MOST
    assert "fails: It." in text
    left = int(re.search(r"(\d+) further changes in the dossier", text)[1])
    assert left == 1000 - text.count("row-")
    assert text.count("<details>") == text.count("</details>") == 1
    page = dossier(review)
    assert all(f"row-{n}<" in page for n in range(1000))
    assert "further" not in comment(Review("a", "b", (worst,)))


def test_charts_are_drawn_for_so_many_changes_and_the_others_are_said_to_be_left_out(monkeypatch):
    monkeypatch.setattr(dossiers, "DRAWN", 2)
    changes = [Change("chart-added", f"Chart {n}", charts=Charts(None, CHART)) for n in range(3)]
    page = dossier(Review("a", "b", ordered(changes)))
    assert page.count("<img ") == 2
    assert page.count("<p>Not drawn, as charts of more than 2 changes") == 1


def test_the_gravest_are_named_first_and_lead_to_their_place():
    worst = Change("relation-broken", "r-1", "holds", "breaks", "relation")
    page = dossier(Review("a", "b", ordered([Change("row-added", "x"), worst])))
    address = re.search(r'<li><a href="#([\w-]+)">r-1</a>', page)[1]
    assert f'<li class="change error" id="{address}">' in page
    assert page.index("r-1") < page.index(">x<")


def test_written_files_are_the_page_and_the_comment(tmp_path):
    review = Review("a", "b", ())
    page, text = written.write(review, tmp_path / "new")
    assert (page.read_text("utf-8"), text.read_text("utf-8")) == (dossier(review), comment(review))
    assert written.summary(review) == "nothing changed"
    assert not written.fails(review, "note")
