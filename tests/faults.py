"""Faults to put into a copy of the record.

CELLS and FILES are single ones, each with the place and the words of the refusal it must meet. BYTES and ROWS are
classes of faults of form, put at seeded places of every table: the check must refuse each. SLIPS are classes of wrong
figures in good form, which only other figures can give away: the audit flags a part. Which, is kept in `slips.csv`;
`python tests/faults.py` draws that list anew.
"""

import csv
import io
import json
import random
import re
from pathlib import Path

OBS = "air_passengers-ckg-2018-10-31-1"
SOURCE = "acc-2018-09-17-han-baochang"
DISTANCE = "distance-chongqing-sea-yangtze-2017"
COUNCIL = "ev-2014-10-27-jcbc11"

# what is wrong: table, key of the row, cells put there, column refused, words of the refusal
CELLS = {
    # numbers
    "thousands separators": ("observations", OBS, {"value": "34,588,000"}, "value", "write 34588000"),
    "blanks between digits": ("observations", OBS, {"value": "34 588 000"}, "value", "write 34588000"),
    "apostrophes between digits": ("observations", OBS, {"value": "34'588'000"}, "value", "write 34588000"),
    "powers of ten": ("observations", OBS, {"value": "3.4588e7"}, "value", "powers of ten"),
    "nan": ("observations", OBS, {"value": "nan"}, "value", "leave the cell empty"),
    "infinity": ("observations", OBS, {"value": "-inf"}, "value", "leave the cell empty"),
    "full-width digits": ("observations", OBS, {"value": "３４５"}, "value", "write 345"),
    "Arabic digits": ("observations", OBS, {"value": "٣٤٥"}, "value", "not a number"),
    "a typographic minus": ("observations", OBS, {"growth_percent": "−7.6"}, "growth_percent", "write -7.6"),
    "a percent sign": ("observations", OBS, {"growth_percent": "7.6%"}, "growth_percent", "not a number"),
    "a plus sign": ("observations", OBS, {"growth_percent": "+7.6"}, "growth_percent", "not a number"),
    "a decimal comma": ("observations", OBS, {"growth_percent": "7,6"}, "growth_percent", "marks between"),
    "a currency sign": ("observations", OBS, {"value": "US$5"}, "value", "not a number"),
    "leading zeros": ("observations", OBS, {"value": "007"}, "value", "not a number"),
    "hexadecimal digits": ("observations", OBS, {"value": "0x10"}, "value", "not a number"),
    "no digit before the point": ("observations", OBS, {"value": ".5"}, "value", "not a number"),
    "two points": ("observations", OBS, {"value": "1.2.3"}, "value", "not a number"),
    "a number past all bounds": ("observations", OBS, {"value": "9" * 400}, "value", "too large"),
    "a scale in the value": ("observations", OBS, {"value": "3458.8万"}, "value", "not a number"),
    "no value": ("observations", OBS, {"value": ""}, "value", "blank"),
    "a blank before a number": ("observations", OBS, {"value": " 5"}, "value", "blanks before or after"),
    "a negative count": ("observations", OBS, {"value": "-5"}, "value", "below 0, the least that a value in persons"),
    "a half agreement": ("events", COUNCIL, {"outcome_count": "5.5"}, "outcome_count", "whole number"),
    "a count in words": ("events", COUNCIL, {"outcome_count": "five"}, "outcome_count", "not a number"),
    "a negative count of outcomes": ("events", COUNCIL, {"outcome_count": "-1"}, "outcome_count", "below 0"),
    "a whole number past all bounds": ("events", COUNCIL, {"outcome_count": "9" * 30}, "outcome_count", "too large"),
    "a step before the first": ("milestones", "meat-export-01", {"order": "0"}, "order", "below 1"),
    "a series of two dates": ("series", "air_cargo-changi", {"n_dates": "2"}, "n_dates", "below 3"),
    "a year of another age": ("factors", DISTANCE, {"year": "20170"}, "year", "above 2100"),
    "a negative distance": ("factors", DISTANCE, {"value": "-1"}, "value", "below 0"),
    # truth values
    "TRUE in capitals": ("indicators", "air_cargo", {"additive": "TRUE"}, "additive", "small letters"),
    "yes for true": ("indicators", "air_cargo", {"additive": "yes"}, "additive", "neither true nor false"),
    "no truth value": ("series", "air_cargo-changi", {"chartable": ""}, "chartable", "blank"),
    # dates
    "a thirteenth month": ("observations", OBS, {"period_end": "2018-13-31"}, "period_end", "(use YYYY-MM-DD"),
    "a day that does not exist": ("observations", OBS, {"period_end": "2018-02-30"}, "period_end", "of the calendar"),
    "a leap day in a common year": ("observations", OBS, {"period_end": "2019-02-29"}, "period_end", "of the calendar"),
    "month nought": ("observations", OBS, {"period_end": "2018-00"}, "period_end", "of the calendar"),
    "a date without zeros": ("observations", OBS, {"period_end": "2018-1-5"}, "period_end", "not a date"),
    "day before month": ("observations", OBS, {"period_end": "31/10/2018"}, "period_end", "not a date"),
    "a date without dashes": ("observations", OBS, {"period_end": "20181031"}, "period_end", "not a date"),
    "a week date": ("observations", OBS, {"period_end": "2018-W44-3"}, "period_end", "not a date"),
    "a time of day": ("observations", OBS, {"period_end": "2018-10-31T00:00"}, "period_end", "not a date"),
    "a date in words": ("sources", SOURCE, {"published": "Sept 2018"}, "published", "not a date"),
    "a year out of range": ("observations", OBS, {"period_start": "0018-01-01"}, "period_start", "cannot hold"),
    "no day of access": ("sources", SOURCE, {"accessed": ""}, "accessed", "blank"),
    "a word for a launch": ("instruments", "air-corridor", {"launched": "soon"}, "launched", "planned"),
    # allowed values
    "a misspelt qualifier": ("observations", OBS, {"qualifier": "exct"}, "qualifier", "did you mean 'exact'?"),
    "a qualifier in capitals": ("observations", OBS, {"qualifier": "Exact"}, "qualifier", "did you mean 'exact'?"),
    "a flag nobody defined": ("observations", OBS, {"flag": "dubious"}, "flag", "allowed: forecast"),
    "two flags": ("observations", OBS, {"flag": "target;forecast"}, "flag", "not allowed"),
    "a growth base nobody defined": ("observations", OBS, {"growth_base": "mom"}, "growth_base", "allowed: yoy"),
    "a measure nobody defined": ("indicators", "air_cargo", {"measure": "sum"}, "measure", "allowed: cumulative"),
    "a monotone that falls": ("indicators", "air_cargo", {"monotone": "down"}, "monotone", "allowed: up, none"),
    "a pillar by its title": ("indicators", "air_cargo", {"pillar": "Aviation"}, "pillar", "did you mean 'aviation'?"),
    "a kind of source": ("sources", SOURCE, {"kind": "newspaper"}, "kind", "not allowed"),
    "a side": ("organisations", "airport-jv", {"side": "both"}, "side", "here; allowed: chinese"),
    "a role": ("participations", (COUNCIL, "mfa-china"), {"role": "guest"}, "role", "allowed: organiser"),
    "an outcome": ("relations", "r-286", {"expected": "hold"}, "expected", "did you mean 'holds'?"),
    "a kind of relation": ("relations", "r-286", {"kind": "minus"}, "kind", "allowed: growth"),
    "a unit of factors": ("factors", DISTANCE, {"unit": "miles"}, "unit", "allowed"),
    "the unit of participants": ("events", "ev-2018-11-02-ccifs1", {"participants_unit": "guests"}, "participants_unit",
                                 "allowed: persons"),
    # form of text
    "an id with capitals": ("relations", "r-286", {"relation_id": "R-286"}, "relation_id", "does not have the form"),
    "an id with a blank": ("milestones", "meat-export-01", {"milestone_id": "meat 01"}, "milestone_id", "the form"),
    "an address that runs": ("sources", SOURCE, {"url": "javascript:alert(1)"}, "url", "the form"),
    "an address with blanks": ("sources", SOURCE, {"url": "https://a.b/c d"}, "url", "the form"),
    "a language by name": ("sources", SOURCE, {"language": "English"}, "language", "the form"),
    "nine words of a source": ("observations", OBS, {"as_stated": "one two three four five six seven eight nine"},
                               "as_stated", "has 9 words, at most 8"),
    "a sentence in Chinese": ("observations", OBS, {"as_stated": "旅客吞吐量突破三千四百万人次并创下历史同期新高纪录"},
                              "as_stated", "has 9 words, at most 8"),
    "a title past its length": ("sources", SOURCE, {"title": "x" * 401}, "title", "at most 400"),
    "a page in a cell": ("observations", OBS, {"note": "word " * 2500 + "end"}, "note", "10,000 characters"),
    "a formula": ("observations", OBS, {"note": "=1+1"}, "note", "formula"),
    "a formula behind an at sign": ("observations", OBS, {"note": "@SUM(A1)"}, "note", "formula"),
    "a command behind a plus": ("observations", OBS, {"note": "+cmd|' /C calc'!A0"}, "note", "formula"),
    "a command behind a sum": ("observations", OBS, {"note": "-2+3+cmd|' /C calc'!A0"}, "note", "formula"),
    "a full-width formula": ("sources", SOURCE, {"title": "＝1+1"}, "title", "formula"),
    "a blank after text": ("observations", OBS, {"note": "Ten months "}, "note", "blanks before or after"),
    "an ideographic blank": ("observations", OBS, {"note": "\u3000Ten months"}, "note", "blanks before or after"),
    "only blanks": ("observations", OBS, {"note": "  "}, "note", "only blanks"),
    "a text turned round": ("observations", OBS, {"note": "a \u202egnp.exe"}, "note", "U+202E"),
    "a letter without width": ("observations", OBS, {"note": "zero\u200bwidth"}, "note", "U+200B"),
    "a bell": ("observations", OBS, {"note": "ding\x07"}, "note", "U+0007"),
    "a NUL": ("observations", OBS, {"note": "nul\x00"}, "note", "U+0000"),
    "a tab": ("observations", OBS, {"note": "a\tb"}, "note", "U+0009"),
    "a line separator": ("observations", OBS, {"note": "a\u2028b"}, "note", "U+2028"),
    "a lost letter": ("observations", OBS, {"note": "caf\ufffd"}, "note", "U+FFFD"),
    "a soft hyphen in an id": ("observations", OBS, {"source_id": "jtjcq-2018-11-14-avi\u00adation-oct2018"},
                               "source_id", "U+00AD"),
    "no words of the source": ("observations", OBS, {"as_stated": ""}, "as_stated", "blank"),
    # references
    "an unknown indicator": ("observations", OBS, {"indicator": "air_pasengers"}, "indicator", "'air_passengers'?"),
    "an unknown scope": ("observations", OBS, {"scope": "ckgg"}, "scope", "did you mean 'ckg'?"),
    "an unknown source": ("observations", OBS, {"source_id": "jtjcq-2018"}, "source_id", "is not in"),
    "a unit that is not the indicator's": ("observations", OBS, {"unit": "tonnes"}, "unit", "has 'persons'"),
    "a unit in the singular": ("observations", OBS, {"unit": "person"}, "unit", "has 'persons'"),
    "an unknown source of an event": ("events", COUNCIL, {"source_id": "nowhere"}, "source_id", "is not in"),
    "an unknown event": ("participations", (COUNCIL, "mfa-china"), {"event_id": "ev-2014-10-27-jcbc12"}, "event_id",
                         "did you mean 'ev-2014-10-27-jcbc11'?"),
    "an unknown body": ("participations", (COUNCIL, "mfa-china"), {"organisation_id": "mfa-chnia"}, "organisation_id",
                        "did you mean 'mfa-china'?"),
    "an unknown source of a step": ("milestones", "meat-export-01", {"source_id": "nowhere"}, "source_id", "is not in"),
    "an unknown source of a factor": ("factors", DISTANCE, {"source_id": "nowhere"},
                                      "source_id", "is not in"),
    "an unknown origin": ("sources", SOURCE, {"origin": "xinhau"}, "origin", "did you mean 'xinhua'?"),
    "an origin that is part of itself": ("origins", "stb", {"part_of": "stb"}, "part_of", "back to itself"),
    "an unknown head office": ("origins", "stb", {"part_of": "mti"}, "part_of", "is not in"),
    "a part without a reason": ("origins", "stb", {"note": ""}, "note", "blank although part_of is 'mti-singapore'"),
    "an unknown wider scope": ("scopes", "airport-jv", {"part_of": "ckgg"}, "part_of", "did you mean 'ckg'?"),
    "a scope that is part of itself": ("scopes", "airport-jv", {"part_of": "airport-jv"}, "part_of", "back to itself"),
    "a series without observations": ("series", "air_cargo-changi", {"scope": "airport-jv"}, "scope", "does not go"),
    "an unknown figure preferred": ("disagreements", "d-15-or-195", {"preferred_obs_id": "first_shipment_weight"},
                                    "preferred_obs_id", "is not in"),
    "a figure preferred from elsewhere": ("disagreements", "d-15-or-195", {"preferred_obs_id": OBS}, "preferred_obs_id",
                                          "not among the obs_ids"),
    "an unknown figure in a list": ("relations", "r-286", {"obs_ids": f"{OBS};air_passengers-ckg-2018-10-31-9"},
                                    "obs_ids", "'air_passengers-ckg-2018-10-31-9' is not in"),
    "an unknown source in a list": ("instruments", "air-corridor", {"source_ids": "no"}, "source_ids", "is not in"),
    "a list that ends in its mark": ("relations", "r-286", {"obs_ids": f"{OBS};"}, "obs_ids", "separate names"),
    "a list with blanks": ("relations", "r-286", {"obs_ids": f"{OBS}; ?"}, "obs_ids", "separate names"),
    "a list with commas": ("relations", "r-286", {"obs_ids": f"{OBS},?"}, "obs_ids", "is not in"),
    "a name twice in a list": ("relations", "r-286", {"obs_ids": f"{OBS};{OBS}"}, "obs_ids", "listed twice"),
    "an unknown in a list of sources": ("instruments", "air-corridor", {"source_ids": "?"}, "source_ids", "is not in"),
    # cells that do not go together
    "a period that ends before it starts": ("observations", OBS, {"period_start": "2018-11-01"}, "period_end",
                                            "before period_start '2018-11-01'"),
    "a reduced period the wrong way round": ("observations", OBS, {"period_start": "2019", "period_end": "2018-10"},
                                             "period_end", "before period_start"),
    "a range the wrong way round": ("observations", OBS, {"value_high": "34587999"}, "value_high", "below value"),
    "growth without a base": ("observations", OBS, {"growth_base": ""}, "growth_base", "growth_percent is '7.6'"),
    "an event that ends before it starts": ("events", COUNCIL, {"end_date": "2014-10-26"}, "end_date", "before date"),
    "a step that ends before it starts": ("milestones", "aeo-mutual-recognition-02", {"end": "2012-08"}, "end",
                                          "before start"),
    "a series that ends before it starts": ("series", "air_cargo-changi", {"last": "2015"}, "last", "before first"),
    "a page read before it appeared": ("sources", SOURCE, {"published": "2027"}, "accessed",
                                       "before published"),
    "more origins than sources": ("series", "air_cargo-changi", {"n_origins": "6"}, "n_sources", "below n_origins"),
    "a count of nothing": ("events", COUNCIL, {"outcome_unit": ""}, "outcome_unit", "blank although outcome_count"),
    "a unit of nothing": ("events", COUNCIL, {"outcome_count": ""}, "outcome_count", "blank although outcome_unit"),
}  # fmt: skip


