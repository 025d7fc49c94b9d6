"""Which figure of a series to quote, for the page of its indicator: the answer of `cci.audit.quotes`, and its reasons.

Asked once for all series of the record: a page on its own would pay for the frames of the others again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cci.audit.quotes import quotable, withheld
from cci.book.site.rendering import spaced
from cci.record.wording import date_words

if TYPE_CHECKING:
    from cci.book.site.shelf import Row, Shelf


@dataclass
class Advice:
    """What to quote of one series: the statement and how, or why none.

    `row` is one of `Shelf.observations`, with the `advice` how to quote it and the `ground` of the choice; `later`
    are newer figures that are not to be quoted, by the bar to it, the newest first; `bars` are, where nothing is to be
    quoted, the bars to all figures, each with how many it stops.
    """

    row: Row | None = None
    sentence: str = ""
    later: dict[str, list[Row]] = field(default_factory=dict)
    bars: list[tuple[str, int]] = field(default_factory=list)


def advised(shelf: Shelf) -> dict[str, dict[str, Advice]]:
    """Return what to quote of every series of the record: indicator -> scope -> advice."""
    series = list(dict.fromkeys((row["indicator"], row["scope"]) for row in shelf.observations.values()))
    found: dict[str, dict[str, Advice]] = {}
    for indicator, scope in series:
        found.setdefault(indicator, {})[scope] = Advice()
    for quote in quotable(shelf.record, series).itertuples(index=False):
        row = shelf.observations[quote.obs_id] | {"advice": quote.advice, "ground": quote.ground}
        one = found[quote.indicator][quote.scope]
        one.row, one.sentence = row, sentence(row)
    stopped: dict[tuple[str, str], Counter[str]] = {}
    for barred in withheld(shelf.record, series).itertuples(index=False):
        one = found[barred.indicator][barred.scope]
        if one.row is None:
            stopped.setdefault((barred.indicator, barred.scope), Counter())[barred.bar] += 1
        elif barred.end > one.row["end"]:
            one.later.setdefault(barred.bar, []).insert(0, shelf.observations[barred.obs_id])
    for (indicator, scope), counted in stopped.items():
        found[indicator][scope].bars = counted.most_common()
    return found


def sentence(row: Row) -> str:
    """Return a statement ready to be quoted: what it is a figure of, the figure, its day or period, and who says so."""
    when = f" {'as of' if row['dated'] else 'for'} {row['period']}"
    when = "" if row["measure"] == "date" else when  # the figure is the day itself
    flag = f" ({spaced(row['flag'])})" if row["flag"] else ""  # a doubt must travel with the figure
    said = f"{row['publisher']}, {date_words(row['published'])}" if row["published"] else row["publisher"]
    repeated = "" if row["speaker"] == row["publisher"] else f", repeating {row['speaker']}"
    open_to_doubt = "; unconfirmed" if row["grade"] == "C" else ""
    figure = f"{row['label']} ({row['scope_label']}): {row['words']}{when}{flag}"
    return f"{figure}, according to {said}{repeated}{open_to_doubt}."
