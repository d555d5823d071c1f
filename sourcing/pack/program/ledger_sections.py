"""Sections of a pack on what came of an adopted run; each says so where no actuals are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.pack.block import Block, Shown, answer_block, say_block, show_table
from sourcing.pack.decision import say_weakest
from sourcing.pack.program import ledger_charts as charts
from sourcing.pack.program.ledger_words import (
    CAUSE_NAMES,
    FIGURE_NAMES,
    NO_ACTUALS,
    NOBODY,
    STATUS_TONES,
    find_most_moved,
    say_basis,
    say_benefits,
    say_forecast,
    say_invoices,
    say_learned,
    say_result,
    say_watermelons,
)
from sourcing.pack.wording import NOTHING, say_count, say_day, say_money

if TYPE_CHECKING:
    from sourcing.decide import Decision
    from sourcing.program import Ledger, Lessons

SHOWN_WRONG = 12
"""Wrong invoices shown before the others are folded."""


def list_causes_of_leakage(ledger: Ledger) -> pd.DataFrame:
    """List what each cause came to, dearest first.

    Returns
    -------
    DataFrame
        cause, title, amount, share (of what was promised), process (that it cost most), in_process (there); causes
        that came to nothing are left out.
    """
    names = ledger.baseline.commitments.drop_duplicates("process").set_index("process")["process_name"]
    by = ledger.leakage.groupby(["cause", "process"])["amount"].sum()
    promised = float(ledger.months["promised"].sum())
    rows = []
    for cause, amounts in by.groupby(level="cause"):
        amount = float(amounts.sum())
        if amounts.abs().max() < NOTHING:
            continue
        most = amounts.idxmax() if amount > 0 else amounts.idxmin()
        share = amount / promised if promised else 0.0
        rows.append((cause, CAUSE_NAMES[str(cause)], amount, share, names.get(most[1], most[1]), float(amounts[most])))
    columns = ["cause", "title", "amount", "share", "process", "in_process"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["amount", "cause"], ascending=[False, True], ignore_index=True)


def list_steps(ledger: Ledger) -> pd.DataFrame:
    """List the steps from what was promised to what came.

    Returns
    -------
    DataFrame
        title, start, end, right (the larger of both), amount, kind (total, dearer, cheaper).
    """
    causes = list_causes_of_leakage(ledger)
    promised, actual = (float(ledger.months[name].sum()) for name in ("promised", "actual"))
    rows: list[tuple[str, float, float, float, str]] = [("Promised", 0.0, promised, promised, "total")]
    at = promised
    for row in causes.to_dict("records"):
        rows.append((row["title"], at, at + row["amount"], row["amount"], "dearer" if row["amount"] > 0 else "cheaper"))
        at += row["amount"]
    rows.append(("Actual", 0.0, actual, actual, "total"))
    table = pd.DataFrame(rows, columns=["title", "start", "end", "amount", "kind"])
    return table.assign(right=table[["start", "end"]].max(axis=1))


def list_curve(ledger: Ledger) -> pd.DataFrame:
    """List the benefit of the moves reported, added up over the months.

    Returns
    -------
    DataFrame
        month, line (promised, realized, forecast), amount: today's delivery as promised less cost.
    """
    table = ledger.forecast[ledger.forecast["process"].isin(ledger.benefits["process"])]
    rows = []
    last = ledger.months["month"].max()
    for line, column in (("promised", "promised"), ("realized", "actual"), ("forecast", "forecast")):
        saved = (table["as_is"] - table[column]).groupby(table["month"]).sum().cumsum().rename("amount").reset_index()
        if line == "realized":
            saved = saved[saved["month"] <= last]
        if line == "forecast":
            saved = saved[saved["month"] >= last]
        rows.append(saved.assign(line=line))
    return pd.concat(rows, ignore_index=True)[["month", "line", "amount"]]


def show_ledger(ledger: Ledger | None) -> Block:
    """Show what came against what was promised, in sentences."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    return answer_block(*say_result(ledger), say_benefits(ledger), say_forecast(ledger)) + say_block(say_basis(ledger))


