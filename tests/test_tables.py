"""The record is read whole and typed, or refused with every fault, its file and its line."""

import csv
import io
import json
import os
import shutil
from pathlib import Path

import faults
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cci.errors import RecordError
from cci.record import csvfile, files, tables

RECORD = Path(__file__).parents[1] / "data"
PACKAGE = json.loads((RECORD / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}

PORT_LIST = {"separator": ";", "resource": "ports", "field": "port"}
TINY = {
    "name": "tiny",
    "cci:units": {"ships": {"minimum": 0}, "percent": {}},
    "resources": [
        {
            "name": "ports",
            "path": "ports.csv",
            "schema": {
                "fields": [
                    {"name": "port", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+"}},
                    {"name": "opened", "type": "string", "cci:reducedDate": True},
                    {"name": "berths", "type": "integer"},
                    {"name": "open", "type": "boolean", "constraints": {"required": True}},
                ],
                "primaryKey": ["port"],
            },
        },
        {
            "name": "calls",
            "path": "calls.csv",
            "schema": {
                "fields": [
                    {"name": "ships", "type": "number", "cci:unitIn": "unit"},
                    {"name": "unit", "type": "string"},
                    {"name": "ports", "type": "string", "cci:listOf": PORT_LIST},
                    {"name": "note", "type": "string"},
                ],
            },
        },
    ],
}  # fmt: skip
PORTS = "port,opened,berths,open\r\nqinzhou,1994-01,3,true\r\ntuas,,,false\r\n"
CALLS = 'ships,unit,ports,note\r\n12.5,ships,qinzhou;tuas,\r\n,,,"two\nlines, one cell"\r\n'


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(RECORD, tmp_path / "data"))


@pytest.fixture
def tiny(tmp_path):
    return write_tiny(tmp_path)


def write_tiny(folder, package=TINY, ports=PORTS, calls=CALLS):
    for name, text in (("datapackage.json", json.dumps(package)), ("ports.csv", ports), ("calls.csv", calls)):
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def rows_of(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline=""), strict=True))


