"""Sections of a pack on what may come: chances, causes, stresses, firmness, what to find out, published figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.pack.block import Block, Shown, answer_block, say_block, say_nothing, show_table
from sourcing.pack.uncertainty import charts
from sourcing.pack.uncertainty.charts import SIDES
from sourcing.pack.uncertainty.words import (
    call_caution,
    is_today,
    name_causes,
    say_caution,
    say_chance,
    say_days,
    say_decisive,
    say_failure,
    say_firmness,
    say_first_questions,
    say_limit,
    say_waiting,
)
from sourcing.pack.wording import (
    CAUSES,
    MODEL_NAMES,
    lower_first,
    name_options,
    name_processes,
    say_count,
    say_list,
    say_share,
)
from sourcing.uncertainty import join_event, save_in_futures
from sourcing.value import list_ranges

if TYPE_CHECKING:
    from sourcing.uncertainty import Study

SHOWN_CAUSES, BINS = 8, 40
TAIL = 0.005
"""Share of futures on either side that stand at the end of the drawing: a few far ones would press it together."""
SAVED = {"cash": "Cash", "loss": "Losses", "total": "Both together"}
VERDICTS = {"firm": ("firm", "good"), "open": ("open", "plain"), "toss": ("toss-up", "bad")}


def list_causes(study: Study) -> pd.DataFrame:
    """List the causes that move most of what the plan saves, named.

    Returns
    -------
    DataFrame
        That of `rank_causes` with title, and label: whom it strikes first, since a chart cuts the end off.
    """
    names, processes = name_causes(study), name_processes(study.decision.case)
    keys = [
        row["cause"] if row["kind"] == "figure" else join_event(row["cause"], row["struck"])
        for row in study.causes.to_dict("records")
    ]
    labels = [
        f"{processes.get(row['struck'], row['struck'])}: {lower_first(CAUSES[row['cause']][0])}"
        if row["kind"] == "event"
        else row["cause"].replace("_", " ")
        for row in study.causes.to_dict("records")
    ]
    return study.causes.assign(title=[names[key] for key in keys], label=labels)


def list_saving_bins(study: Study) -> pd.DataFrame:
    """List how often the plan saves how much, in cash and losses together.

    Returns
    -------
    DataFrame
        One row per interval: low, high (in the unit's currency), share (of futures), side (saves, loses), chance (of
        saving), mean. The ends hold the futures beyond: TAIL of all on either side.
    """
    saved = save_in_futures(study.futures)["total"].to_numpy(float)
    ends = np.quantile(saved, [TAIL, 1 - TAIL])
    counts, edges = np.histogram(np.clip(saved, *ends), bins=BINS)
    side = np.where(edges[:-1] + edges[1:] >= 0, *SIDES)
    table = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "share": counts / len(saved), "side": side})
    return table.assign(chance=study.saving.at["total", "chance"], mean=study.saving.at["total", "mean"])


def draw_saving(study: Study) -> Any:
    """Draw how often the plan saves how much, or say that it is today's delivery."""
    if is_today(study):
        return say_block(say_chance(study))
    return charts.saving_spread(list_saving_bins(study), study.decision.case.unit["currency"])


def draw_causes(study: Study) -> Any:
    """Draw the causes that move most of what the plan saves, or say that nothing does."""
    causes = list_causes(study).head(SHOWN_CAUSES)
    if causes.empty:
        return say_nothing("Nothing moves what the plan saves.")
    return charts.cause_tornado(causes, study.decision.case.unit["currency"])


def show_chances(study: Study) -> Block:
    """Show what the plan saves over all futures, how surely, and how bad it gets."""
    currency = study.decision.case.unit["currency"]
    table = study.saving.rename_axis("measure").reset_index()
    table["title"] = table["measure"].map(SAVED)
    columns = [
        Shown("title", "Saved against today"),
        Shown("mean", "On average", "money"),
        Shown("low", "One in ten below", "money"),
        Shown("middle", "Half below", "money"),
        Shown("high", "One in ten above", "money"),
        Shown("worst_tenth", "Worst tenth, on average", "money"),
        Shown("worst_tenth_error", "± error", "money"),
        Shown("chance", "Futures in which it saves", "share"),
    ]
    words = [say_chance(study), say_decisive(study), *say_days(study)]
    words += [
        f"'{row['rule']}' is kept in {say_share(row['chance'])} of the futures; the plan is held to it at the means."
        for row in study.chances.to_dict("records")
    ]
    drawn = f"{say_count(len(study.futures.cash), 'future')}, today and the plan in the same ones."
    return answer_block(*words) + show_table(table, columns, currency, caption=drawn, is_stacked=True)


def show_causes(study: Study) -> Block:
    """Show the causes behind the spread as a table: the first ones, the others folded."""
    table, currency = list_causes(study), study.decision.case.unit["currency"]
    columns = [
        Shown("title", "Cause", "prose"),
        Shown("at_low", "Saved where it is low, or does not happen", "money"),
        Shown("at_high", "Saved where it is high, or happens", "money"),
        Shown("error", "± error of the difference", "money"),
        Shown("share", "Part of the spread", "share"),
    ]
    rest = table.iloc[SHOWN_CAUSES:]
    return show_table(
        table.head(SHOWN_CAUSES),
        columns,
        currency,
        empty="Nothing moves what the plan saves.",
        folded=rest,
        folded_title=say_count(len(rest), "further cause"),
    )


