"""The text of a source by paragraphs, and where in it given words stand.

Words are compared as folded: Unicode NFKC without case, one kind of quote and of dash, nothing invisible, and blanks
only between words of scripts that have them. `...` or … in the words marks what was left out between their parts, and
what stands in square brackets was completed by the compilers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from cci.errors import ParameterError

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

WRAPPED = 100  # characters: where no line is longer, a text was wrapped by hand and blank lines end its paragraphs
LIKE = 0.5  # of a passage, from which it is shown as the nearest (ratio of difflib)
_COMPARED = 5  # paragraphs that share most with the words and are compared letter by letter

_SINGLE, _DOUBLE, _DASH = "'", '"', "-"
_ALIKE = {
    **dict.fromkeys("’‘‚‛′ʼ`´", _SINGLE),
    **dict.fromkeys("“”„‟″«»「」『』〝〞〟", _DOUBLE),
    **dict.fromkeys("‐‑‒–—―−－﹣⁃─", _DASH),
}
_UNSPACED = re.compile("[\u0e00-\u0e7f\u2e80-\u303f\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_GAP = re.compile(r"\.\.\.|…+")
_COMPLETED = re.compile(r"\[[^\]]*\]")

_BEFORE_THOUSANDS, _THOUSANDS = re.compile(r"(?<!\d)\d{1,3}$"), re.compile(r"\d{3}(?!\d)")
# A digit raised after one of these is its power; anywhere else it marks a note.
_LENGTH = re.compile(r"(?:^|[\W\d_])(?:[kcdm]?m|ft|mi)$")

_HIDDEN = frozenset(("script", "style", "noscript", "template", "head", "nav", "iframe", "svg"))
_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
     "kbd", "label", "mark", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
     "tt", "u", "var", "wbr")
)  # fmt: skip
_CELLS = frozenset(("td", "th"))


@dataclass(frozen=True)
class Folded:
    """A text as it is compared; `at` gives for each of its characters the place in `source`."""

    source: str
    text: str
    at: tuple[int, ...]

    def passage(self, start: int, stop: int) -> str:
        """Return the source's own characters behind a part of the folded text."""
        return self.source[self.at[start] : self.at[stop - 1] + 1]


@dataclass(frozen=True)
class Place:
    """Where words stand: the paragraph's number, from 1, and the passage with what finishes its last word or scale."""

    paragraph: int
    passage: str
    continued: str


def paragraphs(path: Path) -> list[str]:
    """Return the paragraphs of a text or an HTML page, blank ones left out.

    Of a page, every block of text is one (a heading, a list item, a row of a table), in order, without scripts, styles
    and navigation. Of a text, every line is one, unless no line is longer than WRAPPED and blank lines divide them.
    Raises ParameterError for a file that cannot be read or is no text.
    """
    from bs4 import BeautifulSoup
    from bs4.dammit import UnicodeDammit

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ParameterError(
            f"{path} cannot be read ({error.strerror}); give the file with the source's text"
        ) from None
    if path.suffix.lower() in (".html", ".htm", ".xhtml") or re.match(rb"\s*<(?:!doctype html|html)\b", raw, re.I):
        lines = _blocks(BeautifulSoup(raw, "html.parser"))
        return [line.strip() for line in lines if line.strip()]
    text = UnicodeDammit(raw, ["utf-8", "gb18030"]).unicode_markup
    if text is None or "\0" in text:
        raise ParameterError(f"{path} is neither text nor a page; save what the source says as text in UTF-8")
    lines = text.splitlines()
    if any(not line.strip() for line in lines) and max(map(len, lines)) <= WRAPPED:
        lines = [" ".join(block.split()) for block in re.split(r"\n\s*\n", "\n".join(lines))]
    return [line.strip() for line in lines if line.strip()]


def _blocks(page: BeautifulSoup) -> list[str]:
    from bs4.element import CData, NavigableString, Tag

    pieces: list[str] = []
    stack: list[object] = [page]
    while stack:  # no recursion: a page may be nested deeper than Python's stack
        one = stack.pop()
        if type(one) is str:
            pieces.append(one)
        elif type(one) in (NavigableString, CData):  # its other subclasses are comments, scripts and declarations
            pieces.append(re.sub(r"\s+", " ", str(one)))
        elif isinstance(one, Tag) and one.name == "br":
            pieces.append("\n")
        elif isinstance(one, Tag) and one.name not in _HIDDEN:
            edge = "" if one.name in _INLINE else " " if one.name in _CELLS else "\n"
            inside = [_raised(one.get_text())] if one.name == "sup" else reversed(one.contents)
            stack += [edge, *inside, edge]
    return "".join(pieces).split("\n")


def _raised(text: str) -> str:
    """Digits as superscripts, so that the mark of a footnote does not lengthen the number before it."""
    return text.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def folded(text: str) -> Folded:
    """Return a text as it is compared, whatever its quotes, dashes, widths, case and invisible characters."""
    source = unicodedata.normalize("NFC", text)
    letters: list[str] = []
    at: list[int] = []
    blank: int | None = None
    for place, sign in enumerate(source):
        if unicodedata.category(sign) == "Cf" or _is_note(sign, letters):
            continue
        for letter in _letters(source, place):
            if letter.isspace():
                blank = place if blank is None else blank
                continue
            if letter == _DASH and letters[-1:] == [_DASH]:
                continue
            if blank is not None and _parted(letters, letter):
                letters.append(" ")
                at.append(blank)
            blank = None
            letters.append(letter)
            at.append(place)
    return Folded(source, "".join(letters), tuple(at))


