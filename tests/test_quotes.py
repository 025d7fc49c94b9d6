"""Which number to quote: every clause of the rule on invented statements, and the headlines of the real record."""

import pandas as pd
import pytest

import cci
from cci import audit
from cci.errors import UnknownName
from cci.record.dataset import Dataset
from cci.record.tables import DEFAULT, read

PORTS, PASSENGERS = ("destination_ports", "ilstc-all"), ("air_passengers", "route-ckg-sin")
GOVERNMENT, COMPANY, PRESS, MIRROR = (  # real sources, chosen for their kind
    "wcifit-2025-11-10-fruitful-decade",
    "kebon-2025-11-13-decade",
    "chinadailycn-2025-01-21-555-ports",
    "cnr-2025-09-17-kunming",
)


def invented(*statements, headline=PORTS, clashes=()):
    """The record with other observations: each a value, a period (start/end or end) and a source, then a flag.

    Identifiers are the letters a, b, c … in this order; a clash is its letters and the preferred one or None.
    """
    tables = dict(read(DEFAULT))
    rows = [
        {
            "obs_id": "abcdefgh"[at], "indicator": headline[0], "scope": headline[1], "value": float(value),
            "unit": "ports" if headline == PORTS else "persons", "qualifier": "exact", "source_id": source,
            "period_start": period.partition("/")[0] if "/" in period else None,
            "period_end": period.rpartition("/")[2] or None, "as_stated": str(value), "flag": (*flag, None)[0],
        }
        for at, (value, period, source, *flag) in enumerate(statements)
    ]  # fmt: skip
    settled = [
        {"disagreement_id": f"d-{at}", "title": "Two counts", "pillar": "logistics", "kind": "level_conflict",
         "obs_ids": tuple(ids), "explanation": "They differ.", "preferred_obs_id": preferred,
         "reason": "It was counted." if preferred else None}
        for at, (ids, preferred) in enumerate(clashes)
    ]  # fmt: skip
    for name, invention in (("observations", rows), ("disagreements", settled)):
        dtypes = tables[name].dtypes.to_dict()
        tables[name] = pd.DataFrame(invention, columns=list(dtypes)).astype(dtypes)
    return Dataset(None, "", "next-round", tables)


def quoted(*statements, headline=PORTS, **clashes):
    return audit.quotable(invented(*statements, headline=headline, **clashes), [headline])["obs_id"].tolist()


def test_the_latest_figure_is_quoted():
    assert quoted((570, "2025-07-31", GOVERNMENT), (581, "2025-10-31", PRESS)) == ["b"]


@pytest.mark.parametrize(
    "flag", ["forecast", "target", "superseded", "scope_unclear", "suspected_error", "unit_slip", "do_not_chart"]
)
def test_what_is_hoped_or_gravely_doubted_is_not_quoted(flag):
    assert quoted((570, "2025-07-31", PRESS), (581, "2025-10-31", GOVERNMENT, flag)) == ["a"]


def test_a_figure_without_a_date_is_not_quoted():
    assert quoted((570, "2025-07-31", PRESS), (581, "", GOVERNMENT)) == ["a"]


def test_a_part_of_a_year_is_not_quoted_where_the_quantity_is_an_amount_of_a_period():
    year, months = (252_400, "2024-01-01/2024-12-31", PRESS), (230_000, "2025-01-01/2025-10-31", GOVERNMENT)
    last_quarter = (80_000, "2025-10-01/2025-12-31", GOVERNMENT)
    assert quoted(year, months, last_quarter, headline=PASSENGERS) == ["a"]


def test_a_settled_disagreement_sets_a_figure_aside_on_every_page_that_prints_it():
    counted, stale = (581, "2025-10-31", GOVERNMENT), (579, "2025-11-03", PRESS)
    copied = (579, "2025-11-03", COMPANY)
    assert quoted(counted, stale, copied) == ["c"]
    assert quoted(counted, stale, copied, clashes=[("ab", "a")]) == ["a"]


def test_the_page_closest_to_the_count_is_cited_for_a_figure_that_others_print_too():
    copies = (581, "2025-10-11", MIRROR), (581, "2025-10-20", PRESS), (581, "2025-11-13", COMPANY)
    assert quoted(*copies) == ["c"]
    assert quoted(*copies, (581, "2025-11-10", GOVERNMENT)) == ["d"]