def put(path, key, cells):
    """Put cells into the row of that key; return its line."""
    rows = rows_of(path)
    wanted = [key] if isinstance(key, str) else list(key)
    row = next(row for row in rows if row[: len(wanted)] == wanted)
    for column, value in cells.items():
        row[rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return rows.index(row) + 1


def test_the_record_is_sound():
    assert tables.problems() == []


def test_every_row_and_column_of_every_table_is_read():
    record = tables.read()
    assert list(record) == list(RESOURCES)
    for name, frame in record.items():
        header, *rows = rows_of(RECORD / RESOURCES[name]["path"])
        assert list(frame.columns) == header
        assert len(frame) == len(rows)
        assert frame.index.equals(pd.RangeIndex(len(rows)))


def test_a_table_becomes_a_frame_once_and_an_unknown_one_never(tiny):
    read = tables.read(tiny)
    assert list(read) == ["ports", "calls"]
    assert len(read) == 2
    assert read["calls"] is read["calls"]
    with pytest.raises(KeyError, match="quays"):
        read["quays"]


def test_what_is_read_can_be_written_back_cell_by_cell():
    record = tables.read()
    for name, frame in record.items():
        header, *rows = rows_of(RECORD / RESOURCES[name]["path"])
        for number, column in enumerate(header):
            for text, value in zip((row[number] for row in rows), frame[column], strict=True):
                assert written(value) == text or float(text) == value, (name, column, text, value)


def written(value):
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if pd.isna(value) else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("fault", faults.CELLS, ids=str)
def test_a_faulty_cell_is_refused_with_its_line_and_column(copy, fault):
    table, key, cells, column, words = faults.CELLS[fault]
    line = put(copy / f"{table}.csv", key, cells)
    found = tables.problems(copy)
    assert {(problem.file, problem.line) for problem in found} == {(str(copy / f"{table}.csv"), line)}
    assert [problem.column for problem in found] == [column]
    assert words in str(found[0])


@pytest.mark.parametrize("fault", faults.FILES, ids=str)
def test_a_faulty_file_is_refused_with_its_line(copy, fault):
    table, change, line, words = faults.FILES[fault]
    path = copy / f"{table}.csv"
    path.write_bytes(change(path.read_bytes()))
    last = path.read_bytes().count(b"\r\n")
    found = [problem for problem in tables.problems(copy) if problem.file == str(path)]
    assert found[0].line == (last if line == -1 else line)
    assert words in str(found[0])


@pytest.mark.parametrize(
    "fault", ["an empty file", "a file in UTF-16", "semicolons", "a header and no rows", "a row too short"]
)
def test_a_broken_table_is_not_blamed_on_the_tables_that_refer_to_it(copy, fault):
    table, change, _, _ = faults.FILES[fault]
    path = copy / f"{table}.csv"
    path.write_bytes(change(path.read_bytes()))
    assert {problem.file for problem in tables.problems(copy)} == {str(path)}


def test_a_missing_table_is_named_once(copy):
    (copy / "scopes.csv").unlink()
    assert [str(problem) for problem in tables.problems(copy)] == [
        f"{copy}/scopes.csv: is missing; put the table 'scopes' there"
    ]


def test_all_faults_of_all_tables_are_found_in_file_and_line_order(copy):
    expected = []
    for table, key, cells in (
        ("indicators", "air_cargo", {"measure": "sum", "additive": "maybe"}),
        ("observations", "air_passengers-ckg-2018-10-31-1", {"period_end": "2025-13-31"}),
        ("observations", "air_passengers-ckg-2018-12-17-1", {"value": "1e5"}),
        ("participations", ("ev-2014-10-27-jcbc11", "mfa-china"), {"role": ""}),
    ):
        line = put(copy / f"{table}.csv", key, cells)
        order = [field["name"] for field in RESOURCES[table]["schema"]["fields"]]
        expected += [(f"{copy}/{table}.csv", line, column) for column in sorted(cells, key=order.index)]
    with pytest.raises(RecordError) as refusal:
        tables.read(copy)
    assert [(p.file, p.line, p.column) for p in refusal.value.problems] == expected
    assert str(refusal.value).count("\n") == len(expected) - 1


def test_faults_after_a_lost_quote_are_found_too(copy):
    path = copy / "organisations.csv"
    put(path, "airport-jv", {"side": "both"})
    path.write_bytes(path.read_bytes().replace(b"\r\n", b'\r\nlost,"quote,other,company\r\n', 1))
    assert [problem.line for problem in tables.problems(copy) if problem.file == str(path)] == [2, 4]


def test_scopes_that_contain_each_other_are_refused_and_what_hangs_on_them_is_not(copy):
    line = put(copy / "scopes.csv", "ckg", {"part_of": "airport-jv"})
    other = put(copy / "scopes.csv", "airport-jv", {"part_of": "ckg"})
    found = tables.problems(copy)
    assert sorted(problem.line for problem in found) == sorted([line, other])
    assert all("break the circle" in str(problem) for problem in found)


def test_a_file_in_another_encoding_is_refused_line_by_line_and_for_nothing_else(copy):
    path = copy / "organisations.csv"
    path.write_bytes(path.read_bytes().replace(b",company", ",公司".encode("gbk")))
    found = tables.problems(copy)
    assert {problem.file for problem in found} == {str(path)}
    assert all("not UTF-8" in str(problem) for problem in found)
    assert len(found) == 21


def test_the_record_of_the_repository_is_named_as_seen_from_where_one_stands(copy, monkeypatch):
    monkeypatch.setattr(files, "DEFAULT", copy)
    monkeypatch.chdir(copy.parent)
    line = put(copy / "observations.csv", faults.OBS, {"value": "many"})
    assert str(tables.problems(copy)[0]).startswith(f"data/observations.csv, line {line}: value 'many' is not a number")


def test_a_problem_reads_as_one_sentence(copy):
    line = put(copy / "observations.csv", faults.OBS, {"period_end": "2025-13-31"})
    assert [str(problem) for problem in tables.problems(copy)] == [
        f"{copy}/observations.csv, line {line}: period_end '2025-13-31' is not a date of the calendar "
        "(use YYYY-MM-DD, YYYY-MM or YYYY)"
    ]


def test_a_long_or_hidden_value_is_shown_short_and_escaped(copy):
    put(copy / "observations.csv", faults.OBS, {"note": "\u202e" + "long " * 100})
    (problem,) = tables.problems(copy)
    assert "\u202e" not in str(problem)
    assert "\\u202e" in str(problem)
    assert len(str(problem)) < 300


def test_line_numbers_count_line_breaks_inside_cells(tiny):
    write_tiny(tiny, calls=CALLS + "x,ships,,\r\n")
    assert [(problem.line, problem.column) for problem in tables.problems(tiny)] == [(5, "ships")]


def test_a_tiny_record_is_read_by_its_own_schema(tiny):
    record = tables.read(tiny)
    ports, calls = record["ports"], record["calls"]
    assert {column: str(ports[column].dtype) for column in ports} == {
        "port": "str", "opened": "str", "berths": "Int64", "open": "bool",
    }  # fmt: skip
    assert ports["berths"].tolist() == [3, pd.NA]
    assert ports["opened"].isna().tolist() == [False, True]
    assert calls["ships"].dtype == "float64"
    assert calls["ports"].tolist() == [("qinzhou", "tuas"), ()]
    assert calls["note"].iloc[1] == "two\nlines, one cell"


def test_a_new_unit_is_a_line_of_the_schema_and_not_of_the_code(tiny):
    write_tiny(tiny, calls="ships,unit,ports,note\r\n-1,rafts,,\r\n")
    assert tables.problems(tiny) == []
    write_tiny(tiny, {**TINY, "cci:units": {"rafts": {"minimum": 0}}}, calls="ships,unit,ports,note\r\n-1,rafts,,\r\n")
    assert [problem.line for problem in tables.problems(tiny)] == [2]


def test_new_rows_enter_without_a_change_of_code(copy):
    for name, row in (
        (
            "sources",
            "new-2027,A page,A paper,2026-10,https://example.org/a,en,independent_media,own,,other,2026-11-22,",
        ),
        ("indicators", "rafts_count,Rafts,logistics,items,stock,false,none,Rafts on the river.,"),
        ("scopes", "jialing,The Jialing,chongqing,The river."),
        (
            "observations",
            "rafts_count-jialing-1,rafts_count,jialing,3,,items,exact,,2026-09,,,three,new-2027,,,",
        ),
    ):
        with (copy / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
            file.write(row + "\r\n")
    assert tables.problems(copy) == []
    assert tables.read(copy)["observations"]["obs_id"].iloc[-1] == "rafts_count-jialing-1"


@given(st.text())
def test_any_text_is_read_as_written_or_refused_on_its_line(tmp_path_factory, text):
    folder = write_tiny(tmp_path_factory.mktemp("tiny"))
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["ships", "unit", "ports", "note"], ["1", "ships", "", text]])
    (folder / "calls.csv").write_bytes(file.getvalue().encode("utf-8", "surrogatepass"))
    found = tables.problems(folder)
    if found:
        assert {(Path(problem.file).name, problem.line) for problem in found} == {("calls.csv", 2)}
    else:
        note = tables.read(folder)["calls"]["note"].iloc[0]
        assert ("" if pd.isna(note) else note) == text


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail_otherwise_than_by_refusing(tmp_path_factory, raw):
    folder = write_tiny(tmp_path_factory.mktemp("tiny"))
    (folder / "calls.csv").write_bytes(b"ships,unit,ports,note\r\n" + raw)
    (folder / "ports.csv").write_bytes(raw)
    assert all(isinstance(str(problem), str) for problem in tables.problems(folder))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: "", "is not JSON"),
        (lambda text: text[:-2], "is not JSON"),
        (lambda text: text.replace('"name": "ports"', '"name": 7', 1), "resources[0].name is missing or is not a text"),
        (lambda text: text.replace('"resource": "ports"', '"resource": "prots"'), "did you mean 'ports'?"),
        (lambda text: text.replace('"field": "port"', '"field": "prot"'), "ports.prot, which is not described"),
        (lambda text: text.replace('"path": "ports.csv"', '"path": "../ports.csv"'), "no file inside"),
        (lambda text: text.replace('"path": "ports.csv"', '"path": "ports\\u0000.csv"'), "no file inside"),
        (lambda text: text.replace('"path": "ports.csv"', '"path": ""'), "no file inside"),
        (lambda text: text.replace('"required": true', '"required": "false"', 1), "required is 'false'; write true or"),
        (lambda text: text.replace('"pattern": "[a-z]+"', '"pattern": 3'), "pattern is 3; write a text"),
        (lambda text: text.replace('"pattern": "[a-z]+"', '"maxLength": "9"'), "write a whole number above 0"),
        (lambda text: text.replace('"pattern": "[a-z]+"', '"maxLength": true'), "write a whole number above 0"),
        (lambda text: text.replace('"pattern": "[a-z]+"', '"enum": "tuas"'), "write a list of texts"),
        (lambda text: text.replace('"pattern": "[a-z]+"', '"enum": [1]'), "write a list of texts"),
        (lambda text: text.replace('"pattern": "[a-z]+"', '"minimum": "0"'), "minimum is '0'; write a number"),
        (lambda text: text.replace('"pattern": "[a-z]+"', '"minimum": NaN'), "minimum is nan; write a number"),
        (lambda text: text.replace('"minimum": 0', '"minimum": "0"'), "cci:units.ships.minimum is '0'; write a number"),
        (lambda text: text.replace('"cci:reducedDate": true', '"cci:maxWords": "8"'), "write a whole number above 0"),
        (lambda text: text.replace('"separator": ";"', '"separator": ""'), "has no separator"),
        (lambda text: text.replace('"type": "number"', '"type": "geopoint"'), "use one of string, number"),
        (lambda text: text.replace('"pattern": "[a-z]+"', '"pattern": "["'), "not a regular expression"),
        (lambda text: text.replace("cci:reducedDate", "cci:reduceDate"), "did you mean 'cci:reducedDate'?"),
        (lambda text: text.replace('"pattern"', '"minLength"'), "'minLength' that is not known"),
        (lambda text: text.replace('"primaryKey": ["port"]', '"primaryKey": ["ports"]'), "did you mean 'port'?"),
        (lambda text: text.replace('"cci:unitIn": "unit"', '"cci:unitIn": "units"'), "did you mean 'unit'?"),
        (lambda text: text.replace('{"minimum": 0}', "5"), "shape of a data package"),
        (lambda text: '{"resources": []}', "resources is empty"),
        (lambda text: text.replace('"calls.csv"', '"ports.csv"'), "give the path 'ports.csv' twice"),
        (lambda text: text.replace('"name": "note"', '"name": "unit"'), "describe the column 'unit' twice"),
        (lambda text: text.replace('"type": "integer"', '"type": "boolean"'), "boolean that may be blank"),
        (lambda text: text.replace('"pattern": "[a-z]+"', '"enum": ["tuas"]').replace('"string"', '"number"', 1),
         "allowed values, which a number cannot have"),
        (lambda text: text.replace('"primaryKey": ["port"]', '"foreignKeys": [{"fields": ["port"], "reference": '
         '{"resource": "", "fields": ["port", "opened"]}}]'), "refers to 2 columns of ports"),
        (lambda text: "[]", "the package.resources is missing"),
        (lambda text: "[" * 100_000, "datapackage.json"),
    ],
)  # fmt: skip
def test_a_schema_that_cannot_be_used_is_refused_with_advice(tiny, change, words):
    text = json.dumps(TINY)
    (tiny / "datapackage.json").write_text(change(text), encoding="utf-8")
    assert change(text) != text
    (problem,) = tables.problems(tiny)
    assert problem.file == str(tiny / "datapackage.json")
    assert words in str(problem)


