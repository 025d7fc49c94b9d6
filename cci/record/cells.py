"""Hold every cell against its column: blanks, numbers, dates, allowed values, patterns, lengths.

Every rule looks at the distinct texts of a column at once; rows are counted only where one is at fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import isinf
from operator import itemgetter

from cci.errors import Problem, suggestion
from cci.record.csvfile import Sheet
from cci.record.schema import Field

LONGEST = 10_000  # characters in a cell; more is a file pasted into one

# column -> text of a cell -> its value; empty for columns of text
Typed = dict[str, dict[str, object]]
# what is found out about the texts of a column: their values, and advice for those at fault
_Judged = tuple[dict[str, object], dict[str, str]]

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
# Letters of scripts written without blanks between words (Thai, CJK, kana, Hangul), and the marks among them.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u2e80-\u2fff\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WIDE_MARK = re.compile("[\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]")
# What a spreadsheet would run as a formula. A sign before a digit is a figure ("+8.99%"), unless a call or a
# link to another program follows.
_SIGNS = frozenset("=@+-\uff1d\uff20\uff0b\uff0d")
_FORMULA = re.compile(r"[=@\uff1d\uff20]|[-+\uff0b\uff0d](?:[^0-9.]|$|.*(?:[A-Za-z]\(|\|))", re.DOTALL)


def cells(sheet: Sheet) -> tuple[Typed, list[Problem]]:
    """Return the values of all distinct texts of the columns that are not text, and the faulty cells."""
    typed: Typed = {}
    problems: list[Problem] = []
    for field in sheet.table.fields:
        if field.name in sheet.columns:
            typed[field.name], faults = _judged(field, set(sheet.columns[field.name]))
            if faults:
                problems += _at(sheet, field.name, faults)
    return typed, problems


def _at(sheet: Sheet, column: str, faults: Mapping[str, str]) -> Iterator[Problem]:
    for row, value in enumerate(sheet.columns[column]):
        if value in faults and row not in sheet.refused:
            yield sheet.problem(row, column, value, faults[value])


def _judged(field: Field, distinct: set[str]) -> _Judged:
    blank = "" in distinct
    distinct.discard("")
    values, faults = _KINDS[field.kind](list(distinct), field)
    for text in faults:
        # A stray blank or a whole file in a cell is the cause, whatever rule noticed it.
        faults[text] = _form_advice(text) or faults[text]
    if blank and field.required:
        faults[""] = "is blank; every row needs a value here"
    return values, faults


def _form_advice(text: str) -> str | None:
    if not text.strip():
        return "holds only blanks; empty the cell"
    if text.strip() != text:
        return "has blanks before or after it; delete them"
    return f"has more than {LONGEST:,} characters; shorten it" if len(text) > LONGEST else None


def _texts(texts: list[str], field: Field) -> _Judged:
    faults = _too_long(texts, field)
    if field.values is not None:
        allowed = f"; allowed: {', '.join(field.values)}" if len(field.values) <= 15 else ""
        for text in set(texts).difference(field.values):
            faults[text] = f"is not allowed here{suggestion(text, field.values, likeness=0.7)}{allowed}"
    elif field.pattern is not None:
        fits, form = field.pattern.fullmatch, field.pattern.pattern
        if not all(map(fits, texts)):
            faults |= {t: f"does not have the form {form}" for t in texts if not fits(t)}
    else:
        if list(map(str.strip, texts)) != texts:
            faults |= {t: "has blanks" for t in texts if t.strip() != t}
        if not _SIGNS.isdisjoint(map(itemgetter(0), texts)):
            advice = "would be run as a formula by a spreadsheet; begin it with a word or a figure"
            faults |= {t: advice for t in texts if _FORMULA.match(t)}
    if field.most_words is not None:
        most = field.most_words
        # A text has at most as many words as letters; plain ASCII is counted without the expressions.
        longer = [t for t in texts if len(t) > most and not (t.isascii() and len(t.split()) <= most)]
        advice = f"words, at most {most} of a source's words are kept; shorten it"
        faults |= {t: f"has {words(t)} {advice}" for t in longer if words(t) > most}
    return {}, faults


def _too_long(texts: list[str], field: Field) -> dict[str, str]:
    most = min(field.longest or LONGEST, LONGEST)
    if max(map(len, texts), default=0) <= most:
        return {}
    return {t: f"has {len(t)} characters, at most {most} are allowed; shorten it" for t in texts if len(t) > most}


def words(text: str) -> int:
    """Count words: runs between blanks, and each three letters of a script written without blanks."""
    spaced, unspaced = _UNSPACED.subn(" ", text)
    return len(_WIDE_MARK.sub(" ", spaced).split()) - (-unspaced // 3)


def _numbers(texts: list[str], field: Field) -> _Judged:
    fits = _NUMBER.fullmatch
    faults = {text: _number_advice(text) for text in texts if not fits(text)}
    values = {text: float(text) for text in texts if text not in faults}
    faults |= {text: "is too large for a number" for text, value in values.items() if isinf(value)}
    return dict(values), faults | _out_of_bounds(values, field)


def _integers(texts: list[str], field: Field) -> _Judged:
    fits = _WHOLE.fullmatch
    faults = {text: _number_advice(text) for text in texts if not fits(text) or len(text) > 18}
    values = {text: int(text) for text in texts if text not in faults}
    return dict(values), faults | _out_of_bounds(values, field)


def _out_of_bounds(values: Mapping[str, float], field: Field) -> dict[str, str]:
    faults: dict[str, str] = {}
    if field.minimum is not None:
        advice = f"is below {field.minimum:g}, the least that {field.name} can be"
        faults |= {text: advice for text, value in values.items() if value < field.minimum}
    if field.maximum is not None:
        advice = f"is above {field.maximum:g}, the most that {field.name} can be"
        faults |= {text: advice for text, value in values.items() if value > field.maximum}
    return faults


def _number_advice(text: str) -> str:
    if _NUMBER.fullmatch(text):
        return "is not a whole number" if "." in text else "is too large for a whole number"
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-")
    if plain != text and _NUMBER.fullmatch(plain):
        return f"is not written in plain digits; write {plain}"
    bare = re.sub(r"[,'_ \u2019]", "", plain)
    if bare != plain and _NUMBER.fullmatch(bare):
        return f"has marks between its digits; write {bare}"
    if bare.lower().lstrip("+-") in ("", "nan", "inf", "infinity", "na", "n/a", "null", "none", "unknown"):
        return "is not a number; leave the cell empty where the figure is not known"
    if re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", bare):
        return "is in powers of ten; write the number out"
    return "is not a number (digits, a point before decimals, a minus sign for a fall)"


def _booleans(texts: list[str], field: Field) -> _Judged:
    advice = "is neither true nor false; write one of the two in small letters"
    values: dict[str, object] = {"true": True, "false": False}
    return values, {text: advice for text in texts if text not in values}


def _dates(texts: list[str], field: Field) -> _Judged:
    fits, rest = (field.pattern or _DATE).fullmatch, {4: "-01-01", 7: "-01"}
    values: dict[str, object] = {}
    for text in texts:
        if fits(text):
            try:
                if text not in field.also:
                    date.fromisoformat(text + rest.get(len(text), ""))
                values[text] = text
            except ValueError:
                pass
    return values, {text: _date_advice(text, field) for text in texts if text not in values}


def _date_advice(text: str, field: Field) -> str:
    use = f"(use YYYY-MM-DD{''.join(f', {word}' for word in sorted(field.also))}, YYYY-MM or YYYY)"
    if not _DATE.fullmatch(text):
        return f"is not a date {use}"
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return f"is not a date of the calendar {use}"
    return "is a year that the record cannot hold; check the date"


def _lists(texts: list[str], field: Field) -> _Judged:
    return {text: tuple(text.split(field.separator)) for text in texts}, _too_long(texts, field)


_KINDS: dict[str, Callable[[list[str], Field], _Judged]] = {
    "text": _texts,
    "number": _numbers,
    "integer": _integers,
    "boolean": _booleans,
    "date": _dates,
    "list": _lists,
}