def _line(raw, number):
    """Bytes of a line, counted from 1, without its end."""
    return raw.split(b"\r\n")[number - 1]


def _put(raw, number, line):
    lines = raw.split(b"\r\n")
    lines[number - 1 : number] = line if isinstance(line, list) else [line]
    return b"\r\n".join(lines)


def _header(change):
    return lambda raw: _put(raw, 1, ",".join(change(_line(raw, 1).decode().split(","))).encode())


def _at(number, change):
    return lambda raw: _put(raw, number, change(_line(raw, number)))


# what is wrong: table, change of its bytes, line refused, words of the refusal. Line 5 of organisations.csv is
# "aoson-capital,New World Group (Aoson Capital),other,company" or another row without quotes.
FILES = {
    "an empty file": ("organisations", lambda raw: b"", None, "is empty; the first line names the columns"),
    "a header and no rows": ("organisations", lambda raw: _line(raw, 1) + b"\r\n", None, "has no rows"),
    "a byte-order mark": ("organisations", lambda raw: b"\xef\xbb\xbf" + raw, 1, "byte-order mark"),
    "another encoding": ("organisations", _at(5, lambda line: line + b"\xe9"), 5, "not UTF-8 (byte 0xE9)"),
    "a file in GBK": ("organisations", _at(5, lambda line: line + "银行".encode("gbk")), 5, "save the file as UTF-8"),
    "a file in UTF-16": ("organisations", lambda raw: raw.decode().encode("utf-16"), 1, "UTF-16"),
    "UTF-16 without a mark": ("organisations", lambda raw: raw.decode().encode("utf-16-le"), 1, "UTF-16"),
    "semicolons": ("organisations", lambda raw: raw.replace(b",", b";"), 1, "semicolons"),
    "tabs": ("organisations", lambda raw: raw.replace(b",", b"\t"), 1, "tabs"),
    "no header": ("organisations", lambda raw: raw.split(b"\r\n", 1)[1], 1, "does not name the columns"),
    "a column missing": ("organisations", lambda raw: b"\r\n".join(
        line.rsplit(b",", 1)[0] for line in raw.split(b"\r\n")), 1, "kind is missing"),
    "a column too many": ("organisations", lambda raw: b"\r\n".join(
        line + (b",colour" if n == 0 else b",red" if line else b"") for n, line in enumerate(raw.split(b"\r\n"))),
        1, "colour is not a column of organisations"),
    "a column misspelt": ("organisations", _header(lambda names: ["organization_id", *names[1:]]), 1,
                          "organization_id is not a column of organisations; rename or delete it; did you mean"),
    "a column twice": ("organisations", _header(lambda names: [*names[:3], names[2]]), 1, "side is named twice"),
    "columns exchanged": ("organisations", _header(lambda names: [names[0], names[1], names[3], names[2]]), 1,
                          "another order"),
    "a row too short": ("organisations", _at(5, lambda line: line.rsplit(b",", 1)[0]), 5, "has 3 cells"),
    "a comma without quotes": ("organisations", _at(5, lambda line: line + b",Ltd"), 5, "has 5 cells"),
    "an empty line inside": ("organisations", _at(5, lambda line: [b"", line]), 5, "delete the line"),
    "an empty line at the end": ("organisations", lambda raw: raw + b"\r\n", -1, "delete the line"),
    "a quote never closed": ("organisations", _at(5, lambda line: line.replace(b",", b',"', 1)), 5, "never closed"),
    "a quote out of place": ("organisations", _at(5, lambda line: b'"' + line.replace(b",", b'"x,', 1)), 5, "place"),
    "a row twice": ("organisations", lambda raw: raw + _line(raw, 5) + b"\r\n", -1, "stands on line 5 already"),
    "a taking part twice": ("participations", lambda raw: raw + _line(raw, 5) + b"\r\n", -1, "on line 5 already"),
    "a series twice": ("series", lambda raw: raw + b"again-" + _line(raw, 2) + b"\r\n", -1, "on line 2 already"),
    "a step twice": ("milestones", lambda raw: raw + b"again-" + _line(raw, 2) + b"\r\n", -1, "on line 2 already"),
}  # fmt: skip

