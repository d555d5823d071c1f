"""What a plan saves is a mean of its own draws, and lies within the range printed beside it."""

import numpy as np
import pandas as pd
import pytest

from sourcing import pack
from sourcing.decide import Saving, pose_question, range_saving
from sourcing.pack.wording import say_money
from sourcing.value import draw_outcomes, list_ranges, price_cash, spread_lines, weigh_outcomes

UNITS = [
    "retail",
    "utility",
    "telecom",
    "bank",
    "health",
    "manufacturing",
    "agriculture",
    "defense",
    "general_services",
    "housing",
]
DRAWS = 10_000


@pytest.mark.parametrize("unit", UNITS)
def test_the_mean_of_the_draws_is_the_cash_cost_of_every_alternative(unit, take_unit):
    question = pose_question(take_unit(unit))
    table = question.alternatives
    ranges = list_ranges(question.case, table[["process", "option"]])
    weights = weigh_outcomes(ranges, draw_outcomes(ranges, DRAWS))
    drawn = price_cash(weights, spread_lines(table, weights.columns)).astype(float)
    error = drawn.std(axis=0) / np.sqrt(DRAWS)
    assert (error > 0).all()
    # four standard errors: figures are drawn together, so that alternatives miss together
    assert (np.abs(drawn.mean(axis=0) - table["cash_cost"]) <= 4 * error).all()


@pytest.mark.parametrize("unit", ["retail", "health"])
def test_the_saving_printed_lies_within_its_range_and_is_the_mean_of_the_draws(unit, shipped):
    saving = range_saving(shipped(unit), DRAWS)
    assert saving.low < saving.mean < saving.high
    assert saving.mean == pytest.approx(saving.drawn.mean(), abs=4 * saving.drawn.std() / np.sqrt(DRAWS))
    assert saving.likely != saving.mean


def test_without_ranges_the_saving_is_as_stated(alpha, decide):
    saving = range_saving(decide(alpha), 50)
    assert saving.low == saving.high == pytest.approx(305_000)
    assert saving.mean == saving.likely == 305_000


def test_what_today_and_the_plan_have_in_common_does_not_spread_the_saving(alpha, decide):
    """Wages alone are uncertain: what is paid to own staff either way moves both sides alike."""
    flat = {"low": 1.0, "likely": 1.0, "high": 1.0, "source": "flat"}
    rows = [{"business_unit": "alpha", "figure": figure} | flat for figure in ("prices", "one_off", "governance")]
    rows += [{"business_unit": "alpha", "figure": figure, "low": 0.0, "likely": 0.0, "high": 0.0, "source": "flat"}
             for figure in ("value_lost", "invoice_errors")]  # fmt: skip
    case = alpha.replace(ranges=pd.DataFrame(rows))
    decision = decide(case, use_ranges="yes")
    saving = range_saving(decision, 2000)
    own = sum(
        float((plan.choices[["cost_labor", "cost_until_go_live"]].sum(axis=1)).sum()) * sign
        for plan, sign in ((decision.as_is, 1), (decision.plan, -1))
    )
    ranges = list_ranges(case)
    wages = weigh_outcomes(ranges, draw_outcomes(ranges, 2000))["wages"]
    np.testing.assert_allclose(saving.drawn - saving.mean, own * (wages - 1), atol=1e-3)


@pytest.mark.parametrize(
    ("low", "said"),
    [
        (1e6, "save {0} to {1}; at the likely figures the saving would be {2}."),
        (-1e6, "lie between {0} lost and {1} saved; at the likely figures {2} saved."),
    ],
    ids=["saves", "may lose"],
)
def test_page_one_says_how_far_the_saving_may_lie_from_its_mean(low, said, alpha, decide, monkeypatch):
    drawn = Saving(2e6, 2.5e6, low, 3e6, np.array([low, 3e6]))
    monkeypatch.setattr("sourcing.pack.decision.answer.range_saving", lambda _: drawn)
    told = said.format(*(say_money(amount, "USD") for amount in (1e6, 3e6, 2.5e6)))
    assert f"Eight of ten outcomes {told}" in " ".join(pack.say_answer(decide(alpha, use_ranges="yes")))
    assert "Eight of ten" not in " ".join(pack.say_answer(decide(alpha)))