def test_a_schema_in_another_encoding_is_refused_with_its_line(tiny):
    (tiny / "datapackage.json").write_bytes('{\n"name": "港口"}'.encode("gbk"))
    (problem,) = tables.problems(tiny)
    assert (problem.line, problem.advice) == (2, "is not UTF-8; save the file as UTF-8")


def test_a_folder_in_the_place_of_a_table_cannot_be_read(tiny):
    (tiny / "calls.csv").unlink()
    (tiny / "calls.csv").mkdir()
    assert [problem.advice[:14] for problem in tables.problems(tiny)] == ["cannot be read"]


@pytest.mark.skipif(os.name == "nt", reason="has no named pipes")
@pytest.mark.parametrize("name", ["calls.csv", "datapackage.json"])
def test_a_pipe_in_the_place_of_a_file_of_the_record_is_not_waited_for(tiny, name):
    (tiny / name).unlink()
    os.mkfifo(tiny / name)
    assert [problem.advice[:41] for problem in tables.problems(tiny)] == ["cannot be read (it is a pipe or a device)"]


def test_a_key_and_its_references_are_not_judged_without_their_column(tiny):
    write_tiny(tiny, ports=PORTS.replace("port,", "harbour,", 1))
    assert [problem.column for problem in tables.problems(tiny)] == ["harbour", "port"]