def show_stresses(study: Study) -> Block:
    """Show what the plan saves under each stress, and what would have been better then."""
    currency = study.decision.case.unit["currency"]
    table = study.stresses.assign(
        title=[
            f"{row['stress']}: {row['struck']}" if row["struck"] else row["stress"]
            for row in study.stresses.to_dict("records")
        ]
    )
    columns = [
        Shown("title", "Stress"),
        Shown("meaning", "What happens", "prose"),
        Shown("saved", "Plan then saves", "money"),
        Shown("change", "Change", "money"),
        Shown("regret", "Best plan then costs less by", "money"),
        Shown("changes", "Decided otherwise", "number"),
    ]
    caption = "One thing goes wrong and is not known beforehand; all else as expected, cash and losses together."
    return show_table(table, columns, currency, caption=caption, is_stacked=True)


def show_failure(study: Study) -> Block:
    """Show what must be true for the plan to fail."""
    return say_block(say_failure(study))


def show_firmness(study: Study) -> Block:
    """Show in which share of futures each decision would have been the same: those that are not firm, then the firm."""
    decision = study.decision
    names, options = name_processes(decision.case), name_options(decision.alternatives)
    table = study.decisions.assign(
        name=study.decisions["process"].map(names),
        planned=[options[key] for key in zip(study.decisions["process"], study.decisions["option"], strict=True)],
        instead=[
            options.get(key, "") for key in zip(study.decisions["process"], study.decisions["otherwise"], strict=True)
        ],
        badge=[dict(zip(("text", "tone"), VERDICTS[each], strict=True)) for each in study.decisions["verdict"]],
    )
    columns = [
        Shown("name", "Process"),
        Shown("planned", "Planned"),
        Shown("kept", "Best in", "share"),
        Shown("error", "± error", "share"),
        Shown("badge", "", "badge"),
        Shown("instead", "Else mostly", "prose"),
    ]
    firm = table["verdict"] == "firm"
    solved, proven = say_count(len(study.hindsight.regret), "future"), int(study.hindsight.best.is_proven.sum())
    ended = "to the end" if proven == len(study.hindsight.regret) else f"again, {proven} of them to the end"
    drawn = f"{solved} solved {ended}; events at what they cost on average."
    return answer_block(say_firmness(study)) + show_table(
        table[~firm],
        columns,
        caption=drawn,
        empty="Every decision is firm.",
        folded=table[firm],
        folded_title=say_count(int(firm.sum()), "firm decision"),
    )


def show_information(study: Study) -> Block:
    """Show what each uncertain figure is worth to know before deciding, dearest first: the list of what to ask."""
    decision, names = study.decision, name_causes(study)
    ranges = decision.figures
    table = study.information
    if table.empty:
        return say_nothing("No figure is uncertain, so that nothing can be found out.")
    table = table.assign(
        title=[
            f"together: {row['figure']} ({say_count(row['members'], 'figure')})" if row["members"] else
            names[row["figure"]] for row in table.to_dict("records")
        ],
        source=table["figure"].map(ranges["source"]).fillna(""),
        flips=table["figure"].map(study.flips),
    )  # fmt: skip
    columns = [
        Shown("title", "Figure", "prose"),
        Shown("worth", "Worth knowing, up to", "money"),
        Shown("error", "± error", "money"),
        Shown("asking_cost", "Asking costs", "money"),
        Shown("net", "Worth asking, up to", "money"),
        Shown("asking_days", "Days it takes", "number"),
        Shown("owner", "Who finds out"),
        Shown("flips", "Part in how many decisions turn", "share"),
        Shown("source", "What its range rests on", "prose"),
    ]
    idle = {"asking_cost", "net"} if table["asking_cost"].isna().all() else set()
    idle |= {"asking_days"} if table["asking_days"].isna().all() else set()
    idle |= {"owner"} if (table["owner"] == "").all() else set()
    shown = [column for column in columns if column.name not in idle]
    return answer_block(*say_first_questions(study)) + show_table(
        table, shown, decision.case.unit["currency"], is_stacked=True
    )


def show_waiting(study: Study) -> Block:
    """Show what each move of the first wave would lose by waiting, and gain at most by what is learned meanwhile."""
    names = name_processes(study.decision.case)
    table = study.waiting.iloc[1:]
    if table.empty:
        return answer_block(say_waiting(study))
    table = table.assign(title=table["process"].map(names), known=table["known"].clip(lower=0.0))
    columns = [
        Shown("title", "Move of the first wave", "prose"),
        Shown("delay", "Coming a wave later costs", "money"),
        Shown("known", "Choosing later is worth, up to", "money"),
        Shown("net", "Difference", "money"),
    ]
    caption = "Each move alone, all else as planned and no rule considered."
    rest = table.iloc[SHOWN_CAUSES:]
    return answer_block(say_waiting(study)) + show_table(
        table.head(SHOWN_CAUSES),
        columns,
        study.decision.case.unit["currency"],
        caption=caption,
        folded=rest,
        folded_title=say_count(len(rest), "further move"),
    )


