"""Make eighteen months of actuals of one unit, retail, with causes planted that its ledger must find.

Run `python data/example/build_actuals.py` after the other tables. The unit is planned as its case stands, and each
month is reported as promised but for the causes below, each in a process of its own, so that what each costs can be
worked out by itself; `planted.csv` says how much. All of it is invented. `feedback.csv` and `suggestions.csv` are kept
by hand.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sourcing import load_case
from sourcing.decide import decide_unit
from sourcing.program import Baseline, open_baseline

HERE = Path(__file__).parent
UNIT, MONTHS = "retail", 18


def list_rows(baseline: Baseline) -> pd.DataFrame:
    """Report every month as it was promised: one row per process, option that delivers and month."""
    promise = baseline.promise.merge(
        baseline.commitments[["process", "option", "owner_type", "delivery_model", "availability"]],
        on=["process", "option"],
    )
    months = sorted(promise["month"].unique())[:MONTHS]
    return promise[promise["month"].isin(months)].reset_index(drop=True)


def plant(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str, float, str]]]:
    """Plant the causes; return what came (columns of the promise as realized) and what each cause costs."""
    came = rows.assign(
        paid_rate=rows["rate"], paid_exchange=rows["exchange_rate"], kept=rows["retained_heads"], scope=0.0,
        extra_error=0.0,
        books=0.0, satisfaction=0.86, service=rows["availability"], more=1.0, heads_more=1.0,
    )  # fmt: skip
    number = ((came["month"].dt.year - came["month"].min().year) * 12 + came["month"].dt.month).to_numpy()
    planted: list[tuple[str, str, float, str]] = []

    def pick(process: str, since: int = 1, option: str | None = None) -> np.ndarray:
        picked = (came["process"] == process).to_numpy() & (number >= since)
        return picked if option is None else picked & (came["option"] == option).to_numpy()

    def note(process: str, cause: str, amount: float, what: str) -> None:
        planted.append((process, cause, float(amount), what))

    def run(at: np.ndarray) -> pd.Series:
        """What people or price cost as promised."""
        units = rows["heads"].where(rows["heads"] > 0, rows["volume"])
        return (rows["live"] * units * rows["rate"] * rows["exchange_rate"])[at]

    at = pick("accounts_payable", 7)
    came.loc[at, "more"] = 1.12
    note("accounts_payable", "volume", 0.12 * run(at).sum(), "twelve per cent more invoices from the seventh month on")
    at = pick("application_maintenance", 1, "orchid")
    came.loc[at, "paid_rate"] *= 1.04
    note("application_maintenance", "rate", 0.04 * run(at).sum(), "the price is four per cent above the contract")
    at = pick("warehouse", 10)
    came.loc[at, "paid_rate"] *= 1.015
    note("warehouse", "rate", 0.015 * run(at).sum(), "wages rose by one and a half points more than planned")
    at = pick("help_desk", 14, "captive")
    came.loc[at, "paid_exchange"] *= 1.06
    note("help_desk", "exchange_rate", 0.06 * run(at).sum(), "the peso gained six per cent")
    at = pick("general_ledger")
    late = np.clip(number - (10.125 + 3), 0, 1)
    is_new = (came["option"] == "orchid").to_numpy()
    shifted = np.where(is_new, late, 1 - late)
    units = rows["heads"].where(rows["heads"] > 0, rows["volume"])
    whole = (units * rows["rate"] * rows["exchange_rate"] + rows["beside"])[at]
    note(
        "general_ledger",
        "delay",
        (whole * (shifted[at] - rows["live"][at])).sum(),
        "the move goes live three months late",
    )
    came.loc[at, "live"] = shifted[at]
    at = pick("purchasing", 12, "orchid")
    came.loc[at, "kept"] += 1.5
    each = (rows["retained_cost"] / rows["retained_heads"])[at]
    note("purchasing", "retained_staff", 1.5 * each.sum(), "one and a half heads more are kept")
    for since in (12, 15):
        came.loc[pick("training", 1, "orchid") & (number == since), "extra_error"] = 5000.0
    billed = came[(came["owner_type"] != "own") & (came["live"] > 0)]
    expected = rows.groupby(["process", "month"])["invoice_errors"].sum()
    for process, own in billed.groupby("process"):
        spared = expected.reindex(pd.MultiIndex.from_frame(own[["process", "month"]].drop_duplicates())).sum()
        wrong = 10000.0 if process == "training" else 0.0
        told = "five thousand too much was billed in two months; " if wrong else ""
        note(
            str(process), "invoice_errors", wrong - spared, f"{told}the errors expected of other invoices did not come"
        )
    came.loc[pick("store_planning", 15, "orchid"), "scope"] = 8000.0
    note("store_planning", "scope", 32000.0, "extra layouts were ordered from the fifteenth month on")
    at = pick("customer_relationship")
    note("customer_relationship", "one_off", 0.2 * rows["one_off"][at].sum(), "the move costs a fifth more")
    came.loc[at, "one_off"] *= 1.2
    at = pick("recruiting", 16, "captive")
    came.loc[at, "heads_more"] = 1.1
    note("recruiting", "productivity", 0.1 * run(at).sum(), "the center needs a tenth more people")
    came.loc[pick("legal") & (number == 9) & (came["option"] == "stay").to_numpy(), "books"] = 2000.0
    note("legal", "unexplained", 2000.0, "the books hold a payment that nobody can place")
    came.loc[pick("content_hosting", 10, "caldera"), "service"] -= 0.002
    came.loc[pick("servers"), "satisfaction"] = 0.62
    came.loc[pick("help_desk", 14), "satisfaction"] = 0.74
    return came, planted


def report(came: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Write what came as the table actuals, amounts to the cent."""
    outside = came["owner_type"] != "own"
    leading = came["live"] > 0
    handled = came["volume"] * came["more"] * came["live"]
    heads = came["heads"] * came["live"] * came["more"] * came["heads_more"]
    price = came["paid_rate"].where(outside)
    owed = handled * came["paid_rate"] * came["paid_exchange"]
    billed = (owed + came["scope"] + came["extra_error"]).where(outside & leading)
    each = (rows["retained_cost"] / rows["retained_heads"]).fillna(0.0)
    kept_cost = came["kept"] * each
    beside = came["beside"] * came["live"]
    people = (heads * came["paid_rate"] * came["paid_exchange"]).where(~outside, 0.0)
    is_billed = (outside & leading).groupby([came["process"], came["month"]]).transform("any")
    alone = rows["invoice_errors"].where(~is_billed, 0.0)
    paid = people + billed.fillna(0.0) + beside + kept_cost + came["one_off"] + came["books"] + alone
    table = pd.DataFrame(
        {
            "business_unit": UNIT,
            "process": came["process"],
            "month": came["month"].dt.strftime("%Y-%m-%d"),
            "option": came["option"],
            "volume": handled.map(lambda number: round_figure(number, 9)),
            "price": price.map(lambda number: round_figure(number, 9)),
            "heads": heads.where(~outside).map(lambda number: round_figure(number, 9)),
            "wage": (12 * came["paid_rate"]).where(~outside).map(lambda number: round_figure(number, 9)),
            "exchange_rate": came["paid_exchange"]
            .where(came["paid_exchange"] != 1)
            .map(lambda number: round_figure(number, 7)),
            "other_running_cost": beside.round(2),
            "retained_heads": came["kept"].round(4),
            "retained_cost": kept_cost.round(2),
            "one_off_cost": came["one_off"].round(2),
            "scope_cost": came["scope"].round(2),
            "invoice_amount": billed.round(2),
            "cost": paid.round(2),
            "leavers": count_leavers(came, heads.where(~outside, 0.0)),
            "service": came["service"].where(leading),
            "satisfaction": came["satisfaction"].where(leading),
            "source": "fictional",
        }
    )
    idle = ~leading & (paid.abs() < 0.005)
    return table[~idle]