def test_of_equally_close_pages_the_best_graded_is_cited_and_then_the_earliest():
    inferred, dated = (581, "2025-10-11", GOVERNMENT, "date_inferred"), (581, "2025-10-31", GOVERNMENT)
    assert quoted(inferred, dated, (581, "2025-11-10", GOVERNMENT)) == ["b"]


def test_a_page_that_printed_the_same_figure_before_it_changed_is_not_cited():
    assert quoted((555, "2025-01-31", GOVERNMENT), (556, "2025-02-28", PRESS), (555, "2025-03-06", PRESS)) == ["c"]


def test_the_caution_of_an_open_disagreement_goes_with_the_figure_though_a_copy_is_graded_better():
    record = invented(
        (7, "2025-07-17", PRESS), (10, "2025-11-10", GOVERNMENT), (10, "2025-11-13", COMPANY), clashes=[("ab", None)]
    )
    quote = audit.quotable(record, [PORTS]).iloc[0]
    assert (quote["obs_id"], quote["grade"]) == ("b", "C")
    assert quote["advice"] == "Quote it with its source, as unconfirmed."
    assert quote["ground"] == "Named in a disagreement that is not settled."


def test_the_ground_is_the_reason_of_the_settled_disagreement_else_that_of_the_grade():
    counted, rival = (581, "2025-10-31", GOVERNMENT), (579, "2025-10-31", PRESS)
    preferred = audit.quotable(invented(counted, rival, clashes=[("ab", "a")]), [PORTS]).iloc[0]
    alone = audit.quotable(invented(counted), [PORTS]).iloc[0]
    assert preferred["ground"] == "It was counted."
    assert (alone["grade"], alone["ground"]) == ("B", "One public body or operator says so.")
    assert alone["advice"] == "Quote it, naming who says so."


def test_quotes_come_in_the_order_asked_for_with_the_columns_of_observations(record):
    headlines = {"air_passengers": "route-ckg-sin", "gov_commercial_projects_count": "cci"}
    quotes = audit.quotable(record, headlines)
    assert quotes["words"].tolist() == ["252,400 people", "347 projects"]
    assert quotes["headline"].tolist() == [
        "Air passengers: Chongqing to Singapore by air", "Government and commercial projects signed",
    ]  # fmt: skip
    assert set(record.observations.columns) <= set(quotes.columns)
    assert audit.quotable(record, headlines.items()).equals(quotes)


def test_a_headline_is_quoted_from_admitted_pages_only(record):
    headline = {"gov_commercial_projects_value": "cci"}
    press = record.observations[lambda rows: rows["source_kind"] == "state_media"]
    assert audit.quotable(record, headline, among=press)["source_kind"].tolist() == ["state_media"]
    assert set(audit.variants(record, headline, among=press)["source_kind"]) <= {"state_media"}


def test_an_earlier_day_has_the_quotes_of_its_time():
    headlines = {"cross_border_financing_value": "cci", "gov_commercial_projects_count": "cci"}
    # "Over 17 billion" of November is a rounder statement of the 17.16 of October, says a settled disagreement.
    then = audit.quotable(cci.load("2021-12-31"), headlines)
    assert then["words"].tolist() == ["US$17.16 billion"]
    before = cci.load("2010-12-31")
    nothing = [function(before, headlines) for function in (audit.quotable, audit.variants, audit.circulation)]
    assert all(table.empty and table.attrs["as_of"] == "2010-12-31" for table in nothing)


def test_an_unknown_headline_is_refused(record):
    with pytest.raises(UnknownName, match="Did you mean 'air_passengers'"):
        audit.quotable(record, {"air_passenger": "route-ckg-sin"})


def test_variants_are_the_figures_that_disagreements_set_beside_the_headline(record):
    variants = audit.variants(record, {"cross_border_financing_value": "cci"})
    wide = variants[variants["indicator"] == "financial_services_projects_value"].iloc[-1]
    assert wide["words"] == "US$29.04 billion"
    assert wide["definition"].startswith("Value of projects in financial services")
    assert wide["title"] == "Two financing totals in one release"
    assert "US$217 billion" in set(variants["words"])
    assert "US$21.7 billion" not in set(variants["words"])
    assert variants["end"].dropna().is_monotonic_increasing


