"""A review as Markdown for the comment on a pull request, in no more characters than one can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cci.book.messages import counted, plain
from cci.book.review.changes import Change, Review
from cci.book.review.dossier import summary
from cci.book.review.severity import PARTS, RULES, Severity

MOST = 65_536  # characters that GitHub takes
_LONG = 300  # characters of one text; the page has all of it
_FACTS = 4  # lines of one change
_SIGNS = re.compile(r"([\\`*_\[\]#|~$]|^\d*[-+=.)])")
# What GitHub would turn into a notice to somebody or a link. A joiner without width, put behind it, prevents that and
# is not seen; a backslash does not, as names are looked for in what has been drawn.
_CALLS = re.compile(r"@|\\#|GH-|https?:|ftp:|www\.", re.IGNORECASE)
_JOINER = "\u2060"


def comment(review: Review, *, most: int = MOST) -> str:
    """Return the Markdown: a summary, counts, then the changes, the gravest first, as many as fit into `most`."""
    lines = [f"## Review: {summary(review)}", "", f"From {escaped(review.base)} to {escaped(review.head)}.", ""]
    lines += _counts(review)
    for remark in review.remarks:
        lines += [escaped(remark, long=10 * _LONG), ""]
    text = "\n".join(lines)
    left = len(review.changes)
    for severity in reversed(Severity):
        found = [change for change in review.changes if change.severity is severity]
        opening, closing = _around(severity, len(found))
        for number, change in enumerate(found):
            block = (opening if number == 0 else "") + _block(change)
            rest = f"\n{counted(left, 'further change')} in the dossier.\n"
            if len(text) + len(block) + len(closing) + len(rest) > most:
                return text + (closing if number else "") + rest
            text += block
            left -= 1
        text += closing if found else ""
    return text


def _around(severity: Severity, number: int) -> tuple[str, str]:
    """What stands before and after the changes of one severity; notes are folded."""
    if severity is Severity.note:
        return f"\n<details><summary>{counted(number, 'note')}</summary>\n\n", "\n</details>\n"
    return f"\n### {severity.name.capitalize()}s\n\n", ""


def escaped(text: str, *, long: int = _LONG) -> str:
    """Return a text as Markdown that shows it in one line and obeys nothing in it: no mark-up, link or mention."""
    words = " ".join(plain(" ".join(text.split())).split())
    words = f"{words[:long]} …" if len(words) > long else words
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALLS.sub(lambda call: f"{call[0]}{_JOINER}", _SIGNS.sub(_backslash, words))


def _backslash(sign: re.Match[str]) -> str:
    return f"{sign[0][:-1]}\\{sign[0][-1]}"  # 1. begins a list: 1\\.


def _counts(review: Review) -> Iterator[str]:
    if not review.changes:
        return
    yield f"| part | {' | '.join(f'{one.name}s' for one in reversed(Severity))} |"
    yield "|---|--:|--:|--:|"
    for part, title in PARTS.items():
        if found := review.of(part):
            numbers = (sum(change.severity is one for change in found) for one in reversed(Severity))
            yield f"| {title} | {' | '.join(map(str, numbers))} |"
    yield ""


def _block(change: Change) -> str:
    where = f" ({escaped(change.where)})" if change.where else ""
    lines = [f"- **{PARTS[change.part]}**: {RULES[change.rule].meaning}{where}"]
    lines += [f"  - {escaped(change.what)}"] if change.what else []
    sides = (("before", change.before), ("now", change.after))
    lines += [f"  - {side}: {escaped(text)}" for side, text in sides if text is not None]
    lines += [f"  - {escaped(fact)}" for fact in change.facts[:_FACTS]]
    return "\n".join(lines) + "\n"
