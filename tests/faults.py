"""Faults to put into a copy of the record, each with the place and the words of the refusal it must meet."""

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