def test_an_older_figure_of_the_headline_is_a_variant_only_beside_the_one_to_quote():
    old, rival, now = (300, "2021-01-31", PRESS), (304, "2021-01-31", MIRROR), (581, "2025-10-31", GOVERNMENT)
    record = invented(old, rival, now, (579, "2025-11-03", MIRROR, "superseded"), clashes=[("ab", None), ("cd", "c")])
    assert audit.variants(record, [PORTS])["obs_id"].tolist() == ["d"]


def test_another_statement_on_the_same_period_is_a_variant_without_a_disagreement():
    record = invented((966, "2025-10-31", GOVERNMENT), (960, "2025-10-31", PRESS))
    variant = audit.variants(record, [PORTS]).iloc[0]
    assert (variant["obs_id"], variant["title"]) == ("b", "Printed for the same period")
    assert pd.isna(variant["disagreement_id"])


def test_many_pages_may_have_one_origin(record):
    row = audit.circulation(record, {"institutional_innovations_count": "cci"}).iloc[0]
    assert (row["pages"], row["origins"], row["words"]) == (7, 1, "7 pages, 1 origin")
    assert len(row["source_ids"]) == 7


def test_pages_from_before_the_last_change_do_not_count():
    record = invented((7, "2018-04-12", PRESS), (10, "2025-07-17", PRESS), (7, "2025-11-10", GOVERNMENT))
    assert audit.circulation(record, [PORTS])["words"].tolist() == ["1 page, 1 origin"]


def test_every_headline_of_the_book_has_a_number_to_quote(record):
    quotes = audit.quotable(record, audit.HEADLINES)
    assert quotes["indicator"].tolist() == list(audit.HEADLINES)
    assert quotes["advice"].notna().all()


def test_statements_come_series_by_series_in_the_order_of_each(record):
    series = [("destination_ports", "ilstc-all"), ("rail_sea_teu", "ilstc-all"), ("weekly_flights", "route-ckg-sin")]
    one_by_one = [
        obs_id
        for indicator, scope in series
        for row in record.series(indicator, scope=scope).itertuples()
        for obs_id in (row.obs_id, *row.rival_ids)
    ]
    assert record.statements(series)["obs_id"].tolist() == one_by_one
    assert record.statements([])["obs_id"].tolist() == []


def test_every_figure_that_is_not_quoted_has_a_bar_to_it_in_words():
    clash = invented(
        (581, "2025-10-31", GOVERNMENT),
        (579, "2025-11-03", PRESS),
        (600, "2026-12-31", PRESS, "target"),
        (590, "", PRESS),
        (99, "2025-01-31", PRESS, "unit_slip"),
        clashes=[("ab", "a")],
    )
    withheld = audit.withheld(clash, [PORTS]).set_index("obs_id")["bar"].to_dict()
    assert withheld == {
        "b": "a settled disagreement prefers another figure",
        "c": "a forecast or target",
        "d": "no date is stated",
        "e": "flagged unit slip",
    }
    months = invented((230_000, "2025-01-01/2025-10-31", GOVERNMENT), headline=PASSENGERS)
    assert audit.withheld(months, [PASSENGERS])["bar"].tolist() == ["part of a year"]


def test_a_settled_clash_sets_aside_rivals_and_not_witnesses():
    ports = invented((581, "2025-10-31", GOVERNMENT), (579, "2025-11-03", PRESS), (579, "2025-11-03", COMPANY),
                     clashes=[("ab", "a")])  # fmt: skip
    assert ports.observations["set_aside"].tolist() == [False, True, True]
    before, now = "2017-01-01/2017-12-31", "2018-01-01/2018-12-31"
    flown = invented((622, before, PRESS), (600, before, COMPANY), (656, now, PRESS), headline=PASSENGERS,
                     clashes=[("abc", "a")])  # fmt: skip
    assert flown.observations["set_aside"].tolist() == [False, True, False]
