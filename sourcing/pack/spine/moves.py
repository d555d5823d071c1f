"""What moves: one row a move, from where to where, what it saves, how close the next best is, when it is live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.pack.answers import list_flips
from sourcing.pack.block import Shown, find_span, lay_range, say_block, say_span, scale_money, show_table
from sourcing.pack.decision import list_decisions
from sourcing.pack.parts import Parts, head_block, join_parts
from sourcing.pack.spine.recommendation import find_leaving
from sourcing.pack.wording import NOTHING, name_places, say_count, say_day, say_list, say_money, say_number
from sourcing.plan import sum_measure
from sourcing.program import date_months
from sourcing.uncertainty import range_moves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.decide import Decision
    from sourcing.uncertainty import Study

SHOWN, NAMED = 30, 6
FIRM = {"firm": ("firm", "good"), "open": ("open", "warn"), "toss": ("toss-up", "bad")}
COLUMNS = [
    "process", "process_name", "way", "delivery_model", "people", "saving", "low", "high", "lower", "upper", "verdict",
    "go_live", "leaves", "share",
]  # fmt: skip


def list_spine_moves(decision: Decision, study: Study) -> pd.DataFrame:
    """List the moves, those that change owner or site first, within each the largest saving first.

    Returns
    -------
    DataFrame
        Columns process, process_name, way (from whom where to whom where), delivery_model, people (whose work changes),
        saving, low, high (in cash against today, currency, present value; tenth and ninetieth of a hundred), lower and
        upper (proven ends of what the next best option costs more, NaN where there is none), verdict (firm, open, toss:
        over the futures), go_live (a day), leaves (whether owner or site changes), share.
    """
    rows = list_decisions(decision)
    rows = rows[rows["moves"].astype(bool)].reset_index(drop=True)
    case, unit = decision.case, decision.case.unit
    leaves = find_leaving(rows) if len(rows) else pd.Series(dtype=bool)
    rows["from_country"] = rows["process"].map(decision.as_is.choices.set_index("process")["country"])
    places = name_places(case)
    ways = [
        _say_way(row, gone, str(unit["home_country"]), places)
        for row, gone in zip(rows.to_dict("records"), leaves, strict=True)
    ]
    ranges = range_moves(study.futures)
    flips = list_flips(decision)
    rivals = flips[flips["runner_up"].astype(bool)].set_index("process")
    verdicts = study.decisions.set_index("process")["verdict"]
    is_whole = ~rows["process"].duplicated(keep=False)
    table = rows.assign(
        way=ways,
        people=rows["changed_fte"],
        low=rows["process"].map(ranges["low"]).where(is_whole),
        high=rows["process"].map(ranges["high"]).where(is_whole),
        lower=rows["process"].map(rivals["lower"]),
        upper=rows["process"].map(rivals["upper"]),
        verdict=rows["process"].map(verdicts),
        go_live=[say_day(date_months(unit, months)) for months in rows["go_live_months"]],
        leaves=leaves,
    )
    return table.sort_values(["leaves", "saving", "process"], ascending=[False, False, True], ignore_index=True)[
        COLUMNS
    ]


def _say_way(row: dict[str, Any], leaves: bool, home: str, places: Mapping[str, str]) -> str:
    """Say from whom to whom a process goes: at home where no country is named, from own staff where nobody is.

    Examples
    --------
    >>> row = {"from_owner": "own", "owner": "DeskCo", "from_country": "USA", "country": "IND", "location": "x"}
    >>> _say_way(row, True, "USA", {"IND": "India"}), _say_way({**row, "owner": "own"}, False, "IND", {})
    ('→ DeskCo, India', 'in place')
    >>> _say_way({**row, "from_owner": "PayCo", "owner": "own", "country": "USA"}, True, "USA", {})
    'PayCo → own staff, x'
    """
    if not leaves:
        return "in place" if row["owner"] == row["from_owner"] else f"stays with {row['owner']}"
    old, new = ("own staff" if row[name] == "own" else row[name] for name in ("from_owner", "owner"))
    places = {**places, home: ""}
    is_site = row["country"] == row["from_country"] and row["owner"] in (row["from_owner"], "own")
    ends = (row["from_country"], row["location"] if is_site else row["country"])
    was, where = (f", {named}" if (named := places.get(end, end)) else "" for end in ends)
    before = "" if row["from_owner"] == "own" and not was else f"{old}{was} "
    return f"{before}→ {new}{where}"


def show_what_moves(decision: Decision, study: Study) -> Parts:
    """Show each move on one row, the smallest of many on one together, and on one line all that stays."""
    moves, currency = list_spine_moves(decision, study), decision.case.unit["currency"]
    head = head_block("What moves?")
    staying = _say_staying(decision)
    if moves.empty:
        return join_parts(head, say_block("Nothing moves.", staying))
    shown, rest = moves.head(SHOWN), moves.iloc[SHOWN:]
    columns = [
        Shown("process_name", "Process"),
        Shown("way", "From → to"),
        Shown("people", "People", "number"),
        Shown("range", "Saves in cash", "range"),
        Shown("closeness", "Next best costs more", "short"),
        Shown("firm", "Over futures", "badge"),
        Shown("go_live", "Live from", "short"),
    ]
    divisor, unit = scale_money(shown, [Shown("saving", "", "money")], currency)
    span = find_span(shown["low"], shown["saving"], shown["high"])
    table = shown.assign(
        range=[lay_range(row["saving"], row["low"], row["high"], span, divisor) for row in shown.to_dict("records")],
        closeness=[
            say_span(low, high, divisor) if high == high else "no other choice"
            for low, high in zip(shown["lower"], shown["upper"], strict=True)
        ],
        firm=[{"text": FIRM[each][0], "tone": FIRM[each][1]} if each in FIRM else {} for each in shown["verdict"]],
        people=shown["people"].round(1),
    )
    caption = (
        f"Amounts in {unit}, present value; the bar spans eight of ten futures, its mark is the mean, the line zero. "
        "Firm: the same choice is best in nine of ten futures, scores as they stand. From own staff, and at home, "
        "where nothing else is said."
    )
    more = []
    if len(rest):
        total = say_money(rest["saving"].sum(), currency)
        count = say_count(len(rest), "smaller move saves", "smaller moves together save")
        more = [f"{count} {total}; each has its card below."]
    return join_parts(
        head,
        show_table(table, columns, currency, caption=caption, is_stacked=True),
        say_block(*more, *_say_shared(decision, moves), staying),
    )


def _say_shared(decision: Decision, moves: pd.DataFrame) -> list[str]:
    """Say what is saved on money that belongs to no move, so that the rows and it give the saving of page one."""
    total = sum_measure(decision.as_is, "cash_cost") - sum_measure(decision.plan, "cash_cost")
    beside, currency = total - float(moves["saving"].sum()), decision.case.unit["currency"]
    if abs(beside) < NOTHING:
        return []
    turn = "less" if beside > 0 else "more"
    return [
        f"Costs that processes share, and work that stays, take {say_money(abs(beside), currency)} {turn} than today: "
        f"all together {say_money(total, currency)} saved."
    ]


def _say_staying(decision: Decision) -> str:
    rows = list_decisions(decision)
    stay = rows[~rows["moves"].astype(bool)].sort_values("process_name")
    if stay.empty:
        return "Nothing stays as it is."
    people = float((stay["from_fte"] * stay["share"]).sum())
    count = say_count(stay["process"].nunique(), "process stays", "processes stay")
    return (
        f"{count} as today, with {say_number(round(people))} people: {say_list(stay['process_name'].unique(), NAMED)}."
    )
