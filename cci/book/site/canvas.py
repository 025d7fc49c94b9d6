"""Room at both sides of a drawing for its words, whatever font a reader's machine sets them in.

Vega lays a picture out with the fonts of the machine that builds the book. An image cuts off what goes beyond its
canvas, and a wider font, as DejaVu Sans is by a sixth, takes the first digit off the numbers of an axis.
"""

from __future__ import annotations

import cmath
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SVG = "{http://www.w3.org/2000/svg}"
_MOVES = re.compile(r"(translate|rotate)\(([^)]*)\)")
_CANVAS = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="[^"]*"')
_FAMILY = re.compile(r' font-family="[^"]*"')
# Widths of letters in ems, those of DejaVu Sans rounded up; its bold ones are wider by an eighth. All others, the
# Chinese ones among them, are as wide as high.
_WIDTHS = {
    " ,.ijlIJ": 0.32, "/:;|f-’": 0.37, "()[]t!r\"'": 0.44, "–“”*_`sz?cLFkvx": 0.58,
    "yPTYaoeESbdghnpqu$0123456789": 0.64, "KAVBRXZC": 0.70, "UHNDG&OQ": 0.80, "w#+<=>≥≤×→±^~M": 0.86,
}  # fmt: skip
_EM = {letter: width for letters, width in _WIDTHS.items() for letter in letters}
_BOLD = 1.13


def legal(text: str) -> str:
    """Return a text without the characters that no XML may hold, escaped or not."""
    return _ILLEGAL.sub("", text)


def length(text: str, size: float, *, bold: bool = False) -> float:
    """Return how long a line of words is at most, in the unit of the font's `size`."""
    return size * (_BOLD if bold else 1) * sum(_EM.get(letter, 1.0) for letter in text)


def broken(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return a text in lines that are no longer than `room`, save for single words that are."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and length(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def roomy(svg: str) -> str:
    """Return a drawing of Vega whose canvas reaches as far to the left and right as its words may.

    Its width and `viewBox` grow by whole pixels, its height and all marks stay. The name of the font, which Vega gives
    with every word, is given once. A drawing without the canvas of Vega is returned as it is.
    """
    svg = legal(svg)
    canvas = _CANVAS.search(svg)
    if canvas is None:
        return svg
    width, height = float(canvas[1]), float(canvas[2])
    ends = [end for start_end in _words(ET.fromstring(svg), 1 + 0j, 0j) for end in start_end]
    left, right = (math.ceil(max(0.0, beyond)) for beyond in (-min(ends, default=0), max(ends, default=0) - width))
    wide = width + left + right
    svg = svg.replace(canvas[0], f'width="{wide:g}" height="{height:g}" viewBox="{-left:g} 0 {wide:g} {height:g}"', 1)
    family = _FAMILY.search(svg)
    if family and len(set(_FAMILY.findall(svg))) == 1:
        svg = _FAMILY.sub("", svg).replace("<svg ", f"<svg{family[0]} ", 1)
    return svg


def _words(element: ET.Element, turn: complex, at: complex) -> Iterator[tuple[float, float]]:
    """Where each line of words begins and ends from the left, as far apart as it may be.

    A point p of the element stands at `at + turn * p` on the canvas: x is the real part, y the imaginary.
    """
    for kind, numbers in _MOVES.findall(element.get("transform", "")):
        first, *rest = (float(number) for number in re.split(r"[\s,]+", numbers.strip()))
        if kind == "translate":
            at += turn * complex(first, rest[0] if rest else 0)
        else:
            turn *= cmath.rect(1, math.radians(first))
    if element.tag == f"{_SVG}text":
        size = float(element.get("font-size", "0").removesuffix("px"))
        bold = element.get("font-weight") in {"bold", "700"}
        anchored = {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0)
        for line in filter(None, (element.text, *(part.text for part in element))):
            long = length(line, size, bold=bold)
            start, end = ((at + turn * long * share).real for share in (-anchored, 1 - anchored))
            yield min(start, end), max(start, end)
    else:
        for part in element:
            yield from _words(part, turn, at)
