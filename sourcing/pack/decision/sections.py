"""The sections of a pack, each a block made from a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.pack.block import (
    Block,
    Shown,
    answer_block,
    render_block,
    say_unit,
    scale_money,
    show_cells,
    show_table,
)
from sourcing.pack.decision.answer import say_answer, say_asks, say_bounds, say_cut, say_limits
from sourcing.pack.decision.attitude import show_attitude
from sourcing.pack.decision.families import name_wholes, order_by_family, show_families
from sourcing.pack.decision.flips import add_flips, say_flips
from sourcing.pack.decision.reasons import list_reasons, say_weakest
from sourcing.pack.decision.tables import (
    list_decisions,
    list_lines,
    list_options,
    list_scenarios,
    list_shared,
    list_states,
)
from sourcing.pack.judgment import say_confidence
from sourcing.pack.uncertainty import say_chance, say_first_questions
from sourcing.pack.wording import call_bans, call_places, say_count, say_money, say_number, say_rules
from sourcing.plan import sum_measure

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.uncertainty import Study

SHARED_CAPTION = (
    "What processes share is paid whoever causes it: it belongs to no process above, and with them sums to all cash."
)
FIGURES = (
    Shown("name", "Option"),
    Shown("delivery_model", "Model", "model"),
    Shown("owner", "Owner"),
    Shown("site", "Site"),
    Shown("cash_cost", "Cash cost", "money"),
    Shown("expected_loss", "Expected loss", "money"),
    Shown("one_off_cost", "One-off", "money"),
    Shown("fit_points", "Fit points", "number"),
    Shown("go_live_months", "Months to go-live", "number"),
    Shown("extra", "Swapped alone", "money"),
)
"""What each option of a process comes to."""
TURNS = (
    Shown("name", "Option"),
    Shown("status", "Status"),
    Shown("forcing", "Forced, all else free"),
    Shown("wins", "Wins once", "prose"),
    Shown("source", "Figures from", "prose"),
)
"""What it takes to decide for each option of a process."""


def show_answer(decision: Decision, study: Study | None = None) -> Block:
    """Show page one: the decision in sentences, its key figures, what limits it, what is asked.

    With a study also how sure it is that the plan is better than today, and what to find out first.
    """
    currency, rows = decision.case.unit["currency"], list_decisions(decision)
    today, planned = (sum_measure(plan, "cash_cost") for plan in (decision.as_is, decision.plan))
    risk_today, risk = (sum_measure(plan, "expected_loss") for plan in (decision.as_is, decision.plan))
    years = int(decision.case.unit["horizon_years"])
    tiles = [
        {"value": f"{int(rows['moves'].sum())} of {len(rows)}", "label": "processes change"},
        {
            "value": say_money(today - planned, currency),
            "label": f"saved in cash over {say_count(years, 'year')}",
        },
        {
            "value": say_money(sum_measure(decision.plan, "one_off_cost"), currency),
            "label": "one-off spending",
        },
        {"value": say_money(risk - risk_today, currency), "label": "change in expected loss"},
        {"value": say_number(round(rows["moved_fte"].sum())), "label": "full-time equivalents touched"},
    ]
    sure, first = ([], []) if study is None else ([say_chance(study)], say_first_questions(study))
    sentences = [*say_answer(decision), *sure, *say_cut(decision)]
    shown = render_block(
        "answer.html.j2",
        " ".join(sentences),
        answer=sentences,
        tiles=tiles,
        limits=say_limits(decision),
        asks=[*say_asks(decision), *first],
    )
    return shown if decision.caution is None else shown + show_attitude(decision)


def show_states(decision: Decision) -> Block:
    """Show As-Is and To-Be side by side: model, owner, site, people, yearly running cost; what changes first."""
    states, wanted = list_states(decision), ["delivery_model", "owner", "site", "fte", "run_cost_per_year"]
    sides = {state: rows.drop_duplicates("process").set_index("process") for state, rows in states.groupby("state")}
    today = sides["As-Is"][["process_name", "function", *wanted]]
    joined = today.join(sides["To-Be"][wanted].add_suffix("_planned")).reset_index()
    for label in ("owner", "site"):
        before, after = joined[label], joined[f"{label}_planned"]
        joined[f"{label}_shown"] = before.where(before == after, before + " → " + after)
    moves = ~decision.plan.choices.drop_duplicates("process").set_index("process")["is_as_is"].astype(bool)
    joined = joined.assign(moves=joined["process"].map(moves))
    joined = joined.sort_values(["moves", "run_cost_per_year"], ascending=[False, False])
    columns = [
        Shown("process_name", "Process"),
        Shown("delivery_model", "Today", "model"),
        Shown("delivery_model_planned", "Planned", "model"),
        Shown("owner_shown", "Owner"),
        Shown("site_shown", "Site"),
        Shown("fte", "FTE today", "number"),
        Shown("fte_planned", "FTE planned", "number"),
        Shown("run_cost_per_year", "Yearly cost today", "money"),
        Shown("run_cost_per_year_planned", "Yearly cost planned", "money"),
    ]
    number = int(joined["moves"].sum())
    return show_table(
        joined[joined["moves"]],
        columns,
        decision.case.unit["currency"],
        empty="Nothing changes.",
        folded=joined[~joined["moves"]],
        folded_title=f"{say_count(len(joined) - number, 'process stays', 'processes stay')} as today",
    )


def show_decisions(decision: Decision) -> Block:
    """Show the decision table; each process unfolds to its reason, what would flip it, and every option's figures.

    Parts of a process follow it and name it; what the process and its parts come to together stands above.
    """
    currency, processes = decision.case.unit["currency"], decision.case.processes
    rows = order_by_family(list_decisions(decision), processes)
    rows = rows.join(list_reasons(decision), on="process")
    rows["flips"] = rows["process"].map(say_flips(decision))
    rows["part_of"] = rows["process"].map(name_wholes(processes))
    shown = rows.assign(process_name=("↳ " + rows["process_name"]).where(rows["part_of"] != "", rows["process_name"]))
    columns = [
        Shown("process_name", "Process"),
        Shown("from_model", "Today", "model"),
        Shown("delivery_model", "Planned", "model"),
        Shown("wave", "Wave", "number"),
        Shown("share", "Share", "share"),
        Shown("cash_cost", "Cash cost planned", "money"),
        Shown("saving", "Saving", "money"),
        Shown("expected_loss", "Expected loss", "money"),
    ]
    idle = {"wave"} - set(rows) | ({"share"} if (rows["share"] == 1.0).all() else set())
    columns = [column for column in columns if column.name not in idle]
    with_parts = ", each with its parts (↳) below it" if (rows["part_of"] != "").any() else ""
    divisor, unit = scale_money(rows, columns, currency)
    table = render_block(
        "decisions.html.j2",
        "\n".join(f"{row['process_name']}: {row['why']} {row['further']}" for row in rows.to_dict("records")),
        columns=columns,
        rows=show_cells(shown, columns, divisor),
        caption=f"Present values over the horizon; largest first{with_parts}; unfold one. {say_unit(columns, unit)}",
        cards=[_make_card(row, decision) for row in rows.to_dict("records")],
    )
    return show_families(decision) + table + show_shared(decision)


def show_shared(decision: Decision) -> Block:
    """Show what is paid whoever causes it beside the processes' own cash, summing to all; nothing where nothing is."""
    shared = list_shared(decision)
    if len(shared) == 1:
        return Block("", "")
    columns = [
        Shown("line", "Paid by"),
        Shown("from_cash_cost", "Cash cost today", "money"),
        Shown("cash_cost", "Cash cost planned", "money"),
        Shown("saving", "Saving", "money"),
    ]
    return show_table(shared, columns, decision.case.unit["currency"], caption=SHARED_CAPTION)


