"""The ledger of an adopted run: what came against what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.card import Card, Carded
from sourcing.case import require_no_inputs, write_csv
from sourcing.errors import InputError
from sourcing.program.ledger.alignment import Alignment, align_actuals
from sourcing.program.ledger.baseline import Baseline, open_baseline, read_baseline
from sourcing.program.ledger.benefits import compare_service, forecast_costs, rate_benefits
from sourcing.program.ledger.improvement import track_improvement
from sourcing.program.ledger.invoices import check_invoices
from sourcing.program.ledger.leakage import split_leakage
from sourcing.program.ledger.suggestions import weigh_suggestions

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.case import Case
    from sourcing.decide import Decision

LEDGER_FILES = ("leakage", "months", "benefits", "forecast", "invoices", "service", "suggestions", "improvement",
                "feedback", "told")  # fmt: skip


@dataclass(frozen=True, repr=False)
class Ledger(Carded):
    """What came of an adopted run.

    Attributes
    ----------
    baseline : Baseline
    aligned : Alignment
    leakage : DataFrame
        From `split_leakage`.
    benefits, forecast, service : DataFrame
        From `rate_benefits`, `forecast_costs`, `compare_service`.
    invoices : DataFrame
        From `check_invoices`.
    suggestions, improvement : DataFrame
        From `weigh_suggestions`, `track_improvement`.
    feedback : DataFrame
        What providers and users say, latest first.
    """

    baseline: Baseline
    aligned: Alignment
    leakage: pd.DataFrame
    benefits: pd.DataFrame
    forecast: pd.DataFrame
    service: pd.DataFrame
    invoices: pd.DataFrame
    suggestions: pd.DataFrame
    improvement: pd.DataFrame
    feedback: pd.DataFrame

    @property
    def currency(self) -> str:
        """Currency of the unit."""
        return self.baseline.currency

    @property
    def months(self) -> pd.DataFrame:
        """Promised and actual cost of each process and month reported: process, month, promised, actual, as_is."""
        return self.aligned.months[["process", "month", "promised", "actual", "as_is"]]

    @property
    def told(self) -> pd.DataFrame:
        """What was not reported, and what was taken in its place."""
        return self.aligned.told

    def _card(self) -> Card:
        return Card(
            "Ledger",
            {
                "business unit": self.baseline.business_unit,
                "months reported": self.months["month"].nunique(),
                "processes": self.months["process"].nunique(),
                "invoices": len(self.invoices),
            },
            "pack.show_ledger(ledger)",
        )


def open_ledger(run: str | Path | Baseline, case: Case) -> Ledger:
    """Open the ledger of an adopted run.

    Parameters
    ----------
    run : path or Baseline
        Folder of an adopted run.
    case : Case
        One unit, with its tables actuals, suggestions and feedback as they are now.

    Raises
    ------
    InputError
        Not adopted, an altered baseline, another unit's, no actuals.
    """
    baseline = run if isinstance(run, Baseline) else read_baseline(run)
    if baseline.business_unit != case.unit["business_unit"]:
        raise InputError(
            f"A ledger's case must be the unit that was adopted, {baseline.business_unit!r}; got "
            f"{case.unit['business_unit']!r}. Hint: name the run of this unit."
        )
    aligned = align_actuals(baseline, case.actuals)
    leakage, weighed = split_leakage(aligned), weigh_suggestions(case)
    forecast = forecast_costs(aligned, leakage, baseline)
    return Ledger(
        baseline=baseline,
        aligned=aligned,
        leakage=leakage,
        benefits=rate_benefits(aligned, leakage, forecast, baseline),
        forecast=forecast,
        service=compare_service(aligned, baseline),
        invoices=check_invoices(aligned, baseline),
        suggestions=weighed,
        improvement=track_improvement(aligned, baseline, weighed),
        feedback=case.feedback.sort_values(["date", "party"], ascending=[False, True], ignore_index=True),
    )


def find_ledger(run: str, decision: Decision) -> Ledger | None:
    """Find the ledger of a unit, as a notebook asks for it.

    Parameters
    ----------
    run : str
        Folder of an adopted run; "" for what the case promises now, which nobody has adopted and which moves with the
        case (`baseline.adopted_at` is "").
    decision : Decision

    Returns
    -------
    Ledger or None
        None where the unit has no actuals.
    """
    if decision.case.actuals.empty:
        return None
    return open_ledger(run or open_baseline(decision), decision.case)


def write_ledger(ledger: Ledger, folder: str | Path) -> list[str]:
    """Write a ledger as CSV, one file per table of LEDGER_FILES.

    Returns
    -------
    list of str
        Names of the files.

    Raises
    ------
    InputError
        The folder holds tables of a case.
    """
    target = Path(folder)
    names = [f"ledger_{name}.csv" for name in LEDGER_FILES]
    require_no_inputs(target, names=names)
    target.mkdir(parents=True, exist_ok=True)
    for name, file in zip(LEDGER_FILES, names, strict=True):
        table: pd.DataFrame = getattr(ledger, name)
        days = {column: table[column].dt.strftime("%Y-%m-%d") for column in table.select_dtypes("datetime").columns}
        write_csv(table.assign(**days), target / file)
    return names
