"""The scenarios of a unit in a pack: cards side by side with the plan, and what each moves; the table of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.case import LEVERS, NUMBERS, read_amount, read_lever
from sourcing.decide import (
    BASE,
    INFEASIBLE,
    OUT_OF_TIME,
    compare_scenarios,
    list_scenario_moves,
    solve_scenarios,
)
from sourcing.errors import InfeasiblePlanError
from sourcing.pack.answers import join_lists
from sourcing.pack.block import Block, Shown, render_block, say_unit, scale_money, show_cells
from sourcing.pack.wording import (
    MODEL_NAMES,
    call_bans,
    capitalize,
    name_options,
    name_processes,
    say_amount,
    say_clashes,
    say_count,
    say_list,
    say_money,
    say_number,
    say_rules,
    say_share,
    say_value,
)

if TYPE_CHECKING:
    from sourcing.case import Case
    from sourcing.decide import Decision, Scenario

PLAN = "This plan"
NOUNS = {
    "quote": "Prices",
    "wage": "Pay",
    "transition cost": "What a move costs",
    "risk probability": "Serious failures a year",
}
"""Number that a scenario changes -> what it is called."""
ANY, ABROAD, AT_HOME = "any process", "work abroad", "work at home"
WHY_NONE = {INFEASIBLE: "No plan keeps every rule.", OUT_OF_TIME: "No plan was found in the time given."}
TABLE = (
    "scenario", "status", "changes", "reason", "owner", "as_is_cash_cost", "cash_cost", "saving", "saving_share",
    "one_off_cost", "expected_loss", "fit_points", "moved_fte", "moves", "breaks", "conflicts", "cash_change",
    "loss_change", "one_off_change", "differs", "decided",
)  # fmt: skip
KEPT = ("scenario", "status", "saving", "saving_share", "cash_change", "differs")
"""What the summary of a run keeps of each scenario."""
MOVES = (
    Shown("process_name", "Process"),
    Shown("today", "Today"),
    Shown("planned", "In the plan"),
    Shown("then", "In the scenario"),
    Shown("wave", "Wave"),
    Shown("cash_cost", "Cash cost", "money"),
    Shown("why", "Why otherwise", "prose"),
)


def list_scenario_rows(decision: Decision) -> pd.DataFrame:
    """List the plan and each scenario beside it, as a run keeps them.

    Returns
    -------
    DataFrame
        From `compare_scenarios`, columns TABLE: the plan is called so; changes in words; breaks, and conflicts (each
        set joined by " with "), joined by "; "; decided: what is decided otherwise, as `process: option`.
    """
    compared = compare_scenarios(decision)
    if compared.empty:
        return compared.reindex(columns=list(TABLE))
    moves = list_scenario_moves(decision)
    moves = moves[moves["differs"].astype(bool)]
    decided = (moves["process"] + ": " + moves["option"]).groupby(moves["scenario"]).agg("; ".join)
    changes = {each.name: " ".join(say_changes(each.rows, decision)) for each in solve_scenarios(decision)}
    rows = compared.assign(
        changes=compared["scenario"].map(changes).fillna(""),
        conflicts=[tuple(" with ".join(names) for names in sets) for sets in compared["conflicts"]],
        decided=compared["scenario"].map(decided).fillna(""),
        scenario=compared["scenario"].mask(compared["status"] == BASE, PLAN),
    )
    return join_lists(rows[list(TABLE)])


def collect_scenarios(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Collect what the summary of a run keeps of each scenario; rows from `list_scenario_rows`."""
    asked = rows[rows["status"] != BASE]
    return asked[list(KEPT)].astype(object).where(asked[list(KEPT)].notna(), None).to_dict("records")


def say_changes(rows: pd.DataFrame, decision: Decision) -> list[str]:
    """Say what a scenario changes, a sentence each; `rows` are its rows of the table scenarios."""
    return [f"{_say_change(row, decision)}." for row in rows.to_dict("records")]


