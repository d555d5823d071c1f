"""The register of assumptions: what the saving leans on, who answers for it, and which wave waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.decide import list_filled, share_of
from sourcing.program.roadmap import EXPIRED, LATE, OPEN, REFUTED, find_first_wave, tell_state
from sourcing.uncertainty import move_alone
from sourcing.value import price_offers, shift_number

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.program.roadmap import Roadmap
    from sourcing.uncertainty import Study

STATED, BY_KIND, FILLED = "stated", "by kind", "filled"
TAKEN = "taken as is"
BLOCKING = (REFUTED, EXPIRED, LATE, OPEN)
SHIFT = 0.1
"""How far a figure that the case left empty is moved to see what leans on it (house rule)."""
NOTHING = 1.0
REGISTER_COLUMNS = [
    "kind", "assumption", "figure", "process", "option", "country", "party", "source", "owner", "status", "state",
    "leans", "share", "wave", "start", "clear_by", "checked", "expires", "blocks",
]  # fmt: skip


def list_register(roadmap: Roadmap, study: Study) -> pd.DataFrame:
    """List every assumption that the saving leans on, dearest first within what blocks and what does not.

    stated: rows of the table `assumptions`; by kind: uncertain figures by kind, quote and country (documented ranges or
    the table `ranges`); filled: amounts of the plan or of today that the case left empty, one row per column. leans: of
    a stated or uncertain figure, what the saving loses if it alone stands at the worse of the tenth and the ninetieth
    of a hundred of its draws (`uncertainty.move_alone`); of a filled one, what a tenth more or less of it takes off the
    saving, whichever is worse. share = leans / saving in cash and losses together.

    A stated assumption leans on the moves of the first wave in which a move's process, or today's, holds its figure.
    It blocks that wave while it is open, refuted, or expired by the day the wave starts, or is to be known only after
    it. What nobody stated blocks nothing: it is taken as documented until somebody takes it over.

    Returns
    -------
    DataFrame
        Columns REGISTER_COLUMNS; money is net present value in the unit's currency. wave is missing, and start NaT,
        where no move leans on it.
    """
    saving = study.saving["mean"].to_dict()["total"]
    rows = [*_list_stated(roadmap, study), *_list_by_kind(study), *_list_filled(roadmap)]
    table = pd.DataFrame(rows, columns=REGISTER_COLUMNS)
    table["leans"] = table["leans"].astype(float).clip(lower=0.0)
    table["share"] = table["leans"] / saving if saving > 0 else np.nan
    table = table.astype({"wave": "Int64", "blocks": bool})
    for name in ("start", "checked", "expires"):
        table[name] = pd.to_datetime(table[name])
    return table.sort_values(["blocks", "leans", "assumption"], ascending=[False, False, True], ignore_index=True)


def find_waiting(register: pd.DataFrame) -> pd.DataFrame:
    """Find the waves that wait for an assumption: wave, start, assumptions and owners (tuples), leans (sum)."""
    grouped = register[register["blocks"]].groupby("wave")
    table = pd.DataFrame(
        {
            "start": grouped["start"].min(),
            "assumptions": grouped["assumption"].agg(tuple),
            "owners": grouped["owner"].agg(lambda owners: tuple(dict.fromkeys(owner for owner in owners if owner))),
            "leans": grouped["leans"].sum(),
        }
    )
    return table.rename_axis("wave").reset_index()


def _find_worst(study: Study) -> dict[str, float]:
    """Find for each uncertain figure what the saving loses where it alone stands worst."""
    lost = -move_alone(study.futures).min(axis=1)
    return {str(name): float(amount) for name, amount in lost.items() if amount > NOTHING}


def _list_stated(roadmap: Roadmap, study: Study) -> list[dict[str, object]]:
    decision, worst = roadmap.decision, _find_worst(study)
    starts = roadmap.waves.set_index("wave")["start"]
    today = decision.as_is.choices.set_index("process")["option"]
    rows = []
    for row in decision.case.assumptions.to_dict("records"):
        wave = find_first_wave(roadmap.decision.offers, roadmap.moves, today, row)
        start = starts.get(wave, pd.NaT)
        state = tell_state(row, wave, start, starts)
        leans = worst.get(row["assumption"], 0.0) if row["party"] == "buyer" else 0.0
        kept = ("assumption", "figure", "process", "option", "country", "party", "source", "owner", "status",
                "clear_by", "checked", "expires")  # fmt: skip
        rows.append({name: row[name] for name in kept} | {"kind": STATED, "state": state, "leans": leans, "wave": wave,
                    "start": start, "blocks": wave is not None and state in BLOCKING})  # fmt: skip
    return rows


def _list_by_kind(study: Study) -> list[dict[str, object]]:
    decision, worst = study.decision, _find_worst(study)
    stated = set(decision.case.assumptions["assumption"])
    own = decision.case.ranges
    owned = set(own.loc[own["party"] == "buyer", "figure"])
    about = decision.figures
    return [
        {"kind": BY_KIND, "assumption": name, "figure": name, "process": "", "option": "", "party": "buyer",
         "country": about.at[name, "country"] if isinstance(about.at[name, "country"], str) else "",
         "source": about.at[name, "source"], "owner": "", "status": OPEN if name in owned else TAKEN, "state": TAKEN,
         "leans": leans, "wave": None, "start": pd.NaT, "clear_by": "", "checked": pd.NaT, "expires": pd.NaT,
         "blocks": False}
        for name, leans in worst.items() if name not in stated
    ]  # fmt: skip


def _list_filled(roadmap: Roadmap) -> list[dict[str, object]]:
    """List the columns in which the plan or today rests on figures that the case left empty."""
    decision = roadmap.decision
    filled = list_filled(decision)
    filled = filled[filled["source"] != "the case"]
    offers, weights = _list_used(decision)
    base = _sum_saving(offers, weights, decision)
    rows = []
    for column, cells in filled.groupby("column"):
        if column not in offers or not pd.api.types.is_numeric_dtype(offers[column]):
            continue
        mask = _find_cells(offers, cells)
        if not mask.any():
            continue
        saved = [
            _sum_saving(_shift(offers, decision, str(column), mask, factor), weights, decision)
            for factor in (1 - SHIFT, 1 + SHIFT)
        ]
        source = "; ".join(dict.fromkeys(cells["source"]))
        rows.append({"kind": FILLED, "assumption": column, "figure": column, "process": "", "option": "", "country": "",
                     "party": "buyer", "source": source, "owner": "", "status": TAKEN, "state": TAKEN,
                     "leans": base - min(saved), "wave": None, "start": pd.NaT, "clear_by": "", "checked": pd.NaT,
                     "expires": pd.NaT, "blocks": False})  # fmt: skip
    return [row for row in rows if float(row["leans"]) > NOTHING]


def _list_used(decision: Decision) -> tuple[pd.DataFrame, np.ndarray]:
    """Give the offers of the plan and of today, and how much each counts in the saving: today's share less planned."""
    offers = decision.offers
    planned, today = (share_of(decision, plan) for plan in (decision.plan, decision.as_is))
    used = (planned > 0) | (today > 0) | offers["is_as_is"].to_numpy(bool)
    return offers[used].reset_index(drop=True), (today - planned)[used]


def _find_cells(offers: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
    """Find the offers whose cell was filled: of the process and option, or of every option where one is empty."""
    pairs = set(zip(cells["process"].fillna(""), cells["option"].fillna(""), strict=True))
    keys = zip(offers["process"], offers["option"], strict=True)
    return pd.Series([bool({(p, o), (p, ""), ("", "")} & pairs) for p, o in keys], offers.index)


def _shift(offers: pd.DataFrame, decision: Decision, column: str, mask: pd.Series, factor: float) -> pd.DataFrame:
    number = offers[column].astype(float)
    return shift_number(offers, decision.case, column, number.where(~mask, number * factor))


def _sum_saving(offers: pd.DataFrame, weights: np.ndarray, decision: Decision) -> float:
    priced = price_offers(offers, decision.case, decision.policy, decision.outlook)
    return float((priced["cash_cost"] + priced["expected_loss"]).to_numpy(float) @ weights)
