"""Words of the benefit ledger: causes, statuses, and the sentences that say what came of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.pack.wording import NOTHING, say_count, say_list, say_money, say_share

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.program import Ledger, Lessons

CAUSE_NAMES = {
    "volume": "Volume",
    "rate": "Price or wage",
    "exchange_rate": "Exchange rate",
    "productivity": "Heads for the same work",
    "delay": "Late or early go-live",
    "scope": "Extra work ordered",
    "retained_staff": "Retained staff",
    "invoice_errors": "Invoice errors",
    "credits": "Credits received",
    "one_off": "One-off spending",
    "other_running": "Other running cost",
    "suggestions": "Accepted suggestions",
    "unexplained": "Not explained",
}
STATUS_TONES = {
    "not due": "plain", "late": "bad", "ahead": "good", "on track": "good", "at risk": "warn", "off track": "bad",
}  # fmt: skip
NO_ACTUALS = (
    "No actuals are loaded for this unit: fill the table actuals month by month, and the ledger holds them against "
    "what was promised."
)
NOBODY = "nobody named"
FIGURE_NAMES = {
    "wages": "Own wages against their path",
    "prices": "Prices of outside owners against the stated ones",
    "one_off": "One-off spending on moves against the plan",
    "governance": "Governance and retained staff against the plan",
    "invoice_errors": "Charges not owed, as a share of what was",
    "service": "Points of service over the target",
    "transition": "Time to go-live over the time planned",
    "ramp": "Heads on the ramp over those planned",
    "attrition": "Own staff who leave in a year, beyond the ordinary",
}


def say_basis(ledger: Ledger) -> str:
    """Say which baseline actuals are held against."""
    baseline = ledger.baseline
    if not baseline.adopted_at:
        return (
            "No adopted run is named: actuals are held against what the case promises now, which moves with the case. "
            "Adopt a run to have a baseline that does not."
        )
    return f"Adopted on {baseline.adopted_at[:10]}, unchanged since: fingerprint {baseline.fingerprint[:12]}."


def say_result(ledger: Ledger) -> list[str]:
    """Say what came against what was promised, and its largest cause."""
    months, currency = ledger.months, ledger.currency
    promised, actual = float(months["promised"].sum()), float(months["actual"].sum())
    change, when = (
        actual - promised,
        f"Over {say_count(months['month'].nunique(), 'month')} the processes reported cost",
    )
    if abs(change) < NOTHING:
        first = f"{when} what was promised, {say_money(actual, currency)}."
    else:
        share = f" ({say_share(abs(change) / promised)})" if promised > 0 else ""
        over = "more" if change > 0 else "less"
        much = f"{say_money(abs(change), currency)}{share} {over} than promised"
        first = f"{when} {say_money(actual, currency)}, {much}."
    causes = ledger.leakage.groupby("cause")["amount"].sum().sort_values(ascending=False)
    dear = causes[causes > NOTHING].head(2)
    named = [f"{CAUSE_NAMES[str(cause)].lower()} ({say_money(float(each), currency)})" for cause, each in dear.items()]
    return [first, f"What cost most beyond the promise: {say_list(named)}."] if named else [first]


def say_forecast(ledger: Ledger) -> str:
    """Say what the benefits promised to the end of the horizon, and what they are heading for."""
    table, currency = ledger.benefits, ledger.currency
    if table.empty:
        return "No move is reported yet."
    promised, coming = float(table["promised_total"].sum()), float(table["forecast_total"].sum())
    return (
        f"To the end of the horizon the moves reported promised {say_money(promised, currency)} against today's "
        f"delivery; as things go they bring {say_money(coming, currency)}."
    )


def say_benefits(ledger: Ledger) -> str:
    """Say how many benefits stand where, and whether each has an owner."""
    table = ledger.benefits
    counts = table["status"].value_counts()
    stands = [f"{counts[status]} {status}" for status in STATUS_TONES if status in counts]
    missing = int((table["benefit_owner"] == "").sum())
    owned = "each has an owner" if not missing else f"{missing} of them without an owner"
    return (
        f"Of {say_count(len(table), 'benefit')} {say_list(stands)}; {owned}." if len(table) else "No move is reported."
    )


def say_watermelons(ledger: Ledger) -> str:
    """Say where service is green and satisfaction red."""
    table = ledger.service[ledger.service["is_watermelon"]]
    if table.empty:
        return "Nowhere is the service level met while its users are dissatisfied."
    named = [
        f"{row['process_name']} (service met, {say_share(row['satisfaction'])} satisfied)"
        for row in table.to_dict("records")
    ]
    return (
        f"Green outside and red inside: {say_list(named)}. The measure is met and its users are not served: ask them, "
        f"and change what is measured."
    )


def say_invoices(ledger: Ledger) -> str:
    """Say what was billed wrongly and which credits are missing."""
    table, currency = ledger.invoices, ledger.currency
    billed = table[table["billed"].notna()]
    if billed.empty:
        return "No invoice was loaded."
    wrong = billed[billed["verdict"].isin(["billed too much", "billed too little"])]
    missing = float(table["credit_missing"].sum())
    excess = float(billed["price_excess"].sum())
    words = (
        f"Of {say_count(len(billed), 'invoice')} {len(wrong)} differ from price and bands, by "
        f"{say_money(float(wrong['error'].sum()), currency)} in all"
        if len(wrong)
        else f"All {say_count(len(billed), 'invoice')} agree with the price in force and its bands"
    )
    words += (
        f"; prices in force cost {say_money(excess, currency)} more than the contract's" if excess > NOTHING else ""
    )
    credit = f"{say_money(missing, currency)} of credits are due and were not received" if missing > NOTHING else ""
    return f"{words}; {credit}." if credit else f"{words}; no credit is missing."


def find_most_moved(lessons: Lessons) -> pd.Series | None:
    """Find the belief that what came moved most, against its size; None where each came as believed."""
    table = lessons.table
    moved = (table["after"] / table["before"] - 1).where(table["before"] > 0).abs()
    return table.loc[moved.idxmax()] if moved.max() > 0 else None


def say_learned(lessons: Lessons) -> str:
    """Say how many figures were learned from, and which assumption was the weakest."""
    table, most = lessons.table, find_most_moved(lessons)
    if table.empty:
        return "Nothing was seen yet from which a range could be learned."
    if most is None:
        return f"{say_count(len(table), 'figure')} seen; each came as believed."
    return (
        f"{say_count(len(table), 'figure')} learned from. Weakest assumption: {FIGURE_NAMES[most['figure']].lower()}, "
        f"believed to be {most['before']:.4g}; {most['observed']:.4g} came, and {most['after']:.4g} is expected next."
    )
