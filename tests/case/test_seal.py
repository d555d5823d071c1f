"""The seal tells whether criteria, weights, thresholds and hurdles changed, and whether costs were there."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from sourcing import Policy, load_case
from sourcing.case import check_seal, seal_case, settle
from sourcing.case.policy import LEVERS
from sourcing.case.seal import LEVERS_SEALED, locate_seal
from sourcing.errors import CaseError, InputError

TINY = Path(__file__).parents[2] / "data" / "tiny"
FIRST, LATER = datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 2, 1, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    """The tiny case in a folder of its own."""
    return Path(shutil.copytree(TINY, tmp_path / "case"))


def look(folder: Path, **levers: object):
    case = load_case(folder, "alpha")
    return check_seal(case, settle(case, **levers)[0])


def edit(folder: Path, table: str, before: str, after: str) -> None:
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_case_never_sealed_says_so(folder):
    state = look(folder)
    assert (state.count, state.sealed_at, state.is_intact, len(state.changes)) == (0, "", True, 0)


def test_a_seal_holds_its_time_and_says_that_costs_were_there(folder):
    file, seal, is_new = seal_case(folder, now=FIRST)
    assert (file, is_new) == (folder / "seal.json", True)
    assert seal["cost_tables"] == ["options", "deals", "handoff_costs"]
    state = look(folder)
    assert (state.sealed_at, state.cost_tables[0], len(state.changes)) == ("2026-01-05T09:00:00Z", "options", 0)


def test_a_case_can_be_sealed_before_any_cost_or_option_or_score_is_there(folder):
    for name in ("options", "deals", "handoff_costs", "links", "scores", "rules", "vetoes"):
        (folder / f"{name}.csv").unlink()
    _, seal, _ = seal_case(folder, now=FIRST)
    assert seal["cost_tables"] == []
    for name in ("options", "deals", "handoff_costs", "links", "scores", "rules", "vetoes"):
        shutil.copy(TINY / f"{name}.csv", folder)
    state = look(folder)
    assert (state.cost_tables, len(state.changes)) == ((), 0), "adding costs and scores breaks no seal"


def test_sealing_again_without_a_change_adds_nothing_and_with_one_adds_to_the_history(folder):
    seal_case(folder, now=FIRST)
    assert seal_case(folder, now=LATER)[2] is False
    edit(folder, "criteria", "in one score,1,up", "in one score,2,up")
    assert seal_case(folder, now=LATER)[2] is True
    state = look(folder)
    assert (state.count, state.first_sealed_at[:10], state.sealed_at[:10]) == (2, "2026-01-05", "2026-02-01")


@pytest.mark.parametrize(
    ("table", "before", "after", "item"),
    [
        ("criteria", "in one score,1,up", "in one score,2,up", "weight of commodity"),
        ("criteria", "unique to us", "unlike any other", "table criteria"),
        ("policy", ",location_rate,0,", ",core_threshold,0.4,lower\n,location_rate,0,", "core threshold"),
        ("policy", ",location_rate,0,", ",hurdle_sum,100,more\n,location_rate,0,", "hurdle sum"),
    ],
)
def test_what_changed_since_is_named(folder, table, before, after, item):
    seal_case(folder, now=FIRST)
    edit(folder, table, before, after)
    assert item in look(folder).changes["item"].tolist()


def test_a_lever_set_for_a_run_is_a_change_too_and_others_are_not(folder):
    seal_case(folder, now=FIRST)
    assert look(folder, core_threshold=0.7).changes.to_dict("records") == [
        {"item": "core threshold", "sealed": "0.5", "now": "0.7"}
    ]
    assert look(folder, gap=0.01, budget_share=0.9).changes.empty


def test_comparisons_count_for_the_units_that_they_are_of(folder):
    pairs = pd.DataFrame(
        {
            "business_unit": ["beta"],
            "assessor": ["it"],
            "criterion_a": ["commodity"],
            "criterion_b": ["market"],
            "ratio": 2,
        }
    )
    more = pd.read_csv(folder / "criteria.csv").iloc[[0]].assign(criterion="market")
    more.to_csv(folder / "criteria.csv", mode="a", header=False, index=False)
    seal_case(folder, now=FIRST)
    pairs.to_csv(folder / "pairwise.csv", index=False)
    assert look(folder).changes.empty
    case = load_case(folder, "beta")
    assert check_seal(case, Policy(**_settled(case))).changes["item"].tolist() == ["table pairwise"]


def _settled(case) -> dict[str, object]:
    policy = settle(case)[0]
    return {name: getattr(policy, name) for name in policy.__dataclass_fields__}


def test_an_altered_file_of_seals_proves_nothing_and_is_not_added_to(folder):
    seal_case(folder, now=FIRST)
    path = folder / "seal.json"
    seals = json.loads(path.read_text())
    seals["seals"][0]["sealed_at"] = "2020-01-01T00:00:00Z"
    path.write_text(json.dumps(seals))
    assert look(folder).is_intact is False
    with pytest.raises(InputError, match="altered"):
        seal_case(folder, now=LATER)
    path.write_text("{}")
    assert look(folder).is_intact is False


def test_criteria_that_are_unsound_are_not_sealed(folder):
    edit(folder, "criteria", "in one score,1,up", "in one score,-1,up")
    with pytest.raises(CaseError):
        seal_case(folder)
    assert not (folder / "seal.json").exists()


def test_the_seal_of_a_workbook_stands_beside_it():
    assert locate_seal(Path("cases/unit.xlsx")) == Path("cases/unit.seal.json")


def test_every_threshold_and_hurdle_is_sealed():
    named = {name for name in LEVERS if name.endswith(("_threshold", "_floor", "_gate", "_limit")) or "hurdle" in name}
    assert named - {"time_limit"} <= set(LEVERS_SEALED) <= set(LEVERS)
