"""The tiny units as a group, decided once."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, load_case
from sourcing.portfolio import GroupDecision, decide_group
from tests.conftest import TINY

MOVES = "At most two processes of the group move"


def add_group_rules(case: Case, *rules: dict) -> Case:
    """Give a case further rules of the group."""
    told = {"scope": "group", "sense": "<=", "reason": "", "owner": "board"}
    return case.replace(rules=pd.concat([case.rules, pd.DataFrame([told | rule for rule in rules])]))


@pytest.fixture(scope="session")
def group_case() -> Case:
    """The tiny case, whose units may together move two processes."""
    return add_group_rules(
        load_case(TINY), {"rule": MOVES, "measure": "count", "where": "is_as_is == False", "limit": 2}
    )


@pytest.fixture(scope="session")
def tiny_group(group_case: Case) -> GroupDecision:
    return decide_group(group_case, gap=0.0)
