"""Stage networks: PERT by hand, Monte Carlo beside it, and what must hold of any network."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cci.errors import ParameterError, UnknownName
from cci.models import pathway, stage_network
from cci.models.inputs import assumed
from cci.models.stage_network import Stage

# The construction project by which Hillier and Lieberman (Introduction to Operations Research, "Project management
# with PERT/CPM") teach PERT: what each activity waits for, and its optimistic, most likely and pessimistic weeks.
RELIABLE = {
    "A": ("", 1, 2, 3), "B": ("A", 2, 3.5, 8), "C": ("B", 6, 9, 18), "D": ("C", 4, 5.5, 10), "E": ("C", 1, 4.5, 5),
    "F": ("E", 4, 4, 10), "G": ("D", 5, 6.5, 11), "H": ("EG", 5, 8, 17), "I": ("C", 3, 7.5, 9), "J": ("FI", 3, 9, 9),
    "K": ("J", 4, 4, 4), "L": ("J", 1, 5.5, 7), "M": ("H", 1, 2, 3), "N": ("KL", 5, 5.5, 9),
}  # fmt: skip


def _estimate(name, low, likely, high):
    return assumed(name, likely, low, high, unit="days", words=name, why="a test")


def _network(table):
    stages = [Stage(name, tuple(after)) for name, (after, *_) in table.items()]
    return stages, {name: _estimate(name, *points) for name, (_, *points) in table.items()}


@st.composite
def networks(draw):
    """Some stages, each waiting for any of those before it, with three-point estimates; in no order."""
    n = draw(st.integers(1, 7))
    table = {}
    for i in range(n):
        after = draw(st.sets(st.sampled_from([f"s{k}" for k in range(i)]))) if i else set()
        low, likely, high = sorted(draw(st.tuples(*[st.floats(0, 500)] * 3)))
        table[f"s{i}"] = (sorted(after), low, likely, high)
    stages, estimates = _network(table)
    return draw(st.permutations(stages)), estimates


def test_a_three_point_estimate_by_hand():
    assert pathway.mean(3, 7.5, 9) == 7
    assert pathway.variance(3, 9) == 1
    assert list(pathway.mean(np.array([1.0, 5]), 2, np.array([3.0, 17]))) == pytest.approx([2, 5])


def test_pert_finds_the_critical_path_of_the_textbook():
    expected = pathway.pert(*_network(RELIABLE))
    assert expected.path == tuple("ABCEFJLN")
    assert expected.days == pytest.approx(44)
    assert expected.variance == pytest.approx(9)


def test_slack_by_hand():
    # A path of 3 + 4 and one of 5: the second has 2 to spare, so 2 more make both critical and 3 take it alone.
    stages = [Stage("a"), Stage("b", ("a",)), Stage("c"), Stage("end", ("b", "c"))]
    hits = stage_network.critical(stages, {"a": 3.0, "b": 4.0, "c": np.array([5.0, 7.0, 8.0]), "end": 1.0})
    assert list(hits["c"]) == [False, True, True]
    assert list(hits["b"]) == [True, True, False]
    assert hits["end"].all()


def test_monte_carlo_is_later_than_pert_where_paths_merge():
    stages, estimates = _network(RELIABLE)
    days = stage_network.duration(stages, pathway.draw(estimates, 20_000, seed=1))
    assert 44 < days.mean() < 46


def test_monte_carlo_meets_pert_on_a_chain():
    stages, estimates = _network(RELIABLE)
    chain = stage_network.in_sequence(stages)
    days = stage_network.duration(chain, pathway.draw(estimates, 40_000, seed=2))
    expected = pathway.pert(chain, estimates)
    assert expected.days == pytest.approx(sum(pathway.mean(*points) for _, *points in RELIABLE.values()))
    assert days.mean() == pytest.approx(expected.days, abs=4 * days.std() / np.sqrt(days.size))


def test_a_draw_has_the_mean_and_the_bounds_of_its_estimate():
    drawn = pathway.draw({"x": _estimate("x", 10, 12, 40), "fixed": _estimate("fixed", 7, 7, 7)}, 40_000, seed=3)
    assert drawn["x"].mean() == pytest.approx(98 / 6, abs=0.1)
    # Variance of the beta distribution with this mean, (mean - low)(high - mean) / 7.
    assert drawn["x"].var() == pytest.approx((98 / 6 - 10) * (40 - 98 / 6) / 7, rel=0.03)
    assert drawn["x"].min() >= 10
    assert drawn["x"].max() <= 40
    assert (drawn["fixed"] == 7).all()


@settings(deadline=None)
@given(networks())
def test_sequence_takes_no_less_than_parallel_and_parallel_no_less_than_any_stage(network):
    stages, estimates = network
    drawn = pathway.draw(estimates, 50, seed=4)
    modes = {mode: stage_network.duration(left, drawn) for mode, left in pathway.by_mode(stages).items()}
    assert (modes["sequence"] >= modes["parallel"] - 1e-9).all()
    assert (modes["parallel"] >= np.max([drawn[stage.name] for stage in stages], axis=0)).all()
    assert modes["sequence"] == pytest.approx(np.sum(list(drawn.values()), axis=0))


@settings(deadline=None)
@given(networks(), st.sets(st.integers(0, 6)))
def test_a_stage_that_falls_away_never_lengthens(network, gone):
    stages, estimates = network
    drawn = pathway.draw(estimates, 50, seed=5)
    left = stage_network.without(stages, {f"s{i}" for i in gone})
    assert (stage_network.duration(left, drawn) <= stage_network.duration(stages, drawn) + 1e-9).all()


@settings(deadline=None)
@given(networks())
def test_the_duration_is_the_longest_path_that_networkx_finds(network):
    stages, estimates = network
    days = {name: given.value for name, given in estimates.items()}
    graph = nx.DiGraph()
    for stage in stages:
        graph.add_edge((stage.name, "start"), (stage.name, "end"), weight=days[stage.name])
        graph.add_edges_from(((name, "end"), (stage.name, "start"), {"weight": 0}) for name in stage.after)
    assert stage_network.duration(stages, days) == pytest.approx(nx.dag_longest_path_length(graph))


@settings(deadline=None)
@given(networks())
def test_some_path_is_critical_and_a_longer_critical_stage_delays_the_end(network):
    stages, estimates = network
    days = {name: round(given.value, 2) for name, given in estimates.items()}  # slack is a hundredth of a day or none
    whole = stage_network.duration(stages, days)
    hits = {name for name, hit in stage_network.critical(stages, days).items() if hit}
    assert hits
    for name in days:
        later = stage_network.duration(stages, {**days, name: days[name] + 1}) - whole
        assert (later == pytest.approx(1, rel=0, abs=1e-6)) == (name in hits)


def test_who_waited_for_a_stage_that_falls_away_waits_for_what_it_had_waited_for():
    stages = [Stage("file", once=True), Stage("check", ("file",), once=True), Stage("plant", ("check",))]
    assert stage_network.without(stages, {"check"})[-1].after == ("file",)
    assert pathway.by_mode(stages)["pre-approved"] == (Stage("plant"),)
    assert stage_network.duration(stage_network.without(stages, {"file", "check", "plant"}), {}) == 0


def test_a_seed_reproduces_and_another_does_not():
    _, estimates = _network(RELIABLE)
    first, again, other = (pathway.draw(estimates, 10, seed=seed)["C"] for seed in (6, 6, 7))
    assert (first == again).all()
    assert not (first == other).any()


def test_a_circle_is_refused_with_its_stages():
    with pytest.raises(ParameterError, match=r"'a' waits for 'b' waits for 'a'|'b' waits for 'a' waits for 'b'"):
        stage_network.ordered([Stage("a", ("b",)), Stage("b", ("a",)), Stage("c")])


def test_what_cannot_be_a_network_or_a_duration_is_refused():
    with pytest.raises(UnknownName, match=r"No stage 'chekc' for 'b' to wait for\. Did you mean 'check'"):
        stage_network.ordered([Stage("check"), Stage("b", ("chekc",))])
    with pytest.raises(ParameterError, match="Two stages are called 'a'"):
        stage_network.ordered([Stage("a"), Stage("a")])
    with pytest.raises(ParameterError, match="not negative"):
        pathway.draw({"a": _estimate("a", -1, 0, 1)}, 5, seed=1)
    with pytest.raises(ParameterError, match="0 draws"):
        pathway.draw({}, 0, seed=1)
    with pytest.raises(UnknownName, match="'b'"):
        stage_network.duration([Stage("a"), Stage("b")], {"a": 1})
    with pytest.raises(ParameterError, match="narrow"):
        pathway.widened({}, 0.5)


def test_a_wider_spread_keeps_the_likely_value():
    wide = pathway.widened({"a": _estimate("a", 10, 20, 30)}, 2)["a"]
    assert (wide.low, wide.value, wide.high) == (5, 20, 60)


def test_the_frames_of_a_simulation_agree():
    stages, estimates = _network(RELIABLE)
    stages[2] = Stage("C", ("B",), once=True)
    given = {"networks": {"hall": stages}, "cases": {1: estimates}, "draws": 5000, "seed": 8}
    times = pathway.times(**given).set_index("mode")
    shares = pathway.criticality(**given).set_index(["mode", "stage"])["percent"]
    # C lies on every path, so that whoever need not do it saves all of it: 10 expected, 6 at the least, 18 at the most.
    numbers = times.drop(columns="pathway")
    saved = numbers.loc["parallel"] - numbers.loc["pre-approved"]
    assert saved[["expected", "least", "most"]].tolist() == pytest.approx([10, 6, 18])
    assert saved["average"] == pytest.approx(10, abs=1)
    assert (times["low"] < times["days"]).all()
    assert (times["days"] < times["high"]).all()
    assert (shares["sequence"] == 100).all()
    assert shares["parallel"]["A"] == 100
    assert shares["pre-approved"]["C"] == 0


def test_what_a_follower_saves_ends_where_its_own_work_takes_longest():
    stages = [Stage("file", once=True), Stage("plant"), Stage("approval", ("file", "plant"))]
    estimates = {
        name: _estimate(name, days, days, days) for name, days in (("file", 100), ("plant", 0), ("approval", 9))
    }
    saved = pathway.savings({"x": stages}, {1: estimates}, {"x": "plant"}, [0, 40, 100, 300], draws=3, seed=1)
    assert saved["saved"].tolist() == pytest.approx([100, 60, 0, 0])


def test_no_network_gives_empty_frames():
    given = {"networks": {}, "cases": {1: {}}, "draws": 5, "seed": 1}
    frames = [pathway.times(**given), pathway.criticality(**given), pathway.savings(**given, own={}, days=[1])]
    assert [frame.empty for frame in frames] == [True, True, True]