def _say_change(row: dict[str, Any], decision: Decision) -> str:
    change, name = row["change"], row["name"]
    if change == "lever":
        now = getattr(decision.policy, name) if hasattr(decision.policy, name) else getattr(decision.outlook, name)
        then, about = read_lever(name, row["value"]), LEVERS[name].metadata
        unit = f" ({about['unit']})" if isinstance(then, float) else ""
        meaning = about["meaning"].partition(";")[0]
        return f"The lever {name}, {meaning}, is {say_value(then)}{unit} in place of {say_value(now)}"
    if change == "rule":
        return _say_limit(row, decision.case)
    if change == "lift":
        return f"'{call_bans(name)}' is lifted"
    process, *scope = _call_scope(row, decision)
    if change in NUMBERS:
        scope = [process.removeprefix(ANY), *scope]
        return f"{NOUNS[change]} of {', '.join(filter(None, scope)) or 'all options'}: {_say_number(row, decision)}"
    if change == "lock":
        return f"{process.removeprefix(ANY) or 'Everything'} is delivered only so: {', '.join(filter(None, scope))}"
    option, owner, model, place = scope
    target = f" to {said}" if (said := ", ".join(filter(None, (option, owner, model)))) else ""
    where = {"": "", ABROAD: " abroad", AT_HOME: " within the country"}[place]
    subject = f"{process} does not move" if process != ANY else "Nothing more moves"
    return f"{subject}{target}{where}"


def _say_limit(row: dict[str, Any], case: Case) -> str:
    rule = case.rules[case.rules["rule"] == row["name"]].iloc[0]
    now = float(rule["limit"])
    then = read_amount(row["value"]) if row["value"] else now * float(row["times"])
    before, after = (say_amount(limit, rule["measure"], rule["relative_to"], case) for limit in (now, then))
    return f"The limit of '{row['name']}' is {after} in place of {before}"


def _say_number(row: dict[str, Any], decision: Decision) -> str:
    if not row["value"]:
        times = float(row["times"])
        return "unchanged" if times == 1 else f"{say_share(abs(times - 1))} {'more' if times > 1 else 'less'}"
    amount = read_amount(row["value"])
    if row["change"] == "risk probability":
        return say_number(amount)
    return say_money(amount, decision.case.unit["currency"])


def _call_scope(row: dict[str, Any], decision: Decision) -> list[str]:
    """Call what a row speaks of: process (ANY where none), option, owner, delivery model and place, "" where any."""
    process, option, owner, model = (row[name] for name in ("process", "option", "delivered_by", "delivery_model"))
    named = name_options(decision.alternatives).get((process, option), option)
    return [
        str(name_processes(decision.case)[process]) if process else ANY,
        f"option {named}" if option else "",
        "own staff" if owner == "own" else str(owner),
        f"{MODEL_NAMES[model]} work" if model else "",
        (ABROAD if row["is_abroad"] else AT_HOME) if row["is_abroad"] in (True, False) else "",
    ]


def show_scenario_cards(decision: Decision) -> Block:
    """Show the scenarios beside the plan, a card each, and what the picked one moves; nothing where there is none.

    A reader picks a scenario by its radio button, which the page's own script adds; without it, and in print, what each
    scenario moves stands below the cards, one after the other.
    """
    solved = solve_scenarios(decision)
    if not solved:
        return Block("", "")
    compared = compare_scenarios(decision).set_index("scenario")
    moves = _name_moves(list_scenario_moves(decision), decision)
    cards = [_make_card(compared.loc[each.name].to_dict(), each, decision) for each in solved]
    plan = {"name": PLAN, "changes": [], "figures": _list_figures(compared.loc[""].to_dict(), decision), "none": []}
    words = "\n".join(_say_words(card) for card in [plan, *cards])
    parts = [_make_part(moves[moves["scenario"] == each.name], each, decision) for each in solved]
    return render_block("scenarios.html.j2", words, plan=plan, cards=cards, parts=parts)


