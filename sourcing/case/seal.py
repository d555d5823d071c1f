"""The seal: criteria, weights, thresholds and hurdles are fingerprinted before costs are known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing import __version__
from sourcing.case.checks import number_rows
from sourcing.case.dictionary import supplied_tables
from sourcing.case.fingerprint import fingerprint_tables
from sourcing.case.load import conform_tables, find_case, raise_problems, read_folder
from sourcing.case.policy import LEVERS, Policy, read_lever
from sourcing.case.problem import ERROR
from sourcing.case.writing import replacing
from sourcing.errors import InputError
from sourcing.remote import fetching

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.case.load import Case

TABLES = ("criteria", "pairwise", "weights")
LEVERS_SEALED = (
    "commoditization_threshold", "core_threshold", "capability_threshold", "min_coverage", "posture_bars",
    "aggregate_weights", "consistency_limit", "confidence_floor", "evidence_gap", "readiness_floor", "readiness_gate",
    "partnership_floor", "competitor_conflict", "rival_conflict", "hurdle_share", "hurdle_sum", "hurdle_takes",
)  # fmt: skip
COSTS = {
    "options": ("labor_cost_per_fte", "price_per_year", "non_labor_cost_per_year", "investment", "transition_cost"),
    "processes": ("labor_cost_today_per_fte", "price_today_per_year"),
    "deals": ("break_fee", "minimum_per_year", "retender_price_per_year"),
    "price_tiers": ("discount_share",),
    "cost_pools": ("cost_per_year",),
    "handoff_costs": ("cost",),
}
"""Table -> columns that hold money: whether any is filled is what a seal tells of them."""


@dataclass(frozen=True)
class SealState:
    """What the seals of a case say of a unit.

    Attributes
    ----------
    sealed_at : str
        Time of the last seal (UTC, ISO 8601); "" where the case, or this unit, was never sealed.
    first_sealed_at : str
    count : int
        Seals so far.
    cost_tables : tuple of str
        Tables that already held costs when the first seal was set.
    is_intact : bool
        Whether the file of seals is as it was written.
    changes : DataFrame
        What differs from the last seal: item, sealed, now.
    """

    sealed_at: str
    first_sealed_at: str
    count: int
    cost_tables: tuple[str, ...]
    is_intact: bool
    changes: pd.DataFrame


def locate_seal(path: Path) -> Path:
    """Return where the seals of a case stand: in its folder, or beside its workbook.

    Examples
    --------
    >>> locate_seal(Path("unit.xlsx")).name
    'unit.seal.json'
    """
    return path.with_name(f"{path.stem}.seal.json") if path.suffix else path / "seal.json"


def seal_case(folder: str | Path, *, now: datetime | None = None) -> tuple[Path, dict[str, Any], bool]:
    """Seal criteria, weights, thresholds and hurdles of every unit of a case.

    The tables sealed must be sound; the rest of the case may still be empty. Sealing again what has not changed adds
    nothing; a change adds a seal after the earlier ones, and each seal holds the fingerprint of the one before.

    Parameters
    ----------
    folder : path
        A folder of tables or a workbook.
    now : datetime, optional
        Time of the seal; the present if None.

    Returns
    -------
    tuple of Path, dict and bool
        The file of seals, the last seal, and whether it was added now.

    Raises
    ------
    CaseError
        A sealed table holds problems.
    InputError
        Nothing there, no unit, or a file of seals that was altered.
    """
    path = find_case(Path(folder))
    tables, problems = conform_tables(read_folder(path))
    own = [each for each in problems if each.severity == ERROR and each.table in (*TABLES, "policy", "units")]
    if own:
        raise_problems(own, str(folder))
    file, seals = locate_seal(path), _read_seals(locate_seal(path))
    if not _are_intact(seals):
        raise InputError(
            f"The seals of a case must be as they were written; got altered ones in {file.name!r}. "
            "Hint: restore the file, or move it aside and seal anew."
        )
    units = {unit: describe_judgment(tables, unit) for unit in sorted(tables["units"]["business_unit"])}
    if seals and seals[-1]["units"] == units:
        return file, seals[-1], False
    seal = {
        "sealed_at": (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "suite": __version__,
        "cost_tables": list_cost_tables(tables),
        "units": units,
        "before": seals[-1]["fingerprint"] if seals else "",
    }
    seal["fingerprint"] = _fingerprint(seal)
    with replacing(file) as aside:
        aside.write_text(json.dumps({"seals": [*seals, seal]}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return file, seal, True


def describe_judgment(tables: Mapping[str, pd.DataFrame], unit: str, policy: Policy | None = None) -> dict[str, Any]:
    """Describe what a seal holds of a unit: a fingerprint per table, stated weights, and each sealed lever.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Conformed tables of the case.
    unit : str
    policy : Policy, optional
        Settled levers; as the policy table says if None.
    """
    chosen = {
        name: policy.__dict__[name] if policy is not None else _read_from_table(tables["policy"], unit, name)
        for name in LEVERS_SEALED
    }
    own = {name: _sort_own(tables[name], name, unit) for name in TABLES}
    weights = own["criteria"].set_index("criterion")["weight"]
    return {
        "tables": {name: fingerprint_tables({name: frame}) for name, frame in own.items()},
        "weights": {str(name): float(weight) for name, weight in weights.items()},
        "levers": chosen,
    }


def _sort_own(frame: pd.DataFrame, name: str, unit: str) -> pd.DataFrame:
    rows = frame[frame["business_unit"].isin(["", unit])] if "business_unit" in frame else frame
    order = np.argsort(number_rows(rows, supplied_tables()[name].keys), kind="stable")
    return rows.iloc[order].reset_index(drop=True)


def _read_from_table(policy: pd.DataFrame, unit: str, name: str) -> Any:
    rows = policy[policy["business_unit"].isin(["", unit]) & (policy["name"] == name)]
    rows = rows.sort_values("business_unit", kind="stable")
    return LEVERS[name].default if rows.empty else read_lever(name, rows["value"].iloc[-1])


def list_cost_tables(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """List the tables that hold a cost or price above 0."""
    return [
        name
        for name, columns in COSTS.items()
        if len(tables[name]) and (tables[name][list(columns)] > 0).any(axis=None)
    ]


def check_seal(case: Case, policy: Policy) -> SealState:
    """Check whether what was sealed of a unit has changed since, levers set for this run included.

    Parameters
    ----------
    case : Case
        One unit, with the source it was loaded from.
    policy : Policy
        As settled for this run.
    """
    unit, empty = case.unit["business_unit"], pd.DataFrame(columns=pd.Index(["item", "sealed", "now"]))
    try:
        with fetching(case.source) as path:
            seals = _read_seals(locate_seal(find_case(path)))
    except InputError:
        return SealState("", "", 0, (), False, empty)
    own = [seal for seal in seals if unit in seal["units"]]
    if not own:
        return SealState("", "", 0, (), _are_intact(seals), empty)
    now, sealed = describe_judgment(case.tables, unit, policy), own[-1]["units"][unit]
    rows = [
        (f"table {name}", "as sealed", "changed")
        for name in TABLES
        if now["tables"][name] != sealed["tables"].get(name)
    ]
    for kind in ("weights", "levers"):
        for name in sorted({*now[kind], *sealed[kind]}):
            before, after = (str(each[kind].get(name, "none")) for each in (sealed, now))
            if before != after:
                rows.append((f"{'weight of ' if kind == 'weights' else ''}{name}".replace("_", " "), before, after))
    changes = pd.DataFrame(rows, columns=empty.columns)
    first, last = own[0], own[-1]
    return SealState(
        last["sealed_at"], first["sealed_at"], len(own), tuple(first["cost_tables"]), _are_intact(seals), changes
    )


def _read_seals(file: Path) -> list[dict[str, Any]]:
    if not file.is_file():
        return []
    try:
        seals = json.loads(file.read_text(encoding="utf-8"))["seals"]
        _are_intact(seals)
        return [{**seal, "units": dict(seal["units"])} for seal in seals]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"A file of seals must be as it was written; got {error} in {file.name!r}. "
            "Hint: restore it, or move it aside and seal anew."
        ) from error


def _are_intact(seals: list[dict[str, Any]]) -> bool:
    """Whether each seal has its own fingerprint and names that of the one before."""
    befores = ["", *(seal["fingerprint"] for seal in seals)][: len(seals)]
    return all(
        seal["fingerprint"] == _fingerprint(seal) and seal["before"] == before
        for seal, before in zip(seals, befores, strict=True)
    )


def _fingerprint(seal: Mapping[str, Any]) -> str:
    content = {name: part for name, part in seal.items() if name != "fingerprint"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
