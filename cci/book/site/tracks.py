"""What an evidence page shows of one scope besides its rows: a picture of the series, and what was revised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cci
from cci.book import whole
from cci.book.site.citing import ChartPlace, Imprint
from cci.book.site.figures import Press, chart_html
from cci.book.site.links import Links
from cci.book.site.shelf import Row, Shelf
from cci.errors import CCIError
from cci.record.dataset import FLAGS

if TYPE_CHECKING:
    import pandas as pd

_FEWEST = 3  # dated figures below which a picture says less than the rows
_STATED = frozenset(FLAGS[: FLAGS.index("forecast")])  # neither hoped for nor doubted
_COLUMNS = [
    {"key": "period", "label": "Period"},
    {"key": "before", "label": "Said before"},
    {"key": "before_by", "label": "By"},
    {"key": "later", "label": "Said later"},
    {"key": "later_by", "label": "By"},
    {"key": "difference", "label": "Difference"},
]


def preferred(shelf: Shelf, listed: Sequence[Row]) -> list[Row]:
    """Return the preferred observation of each period among those of one indicator and scope, undated ones last."""
    if len(listed) == 1:  # most scopes: nothing to choose among
        return [listed[0]]
    return [shelf.observations[obs_id] for obs_id in _series(shelf, listed[0])["obs_id"]]


def latest(rows: Sequence[Row]) -> Row | None:
    """Return the last dated observation that is neither hoped for nor doubted; None where there is none."""
    found = said(rows)
    return found[-1] if found else None


def said(rows: Sequence[Row]) -> list[Row]:
    """Return the dated observations that are neither hoped for, doubted nor set aside, in the order given."""
    return [row for row in rows if row["period_end"] and (row["flag"] or "") in _STATED and not row["set_aside"]]


def picture_html(shelf: Shelf, rows: Sequence[Row], *, press: Press, links: Links, imprint: Imprint) -> str | None:
    """Return a series (the `preferred` rows) as a figure without live chart; None where there is too little to draw."""
    dated = [row for row in rows if row["period_end"] and row["value"] is not None and row["flag"] != "do_not_chart"]
    if len(dated) < _FEWEST:
        return None
    spec = _spec(_series(shelf, dated[0]), press)
    if spec is None:
        return None
    page = f"evidence/{dated[0]['indicator']}"
    place = ChartPlace(
        page=page,
        title=f"{dated[0]['label']}: evidence",
        anchor=f"chart-{dated[0]['scope']}",
        imprint=imprint,
        rows=f"{page}.csv",
    )
    return chart_html(spec, place=place, press=press, theme={}, shelf=shelf, links=links, picture_only=True)


def revised(shelf: Shelf, listed: Sequence[Row]) -> dict[str, Any] | None:
    """Return what was said of a period and then otherwise, as columns and rows of a table; None where nothing was."""
    said = {(row["period_end"], row["value"]) for row in listed if row["period_end"]}
    if len(said) == len({period for period, _ in said}):  # one figure a period: the record need not be asked
        return None
    rows = []
    for change in shelf.record.revisions(listed[0]["indicator"], scope=listed[0]["scope"]).itertuples(index=False):
        before, later = shelf.observations[change.obs_before], shelf.observations[change.obs_id]
        if before["period"] == later["period"]:  # amounts of periods that only end together are no revision
            difference = "rounding may explain it" if change.overlaps else "the figures exclude each other"
            rows.append([later["period"], *_statement(before), *_statement(later), difference])
    return {"columns": _COLUMNS, "rows": rows} if rows else None


def _statement(row: Row) -> tuple[dict[str, str], dict[str, str]]:
    return {"text": row["words"], "obs": row["obs_id"]}, {"text": row["publisher"], "source": row["source_id"]}


def _series(shelf: Shelf, row: Row) -> pd.DataFrame:
    return shelf.series(row["indicator"], scope=row["scope"])


def _spec(frame: pd.DataFrame, press: Press) -> dict[str, Any] | None:
    """The specification of a series; one made before, from the same rows by the same code, is taken from the cache."""
    name = hashlib.sha256(f"{_drawn_by()}\n{frame.to_csv()}".encode()).hexdigest()[:16]
    kept = press.cache / "series" / f"{name}.json"
    if not kept.is_file():
        whole.write(json.dumps(_drawn(frame), ensure_ascii=False), kept, durable=False)
    spec: dict[str, Any] | None = json.loads(kept.read_text("utf-8"))
    return spec


def _drawn(frame: pd.DataFrame) -> dict[str, Any] | None:
    """The chart of a series; None where the charts refuse it."""
    import altair as alt  # half a second: only when a series is new

    from cci.charts import flows, trend
    from cci.charts.renderer import stable

    first = frame.iloc[0]
    amounts = first["measure"] == "flow" and frame["period_start"].notna().any()
    draw = flows if amounts else trend
    title = f"{first['label']}: {first['scope_label']}"
    try:
        with alt.theme.enable("cci"):
            spec = stable(draw(frame, title=title).to_dict())
    except CCIError:
        return None
    carried = spec["usermeta"]["cci"]
    unsaid = carried["subtitle"].removeprefix(title).lstrip(",. ")  # the title has named the quantity and its scope
    carried["subtitle"] = unsaid[:1].upper() + unsaid[1:]
    return spec


@cache
def _drawn_by() -> str:
    """What the look of a chart depends on besides its rows: the code that draws it and the version of Altair."""
    package = Path(cci.__file__).parent
    code = [*sorted(package.glob("charts/*.py")), *sorted(package.glob("record/*.py")), Path(__file__)]
    read = hashlib.sha256(b"\0".join(path.read_bytes() for path in code))
    return f"{version('altair')} {read.hexdigest()}"