def draw_leakage(ledger: Ledger | None) -> Any:
    """Draw the way from what was promised to what came, or say that nothing came yet."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    causes = list_causes_of_leakage(ledger)
    if causes.empty:
        return say_block("What came is what was promised.")
    top = causes.iloc[0]
    finding = f"{top['title']} cost most beyond the promise: {say_money(float(top['amount']), ledger.currency)}"
    if top["amount"] <= 0:
        finding = "No cause cost more than promised"
    return charts.leakage_waterfall(list_steps(ledger), ledger.currency, finding)


def show_leakage(ledger: Ledger | None) -> Block:
    """Show leakage by cause as a table whose sum is the whole."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    table = list_causes_of_leakage(ledger)
    whole = pd.DataFrame([{"title": "All causes", "amount": table["amount"].sum(), "share": table["share"].sum(),
                           "process": "", "in_process": float("nan")}])  # fmt: skip
    columns = [
        Shown("title", "Cause"),
        Shown("amount", "Beyond the promise", "money"),
        Shown("share", "Of what was promised", "share"),
        Shown("process", "Most in", "prose"),
        Shown("in_process", "There", "money"),
    ]
    caption = "Above 0: dearer than promised. Each cause is the mean over every order in which the causes can be taken."
    rows = pd.concat([table, whole], ignore_index=True) if len(table) else whole
    return show_table(rows, columns, ledger.currency, caption=caption, is_stacked=True)


def draw_benefits(ledger: Ledger | None) -> Any:
    """Draw benefit promised, realized and forecast, or say that no move is reported."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    if ledger.benefits.empty:
        return say_block("No move is reported yet.")
    short = float(ledger.benefits["promised_total"].sum() - ledger.benefits["forecast_total"].sum())
    currency = ledger.currency
    finding = (
        f"The moves are heading for {say_money(short, currency)} less than they promised"
        if short > NOTHING
        else f"The moves are heading for {say_money(-short, currency)} more than they promised"
        if short < -NOTHING
        else "The moves are heading for what they promised"
    )
    return charts.benefit_curve(list_curve(ledger), currency, finding)


def show_benefits(ledger: Ledger | None) -> Block:
    """Show every benefit with its status and its owner: those that leak most first, the rest folded."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    table = ledger.benefits.assign(
        badge=[{"text": each, "tone": STATUS_TONES[each]} for each in ledger.benefits["status"]],
        answers=ledger.benefits["benefit_owner"].where(ledger.benefits["benefit_owner"] != "", NOBODY),
        due=ledger.benefits["goes_live"].map(say_day),
        live=ledger.benefits["went_live"].map(lambda day: "not yet" if pd.isna(day) else f"{day:%Y-%m}"),
        cause=[_say_cause(row, ledger.currency) for row in ledger.benefits.to_dict("records")],
    )
    columns = [
        Shown("process_name", "Process"),
        Shown("badge", "", "badge"),
        Shown("answers", "Answers for it", "prose"),
        Shown("promised", "Promised to date", "money"),
        Shown("realized", "Realized", "money"),
        Shown("like_for_like", "Without volume and rates", "money"),
        Shown("promised_total", "Promised in all", "money"),
        Shown("forecast_total", "Heading for", "money"),
        Shown("due", "To go live"),
        Shown("live", "Live since"),
        Shown("cause", "Largest cause", "prose"),
    ]
    good = table["status"].isin(["ahead", "on track", "not due"])
    caption = "Benefit: today's delivery as promised less cost, so below 0 while spending outweighs saving."
    return answer_block(say_benefits(ledger)) + show_table(
        table[~good],
        columns,
        ledger.currency,
        caption=caption,
        empty="Every benefit is on track.",
        folded=table[good],
        folded_title=say_count(
            int(good.sum()), "benefit on track, ahead or not due", "benefits on track, ahead or not due"
        ),
        is_stacked=True,
    )


def _say_cause(row: dict[str, Any], currency: str) -> str:
    if not row["worst_cause"] or row["worst_amount"] < NOTHING:
        return ""
    return f"{CAUSE_NAMES[row['worst_cause']].lower()}: {say_money(row['worst_amount'], currency)}"


