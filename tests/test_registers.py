"""A row of a source, an event, a step, an instrument or a factor that its name, page or neighbours contradict."""

from types import SimpleNamespace

import pandas as pd
import pytest

import cci
from cci.audit.registers import register_slips
from cci.audit.report import report
from cci.record.dates import first_day, last_day

EMPTY = {
    "sources": ["source_id", "published", "known_by"],
    "events": ["event_id", "date", "end_date", "published", "known_by", "start"],
    "milestones": ["milestone_id", "pathway", "order", "start", "published", "known_by", "from_day"],
    "instruments": ["instrument_id", "kind", "launched", "source_ids"],
    "factors": ["factor_id", "kind", "unit", "subject", "value", "year"],
}
DAYS = ["known_by", "start", "from_day"]


def found(**tables):
    """The candidates (detector, row) of some rows, in tables that are else empty."""
    frames = {name: pd.DataFrame(tables.get(name, []), columns=columns) for name, columns in EMPTY.items()}
    for frame in frames.values():
        dates = [name for name in ("date", "end_date", "launched", "published", "start") if name in frame]
        frame[dates] = frame[dates].astype("str")
        if "published" in frame:
            frame["known_by"] = last_day(frame["published"])
        if "from_day" in frame:
            frame["from_day"] = first_day(frame["start"])
        elif "date" in frame:
            frame["start"] = first_day(frame["date"])
    frames["factors"] = frames["factors"].astype({"value": float, "year": float})
    slips = register_slips(SimpleNamespace(**frames))
    return [(row.detector, *row.obs_ids) for row in slips.itertuples()]


@pytest.mark.parametrize(
    ("source_id", "published", "met"),
    [("press-2020-05-04-ports", "2021-05-04", True), ("press-2020-05-04-ports", "2020-05-30", False),
     ("press-2020-05-04-ports", "2020", False), ("press-2020-ports", "2020-05-04", False),
     ("press-ports", "2021-05-04", False), ("press-2019-report-2020-05", "2020-05-04", False),
     ("press-2020-05-04-ports", None, False)],
)  # fmt: skip
def test_a_page_of_another_day_than_its_name_is_one(source_id, published, met):
    page = {"source_id": source_id, "published": published}
    assert found(sources=[page]) == [("published_not_in_name", source_id)] * met


@pytest.mark.parametrize(
    ("name", "date", "end", "met"),
    [("ev-2020-05-04-fair", "2020-05-04", None, False), ("ev-2020-05-04-fair", "2021-05-04", None, True),
     ("ev-2020-05-04-fair", "2020-04-05", None, True), ("ev-2020-05-04-fair", "2020-05-03", "2020-05-04", False),
     ("ev-2020-05-fair", "2020-05", None, False), ("ev-fair", "2020-05-04", None, False)],
)  # fmt: skip
def test_an_event_of_another_day_than_its_name_is_one(name, date, end, met):
    event = {"event_id": name, "date": date, "end_date": end, "published": "2022"}
    assert found(events=[event]) == [("event_not_in_name", name)] * met


@pytest.mark.parametrize(("day", "met"), [("2020-06-04", False), ("2020-06-05", True), ("2020-06", False)])
def test_what_is_told_over_a_month_ahead_is_one(day, met):
    event = {"event_id": f"ev-{day}-fair", "date": day, "published": "2020-05-04"}
    step = {"milestone_id": "meat-01", "pathway": "meat", "order": 1, "start": day, "published": "2020-05-04"}
    assert found(events=[event]) == [("told_before_it", event["event_id"])] * met
    assert found(milestones=[step]) == [("told_before_it", "meat-01")] * met
    assert found(milestones=[step | {"published": None}]) == []


@pytest.mark.parametrize(
    ("days", "met"),
    [(("2019", "2020-02"), None), (("2020-03", "2020-02"), "meat-2"), (("2020-03", "2020"), None),
     (("2020", "2019-12"), "meat-2"), ((None, "2019"), None)],
)  # fmt: skip
def test_a_step_that_began_before_the_one_in_front_of_it_is_one(days, met):
    steps = [
        {"milestone_id": f"meat-{n}", "pathway": "meat", "order": n, "start": day, "published": "2022"}
        for n, day in enumerate(days, 1)
    ]
    assert found(milestones=steps[::-1]) == [("step_out_of_order", met)] * bool(met)
    assert found(milestones=[steps[0], steps[1] | {"pathway": "other"}]) == []


@pytest.mark.parametrize(
    ("launched", "kind", "met"),
    [("2020-05", "fund", False), ("2021", "fund", True), ("2030", "target", False), ("planned", "fund", False),
     (None, "fund", False)],
)  # fmt: skip
def test_an_instrument_that_its_pages_foretell_is_one_unless_it_is_a_plan(launched, kind, met):
    pages = [{"source_id": "a", "published": "2019"}, {"source_id": "b", "published": "2020-05-04"}]
    row = {"instrument_id": "new-fund", "kind": kind, "launched": launched, "source_ids": ("a", "b")}
    assert found(sources=pages, instruments=[row]) == [("launched_after_pages", "new-fund")] * met


def test_a_factor_of_another_year_than_its_name_is_one():
    factor = {"factor_id": "rail-2020", "kind": "emission", "unit": "g", "subject": "rail, here", "value": 20}
    assert found(factors=[factor | {"year": 2021}]) == [("year_not_in_name", "rail-2020")]
    assert found(factors=[factor | {"year": 2020}]) == found(factors=[factor]) == []


@pytest.mark.parametrize(("value", "met"), [(20, False), (100, False), (200, True), (2, True)])
def test_a_factor_nowhere_near_others_of_its_kind_is_one(value, met):
    shared = {"kind": "emission", "unit": "g", "subject": "rail, there"}
    others = [shared | {"factor_id": f"rail-{n}", "value": n} for n in (20, 25, 30)]
    factor = shared | {"factor_id": "rail-new", "subject": "rail, here", "value": value}
    assert found(factors=[*others, factor]) == [("factor_out_of_line", "rail-new")] * met
    assert found(factors=[factor, *(one | {"unit": "kg"} for one in others)]) == []
    assert found(factors=[factor, *(one | {"subject": "sea"} for one in others)]) == []


def test_they_stand_in_the_report_as_candidates_and_are_few():
    record = cci.load()
    slips = register_slips(record)
    kinds = report(record).query("outcome == 'candidate'")["kind"]
    assert kinds.isin(set(slips["detector"])).sum() == len(slips) > 0
    tables = (record.sources, record.events, record.milestones, record.instruments, record.factors)
    assert len(slips) < sum(map(len, tables)) / 40
