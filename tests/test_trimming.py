"""The theme's styles keep every rule that a page or a script can meet, and no other."""

import pytest

from cci.book.site import pages, trimming


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("body{color:red}", "body{color:red}"),
        (".here{a:b}.gone{a:b}", ".here{a:b}"),
        (".here .gone,.here>p,#gone{a:b}", ".here>p{a:b}"),
        (".here:not(.gone){a:b}", ".here:not(.gone){a:b}"),
        ("[data-theme=dark] .here{a:b}", "[data-theme=dark] .here{a:b}"),
        ("#anchor.here{a:b}", "#anchor.here{a:b}"),
        (".here.gone{a:b}", ""),
        ("@media print{.gone{a:b}.here{a:b}}", "@media print{.here{a:b}}"),
        ("@media print{.gone{a:b}}", ""),
        ("@keyframes turn{from{a:b}to{a:b}}", "@keyframes turn{from{a:b}to{a:b}}"),
        ('@charset "UTF-8";/*! notice */p{a:b}/* remark */', '@charset "UTF-8";/*! notice */p{a:b}'),
        ('.here:before{content:"}.gone{"}', '.here:before{content:"}.gone{"}'),
    ],
)
def test_a_rule_stays_where_its_names_are_met(css, expected):
    assert trimming.trimmed(css, frozenset({"here", "anchor"})) == expected


def test_a_font_is_declared_where_its_file_is_shipped(tmp_path):
    (tmp_path / "sheets").mkdir()
    (tmp_path / "here.woff2").touch()
    sheet = tmp_path / "sheets" / "sheet.css"
    here = '@font-face{font-family:A;src:url(../here.woff2?v=1) format("woff2")}p{background:url(data:x)}'
    for gone in ("url(../gone.woff2)", 'url("../gone.woff2")'):
        sheet.write_text(f"{here}@font-face{{font-family:B;src:{gone}}}", "utf-8")
        trimming.trim(sheet, frozenset(), kept=tmp_path / "kept")
        assert sheet.read_text("utf-8") == here


def test_pages_give_their_classes_and_scripts_every_word(tmp_path):
    page = pages.page("page.html", b"<p class=\"one two\" data-x='three'><i id='four'>five</i>")
    assert page.names == ["four", "one", "two"]
    (tmp_path / "page.js").write_text('node.classList.add("six-seven")', "utf-8")
    assert {"six-seven", "classList"} <= set(trimming.words([tmp_path / "page.js"]))


def test_a_sheet_trimmed_before_is_taken_from_what_was_kept(tmp_path):
    sheet, kept = tmp_path / "sheet.css", tmp_path / "kept"
    for met in ({"here", "unasked"}, {"here"}):
        sheet.write_text(".here{a:b}.gone{a:b}", "utf-8")
        trimming.trim(sheet, frozenset(met), kept=kept)
        assert sheet.read_text("utf-8") == ".here{a:b}"
    assert len(list(kept.iterdir())) == 1  # what no rule asks for makes no difference
    sheet.write_text(".here{a:b}.gone{a:b}", "utf-8")
    trimming.trim(sheet, frozenset({"gone"}), kept=kept)
    assert sheet.read_text("utf-8") == ".gone{a:b}"
