"""An answer that contradicts the plan is an error, whatever made it."""

import pandas as pd
import pytest

from sourcing.errors import CertificateError
from sourcing.plan import choose, flip_decisions, price_rules, price_savings
from sourcing.plan.explain.monotone import require_monotone


@pytest.fixture
def plan(offers, rule):
    return choose(offers, rule(limit=1.0))


@pytest.mark.parametrize(
    ("kind", "ask", "column", "value", "said"),
    [
        ("flips", flip_decisions, "forcing_cost", -1.0, "forcing an option that is not barred must not gain"),
        ("prices", price_rules, "drop_saving", -1.0, "dropping a rule or ban must not cost"),
        ("prices", price_rules, "tighter_cost", -1.0, "tightening a rule must not gain"),
        ("prices", price_rules, "looser_saving", 9.0, "must save what loosening it does"),
        ("savings", price_savings, "saving", [4.0, 3.0], "lifting more must save more"),
    ],
)
def test_an_answer_that_contradicts_the_plan_is_refused(plan, kind, ask, column, value, said):
    found = ask(plan)
    require_monotone(kind, found, plan)
    found = pd.concat([found, found], ignore_index=True) if isinstance(value, list) else found
    with pytest.raises(CertificateError, match=said):
        require_monotone(kind, found.assign(**{column: value}), plan)


def test_a_chosen_option_that_costs_and_a_plan_that_is_better_are_refused(plan, offers, rule):
    flips = flip_decisions(plan)
    with pytest.raises(CertificateError, match="chosen option must not cost"):
        require_monotone("flips", flips.assign(forcing_cost=1.0), plan)
    with pytest.raises(CertificateError, match="must not beat the plan"):
        require_monotone("others", [choose(offers, rule(limit=2.0))], plan)


def test_a_plan_left_with_a_gap_is_replaced_by_a_cheaper_one_met_on_the_way(offers, rule):
    """The plan may cost 23 to 27.6; what is asked about it finds the best and answers about that one."""
    from sourcing.plan import explain

    loose = choose(offers, rule(limit=1.0), gap=0.2)
    dear = choose(offers[offers["option"] == "stay"], gap=0.2)
    stay = type(loose)(**{name: getattr(loose, name) for name in loose.__dataclass_fields__} | {
        "choices": dear.choices, "objective": dear.objective, "findings": {},
    })  # fmt: skip
    explained = explain(stay)
    flips = explained.flip_decisions()
    assert explained.plan.objective == 23.0
    assert flips.loc[flips["chosen"], "forcing_cost"].tolist() == [0.0, 0.0]
    assert explained.price_rules()["drop_saving"].tolist() == [4.0]