def show_service(ledger: Ledger | None) -> Block:
    """Show service beside satisfaction, and call out where one is green and the other red."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    tones = {"green": "good", "amber": "warn", "red": "bad"}
    table = ledger.service.assign(
        met=[{"text": each, "tone": tones[each]} if each else None for each in ledger.service["service"]],
        mood=[{"text": each, "tone": tones[each]} if each else None for each in ledger.service["satisfied"]],
        about=ledger.service["measure"].str.replace("_", " "),
    )
    columns = [
        Shown("process_name", "Process"),
        Shown("owner", "Delivered by", "prose"),
        Shown("about", "Measure"),
        Shown("level", "Level", "figure"),
        Shown("target", "Target", "figure"),
        Shown("met", "Service", "badge"),
        Shown("satisfaction", "Satisfied", "share"),
        Shown("mood", "Users", "badge"),
    ]
    told = table["is_watermelon"] | (table["service"] == "red") | table["satisfied"].isin(["red", "amber"])
    return answer_block(say_watermelons(ledger)) + show_table(
        table[told],
        columns,
        empty="Service and satisfaction are where they should be.",
        folded=table[~told],
        folded_title=say_count(int((~told).sum()), "further process", "further processes"),
    )


def show_feedback(ledger: Ledger | None) -> Block:
    """Show what providers and users say, latest first, volunteered words marked."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    names = ledger.baseline.commitments.drop_duplicates("process").set_index("process")["process_name"]
    table = ledger.feedback.assign(
        name=ledger.feedback["process"].map(names).fillna("all"),
        day=ledger.feedback["date"].map(say_day),
        how=["asked for" if each else "volunteered" for each in ledger.feedback["asked"]],
    )
    columns = [
        Shown("day", "Day"), Shown("party", "Who", "prose"), Shown("name", "On", "prose"),
        Shown("what", "What is said", "prose"), Shown("how", ""), Shown("source", "Where", "prose"),
    ]  # fmt: skip
    return show_table(table, columns, empty="Nobody has said anything yet: ask the providers what they hear.")


def show_invoices(ledger: Ledger | None) -> Block:
    """Show invoices that differ from contract price, bands and service, the largest difference first."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    names = ledger.baseline.commitments.drop_duplicates("process").set_index("process")["process_name"]
    table = ledger.invoices.assign(
        name=ledger.invoices["process"].map(names),
        when=ledger.invoices["month"].map(lambda day: f"{day:%Y-%m}"),
        size=ledger.invoices["error"].abs().fillna(0.0) + ledger.invoices["credit_missing"],
    )
    wrong = table[~table["verdict"].isin(["right", "not billed"]) | (table["credit_missing"] > NOTHING)]
    wrong = wrong.sort_values(["size", "process", "month"], ascending=[False, True, True])
    columns = [
        Shown("when", "Month"),
        Shown("name", "Process"),
        Shown("owner", "Billed by", "prose"),
        Shown("owed", "Owed", "money"),
        Shown("extra_work", "Extra work", "money"),
        Shown("billed", "Billed", "money"),
        Shown("error", "Too much", "money"),
        Shown("price_excess", "Price over contract", "money"),
        Shown("credit_due", "Credit due", "money"),
        Shown("credit_missing", "Credit missing", "money"),
        Shown("verdict", "Verdict"),
    ]
    rest = wrong.iloc[SHOWN_WRONG:]
    return answer_block(say_invoices(ledger)) + show_table(
        wrong.head(SHOWN_WRONG),
        columns,
        ledger.currency,
        empty="Every invoice loaded agrees with price, bands and service.",
        folded=rest,
        folded_title=say_count(len(rest), "further month", "further months"),
        is_stacked=True,
    )


def show_suggestions(ledger: Ledger | None) -> Block:
    """Show each suggestion with what it is worth, and what partners committed to improve beside what came."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    table = ledger.suggestions
    columns = [
        Shown("what", "What", "prose"),
        Shown("from_whom", "From", "prose"),
        Shown("status", "Status"),
        Shown("cost", "Cost", "money"),
        Shown("benefit_per_year", "Saves a year", "money"),
        Shown("risk_share", "May fail", "share"),
        Shown("npv", "Net present value", "money"),
        Shown("payback", "Paid back after"),
        Shown("kept_share", "Came of it", "share"),
    ]
    table = table.assign(payback=[_say_years(years) for years in table["payback_years"]])
    caption = "Risk lessens the saving and not the cost. Accepted ones enter the baseline of the next run."
    names = ledger.baseline.commitments.drop_duplicates("process").set_index("process")["process_name"]
    promised = ledger.improvement.assign(name=ledger.improvement["process"].map(names))
    tracked = [
        Shown("owner", "Partner"), Shown("name", "Process"), Shown("committed", "Committed a year", "share"),
        Shown("came", "Came a year", "share"), Shown("years", "Whole years", "number"),
        Shown("short", "Price in force cost more by", "money"), Shown("suggested", "Suggested", "number"),
        Shown("accepted", "Accepted", "number"),
    ]  # fmt: skip
    empty = "No suggestion is logged: ask the partners what they would improve."
    return show_table(table, columns, ledger.currency, caption, empty, is_stacked=True) + show_table(
        promised, tracked, ledger.currency, empty="No partner committed to a yearly improvement."
    )


