from __future__ import annotations

import pandas as pd
import pytest

from sourcing import Case, Policy
from sourcing.assess import bar_options, list_vetoes, load_postures, map_postures, score_indices


def change(case: Case, **tables: pd.DataFrame) -> Case:
    return case.replace(**tables)


def indices_frame(**values: float) -> pd.DataFrame:
    names = ["commoditization", "core_competency", "criticality", "process_readiness", "own_capability"]
    return pd.DataFrame(
        [{"process": "p", "index": n, "value": values.get(n), "coverage": 1.0 if n in values else 0.0} for n in names]
    )


def value_of(indices: pd.DataFrame, process: str, index: str) -> pd.Series:
    return indices.set_index(["process", "index"]).loc[(process, index)]


def test_one_direct_score_becomes_its_point_on_the_scale(alpha):
    indices = score_indices(alpha)
    assert value_of(indices, "help_desk", "commoditization")["value"] == 0.75
    assert value_of(indices, "research", "core_competency")["value"] == 1.0


def test_two_assessors_are_averaged_and_their_spread_is_shown(alpha):
    more = alpha.scores.iloc[[0]].assign(
        process="payroll",
        criterion="commodity",
        assessor="finance",
        score=3.0,
        low=float("nan"),
        high=float("nan"),
    )
    indices = score_indices(change(alpha, scores=pd.concat([alpha.scores, more])))
    row = value_of(indices, "payroll", "commoditization")
    assert (row["value"], row["assessors"], row["spread"]) == (0.75, 2, 0.5)


def test_a_missing_score_lowers_coverage_and_is_not_filled_in(alpha):
    extra = alpha.criteria.iloc[[0]].assign(criterion="market", index="commoditization", weight=3.0)
    case = change(alpha, criteria=pd.concat([alpha.criteria, extra]))
    row = value_of(score_indices(case), "payroll", "commoditization")
    assert (row["value"], row["coverage"]) == (1.0, 0.25)
    assert map_postures(score_indices(case), Policy()).loc["payroll", "posture"] == "unscored"
    assert map_postures(score_indices(case), Policy(min_coverage=0.25)).loc["payroll", "posture"] == "release"


def test_reversing_a_criterion_mirrors_its_index(alpha):
    criteria = alpha.criteria
    criteria.loc[criteria["criterion"] == "commodity", "direction"] = "down"
    mirrored = score_indices(change(alpha, criteria=criteria))
    for process in ("payroll", "help_desk", "research"):
        before = value_of(score_indices(alpha), process, "commoditization")["value"]
        assert value_of(mirrored, process, "commoditization")["value"] == pytest.approx(1 - before)


@pytest.mark.parametrize(
    ("values", "posture"),
    [
        ({"commoditization": 0.2, "core_competency": 0.8}, "retain"),
        ({"commoditization": 0.2, "core_competency": 0.8, "own_capability": 0.9}, "retain"),
        ({"commoditization": 0.2, "core_competency": 0.8, "own_capability": 0.1}, "ally"),
        ({"commoditization": 0.8, "core_competency": 0.8}, "streamline"),
        ({"commoditization": 0.2, "core_competency": 0.2}, "partner"),
        ({"commoditization": 0.5, "core_competency": 0.49}, "release"),
        ({"commoditization": 0.5}, "unscored"),
        ({"core_competency": 0.5}, "unscored"),
    ],
)
def test_postures_follow_the_two_indices_and_own_capability(values, posture):
    assert map_postures(indices_frame(**values), Policy()).loc["p", "posture"] == posture


def test_thresholds_of_policy_move_the_map():
    indices = indices_frame(commoditization=0.6, core_competency=0.6)
    assert map_postures(indices, Policy(core_threshold=0.7)).loc["p", "posture"] == "release"
    assert map_postures(indices, Policy(commoditization_threshold=0.7)).loc["p", "posture"] == "retain"


def test_missing_criticality_and_readiness_are_named():
    row = map_postures(indices_frame(commoditization=0.6, core_competency=0.6), Policy()).loc["p"]
    assert row["cautious"] == "criticality, process_readiness"
    core = map_postures(indices_frame(commoditization=0.2, core_competency=0.8, criticality=0.5), Policy()).loc["p"]
    assert core["cautious"] == "process_readiness, own_capability", "counted as strong, so it must be said"


def test_every_posture_rates_every_owner_type_within_one_point():
    postures = load_postures()
    assert len(postures) == 5 * 3
    assert postures["fit"].between(-1, 1).all()
    assert set(postures["standing"]) == {"recommended", "admissible", "barred"}


def options_frame() -> pd.DataFrame:
    return pd.DataFrame({
        "process": ["billing", "billing", "collections"], "option": ["incumbent", "captive", "stay"],
        "owner_type": ["provider", "own", "own"], "delivery_model": ["outsource", "offshore", "in_house"],
        "is_abroad": [False, True, False], "is_as_is": [True, False, True], "go_live_months": [0.0, 6.0, 0.0],
    })  # fmt: skip


def test_a_veto_bars_what_every_filled_cell_matches(beta):
    assert bar_options(beta, options_frame()).tolist() == ["", "personal_data_stays", ""]


def test_a_veto_never_strands_existing_work_unless_it_sets_a_date(beta):
    veto = beta.vetoes.assign(is_abroad=None, owner_type="provider")
    assert bar_options(change(beta, vetoes=veto), options_frame()).tolist() == ["", "", ""]
    dated = veto.assign(exit_by=pd.Timestamp("2025-09-30"))
    assert bar_options(change(beta, vetoes=dated), options_frame()).tolist() == [
        "personal_data_stays",
        "",
        "",
    ]


def test_an_expired_veto_is_listed_and_not_applied(beta):
    case = change(beta, vetoes=beta.vetoes.assign(expires=pd.Timestamp("2024-12-31")))
    assert list_vetoes(case)["in_force"].tolist() == [False]
    assert bar_options(case, options_frame()).tolist() == ["", "", ""]
    kept = change(beta, vetoes=beta.vetoes.assign(expires=pd.Timestamp("2025-01-01")))
    assert list_vetoes(kept)["in_force"].tolist() == [True]