# Faults of form at seeded places --------------------------------------------------


def _line_end(raw):
    return b"\r\n" if b"\r\n" in raw else b"\n"


def _lines(raw):
    return raw.removesuffix(_line_end(raw)).split(_line_end(raw))


def _file(raw, lines):
    return _line_end(raw).join(lines) + _line_end(raw)


def _one_line(change):
    """A change of one line, any but the header."""

    def changed(raw, rng):
        lines = _lines(raw)
        at = rng.randrange(1, len(lines))
        return _file(raw, [*lines[:at], *change(lines[at], rng), *lines[at + 1 :]])

    return changed


def _inserted(line, rng, found):
    at = rng.randrange(len(line) + 1)
    while at < len(line) and line[at] & 0xC0 == 0x80:  # not into a character
        at += 1
    return line[:at] + found + line[at:]


def _shuffled_columns(raw, rng):
    rows = list(csv.reader(io.StringIO(raw.decode(), newline="")))
    one, other = rng.sample(range(len(rows[0])), 2)
    for row in rows[1:]:
        row[one], row[other] = row[other], row[one]
    return written(rows)


def _joined(raw, rng):
    lines = _lines(raw)
    at = rng.randrange(1, len(lines) - 1)
    return _file(raw, [*lines[:at], lines[at] + lines[at + 1], *lines[at + 2 :]])


