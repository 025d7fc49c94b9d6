"""Who is part of which body: what one body says counts once, and the table that says so holds together."""

import re

import evidence
import pandas as pd
import pytest
from evidence import FLIGHTS, SOURCE
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import cci
from cci import audit
from cci.book.site.links import Links
from cci.book.site.listings import list_html
from cci.book.site.shelf import Shelf
from cci.cli import app
from cci.errors import RecordError
from cci.record import tables
from cci.record.additions import additions, resulting
from cci.record.dataset import Dataset
from cci.record.intervals import DEFAULT_RULE
from cci.record.origins import spoken, topmost

CITY = {"origin": "city", "name": "The City", "kind": "public_body"}
BUREAU = {"origin": "bureau", "name": "City Bureau", "kind": "public_body", "part_of": "city", "note": "A bureau."}
OFFICE = {"origin": "office", "name": "Bureau Office", "kind": "public_body", "part_of": "bureau", "note": "Of it."}
PORT = {"origin": "port", "name": "Port Group", "kind": "operator"}
PAPER = {"origin": "paper", "name": "The Paper", "kind": "press"}
OWN = {"origin": "own", "name": "The publisher itself", "kind": "publisher"}


@pytest.fixture(scope="module")
def form(record):
    """The tables of the record without their rows."""
    return {name: table.head(0) for name, table in tables.read().items()}


@pytest.fixture
def batch(tmp_path):
    return evidence.batch(tmp_path)


def frame(empty, rows):
    return pd.DataFrame(rows, columns=list(empty.columns)).astype(empty.dtypes)


def told(form, origins, *sources):
    """A record in which each of these sources states one and the same figure of one day."""
    page = {"published": "2021-01-10", "accessed": "2026-01-01", "kind": "state_media", "side": "chinese"}
    pages = [page | {"source_id": f"page-{n}", "publisher": f"Site {n}"} | one for n, one in enumerate(sources)]
    figure = {"indicator": "ports", "scope": "cci", "value": 12.0, "unit": "ports", "qualifier": "exact"}
    figure |= {"period_end": "2020-12-31", "as_stated": "12 ports"}
    rows = {
        "sources": pages,
        "origins": [OWN, *origins],
        "indicators": [{"indicator": "ports", "label": "Ports", "measure": "stock", "additive": False}],
        "scopes": [{"scope": "cci", "label": "All of it"}],
        "observations": [figure | {"obs_id": f"obs-{n}", "source_id": f"page-{n}"} for n in range(len(pages))],
    }
    return Dataset(None, "", DEFAULT_RULE, {name: frame(table, rows.get(name, [])) for name, table in form.items()})


def test_a_part_of_a_part_leads_to_the_topmost_body():
    origins = pd.DataFrame([OWN, OFFICE, BUREAU, CITY, PORT])
    assert topmost(origins) == {"own": "own", "office": "city", "bureau": "city", "city": "city", "port": "port"}


def test_a_speaker_is_the_origin_or_the_publisher_and_its_voice_the_topmost_body():
    sources = pd.DataFrame(
        {"origin": ["office", "own", "own", "port"], "publisher": ["Site", "City Bureau", "Some Site", "The City"]}
    )
    said = spoken(sources, pd.DataFrame([OWN, OFFICE, BUREAU, CITY, PORT]))
    assert said["speaker"].tolist() == ["Bureau Office", "City Bureau", "Some Site", "Port Group"]
    assert said["voice"].tolist() == ["The City", "The City", "Some Site", "Port Group"]
    assert said["speaker_kind"].isna().tolist() == [False, False, True, False]


def test_two_statements_of_one_body_are_one_origin_and_the_reason_names_them(form):
    made = told(form, [CITY, BUREAU, OFFICE], {"origin": "bureau"}, {"origin": "city"}, {"origin": "office"})
    graded = audit.grades(made).iloc[0]
    assert (graded["grade"], graded["n_origins"]) == ("B", 1)
    assert graded["reason"] == (
        "one public body or operator says so; Bureau Office, City Bureau and The City are one body and count once"
    )
    assert made.series("ports", scope="cci")["n_origins"].tolist() == [1]


def test_bodies_that_are_no_part_of_each_other_count_apart(form):
    graded = audit.grades(told(form, [CITY, PORT], {"origin": "port"}, {"origin": "city"})).iloc[0]
    assert (graded["grade"], graded["n_origins"]) == ("A", 2)
    assert graded["reason"] == "2 independent origins agree, a public body or the operator among them"


def test_what_a_body_publishes_itself_is_no_second_voice_beside_a_copy_of_its_release(form):
    own = {"origin": "own", "publisher": "The City", "kind": "government"}
    assert audit.grades(told(form, [CITY], own, {"origin": "city"}))["n_origins"].tolist() == [1, 1]


def test_the_press_says_so_alone_whatever_it_is_part_of(form):
    sheet = {"origin": "sheet", "name": "The Sheet", "kind": "press", "part_of": "paper", "note": "An edition."}
    apart = told(form, [PAPER, sheet | {"part_of": None}], {"origin": "paper"}, {"origin": "sheet"})
    joined = told(form, [PAPER, sheet], {"origin": "paper"}, {"origin": "sheet"})
    assert audit.grades(apart)["grade"].tolist() == ["B", "B"]
    assert audit.grades(joined)["grade"].tolist() == ["C", "C"]