def _letters(source: str, place: int) -> str:
    sign = source[place]
    if sign == "，" and not (
        _BEFORE_THOUSANDS.search(source[max(0, place - 4) : place]) and _THOUSANDS.match(source, place + 1)
    ):
        return ", "  # it parts two numbers, where a plain comma would join them: 2015，86,000
    return _ALIKE.get(sign) or unicodedata.normalize("NFKC", sign).casefold()


def _is_note(sign: str, letters: Sequence[str]) -> bool:
    """Whether a sign is the mark of a footnote: a raised digit that does not follow a unit of length."""
    raised = unicodedata.decomposition(sign).startswith("<super>") and sign.isdigit()
    return raised and bool(letters) and not _LENGTH.search("".join(letters[-3:]))


def _parted(letters: Sequence[str], after: str) -> bool:
    """Whether a blank between two letters tells them apart: between words, and before a number after 2015, or 2015."""
    if not letters or not _is_word(after):
        return False
    if letters[-1] in ",.":
        return len(letters) > 1 and letters[-2].isdigit() and after.isdigit()
    return _is_word(letters[-1])


def _is_word(letter: str) -> bool:
    return letter.isalnum() and not _UNSPACED.match(letter)


def find(words: str, text: Sequence[Folded], *, paragraph: int | None = None) -> Place | None:
    """Return where the words stand: in that paragraph if they do, else in the first that has them, or across two."""
    parts = _parts(words)
    if not parts:
        return None
    order = sorted(range(len(text)), key=lambda n: n + 1 != paragraph)
    for number in order:
        place = _within(parts, text[number], number + 1)
        if place is not None:
            return place
    for number in order:  # a line may break between them
        if number + 1 < len(text):
            place = _within(parts, folded(f"{text[number].source} {text[number + 1].source}"), number + 1)
            if place is not None:
                return place
    return None


def _parts(words: str) -> list[tuple[str, bool]]:
    """The words folded, part by part, and whether a part may end within a word because the rest was completed."""
    parts = []
    for part in _GAP.split(words):
        pieces = _COMPLETED.split(part)
        parts += [(folded(piece).text, n < len(pieces) - 1) for n, piece in enumerate(pieces)]
    return [(text, cut) for text, cut in parts if text]


def _within(parts: Sequence[tuple[str, bool]], paragraph: Folded, number: int) -> Place | None:
    text = paragraph.text
    for start in _standing(*parts[0], text, 0):
        stop = start + len(parts[0][0])
        for part, cut in parts[1:]:
            nearest = next(_standing(part, cut, text, stop), None)
            if nearest is None:
                break
            stop = nearest + len(part)
        else:
            rest = re.compile(r"[^\W\d_]*[\s-]*[^\W\d_]*").match(text, stop)
            end = min(rest.end(), stop + 20) if rest else stop
            return Place(number, paragraph.passage(start, stop), paragraph.passage(start, end))
    return None


def _standing(part: str, cut: bool, text: str, start: int) -> Iterator[int]:
    """The places from `start` where a part stands as whole words and whole numbers."""
    at = text.find(part, start)
    while at >= 0:
        stop = at + len(part)
        if not _joined(text, at) and (cut or not _joined(text, stop)):
            yield at
        at = text.find(part, at + 1)


def _joined(text: str, at: int) -> bool:
    """Whether the characters before and from `at` belong to one word or one number."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isdigit() and after.isdigit():
        return True
    if before in ",." and after.isdigit():
        return at > 1 and text[at - 2].isdigit()
    if after in ",." and before.isdigit():
        return at + 1 < len(text) and text[at + 1].isdigit()
    return before.isalpha() and after.isalpha() and _is_word(before) and _is_word(after)


def nearest(words: str, text: Sequence[Folded]) -> Place | None:
    """Return the passage most like the words, at least LIKE, or None."""
    wanted = "".join(part for part, _ in _parts(words))
    tokens = set(_tokens(wanted))
    ranked = sorted(range(len(text)), key=lambda n: -len(tokens.intersection(_tokens(text[n].text))))
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    best, likeness = None, LIKE
    for number in ranked[:_COMPARED]:
        paragraph = text[number]
        matcher.set_seq1(paragraph.text)
        match = matcher.find_longest_match()
        start = max(0, match.a - match.b)
        stop = min(len(paragraph.text), start + len(wanted))
        matcher.set_seq1(paragraph.text[start:stop])
        if wanted and stop > start and matcher.ratio() >= likeness:
            likeness = matcher.ratio()
            start, stop = _whole(paragraph.text, start, stop)
            best = Place(number + 1, paragraph.passage(start, stop), paragraph.passage(start, stop))
    return best


def _tokens(text: str) -> list[str]:
    return re.findall(r"\d[\d,.]*|[^\W\d_]+?(?=[\W\d_]|$)", _UNSPACED.sub(r" \g<0> ", text))


def _whole(text: str, start: int, stop: int) -> tuple[int, int]:
    """Widen a part of a text to whole words and numbers."""
    while _joined(text, start):
        start -= 1
    while _joined(text, stop):
        stop += 1
    return start, stop