def _other_end(raw, rng):
    lines = _lines(raw)
    at = rng.randrange(1, len(lines))
    other = rng.choice([b"\r", b"\n" if _line_end(raw) == b"\r\n" else b"\r\n"])
    head, tail = _line_end(raw).join(lines[:at]), _line_end(raw).join(lines[at:])
    return head + other + tail + _line_end(raw)


def written(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


# class: change of the bytes of a table
BYTES = {
    "wrong delimiter": lambda raw, rng: raw.replace(b",", rng.choice([b";", b"\t", b"|"])),
    "wrong delimiter in a line": _one_line(lambda line, rng: [line.replace(b",", rng.choice([b";", b"\t", b"|"]))]),
    "byte-order mark": lambda raw, rng: rng.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]) + raw,
    "line ends mixed": _other_end,
    "columns exchanged below the header": _shuffled_columns,
    "file cut inside a row": lambda raw, rng: raw[: rng.randrange(len(_lines(raw)[0]) + 3, len(raw) - 1)],
    "NUL": _one_line(lambda line, rng: [_inserted(line, rng, b"\x00")]),
    "control character": _one_line(lambda line, rng: [_inserted(line, rng, bytes([rng.choice([1, 7, 8, 27, 127])]))]),
    "byte of another encoding": _one_line(lambda line, rng: [_inserted(line, rng, rng.choice([b"\xe9", b"\xd6\xd0"]))]),
    "whole row twice": _one_line(lambda line, rng: [line, line]),
    "two rows on a line": _joined,
    "empty line": _one_line(lambda line, rng: [b"", line]),
    "quote too many": _one_line(lambda line, rng: [_inserted(line, rng, b'"')]),
    "cell too many": _one_line(lambda line, rng: [line + b",x"]),
    "right-to-left mark": _one_line(
        lambda line, rng: [_inserted(line, rng, rng.choice("\u202e\u200f\u2067\u061c\u202b").encode())]
    ),
    "invisible letter": _one_line(
        lambda line, rng: [_inserted(line, rng, rng.choice("\u200b\u00ad\u2060\u3164\ufeff").encode())]
    ),
}


