"""A drawing has room for its words in the widest usual font, and keeps every mark where it was."""

import xml.etree.ElementTree as ET

import pytest

from cci.book.site.canvas import legal, roomy

FONT = "system-ui, 'Segoe UI', sans-serif"


def drawn(*texts, width=100):
    words = "".join(
        f'<text text-anchor="{anchor}" transform="{moved}" font-family="{FONT}" font-size="10px">{text}</text>'
        for anchor, moved, text in texts
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="{width}" height="50" viewBox="0 0 {width} 50">'
    )
    return f'{head}<g transform="translate(10,4)">{words}</g></svg>'


def canvas(svg):
    root = ET.fromstring(svg)
    left, _, wide, high = map(float, root.get("viewBox").split())
    assert (float(root.get("width")), float(root.get("height"))) == (wide, high)
    return left, wide


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (("start", "translate(0,9)", "1234"), (0, 100)),  # from 10 to 35.6
        (("end", "translate(5,9)", "1234"), (-11, 111)),  # from -10.6 to 15
        (("middle", "translate(88,9)", "1234"), (0, 111)),  # from 85.2 to 110.8
        (("start", "translate(80,9)", "重庆"), (0, 110)),  # as wide as high: from 90 to 110
        (("middle", "translate(0,20) rotate(-90)", "1234567890"), (0, 100)),  # upright
        (("start", "translate(80,9)", "<tspan>12</tspan><tspan>1234</tspan>"), (0, 116)),  # the longer line
    ],
)
def test_the_canvas_grows_to_the_side_where_words_may_end(text, expected):
    assert canvas(roomy(drawn(text))) == expected


def test_bold_words_take_more_room():
    light = drawn(("start", "translate(80,9)", "1234"))
    bold = light.replace("<text ", '<text font-weight="bold" ')
    assert canvas(roomy(bold))[1] > canvas(roomy(light))[1]


def test_the_font_is_named_once_and_nothing_else_changes():
    before = drawn(("start", "translate(0,9)", "a"), ("start", "translate(0,19)", "b"))
    after = roomy(before)
    assert after.count("font-family") == 1
    assert ET.fromstring(after).get("font-family") == FONT
    bare = before.replace(f' font-family="{FONT}"', "")
    assert after.replace(f' font-family="{FONT}"', "") == bare


def test_a_drawing_is_xml_whatever_its_words_hold():
    assert legal("a\x0bb\ud800 重庆\n") == "ab 重庆\n"
    ET.fromstring(roomy(drawn(("start", "translate(0,9)", "a\x0bb"))))


def test_what_has_no_canvas_of_vega_stays():
    assert roomy("<svg/>") == "<svg/>"