def test_the_page_of_sources_lists_the_parts_of_each_body_and_no_body_without(form):
    shelf = Shelf(told(form, [CITY, BUREAU, OFFICE, PORT], {"origin": "office"}))
    text = re.sub(r"<[^>]+>", "", list_html("origins", shelf, Links("", {})))
    assert " ".join(text.split()) == "The City Bureau Office, part of City Bureau Of it. City Bureau A bureau."


KEYS = range(4)
FORESTS = st.tuples(*(st.none() | st.sampled_from(KEYS[:n]) if n else st.none() for n in KEYS))
STATEMENTS = st.fixed_dictionaries(
    {
        "origin": st.sampled_from(["own", *(f"key-{n}" for n in KEYS)]),
        "publisher": st.sampled_from(["Site", *(f"Name {n}" for n in KEYS)]),
        "kind": st.sampled_from(["government", "state_media", "mirror"]),
        "release_id": st.sampled_from([None, "r-1", "r-2"]),
    }
)


@settings(max_examples=30, deadline=None)
@given(
    forest=FORESTS,
    kinds=st.tuples(*(st.sampled_from(["press", "public_body", "operator"]) for _ in KEYS)),
    statements=st.lists(STATEMENTS, min_size=1, max_size=5),
    pair=st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)),
)
def test_to_merge_two_origins_never_raises_a_count_or_a_grade(form, forest, kinds, statements, pair):
    rows = [
        {"origin": f"key-{n}", "name": f"Name {n}", "kind": kinds[n], "part_of": None if up is None else f"key-{up}"}
        for n, up in enumerate(forest)
    ]
    top = topmost(pd.DataFrame([OWN, *rows]))
    one, other = (top[f"key-{n}"] for n in pair)
    merged = [row | {"part_of": other} if row["origin"] == one != other else row for row in rows]
    before, after = (audit.grades(told(form, origins, *statements)) for origins in (rows, merged))
    assert (after["n_origins"] <= before["n_origins"]).all()
    assert (after["grade"] >= before["grade"]).all()
    assert (after["n_origins"] >= 1).all()


def test_the_bureaus_of_a_municipality_are_no_second_origin_in_the_record(record):
    graded = audit.grades(record).set_index("obs_id").loc["commercial_projects_count-cci-2021-12-31-1"]
    assert (graded["grade"], graded["n_origins"]) == ("B", 1)
    assert "CCI Administrative Bureau (Chongqing) and Chongqing Municipal Government" in graded["reason"]


def test_in_the_record_a_company_is_part_of_no_government_and_the_press_of_the_press_alone(record):
    origins = record.origins
    kinds = origins.set_index("origin")["kind"]
    parts = origins.dropna(subset=["part_of"])
    assert len(parts) > 20
    assert (parts["kind"] == parts["part_of"].map(kinds)).all()


def test_bodies_that_are_part_of_each_other_are_refused_on_every_line_of_the_circle(batch):
    path = batch.data / "origins.csv"
    ministry = b"mti-singapore,Ministry of Trade and Industry Singapore,public_body,"
    path.write_bytes(path.read_bytes().replace(ministry + b",", ministry + b"stb,Of its board."))
    found = {problem.value: str(problem) for problem in tables.problems(batch.data)}
    assert set(found) == {"stb", "mti-singapore"}
    assert all("back to itself; break the circle" in said for said in found.values())


def test_a_row_that_nothing_names_is_told_by_the_check_and_keeps_nobody_from_reading(batch):
    path = batch.data / "origins.csv"
    line = len(batch.table("origins")) + 2
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write("idle,An idle body,press,,\r\n")
    (problem,) = tables.problems(batch.data)
    assert (problem.file, problem.line, problem.value) == (str(path), line, "idle")
    assert "is named by no row of sources.origin, sources.publisher, origins.part_of" in str(problem)
    told = CliRunner().invoke(app, ["check", "--data", str(batch.data)])
    assert (told.exit_code, str(problem) in told.stdout) == (1, True)
    assert "idle" in set(cci.load(data=batch.data).origins["origin"])


def test_a_batch_may_bring_a_source_with_a_new_origin(batch):
    batch.give("origins", {"origin": "chongqing-rail-office", "name": "Chongqing Rail Office", "kind": "public_body"}
               | {"part_of": "chongqing-municipal-government", "note": "An office of the municipality."})  # fmt: skip
    batch.give("sources", SOURCE | {"origin": "chongqing-rail-office"})
    batch.give("observations", FLIGHTS)
    added = additions(batch.folder, data=batch.data)
    assert list(added.after()) == ["origins.csv", "sources.csv", "observations.csv"]
    assert resulting(added).observation(FLIGHTS["obs_id"])["voice"] == "Chongqing Municipal Government"


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("sources", SOURCE | {"origin": "chongqing-custom"}, "did you mean 'chongqing-customs'?"),
        ("origins", {"origin": "idle", "name": "An idle body", "kind": "press"}, "is named by no row of"),
    ],
)
def test_a_batch_with_an_origin_that_one_table_lacks_is_refused(batch, table, row, words):
    batch.give(table, row)
    with pytest.raises(RecordError, match="csv, line 2: origin") as refusal:
        additions(batch.folder, data=batch.data)
    assert words in str(refusal.value)
