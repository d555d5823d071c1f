"""The baseline: what a run promised, adopted once, never altered."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing import __version__
from sourcing.case import read_csv, replacing, write_csv
from sourcing.errors import InputError
from sourcing.program.ledger.commitments import COMMITMENT_COLUMNS, list_commitments
from sourcing.program.ledger.promise import PROMISE_COLUMNS, list_promise
from sourcing.program.ledger.suggestions import ACCEPTED, spread_suggestions

if TYPE_CHECKING:
    from sourcing.decide import Decision

PROMISE, COMMITMENTS, SUMMARY = "promise.csv", "commitments.csv", "summary.json"
FOLDER, RECORD = "baseline", "baseline.json"
DATES = {"promise": ("month",), "commitments": ("starts", "goes_live")}
TEXTS = {
    "promise": ("process", "option"),
    "commitments": ("process", "option", "process_name", "option_name", "benefit_owner", "owner_type", "owner",
                    "delivery_model", "volume_unit", "currency", "contract_form", "contract"),
}  # fmt: skip
FLAGS = ("is_today", "is_moved_to")
DIGITS = 12
"""Significant digits that a promise is kept with."""
COLUMNS = {"promise": (*PROMISE_COLUMNS, "suggestions"), "commitments": COMMITMENT_COLUMNS}
HINT = "Hint: restore the folder from a copy; who wants another baseline plans again into a new folder and adopts that."


@dataclass(frozen=True)
class Baseline:
    """What was promised when a run was adopted.

    Attributes
    ----------
    business_unit, currency, adopted_at, fingerprint : str
    case_fingerprint : str
        Of the case that was planned.
    promise, commitments : DataFrame
        From `list_promise` (with `suggestions`: what accepted ones are expected to change, a saving below 0) and
        `list_commitments`.
    """

    business_unit: str
    currency: str
    adopted_at: str
    fingerprint: str
    case_fingerprint: str
    promise: pd.DataFrame
    commitments: pd.DataFrame


def collect_promise(decision: Decision) -> dict[str, pd.DataFrame]:
    """Collect what a run keeps to be adopted: the tables promise and commitments, days as texts.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    dict of str to DataFrame
    """
    commitments = list_commitments(decision)
    promise = list_promise(decision, commitments)
    tables = {"promise": _add_suggestions(promise, commitments, decision), "commitments": commitments}
    for name, table in tables.items():
        days = {column: pd.to_datetime(table[column]).dt.strftime("%Y-%m-%d") for column in DATES[name]}
        numbers = table.select_dtypes("number").columns
        rounded = {column: table[column].astype(float).map(_round) for column in numbers}
        tables[name] = table.assign(**days, **rounded)
    return tables


def _round(number: float) -> float:
    return float(f"{number:.{DIGITS}g}") + 0.0


def _add_suggestions(promise: pd.DataFrame, commitments: pd.DataFrame, decision: Decision) -> pd.DataFrame:
    """Add what accepted suggestions are expected to change, on the row of the option that the process moves to."""
    monthly = spread_suggestions(decision.case)
    monthly = monthly[monthly["status"] == ACCEPTED]
    if monthly.empty:
        return promise.assign(suggestions=0.0)
    change = (monthly["cost"] - monthly["saving"]).groupby([monthly["process"], monthly["month"]]).sum()
    leading = commitments[commitments["share"] > 0].drop_duplicates("process").set_index("process")["option"]
    keys = pd.MultiIndex.from_frame(promise[["process", "month"]])
    told = change.reindex(keys).fillna(0.0).to_numpy()
    return promise.assign(suggestions=told * (promise["option"] == promise["process"].map(leading)).to_numpy(float))


def fingerprint_promise(tables: dict[str, Any]) -> str:
    """Return the SHA-256 of the tables of a promise: of their columns, texts, days and numbers to twelve digits.

    Parameters
    ----------
    tables : dict of str to DataFrame
        From `collect_promise`, or read back.
    """
    digest = hashlib.sha256()
    for name in sorted(COLUMNS):
        table = tables[name][list(COLUMNS[name])]
        days = {column: pd.to_datetime(table[column]).dt.strftime("%Y-%m-%d") for column in DATES[name]}
        numbers = [column for column in table if column not in (*TEXTS[name], *DATES[name], *FLAGS)]
        plain = {column: table[column].astype(float) for column in numbers}
        text = table.assign(**days, **plain).to_csv(index=False, lineterminator="\n", float_format=f"%.{DIGITS}g")
        digest.update(f"{name}\n{text}".encode())
    return digest.hexdigest()


def adopt_run(run: str | Path, *, now: datetime | None = None) -> Baseline:
    """Adopt a run: its promise is written once into its folder `baseline` and never altered.

    Parameters
    ----------
    run : path
        Folder that `sourcing plan` wrote, or a unit's folder of `sourcing packs`.
    now : datetime, optional
        Time of adoption; the present if None.

    Raises
    ------
    InputError
        No run there, one without a plan or a promise, a promise edited since the run, or one adopted already.
    """
    folder = Path(run)
    summary = _read_json(folder / SUMMARY, "A run to adopt must hold summary.json")
    if "promise" not in summary or not (folder / PROMISE).is_file() or not (folder / COMMITMENTS).is_file():
        raise InputError(
            f"A run to adopt must hold what it promises ({PROMISE}, {COMMITMENTS}); got none in {str(run)!r}. "
            "Hint: sourcing plan CASE --unit U --out DIR writes it where there is a plan."
        )
    target = folder / FOLDER
    if target.exists():
        raise InputError(
            f"A run is adopted once; got {str(target)!r} there already. Hint: plan again into a new folder, adopt that."
        )
    tables = {name: _read_table(folder / f"{name}.csv", name) for name in COLUMNS}
    if fingerprint_promise(tables) != summary["promise"]:
        raise InputError(
            f"What is adopted must be what the run promised; got {PROMISE} or {COMMITMENTS} changed since in "
            f"{str(run)!r}. Hint: plan again."
        )
    record = {
        "adopted_at": (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "suite": __version__,
        "business_unit": summary["business_unit"],
        "currency": summary["currency"],
        "case": summary["fingerprint"],
        "promise": summary["promise"],
    }
    record["fingerprint"] = _fingerprint(record)
    with replacing(target) as aside:
        aside.mkdir()
        for name in COLUMNS:
            write_csv(_spell(tables[name], name), aside / f"{name}.csv")
        text = json.dumps(record, indent=2, sort_keys=True) + "\n"
        (aside / RECORD).write_text(text, encoding="utf-8", newline="\n")
        for file in aside.iterdir():
            file.chmod(0o444)
    return read_baseline(folder)


def read_baseline(run: str | Path) -> Baseline:
    """Read the baseline of an adopted run.

    Parameters
    ----------
    run : path
        The run's folder, or its `baseline`.

    Raises
    ------
    InputError
        Not adopted, or the baseline was edited since.
    """
    folder = Path(run)
    folder = folder if folder.name == FOLDER else folder / FOLDER
    if not folder.is_dir():
        raise InputError(
            f"A ledger needs an adopted run; got no folder {FOLDER!r} in {str(run)!r}. Hint: sourcing adopt {run}."
        )
    record = _read_json(folder / RECORD, "A baseline must hold baseline.json")
    stated = {name: part for name, part in record.items() if name != "fingerprint"}
    altered = [] if record.get("fingerprint") == _fingerprint(stated) else [RECORD]
    tables = {}
    try:
        tables = {name: _read_table(folder / f"{name}.csv", name) for name in COLUMNS}
        if not altered and fingerprint_promise(tables) != record["promise"]:
            altered = [f"{PROMISE} or {COMMITMENTS}"]
    except InputError:
        altered.append(f"{PROMISE} or {COMMITMENTS}")
    if altered:
        raise InputError(
            f"An adopted baseline must be as it was written; got {' and '.join(altered)} altered in {str(folder)!r}. "
            f"{HINT}"
        )
    return Baseline(
        record["business_unit"], record["currency"], record["adopted_at"], record["fingerprint"], record["case"],
        tables["promise"], tables["commitments"],
    )  # fmt: skip


def open_baseline(decision: Decision, adopted_at: str = "") -> Baseline:
    """Open what a decision promises as a baseline that nobody has adopted, to look at it."""
    made = collect_promise(decision)
    tables = {name: _type(table, name) for name, table in made.items()}
    unit, case = decision.case.unit, decision.case.fingerprint
    return Baseline(str(unit["business_unit"]), str(unit["currency"]), adopted_at, fingerprint_promise(made), case,
                    tables["promise"], tables["commitments"])  # fmt: skip


def _read_table(file: Path, name: str) -> pd.DataFrame:
    try:
        texts = read_csv(file)
        missing = [column for column in COLUMNS[name] if column not in texts]
        if missing:
            raise InputError(f"{file.name} must have the column {missing[0]!r}; got none. {HINT}")
        return _type(texts[list(COLUMNS[name])], name)
    except (OSError, ValueError) as error:
        raise InputError(f"{file.name} must be as the run wrote it; got {error}. {HINT}") from error


def _type(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Give the columns of a table read as texts their types."""
    typed = {}
    for column, values in table.items():
        if column in DATES[name]:
            typed[column] = pd.to_datetime(values, format="%Y-%m-%d")
        elif column in FLAGS:
            typed[column] = values.astype(str) == "True"
        elif column in TEXTS[name]:
            typed[column] = values.fillna("").astype("str")
        else:
            typed[column] = pd.to_numeric(values.replace("", float("nan"))).astype(float)
    return pd.DataFrame(typed)


def _spell(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table.assign(**{column: table[column].dt.strftime("%Y-%m-%d") for column in DATES[name]})


def _read_json(file: Path, claim: str) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise InputError(f"{claim}; got {error} at {str(file)!r}. Hint: name the folder of a run.") from error


def _fingerprint(record: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
