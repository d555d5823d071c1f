"""What rules and bans cost together, against complete enumeration over what is lifted."""

import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sourcing.plan import InfeasiblePlanError, choose, price_rules, price_savings, price_together
from tests.conftest import examples

NAMES = ("first", "second")


@pytest.fixture
def abroad():
    """Two vetoes on the same move abroad, one on another; worked by hand."""
    offers = pd.DataFrame(
        [("payroll", "stay", 9.0), ("payroll", "move", 4.0), ("billing", "stay", 8.0), ("billing", "move", 6.0)],
        columns=["process", "option", "cost"],
    )
    locks = pd.DataFrame(
        [("payroll", "first", "IT"), ("payroll", "second", "legal"), ("billing", "second", "legal")],
        columns=["process", "name", "owner"],
    ).assign(option="move", kind="bar")
    return choose(offers, structure={"locks": locks})


def test_bans_on_the_same_option_save_only_together(abroad):
    pair = price_together(abroad)
    assert pair[["lifted", "drop_saving", "beyond"]].values.tolist() == [[("second", "first"), 7.0, 5.0]]
    assert pair["owners"].tolist() == [("legal", "IT")]
    assert pair["exact"].all()
    assert price_savings(abroad)[["count", "lifted", "saving"]].values.tolist() == [
        [1, ("second",), 2.0],
        [2, ("second", "first"), 7.0],
    ]


def test_bans_that_bar_the_same_are_priced_as_one_group(abroad):
    priced = price_rules(abroad).set_index("rule")
    assert priced.loc["first + second", ["kind", "drop_saving", "owner"]].tolist() == ["bans", 7.0, "IT, legal"]
    assert priced.loc["first", "drop_saving"] == 0.0
    assert priced.loc["second", "drop_saving"] == 2.0


def solve_without(instance, rules, locks):
    table = None if instance.rules is None else instance.rules[~instance.rules["rule"].isin(rules)]
    structure = None
    if instance.structure:
        kept = instance.structure["locks"]
        structure = {"locks": kept[~kept["name"].isin(locks)]}
    try:
        return choose(instance.alternatives, table, instance.links, instance.handoff_costs, structure=structure, gap=0)
    except InfeasiblePlanError:
        return None


@given(seed=st.integers(0, 10_000))
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pairs_and_fewest_are_what_solving_without_each_set_gives(draw, seed):
    instance = draw(seed)
    table = instance.alternatives
    bars = table.groupby("process").tail(1).query("process in ['p0', 'p1']")[["process", "option"]]
    bars = bars[bars["process"].map(table["process"].value_counts()) > 1]
    twice = [bars.assign(name=name, kind="bar") for name in NAMES]
    instance.structure = {"locks": pd.concat([*twice[: 1 + seed % 2], twice[0].head(1)], ignore_index=True)}
    plan = solve_without(instance, (), ())
    if plan is None:
        return
    names = [] if instance.rules is None else list(instance.rules["rule"])
    hard = set() if instance.rules is None else set(instance.rules.query("priority == 0")["rule"])
    bans = list(instance.structure["locks"]["name"].unique())
    saving = {
        lifted: plan.objective - solve_without(instance, lifted, lifted).objective
        for count in range(len(names) + len(bans) + 1)
        for lifted in itertools.combinations([*names, *bans], count)
    }
    pairs = price_together(plan)
    for row in pairs.to_dict("records"):
        both = next(each for each in saving if set(each) == set(row["lifted"]))
        assert row["drop_saving"] == pytest.approx(saving[both], abs=1e-6)
        assert row["beyond"] == pytest.approx(saving[both] - sum(saving[(each,)] for each in both), abs=1e-6)
        assert row["exact"]
    told = price_savings(plan)
    for count in range(1, min(len(names) + len(bans), 6) + 1):
        allowed = [each for each in saving if len(each) <= count and not set(each) & hard]
        best = max(saving[each] for each in allowed)
        within = told.loc[told["count"] <= count, "saving"].max() if (told["count"] <= count).any() else 0.0
        assert within == pytest.approx(best, abs=1e-6)
