"""Charts draw what is known and no more, and carry their own words, sources and table."""

import itertools
import json
import math

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from cci import audit, charts
from cci.audit import evaluate
from cci.charts import theme
from cci.charts.axes import axis_unit
from cci.charts.coverage import SHADES
from cci.charts.figures import figures, shapes
from cci.charts.flows import _drawn_as
from cci.charts.routes import _OUTLINE, _box, _outline, _view
from cci.errors import CCIError
from cci.models import inputs, route
from cci.record.dates import first_day, last_day


def figure(number, end, **more):
    """One invented row of observations, as the record hands it out."""
    row = {
        "obs_id": f"ports-{end}",
        "indicator": "ports",
        "scope": "corridor",
        "value": float(number),
        "value_high": math.nan,
        "unit": "ports",
        "qualifier": "exact",
        "period_start": None,
        "period_end": end,
        "as_stated": f"{number} ports",
        "source_id": f"page-{end}",
        "flag": None,
        "label": "Ports reached",
        "measure": "stock",
        "scope_label": "Corridor",
        "publisher": "The Daily",
        "published": end,
        "side": "chinese",
        "origin": "own",
        "release_id": None,
        "source_kind": "state_media",
        "voice": "The Daily",
        "low": float(number),
        "high": float(number),
        "words": f"{number} ports",
    }
    return row | more


def observations(*rows):
    frame = pd.DataFrame(rows)
    start, end, published = (frame[name].astype("str") for name in ("period_start", "period_end", "published"))
    return frame.assign(start=first_day(start), end=last_day(end), known_by=last_day(published))


PORTS = observations(figure(100, "2019-03-31"), figure(180, "2020-03-31"), figure(240, "2021-03-31"))


def year(value, number, **more):
    flow = {"measure": "flow", "unit": "TEU", "label": "Containers", "words": f"{value} TEU"}
    return figure(value, f"{number}-12-31", **{"period_start": f"{number}-01-01"} | flow | more)


def rows(chart, name):
    """The data of the layer of that name, or no rows; Altair moves data that all layers share to the top."""
    spec = chart.to_dict()
    found = [part["data"]["values"] for part in (spec, *spec["layer"]) if part.get("data", {}).get("name") == name]
    return found[0] if found else []


def carried(chart):
    return chart.to_dict()["usermeta"]["cci"]


def words_of(row):
    return [cell if isinstance(cell, str) else cell["text"] for cell in row]


# The theme


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return np.array(linear)


