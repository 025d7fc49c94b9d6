"""The cover and the cards: drawn from the record, the same from the same record, whole whatever the words."""

import xml.etree.ElementTree as ET

import pytest

import cci
from cci.book.site import canvas, covers
from cci.book.site.citing import Imprint
from cci.book.site.shelf import Shelf

SVG = "{http://www.w3.org/2000/svg}"
IMPRINT = Imprint("Book", "Its authors", "2026", "1.0", "")
FINDING = {"verdict": "holds", "statement": "It <rose>."}


@pytest.fixture(scope="module")
def shelf():
    return Shelf(cci.load())


def words(svg):
    return [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]


def card(shelf, *, observations=(), title="Title", first=None):
    held = {"observations": list(observations), "first": first}
    return covers.card(shelf, IMPRINT, title=title, field="Field", held=held)


@pytest.mark.parametrize("size", [covers.CARD, covers.COVER])
def test_the_cover_counts_every_dated_figure_up_to_its_day(shelf, size):
    svg = covers.cover(shelf, IMPRINT, "A title & more", size=size)
    assert svg == covers.cover(Shelf(shelf.record), IMPRINT, "A title & more", size=size)
    quarters = {
        (row["pillar"], row["end"].year, row["end"].quarter)
        for row in shelf.observations.values()
        if row["period_end"] and row["end"].year >= 2015 and row["end"] <= shelf.cut_off
    }
    root = ET.fromstring(svg)
    assert len(list(root.iter(f"{SVG}circle"))) == len(quarters) > 100
    assert f"{len(shelf.observations):,} published figures" in " ".join(words(svg))
    heights = [float(text.get("y")) for text in root.iter(f"{SVG}text")]
    assert 0 < min(heights) < max(heights) < size[1]


def test_a_card_shows_the_figure_to_quote_of_a_headline(shelf):
    drawn = [row["obs_id"] for row in shelf.by_indicator["cross_border_financing_value"]]
    said = words(card(shelf, observations=drawn, first=FINDING))
    row = shelf.observations[drawn[0]]
    assert any(text.startswith("US$") for text in said)
    assert any(text.startswith(row["label"]) for text in said)
    assert any("grade" in text for text in said)
    assert not any("rose" in text for text in said)


def test_a_card_without_a_figure_shows_a_finding_as_text(shelf):
    assert "Holds: It <rose>." in words(card(shelf, first=FINDING))
    assert words(card(shelf)) == ["Book", "Field", "Title"]


def test_a_long_title_is_broken_and_stays_inside(shelf):
    svg = card(shelf, title="Seldom is a title of a chapter as long as this one is, which goes on for many words " * 2)
    lines = [text for text in ET.fromstring(svg).iter(f"{SVG}text") if text.get("font-size") == "52"]
    assert len(lines) > 2
    for line in lines:
        assert 64 + canvas.length(line.text, 52, bold=True) <= 1200


def test_text_is_broken_at_its_spaces_only():
    assert canvas.broken("one two three", 10, 45) == ["one two", "three"]
    assert canvas.broken("unbreakable", 10, 5) == ["unbreakable"]
    assert canvas.broken("", 10, 5) == []
