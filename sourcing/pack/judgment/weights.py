"""Sections on how far judgment carries: weights, agreement, confidence, partners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.assess import (
    STATED,
    list_agreement,
    list_dissent,
    list_habits,
    load_homes,
    require_service,
    score_partners,
)
from sourcing.pack.block import Block, Shown, fold_table, show_table
from sourcing.pack.wording import name_postures, name_processes, say_count, say_list, say_number, say_share

if TYPE_CHECKING:
    from sourcing.assess import Judgment

LITTLE = 0.5
"""Concordance below which assessors agree little."""


def add_names(judgment: Judgment, table: pd.DataFrame) -> pd.DataFrame:
    """Add the name of each process as `process_name`; "" where a row is of none."""
    return table.assign(process_name=table["process"].map(name_processes(judgment.case)).fillna(""))


def name_criteria(judgment: Judgment, names: pd.Series) -> pd.Series:
    """Return the names of criteria as shown."""
    known = judgment.case.criteria.set_index("criterion")["name"].to_dict()
    return names.map(lambda name: known.get(name, str(name).replace("_", " ")))


def list_weights(judgment: Judgment) -> pd.DataFrame:
    """List the weight of each criterion with how far the assessors' weights lie apart.

    Returns
    -------
    DataFrame
        criterion, name, index, weight, lowest, highest (of the assessors), assessors (names), methods; partnership only
        where an owner is scored on it.
    """
    each = judgment.weights.by_assessor
    grouped = each.groupby("criterion").agg(
        lowest=("weight", "min"),
        highest=("weight", "max"),
        assessors=("assessor", lambda names: say_list(sorted(names))),
        methods=("method", lambda kinds: ", ".join(sorted(set(kinds))).replace("_", "-")),
    )
    criteria = judgment.case.criteria[["criterion", "name", "index"]]
    if judgment.case.provider_scores.empty:
        criteria = criteria[criteria["index"] != "partnership"]
    table = criteria.set_index("criterion").join(grouped)
    table["weight"] = judgment.weights.weights
    table["index"] = table["index"].str.replace("_", " ")
    return table.reset_index().sort_values(["index", "weight"], ascending=[True, False], ignore_index=True)


def show_weights(judgment: Judgment) -> Block:
    """Show the weights in use, where they come from and how far assessors are apart; and what to compare again."""
    columns = [
        Shown("name", "Criterion"),
        Shown("index", "Index"),
        Shown("weight", "Weight", "share"),
        Shown("lowest", "Lowest given", "share"),
        Shown("highest", "Highest given", "share"),
        Shown("assessors", "Weighed by"),
        Shown("methods", "How"),
    ]
    weights = list_weights(judgment)
    weighed = weights["assessors"] != STATED
    block = show_table(
        weights[weighed],
        columns,
        empty="Weights are those of the criteria table; no assessor weighed on their own.",
        folded=weights[~weighed],
        folded_title=f"{say_count(int((~weighed).sum()), 'weight')} as the criteria table states them",
    )
    return block + _show_consistency(judgment)


def _show_consistency(judgment: Judgment) -> Block:
    asked = judgment.weights.revisit
    if asked.empty:
        return Block("", "")
    limit = judgment.policy.consistency_limit
    again = asked["consistency_ratio"] > limit
    asked = asked.assign(
        index_name=asked["index"].str.replace("_", " "),
        state=[{"text": "compare again" if bad else "consistent", "tone": "warn" if bad else "good"} for bad in again],
        first=name_criteria(judgment, asked["first"]),
        second=name_criteria(judgment, asked["second"]),
    )
    columns = [
        Shown("assessor", "Assessor"),
        Shown("index_name", "Index"),
        Shown("consistency_ratio", "Consistency ratio", "ratio"),
        Shown("state", "", "badge"),
        Shown("first", "Revisit first"),
        Shown("second", "against"),
        Shown("ratio", "Asked: times as important", "number"),
        Shown("implied", "The other answers imply", "number"),
    ]
    said = f"A consistency ratio above {say_number(limit)} asks for another look; 0 means that no answer contradicts."
    return show_table(asked, columns, caption=said)


def show_agreement(judgment: Judgment) -> Block:
    """Show how far assessors agree, who differs where, and how each uses the scale."""
    agreement = list_agreement(judgment.case, judgment.weights.by_assessor)
    agreement = agreement.assign(
        name=name_criteria(judgment, agreement["subject"]),
        state=[
            {"text": "little agreement" if each < LITTLE else "agreement", "tone": "warn" if each < LITTLE else "good"}
            if each == each
            else {"text": "no order", "tone": "warn"}
            for each in agreement["concordance"]
        ],
    )
    columns = [
        Shown("name", "On"),
        Shown("assessors", "Assessors", "number"),
        Shown("ranked", "Compared", "number"),
        Shown("concordance", "Concordance (Kendall's W)", "index"),
        Shown("state", "", "badge"),
        Shown("chance", "Chance of as much by luck", "share"),
        Shown("spread", "Mean distance, highest to lowest", "index"),
    ]
    low = ~(agreement["concordance"] >= LITTLE)
    said = f"On {say_count(int(low.sum()), 'subject')} of {len(agreement)} the assessors agree little."
    block = show_table(
        agreement[low],
        columns,
        empty=said if len(agreement) else "No criterion has two assessors on three processes or more.",
        folded=agreement[~low],
        folded_title=f"{say_count(int((~low).sum()), 'subject')} on which the assessors agree",
    )
    return block + _show_dissent(judgment) + _show_habits(judgment)


def _show_dissent(judgment: Judgment) -> Block:
    dissent = add_names(judgment, list_dissent(judgment.case))
    dissent = dissent.assign(criterion=name_criteria(judgment, dissent["criterion"]))
    columns = [
        Shown("assessor", "Assessor"),
        Shown("process_name", "Process"),
        Shown("criterion", "Criterion"),
        Shown("point", "Point given", "index"),
        Shown("others", "The others", "index"),
        Shown("evidence", "Evidence", "prose"),
    ]
    return fold_table(dissent, columns, f"Who differs where: {say_count(len(dissent), 'score')} half a scale off")


def _show_habits(judgment: Judgment) -> Block:
    columns = [
        Shown("assessor", "Assessor"),
        Shown("scores", "Scores", "number"),
        Shown("mean", "Mean point", "index"),
        Shown("leaning", "Above the others by", "index"),
        Shown("ends_share", "At an end of the scale", "share"),
        Shown("with_evidence", "With evidence", "share"),
    ]
    habits = list_habits(judgment.case).reset_index()
    return fold_table(habits, columns, "How each assessor uses the scale")


def list_confidence(judgment: Judgment) -> pd.DataFrame:
    """List how sure the posture of each process is, least sure first, with names and the required service."""
    sure = judgment.acceptability.confidence.reset_index()
    shown = name_postures() | {"": "none"}
    table = add_names(judgment, sure).assign(
        posture_name=sure["posture"].map(shown),
        rival_name=sure["rival"].map(shown),
        service=sure["process"].map(require_service(judgment.postures)),
        state=[
            {"text": "unsettled", "tone": "warn"}
            if is_unsettled
            else {"text": "settled", "tone": "good"}
            if own == own
            else {}
            for is_unsettled, own in zip(sure["is_unsettled"], sure["confidence"], strict=True)
        ],
    )
    return table.sort_values(["confidence", "process"], ignore_index=True)


def show_confidence(judgment: Judgment) -> Block:
    """Show in what share of draws each process keeps its posture, with the error of that share."""
    table, draws = list_confidence(judgment), judgment.acceptability.draws
    columns = [
        Shown("process_name", "Process"),
        Shown("posture_name", "Posture"),
        Shown("confidence", "Held in", "share"),
        Shown("standard_error", "± standard error", "ratio"),
        Shown("state", "", "badge"),
        Shown("rival_name", "Otherwise"),
        Shown("service", "Service it needs"),
    ]
    how = {"around": "around the stated ones", "any": "as if any were as good"}[judgment.policy.weights_drawn]
    said = (
        f"{say_number(draws)} draws: weights {how}, scores within what the assessors gave or would defend. "
        "What one draw shifts on a criterion, it shifts in every process."
    )
    unsettled = table[table["is_unsettled"]]
    return show_table(
        unsettled,
        columns,
        caption=said,
        empty=f"Every posture holds in at least {say_share(judgment.policy.confidence_floor)} of the draws. {said}",
        folded=table[~table["is_unsettled"]],
        folded_title=f"{say_count(len(table) - len(unsettled), 'posture')} settled or not scored",
    )


def say_confidence(judgment: Judgment, process: str) -> str:
    """Say in what share of draws a process keeps its posture, with its error, and what it would be otherwise.

    Nothing is said of a process that is not scored enough.
    """
    sure, shown = judgment.acceptability.confidence.loc[process], name_postures()
    if sure["confidence"] != sure["confidence"]:
        return ""
    held = f"Posture: {shown[sure['posture']].lower()}, held in {say_share(sure['confidence'])} of"
    error = f" (standard error {100 * sure['standard_error']:.2g} points)" if sure["standard_error"] > 0 else ""
    rival = f"; otherwise mostly {shown[sure['rival']].lower()}" if sure["rival"] else ""
    unsettled = " It is unsettled: a small change of weights or scores would turn it." if sure["is_unsettled"] else ""
    return f"{held} {say_number(judgment.acceptability.draws)} draws of weights and scores{error}{rival}.{unsettled}"


def show_partners(judgment: Judgment) -> Block:
    """Show the outside owners as partners: index, how much of it is scored, where each is weakest."""
    columns = [
        Shown("provider", "Owner"),
        Shown("partnership", "Partnership", "index"),
        Shown("coverage", "Scored", "share"),
        Shown("assessors", "Assessors", "number"),
        Shown("weakest", "Weakest in"),
    ]
    partners = score_partners(judgment.case, judgment.policy)
    return show_table(partners, columns, empty="No outside owner was scored as a partner.")


def show_homes() -> Block:
    """Show where each driver counts, once, and where it is only displayed."""
    columns = [
        Shown("driver", "Driver"),
        Shown("home_name", "Counts in"),
        Shown("kind", "As"),
        Shown("displayed_in", "Elsewhere only shown", "prose"),
    ]
    homes = load_homes()
    homes["home_name"] = homes["home"].str.replace(".", ": ").str.replace("_", " ")
    homes["kind"] = homes["kind"].str.replace("_", " ")
    return fold_table(homes, columns, "Where each driver counts, once")