def contrast(one, other):
    """WCAG 2.2, relative luminance and contrast ratio."""
    bright, dark = sorted((luminance(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(linear):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear.clip(0, 1)
    f = np.array([c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in xyz / [0.95047, 1, 1.08883]])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


PALETTES = pytest.mark.parametrize(
    ("palette", "page"), [(theme.LIGHT, theme.LIGHT_PAGE), (theme.NIGHT, theme.DARK_PAGE)], ids=["light", "dark"]
)


@PALETTES
@pytest.mark.parametrize("name", dict.fromkeys((*theme.MEANINGS, *theme.SERIES)))
def test_every_mark_stands_out_from_the_page(palette, page, name):
    assert contrast(palette[name], page) >= 3


@PALETTES
@pytest.mark.parametrize("name", ["text", "muted", "contested"])
def test_every_text_can_be_read_on_the_page(palette, page, name):
    assert contrast(palette[name], page) >= 4.5


@PALETTES
def test_the_numbers_of_the_heat_map_can_be_read_in_its_darkest_cell(palette, page):
    deepest = max(shade for _, shade in SHADES)
    mixed = [
        round(
            deepest * int(palette["figure"][place : place + 2], 16) + (1 - deepest) * int(page[place : place + 2], 16)
        )
        for place in (1, 3, 5)
    ]
    assert contrast("#{:02x}{:02x}{:02x}".format(*mixed), palette["text"]) >= 4.5


@PALETTES
@pytest.mark.parametrize("group", [theme.MEANINGS, (*theme.SERIES, "contested")], ids=["meanings", "series"])
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_colours_that_meet_in_a_chart_differ_for_every_eye(palette, page, group, blindness):
    seen = {name: lab(np.array(BLINDNESS[blindness]) @ luminance(palette[name])) for name in group}
    for one, other in itertools.combinations(group, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 12, (one, other)


def test_dark_and_light_differ_in_colours_and_in_nothing_else():
    def shape(value):
        if isinstance(value, dict):
            return {key: shape(part) for key, part in value.items()}
        if isinstance(value, list):
            return [shape(part) for part in value]
        return "colour" if isinstance(value, str) and value.startswith("#") else value

    assert shape(theme.CONFIG) == shape(theme.DARK)
    assert theme.CONFIG != theme.DARK


@pytest.fixture
def in_use():
    with pd.option_context("display.max_columns", 5, "display.max_rows", 5, "display.width", 50):
        before = alt.theme.active, alt.renderers.active
        charts.use()
        yield
        alt.theme.enable(before[0])
        alt.renderers.enable(before[1])


def test_use_sets_theme_renderer_and_the_way_frames_are_printed(in_use):
    bundle, metadata = charts.trend(PORTS, title="Ports")._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "text/plain"}
    assert bundle["text/plain"] == "[chart] Ports"
    assert bundle["application/vnd.vegalite.v5+json"]["config"] == json.loads(json.dumps(theme.CONFIG))
    assert metadata == {}
    assert pd.get_option("display.max_rows") == 20


def test_the_public_names_are_sorted_and_lead_somewhere():
    assert charts.__all__ == sorted(charts.__all__)
    assert all(callable(getattr(charts, name)) for name in charts.__all__)


# What stands around a picture


def test_a_chart_says_what_it_measures_how_far_it_reaches_and_by_when_it_was_public():
    spec = charts.trend(PORTS, title="The corridor reaches more ports each year").to_dict()
    assert spec["title"]["text"] == "The corridor reaches more ports each year"
    assert carried(charts.trend(PORTS, title="x"))["subtitle"] == (
        "Ports reached: Corridor. Figures to 31 March 2021, published by 31 March 2021."
    )
    assert (spec["width"], spec["usermeta"]["cci"]["as_of"]) == ("container", "2021-03-31")


def test_a_unit_that_the_quantity_does_not_name_is_said_in_its_scale():
    money = PORTS.assign(unit="USD", value=PORTS["value"] * 1e8, low=0.0, high=2e10, label="Financing")
    chart = charts.trend(money, title="x")
    assert carried(chart)["subtitle"].startswith("Financing: Corridor, in US$ billion.")
    assert rows(chart, "dots")[0]["value"] == 10


def test_long_titles_are_broken_into_lines_and_never_inside_a_date():
    title = "A title that is too long for the one line of a phone, on 31 March 2021"
    lines = charts.trend(PORTS, title=title).to_dict()["title"]["text"]
    assert [line.replace("\xa0", " ") for line in lines] == [
        "A title that is too long for the one line",
        "of a phone, on 31 March 2021",
    ]
    assert carried(charts.trend(PORTS, title=title))["title"] == title


def test_the_source_line_names_those_with_most_figures_first_and_the_latest_date():
    frame = observations(
        figure(1, "2019-01-31", publisher="A"),
        figure(2, "2020-01-31", publisher="B"),
        figure(3, "2021-01-31", publisher="B"),
        figure(4, "2022-01-31", publisher="C"),
        figure(5, "2023-12-17", publisher="D"),
        figure(6, "2023-12-17", publisher="E"),
    )
    assert carried(charts.trend(frame, title="x"))["source_line"] == (
        "Sources: B; A; C and 2 more. Latest source 17 December 2023."
    )
    assert carried(charts.trend(frame.head(1), title="x"))["source_line"] == "Source: A. Latest source 31 January 2019."


def test_the_alt_text_says_what_is_drawn_between_which_dates_and_how_sure_it_is():
    frame = observations(
        figure(100, "2019-03-31"),
        figure(180, "2020-03-31", qualifier="over", words="over 180 ports", low=180.0, high=190.0),
        figure(90, "2020-06-30", flag="suspected_error"),
        figure(240, "2023-03-31"),
        figure(300, "2025", flag="target"),
    )
    assert charts.trend(frame, title="x").to_dict()["description"] == (
        "Steps and points of ports reached: Corridor: 31 March 2019 to 2025. Lowest 100 ports (31 March 2019); the "
        "latest, 240 ports (31 March 2023), is also the highest. 5 figures from 5 sources, 1 of them one-sided or "
        "approximate, 1 a forecast or target, drawn hollow, 1 in doubt, drawn as a cross. No figure between "
        "31 March 2020 and 31 March 2023."
    )


def test_the_table_has_the_rows_of_the_frame_and_links_them():
    shown = carried(charts.trend(PORTS, title="x"))
    assert shown["table"]["columns"] == [
        {"key": "period", "label": "Period"},
        {"key": "words", "label": "Figure"},
        {"key": "stated", "label": "As stated"},
        {"key": "publisher", "label": "Source"},
    ]  # no figure has a caution
    assert shown["table"]["rows"][0] == [
        "31 March 2019",
        {"text": "100 ports", "obs": "ports-2019-03-31"},
        "100 ports",
        {"text": "The Daily", "source": "page-2019-03-31"},
    ]
    assert shown["obs_ids"] == ["ports-2019-03-31", "ports-2020-03-31", "ports-2021-03-31"]
    assert shown["source_ids"] == ["page-2019-03-31", "page-2020-03-31", "page-2021-03-31"]


def test_a_chart_is_the_same_to_the_byte_each_time_and_whatever_the_index():
    one = charts.trend(PORTS, title="x", by="scope_label").to_json()
    assert one == charts.trend(PORTS, title="x", by="scope_label").to_json()
    assert one == charts.trend(PORTS.set_index(pd.Index([7, 7, 7])), title="x", by="scope_label").to_json()


def test_numbers_in_a_chart_have_twelve_digits_at_most():
    third = PORTS.assign(value=[1 / 3, 2 / 3, 1.0], low=0.0, high=1.0)
    assert [row["value"] for row in rows(charts.trend(third, title="x"), "dots")] == [
        0.333333333333,
        0.666666666667,
        1.0,
    ]


def test_a_frame_is_not_changed_by_drawing_it():
    before = PORTS.copy()
    charts.trend(PORTS, title="x")
    pd.testing.assert_frame_equal(PORTS, before)


# Trends


def test_totals_and_levels_are_joined_by_steps_and_nothing_else_is_joined():
    chart = charts.trend(PORTS, title="x")
    line = next(layer for layer in chart.to_dict()["layer"] if layer.get("data", {}).get("name") == "steps")
    assert line["mark"]["interpolate"] == "step-after"
    assert [row["value"] for row in rows(chart, "steps")] == [100, 180, 240]
    assert not rows(charts.trend(PORTS.assign(measure="rate"), title="x"), "steps")


def test_the_value_axis_starts_at_zero_and_ends_at_a_round_number():
    encoding = charts.trend(PORTS, title="x").to_dict()["layer"][0]["encoding"]
    assert encoding["y"]["scale"]["domain"] == [0, 250]
    near = charts.trend(PORTS, title="x", zero=False).to_dict()["layer"][0]["encoding"]
    assert near["y"]["scale"]["domain"] == [100, 250]


def test_no_line_crosses_a_change_of_definition_and_a_rule_marks_it():
    chart = charts.trend(PORTS, title="x", breaks={"2020-09-01": "seaports only"})
    assert [(row["value"], row["run"]) for row in rows(chart, "steps")] == [(100, 1), (180, 1)]
    assert rows(chart, "breaks") == [{"when": "2020-09-01T00:00:00", "letter": "a"}]
    assert carried(chart)["subtitle"].endswith("The definition changes at a (seaports only).")
    assert chart.to_dict()["description"].endswith("The definition changes on 1 September 2020: seaports only.")


def test_a_line_is_broken_where_nothing_was_published_for_long():
    frame = observations(
        figure(1, "2015-01-31"), figure(2, "2016-01-31"), figure(5, "2020-01-31"), figure(6, "2021-01-31")
    )
    assert [row["run"] for row in rows(charts.trend(frame, title="x"), "steps")] == [1, 1, 2, 2]
    assert [row["run"] for row in rows(charts.trend(frame, title="x", gap=60), "steps")] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("qualifier", "mark"),
    [("exact", "dot exact"), ("over", "tick over"), ("at_least", "tick over"), ("nearly", "tick under"),
     ("under", "tick under"), ("up_to", "tick under"), ("about", "tick about")],
)  # fmt: skip
def test_the_mark_says_which_way_the_wording_is_open(qualifier, mark):
    chart = charts.trend(observations(figure(100, "2019-03-31", qualifier=qualifier)), title="x")
    drawn = rows(chart, "dots") or rows(chart, "outlines")
    assert [row["mark"] for row in drawn] == [mark]


def test_a_bar_covers_what_the_wording_allows_to_the_edge_where_it_has_no_bound():
    frame = observations(
        figure(100, "2019-03-31", qualifier="over", low=100.0, high=110.0),
        figure(200, "2020-03-31", qualifier="over", low=200.0, high=math.inf),
        figure(300, "2021-03-31", qualifier="under", low=-math.inf, high=300.0),
    )
    bars = [(row["value"], row["high"]) for row in rows(charts.trend(frame, title="x"), "intervals")]
    assert bars == [(100, 110), (200, 300), (0, 300)]


def test_a_printed_range_is_a_bar_without_a_point():
    chart = charts.trend(observations(figure(10, "2019-03-31", value_high=14.0, low=10.0, high=14.0)), title="x")
    assert rows(chart, "intervals")[0]["high"] == 14
    assert not rows(chart, "dots")


def test_forecasts_are_hollow_doubts_are_crosses_and_neither_is_joined():
    frame = observations(
        figure(100, "2019-03-31"),
        figure(120, "2019-06-30", flag="scope_unclear"),
        figure(180, "2020-03-31"),
        figure(300, "2021-03-31", flag="forecast"),
    )
    chart = charts.trend(frame, title="x")
    assert [row["mark"] for row in rows(chart, "outlines")] == ["ring exact"]
    assert [(row["mark"], row["caution"]) for row in rows(chart, "doubts")] == [("cross exact", "definition unclear")]
    assert [row["value"] for row in rows(chart, "steps")] == [100, 180]


def test_a_figure_that_is_set_aside_is_a_cross_and_not_the_last_of_its_line():
    frame = observations(
        figure(560, "2025-07-31"),
        figure(581, "2025-10-31"),
        figure(579, "2025-11-03", flag="date_inferred"),
    ).assign(set_aside=[False, False, True])
    chart = charts.trend(frame, title="x")
    assert [(row["value"], row["caution"]) for row in rows(chart, "doubts")] == [(579, "another figure is preferred")]
    assert [row["value"] for row in rows(chart, "steps")] == [560, 581]
    assert [row["words"] for row in rows(chart, "labels left middle")] == [["581 ports"]]


def test_a_slip_of_a_power_of_ten_does_not_flatten_the_rest():
    frame = observations(figure(100, "2019-03-31"), figure(1000, "2020-03-31", flag="unit_slip"))
    spec = charts.trend(frame, title="x").to_dict()
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 100]
    assert spec["description"].endswith("1 figure without a date or far off the axis only in the table.")
    assert len(carried(charts.trend(frame, title="x"))["table"]["rows"]) == 2


def test_undated_figures_stand_in_the_table_only():
    frame = pd.concat([PORTS, observations(figure(7, None, published="2022-01-01"))])
    chart = charts.trend(frame, title="x")
    assert len(rows(chart, "dots")) == 3
    assert words_of(carried(chart)["table"]["rows"][3])[0] == "date not stated"


def test_a_single_series_ends_in_its_words_and_several_in_their_names():
    assert rows(charts.trend(PORTS, title="x"), "labels left middle")[0]["words"] == ["240 ports"]
    two = pd.concat([PORTS.assign(by="East"), PORTS.assign(by="West", value=PORTS["value"] / 2)])
    chart = charts.trend(two, title="x", by="by")
    assert [row["words"] for row in rows(chart, "labels left middle")] == [["East"], ["West"]]
    assert {row["series"] for row in rows(chart, "dots")} == {"East", "West"}


def test_names_at_line_ends_never_overlap():
    close = pd.concat([PORTS.assign(by=name, value=PORTS["value"] + number) for number, name in enumerate("ABCDE")])
    values = sorted(row["value"] for row in rows(charts.trend(close, title="x", by="by"), "labels left middle"))
    pixels = 260 / 250
    assert min(np.diff(values)) * pixels >= 13 - 1e-6


def test_long_names_move_to_a_legend():
    named = PORTS.assign(by="A name that no margin of a phone has room for, by any means or measure")
    chart = charts.trend(named, title="x", by="by").to_dict()
    assert not [layer for layer in chart["layer"] if layer.get("data", {}).get("name", "").startswith("labels")]
    assert any(layer["encoding"].get("color", {}).get("legend", {}) for layer in chart["layer"])


def test_the_second_of_two_quantities_reads_on_and_names_keep_their_capital():
    def told(*labels):
        frame = pd.concat([PORTS.assign(label=label) for label in labels])
        return carried(charts.trend(frame, title="x", by="label"))["subtitle"].partition(": ")[0]

    assert told("Change of cost", "Cost difference") == "Change of cost and cost difference"
    for name in ("Chinese cities", "QDLP quota", "Joint Steering Council meetings"):
        assert told("Change of cost", name) == f"Change of cost and {name}"


# What may not share an axis


def test_running_totals_and_amounts_of_a_period_never_share_an_axis():
    mixed = pd.concat([PORTS.assign(measure="cumulative"), PORTS.assign(measure="flow")])
    with pytest.raises(CCIError, match="never share an axis"):
        charts.trend(mixed, title="x")


@pytest.mark.parametrize("draw", [charts.trend, charts.flows, charts.statements], ids=lambda draw: draw.__name__)
def test_an_axis_has_one_unit(draw):
    with pytest.raises(CCIError, match=r"in CNY and USD\. Keep one of them"):
        draw(PORTS.assign(unit=["USD", "CNY", "USD"]), title="x")


def test_more_series_than_colours_are_refused():
    with pytest.raises(CCIError, match="5 series apart at most; 'by' has 6"):
        charts.trend(pd.concat([PORTS.assign(by=name) for name in "ABCDEF"]), title="x", by="by")


def test_an_unknown_column_of_series_is_named():
    with pytest.raises(CCIError, match="No column 'airline'"):
        charts.trend(PORTS, title="x", by="airline")


# Flows


def test_a_full_year_is_solid_and_the_longest_part_of_an_open_year_is_not():
    part = {"measure": "flow", "unit": "TEU", "label": "Containers", "period_start": "2021-01-01"}
    frame = observations(
        year(100, 2020),
        year(40, 2020, period_start="2020-01-01", period_end="2020-06-30", obs_id="half"),
        figure(30, "2021-03-31", **part),
        figure(60, "2021-06-30", **part),
    )
    chart = charts.flows(frame, title="x")
    assert [row["value"] for row in rows(chart, "bars full")] == [100]
    assert [row["value"] for row in rows(chart, "bars part")] == [60]
    assert [row["value"] for row in rows(chart, "lines")] == [40, 30]
    assert (
        "3 figures for part of a period or a further statement on one, drawn lighter." in chart.to_dict()["description"]
    )


def test_a_bar_covers_the_days_of_its_period():
    bar = rows(charts.flows(observations(year(100, 2021)), title="x"), "bars full")[0]
    assert (bar["from"][:7], bar["to"][:7]) == ("2021-01", "2021-12")


def test_a_month_is_full_where_there_is_no_full_year():
    months = observations(
        figure(9, "2024-02-29", period_start="2024-02-01", measure="flow"),
        figure(8, "2024-04", measure="flow"),  # a printed month is its own period
        figure(7, "2024-06-17", measure="flow"),  # a day is none
    )
    chart = charts.flows(months, title="x")
    assert [row["value"] for row in rows(chart, "bars full")] == [9, 8]
    assert chart.to_dict()["description"].endswith("1 figure without a date or far off the axis only in the table.")


def test_rival_series_stand_side_by_side_within_the_year():
    rivals = pd.concat([observations(year(100, 2021)).assign(by=name) for name in ("Railway", "Customs")])
    first, second = rows(charts.flows(rivals, title="x", by="by"), "bars full")
    assert first["from"] < first["to"] <= second["from"] < second["to"]


def test_a_target_is_a_hollow_bar_and_a_doubted_one_is_crossed():
    chart = charts.flows(observations(year(100, 2021, flag="target"), year(50, 2022, flag="superseded")), title="x")
    assert [row["value"] for row in rows(chart, "bars hoped")] == [100]
    assert [row["mark"] for row in rows(chart, "ends contested")] == ["cross exact"]


# Rows


def test_rival_statements_keep_their_order_their_side_and_the_preferred_one():
    frame = observations(
        figure(7, "2025-11-10", side="singaporean", publisher="The Strait", label="Days", unit="days"),
        figure(10, "2025-11-11", label="Days", unit="days"),
    )
    chart = charts.statements(frame, title="x", preferred="ports-2025-11-11")
    assert [row["words"] for row in rows(chart, "words strong")] == [
        ["7 ports · 10 November 2025"],
        ["10 ports · 11 November 2025 · preferred in", "this book"],
    ]
    assert rows(chart, "words quiet")[0]["words"] == ["The Strait, 10 November 2025 (Singapore side)"]
    assert [row["value"] for row in rows(chart, "dots singaporean")] == [7]
    assert [row["value"] for row in rows(chart, "dots preferred")] == [10]
    assert chart.to_dict()["description"] == (
        "2 statements of days: Corridor, as intervals: 7 ports (The Strait, 10 November 2025); 10 ports (The Daily, "
        "11 November 2025). 2 figures from 2 sources. Preferred: 10 ports."
    )


def test_an_unbounded_statement_ends_in_an_arrow_at_the_edge():
    frame = observations(figure(7, "2025-11-10", qualifier="over", low=7.0, high=math.inf), figure(10, "2025-11-11"))
    chart = charts.statements(frame, title="x")
    arrow = rows(chart, "open triangle-right chinese")
    assert len(arrow) == 1
    assert arrow[0]["edge"] == chart.to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"][1]


RELATIONS = pd.DataFrame(
    {
        "relation_id": ["r-one", "r-two", "r-three"],
        "kind": ["growth", "growth", "growth"],
        "outcome": ["holds", "breaks", "solves"],
        "low": [9.0, 40.0, 5.0],
        "high": [11.0, 60.0, 6.0],
        "stated_low": [9.5, 9.5, math.nan],
        "stated_high": [10.5, 10.5, math.nan],
        "unit": ["percent", "percent", "percent"],
        "obs_ids": [("a", "b"), ("b", "c"), ("c", "?")],
        "message": ["Agrees.", "Is not.", "Implies it."],
        "note": ["Ports of 2019", "Ports of 2020", None],
    }
)


def test_what_is_solved_for_is_said_to_be_implied_once():
    solved = RELATIONS.loc[[2]].assign(note="Total of 2017.")
    assert [row["words"] for row in rows(charts.compared(solved, title="x"), "words strong")] == [["Total of 2017"]]


def test_a_relation_that_breaks_is_in_the_colour_of_doubt_and_says_so():
    chart = charts.compared(RELATIONS, title="x")
    assert rows(chart, "words doubt")[0]["words"] == ["Breaks: Ports of 2020"]
    assert [row["value"] for row in rows(chart, "outlines contested")] == [50]
    assert [row["value"] for row in rows(chart, "outlines preferred")] == [10, 10]
    assert carried(chart)["obs_ids"] == ["a", "b", "c"]
    assert chart.to_dict()["description"] == (
        "Computed against stated intervals of 3 relations: 1 holds, 1 breaks, 1 is solved for. Broken: Is not."
    )


def test_relations_of_several_units_are_drawn_as_multiples_of_what_was_stated():
    chart = charts.compared(RELATIONS.assign(unit=["percent", "USD", "USD"]), title="x")
    assert [row["value"] for row in rows(chart, "outlines contested")] == [5]
    assert [row["value"] for row in rows(chart, "outlines preferred")] == [1, 1]
    assert "times what was stated" in carried(chart)["subtitle"]


def test_amounts_start_at_zero_and_write_what_they_are():
    counts = pd.DataFrame({"kind": ["state_media", "government", "unknown_kind"], "n": [12, 3, math.nan]})
    chart = charts.amounts(counts, title="x", category="kind", value="n", unit="figures")
    assert [(row["value"], row["words"]) for row in rows(chart, "solid bars figure")] == [
        (12, "12 figures"),
        (3, "3 figures"),
    ]
    assert chart.to_dict()["layer"][0]["encoding"]["x2"] == {"datum": 0}
    assert [row["words"] for row in rows(chart, "words right")] == ["12 figures", "3 figures", "not known"]
    assert chart.to_dict()["description"] == (
        "Bars of figures by kind: state media 12 figures; government 3 figures; unknown kind not known."
    )


# Time, coverage, models, networks


STEPS = pd.DataFrame(
    {
        "milestone_id": ["m-1", "m-2", "m-3", "m-4"],
        "pathway": ["meat", "meat", "ev", "ev"],
        "step": ["request", "approval", "testing", "target"],
        "start": ["2019-05-02", "2021-03", "2022-01-01", None],
        "end": [None, None, "2022-12-31", None],
        "actor": ["Customs"] * 4,
        "description": ["First", "Second", "Third", "Fourth"],
        "source_id": ["p-1", "p-2", "p-3", "p-4"],
    }
)


def test_a_date_known_only_to_the_month_is_a_span_a_stated_period_a_bar():
    chart = charts.timeline(STEPS, title="x", by="pathway")
    assert [row["when"] for row in rows(chart, "day")] == ["2 May 2019"]
    span = rows(chart, "uncertain")[0]
    assert (span["from"], span["to"]) == ("2021-03-01T00:00:00", "2021-04-01T00:00:00")
    assert [row["step"] for row in rows(chart, "period")] == ["testing"]
    assert [row["words"] for row in rows(chart, "words strong edge")] == ["Meat", "Ev"]
    assert chart.to_dict()["description"] == (
        "Timeline of 3 steps in 2 lanes (meat and ev): request (2 May 2019); approval (March 2021); testing "
        "(1 January 2022 to 31 December 2022). 1 known only to the month or year, drawn as spans. "
        "1 without a date only in the table."
    )
    assert carried(chart)["source_line"] == "Sources: 4 pages, named in the table."


def test_more_steps_than_a_phone_can_name_become_lanes_of_marks():
    many = pd.concat([STEPS.head(1).assign(start=f"20{number:02d}-01-01") for number in range(41)])
    chart = charts.timeline(many, title="x", by="pathway")
    assert len(rows(chart, "day")) == 41
    assert not rows(chart, "words label left")


def test_a_timeline_of_something_else_is_refused():
    with pytest.raises(CCIError, match="milestone_id, event_id and instrument_id"):
        charts.timeline(PORTS, title="x")


def test_coverage_counts_independent_origins_and_marks_years_with_doubted_figures_only():
    frame = observations(
        figure(1, "2019-03-31", voice="Wire"),
        figure(1, "2019-04-30", voice="Wire"),
        figure(1, "2019-05-31", voice="Bureau"),
        figure(2, "2021-03-31", flag="suspected_error"),
    )
    chart = charts.coverage(frame, title="x")
    assert {row["year"]: row["count"] for row in rows(chart, "from 2")} == {"2019": "2"}
    assert [row["count"] for row in rows(chart, "numbers doubt")] == ["?"]
    assert [row["year"] for row in rows(chart, "empty")] == ["2020", "2021"]
    assert [words_of(row) for row in carried(chart)["table"]["rows"]] == [["Ports reached", "2", "?"]]
    assert [column["key"] for column in carried(chart)["table"]["columns"]] == ["label", "2019", "2021"]


CURVES = pd.DataFrame(
    {"loss": [0.0, 1.0, 2.0], "speed": [9.0, 5.0, 3.0], "low": [8.0, 4.0, 2.0], "high": [10.0, 6.0, 4.0]}
)


def test_a_scenario_is_dashed_and_says_that_it_is_one():
    chart = charts.scenario(
        CURVES, title="x", x="loss", y="speed", band=("low", "high"), names={"speed": "speed, Mbit/s"}
    )
    spec = chart.to_dict()
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert [1, 0] not in line["encoding"]["strokeDash"]["scale"]["range"]
    assert line["mark"]["style"] == "scenario"
    assert carried(chart)["scenario"] is True
    assert carried(chart)["subtitle"].startswith("Scenario, not observation. Speed, Mbit/s")
    assert spec["description"] == "Scenario, computed by a model: speed, Mbit/s by loss. From 9 at 0 to 3 at 2."


def test_a_scenario_of_names_is_a_row_each_with_its_range():
    options = pd.DataFrame({"mode": ["rail", "river"], "days": [10, 20], "p10": [8, 15], "p90": [12, 30]})
    chart = charts.scenario(options, title="x", x="days", y="mode", band=("p10", "p90"))
    assert [(row["low"], row["high"]) for row in rows(chart, "intervals scenario")] == [(8, 12), (15, 30)]
    assert {row["mark"] for row in rows(chart, "outlines scenario")} == {"ring exact"}


def test_a_tornado_says_in_each_row_how_far_the_result_moves():
    moved = pd.DataFrame({"input": ["speed", "price"], "cost": [-5.0, -5.0], "low": [-9.0, -6.0], "high": [1.0, -4.0]})
    chart = charts.scenario(moved, title="x", x="cost", y="input", band=("low", "high"))
    assert [row["words"] for row in rows(chart, "words right")] == ["−9 to 1", "−6 to −4"]
    assert "speed −5 (from −9 to 1)" in chart.to_dict()["description"]


GRID = pd.DataFrame(
    [
        {
            "days": days,
            "cost": days * worth / 100 + (50 if basis == "whole life" else 0),
            "worth": worth,
            "basis": basis,
        }
        for worth in (100.0, 200.0, 300.0, 400.0, 500.0)
        for basis in ("exhaust", "whole life")
        for days in (10, 20)
    ]
)


def _shown(chart, **chosen):
    """The values a page draws with these positions of the controls: its own expression, reckoned here."""
    spec = chart.to_dict()
    layer = next(layer for layer in spec["layer"] if layer["data"]["name"] == "curves")
    test = layer["transform"][0]["filter"].removeprefix("datum.state == ")
    state = eval(test, {"round": round}, chosen)  # the same arithmetic in both languages
    return [row["value"] for row in spec["datasets"]["curves"] if row["state"] == state]


def test_controls_choose_among_computed_states_with_the_default_marked():
    chart = charts.scenario(GRID, title="x", x="days", y="cost", controls={"worth": 200.0, "basis": "exhaust"},
                            names={"worth": "value of cargo, US$"})  # fmt: skip
    slider, choice = chart.to_dict()["params"]
    assert slider["bind"] == {"input": "range", "min": 100.0, "max": 500.0, "step": 100.0,
                              "name": "Value of cargo, US$ (default 200)"}  # fmt: skip
    assert choice["bind"]["labels"] == ["exhaust (default)", "whole life"]
    assert (slider["value"], choice["value"]) == (200.0, 0)
    for worth, place in itertools.product((100, 200, 300, 400, 500), (0, 1)):
        expected = [days * worth / 100 + 50 * place for days in (10, 20)]
        assert _shown(chart, control_0=worth, control_1=place) == expected


def test_controls_leave_axes_alone_and_tell_the_default_in_words_and_table():
    chart = charts.scenario(GRID, title="x", x="days", y="cost", controls={"worth": 200.0, "basis": "exhaust"})
    spec = chart.to_dict()
    assert "at worth: 200; basis: exhaust" in spec["description"]
    assert "From 20 at 10 to 40 at 20" in spec["description"]
    assert len(carried(chart)["table"]["rows"]) == 2
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert line["encoding"]["y"]["scale"]["domain"][-1] >= GRID["cost"].max()


def test_controls_draw_the_default_where_no_script_runs():
    states = {
        default: vl_convert.vegalite_to_svg(
            charts.scenario(GRID, title="x", x="days", y="cost", controls={"worth": default, "basis": "exhaust"})
            .properties(width=300)
            .to_dict()
        )
        for default in (100.0, 500.0)
    }
    assert states[100.0] != states[500.0]


@pytest.mark.parametrize(
    ("frame", "controls", "message"),
    [
        (GRID, {"price": 1}, "No column 'price' to control"),
        (GRID, {"worth": 250.0}, "was not computed"),
        (GRID[~((GRID["worth"] == 300) & (GRID["basis"] == "exhaust"))], {"worth": 100.0, "basis": "exhaust"},
         "Nothing was computed for worth: 300; basis: exhaust"),
    ],
)  # fmt: skip
def test_controls_over_what_was_not_computed_are_refused(frame, controls, message):
    with pytest.raises(CCIError, match=message):
        charts.scenario(frame, title="x", x="days", y="cost", controls=controls)


MEETINGS = pd.DataFrame(
    {
        "event_id": ["e-1", "e-2", "e-3"],
        "name": ["First council", "Road show", "Second council"],
        "date": ["2020-01-10", "2021-03", "2022-12-01"],
        "start": pd.to_datetime(["2020-01-10", "2021-03-01", "2022-12-01"]),
        "publisher": ["The Daily"] * 3,
        "published": ["2020-01-10", "2021-04-01", "2022-12-01"],
        "source_id": ["p-1", "p-2", "p-3"],
    }
)
NAMED = pd.DataFrame(
    {
        "event_id": ["e-1", "e-1", "e-2"],
        "organisation_id": ["mti", "mofcom", "mti"],
        "name": ["Ministry A", "Ministry B", "Ministry A"],
        "side": ["singaporean", "chinese", "singaporean"],
        "source_id": ["p-1", "p-4", "p-2"],
    }
)


def test_a_network_is_a_lane_each_and_tells_where_both_sides_were_named():
    chart = charts.network(NAMED, events=MEETINGS, title="x")
    assert [(row["event"], row["who"]) for row in rows(chart, "dots singaporean both")] == [
        ("First council", "Ministry A")
    ]
    assert [row["event"] for row in rows(chart, "dots singaporean alone")] == ["Road show"]
    assert [row["event"] for row in rows(chart, "events unnamed")] == ["Second council"]
    assert len(rows(chart, "uprights")) == 1
    assert carried(chart)["source_ids"] == ["p-1", "p-2", "p-3", "p-4"]
    assert carried(chart)["table"]["rows"][0] == [
        "Ministry A",
        "Singapore side",
        "2",
        "1",
        "10 January 2020",
        "March 2021",
    ]
    assert chart.to_dict()["description"] == (
        "Lanes of 2 organisations named at 1 event or more, out of 2, along 3 events from 10 January 2020 to "
        "1 December 2022; names are known for 2. Named most: Ministry A (2); Ministry B (1)."
    )


def test_a_network_draws_who_was_named_often_and_counts_the_rest():
    chart = charts.network(NAMED, events=MEETINGS, title="x", least=2)
    assert [row["words"] for row in rows(chart, "words label")] == [["Ministry A"]]
    assert len(rows(chart, "dots singaporean both")) == 1  # though the lane of the other side is not drawn


def test_a_network_of_nobody_shows_the_events():
    chart = charts.network(NAMED.head(0), events=MEETINGS, title="x", least=2)
    assert len(rows(chart, "events unnamed")) == 3
    compiles(chart)


def test_somebody_at_an_unknown_event_is_refused():
    with pytest.raises(CCIError, match="'stranger', which is none of the events"):
        charts.network(NAMED.assign(event_id="stranger"), events=MEETINGS, title="x")


# Maps


LEGS = route.table(
    route.land(
        route.port("CNCKG"),
        route.port("CNQZH"),
        mode="rail",
        distance=inputs.assumed("km", 1300, 1200, 1450, unit="km", words="The way by rail", why="a test"),
    ),
    route.sea(route.port("CNQZH"), route.port("SGSIN")),
    route.air(route.airport("CKG"), route.airport("SIN")),
)


def test_a_map_tells_computed_paths_from_printed_distances():
    chart = charts.routes(LEGS, title="x")
    assert [row["leg"] for row in rows(chart, "legs printed")] == ["Chongqing to Qinzhou"]
    assert len(rows(chart, "legs sea")[0]["coordinates"]) > 5
    assert [row["mode"] for row in rows(chart, "legs air")] == ["air"]
    assert "ashes are computed paths (sea and air), not observed ones" in " ".join(chart.to_dict()["title"]["subtitle"])
    assert carried(chart)["table"]["rows"][0] == [
        "Chongqing to Qinzhou",
        "rail",
        "between 1,200 and 1,450 km",
        "assumption of this book: a test",
        "CNCKG (searoute); CNQZH (searoute)",
    ]
    assert "Chongqing to Qinzhou by rail, between 1,200 and 1,450 km" in chart.to_dict()["description"]


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.NIGHT], ids=["light", "dark"])
def test_what_is_drawn_on_land_stands_out_from_it(palette):
    for name in ("figure", "scenario", "preferred"):
        assert contrast(palette[name], palette["grid"]) >= 3


