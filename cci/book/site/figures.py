"""Charts on the page: a drawing that needs no script, the specification for the live one, its table and its sources."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cci.book import whole
from cci.book.site import takeaway
from cci.book.site.canvas import roomy
from cci.book.site.citing import ChartPlace, chart_citation
from cci.book.site.links import Links
from cci.book.site.outputs import title_of
from cci.book.site.rendering import render
from cci.book.site.shelf import Shelf

FOLDER = "_charts"  # in the built site
# Pixels: the width of the text column on a laptop, and of a phone's less its margins.
WIDTHS = {"wide": 720, "narrow": 328}
_SIZE = re.compile(r'<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"')


@dataclass(frozen=True)
class Drawing:
    """One static drawing: its address from the top of the site, and its size in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Press:
    """Draws specifications with the Vega of vl-convert; a drawing made before is taken from `cache`."""

    cache: Path
    site: Path

    @cached_property
    def engine(self) -> Any:
        import vl_convert  # 0.2 s: only when a chart is new

        return vl_convert

    def draw(self, spec: Mapping[str, Any], *, width: int) -> Drawing:
        """Return the drawing of a chart `width` pixels wide, as an SVG file in the site."""
        sized = at_width(spec, width)
        text = json.dumps(sized, sort_keys=True, ensure_ascii=False)
        kept = self.cache / f"{_named_by(text)}.svg"
        svg = roomy(kept.read_text("utf-8") if kept.is_file() else self._new(text, kept))
        name = f"{_named_by(svg)}.svg"
        whole.write(svg, self.site / FOLDER / name, durable=False)
        size = _SIZE.search(svg)
        if size is None:
            raise ValueError(f"vl-convert drew no sized SVG for the chart {title_of(dict(spec))[0]!r}")
        return Drawing(f"{FOLDER}/{name}", round(float(size[1])), round(float(size[2])))

    def _new(self, spec: str, kept: Path) -> str:
        svg: str = self.engine.vegalite_to_svg(spec)
        whole.write(svg, kept, durable=False)
        return svg


def _named_by(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def at_width(spec: Mapping[str, Any], width: int) -> dict[str, Any]:
    """Return a specification that fills its container as one of `width` pixels, axes and legends included."""
    bare = {key: part for key, part in spec.items() if key not in {"title", "usermeta"}}
    if bare.get("width") == "container":
        bare |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
        drawn = [layer.get("data", {}).get("name", "") for layer in spec.get("layer", ())]
        if any(name.startswith("labels") for name in drawn):
            # Names in the margin are measured here in one font and drawn by the reader's, perhaps a wider one.
            bare["padding"] = {"left": 2, "top": 4, "right": 20, "bottom": 2}
    return bare


def page_spec(spec: Mapping[str, Any], theme: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page's script needs: no title (the caption has it), no settings that the theme repeats."""
    left_out = {"title", "usermeta", "$schema", "config"}
    bare = {key: part for key, part in spec.items() if key not in left_out}
    own = beyond(spec.get("config", {}), theme)
    return bare | {"config": own} if own else bare


def beyond(settings: Mapping[str, Any], theme: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that differ from the theme, at any depth."""
    found = {}
    for key, value in settings.items():
        known = theme.get(key)
        if isinstance(value, Mapping) and isinstance(known, Mapping):
            value = beyond(value, known)
            if value:
                found[key] = value
        elif value != known:
            found[key] = value
    return found


def script_json(content: Any) -> str:
    """Return JSON that cannot close the script element it stands in."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def chart_html(
    spec: dict[str, Any],
    *,
    place: ChartPlace,
    press: Press,
    theme: Mapping[str, Any],
    shelf: Shelf,
    links: Links,
    picture_only: bool = False,
    still: bool = False,
) -> str:
    """Return a chart as a figure element, with what a reader may take away of it.

    `picture_only` where its rows stand on the same page and no script draws; `still` where no script runs, no window
    changes its width and no files lie beside the page, as in a bound book.
    """
    meta = spec.get("usermeta", {}).get("cci", {})
    title, subtitle = title_of(spec)
    said = subtitle.removeprefix("Scenario, not observation. ")  # which the badge says
    wide = press.draw(spec, width=WIDTHS["wide"])
    offered = None
    if not still:
        offered = takeaway.files(
            spec,
            wide,
            words=(title, subtitle),
            address=f"{FOLDER}/{place.page}/{place.anchor.removeprefix('chart-')}",
            imprint=f"{place.imprint.book}, edition {place.imprint.version}, CC BY 4.0: {place.address}",
            press=press,
            shelf=shelf,
            with_png=not picture_only,
            with_rows=not picture_only,
        )
    return render(
        "chart.html",
        anchor=place.anchor,
        title=title,
        subtitle=said,
        picture_only=picture_only,
        alt=spec.get("description") or title,
        kind=meta.get("kind", "chart"),
        scenario=bool(meta.get("scenario")),
        source_line=meta.get("source_line"),
        as_of=meta.get("as_of"),
        table=meta.get("table"),
        observations=[shelf.observations[i] for i in meta.get("obs_ids", ()) if i in shelf.observations],
        sources=[shelf.sources[i] for i in meta.get("source_ids", ()) if i in shelf.sources],
        wide=wide,
        narrow=None if still else press.draw(spec, width=WIDTHS["narrow"]),
        spec=None if picture_only or still else script_json(page_spec(spec, theme)),
        controls=sum("input" in parameter.get("bind", ()) for parameter in spec.get("params", ())),
        still=still,
        files=offered,
        rows=(offered.csv if offered else None) or place.rows,
        code=place.code,
        cited=chart_citation(title, meta, place),
        links=links,
    )
