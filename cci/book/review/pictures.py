"""Charts of a review as images that carry all they show: nothing in them runs, and nothing is asked of another host."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cci.book.site.figures import at_width
from cci.book.site.outputs import title_of

# Pixels: half of a laptop's window, and a phone's less its margins.
WIDE, NARROW = 540, 312
# At the left and the right, where a label stands out if the reader's font is wider than the one it was measured in.
_LEFT, _RIGHT = 6, 14
_OPENING = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class Picture:
    """One chart: its words, and its drawings as data addresses; without them, `trouble` says why it was not drawn."""

    title: str
    subtitle: str
    alt: str
    wide: str = ""
    narrow: str = ""
    width: int = 0
    height: int = 0
    trouble: str = ""


def picture(spec: Mapping[str, Any]) -> Picture:
    """Draw a chart at both widths."""
    title, subtitle = title_of(dict(spec))
    alt = str(spec.get("description") or title)
    try:
        wide, narrow = _drawn(spec, WIDE), _drawn(spec, NARROW)
    except ValueError as reason:
        return Picture(title, subtitle, alt, trouble=f"It cannot be drawn: {str(reason).splitlines()[0]}")
    return Picture(title, subtitle, alt, _address(wide.svg), _address(narrow.svg), wide.width, wide.height)


@dataclass(frozen=True)
class _Drawing:
    svg: str
    width: int
    height: int


def _drawn(spec: Mapping[str, Any], width: int) -> _Drawing:
    import vl_convert

    # A chart under review may be anybody's: its data must stand in it.
    svg: str = vl_convert.vegalite_to_svg(json.dumps(at_width(spec, width - _LEFT - _RIGHT)), allowed_base_urls=[])
    opening = _OPENING.search(svg)
    if opening is None:
        raise ValueError("the drawing has no size")
    wide, high = float(opening[1]) + _LEFT + _RIGHT, float(opening[2])
    outer = f'width="{wide:g}" height="{high:g}" viewBox="{-_LEFT} 0 {wide:g} {high:g}"'
    return _Drawing(svg.replace(opening[0], outer, 1), round(wide), round(high))


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