def list_caution(study: Study) -> pd.DataFrame:
    """List the plans of the curve of caution, named: that of `trace_caution` with kind, count and otherwise."""
    names, table = name_processes(study.decision.case), study.caution
    at_mean = (table["processes"].map(len) == 0) & ~table["is_plan"]
    kinds = np.select([table["is_plan"], at_mean], [*charts.KINDS[:2]], charts.KINDS[2])
    return table.assign(
        kind=kinds,
        count=table["processes"].map(len),
        otherwise=[say_list([names[process] for process in moved], 3) if moved else "" for moved in table["processes"]],
    )


def draw_caution(study: Study) -> Any:
    """Draw what caution costs and buys, or say that it buys nothing."""
    if len(study.caution) < 2:
        return say_block(say_caution(study))
    return charts.caution_curve(list_caution(study), call_caution(study), study.decision.case.unit["currency"])


def show_caution(study: Study) -> Block:
    """Show what caution costs on average and buys in the worst futures, plan by plan."""
    table = list_caution(study).iloc[1:]
    table = table.assign(number=range(1, len(table) + 1))
    columns = [
        Shown("number", "Plan", "number"),
        Shown("kind", "Which is"),
        Shown("price", "Dearer on average by", "money"),
        Shown("gain", "Better in its worst tenth by", "money"),
        Shown("count", "Decided otherwise than at the mean", "number"),
        Shown("otherwise", "Which", "prose"),
    ]
    currency = study.decision.case.unit["currency"]
    return answer_block(say_caution(study)) + show_table(table, columns, currency, empty="", is_stacked=True)


def show_limit(study: Study, most: float) -> Block:
    """Show the cheapest plan whose worst tenth of futures keeps a limit on cash and losses.

    Parameters
    ----------
    study : Study
    most : float
        Net present value in the unit's currency; 0 asks for none.
    """
    return say_block(say_limit(study, most))


def show_gaps(study: Study) -> Block:
    """Show what buyer and provider expect of the same figure, and what the difference is worth to each."""
    ranges = list_ranges(study.decision.case)
    table = study.gaps.assign(
        title=study.gaps["figure"].map(ranges["meaning"]).fillna(study.gaps["figure"]),
        ours=[_say_range(row, "buyer") for row in study.gaps.to_dict("records")],
        theirs=[_say_range(row, "provider") for row in study.gaps.to_dict("records")],
    )
    columns = [
        Shown("title", "Figure", "prose"),
        Shown("ours", "Buyer expects", "prose"),
        Shown("theirs", "Provider expects", "prose"),
        Shown("to_buyer", "If the provider is right the buyer pays more by", "money"),
        Shown("to_provider", "and the provider keeps more by", "money"),
        Shown("basis", "Basis"),
        Shown("source", "Source", "prose"),
    ]
    empty = (
        "No range of a provider is recorded (tables ranges and assumptions, party provider): ask what they expect "
        "before you sign."
    )
    return show_table(table, columns, study.decision.case.unit["currency"], empty=empty, is_stacked=True)


def _say_range(row: dict[str, Any], party: str) -> str:
    low, likely, high = (f"{row[f'{party}_{end}']:.4g}" for end in ("low", "likely", "high"))
    return f"{likely} ({low} to {high})"


def show_class(study: Study) -> Block:
    """Show where the case lies in what others have published."""
    table = study.placed.assign(
        title=[_call_class(row) for row in study.placed.to_dict("records")],
        published=[_say_published(row) for row in study.placed.to_dict("records")],
    )
    columns = [
        Shown("title", "What is compared", "prose"),
        Shown("ours", "This case", "share"),
        Shown("published", "Published", "prose"),
        Shown("verdict", "This case is"),
        Shown("kind", "Kind of figure", "prose"),
        Shown("source", "Source", "prose"),
    ]
    return show_table(table, columns, empty="Nothing moves that published figures speak of.", is_stacked=True)


def _call_class(row: dict[str, object]) -> str:
    if row["figure"] == "one_off":
        return "One-off spending: its mean above its likely value"
    moves = say_count(int(row["processes"]), "process", "processes")  # type: ignore[call-overload]
    return f"Cash saved on what becomes {MODEL_NAMES[str(row['applies_to'])]} ({moves})"


def _say_published(row: dict[str, float]) -> str:
    ends = [f"{100 * row[name]:.0f} %" for name in ("low", "high") if row[name] == row[name]]
    middle = f"{100 * row['likely']:.0f} % usual" if row["likely"] == row["likely"] else ""
    spread = " to ".join(ends) if len(ends) == 2 else f"up to {ends[0]}" if ends else ""
    return ", ".join(part for part in (spread, middle) if part)
