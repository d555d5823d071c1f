"""Sections on judgment: criteria and the seal on them, scores, indices and postures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.assess import settle_weights
from sourcing.case import check_seal
from sourcing.pack.block import Block, Shown, fold_table, show_table
from sourcing.pack.judgment.tables import list_postures, list_standings
from sourcing.pack.judgment.weights import list_confidence
from sourcing.pack.wording import say_count, say_list, say_number

if TYPE_CHECKING:
    from sourcing.assess import Judgment
    from sourcing.case import Case, Policy
    from sourcing.decide import Decision


def show_postures(decision: Decision) -> Block:
    """Show the postures in use, and folded each process's indices and what was missing."""
    columns = [
        Shown("posture_name", "Posture"),
        Shown("meaning", "What it says"),
        Shown("processes", "Processes", "number"),
        Shown("names", "Which", "prose"),
    ]
    summary = show_table(list_standings(decision), columns)
    postures = list_postures(decision).merge(list_standings(decision)[["posture", "posture_name"]], on="posture")
    sure = list_confidence(decision.judgment)[["process", "confidence", "rival_name", "service"]]
    postures = postures.merge(sure, on="process")
    missing = {
        "criticality": "counts as 1",
        "process_readiness": "counts as 0",
        "own_capability": "counts as strong",
    }
    postures["missing"] = postures["cautious"].map(
        lambda text: "; ".join(f"{name} {missing[name]}".replace("_", " ") for name in text.split(", ") if name)
    )
    columns = [
        Shown("name", "Process"),
        Shown("posture_name", "Posture"),
        Shown("delivery_model", "Planned", "model"),
        Shown("commoditization", "Commoditization", "index"),
        Shown("core_competency", "Core fit", "index"),
        Shown("criticality", "Criticality", "index"),
        Shown("process_readiness", "Readiness", "index"),
        Shown("coverage", "Scored", "share"),
        Shown("confidence", "Held in", "share"),
        Shown("rival_name", "Otherwise"),
        Shown("service", "Service it needs"),
        Shown("missing", "Missing, so assumed"),
    ]
    return summary + fold_table(postures.sort_values(["posture", "name"]), columns, "Indices of each process")


def show_criteria(case: Case, policy: Policy | None = None, *, is_folded: bool = False) -> Block:
    """Show the criteria, folded if asked: index, weight in use within it, direction, anchors and source."""
    criteria = case.criteria
    criteria["share"] = settle_weights(case, policy).weights[criteria["criterion"]].to_numpy()
    criteria["index_name"] = criteria["index"].str.replace("_", " ")
    columns = [
        Shown("name", "Criterion"),
        Shown("index_name", "Index"),
        Shown("share", "Weight", "share"),
        Shown("direction", "Direction"),
        Shown("low_anchor", "Lowest score"),
        Shown("mid_anchor", "Middle"),
        Shown("high_anchor", "Highest score"),
        Shown("source", "Source"),
    ]
    ordered = criteria.sort_values(["index", "criterion"])
    if is_folded:
        return fold_table(
            ordered, columns, f"{say_count(len(ordered), 'criterion', 'criteria')} with anchors and sources"
        )
    return show_table(ordered, columns)


def say_seal(judgment: Judgment) -> str:
    """Say when criteria, weights and thresholds were sealed, whether costs were known, and what changed since."""
    state = check_seal(judgment.case, judgment.policy)
    if not state.is_intact:
        return "The file of seals was altered after it was written: it proves nothing."
    if not state.count:
        return "Criteria, weights, thresholds and hurdles were not sealed before costs were known."
    costs = state.cost_tables
    known = (
        f"when costs were there already ({say_list([name.replace('_', ' ') for name in costs])})"
        if costs
        else "before any cost table was there"
    )
    again = f", and again on {state.sealed_at[:10]}" if state.count > 1 else ""
    changed = (
        f"{say_count(len(state.changes), 'item has', 'items have')} changed since."
        if len(state.changes)
        else "Nothing of it has changed since."
    )
    sealed = f"Criteria, weights, thresholds and hurdles were sealed on {state.first_sealed_at[:10]}"
    return f"{sealed} {known}{again}. {changed}"


def show_seal(judgment: Judgment) -> Block:
    """Show the state of the seal and what differs from it."""
    said, changes = say_seal(judgment), check_seal(judgment.case, judgment.policy).changes
    columns = [Shown("item", "Item"), Shown("sealed", "As sealed"), Shown("now", "Now")]
    return show_table(changes, columns, caption=said, empty=said)


def show_scores(case: Case) -> Block:
    """Show every score with who gave it and what it rests on; missing ones are listed as such."""
    scores = case.scores.merge(case.processes[["process", "name"]], on="process")
    scores = scores.merge(case.criteria[["criterion", "name", "index"]], on="criterion", suffixes=("", "_criterion"))
    scores["given"] = [say_number(score) if score == score else "not scored" for score in scores["score"]]
    columns = [
        Shown("name", "Process"),
        Shown("name_criterion", "Criterion"),
        Shown("given", "Score"),
        Shown("assessor", "Assessor"),
        Shown("evidence", "Evidence"),
    ]
    ordered = scores.sort_values(["name", "index", "criterion", "assessor"])
    return show_table(ordered.head(20), columns, folded=ordered.iloc[20:], folded_title=f"All {len(ordered)} scores")
