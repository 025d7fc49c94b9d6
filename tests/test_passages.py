"""Words are found in a text whatever its quotes, dashes, widths and blanks, and only as whole words and numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cci.errors import ParameterError
from cci.record.passages import find, folded, nearest, paragraphs


def stands(words, *text, paragraph=None):
    return find(words, [folded(one) for one in text], paragraph=paragraph)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("the 'Air Corridor'", "Thus the ‘Air Corridor’ opened."),
        ('the "Air Corridor"', "Thus the “Air Corridor” opened."),
        ("the “Air Corridor”", 'Thus the "Air Corridor" opened.'),
        ("world's first", "the world’s first"),
        ("中新“空中走廊”", '开通中新"空中走廊"。'),
        ("中新“空中走廊”", "開通「空中走廊」，中新「空中走廊」。"),
        ("252,400", "共２５２，４００人"),
        ("252,400", "共252，400人"),
        ("1,252,400", "共１，２５２，４００人"),
        ("增长56.1％", "同比增长５６．１%"),
        ("国家(地区)", "107个国家（地区）"),
        ("26 billion", "over 26\u00a0billion"),
        ("26 billion", "over 26\u2009\n billion"),
        ("China-Singapore", "the China–Singapore project"),
        ("China - Singapore", "the China—Singapore project"),
        ("中国——新加坡", "中国—新加坡"),
        ("connectivity", "con\u00adnec\u200btivity"),
        ("MORE THAN 30", "more than 30 firms"),
        ("企业数量已达79家", "企业 数量\n已达 79 家"),
        ("新加坡 Singapore 26578", "新加坡Singapore 26578"),
        ("US$ 5", "for US$5 a head"),
        ("5 percent...to 62.2 million", "rose 5 percent, says the airport, to 62.2 million."),
        ("首批12个…合作项目", "首批12个重点合作项目"),
        ("over US$29 bi[llion]", "over US$29 billion"),
        ("nearly 60 billion yu[an]", "nearly 60 billion yuan"),
        ("86,000", "在2015，86,000"),
        ("86,000", "in 2015, 86,000 came"),
        ("26 billion", "26² billion³"),
        ("12.5 km2", "over 12.5 km²"),
        ("12.5 km²", "over 12.5 km2"),
        ("Ténacité", "Te\u0301nacite\u0301"),
        ("straße", "STRASSE"),
    ],
)
def test_words_stand_in_a_text_that_prints_them_otherwise(words, text):
    assert stands(words, text) is not None


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("33 pioneering", "133 pioneering"),
        ("86,000", "1,86,000"),
        ("86,000", "86,000,000"),
        ("exceeded 1,400", "exceeded 1,400.5"),
        ("24", "24,000"),
        ("six", "sixty"),
        ("to five", "auto five"),
        ("26 billion", "26 billions"),
        ("26 billion", "2 6 billion"),
        ("to 62.2 million...5 percent", "5 percent to 62.2 million"),
        ("514个港口", "515个港口"),
        ("...", "anything"),
        ("\u00ad", "anything"),
    ],
)
def test_other_words_and_parts_of_numbers_do_not_stand(words, text):
    assert stands(words, text) is None


def test_the_passage_is_the_sources_own_characters():
    place = stands("the 'air corridor' opened", "Thus the ‘Air\u00a0Corridor’ opened wide.")
    assert place.passage == "the ‘Air\u00a0Corridor’ opened"


def test_the_paragraph_asked_for_comes_first():
    text = ("24 flights", "none", "24 flights")
    assert stands("24 flights", *text).paragraph == 1
    assert stands("24 flights", *text, paragraph=3).paragraph == 3
    assert stands("24 flights", *text, paragraph=2).paragraph == 1
    assert stands("24 flights", *text, paragraph=9).paragraph == 1


def test_words_over_a_line_break_are_found_where_they_begin():
    assert stands("24 weekly flights", "now", "with 24 weekly", "flights.").paragraph == 2


@given(st.text(min_size=1, max_size=60))
def test_a_text_stands_in_itself(text):
    place = stands(text.replace("...", "").replace("…", "").replace("[", ""), text.replace("[", ""))
    nothing = not folded(text.replace("...", "").replace("…", "").replace("[", "")).text
    assert nothing or place is not None or "…" in text or "..." in text


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_places_are_in_order(text):
    once = folded(text)
    assert len(once.at) == len(once.text)
    assert list(once.at) == sorted(once.at)


def test_the_nearest_passage_is_whole_words_of_the_likeliest_paragraph():
    text = [folded(one) for one in ("Ports are many.", "It now reaches 581 ports in 127 countries.", "Nothing.")]
    place = nearest("reaches 577 ports", text)
    assert (place.paragraph, place.passage) == (2, "reaches 581 ports")
    assert nearest("通达514个港口", [folded("目前已通达515个港口。")]).passage == "通达515个港口"
    assert nearest("quite something else", text) is None


def test_every_line_of_a_text_is_a_paragraph_and_blank_lines_are_not_counted(tmp_path):
    path = tmp_path / "source.txt"
    path.write_text("\ufeffTitle\r\n\r\n" + "word " * 60 + "\r\nThird\n\n\n 　\nFourth\n", encoding="utf-8")
    assert paragraphs(path) == ["Title", ("word " * 60).strip(), "Third", "Fourth"]


def test_in_a_text_wrapped_by_hand_blank_lines_end_the_paragraphs(tmp_path):
    path = tmp_path / "source.txt"
    path.write_text("Title\n\nFirst line\nand second.\n\nLast.\n", encoding="utf-8")
    assert paragraphs(path) == ["Title", "First line and second.", "Last."]


PAGE = """<!DOCTYPE html><html><head><title>T</title><style>p {}</style></head><body><nav><a>Home</a></nav>
<script>var x = "33 hidden";</script><h1>Title</h1><!-- 44 hidden -->
<p>It is <b>26</b> billion<sup>1</sup>
   US&nbsp;dollars&sup2;, &ldquo;so&rdquo;.</p>
