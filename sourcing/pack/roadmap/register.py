"""The register of assumptions in words and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.pack.block import Block, Shown, answer_block, show_table
from sourcing.pack.uncertainty import name_figures
from sourcing.pack.wording import name_processes, say_count, say_day, say_list, say_money, say_share
from sourcing.program import FILLED, find_waiting

if TYPE_CHECKING:
    from sourcing.decide import Decision

SHOWN, NAMED = 10, 3
TONES = {"cleared": "good", "open": "warn", "refuted": "bad", "expired": "bad", "clears too late": "warn",
         "taken as is": "plain"}  # fmt: skip
KINDS = {"stated": "stated by the unit", "by kind": "range by kind", "filled": "left empty by the case"}


def name_assumptions(register: pd.DataFrame, decision: Decision) -> list[str]:
    """Name each assumption of a register as a reader would call it."""
    figures = name_figures(decision)
    return [
        row["assumption"].replace("_", " ")
        if row["kind"] == FILLED
        else figures.get(row["assumption"], row["assumption"])
        for row in register.to_dict("records")
    ]


def say_register(register: pd.DataFrame, decision: Decision) -> list[str]:
    """Say which waves wait for what to be known, and on what most of the saving leans."""
    currency, waiting = decision.case.unit["currency"], find_waiting(register)
    said = [
        f"Wave {row['wave']}, which starts on {say_day(row['start'])}, waits for {say_list(row['assumptions'], NAMED)} "
        "to be cleared" + (f" ({say_list(row['owners'], NAMED)})." if row["owners"] else ".")
        for row in waiting.to_dict("records")
    ]
    if not said:
        said = ["No wave waits for an assumption."]
        if decision.case.assumptions.empty:
            said = [
                "The unit states no assumption of its own (table assumptions), so that nobody has to clear one; below "
                "is what the saving leans on, taken as documented."
            ]
    first = register.sort_values(["leans", "assumption"], ascending=[False, True]).head(NAMED)
    first = first[first["leans"] > 0]
    if len(first):
        named = zip(name_assumptions(first, decision), first["leans"], strict=True)
        listed = say_list([f"{name} ({say_money(leans, currency)})" for name, leans in named])
        said.append(f"The saving leans most on: {listed}.")
    return said


def say_leaning(register: pd.DataFrame, decision: Decision) -> str:
    """Name the assumption that the saving leans on most, what its worse end takes off, and who answers for it."""
    first = register.sort_values(["leans", "assumption"], ascending=[False, True]).head(1)
    if not (first["leans"] > 0).any():
        return "The saving leans on no assumption."
    row = first.iloc[0]
    part = f", {say_share(row['share'])} of it" if pd.notna(row["share"]) else ""
    is_filled = row["kind"] == FILLED
    worse = "a tenth of it, the wrong way," if is_filled else "its worse end, which one outcome in ten exceeds,"
    return (
        f"Weakest assumption: {name_assumptions(first, decision)[0]}; {worse} takes "
        f"{say_money(row['leans'], decision.case.unit['currency'])} off the saving{part}. "
        + (f"{row['owner']} answers for it." if row["owner"] else "Nobody answers for it yet.")
    )


def show_register(register: pd.DataFrame, decision: Decision) -> Block:
    """Show what the saving leans on, who answers for it and which wave waits for it.

    Parameters
    ----------
    register : DataFrame
        From `program.list_register`.
    decision : Decision
    """
    processes = name_processes(decision.case)
    table = register.assign(
        title=name_assumptions(register, decision),
        badge=[{"text": state, "tone": TONES[state]} for state in register["state"]],
        of=[processes.get(name, name) for name in register["process"]],
        rests=[KINDS[kind] for kind in register["kind"]],
        until=[say_day(day) for day in register["expires"]],
        wave=register["wave"].astype(object).where(register["wave"].notna(), None),
    )
    columns = [
        Shown("title", "Assumption", "prose"),
        Shown("badge", "", "badge"),
        Shown("leans", "Saving that leans on it", "money"),
        Shown("share", "Part of the saving", "share"),
        Shown("wave", "First wave", "number"),
        Shown("blocks", "Blocks it", "flag"),
        Shown("owner", "Owner"),
        Shown("clear_by", "Known by"),
        Shown("until", "Holds until"),
        Shown("rests", "Kind"),
        Shown("source", "Source", "prose"),
    ]
    idle = {name for name in ("owner", "clear_by", "until") if (table[name] == "").all()}
    idle |= {name for name in ("wave",) if register[name].isna().all()}
    idle |= {"blocks"} if not register["blocks"].any() else set()
    rest = table.iloc[SHOWN:]
    caption = (
        "Of an uncertain figure: what the saving loses if it alone stands at its worse end, which one outcome in ten "
        "exceeds. Of an amount that the case left empty: what a tenth more or less of it takes off the saving."
    )
    return answer_block(*say_register(register, decision)) + show_table(
        table.head(SHOWN), [column for column in columns if column.name not in idle], decision.case.unit["currency"],
        caption=caption, empty="The saving leans on no assumption.", folded=rest,
        folded_title=say_count(len(rest), "further assumption"), is_stacked=True,
    )  # fmt: skip
