"""The rules of docs/rules.md say what their first column asks, are sound, and are kept by a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sourcing.case import TODAY
from sourcing.decide import UnitQuestion, answer_question, pose_question
from sourcing.decide.today import limit_by_today
from tests.conftest import ROOT

COLUMNS = ["rule", "measure", "where", "sense", "limit", "relative_to", "for_each"]
SENSES = {"<=": np.less_equal, ">=": np.greater_equal}


def read_examples() -> pd.DataFrame:
    lines = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("| ")]
    cells = [[cell.strip().strip("`") for cell in row] for row in rows[1:]]
    return pd.DataFrame(cells, columns=COLUMNS)


EXAMPLES = read_examples()


@pytest.fixture(scope="module")
def question(take_unit) -> UnitQuestion:
    return pose_question(take_unit("telecom"))


def test_the_page_has_at_least_twenty_rules_each_with_a_name_of_its_own():
    assert len(EXAMPLES) >= 20
    assert EXAMPLES["rule"].is_unique


def test_every_rule_of_the_page_is_sound_and_speaks_of_something(take_unit):
    case = take_unit("telecom")
    assert len(case.replace(rules=EXAMPLES).warnings) == len(case.warnings)


@pytest.mark.parametrize("row", range(len(EXAMPLES)), ids=EXAMPLES["rule"].tolist())
def test_a_rule_of_the_page_picks_some_of_what_can_be_chosen_and_is_kept(question, row):
    example = EXAMPLES.iloc[[row]].astype({"limit": float})
    text = example["where"].iloc[0]
    if text:
        picked = question.alternatives.query(text)
        assert 0 < len(picked) < len(question.alternatives)
    whole = example.assign(step=np.nan, priority=2, reason="", owner="")
    rules = pd.concat([question.rules, limit_by_today(whole, question.as_is)], ignore_index=True)
    plan = answer_question(replace(question, rules=rules))
    for value, used in measure(plan.choices, question.as_is.choices, example.iloc[0]).items():
        limit = example["limit"].iloc[0]
        assert SENSES[example["sense"].iloc[0]](used, limit) or used == pytest.approx(limit), value


def measure(chosen: pd.DataFrame, today: pd.DataFrame, rule: pd.Series) -> dict:
    """Measure what a rule limits by plain sums; shared money aside, of which these rules leave room."""
    picked = chosen.query(rule["where"]) if rule["where"] else chosen
    groups = picked.groupby(rule["for_each"]) if rule["for_each"] else [("all", picked)]
    base = 1.0
    if rule["relative_to"] == TODAY:
        base = float(today[rule["measure"]].sum())
    elif rule["relative_to"]:
        base = float(chosen[rule["relative_to"]].sum())
    return {
        value: (len(rows) if rule["measure"] == "count" else float(rows[rule["measure"]].sum())) / base
        for value, rows in groups
    }