<div>Before<p>Inside 86,000<sup>2</sup></p>After</div>
<table><tr><td>新加坡</td><td>Singapore</td><td>26578</td></tr></table>
<p>One<br>two</p></body></html>"""


def test_the_blocks_of_a_page_are_its_paragraphs(tmp_path):
    path = tmp_path / "page"
    path.write_text(PAGE, encoding="utf-8")
    read = paragraphs(path)
    assert [folded(one).text for one in read] == [
        "title", 'it is 26 billion us dollars,"so".', "before", "inside 86,000", "after", "新加坡singapore 26578",
        "one", "two",
    ]  # fmt: skip
    assert stands("26 billion US dollars", *read).paragraph == 2
    assert stands("Inside 86,000", *read).paragraph == 4


def test_a_page_in_another_encoding_or_nested_without_end_is_read(tmp_path):
    chinese = tmp_path / "chinese.html"
    chinese.write_bytes(
        "<html><head><meta charset='gb18030'></head><body><p>514个港口</p></body></html>".encode("gb18030")
    )
    assert paragraphs(chinese) == ["514个港口"]
    (tmp_path / "plain.txt").write_bytes("通达514个港口，覆盖127个国家和地区。".encode("gb18030"))
    assert paragraphs(tmp_path / "plain.txt") == ["通达514个港口，覆盖127个国家和地区。"]
    deep = tmp_path / "deep.html"
    deep.write_text("<html><body>" + "<div>" * 5_000 + "26 ports" + "</div>" * 5_000, encoding="utf-8")
    assert paragraphs(deep) == ["26 ports"]


def test_what_is_no_text_is_refused(tmp_path):
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\0\0\0\x01" * 9)
    for path in (tmp_path / "image.txt", tmp_path / "nowhere.txt", tmp_path):
        with pytest.raises(ParameterError, match=r"neither text nor a page|cannot be read"):
            paragraphs(path)
