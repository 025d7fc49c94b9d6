"""Who took part in what: a lane for each organisation along time, a dot for each event at which it was named."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.axes import day, time_axis
from cci.errors import CCIError
from cci.record.wording import date_words

_SIDES = {"singaporean": "Singapore side", "chinese": "Chinese side", "other": "Of neither side"}
_NAME_WIDTH = 50  # characters of a name above its lane, on a phone
_HEADING, _NAME, _LANE = 26, 14, 18  # pixels of height
_MOST_IN_ALT = 3
_COLUMNS = {
    "name": "Organisation", "side": "Side", "events": "Events", "both": "With the other side", "first": "First",
    "last": "Last",
}  # fmt: skip
_TOOLTIP = [
    alt.Tooltip("event:N", title="Event"),
    alt.Tooltip("when:N", title="When"),
    alt.Tooltip("who:N", title="Named"),
]


def network(seen: pd.DataFrame, *, events: pd.DataFrame, title: str, least: int = 1) -> alt.LayerChart:
    """Return a two-mode network laid out in time: organisations as lanes, events as the uprights that join them.

    `seen`: one row per organisation named at an event (event_id, organisation_id, name, side, source_id); `events`:
    rows of `record.events`, all of them, so that those at which nobody was named show as such. Lanes are the
    organisations named at `least` events or more, by side, the most named first; the rest counts for the sides of an
    event only. A dot is large where the other side was named too. What was not named was not seen, which the subtitle
    says. Raises CCIError for a row at an unknown event.
    """
    unknown = sorted(set(seen["event_id"]) - set(events["event_id"]))
    if unknown:
        raise CCIError(f"Somebody was named at {unknown[0]!r}, which is none of the events. Keep rows of those drawn.")
    held = events.dropna(subset=["start"]).sort_values(["start", "event_id"], kind="stable")
    if held.empty:
        return sheet.nothing(events, kind="network", title=title, columns=_COLUMNS)
    rows = seen.drop_duplicates(["event_id", "organisation_id"])
    rows = rows.assign(side=rows["side"].where(rows["side"].isin(_SIDES), "other"))
    sides = rows.groupby("event_id")["side"].agg(set)
    held = held.assign(sides=[sides.get(event_id, set()) for event_id in held["event_id"]])
    drawn = rows.merge(
        held[["event_id", "name", "date", "start", "sides"]].rename(columns={"name": "event"}), on="event_id"
    )
    drawn = drawn.assign(
        when=drawn["date"].map(date_words),
        met=[
            side != "other" and len(there & {"chinese", "singaporean"}) == 2
            for side, there in drawn[["side", "sides"]].to_numpy()
        ],
    )
    lanes = _lanes(drawn, least)
    top, tops, headings = _HEADING + _LANE, {}, [{"y": 10, "words": "All events"}]
    for words in _SIDES.values():
        members = lanes[lanes["side"] == words]
        headings += [{"y": top + 12, "words": words}] if len(members) else []
        top += _HEADING if len(members) else 0
        for organisation_id, name in zip(members["organisation_id"], members["name"], strict=True):
            lines = textwrap.wrap(name, _NAME_WIDTH)
            tops[organisation_id] = (top, lines)
            top += _NAME * len(lines) + _LANE
    x = alt.X("at:T", **time_axis(held["start"].min(), held["start"].max()))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, top], reverse=True, nice=False, zero=False), axis=None)
    middle = {name: at + _NAME * len(lines) + _LANE / 2 - 2 for name, (at, lines) in tops.items()}
    dots = _dots(drawn, middle)
    behind = pd.concat([events, rows[["source_id"]]])
    behind.attrs.update(events.attrs)
    return sheet.finish(
        [*_uprights(dots, x, y), *_event_layers(held, x, y), *_lane_layers(dots, x, y), *_words(headings, tops, y)],
        behind,
        kind="network",
        title=title,
        subtitle=_subtitle(held),
        description=_told(held, drawn, lanes, least),
        columns=_COLUMNS,
        height=top,
        table=lanes,
    )


def _lanes(drawn: pd.DataFrame, least: int) -> pd.DataFrame:
    by = drawn.sort_values("start", kind="stable").groupby("organisation_id")
    told = pd.DataFrame(
        {
            "name": by["name"].first(),
            "side": by["side"].first().map(_SIDES),
            "events": by["event_id"].nunique(),
            "both": by["met"].sum(),
            "first": by["when"].first(),
            "last": by["when"].last(),
        }
    ).reset_index()
    return told[told["events"] >= least].sort_values(["events", "name"], ascending=[False, True], kind="stable")


def _dots(drawn: pd.DataFrame, middle: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {
            "at": day(row["start"]),
            "y": middle[row["organisation_id"]],
            "met": bool(row["met"]),
            "side": row["side"],
            "event_id": row["event_id"],
            "event": row["event"],
            "when": row["when"],
            "who": row["name"],
        }
        for row in drawn.to_dict("records")
        if row["organisation_id"] in middle
    ]


def _uprights(dots: Sequence[Mapping[str, Any]], x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """A line over each event that joins lanes."""
    joined: dict[str, list[Mapping[str, Any]]] = {}
    for dot in dots:
        joined.setdefault(dot["event_id"], []).append(dot)
    rows = [
        {"at": there[0]["at"], "y": min(dot["y"] for dot in there), "below": max(dot["y"] for dot in there)}
        for there in joined.values()
        if len(there) > 1
    ]
    if rows:
        yield (
            alt.Chart(sheet.inline("uprights", rows)).mark_rule(style="hairline").encode(x=x, y=y, y2=alt.Y2("below:Q"))
        )


def _event_layers(held: pd.DataFrame, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """Every event: a tick, or an empty square where nobody is named."""
    for named in (True, False):
        rows = [
            {"at": day(row["start"]), "y": _HEADING, "event": row["name"], "when": date_words(row["date"]), "who": who}
            for row in held.to_dict("records")
            if bool(row["sides"]) == named
            for who in [" and ".join(words for side, words in _SIDES.items() if side in row["sides"]) or "nobody"]
        ]
        if rows:
            base = alt.Chart(sheet.inline(f"events {'named' if named else 'unnamed'}", rows))
            look: dict[str, Any] = (
                {"shape": "stroke", "angle": 90, "size": 60} if named else {"shape": "square", "size": 34}
            )
            yield base.mark_point(style="preferred", filled=False, opacity=1, **look).encode(x=x, y=y, tooltip=_TOOLTIP)


def _lane_layers(dots: Sequence[Mapping[str, Any]], x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    spans: dict[float, list[str]] = {}
    for dot in dots:
        spans.setdefault(dot["y"], []).append(dot["at"])
    lines = [{"y": at, "at": min(days), "to": max(days)} for at, days in spans.items() if len(days) > 1]
    if lines:
        yield alt.Chart(sheet.inline("lanes", lines)).mark_rule(style="divider").encode(x=x, x2=alt.X2("to:T"), y=y)
    for side in _SIDES:
        for met in (False, True):
            rows = [
                {key: dot[key] for key in ("at", "y", "event", "when", "who")}
                for dot in dots
                if dot["side"] == side and dot["met"] == met
            ]
            if rows:
                base = alt.Chart(sheet.inline(f"dots {side} {'both' if met else 'alone'}", rows))
                mark = base.mark_point(style=side, filled=True, size=70 if met else 20, opacity=1)
                yield mark.encode(x=x, y=y, tooltip=_TOOLTIP)


def _words(
    headings: Sequence[Mapping[str, Any]], tops: Mapping[str, tuple[float, list[str]]], y: alt.Y
) -> Iterator[alt.Chart]:
    names = [{"y": top + _NAME / 2, "words": lines} for top, lines in tops.values()]
    for style, rows in (("strong", headings), ("label", names)):
        if rows:
            base = alt.Chart(sheet.inline(f"words {style}", rows)).encode(
                x=alt.XValue(0), y=y, text=alt.Text("words:N")
            )
            yield base.mark_text(style=style, align="left", baseline="middle", lineHeight=_NAME)


def _subtitle(held: pd.DataFrame) -> str:
    return (
        f"Ticks: {_events(len(held))}; squares: those of them that name nobody ({len(held) - _named(held)}). "
        "Large dots: the other side was named too; small ones: not. Who is missing was not named, and is not ruled out."
    )


def _told(held: pd.DataFrame, drawn: pd.DataFrame, lanes: pd.DataFrame, least: int) -> str:
    most = "; ".join(f"{row.name} ({row.events})" for row in lanes.head(_MOST_IN_ALT).itertuples(index=False))
    first, last = (date_words(held["date"].iloc[end]) for end in (0, -1))
    when = f"from {first} to {last}" if first != last else f"on {first}"
    return (
        f"Lanes of {alt_text.counting(len(lanes), 'organisation')} named at {_events(least)} or more, "
        f"out of {drawn['organisation_id'].nunique()}, along {_events(len(held))} {when}; "
        f"names are known for {_named(held)}." + (f" Named most: {most}." if most else "")
    )


def _events(number: int) -> str:
    return alt_text.counting(number, "event")


def _named(held: pd.DataFrame) -> int:
    return int(held["sides"].map(bool).sum())
