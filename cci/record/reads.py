"""Which questions a process has put to the record, so that its results can be told fresh from stale.

A question is a public member of `Dataset` with its arguments, as `series("weekly_flights", scope="route-ckg-sin")`.
Whoever computes from a record knows no more of it than the answers: as long as asking again gives the same answers,
the result stands. Only names are kept here, which costs nothing; `digest` turns an answer into what is compared, and
`cci.record.answers` does so for a whole list of questions.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Origin(NamedTuple):
    """What a dataset was loaded from: folder (None: the book's own), day, rule, and the fingerprint it had."""

    data: str | None
    as_of: str | None
    rule: str
    fingerprint: str


class Digest(NamedTuple):
    """An answer as hashes: of all of it, and of each of its rows by the name of the row."""

    whole: str
    rows: dict[str, str]


class Asked(Protocol):
    """What can be asked: something loaded from an origin."""

    @property
    def read_from(self) -> Origin: ...


Questions = dict[str, None]  # as JSON, in the order they were first put

_asked: dict[Origin, Questions] = {}  # of each dataset
_QUESTIONS: set[str] = set()
_collected: ContextVar[Questions | None] = ContextVar("collected", default=None)
_answering: ContextVar[bool] = ContextVar("answering", default=False)


def question(method: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Note every call of a method of a dataset, except those that answer another question.

    Arguments that are lists of any kind arrive in the method as tuples.
    """
    name = method.__name__
    _QUESTIONS.add(name)

    @functools.wraps(method)
    def ask(self: Asked, *args: P.args, **named: P.kwargs) -> R:
        if _answering.get():
            return method(self, *args, **named)
        given = [plain(arg) for arg in args], {key: plain(arg) for key, arg in named.items()}
        noted = _collected.get()
        if noted is None:
            noted = _asked.setdefault(self.read_from, {})
        noted[json.dumps([name, *given], sort_keys=True)] = None
        with answering():
            return method(self, *given[0], **given[1])

    return ask


def collect(noted: Questions | None) -> None:
    """Note the questions put from now on in `noted`, as those of one page among others; None: in `asked` again."""
    _collected.set(noted)


@contextmanager
def answering() -> Iterator[None]:
    """Take what is read meanwhile for part of one answer."""
    token = _answering.set(True)
    try:
        yield
    finally:
        _answering.reset(token)


def loaded(origin: Origin) -> None:
    """Note that a record was read, even where nothing is asked of it: a faulty one would have been refused."""
    if not _answering.get():
        _asked.setdefault(origin, {})


def asked() -> list[dict[str, Any]]:
    """Return what this process has asked: per dataset its origin and `questions`, each [name, arguments, named]."""
    return [
        {**origin._asdict(), "questions": [json.loads(q) for q in questions]} for origin, questions in _asked.items()
    ]


def answer(dataset: Any, question: Iterable[Any]) -> Any:
    """Put a question, as `asked` returns it, to a dataset; an exception is an answer too. ValueError if it is none."""
    name, args, named = question
    if name not in _QUESTIONS:
        raise ValueError(f"{name!r} is no question to a record")
    with answering():
        try:
            member = getattr(type(dataset), name)
            return getattr(dataset, name) if isinstance(member, property) else member(dataset, *args, **named)
        except Exception as refusal:
            return f"{type(refusal).__name__}: {refusal}"


def digest(found: Any) -> Digest:
    """Return the digest of an answer. Of a frame all that a caller sees counts: columns, types, attributes, rows."""
    if not hasattr(found, "itertuples"):
        return of_rows(repr(_shown(found)), ())
    key = "obs_id" if "obs_id" in found.columns else found.columns[0] if len(found.columns) else None
    names = map(str, found[key]) if key is not None else ()
    index = repr(list(found.index)) if not _counted(found.index) else ""
    return of_rows(form(found) + index, zip(names, row_digests(found), strict=True))


def form(frame: Any) -> str:
    """Return all of a frame but its rows and index, as text."""
    return repr((list(frame.columns), [str(kind) for kind in frame.dtypes], sorted(frame.attrs.items())))


def row_digests(frame: Any) -> list[str]:
    """Return a hash of each row, without its place in the index."""
    # repr of a float is exact, and types are told once a column, so that 1 and 1.0 differ there.
    return [_hash(repr(row)) for row in zip(*(frame[name].tolist() for name in frame.columns), strict=True)]


def of_rows(head: str, rows: Iterable[tuple[str, str]]) -> Digest:
    """Return the digest of an answer from its head and its rows, each with a name."""
    listed = list(rows)
    named: dict[str, str] = {}
    for name, row in listed:
        named[name] = row if name not in named else _hash(named[name] + row)
    return Digest(_hash("\n".join([head, *(row for _, row in listed)])), named)


def _counted(index: Any) -> bool:
    """Whether an index only counts the rows from 0."""
    return list(index) == list(range(len(index)))


def plain(value: Any) -> Any:
    """Return an argument as JSON holds it: lists of any kind as lists, numbers and text as they are."""
    if isinstance(value, str) or value is None:
        return str(value) if value is not None else None
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


def _shown(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(map(repr, value))
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    if hasattr(value, "items"):  # a row of a frame
        return list(value.items())
    return value


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
