"""Plans as different as possible against complete enumeration."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sourcing.errors import InfeasiblePlanError, InputError
from sourcing.plan import choose, find_alternatives, list_core
from tests.conftest import examples


@examples(12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), slack=st.sampled_from([0.05, 0.3]))
def test_each_is_within_the_slack_and_as_far_as_any_plan_can_be(seed, slack, draw, enumerate_plans):
    instance = draw(seed)
    try:
        plan = choose(*instance.tables, structure=instance.structure, gap=0.0)
    except InfeasiblePlanError:
        return
    table = instance.alternatives
    most = plan.objective + slack * abs(plan.objective) + 1e-6

    def read(picked):
        return dict(zip(table["process"].iloc[picked], table["option"].iloc[picked], strict=True))

    near = [read(picked) for cost, picked in enumerate_plans(instance) if cost <= most]

    def count_apart(one, other):
        return sum(one[process] != other[process] for process in one)

    found = [plan.choices.set_index("process")["option"].to_dict()]
    others = find_alternatives(plan, slack, 3)
    for other in others:
        own = other.choices.set_index("process")["option"].to_dict()
        apart = min(count_apart(own, each) for each in found)
        assert apart >= 2
        assert apart == max(min(count_apart(each, earlier) for earlier in found) for each in near)
        assert other.objective <= most
        found.append(own)
    if len(others) < 3:
        assert max(min(count_apart(each, earlier) for earlier in found) for each in near) < 2
    core = list_core(plan, others, slack).set_index("process")
    for process, row in core.iterrows():
        assert row["stands"] == (len({each[process] for each in found}) == 1)
        assert not row["proven"] or {each[process] for each in near} == {found[0][process]}


def test_slack_and_count_are_checked(offers):
    with pytest.raises(InputError, match="slack must be"):
        find_alternatives(choose(offers), slack=-0.1)
