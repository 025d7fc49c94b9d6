"""Who took part in what: organisations and events as two kinds of points, joined, where the caller put them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.figures import rounded
from cci.errors import CCIError

_HEIGHT = 420
_PHONE = 330  # labels that would cover each other at this width are left to tooltip and table
_KEY = 34  # pixels above the picture for the key
_WIDTH_OF_LETTER = 6.2
_MOST_NAMED = 7
_NAME_WIDTH = 26  # characters of a line
_LINE = 13
_KINDS = {"chinese": "Chinese side", "singaporean": "Singapore side", "other": "other organisation", "event": "event"}
_TOOLTIP = [alt.Tooltip("name:N", title="Name"), alt.Tooltip("links:Q", title="Links")]


def network(nodes: pd.DataFrame, *, links: pd.DataFrame, title: str) -> alt.LayerChart:
    """Return a two-mode network: organisations as circles in the colour of their side, events as squares.

    `nodes`: node_id, name, kind (`event`, anything else an organisation), x, y, and `side` for organisations; positions
    in any unit, computed by the caller. `links`: two columns of node_id, `organisation_id` and `event_id`. The most
    linked organisations are named where there is room at phone width; all names stand in tooltip and table. A missing
    link means that none was seen, which the subtitle says. Raises CCIError for a link to an unknown node.
    """
    columns = {"name": "Name", "kind": "Kind", "links": "Links"}
    if nodes.empty:
        return sheet.nothing(nodes, kind="network", title=title, columns=columns)
    unknown = sorted({*links["organisation_id"], *links["event_id"]} - set(nodes["node_id"]))
    if unknown:
        raise CCIError(f"A link names {unknown[0]!r}, which is no node. Keep links between the nodes that are drawn.")
    degree = pd.concat([links["organisation_id"], links["event_id"]]).value_counts()
    side = nodes["side"].where(nodes["side"].isin(_KINDS), "other") if "side" in nodes else "other"
    drawn = nodes.assign(
        links=nodes["node_id"].map(degree).fillna(0).astype(int),
        style=pd.Series(side, index=nodes.index).mask(nodes["kind"] == "event", "event"),
        x=_stretched(nodes["x"]),
        y=_stretched(nodes["y"]),
    ).sort_values(["links", "name"], ascending=[False, True], kind="stable")
    events = int((drawn["kind"] == "event").sum())
    groups = drawn[drawn["kind"] != "event"]
    most = [f"{row['name']} ({row['links']})" for row in groups[groups["links"] > 0].head(3).to_dict("records")]
    description = (
        f"Network of {alt_text.counting(len(groups), 'organisation')} and {alt_text.counting(events, 'event')} with "
        f"{alt_text.counting(len(links), 'link')}." + (f" Most linked: {'; '.join(most)}." if most else "")
    )
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.03, 1.03], nice=False, zero=False), axis=None)
    span = alt.Scale(domain=[-0.03, 1.03], nice=False, zero=False, range=[_HEIGHT, _KEY])
    y = alt.Y("y:Q", scale=span, axis=None)
    return sheet.finish(
        [*_link_layers(drawn, links, x, y), *_node_layers(drawn, x, y), *_name_layers(groups, x, y), *_key(drawn)],
        drawn.assign(kind=drawn["style"].map(_KINDS)),
        kind="network",
        title=title,
        subtitle=f"{alt_text.counting(len(links), 'participation')} seen; a missing one was not seen, not ruled out.",
        description=description,
        columns=columns,
        height=_HEIGHT,
    )


def _stretched(positions: pd.Series) -> pd.Series:
    width = positions.max() - positions.min()
    return (positions - positions.min()) / width if width > 0 else positions * 0 + 0.5


def _link_layers(drawn: pd.DataFrame, links: pd.DataFrame, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    at = drawn.set_index("node_id")[["x", "y"]].map(rounded)
    rows = [
        {
            "x": at.at[link.organisation_id, "x"],
            "y": at.at[link.organisation_id, "y"],
            "x2": at.at[link.event_id, "x"],
            "y2": at.at[link.event_id, "y"],
        }
        for link in links.itertuples(index=False)
    ]
    if rows:
        yield (
            alt.Chart(sheet.inline("links", rows))
            .mark_rule(style="divider", opacity=0.45)
            .encode(x=x, y=y, x2="x2:Q", y2="y2:Q")
        )


def _node_layers(drawn: pd.DataFrame, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    areas = alt.Scale(type="sqrt", domain=[0, int(drawn["links"].max()) or 1], range=[24, 260])
    size = alt.Size("links:Q", scale=areas, legend=None)
    for style in _KINDS:
        rows = [
            {"x": rounded(row["x"]), "y": rounded(row["y"]), "name": row["name"], "links": row["links"]}
            for row in drawn[drawn["style"] == style].to_dict("records")
        ]
        if rows:
            base = alt.Chart(sheet.inline(f"nodes {style}", rows)).encode(x=x, y=y, tooltip=_TOOLTIP)
            yield base.mark_point(**_mark(style)).encode(**({} if style == "event" else {"size": size}))


def _mark(style: str) -> dict[str, Any]:
    if style == "event":
        return {"style": "preferred", "shape": "square", "filled": False, "strokeWidth": 1.4, "size": 36, "opacity": 1}
    return {"style": style, "shape": "circle", "filled": True, "opacity": 0.9}


def _name_layers(groups: pd.DataFrame, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    boxes: list[tuple[float, float, float, float]] = []
    rows: list[tuple[Literal["left", "center", "right"], int, dict[str, Any]]] = []
    for row in groups[groups["links"] > 0].to_dict("records"):
        lines = textwrap.wrap(row["name"], _NAME_WIDTH)
        width = max(map(len, lines)) * _WIDTH_OF_LETTER
        middle = (row["x"] + 0.03) / 1.06 * _PHONE
        bottom = (1.03 - row["y"]) / 1.06 * (_HEIGHT - _KEY) - 8
        left = min(max(middle - width / 2, 0), max(_PHONE - width, 0))
        box = (left, left + width, bottom - _LINE * len(lines), bottom)
        if all(box[1] < b[0] or b[1] < box[0] or box[3] < b[2] or b[3] < box[2] for b in boxes):
            boxes.append(box)
            place = {"x": rounded(row["x"]), "y": rounded(row["y"]), "name": lines}
            over: Literal["left", "center", "right"] = (
                "left" if middle < width / 2 else "right" if middle > _PHONE - width / 2 else "center"
            )
            rows.append((over, -10 - _LINE * (len(lines) - 1), place))
        if len(rows) == _MOST_NAMED:
            break
    for align, shift in dict.fromkeys((align, shift) for align, shift, _ in rows):
        own = [place for *group, place in rows if group == [align, shift]]
        base = alt.Chart(sheet.inline(f"names {align} {-shift}", own)).encode(x=x, y=y, text="name:N")
        for style in ("halo", "strong"):
            yield base.mark_text(style=style, align=align, dy=shift, baseline="bottom", lineHeight=_LINE)


def _key(drawn: pd.DataFrame) -> Iterator[alt.Chart]:
    """Circles and a square with their meaning, two to a line."""
    shown: Sequence[str] = [style for style in _KINDS if (drawn["style"] == style).any()]
    for number, style in enumerate(shown):
        place: Mapping[str, Any] = {"x": alt.value(6 + 150 * (number % 2)), "y": alt.value(6 + 16 * (number // 2))}
        base = alt.Chart(sheet.inline(f"key {style}", [{"words": _KINDS[style]}])).encode(**place)
        yield base.mark_point(**({"size": 60} | _mark(style)))
        yield base.mark_text(style="label", align="left", dx=9, baseline="middle").encode(text="words:N")
