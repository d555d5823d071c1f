"""The curve from the mean to the worst tenth, and what is said of a plan's attitude to risk."""

from __future__ import annotations

import numpy as np
import pytest

from sourcing import pack
from sourcing.uncertainty import choose_cautiously, draw_futures, measure_worst, trace_caution


def test_the_curve_is_convex_and_ends_at_the_least_worst_tenth(shipped):
    futures = draw_futures(shipped("housing"), 2_000)
    curve = trace_caution(futures)
    assert curve.loc[0, ["price", "gain", "weight"]].tolist() == [0.0, 0.0, 0.0]
    assert curve["is_plan"].tolist() == [True, *[False] * (len(curve) - 1)]
    slopes = curve["gain"].diff() / curve["price"].diff()
    assert (slopes.dropna().diff().dropna() <= 1e-3 * slopes.max()).all()
    last = curve.iloc[-1]
    held = choose_cautiously(futures, float(last["worst"]) * (1 + 1e-6))
    assert held.plan.objective == pytest.approx(futures.decision.plan.objective + last["price"], rel=2e-4)
    assert held.worst <= last["worst"] * (1 + 3e-6)


def test_the_curve_marks_a_cautious_plan_and_the_one_at_the_mean(alpha, decide):
    decision = decide(alpha, attitude="worst_limit", worst_share=0.97)
    futures = draw_futures(decision, 2_000)
    curve = trace_caution(futures)
    assert curve["is_plan"].tolist() == [False, True]
    assert curve["price"].tolist() == [0.0, pytest.approx(60_000)]
    assert curve.loc[1, "worst"] == pytest.approx(measure_worst(futures, decision.plan))
    assert np.isfinite(curve["worst"]).all()


def test_page_one_says_which_attitude_the_plan_follows(alpha, decide):
    plain, cautious = decide(alpha), decide(alpha, attitude="worst_limit", worst_share=0.97)
    said = [line for line in pack.say_answer(cautious) if line.startswith("The plan keeps the worst tenth")]
    assert len(said) == 1
    assert "USD 60,000 on average" in said[0]
    assert "10,000 futures that the choice has not seen" in said[0]
    assert not any("worst tenth" in line for line in pack.say_answer(plain))
    kept = pack.collect(cautious)["summary"]["caution"]
    assert (kept["attitude"], kept["price"]) == ("worst_limit", pytest.approx(60_000))
    assert "caution" not in pack.collect(plain)["summary"]
    assert "Plan at the mean" in set(pack.list_scenarios(cautious)["scenario"])
    assert "Plan at the mean" not in set(pack.list_scenarios(plain)["scenario"])
    assert "Worst tenth in unseen futures" in pack.show_answer(cautious).html
    assert "Worst tenth in unseen futures" not in pack.show_answer(plain).html


@pytest.mark.parametrize(
    ("levers", "said"),
    [
        ({"attitude": "worst_tenth"}, "weighs the worst tenth of futures beside the mean, 1 to one"),
        ({"attitude": "chance", "budget_share": 0.97}, "in 90 % of futures"),
        ({"attitude": "regret"}, "named stresses comes or none"),
        ({"attitude": "figures", "use_ranges": "yes"}, "at their bad ends at the least cost"),
    ],
)
def test_every_attitude_is_said(alpha, decide, levers, said):
    assert any(said in line for line in pack.say_answer(decide(alpha, **levers)))
