"""A review as one HTML page that needs nothing else: no script, no other file, no other host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from cci.book.messages import counted, plain
from cci.book.review.changes import Change, Review
from cci.book.review.pictures import Picture, picture
from cci.book.review.severity import PARTS, RULES, Severity
from cci.book.site.rendering import environment, tagged

DRAWN = 40  # changes; each weighs about a tenth of a megabyte
# A word with the points and commas of a number in it, blanks, or one sign; Chinese is compared sign by sign.
_TOKEN = re.compile(r"[^\W\u2e80-\u9fff][\w.,%$/-]*(?<![.,])|\s+|.", re.DOTALL)


def dossier(review: Review) -> str:
    """Return the page; every text of the record and the chapters in it is escaped, hidden characters are shown.

    The charts of the first DRAWN changes that have some are drawn, and the others are told in words.
    """
    drawn = [id(change) for change in review.changes if change.charts][:DRAWN]
    numbered = {id(change): f"change-{number}" for number, change in enumerate(review.changes, 1)}
    template = _environment().get_template("dossier.html")
    page: str = template.render(
        review=review,
        parts=PARTS,
        rules=RULES,
        severities=list(reversed(Severity)),
        summary=summary(review),
        anchor=lambda change: numbered[id(change)],
        pictures=lambda change: _pictures(change) if id(change) in drawn else [],
        left_out=f"Not drawn, as charts of more than {DRAWN} changes would make this page too heavy.",
        gravest=[change for change in review.changes if change.severity is Severity.error],
    )
    return page


def summary(review: Review) -> str:
    """Return a review in one line: 1 error, 2 warnings, 30 notes."""
    if review.severity is None:
        return "nothing changed"
    return ", ".join(counted(number, severity.name) for severity, number in review.counts.items() if number)


def _pictures(change: Change) -> list[tuple[str, Picture]]:
    """The charts of a change, each with its heading."""
    sides = (("Before", change.charts.before), ("Now", change.charts.after)) if change.charts else ()
    return [(heading, picture(spec)) for heading, spec in sides if spec is not None]


def _marked(change: Change, side: str) -> Markup:
    """The words before or after, with what the other side does not have marked as taken out or put in."""
    before, after = plain(change.before or ""), plain(change.after or "")
    if change.before is None or change.after is None:
        return tagged(before or after)
    number, element = {"before": (0, "del"), "after": (1, "ins")}[side]
    wrapped = Markup(f"<{element}>{{}}</{element}>")
    pieces = _pieces(_TOKEN.findall(before), _TOKEN.findall(after), number)
    return Markup("").join(wrapped.format(tagged(text)) if differs else tagged(text) for text, differs in pieces)


def _pieces(old: list[str], new: list[str], side: int) -> Iterator[tuple[str, bool]]:
    for tag, low, high, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        text = "".join((old[low:high], new[start:stop])[side])
        if text:
            yield text, tag != "equal"


@cache
def _environment() -> Environment:
    templates = environment().overlay(loader=FileSystemLoader(Path(__file__).parent / "templates"))
    templates.filters.update(said=lambda text: tagged(plain(text)), marked=_marked)
    return templates