def test_a_map_credits_each_publisher_once():
    twice = LEGS.assign(publisher=["The Daily; A Blog", "A Blog", "A Blog"])
    assert carried(charts.routes(twice, title="x"))["source_line"] == "Sources: A Blog; The Daily."


def test_a_map_is_small_and_compiles(capfd):
    chart = charts.routes(LEGS, title="x")
    assert len(json.dumps(chart.to_dict())) < 40_000
    compiles(chart)
    assert capfd.readouterr().err == ""


def test_labels_of_a_map_stay_on_it_and_apart():
    view = _view(LEGS)
    names = list(chart_layers(charts.routes(LEGS, title="x"), "names", "lengths"))
    boxes = [_box(row["words"], view.at((row["longitude"], row["latitude"])), *shift) for shift, row in names]
    assert len(boxes) == 6  # three places, three legs
    for number, (left, right, top, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= 322
        for other in boxes[number + 1 :]:
            assert right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top


def chart_layers(chart, *kinds):
    """Each label of the layers of these kinds once, with its alignment and shift."""
    for layer in chart.to_dict()["layer"]:
        kind, *shift = layer["data"]["name"].split(" ")
        if kind in kinds and layer["mark"]["style"] != "halo":
            yield from (((shift[0], int(shift[1]), int(shift[2])), row) for row in layer["data"]["values"])


def test_the_outline_covers_what_it_claims_and_turns_as_the_projection_needs():
    west, south, east, north = _OUTLINE
    largest = _outline()[0][0]
    assert all(west <= x <= east and south <= y <= north for polygon in _outline() for ring in polygon for x, y in ring)
    turned = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(largest))
    assert turned < 0  # clockwise, or the sea would be filled


