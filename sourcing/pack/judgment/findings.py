"""What the charts of judgment find, in a sentence each: their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.wording import say_count, say_share

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.case import Policy


def find_unsettled(spread: pd.DataFrame, policy: Policy) -> str:
    """Say how many postures few draws keep, and which the fewest."""
    unsettled = spread[spread["confidence"] < policy.confidence_floor]
    floor = f"fewer than {say_share(policy.confidence_floor)} of the draws"
    if unsettled.empty:
        return f"No posture is held in {floor}"
    least = unsettled.loc[unsettled["confidence"].idxmin(), "process_name"]
    told = say_count(len(unsettled), "posture is", "postures are")
    return f"{told} held in {floor}, that of {least} in the fewest"


def find_most_open(shares: pd.DataFrame) -> str:
    """Say whose likeliest posture is the least likely."""
    if shares.empty:
        return "Every posture is held in every draw"
    likeliest = shares.groupby("process_name", sort=False)["share"].max()
    return f"Most open: {likeliest.idxmin()}, whose likeliest posture holds in {say_share(likeliest.min())} of draws"


def find_dispute(weights: pd.DataFrame) -> str:
    """Say of which criterion the assessors' weights lie furthest apart; where they do not, which weighs most."""
    if weights.empty:
        return "No criterion is weighed"
    apart = weights["highest"] - weights["lowest"]
    if apart.max() > 0:
        row = weights.loc[apart.idxmax()]
        return f"Assessors differ most on {row['name']}: {say_share(row['lowest'])} to {say_share(row['highest'])}"
    row = weights.loc[weights["weight"].idxmax()]
    index = row["index"].replace("_", " ")
    return f"No weight is in dispute; the heaviest is {row['name']}, {say_share(row['weight'])} of {index}"


def find_unready(situation: pd.DataFrame, policy: Policy) -> str:
    """Say how many answers of the situational assessment lie below the gate."""
    if situation.empty:
        return "No question of the assessment is answered"
    below = situation[situation["point"] < policy.readiness_gate]
    asked = f"{len(situation)} answers"
    if below.empty:
        return f"None of the {asked} lies below the gate"
    lowest = below.loc[below["point"].idxmin(), "name"]
    return f"{len(below)} of {asked} {'lies' if len(below) == 1 else 'lie'} below the gate, the lowest: {lowest}"


def find_widest_gap(proposed: pd.DataFrame) -> str:
    """Say where opinion and published figures are furthest apart."""
    if proposed.empty:
        return "No published figure proposes another score"
    row = proposed.loc[(proposed["point"] - proposed["proposed_point"]).abs().idxmax()]
    return f"Furthest apart: {row['label']}, scored {row['point']:.2f} where figures say {row['proposed_point']:.2f}"
