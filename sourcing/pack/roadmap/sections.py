"""Sections of the road map: what moves when, what it asks for, what it brings, who has to agree, what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.pack.block import Block, Shown, answer_block, fold_table, say_block, say_nothing, show_table
from sourcing.pack.roadmap import charts
from sourcing.pack.roadmap.layout import lay_dark, lay_flows, lay_moves
from sourcing.pack.roadmap.register import say_leaning
from sourcing.pack.roadmap.words import (
    KINDS,
    NO_MOVES,
    ORDER_NAMES,
    SUBJECTS,
    say_drift,
    say_entry,
    say_orders,
    say_program,
    say_states,
    say_workforce,
)
from sourcing.pack.wording import (
    call_places,
    capitalize,
    name_processes,
    say_count,
    say_day,
    say_list,
    say_money,
)
from sourcing.program import find_day, find_drift, list_agenda, list_promises_kept, list_redundancies

if TYPE_CHECKING:
    from sourcing.program import Roadmap

SHOWN_PLACES, SHOWN_NEXT = 9, 12
OTHER_PLACES = "all other places"
TONES = {"signed": "good", "open": "warn", "refused": "bad", "signed too late": "warn", "not asked": "warn"}
STATES = {"kept": "good", "late": "warn", "missed": "bad", "left": "bad", "ahead": "plain"}
GENTLE_MONTHS = 3


def draw_gantt(roadmap: Roadmap) -> Any:
    """Draw when each move starts, goes live and is steady."""
    if roadmap.moves.empty:
        return say_nothing(NO_MOVES)
    moves = roadmap.moves
    count, waves = moves["process"].nunique(), moves["wave"].nunique()
    finding = (
        f"{say_count(count, 'move')} in {say_count(waves, 'wave')}, the last live by {moves['go_live'].max():%B %Y}"
    )
    first, last = moves["start"].min(), moves["steady"].max()
    until = last + (last - first) * 0.5 + pd.DateOffset(months=GENTLE_MONTHS)
    return charts.gantt(lay_moves(roadmap), lay_dark(roadmap), finding, f"{until:%Y-%m-%d}")


def draw_load(roadmap: Roadmap) -> Any:
    """Draw the hours of own experts that knowledge transfer asks for by quarter, against those there are."""
    load = roadmap.load[roadmap.load["knowledge_transfer_hours"] > 0]
    if load.empty:
        return say_nothing("No move asks for hours of own experts, so that there is no load to draw.")
    over = load["is_over"].astype(bool)
    finding = (
        f"Knowledge transfer asks for more hours than there are in {say_list(load.loc[over, 'name'])}"
        if over.any()
        else "Knowledge transfer stays within the hours there are"
        if load["capacity_hours"].notna().all()
        else f"Knowledge transfer asks for {load['knowledge_transfer_hours'].max():,.0f} hours in its heaviest quarter"
    )
    table = pd.DataFrame(
        {
            "name": load["name"],
            "hours": load["knowledge_transfer_hours"],
            "capacity": load["capacity_hours"],
            "running": load["running"],
            "state": over.map({True: "over", False: "within"}),
            "note": over.map({True: "over", False: ""}),
        }
    )
    return charts.load_by_quarter(table, finding)


def draw_cash_curve(roadmap: Roadmap) -> Any:
    """Draw what the plan has saved so far, with its range, the peak of cash and break-even."""
    curve, currency = roadmap.curve, roadmap.decision.case.unit["currency"]
    if roadmap.moves.empty:
        return say_nothing(NO_MOVES)
    table = curve.quarters.assign(day=curve.quarters["last_day"].dt.strftime("%Y-%m-%d"))
    points = []
    if pd.notna(curve.peak):
        label = f"at most {say_money(curve.peak_cash, currency)} out"
        points.append({"day": curve.peak, "amount": -curve.peak_cash, "label": label, "kind": "peak"})
    if pd.notna(curve.break_even) and curve.break_even_years > 0:
        label = f"earned back {curve.break_even:%b %Y}"
        points.append({"day": curve.break_even, "amount": 0.0, "label": label, "kind": "break-even"})
    shown = pd.DataFrame(points, columns=["day", "amount", "label", "kind"])
    middle = curve.quarters["last_day"].quantile(0.5)
    days = pd.to_datetime(shown["day"])
    shown = shown.assign(day=days.dt.strftime("%Y-%m-%d"), is_late=days > middle)
    back = (
        "never earns its money back within the horizon"
        if pd.isna(curve.break_even)
        else "is ahead from the start"
        if curve.break_even_years == 0
        else f"has its money back by {curve.break_even:%B %Y}"
    )
    wanted = table[["day", "cumulative", "low", "high", "one_off"]]
    return charts.cash_curve(wanted, shown, f"The plan {back}", currency)


def draw_one_off(roadmap: Roadmap) -> Any:
    """Draw one-off spending by quarter."""
    spent = roadmap.curve.quarters[["name", "one_off"]]
    if not (spent["one_off"].abs() > 0).any():
        return say_nothing("The plan spends nothing once.")
    most, currency = spent.loc[spent["one_off"].idxmax()], roadmap.decision.case.unit["currency"]
    finding = f"One-off spending is highest in the quarter from {most['name']}: {say_money(most['one_off'], currency)}"
    last = int((spent["one_off"].abs() > 0).to_numpy().nonzero()[0].max()) + 1
    return charts.one_off_by_quarter(spent.head(max(last, 4)), finding, currency)


def draw_people(roadmap: Roadmap) -> Any:
    """Draw the people at work by owner and site over time, places beyond the largest ones together."""
    places = roadmap.places
    sites = call_places(places["location"], roadmap.decision.case)
    owner = places["owner"].where(places["owner"] != "own", "own staff")
    table = places.assign(place=owner + ", " + sites, fte=places["fte"] + places["parallel_fte"])
    sizes = table.groupby("place")["fte"].max().sort_values(ascending=False, kind="stable")
    if len(sizes) > SHOWN_PLACES + 1:
        table["place"] = table["place"].where(table["place"].isin(sizes.index[:SHOWN_PLACES]), OTHER_PLACES)
    table = table.groupby(["quarter", "name", "place"], as_index=False)["fte"].sum()
    order = {name: place for place, name in enumerate([*sizes.index[:SHOWN_PLACES], *sizes.index, OTHER_PLACES])}
    table["order"] = table["place"].map(dict(reversed(list(order.items()))) | dict(order))
    table = table.sort_values(["order", "quarter"], ignore_index=True)
    quarters = roadmap.quarters
    first, last = (float(quarters["fte_abroad"].iloc[place]) for place in (0, -1))
    finding = (
        "The people stay where they are"
        if roadmap.moves.empty
        else f"People go from {quarters['fte_home'].iloc[0]:,.0f} to {quarters['fte_home'].iloc[-1]:,.0f}, all at home"
        if round(first) == round(last) == 0
        else f"People abroad go from {first:,.0f} to {last:,.0f}; at home from {quarters['fte_home'].iloc[0]:,.0f} to "
        f"{quarters['fte_home'].iloc[-1]:,.0f}"
    )
    return charts.people_by_place(table, finding)


def draw_as_is_to_be(roadmap: Roadmap) -> Any:
    """Draw As-Is and To-Be in one picture that shows what moves."""
    return charts.as_is_to_be(*lay_flows(roadmap), say_states(roadmap))


def show_program_moves(roadmap: Roadmap) -> Block:
    """Show what moves when: from whom to whom, the people, the money, and what each waits for."""
    if roadmap.moves.empty:
        return answer_block(NO_MOVES)
    moves, case = roadmap.moves, roadmap.decision.case
    names, blocks = name_processes(case), _list_blocks(roadmap)
    table = moves.assign(
        source=_call_owner(moves["from_owner"]) + ", " + call_places(moves["from_country"], case),
        target=_call_owner(moves["owner"]) + ", " + call_places(moves["country"], case),
        when=[
            {
                "text": f"{say_day(move['start'])} to {say_day(move['go_live'])}",
                "note": f"delivered twice from {say_day(move['parallel_start'])}"
                if move["parallel_months"] > 0
                else "",
            }
            for move in moves.to_dict("records")
        ],
        waits=[
            "; ".join([*(f"after {names.get(each, each)}" for each in before.split("; ") if each), *blocks[process]])
            for before, process in zip(moves["waits_for"], moves["process"], strict=True)
        ],
    )
    columns = [
        Shown("wave", "Wave", "number"),
        Shown("process_name", "Process"),
        Shown("source", "From"),
        Shown("target", "To"),
        Shown("delivery_model", "Becomes", "model"),
        Shown("when", "Starts, goes live", "noted"),
        Shown("people", "People", "number"),
        Shown("one_off_cost", "One-off", "money"),
        *([Shown("waits", "Waits for")] if table["waits"].any() else []),
    ]
    table["people"] = table["people"].round(1)
    currency = case.unit["currency"]
    return answer_block(*say_program(roadmap)) + show_table(
        table, columns, currency, caption="One-off: present value.", is_stacked=True
    )


def _say_when(move: dict[str, Any]) -> dict[str, str]:
    twice = f"delivered twice from {say_day(move['parallel_start'])}" if move["parallel_months"] > 0 else ""
    return {"text": f"{say_day(move['start'])} to {say_day(move['go_live'])}", "note": twice}


def _call_owner(owner: pd.Series) -> pd.Series:
    return owner.where(owner != "own", "own staff")


def _list_blocks(roadmap: Roadmap) -> dict[str, list[str]]:
    """List per process the sign-offs that block its wave."""
    blocks: dict[str, list[str]] = {process: [] for process in roadmap.moves["process"]}
    for each in roadmap.signoffs[roadmap.signoffs["blocks"]].to_dict("records"):
        blocks[each["process"]].append(f"sign-off of {each['role']}: {each['state']}")
    return blocks


def show_waves(roadmap: Roadmap) -> Block:
    """Show what each wave carries, against its limits, and what it risks."""
    if roadmap.moves.empty:
        return say_nothing(NO_MOVES)
    waves, names = roadmap.waves, name_processes(roadmap.decision.case)
    blocked = set(roadmap.blocked["wave"])
    table = waves.assign(
        when=[
            {"text": say_day(first), "note": f"last live {say_day(last)}" if pd.notna(last) else ""}
            for first, last in zip(waves["start"], waves["last_go_live"], strict=True)
        ],
        most=[names.get(process, "") for process in waves["most_at_risk"]],
        more=waves["expected_loss"] - waves["from_expected_loss"],
        state=[
            {"text": "no starts", "tone": "plain"}
            if dark
            else {"text": "blocked", "tone": "bad"}
            if wave in blocked
            else {"text": "", "tone": "plain"}
            for wave, dark in zip(waves["wave"], waves["blackout"], strict=True)
        ],
    )
    columns = [
        Shown("wave", "Wave", "number"),
        *([Shown("state", "", "badge")] if blocked or waves["blackout"].any() else []),
        Shown("when", "Starts", "noted"),
        Shown("moves", "Changes", "number"),
        Shown("people", "People", "number"),
        Shown("knowledge_transfer_hours", "Hours asked", "number"),
        Shown("capacity_hours", "Hours there are", "number"),
        Shown("one_off_cost", "One-off", "money"),
        Shown("saving", "Saves in cash", "money"),
        Shown("expected_loss", "Expected loss", "money"),
        Shown("more", "More than today", "money"),
        Shown("most", "Most at risk"),
    ]
    table = table.round({"people": 1, "knowledge_transfer_hours": 0})
    if waves["capacity_hours"].isna().all():
        columns = [column for column in columns if column.name != "capacity_hours"]
    caption = "Present values over the horizon; expected loss of the moves that start in the wave."
    return show_table(table, columns, roadmap.decision.case.unit["currency"], caption=caption, is_stacked=True)


def show_people(roadmap: Roadmap) -> Block:
    """Show who comes and goes, and how the retained organization grows, quarter by quarter."""
    table, counted = roadmap.quarters, ["transferred", "leavers", "redeployed", "hired"]
    kept = ["fte_home", "fte_abroad", "governance_fte", "retained_fte"]
    table = table.assign(**{name: table[name].round(1) for name in [*counted, *kept]})
    moving = (table[counted] > 0).any(axis=1) | (table["running"] > 0)
    last = int(moving.to_numpy().nonzero()[0].max()) + 2 if moving.any() else 1
    columns = [
        Shown("name", "Quarter from"),
        Shown("fte_home", "At home", "number"),
        Shown("fte_abroad", "Abroad", "number"),
        Shown("governance_fte", "Govern the work", "number"),
        Shown("retained_fte", "Retained to own its outcome", "number"),
        Shown("transferred", "Pass to the new owner", "number"),
        Shown("leavers", "Leave", "number"),
        Shown("redeployed", "Redeployed", "number"),
        Shown("hired", "Hired by the new delivery", "number"),
    ]
    caption = "Full-time equivalents, average of the quarter; who passes, leaves or is redeployed does so at go-live."
    return show_table(table.head(last), columns, caption=caption, is_stacked=True)


def show_workforce(roadmap: Roadmap) -> Block:
    """Show the fewest redundancies that the road map asks for, by yearly turnover, beside what the plan pays for."""
    if roadmap.moves.empty:
        return say_nothing(NO_MOVES)
    table = list_redundancies(roadmap)
    numbers = ["redundant", "retrained", "hired", "paid", "unplaced"]
    columns = [
        Shown("turnover", "Leave by themselves in a year", "share"),
        Shown("redundant", "Redundancies, at least", "number"),
        Shown("retrained", "Retrained to own the outcome", "number"),
        Shown("hired", "Hired", "number"),
        Shown("paid", "Severance the plan pays for", "number"),
        Shown("unplaced", "Redeployed without work in these processes", "number"),
    ]
    caption = "Own staff, by a linear program over the years; the case does not state turnover, so three are shown."
    rounded = table.assign(**{name: table[name].round(1) for name in numbers})
    return answer_block(say_workforce(table)) + show_table(rounded, columns, caption=caption, is_stacked=True)


def show_order_worth(roadmap: Roadmap) -> Block:
    """Show what other orders of the same moves would cost."""
    said = say_orders(roadmap)
    orders = roadmap.orders
    if len(orders) < 2:
        return answer_block(said)
    table = orders.assign(
        title=orders["order"].map(ORDER_NAMES),
        broken=[say_list(breaks) if breaks else "" for breaks in orders["breaks"]],
        last=orders["last_go_live_months"].round(1),
    )
    columns = [
        Shown("title", "Order", "prose"),
        Shown("extra_cost", "Objective against this plan", "money"),
        Shown("cash_cost", "Cash cost", "money"),
        Shown("expected_loss", "Expected loss", "money"),
        Shown("peak_cash", "Most cash out", "money"),
        Shown("last", "Last live after months", "number"),
        Shown("moved", "In another wave", "number"),
        Shown("broken", "Breaks", "prose"),
    ]
    caption = "The plan's options held, only their waves free. Most cash out is nominal, the others are present values."
    currency = roadmap.decision.case.unit["currency"]
    return answer_block(said) + show_table(table, columns, currency, caption=caption, is_stacked=True)


def show_signoffs(roadmap: Roadmap) -> Block:
    """Show who has agreed to what, and which waves wait for whom."""
    table = roadmap.signoffs
    if table.empty:
        return say_nothing("No move of the plan touches customers or is waited for by a role: no sign-off is needed.")
    table = table.assign(
        badge=[{"text": state, "tone": TONES[state]} for state in table["state"]],
        on=table["subject"].map(SUBJECTS),
        when=[
            f"due {say_day(due)}" if pd.isna(day) else say_day(day)
            for due, day in zip(table["due"], table["answered"], strict=True)
        ],
    )
    columns = [
        Shown("wave", "Wave", "number"),
        Shown("process_name", "Process"),
        Shown("badge", "", "badge"),
        Shown("role", "By whom"),
        Shown("person_or_office", "Office"),
        Shown("on", "On"),
        Shown("when", "When"),
        Shown("blocks", "Blocks the wave", "flag"),
        Shown("condition", "Asks for", "prose"),
    ]
    idle = {name for name in ("person_or_office", "condition") if (table[name] == "").all()}
    shown = [column for column in columns if column.name not in idle]
    done = table["state"] == "signed"
    title = say_count(int(done.sum()), "sign-off given", "sign-offs given")
    return show_table(
        table[~done], shown, empty="Every sign-off is there.", folded=table[done], folded_title=title, is_stacked=True
    )


def show_governance(roadmap: Roadmap, as_of: str = "") -> Block:
    """Show what was promised for after the signature, what became of it, and what has drifted."""
    case = roadmap.decision.case
    if case.governance.empty:
        return say_block(
            "Nothing is recorded of what was agreed for after the signature (table governance: executive meetings, "
            "forecasts to the provider, key people). The calendar of this program has a review each quarter."
        )
    drift = [say_drift(finding) for finding in find_drift(roadmap.decision, as_of).to_dict("records")]
    promises = list_promises_kept(case, as_of)
    table = promises.assign(
        badge=[{"text": state, "tone": STATES[state]} for state in promises["state"]],
        what=promises["kind"].map(KINDS).map(capitalize),
        due=promises["planned"].map(say_day),
        when=[say_day(day) if pd.notna(day) else "" for day in promises["held"].fillna(promises["left_on"])],
    )
    columns = [
        Shown("provider", "With"),
        Shown("what", "What"),
        Shown("subject", "Which"),
        Shown("badge", "", "badge"),
        Shown("due", "Planned"),
        Shown("when", "Happened"),
        Shown("outcome", "What came of it", "prose"),
    ]
    day = f"Looked at on {say_day(find_day(case, as_of))}."
    words = drift or ["Meetings are held, forecasts delivered and key people still there, as agreed."]
    return answer_block(*words) + show_table(table, columns, caption=day, is_stacked=True)


def show_readout(roadmap: Roadmap, as_of: str = "") -> Block:
    """Show the program in four parts: keep, improve, move by wave, and the next decisions by role and day."""
    return _show_kept(roadmap) + _show_next(roadmap, as_of)


def _show_kept(roadmap: Roadmap) -> Block:
    decision = roadmap.decision
    stays = decision.plan.choices[decision.plan.choices["is_as_is"].astype(bool)]["process_name"].unique()
    in_place = roadmap.moves[~roadmap.moves["changes_owner"] & ~roadmap.moves["changes_place"]]
    answers = decision.judgment.situation.answers
    mend = decision.judgment.situation.road_map
    strong = answers.loc[answers["standing"] == "keep", "name"]
    rows = [
        ("Keep", _say_names(stays, "as it is today"), _say_names(strong, "in how the unit is run")),
        ("Improve", _say_names(in_place["process_name"].unique(), "in place"), _say_names(mend["question"], "to mend")),
    ]
    for wave, moves in roadmap.moves.drop(in_place.index).groupby("wave"):
        when = f"from {say_day(moves['start'].min())}, live by {say_day(moves['go_live'].max())}"
        rows.append((f"Move, wave {wave}", _say_names(moves["process_name"].unique(), when), ""))
    table = pd.DataFrame(rows, columns=["part", "work", "unit"])
    columns = [Shown("part", "What"), Shown("work", "Work", "prose"), Shown("unit", "The unit itself", "prose")]
    return show_table(table, columns, is_stacked=True)


def _say_names(names: Any, how: str) -> str:
    listed = [str(name) for name in names]
    return f"{len(listed)} {how}: {say_list(listed, 8)}" if listed else ""


def _show_next(roadmap: Roadmap, as_of: str) -> Block:
    agenda = list_agenda(roadmap, as_of)
    said = [say_entry(entry, roadmap) for entry in agenda.to_dict("records")]
    table = agenda.assign(
        when=agenda["day"].map(say_day),
        what=[title for title, _ in said],
        more=[text for _, text in said],
    )
    duties = table[table["kind"] != "go-live"]
    columns = [
        Shown("when", "By"),
        Shown("role", "Who"),
        Shown("what", "Decides or does", "prose"),
        Shown("more", "", "prose"),
    ]
    first, rest = duties.head(SHOWN_NEXT), duties.iloc[SHOWN_NEXT:]
    nothing = "Nothing is due: the plan keeps everything as it is."
    caption = "The next decisions, by role and day; the same days are in the file reviews.ics."
    block = show_table(first, columns, caption=caption, empty=nothing, is_stacked=True)
    return block + fold_table(rest, columns, say_count(len(rest), "later day"), is_stacked=True)


def say_roadmap(roadmap: Roadmap, register: pd.DataFrame) -> Block:
    """Say the road map in a few sentences, and the assumption that its saving leans on most."""
    words = [*say_program(roadmap), say_orders(roadmap)] if len(roadmap.moves) else [NO_MOVES]
    return answer_block(*words, say_leaning(register, roadmap.decision))
