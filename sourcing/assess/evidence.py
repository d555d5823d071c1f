"""Evidence beside opinion: published figures propose scores, and gaps to what assessors gave are flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.assess.scale import place_on_scale
from sourcing.case import look_up_evidence
from sourcing.errors import InputError

if TYPE_CHECKING:
    from sourcing.case import Case, Policy

COLUMNS = (
    "process", "criterion", "index", "figure", "figure_value", "unit", "source", "year", "proposed", "score",
    "proposed_point", "point", "gap", "is_apart",
)  # fmt: skip


def propose_scores(case: Case, policy: Policy) -> pd.DataFrame:
    """Propose scores from published figures, beside what the assessors gave. Nothing is replaced.

    A criterion whose cell `evidence` names a figure is proposed a score wherever the process names the occupation or
    service code: the point is the share of all occupations (or services) that show less of it. A score is never taken
    over: whoever agrees writes it into the table scores, with the source as its evidence.

    Parameters
    ----------
    case : Case
        One unit.
    policy : Policy
        evidence_gap.

    Returns
    -------
    DataFrame
        COLUMNS, widest gap first, then by process and criterion: figure (its name), figure_value, unit, source and
        year; proposed and score (on the criterion's scale; score is the mean of the assessors, NaN where none gave
        one), proposed_point and point (0-1, high meaning more of the index), gap (point - proposed_point), is_apart
        (gap of at least `evidence_gap`).
    """
    criteria = case.criteria.query("evidence != ''").set_index("criterion", drop=False)
    rows = []
    for process in case.processes[["process", "occupation", "service_code"]].to_dict("records"):
        for criterion in criteria.to_dict("records"):
            try:
                found = look_up_evidence(criterion["evidence"], process["occupation"], process["service_code"])
            except InputError:
                continue
            low, high = criterion["scale_min"], criterion["scale_max"]
            turned = 1 - found.point if criterion["direction"] == "down" else found.point
            figure = found.figure
            rows.append({
                "process": process["process"], "criterion": criterion["criterion"], "index": criterion["index"],
                "figure": figure.figure, "figure_value": figure.value, "unit": figure.unit, "source": figure.source,
                "year": figure.year, "proposed": low + turned * (high - low), "proposed_point": found.point,
            })  # fmt: skip
    table = pd.DataFrame(
        rows, columns=pd.Index([name for name in COLUMNS if name not in ("score", "point", "gap", "is_apart")])
    )
    table = table.merge(_average_scores(case), on=["process", "criterion"], how="left")
    table["gap"] = table["point"].astype(float) - table["proposed_point"].astype(float)
    table["is_apart"] = table["gap"].abs() >= policy.evidence_gap - 1e-9
    width = np.nan_to_num(table["gap"].abs().to_numpy(float), nan=-1.0)
    order = table.assign(width=width).sort_values(["width", "process", "criterion"], ascending=[False, True, True])
    return order[list(COLUMNS)].reset_index(drop=True)


def _average_scores(case: Case) -> pd.DataFrame:
    scores = case.scores[case.scores["score"].notna()]
    scores = scores.assign(point=place_on_scale(scores, case.criteria))
    return scores.groupby(["process", "criterion"])[["score", "point"]].mean().reset_index()