def _fields(schema, wanted):
    return [field["name"] for field in schema["fields"] if wanted(field)]


def _dates(schema):
    return _fields(schema, lambda field: "cci:reducedDate" in field)


def _keys(schema):
    """Columns whose cells must stand in another table."""
    single = [key["fields"] for key in schema.get("foreignKeys", ()) if isinstance(key["fields"], str)]
    single += [key["fields"][0] for key in schema.get("foreignKeys", ()) if len(key["fields"]) == 1]
    return single + _fields(schema, lambda field: "cci:listOf" in field)


def _numbers(schema):
    return _fields(schema, lambda field: field["type"] in ("number", "integer"))


def texts(schema):
    named = {"note", "title", "name", "label", "definition", "explanation", "description", "subject", "publisher"}
    return _fields(schema, lambda field: field["name"] in named)


def _typo(text, rng):
    at = rng.randrange(len(text))
    return text[:at] + rng.choice([letter for letter in "qxz" if letter != text[at]]) + text[at + 1 :]


def _misdated(text, rng):
    year = text[:4]
    return rng.choice(
        [f"{year}-13-01", f"{year}-02-30", f"31/12/{year}", f"{year}/06/01", f"{year}-6-1", f"'{year[2:]}"]
    )


def _misnumbered(text, rng):
    return rng.choice(
        [f"{text}%", f"US${text}", f"{text[:1]},{text[1:] or '0'}00", f"{text}万", f"~{text}", f"{text}e3"]
    )


