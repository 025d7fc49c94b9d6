"""Do the words of a source stand in its text, where the record says they do, and can the value be read there?"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from cci.errors import UnknownName
from cci.record.dataset import Dataset
from cci.record.passages import Folded, find, folded, nearest
from cci.record.readings import readings, reads

OUTCOMES = ("found", "other_paragraph", "value_not_read", "missing")
COLUMNS = ("obs_id", "outcome", "as_stated", "locator", "paragraph", "passage", "message")
_LOCATOR = re.compile(r"paragraph ([1-9][0-9]*)")


def verify(record: Dataset, source_id: str, paragraphs: Sequence[str]) -> pd.DataFrame:
    """Return one row per observation of a source, held against the paragraphs of its text, with the columns of COLUMNS.

    outcome: found; other_paragraph (the words stand, but not where `locator` says); value_not_read (the words stand,
    but no number in them is the value, or one end of its range); missing. paragraph and passage: where the words stand,
    or what is most like them, blank where nothing is. Raises UnknownName.
    """
    sources = record.sources["source_id"]
    if source_id not in set(sources):
        raise UnknownName("source", source_id, sources)
    rows = record.observations
    text = [folded(paragraph) for paragraph in paragraphs]
    found = [_verified(row, text) for _, row in rows[rows["source_id"] == source_id].iterrows()]
    table = pd.DataFrame(found, columns=list(COLUMNS))
    return table.astype({"paragraph": "Int64"})


def unverified(found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that do not stand in the text as the record has them."""
    return found[found["outcome"] != "found"]


def _verified(row: pd.Series, text: Sequence[Folded]) -> tuple[object, ...]:
    locator = row["locator"] if isinstance(row["locator"], str) else None
    located = _LOCATOR.fullmatch(locator) if locator else None
    wanted = int(located[1]) if located else None
    head = (row["obs_id"],)
    place = find(row["as_stated"], text, paragraph=wanted)
    if place is None:
        near = nearest(row["as_stated"], text)
        message = "The words do not stand in the text" + (", nor anything like them." if near is None else ".")
        said = (None, None) if near is None else (near.paragraph, near.passage)
        return *head, "missing", row["as_stated"], locator, *said, message
    body = (row["as_stated"], locator, place.paragraph, place.passage)
    if wanted is not None and place.paragraph != wanted:
        where = f"The words stand in paragraph {place.paragraph}, not in {wanted} of {len(text)}."
        return *head, "other_paragraph", *body, where
    ends = [row["value"]] if pd.isna(row["value_high"]) else [row["value"], row["value_high"]]
    unread = [f"{end:,.12g}" for end in ends if not reads(end, row["unit"], place.continued)]
    if unread:
        printed = ", ".join(f"{number:,.12g}" for number in sorted(readings(place.continued)))
        numbers = f"the numbers there are {printed}" if printed else "there is no number there"
        return *head, "value_not_read", *body, f"{' and '.join(unread)} {row['unit']} cannot be read: {numbers}."
    where = "" if locator is None or located else f" The locator {locator!r} names no paragraph, so it was not tested."
    return *head, "found", *body, f"Paragraph {place.paragraph}.{where}"