def _say_years(years: float) -> str:
    return "" if years != years else "never" if years == float("inf") else f"{years:.1f} years"


def show_missing(ledger: Ledger | None) -> Block:
    """Show what was not reported and what was taken in its place."""
    if ledger is None:
        return say_block(NO_ACTUALS)
    names = ledger.baseline.commitments.drop_duplicates("process").set_index("process")["process_name"]
    table = ledger.told.assign(
        name=ledger.told["process"].map(names).fillna(ledger.told["process"]),
        span=[f"{row['first']:%Y-%m} to {row['last']:%Y-%m}" for row in ledger.told.to_dict("records")],
    )
    columns = [
        Shown("name", "Process"), Shown("what", "Not reported", "prose"), Shown("months", "Months", "number"),
        Shown("span", "When"), Shown("taken", "Taken", "prose"),
    ]  # fmt: skip
    return show_table(table, columns, empty="Everything was reported.")


def show_lessons(lessons: Lessons | None) -> Block:
    """Show what was learned: each figure before and after, by how much was seen, with its range."""
    if lessons is None:
        return say_block(NO_ACTUALS)
    ranges = lessons.ranges.set_index("figure")
    table = lessons.table.assign(
        title=[_call_figure(row) for row in lessons.table.to_dict("records")],
        range=[_say_change(ranges.loc[each]) if each in ranges.index else "" for each in lessons.table["figure"]],
        basis=[f"{row['seen']:.3g} {row['counted_in']}" for row in lessons.table.to_dict("records")],
    )
    columns = [
        Shown("title", "Figure", "prose"),
        Shown("basis", "Seen", "prose"),
        Shown("weight", "Belief is worth", "figure"),
        Shown("observed", "Came", "ratio"),
        Shown("before", "Believed", "ratio"),
        Shown("after", "Now", "ratio"),
        Shown("credibility", "Weight of what came", "share"),
        Shown("range", "Low, likely, high before → now", "prose"),
        Shown("source", "Why that weight", "prose"),
    ]
    caption = "Now = (seen × came + worth × believed) / (seen + worth). Ranges keep their shape."
    return answer_block(say_learned(lessons)) + show_table(
        table, columns, caption=caption, empty="Nothing was seen yet.", is_stacked=True
    )


def _call_figure(row: dict[str, Any]) -> str:
    where = f" ({row['applies_to'].replace('_', '-')})" if row["applies_to"] else ""
    return f"{FIGURE_NAMES[row['figure']]}{where}"


def _say_change(row: pd.Series) -> str:
    before = ", ".join(f"{row[f'{side}_before']:.4g}" for side in ("low", "likely", "high"))
    return f"{before} → {', '.join(f'{row[side]:.4g}' for side in ('low', 'likely', 'high'))}"


def show_review(ledger: Ledger | None, lessons: Lessons | None, decision: Decision) -> Block:
    """Show the ledger in short: what came, what leaks, where it is heading, what was learned, what is weakest."""
    if ledger is None or lessons is None:
        return say_block(NO_ACTUALS, say_weakest(decision))
    said = [*say_result(ledger), say_forecast(ledger), say_watermelons(ledger), say_learned(lessons)]
    return say_block(*said, *([say_weakest(decision)] if find_most_moved(lessons) is None else []))