def test_a_missing_schema_or_folder_is_a_record_error(tiny):
    (tiny / "datapackage.json").unlink()
    for folder, words in ((tiny, "copy it from the data folder"), (tiny / "nowhere", "is not a folder")):
        for ask in (tables.read, tables.fingerprint):
            with pytest.raises(RecordError, match=words):
                ask(folder)


@given(order=st.permutations(["datapackage.json", "ports.csv", "calls.csv"]), when=st.integers(0, 2**31))
def test_a_fingerprint_knows_bytes_and_neither_order_nor_time(tmp_path_factory, order, when):
    first, second = (write_tiny(tmp_path_factory.mktemp("tiny")) for _ in range(2))
    for name in order:
        content = (second / name).read_bytes()
        (second / name).unlink()
        (second / name).write_bytes(content)
        os.utime(second / name, (when, when))
    assert tables.fingerprint(first) == tables.fingerprint(second)


def test_a_fingerprint_changes_with_one_byte_of_a_table_or_the_schema(tiny):
    seen = {tables.fingerprint(tiny)}
    write_tiny(tiny, ports=PORTS.replace("1994-01", "1994-02"))
    seen.add(tables.fingerprint(tiny))
    write_tiny(tiny, {**TINY, "name": "other"})
    seen.add(tables.fingerprint(tiny))
    assert len(seen) == 3
    assert all(len(digits) == 16 and int(digits, 16) >= 0 for digits in seen)


def test_frictionless_finds_the_record_valid_and_the_standard_faults_invalid(copy):
    frictionless = pytest.importorskip("frictionless")
    assert frictionless.validate(str(copy / "datapackage.json")).valid
    cells = [
        ("period_end", "2018-13-31"),
        ("qualifier", "exct"),
        ("scope", "ckgg"),
        ("unit", "tonnes"),
        ("value", "34,588,000"),
    ]
    put(copy / "observations.csv", faults.OBS, dict(cells))
    report = frictionless.validate(str(copy / "datapackage.json"))
    (task,) = [task for task in report.tasks if not task.valid]
    assert task.name == "observations"
    assert {error.type for error in task.errors} == {"constraint-error", "foreign-key", "type-error"}


@given(text=st.text(alphabet='a,"\r\n é', max_size=40))
def test_lines_are_cut_into_the_cells_that_the_reader_of_csv_finds(text):
    source = list(io.StringIO(text, newline=""))
    try:
        wanted = list(csv.reader(source, strict=True))
        found = [row for block in csvfile._blocks(source) for row in block]
    except csv.Error:  # a broken quote, or a cell of several lines: these go the slow way
        assert '"' in text
    else:
        assert found == wanted
