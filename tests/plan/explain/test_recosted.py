"""The best plan under other costs is the one that choosing afresh at those costs finds."""

from __future__ import annotations

import numpy as np
import pytest

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import choose, choose_again
from tests.conftest import seeds
from tests.plan.conftest import Instance, make_instance


@pytest.mark.parametrize("seed", seeds(40, quick=8))
def test_choosing_again_finds_what_choosing_afresh_does(seed):
    instance = make_instance(seed)
    try:
        plan = choose(*instance.tables, structure=instance.structure, gap=0.0)
    except InfeasiblePlanError:
        instance = Instance(instance.alternatives)
        plan = choose(instance.alternatives, gap=0.0)
    rng = np.random.default_rng(seed)
    costs = plan.question.alternatives["cost"].to_numpy(float) + rng.normal(0, 10, (6, len(plan.question.alternatives)))
    again = choose_again(plan, costs)
    assert again.is_proven.all()
    for case, changed in enumerate(costs):
        fresh = choose(
            plan.question.alternatives.assign(cost=changed), *instance.tables[1:], structure=instance.structure, gap=0.0
        )
        found = float(again.shares[case] @ changed) + again.fixed[case]
        assert found == pytest.approx(fresh.objective, rel=1e-9, abs=1e-6)


def test_costs_of_another_shape_are_refused():
    plan = choose(make_instance(3).alternatives)
    with pytest.raises(InputError, match="columns; got shape"):
        choose_again(plan, np.zeros((2, 1)))
    with pytest.raises(InputError, match="finite"):
        choose_again(plan, np.full((1, len(plan.question.alternatives)), np.nan))