def test_a_leg_off_the_map_is_refused():
    away = route.table(route.sea(route.port("SGSIN"), route.port("NLRTM")))
    with pytest.raises(CCIError, match="Singapore to Rotterdam leaves the map"):
        charts.routes(away, title="x")


def test_a_hostile_name_of_a_place_is_text():
    bad = route.Place("<img src=x onerror=alert(1)>", 106.5, 29.5, "test")
    chart = charts.routes(route.table(route.air(bad, route.port("SGSIN"))), title="x")
    words = [row["words"] for _, row in chart_layers(chart, "names")]
    assert bad.name in words  # text of a mark, which Vega writes as a text node
    compiles(chart)


# Tables


def test_a_table_links_writes_dates_in_words_and_aligns_numbers():
    frame = PORTS.assign(n=[1, 2, 3])
    bundle = charts.table(
        frame.head(1),
        title="Ports",
        columns={"period_end": "As of", "words": "Figure", "publisher": "Source", "n": "Origins"},
        note="One | two",
    )._repr_mimebundle_()
    assert bundle["application/vnd.cci+json"] == {
        "kind": "table",
        "title": "Ports",
        "note": "One | two",
        "columns": [
            {"key": "period_end", "label": "As of", "align": "left"},
            {"key": "words", "label": "Figure", "align": "left"},
            {"key": "publisher", "label": "Source", "align": "left"},
            {"key": "n", "label": "Origins", "align": "right"},
        ],
        "rows": [
            [
                "31 March 2019",
                {"text": "100 ports", "obs": "ports-2019-03-31"},
                {"text": "The Daily", "source": "page-2019-03-31"},
                "1",
            ]
        ],
        "source_ids": ["page-2019-03-31"],
    }
    assert bundle["text/plain"] == (
        "Ports\n\n"
        "As of          Figure     Source     Origins\n"
        "31 March 2019  100 ports  The Daily        1\n\n"
        "One | two"
    )  # fmt: skip
    assert bundle["text/markdown"].endswith("One \\| two")


