"""The tables that charts of judgment draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import load_postures, propose_scores
from sourcing.decide import Decision
from sourcing.pack.judgment.weights import add_names, list_confidence, name_criteria
from sourcing.pack.wording import name_postures, say_list

if TYPE_CHECKING:
    from sourcing.assess import Judgment

MOST_GAPS = 20
CERTAIN = 0.9995
LABEL_WIDTH, LABEL_HEIGHT = 0.5, 0.06
"""Room that a label on the posture map takes, in units of its axes, on a narrow screen."""


def list_spread(judgment: Judgment) -> pd.DataFrame:
    """List where each process stands on the posture map and how far draws shift it.

    Returns
    -------
    DataFrame
        One row per scored process: process, process_name, label, posture_name, commoditization, core_competency (as
        stated), *_low and *_high (5th and 95th percentile of the draws), confidence.
    """
    sure = list_confidence(judgment).set_index("process")
    table = judgment.postures[["commoditization", "core_competency"]].join(
        sure[["process_name", "posture_name", "confidence"]]
    )
    for index in ("commoditization", "core_competency"):
        ranks = judgment.acceptability.ranks.query("index == @index").set_index("process")[["low", "high"]]
        table = table.join(ranks.add_prefix(f"{index}_"))
    table = table.join(judgment.case.processes.set_index("process")["headcount_fte"])
    table = table.dropna(subset=["commoditization", "core_competency", "confidence"]).reset_index()
    named = table.rename(columns={"process_name": "name"})
    return table.assign(label=place_labels(named)).drop(columns="headcount_fte")


def list_shares(judgment: Judgment) -> pd.DataFrame:
    """List in what share of draws each process has each posture, least sure process first.

    Returns
    -------
    DataFrame
        process_name, posture_name, share; shares above 0 only. Processes that keep their posture in every draw are
        left out, unless all do.
    """
    order = list_confidence(judgment).dropna(subset=["confidence"])
    moved = order["confidence"] < CERTAIN
    order = order[moved] if moved.any() else order
    shares = judgment.acceptability.postures.loc[order["process"]]
    long = shares.stack().rename("share").reset_index()
    long = long[long["share"] > 0]
    names = order.set_index("process")["process_name"]
    return pd.DataFrame(
        {
            "process_name": long["process"].map(names),
            "posture_name": long["posture"].map(name_postures()),
            "share": long["share"],
        }
    ).reset_index(drop=True)


def list_gaps(judgment: Judgment) -> pd.DataFrame:
    """List the widest gaps between scores and published figures.

    Returns
    -------
    DataFrame
        label (process and criterion), point, proposed_point, figure; at most MOST_GAPS rows.
    """
    proposed = propose_scores(judgment.case, judgment.policy)
    proposed = proposed[proposed["is_apart"]].head(MOST_GAPS)
    label = add_names(judgment, proposed)["process_name"] + ": " + name_criteria(judgment, proposed["criterion"])
    return proposed.assign(label=label)[["label", "point", "proposed_point", "figure"]].reset_index(drop=True)


def list_standings(decision: Decision) -> pd.DataFrame:
    """List the postures in use: posture_name, meaning, processes (count), names."""
    postures, named = list_postures(decision), load_postures().drop_duplicates("posture").set_index("posture")
    grouped = (
        postures.groupby("posture")["name"].agg(["size", list]).rename(columns={"size": "processes", "list": "names"})
    )
    return grouped.assign(
        posture_name=grouped.index.map(name_postures()),
        meaning=grouped.index.map(named["meaning"].to_dict() | {"unscored": "kept as today until scored"}),
        names=[say_list(sorted(names), 6) for names in grouped["names"]],
    ).reset_index()


def list_postures(decision: Decision) -> pd.DataFrame:
    """List each process's indices and posture with its name, size, planned delivery model and map label.

    The largest are labeled on the map, as far as no label covers another.
    """
    names = decision.case.processes.set_index("process")[["name", "function", "headcount_fte"]]
    chosen = decision.plan.choices.drop_duplicates("process").set_index("process")[["delivery_model"]]
    table = decision.judgment.postures.join(names).join(chosen).reset_index()
    return table.assign(label=place_labels(table))


def place_labels(postures: pd.DataFrame) -> list[str]:
    """Label the largest processes, leaving out a label that would cover one already placed.

    Parameters
    ----------
    postures : DataFrame
        process, name, headcount_fte, commoditization, core_competency.
    """
    placed: list[tuple[float, float]] = []
    labels = dict.fromkeys(postures.index, "")
    for row in postures.sort_values(["headcount_fte", "process"], ascending=[False, True]).itertuples():
        x, y = row.commoditization, row.core_competency
        if all(abs(x - a) > LABEL_WIDTH or abs(y - b) > LABEL_HEIGHT for a, b in placed):
            labels[row.Index] = row.name
            placed.append((x, y))
    return list(labels.values())
