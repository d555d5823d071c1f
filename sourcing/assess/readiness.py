"""The situational assessment of a unit: whether it is ready to hand work to others, what to keep, what to mend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess.vetoes import date_valuation

if TYPE_CHECKING:
    from sourcing.case import Case, Policy

GATE = "readiness gate"
SCALE_MIN, SCALE_MAX = 1.0, 5.0
KEEP = 0.75
"""Point from which an answer is something to keep."""
ANSWER_COLUMNS = (
    "question", "name", "point", "spread", "assessors", "weight", "is_must", "standing", "low_anchor", "mid_anchor",
    "high_anchor", "evidence", "action", "owner", "due", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Situation:
    """What the situational assessment says of a unit.

    Attributes
    ----------
    is_assessed : bool
        Whether anything was answered; without answers the gate is open and the pack says so.
    index : float
        Weighted mean of the answers (0-1; NaN where nothing was answered).
    is_open : bool
        Whether new transfers to outside owners are allowed.
    closed_by : tuple of str
        Names of what keeps the gate closed: the index itself, or questions that must be met each.
    answers : DataFrame
        ANSWER_COLUMNS, one row per question: point (0-1; NaN where not answered), standing (keep, improve, mend first,
        not answered).
    road_map : DataFrame
        What to mend, in order; empty where nothing was answered. Columns step, question, action, owner, due, months
        (usual time), opens_gate (bool).
    """

    is_assessed: bool
    index: float
    is_open: bool
    closed_by: tuple[str, ...]
    answers: pd.DataFrame
    road_map: pd.DataFrame


@cache
def _read_questions() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).with_name("questions.csv"))


def load_questions() -> pd.DataFrame:
    """Return the questions of the assessment: question, name, weight, is_must, anchors, remedy, months, source."""
    return _read_questions().copy()


def assess_situation(case: Case, policy: Policy) -> Situation:
    """Assess whether a unit is ready to hand work to outside owners.

    point = (mean of the assessors - 1) / 4; index = weighted mean over the questions answered. The gate is open where
    the index and each question that must be met reach Policy's `readiness_gate`; a question that must be met and was
    not answered keeps it closed. A unit without any answer is not assessed: the gate is open, and that is said.

    Parameters
    ----------
    case : Case
        One unit.
    policy : Policy
        readiness_gate.
    """
    given, gate = case.readiness[case.readiness["score"].notna()], policy.readiness_gate
    grouped = given.groupby("question")
    table = load_questions().set_index("question")
    points = ((grouped["score"].mean() - SCALE_MIN) / (SCALE_MAX - SCALE_MIN)).reindex(table.index)
    width = (grouped["score"].max() - grouped["score"].min()) / (SCALE_MAX - SCALE_MIN)
    must = (table["is_must"] == "yes").to_numpy()
    answered = points.notna()
    weight = table["weight"].where(answered, 0.0)
    index = float((weight * points.fillna(0.0)).sum() / weight.sum()) if answered.any() else float("nan")
    below = must & ~(points >= gate - 1e-9).to_numpy()
    closed = [] if not answered.any() else list(table.loc[below, "name"])
    is_low = bool(answered.any()) and index < gate - 1e-9
    if is_low:
        closed.insert(0, "the index as a whole")
    standing = np.select(
        [~answered, points >= KEEP - 1e-9, (points < gate - 1e-9) | below],
        ["not answered", "keep", "mend first"],
        "improve",
    )
    told = case.readiness
    texts = {
        name: told[told[name] != ""].groupby("question")[name].agg(_join_texts)
        for name in ("evidence", "action", "owner")
    }
    answers = table.assign(
        point=points, spread=width, assessors=grouped["assessor"].nunique(), is_must=must, standing=standing,
        due=told.groupby("question")["due"].min(), **texts,
    ).reset_index()  # fmt: skip
    answers["assessors"] = answers["assessors"].fillna(0).astype(int)
    answers = answers.fillna({"evidence": "", "action": "", "owner": ""})
    road_map = _map_road(answers if answered.any() else answers.iloc[:0], is_low)
    return Situation(bool(answered.any()), index, not closed, tuple(closed), answers[list(ANSWER_COLUMNS)], road_map)


def _join_texts(texts: pd.Series) -> str:
    return "; ".join(dict.fromkeys(texts))


def _map_road(answers: pd.DataFrame, is_low: bool) -> pd.DataFrame:
    """Order what to mend: what opens the gate first, then the lowest and heaviest; is_low: the index itself is."""
    todo = answers[answers["standing"].isin(["mend first", "improve", "not answered"])]
    action = todo["action"].where(todo["action"] != "", todo["remedy"])
    action = action.where(todo["standing"] != "not answered", "Answer this question, with evidence.")
    low = (todo["standing"] == "mend first") | (todo["standing"] == "not answered")
    opens = low & (todo["is_must"] | is_low)
    table = pd.DataFrame({
        "question": todo["name"], "action": action, "owner": todo["owner"].replace("", "to be named"),
        "due": todo["due"], "months": todo["months"], "opens_gate": opens, "must": todo["is_must"],
        "gap": todo["weight"] * (1 - todo["point"].fillna(0.0)),
    })  # fmt: skip
    order = table.sort_values(["opens_gate", "must", "gap"], ascending=[False, False, False], kind="stable")
    order = order.drop(columns=["must", "gap"]).reset_index(drop=True)
    order.insert(0, "step", np.arange(1, len(order) + 1))
    return order


def bar_transfers(case: Case, offers: pd.DataFrame, policy: Policy) -> pd.Series:
    """Bar new transfers to outside owners while the gate is closed; what the same owner does today stays with it.

    Parameters
    ----------
    case : Case
        One unit.
    offers : DataFrame
        Columns process, owner, owner_type, is_as_is.

    Returns
    -------
    Series
        Index of `offers`: GATE where barred, "" elsewhere.
    """
    barred = pd.Series("", index=offers.index)
    if assess_situation(case, policy).is_open:
        return barred
    today = offers[offers["is_as_is"]].drop_duplicates("process").set_index("process")["owner"]
    stays = offers["owner"] == offers["process"].map(today)
    return barred.mask((offers["owner_type"] != "own") & ~offers["is_as_is"] & ~stays, GATE)


def list_late_steps(situation: Situation, case: Case) -> pd.DataFrame:
    """List the steps of the road map whose day is past on the valuation date."""
    steps = situation.road_map
    return steps[steps["due"] < date_valuation(case.unit)]