def _make_card(row: dict[str, Any], scenario: Scenario, decision: Decision) -> dict[str, Any]:
    has_plan = scenario.plan is not None
    return {
        "name": scenario.name,
        "changes": [*say_changes(scenario.rows, decision), *[text for text in (row["reason"],) if text]],
        "figures": _list_figures(row, decision) if has_plan else [],
        "none": [] if has_plan else _say_none(scenario),
    }


def _say_none(scenario: Scenario) -> list[str]:
    """Say why a scenario has no plan."""
    if isinstance(scenario.error, InfeasiblePlanError):
        clashes = [f"{capitalize(clash)}." for clash in say_clashes(scenario.error)]
        return [WHY_NONE[INFEASIBLE], *clashes]
    if scenario.status == OUT_OF_TIME:
        return [WHY_NONE[OUT_OF_TIME]]
    return ["What it changes leaves no sound case.", str(scenario.error)]


def _list_figures(row: dict[str, Any], decision: Decision) -> list[tuple[str, str]]:
    """List what a card tells: label and value."""
    currency = decision.case.unit["currency"]
    figures = [("Cash saved", f"{say_money(row['saving'], currency)} ({say_share(row['saving_share'])})")]
    if row["status"] != BASE:
        figures.append(("Cash against the plan", _say_against(row["cash_change"], currency)))
    figures += [
        ("One-off spending", say_money(row["one_off_cost"], currency)),
        ("Expected loss", say_money(row["expected_loss"], currency)),
        ("People whose work moves", say_number(round(row["moved_fte"]))),
        ("Points of strategic fit", say_number(round(row["fit_points"], 1))),
        ("Moves", say_number(row["moves"])),
    ]
    if row["status"] != BASE:
        figures.append(("Decided otherwise", say_count(row["differs"], "process", "processes")))
        broken = row["breaks"]
        figures.append(("Not kept of today's rules", say_rules(broken, decision.case, 3) if broken else "none"))
    return figures


def _say_against(change: float, currency: str) -> str:
    if round(change) == 0:
        return "the same"
    return f"{say_money(abs(change), currency)} {'dearer' if change > 0 else 'cheaper'}"


def _name_moves(moves: pd.DataFrame, decision: Decision) -> pd.DataFrame:
    """Name processes and options of `list_scenario_moves`, those decided otherwise first."""
    processes, options = name_processes(decision.case), name_options(decision.alternatives)
    named = moves.assign(process_name=moves["process"].map(processes))
    for column, shown in (("from_option", "today"), ("planned_option", "planned"), ("option", "then")):
        named[shown] = [
            " + ".join(options.get((process, each), each) for each in joined.split(" + "))
            for process, joined in zip(moves["process"], moves[column], strict=True)
        ]
    return named.sort_values(["differs", "process_name"], ascending=[False, True], kind="stable")


def _make_part(moves: pd.DataFrame, scenario: Scenario, decision: Decision) -> dict[str, Any]:
    """Make what one scenario moves: the rows decided otherwise, and those as in the plan."""
    idle = {"wave"} if (moves["wave"] == "").all() else set()
    columns = [column for column in MOVES if column.name not in idle]
    alike = [column for column in columns if column.name not in ("planned", "why")]
    divisor, unit = scale_money(moves, columns, decision.case.unit["currency"])
    differs = moves["differs"].astype(bool)
    other, same = moves[differs], moves[~differs]
    said = f"{say_count(len(other), 'process is', 'processes are')} decided otherwise than in the plan."
    return {
        "name": scenario.name,
        "said": "It has no plan; its card says why." if scenario.plan is None else said,
        "columns": columns,
        "rows": show_cells(other, columns, divisor),
        "caption": say_unit(columns, unit),
        "alike": alike,
        "same": show_cells(same, alike, divisor),
        "same_title": f"{say_count(len(same), 'process moves', 'processes move')} as in the plan",
    }


def _say_words(card: dict[str, Any]) -> str:
    told = [*card["changes"], *card["none"], say_list([f"{name} {value}" for name, value in card["figures"]], 20)]
    return f"{card['name']}: {' '.join(each for each in told if each != 'none')}"
