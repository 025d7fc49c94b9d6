"""Nothing stale is called fresh, and what cannot have changed is not run again."""

from __future__ import annotations

import ast
import csv
import io
import json
import random
import shutil
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import cci
from cci.book import chapters as book_chapters
from cci.book import code, inputs, kernels, normalise
from cci.book import run as run_module
from cci.book import stamp as stamps
from cci.book.freshness import kept_runs, opened, status
from cci.book.inputs import Present
from cci.book.run import run
from cci.book.stamp import Run
from cci.errors import ChapterFailed, NotAcceptable, ParameterError, RecordError, UnknownName
from cci.record import reads
from cci.record.answers import Answers
from cci.record.files import fingerprint

ROOT = Path(__file__).parents[1]
SEED = 20211231


# ---- which rows of the record matter: chapters executed here, rows mutated, answers compared with the truth

FLIGHTS = """
rows = record.series("weekly_flights", scope="route-ckg-sin")
print(rows[["words", "n_origins", "n_sources", "rival_ids"]].to_dict("records"))
print(record.cite(rows).to_dict("records"))
print(audit.graded(record, rows)["reason"].tolist())
"""
CENTRE = """
rows = record.where(scope="idc")
print(rows.drop(columns="note").to_dict("records"))
print([record.interval(i).low for i in rows["obs_id"]], record.find(rows["obs_id"][:2])["publisher"].tolist())
print(audit.relation(record, "r-peak").message, record.milestones.query("pathway == 'air_route'")["step"].tolist())
"""
WHOLE = "print(record, record.observations['words'].tolist())"
SYNTHETIC = {"flights": FLIGHTS, "centre": CENTRE, "whole": WHOLE}


def cells_of(text: str) -> list[str]:
    return ["import cci\nfrom cci import audit", "record = cci.load(as_of=as_of)", text]


