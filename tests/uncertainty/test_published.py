"""Published values through the suite's own functions: risk, information, sensitivity."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from sourcing.errors import InputError
from sourcing.uncertainty import (
    cvar,
    cvar_error,
    find_failure_rule,
    measure_sensitivity,
    value_at_risk,
    weigh_figures,
    weigh_information,
    weigh_solution,
)
from tests.conftest import examples

LOSSES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


def farm(acres: tuple[float, float, float], yields: float) -> float:
    """Return what the farmer pays, less what the harvest brings (Birge and Louveaux, chapter 1)."""
    wheat, corn, beets = (area * tons * yields for area, tons in zip(acres, (2.5, 3.0, 20.0), strict=True))
    cost = 150 * acres[0] + 230 * acres[1] + 260 * acres[2]
    for harvest, need, buy, sell in ((wheat, 200, 238, 170), (corn, 240, 210, 150)):
        cost += buy * max(need - harvest, 0) - sell * max(harvest - need, 0)
    return cost - 36 * min(beets, 6000) - 10 * max(beets - 6000, 0)


def test_the_farmers_problem_has_its_published_values():
    fields = [(170, 80, 250), (120, 80, 300), (550 / 3, 200 / 3, 250), (100, 25, 375)]
    costs = np.array([[farm(acres, yields) for acres in fields] for yields in (1.2, 1.0, 0.8)])
    worth = weigh_information(costs)
    assert worth.here_and_now == pytest.approx(-108_390)
    assert fields[worth.action] == (170, 80, 250)
    assert worth.wait_and_see == pytest.approx(-115_405.56, abs=0.01)
    assert worth.perfect == pytest.approx(7_015.56, abs=0.01)
    assert weigh_solution(costs, mean_action=1) == pytest.approx(1_150)


def test_the_oil_wildcatters_test_has_its_published_worth():
    # Raiffa (1968), thousand USD: chances of dry, wet and soaking by what the seismic test shows
    joint = {"none": (0.30, 0.09, 0.02), "open": (0.15, 0.12, 0.08), "closed": (0.05, 0.09, 0.10)}
    drill = (70.0, -50.0, -200.0)
    rows = [
        (result, cost)
        for result, chances in enumerate(joint.values())
        for cost, chance in zip(drill, chances, strict=True)
        for _ in range(round(100 * chance))
    ]
    costs = np.array([(cost, 0.0) for _, cost in rows])
    assert weigh_information(costs).perfect == pytest.approx(35)
    worth, error = weigh_figures(costs, np.array([[float(result)] for result, _ in rows]))
    assert worth == pytest.approx(12.5)
    assert 0 < error < 5


def test_a_figure_that_changes_no_action_is_worth_nothing():
    figure = np.linspace(0, 1, 50)
    costs = np.column_stack([figure, figure + 2])
    assert weigh_figures(costs, figure[:, None])[0] == pytest.approx(0.0, abs=1e-12)


def test_an_atom_at_the_quantile_is_split():
    # Rockafellar and Uryasev (2002): only the part of the atom beyond alpha counts
    losses, chances = np.array([0.0, 100.0, 1000.0]), np.array([0.8, 0.15, 0.05])
    assert cvar(losses, 0.9, chances) == pytest.approx((0.05 * 100 + 0.05 * 1000) / 0.1)
    assert cvar(losses, 0.95, chances) == pytest.approx(1000)
    assert cvar(losses, 0.0, chances) == pytest.approx(65)
    assert value_at_risk(losses, 0.9, chances) == 100


def test_the_tail_of_a_normal_distribution_is_the_known_one():
    drawn = np.random.default_rng(1).standard_normal(200_000)
    # density at the quantile over the tail: 0.10314 / 0.05
    assert cvar(drawn, 0.95) == pytest.approx(2.0627, abs=4 * cvar_error(drawn, 0.95))
    assert cvar_error(drawn, 0.95) < 0.01


@examples(25)
@given(losses=LOSSES, alpha=st.floats(0.0, 0.99))
def test_cvar_is_what_the_linear_program_finds(losses, alpha):
    n = len(losses)
    scale = max(1.0, float(np.abs(losses).max()))
    # min z + sum u / (n (1 - alpha)), u >= loss - z, u >= 0
    cost = np.concatenate([[1.0], np.full(n, 1 / (n * (1 - alpha)))])
    rows = np.hstack([-np.ones((n, 1)), -np.eye(n)])
    found = linprog(cost, rows, -np.array(losses) / scale, bounds=[(None, None), *[(0, None)] * n])
    assert cvar(np.array(losses), alpha) == pytest.approx(found.fun * scale, rel=1e-6, abs=1e-6 * scale)


@examples(25)
@given(losses=LOSSES, ends=st.tuples(st.floats(0, 0.99), st.floats(0, 0.99)).map(sorted))
def test_a_worse_tail_is_never_better_and_never_beyond_the_worst(losses, ends):
    values = np.array(losses)
    less, more = (cvar(values, alpha) for alpha in ends)
    tolerance = 1e-9 * max(1.0, np.abs(values).max())
    assert values.mean() - tolerance <= less <= more + tolerance
    assert more <= values.max() + tolerance


@pytest.mark.parametrize(
    ("losses", "alpha", "probabilities", "told"),
    [
        ([], 0.9, None, "one at least"),
        ([1.0, np.nan], 0.9, None, "finite"),
        ([1.0], 1.0, None, "below 1"),
        ([1.0, 2.0], 0.9, [0.5, 0.6], "1 in sum"),
        ([1.0, 2.0], 0.9, [1.0], "one per scenario"),
        ([1.0, 2.0], 0.9, [1.5, -0.5], "none negative"),
    ],
)
def test_what_is_no_distribution_is_refused(losses, alpha, probabilities, told):
    with pytest.raises(InputError, match=told):
        cvar(losses, alpha, probabilities)


def test_first_order_indices_of_the_ishigami_function_are_the_known_ones():
    drawn = pd.DataFrame(np.random.default_rng(7).uniform(-np.pi, np.pi, (40_000, 3)), columns=["one", "two", "three"])
    one, two, three = (drawn[name].to_numpy() for name in drawn)
    values = np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one)
    found = measure_sensitivity(values, drawn)
    assert found["one"] == pytest.approx(0.3139, abs=0.01)
    assert found["two"] == pytest.approx(0.4424, abs=0.01)
    assert found["three"] == pytest.approx(0.0, abs=0.005)


def test_figures_that_cancel_explain_nothing_and_the_planted_one_all():
    rng = np.random.default_rng(3)
    figures = pd.DataFrame(rng.uniform(0.9, 1.1, (4_000, 3)), columns=["own wages", "provider's wages", "volume"])
    figures["provider's wages"] = figures["own wages"]
    saved = 100 * figures["own wages"] - 100 * figures["provider's wages"] + 20 * figures["volume"]
    found = measure_sensitivity(saved.to_numpy(), figures)
    assert found.index[0] == "volume"
    assert found["volume"] == pytest.approx(1.0, abs=0.01)
    assert found[["own wages", "provider's wages"]].max() < 0.02


def test_a_planted_failure_is_found_with_its_conditions():
    rng = np.random.default_rng(5)
    causes = pd.DataFrame(rng.uniform(0, 1, (2_000, 6)), columns=list("abcdef"))
    fails = ((causes["b"] > 0.7) & (causes["e"] <= 0.4)).to_numpy()
    rule = find_failure_rule(causes, fails)
    assert [(cause, sign) for cause, sign, _ in rule.conditions] == [("b", ">"), ("e", "<=")]
    assert [value for *_, value in rule.conditions] == pytest.approx([0.7, 0.4], abs=0.02)
    assert rule.coverage > 0.95
    assert rule.density > 0.95
    assert rule.base == pytest.approx(fails.mean())


def test_where_nothing_or_everything_fails_there_is_no_rule():
    causes = pd.DataFrame({"a": np.linspace(0, 1, 50)})
    for fails in (np.zeros(50, dtype=bool), np.ones(50, dtype=bool)):
        assert find_failure_rule(causes, fails).conditions == ()