# class: the columns it can stand in, by the table's schema, and the change of such a cell, if not blank
ROWS = {
    "dangling key": (_keys, _typo),
    "date out of form": (_dates, _misdated),
    "number out of form": (_numbers, _misnumbered),
    "negative count": (
        lambda schema: _fields(schema, lambda f: f["type"] == "integer" or f["name"] in ("value", "value_high")),
        lambda text, rng: f"-{text}",
    ),
    "10 MB cell": (texts, lambda text, rng: rng.choice("x中") * 10_000_000),
    "formula": (texts, lambda text, rng: rng.choice("=@+") + f"cmd|' /C calc'!A{rng.randrange(9)}"),
    "row from another table's words": (
        lambda schema: _fields(schema, lambda field: "enum" in field.get("constraints", {})),
        _typo,
    ),
}

# Text that a careless page, spreadsheet, template or terminal would run; the record may hold it, as text.
HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "</script><!--",
    "' onmouseover='alert(1)", "<iframe src=javascript:alert(1)>", "{{ 7 * 7 }}", "{% raise x %}", "${7*7}",
    "{obs}`x`", "[x](javascript:alert(1))", "&lt;script&gt;", "<a href=data:text/html,x>x</a>", "]]><x>",
    "<!--#exec cmd=x-->", "%3Cscript%3E",
)  # fmt: skip