def executed(cells: list[str], record: cci.Dataset) -> tuple[object, dict[str, object]]:
    """Execute cells here on a record; return all that they show, and the account of the run."""
    reads._asked.clear()
    reads.loaded(record.read_from)
    shown: list[object] = []
    names = {"as_of": record.read_from.as_of, "display": shown.append, "loaded": lambda **_: record}
    out = io.StringIO()
    with redirect_stdout(out):
        for cell in cells:
            tree = ast.parse(cell.replace("cci.load(", "loaded("))
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, "cell", "exec"), names)
            if last is not None:
                shown.append(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
    account = json.loads(json.dumps({"reads": reads.asked()}))
    return (out.getvalue(), [described(one) for one in shown]), account


def described(value: object) -> object:
    if hasattr(value, "_repr_mimebundle_") and type(value).__module__.startswith("cci"):
        return value._repr_mimebundle_()
    return value.to_dict() if hasattr(value, "layer") else repr(value)


def kept_run(name: str, cells: list[str], account: dict[str, object], place: Path) -> tuple[Run, object]:
    """Keep what was executed as `cci run` would."""
    notebook = new_notebook(cells=[new_code_cell(cell, id=f"c{n}") for n, cell in enumerate(cells)])
    present = Present()
    blank = Run(name, {}, stamps.folder(name, {}, place), None, {"chapter": name, "parameters": {}, **present.origin})
    noted = inputs.after(inputs.before(notebook, present), account, present)
    return stamps.keep(blank, notebook, inputs=noted, results={}), notebook


def mutations(data: Path, seed: int, number: int) -> list[tuple[str, str]]:
    """Return changed tables: (file, its new text), some aimed at what the chapters read, some anywhere."""
    chance = random.Random(seed)
    found = []
    for turn in range(number):
        table = chance.choice(
            ["observations", "observations", "observations", "sources", "disagreements", "milestones"]
        )
        with open(data / f"{table}.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        near = [n for n, row in enumerate(rows) if row.get("scope") in ("idc", "route-ckg-sin")]
        row = rows[chance.choice(near if near and turn % 2 else range(len(rows)))]
        match table, chance.choice(["change", "change", "add", "drop"]):
            case "observations", "change":
                kind = chance.choice(["value", "flag", "period_end", "as_stated"])
                row[kind] = {
                    "value": f"{float(row['value']) * 3 + 1:g}",
                    "flag": "superseded" if row["flag"] != "superseded" else "",
                    "period_end": "2019-06-30",
                    "as_stated": "",
                }[kind]
            case "observations", "add":
                rows.append({**row, "obs_id": f"{row['obs_id']}9", "value": f"{float(row['value']) + 1:g}"})
            case "observations", "drop":
                rows.remove(row)
            case "sources", _:
                row["publisher"] = "Another Daily"
            case "disagreements", _:
                row["preferred_obs_id"] = "" if row["preferred_obs_id"] else row["obs_ids"].split(";")[0]
                row["reason"] = row["reason"] or "It is exact."
            case _:
                row["step"] = "Another step"
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        found.append((f"{table}.csv", out.getvalue()))
    return found


def compared(chapters: dict[str, list[str]], place: Path, number: int, as_of: str | None) -> SimpleNamespace:
    """Mutate the record, execute the chapters again, and count what differs and what is called fresh."""
    data = shutil.copytree(cci.DEFAULT, place / "data")
    before, runs = {}, {}
    for name, cells in chapters.items():
        before[name], account = executed(cells, cci.load(data=data, as_of=as_of))
        runs[name] = kept_run(name, cells, account, place / "runs")
    tally = SimpleNamespace(differs=0, fresh=0, stale=0, wrong=[])
    for turn, (file, text) in enumerate(mutations(data, SEED, number)):
        sound = (data / file).read_text(encoding="utf-8")
        (data / file).write_text(text, encoding="utf-8")
        present = Present()
        try:
            record = cci.load(data=data, as_of=as_of)
        except RecordError:
            record = None  # whatever runs then fails, which is another result
        for name, cells in chapters.items():
            stale = inputs.changes(*runs[name], present)
            differs = record is None or executed(cells, record)[0] != before[name]
            tally.differs += differs
            tally.stale += bool(stale)
            tally.fresh += not stale
            if differs and not stale:
                tally.wrong.append((turn, name, file))
        (data / file).write_text(sound, encoding="utf-8")
    return tally


@pytest.mark.parametrize("as_of", [None, "2021-12-31"])
def test_a_mutated_row_makes_stale_what_would_differ_and_leaves_alone_most_of_the_rest(tmp_path, as_of):
    tally = compared({name: cells_of(text) for name, text in SYNTHETIC.items()}, tmp_path, 16, as_of)
    assert tally.wrong == []
    assert tally.differs >= 8
    assert tally.fresh >= 12


def test_a_mutated_row_makes_a_real_chapter_stale_where_it_would_differ(tmp_path):
    chapters = {
        name: [cell.source for cell in normalise.code_cells(normalise.read(book_chapters.path(name, ROOT)))]
        for name in ("aviation", "standards")
    }
    chapters = {name: [cell.replace("as_of = None", "pass") for cell in cells] for name, cells in chapters.items()}
    tally = compared(chapters, tmp_path, 4, None)
    assert tally.wrong == []
    assert tally.fresh >= 2
    assert tally.stale >= 2


def test_the_reason_names_the_question_and_the_row(tmp_path):
    data = shutil.copytree(cci.DEFAULT, tmp_path / "data")
    run_, notebook = kept_run(
        "flights", cells_of(FLIGHTS), executed(cells_of(FLIGHTS), cci.load(data=data))[1], tmp_path
    )
    text = (data / "observations.csv").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("weekly_flights-route-ckg-sin-2016-07-27-1,"))
    (data / "observations.csv").write_text(f"{text}{row.replace('-27-1,', '-27-8,', 1)}\n", encoding="utf-8")
    told = inputs.changes(run_, notebook, Present())
    assert (
        "record: series weekly_flights, scope route-ckg-sin: row weekly_flights-route-ckg-sin-2016-07-27-8 added"
        in told
    )


def test_a_record_that_cannot_be_read_leaves_nothing_fresh(tmp_path):
    data = shutil.copytree(cci.DEFAULT, tmp_path / "data")
    cells = cells_of("len(record.where(scope='idc'))")
    run_, notebook = kept_run("one", cells, executed(cells, cci.load(data=data))[1], tmp_path)
    assert inputs.changes(run_, notebook, Present()) == []
    (data / "events.csv").unlink()
    assert inputs.changes(run_, notebook, Present())[0].startswith("record: ")


def test_the_files_themselves_read_past_the_dataset_are_noted(tmp_path):
    data = shutil.copytree(cci.DEFAULT, tmp_path / "data")
    reads._asked.clear()
    cci.record.tables.read(data)
    assert [(one["data"], one["rule"]) for one in reads.asked()] == [(str(data), "")]


# ---- answers


def test_a_question_within_an_answer_is_not_noted_and_a_refusal_is_an_answer():
    record = cci.load()
    reads._asked.clear()
    record.revisions("jcbc_agreements_count", scope="jcbc")
    assert [question for one in reads.asked() for question in one["questions"]] == [
        ["revisions", ["jcbc_agreements_count"], {"scope": "jcbc"}]
    ]
    assert "UnknownName" in reads.answer(record, ["observation", ["nothing"], {}])
    with pytest.raises(ValueError, match="no question"):
        reads.answer(record, ["__class__", [], {}])


@pytest.mark.parametrize(
    "question",
    [
        ["where", [], {"scope": "idc"}],
        ["series", ["weekly_flights"], {"scope": "route-ckg-sin"}],
        ["find", [["weekly_flights-route-ckg-sin-2016-07-27-1"]], {}],
        ["observation", ["weekly_flights-route-ckg-sin-2016-07-27-1"], {}],
        ["disputes", [["weekly_flights-route-ckg-sin-2016-07-27-1"]], {}],
        ["observations", [], {}],
        ["trace", ["weekly_flights-route-ckg-sin-2016-07-27-1"], {}],
        ["all_relation_ids", [], {}],
        ["fingerprint", [], {}],
        ["find", [["nothing"]], {}],
        ["series", ["nothing"], {"scope": "cci"}],
    ],
)
def test_the_digest_of_an_answer_is_the_same_for_the_same_record_only(question, tmp_path):
    data = shutil.copytree(cci.DEFAULT, tmp_path / "data")
    named = "weekly_flights-route-ckg-sin-2016-07-27-1"
    before = Answers(cci.load()).digest(question)
    assert Answers(cci.load()).digest(question) == before
    table = data / "observations.csv"
    table.write_text(with_notes(table.read_text(encoding="utf-8").splitlines(keepends=True), named), encoding="utf-8")
    after = Answers(cci.load(data=data)).digest(question)
    touched = "nothing" not in json.dumps(question) and question[0] not in ("disputes", "all_relation_ids")
    assert (after != before) is touched


def with_notes(lines: list[str], named: str) -> str:
    """The table with another note on one figure and on those of one scope."""
    rows = list(csv.DictReader(lines))
    for row in rows:
        if row["obs_id"] == named or row["scope"] == "idc":
            row["note"] = "Another note."
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_types_columns_attributes_and_order_are_part_of_an_answer():
    frame = pd.DataFrame({"obs_id": ["a", "b"], "value": [1, 2]})
    with_day = frame.copy()
    with_day.attrs["as_of"] = "2021-12-31"
    others = [
        frame.astype({"value": "float64"}),
        frame[::-1],
        frame.rename(columns={"value": "low"}),
        with_day,
        frame[:1],
    ]
    digests = [reads.digest(one).whole for one in (frame, *others)]
    assert len(set(digests)) == len(digests)
    assert reads.digest(frame.copy()) == reads.digest(frame)


def test_no_module_looks_into_the_tables_past_the_questions():
    private = {"_tables", "_observations", "_by_id", "_series_list", "_sources", "_all_ids", "_fingerprint"}
    past = [
        f"{path.name}:{node.lineno} {node.attr}"
        for path in sorted((ROOT / "cci").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in private and path.name != "dataset.py"
        if not (isinstance(node.value, ast.Name) and node.value.id == "self")
    ]
    assert past == []


# ---- runs on disk


def test_a_fresh_chapter_is_not_run_again_and_starts_no_kernel(book, monkeypatch):
    first, second = run()
    monkeypatch.setattr(kernels, "kernel_spec", lambda: pytest.fail("a kernel was started"))
    again = run()
    assert again == [first, second]
    assert [one.again for one in again] == [False, False]
    assert [one.fresh for one in status()] == [True, True]


def test_a_record_that_leaves_a_run_alone_is_asked_once(book, monkeypatch):
    book.write("first", "import cci\nrecord = cci.load()", "len(record.where(scope='idc'))")
    run(["first"])
    other = book.root / "other"
    shutil.copytree(cci.DEFAULT, other)
    table = other / "observations.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",cci,", ",jcbc,", 1), encoding="utf-8")
    monkeypatch.setattr(run_module, "Present", lambda: Present(other))
    assert [one.again for one in run(["first"])] == [False]
    with monkeypatch.context() as patch:
        patch.setattr(Present, "answer", lambda *_: pytest.fail("the record was asked again"))
        assert [one.again for one in run(["first"])] == [False]
    (since,) = book.root.glob("_build/runs/first-*/since.json")
    told = since.read_text(encoding="utf-8")
    for spoilt in (told.replace('"record": "', '"record": "0'), "{", "[]", "null"):
        since.write_text(spoilt, encoding="utf-8")  # altered or cut short: as if nothing had been found
        assert stamps.noted(run(["first"])[0])["record"] == fingerprint(other)
    table.write_text(table.read_text(encoding="utf-8").replace(",idc,", ",cci,", 1), encoding="utf-8")
    assert [one.again for one in run(["first"])] == [True]
    assert stamps.noted(stamps.opened(since.parent)) == {}  # a new run: what was found of the old one is void


def test_code_that_did_not_change_is_not_looked_through_again(book, monkeypatch):
    book.write("first", "import cci\nrecord = cci.load()", "len(record.where(scope='idc'))")
    before = run(["first"])[0].inputs
    other = book.root / "other"
    shutil.copytree(cci.DEFAULT, other)
    table = other / "observations.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",idc,", ",cci,", 1), encoding="utf-8")
    monkeypatch.setattr(run_module, "Present", lambda: Present(other))
    with monkeypatch.context() as patch:
        patch.setattr(code, "reachable", lambda *_: pytest.fail("the code was looked through again"))
        (again,) = run(["first"])
    assert again.again
    assert {name: again.inputs[name] for name in ("code", "unnoted")} == {
        name: before[name] for name in ("code", "unnoted")
    }


def test_force_and_a_changed_cell_run_a_chapter_again_and_only_that_one(book):
    run()
    assert [one.again for one in run(force=True)] == [True, True]
    book.write("second", "since + 2")
    assert [one.reasons for one in status()] == [(), ("cell 2 (since + 2) has changed",)]
    assert [one.again for one in run()] == [False, True]


def test_prose_alone_makes_nothing_stale(book):
    run(["first"])
    notebook = normalise.read(book.chapters / "first.ipynb")
    notebook.cells[0].source = "# Another title"
    (book.chapters / "first.ipynb").write_text(normalise.text(notebook), encoding="utf-8")
    assert status(["first"])[0].fresh


def test_what_was_never_run_failed_or_was_altered_is_stale(book):
    assert status(["first"])[0].reasons[0].startswith("no run with these parameters")
    book.write("first", "1 / 0")
    with pytest.raises(ChapterFailed):
        run(["first"])
    assert status(["first"])[0].reasons[0].startswith("the run failed, cell 2")
    (second,) = run(["second"])
    for name in ("inputs.json", "results.json", "stamp.json", "second.ipynb"):
        path = second.folder / name
        whole = path.read_text(encoding="utf-8")
        path.write_text(whole.replace("2014", "2015").replace('"second"', '"secnd"', 1) + " ", encoding="utf-8")
        if name != "stamp.json":
            assert "cut short or altered" in status(["second"])[0].reasons[0], name
        path.write_text(whole, encoding="utf-8")
    path.write_text(whole, encoding="utf-8")
    stamp = second.folder / "stamp.json"
    stamp.write_text(stamp.read_text().replace('"python": "3', '"python": "2'), encoding="utf-8")
    assert "cut short or altered" in status(["second"])[0].reasons[0]


def test_another_package_makes_every_chapter_stale(book, monkeypatch):
    run(["second"])
    real = Present.packages.func
    monkeypatch.setattr(Present, "packages", property(lambda self: {**real(self), "pandas": "99"}))
    (reason,) = status(["second"])[0].reasons
    assert reason.startswith("package: pandas ")
    assert reason.endswith(", now 99")


@pytest.mark.parametrize(
    "cell",
    ["import time", "open('x')", "from pathlib import Path", "import cci\ncci.book.run", "record = 1\nrecord._tables"],
)
def test_a_chapter_that_reaches_outside_is_never_called_fresh(cell):
    notebook = new_notebook(cells=[new_code_cell(cell)])
    assert list(inputs._unnoted(notebook))


def test_runs_are_listed_with_their_parameters_and_one_is_found_by_its_name(book):
    (plain,) = run(["first"])
    (other,) = run(["first"], parameters={"since": 2018})
    book.write("first", "since")
    listed = {one.folder: one for one in kept_runs()}
    assert listed.keys() == {plain.folder, other.folder}
    assert listed[other.folder].run.parameters["since"] == 2018
    assert listed[other.folder].reasons
    assert opened(other.folder.name) == opened(str(other.folder)) == other
    with pytest.raises(UnknownName, match="No run 'first-nothing'"):
        opened("first-nothing")
    other.path.write_text("{}")
    with pytest.raises(NotAcceptable, match="cut short or altered"):
        opened(other.folder.name)
    assert {one.folder: one.run for one in kept_runs()}[other.folder] is None


def test_parameters_of_single_chapters_stand_over_the_common_ones(book):
    first, second = run(parameters={"since": 2015}, own={"second": {"since": 2016}})
    assert (first.parameters["since"], second.parameters["since"]) == (2015, 2016)
    with pytest.raises(UnknownName, match="secnd"):
        run(own={"secnd": {}})
    with pytest.raises(ParameterError, match="nothing"):
        run(own={"second": {"nothing": 1}})


@pytest.mark.parametrize("name", book_chapters.names(ROOT))
def test_every_chapter_of_the_book_can_be_fresh(name):
    assert list(inputs._unnoted(normalise.read(book_chapters.path(name, ROOT)))) == []