def test_markup_in_the_record_stays_text_in_a_table():
    frame = PORTS.head(1).assign(publisher="<script>*x*|[y](z)")
    shown = charts.table(frame, title="x", columns={"publisher": "Source"})._repr_mimebundle_()["text/markdown"]
    assert "| \\<script\\>\\*x\\*\\|\\[y\\](z) |" in shown


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(CCIError, match="No column 'sauce' to show"):
        charts.table(PORTS, title="x", columns={"sauce": "Source"})


# Little or nothing to draw


EMPTY = {
    "trend": lambda: charts.trend(PORTS.head(0), title="x", by="label"),
    "flows": lambda: charts.flows(PORTS.head(0), title="x"),
    "statements": lambda: charts.statements(PORTS.head(0), title="x"),
    "compared": lambda: charts.compared(RELATIONS.head(0), title="x"),
    "amounts": lambda: charts.amounts(PORTS.head(0), title="x", category="label"),
    "timeline": lambda: charts.timeline(STEPS.head(0), title="x", by="pathway"),
    "coverage": lambda: charts.coverage(PORTS.head(0), title="x"),
    "scenario": lambda: charts.scenario(CURVES.head(0), title="x", x="loss", y="speed"),
    "network": lambda: charts.network(NAMED.head(0), events=MEETINGS.head(0), title="x"),
    "routes": lambda: charts.routes(LEGS.head(0), title="x"),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_nothing_to_draw_is_a_chart_that_says_so(kind):
    chart = EMPTY[kind]()
    assert carried(chart)["kind"] == kind
    assert carried(chart)["table"]["rows"] == []
    assert rows(chart, "nothing") == [{"words": "Nothing published in this run."}]
    compiles(chart)


def test_nothing_to_draw_names_the_day_of_the_run_where_the_frame_knows_it():
    hidden = PORTS.head(0)
    hidden.attrs["as_of"] = "2015-12-31"
    chart = charts.trend(hidden, title="x")
    assert chart.to_dict()["description"] == "An empty chart. Nothing published by 31 December 2015."
    assert charts.table(hidden, title="x", columns={"words": "Figure"}).note == "Nothing published by 31 December 2015."


ONE = {
    "trend": lambda: charts.trend(PORTS.head(1), title="x"),
    "flows": lambda: charts.flows(observations(year(5, 2020)), title="x"),
    "statements": lambda: charts.statements(PORTS.head(1), title="x"),
    "compared": lambda: charts.compared(RELATIONS.head(1), title="x"),
    "amounts": lambda: charts.amounts(PORTS.head(1), title="x", category="label"),
    "timeline": lambda: charts.timeline(STEPS.head(1), title="x"),
    "coverage": lambda: charts.coverage(PORTS.head(1), title="x"),
    "scenario": lambda: charts.scenario(CURVES.head(1), title="x", x="loss", y="speed"),
    "network": lambda: charts.network(NAMED.head(1), events=MEETINGS.head(1), title="x"),
    "routes": lambda: charts.routes(LEGS.head(1), title="x"),
}


@pytest.mark.parametrize("kind", ONE)
def test_one_row_is_enough(kind, capfd):
    compiles(ONE[kind]())
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_row_without_a_finite_number_does_no_harm(value, capfd):
    frame = pd.concat([PORTS, observations(figure(0, "2022-03-31", value=value, low=value, high=value))])
    for draw in (charts.trend, charts.statements):
        compiles(draw(frame, title="x"))
    compiles(charts.amounts(frame, title="x", category="period"))
    assert capfd.readouterr().err == ""


# In the hands of Vega


def compiles(chart, width=330):
    """Compile as the page does; Vega-Lite's own warnings would go to standard error."""
    spec = {**chart.to_dict(), "width": width, "config": theme.CONFIG}
    assert "NaN" not in json.dumps(spec)
    return vl_convert.vegalite_to_vega(json.dumps(spec), vl_version="6.4", show_warnings=True)


REAL = {
    "trend": lambda r: charts.trend(r.series("cross_border_financing_value", scope="cci"), title="x"),
    "trend by": lambda r: charts.trend(
        pd.concat(
            [r.series(f"{name}_projects_count", scope="cci") for name in ("all", "commercial", "gov_commercial")]
        ),
        title="x",
        by="label",
        breaks={"2021-06-25": "commercial only"},
    ),
    "flows": lambda r: charts.flows(r.series("rail_sea_teu", scope="ilstc-all"), title="x"),
    "statements": lambda r: charts.statements(
        r.observations.query("indicator == 'transit_time' and scope == 'route-ckg-sin-rail-sea'"), title="x"
    ),
    "compared": lambda r: charts.compared(evaluate(r).query("outcome == 'breaks'"), title="x"),
    "amounts": lambda r: charts.amounts(
        r.observations.query("indicator == 'transit_time'"), title="x", category="scope_label"
    ),
    "timeline": lambda r: charts.timeline(r.milestones, title="x", by="pathway"),
    "timeline of instruments": lambda r: charts.timeline(r.instruments, title="x", by="pillar"),
    "coverage": lambda r: charts.coverage(r.observations.query("pillar == 'finance'"), title="x"),
    "network": lambda r: charts.network(audit.named(r, r.events), events=r.events, title="x", least=5),
    "key": lambda r: charts.key(),
}


@pytest.mark.parametrize("kind", REAL)
def test_the_record_is_drawn_without_a_warning(kind, record, capfd):
    chart = REAL[kind](record)
    compiles(chart)
    assert capfd.readouterr().err == ""
    assert chart.to_dict()["description"].endswith(".")


def test_every_mark_has_a_shape_in_both_directions():
    names = {
        f"{body} {bound}" for body in ("dot", "tick", "ring", "cross") for bound in ("exact", "over", "under", "about")
    }
    assert set(shapes("up")) == set(shapes("right")) == names


def test_a_quotient_has_a_unit_one_can_read():
    assert axis_unit("USD_per_projects", 7.6e7).words == "US$ million per project"
    assert axis_unit("flights_per_week", 24).words == "flights a week"


def test_the_bar_of_a_year_is_the_stated_exact_figure_whatever_the_order():
    doubted = year(9, 2019, flag="superseded", obs_id="doubted")
    sided = year(8, 2019, qualifier="over", obs_id="sided")
    frame = figures(observations(doubted, sided, year(7, 2019, obs_id="exact"))).assign(series="")
    drawn_as = dict(zip(frame["obs_id"], _drawn_as(frame), strict=True))
    assert drawn_as == {"exact": "full", "sided": "line", "doubted": "doubtful"}


def test_a_value_too_long_to_stand_beside_its_name_stands_below_it():
    words = "between US$1.415 billion and US$1.445 billion a year"
    frame = pd.DataFrame({"between": ["May 2024 to November 2025"], "value": [1.0], "unit": ["USD"], "words": [words]})
    chart = charts.amounts(frame, title="x", category="between")
    assert rows(chart, "words strong")[0]["words"] == ["May 2024 to November 2025"]
    assert rows(chart, "words right")[0]["y"] > rows(chart, "words strong")[0]["y"]


def test_kinds_read_as_words_and_names_stay_as_they_are():
    frame = pd.DataFrame({"kind": ["state_media"], "origin": ["Sea-Intelligence"]})
    shown = charts.table(frame, title="x", columns={"kind": "Kind", "origin": "Origin"})
    assert "state media" in str(shown._repr_mimebundle_())
    assert "Sea-Intelligence" in str(shown._repr_mimebundle_())