def _make_card(row: dict[str, Any], decision: Decision) -> dict[str, Any]:
    currency = decision.case.unit["currency"]
    options = list_options(decision, row["process"])
    chosen = decision.plan.choices.loc[decision.plan.choices["process"] == row["process"], "option"]
    swaps = decision.swaps[decision.swaps["process"] == row["process"]].set_index("option")
    sources = decision.case.options.query("process == @row['process']").set_index("option")["source"]
    options = options.assign(
        site=call_places(options["location"], decision.case),
        source=options["option"].map(sources).fillna("reference figures"),
        extra=options["option"].map(swaps["extra_cost"]).fillna(0.0),
        status=[
            "chosen"
            if option in set(chosen)
            else f"set aside: {call_bans(barred)}"
            if barred
            else f"breaks {say_rules(swaps.at[option, 'breaks'], decision.case, 4)}"
            if swaps.at[option, "breaks"]
            else "allowed"
            for option, barred in zip(options["option"], options["barred_by"], strict=True)
        ],
    ).sort_values("extra")
    options = add_flips(options, decision)
    divisor, unit = scale_money(options, FIGURES, currency)
    part_of = f"Part of {row['part_of']}. " if row["part_of"] else ""
    missing = decision.judgment.postures.at[row["process"], "cautious"].replace("_", " ")
    return {
        "why": row["why"],
        "further": part_of + row["further"],
        "flips": row["flips"],
        "confidence": say_confidence(decision.judgment, row["process"]),
        "cautions": f"Not scored: {missing}. An assumption stands in its place." if missing else "",
        "columns": FIGURES,
        "rows": show_cells(options, FIGURES, divisor),
        "caption": say_unit(FIGURES, unit),
        "turns": TURNS,
        "turned": show_cells(options, TURNS),
    }


def show_lines(decision: Decision) -> Block:
    """Show the objective line by line; the lines sum to it."""
    columns = [Shown("line", "Line"), Shown("amount", "Amount", "money")]
    return show_table(list_lines(decision.plan.lines.to_dict()), columns, decision.case.unit["currency"])


def show_scenarios(decision: Decision) -> Block:
    """Show the plan beside keeping as is, everything in-house, and the plan with fit at no price."""
    columns = [
        Shown("scenario", "Alternative"),
        Shown("cash_cost", "Cash cost", "money"),
        Shown("expected_loss", "Expected loss", "money"),
        Shown("cost", "Objective", "money"),
        Shown("one_off_cost", "One-off", "money"),
        Shown("fit_points", "Fit points", "number"),
        Shown("customer_value", "Customer value", "money"),
        Shown("moved_fte", "FTE touched", "number"),
        Shown("breaks", "Rules it would break"),
    ]
    return show_table(list_scenarios(decision), columns, decision.case.unit["currency"], caption=say_bounds(decision))


def show_closing(decision: Decision) -> Block:
    """Show the answer in its first sentence, and the assumption it leans on most."""
    return answer_block(say_answer(decision)[0], say_weakest(decision))