def by_form(record, per_class=(6, 14), seed=20261124):
    """Yield (class, table, bytes) for seeded faults of form: how many per class of BYTES and of ROWS."""
    resources = json.loads((record / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    rng = random.Random(seed)
    for name, change in BYTES.items():
        for resource in rng.sample(resources, per_class[0]):
            yield name, resource["name"], change((record / resource["path"]).read_bytes(), rng)
    for name, (columns, change) in ROWS.items():
        fitting = [one for one in resources if columns(one["schema"])]
        for _ in range(per_class[1] if name != "10 MB cell" else 2):
            resource = rng.choice(fitting)
            rows = list(csv.reader(io.StringIO((record / resource["path"]).read_bytes().decode(), newline="")))
            column = rows[0].index(rng.choice(columns(resource["schema"])))
            row = rng.choice([row for row in rows[1:] if row[column] not in ("", "0")] or [None])
            if row is None:
                continue
            row[column] = change(row[column], rng)
            yield name, resource["name"], written(rows)


# Wrong figures in good form --------------------------------------------------------


def _times(factor):
    def slipped(row):
        changed = {name: f"{float(row[name]) * factor:.15g}" for name in ("value", "value_high") if row[name]}
        plain = all("e" not in text for text in changed.values()) and float(row["value"]) != 0
        # A share or a date of the month stays possible; a count must stay whole.
        whole = factor >= 1 or all(float(text) == int(float(text)) for text in changed.values())
        return changed if plain and whole else None

    return slipped


def _other_sign(row):
    growth = row["growth_percent"]
    turned = growth.removeprefix("-") if growth.startswith("-") else f"-{growth}"
    return {"growth_percent": turned} if growth and float(growth) != 0 else None


def _times_in_words(factor):
    """A page that slips itself: its words and the value agree."""

    def slipped(row):
        numeral = re.search(r"\d[\d,]*(?:\.\d+)?", row["as_stated"])
        changed = numeral and _times(factor)(row)
        if not changed:
            return None
        told = f"{float(numeral[0].replace(',', '')) * factor:.15g}"
        words = row["as_stated"]
        return changed | {"as_stated": words[: numeral.start()] + told + words[numeral.end() :]}

    return slipped


def _other_bound(row):
    turned = {"over": "nearly", "nearly": "over"}.get(row["qualifier"])
    return {"qualifier": turned} if turned else None


def _negative_rate(row):
    plain = row["unit"] == "percent" and "growth" in row["indicator"] and not row["value_high"]
    return {"value": f"-{row['value']}"} if plain and float(row["value"]) > 0 else None


def _growth_times(factor):
    def slipped(row):
        growth = row["growth_percent"]
        return {"growth_percent": f"{float(growth) * factor:.15g}"} if growth and float(growth) != 0 else None

    return slipped


def _digits_exchanged(row):
    text = row["value"]
    turned = text[1] + text[0] + text[2:] if len(text) > 1 and text[:2].isdigit() and text[1] != "0" else text
    return {"value": turned} if turned != text else None


def _outcome_times(factor):
    def slipped(row):
        names = [name for name in ("outcome_count", "n_participants") if row[name]]
        return {name: f"{float(row[name]) * factor:.15g}" for name in names} or None

    return slipped


def _shifted(years, *columns):
    """The dates of some columns, by whole years."""

    def slipped(row):
        dated = {name: row[name] for name in columns if re.match(r"\d{4}(?!.*-02-29)", row[name])}
        return {name: f"{int(date[:4]) + years}{date[4:]}" for name, date in dated.items()} or None

    return slipped


def _exchanged(*columns):
    """The day and the month of the dates of some columns."""

    def slipped(row):
        dated = {name: row[name].split("-") for name in columns if row[name]}
        fits = dated and all(len(one) == 3 and one[1] != one[2] and int(one[2]) <= 12 for one in dated.values())
        return {name: "-".join((one[0], one[2], one[1])) for name, one in dated.items()} if fits else None

    return slipped


# class: the table it is put into, and the cells of a row there that carry it, None where they cannot
SLIPS = {
    "× 10": ("observations", _times(10)),
    "× 1,000": ("observations", _times(1000)),
    "× 10,000": ("observations", _times(10_000)),
    "÷ 10": ("observations", _times(0.1)),
    "÷ 1,000": ("observations", _times(0.001)),
    "growth with the wrong sign": ("observations", _other_sign),
    "a year late": ("observations", _shifted(1, "period_start", "period_end")),
    "day and month exchanged": ("observations", _exchanged("period_end")),
    "digits exchanged": ("observations", _digits_exchanged),
    "a rate with a minus": ("observations", _negative_rate),
    "over for nearly, or the other way": ("observations", _other_bound),
    "a start a year early": ("observations", _shifted(-1, "period_start")),
    "× 10 in the words too": ("observations", _times_in_words(10)),
    "× 1,000 in the words too": ("observations", _times_in_words(1000)),
    "÷ 10,000 in the words too": ("observations", _times_in_words(1e-4)),
    "growth × 10": ("observations", _growth_times(10)),
    "growth as a share": ("observations", _growth_times(0.01)),
    "a page a year late": ("sources", _shifted(1, "published")),
    "a page a year early": ("sources", _shifted(-1, "published")),
    "a page, day and month exchanged": ("sources", _exchanged("published")),
    "an event a year late": ("events", _shifted(1, "date", "end_date")),
    "an event, day and month exchanged": ("events", _exchanged("date", "end_date")),
    "an event with ten times the outcome": ("events", _outcome_times(10)),
    "a step a year late": ("milestones", _shifted(1, "start", "end")),
    "a step a year early": ("milestones", _shifted(-1, "start", "end")),
    "an instrument a year late": ("instruments", _shifted(1, "launched")),
    "an instrument ten years early": ("instruments", _shifted(-10, "launched")),
    "a factor × 10": ("factors", _times(10)),
    "a factor × 1,000": ("factors", _times(1000)),
    "a factor ÷ 10": ("factors", _times(0.1)),
    "a factor of another year": ("factors", lambda row: {"year": str(int(row["year"]) - 1)} if row["year"] else None),
    "a series a year longer": ("series", _shifted(1, "last")),
    "a series with more dates": ("series", lambda row: {"n_dates": str(int(row["n_dates"]) + 1)}),
    "a relation expected otherwise": (
        "relations",
        lambda row: {"expected": {"holds": "breaks", "breaks": "holds"}.get(row["expected"], "holds")},
    ),
}
LIST = Path(__file__).with_name("slips.csv")
# Rows that a slip in one of them moves too: one copy of the record carries at most one slip among such.
_NEIGHBOURS = {
    "observations": lambda row: (row["indicator"], row["scope"]),
    "milestones": lambda row: row["pathway"],
    "factors": lambda row: row["subject"].split(",")[0],
}


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def drawn(record, per_class=14, seed=20261124):
    """Return seeded slips as (class, name of the row), few enough that one copy of the record can carry all."""
    tables = {table: _rows(record / f"{table}.csv") for table, _ in SLIPS.values()}
    taken = set()
    found = []
    for rows in tables.values():
        random.Random(seed).shuffle(rows)
    for name, (table, slip) in SLIPS.items():
        put = 0
        for row in tables[table]:
            key = next(iter(row.values()))
            near = (table, _NEIGHBOURS.get(table, lambda _, key=key: key)(row))
            if put < per_class and near not in taken and slip(row) is not None:
                taken.add(near)
                found.append((name, key))
                put += 1
    return found


def put_slips(record, slips):
    """Write slips (class, name of the row) into the tables of a copy of the record."""
    for table in {SLIPS[name][0] for name, _ in slips}:
        path = record / f"{table}.csv"
        header, *rows = csv.reader(io.StringIO(path.read_bytes().decode(), newline=""))
        by_name = {row[0]: row for row in rows}
        for name, key in slips:
            if SLIPS[name][0] == table:
                row = by_name[key]
                for column, text in SLIPS[name][1](dict(zip(header, row, strict=True))).items():
                    row[header.index(column)] = text
        path.write_bytes(written([header, *rows]))


def judged(record, copy, slips):
    """Put slips into a copy of the record, a table at a time; return what meets each: refused, flagged or missed."""
    met = {}
    for table in dict.fromkeys(SLIPS[name][0] for name, _ in slips):
        met |= _judged(record, copy, table, [(name, key) for name, key in slips if SLIPS[name][0] == table])
    return met


def _judged(record, copy, table, slips):
    import cci
    from cci.record import tables

    path = copy / f"{table}.csv"
    sound = path.read_bytes()
    put_slips(copy, slips)
    lines = path.read_bytes().decode().splitlines()
    met = dict.fromkeys((key for _, key in slips), "missed")
    for problem in tables.problems(copy):
        if problem.file == str(path):
            met[lines[problem.line - 1].split(",")[0]] = "refused"
    path.write_bytes(sound)
    put_slips(copy, [(name, key) for name, key in slips if met[key] != "refused"])
    new = _suspect(cci.load(data=copy)) - _suspect(cci.load(data=record))
    path.write_bytes(sound)
    for key in {key for *_, keys in new for key in keys} & met.keys():
        met[key] = "flagged"
    return met


def _suspect(record):
    """What the audit flags: (kind, outcome, message, names of rows)."""
    from cci.audit.report import report

    found = report(record)
    suspect = found[found["outcome"].isin({"breaks", "candidate"})]
    return set(suspect[["kind", "outcome", "message", "obs_ids"]].itertuples(index=False, name=None))


def listed():
    """Return the kept list: dicts of class, row and met (refused by the check, flagged by the audit, missed)."""
    return _rows(LIST)


def _draw():
    import shutil
    import tempfile

    record = Path(__file__).parents[1] / "data"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(record, Path(folder) / "data"))
        slips = drawn(record)
        met = judged(record, copy, slips)
    with LIST.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("class", "row", "met"))
        lines.writerows((name, key, met[key]) for name, key in slips)


if __name__ == "__main__":
    _draw()