def count_leavers(came: pd.DataFrame, heads: pd.Series) -> pd.Series:
    """Count the own people who left: a third a year in the centers abroad, a fifth elsewhere, whole people."""
    yearly = came["delivery_model"].map({"offshore": 0.33}).fillna(0.2)
    by = [came["process"], came["option"]]
    until = (heads * yearly / 12).groupby(by).cumsum().add(0.5).round(6).floordiv(1)
    left = until - until.groupby(by).shift(fill_value=0.0)
    return left.where((came["owner_type"] == "own") & (came["live"] > 0))


def round_figure(number: float, digits: int) -> float:
    """Round to significant digits."""
    return float(f"{number:.{digits}g}")


def main() -> None:
    """Plan the unit, then write what came and what was planted."""
    case = load_case(HERE, UNIT)
    baseline = open_baseline(decide_unit(case.replace(actuals=case.actuals.iloc[:0])))
    rows = list_rows(baseline)
    came, planted = plant(rows)
    write(report(came, rows), "actuals")
    table = pd.DataFrame(planted, columns=["process", "cause", "amount", "what"])
    write(table.assign(amount=table["amount"].round(2)), "planted")


def write(table: pd.DataFrame, name: str) -> None:
    """Write a table aside, then rename."""
    path = HERE / f"{name}.csv"
    aside = path.with_suffix(".part")
    table.to_csv(aside, index=False, lineterminator="\n")
    aside.replace(path)


if __name__ == "__main__":
    main()
