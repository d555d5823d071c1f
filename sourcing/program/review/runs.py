"""Runs as they lie on disk: a unit's folder, or a folder of packs with one for each unit."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.errors import CaseError, InputError, hint_near
from sourcing.program.review.compare import DRIFT_COLUMNS, SOLVES, Comparison, compare_sides, take_side
from sourcing.program.review.kept import has_inputs, read_inputs
from sourcing.program.review.mixtures import read_answer, settle_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sourcing.decide import Decision
    from sourcing.program.review.mixtures import Side

SUMMARY, MANIFEST = "summary.json", "manifest.json"
BEFORE, AFTER = "before", "after"
RECORDED = ("objective", "cash_cost", "expected_loss")
CENT, PART = 0.005, 1e-6


@dataclass(frozen=True)
class Run:
    """One unit's run on disk.

    Attributes
    ----------
    business_unit : str
    folder : Path
    summary : mapping
        Its `summary.json`; empty where it has none.
    """

    business_unit: str
    folder: Path
    summary: Mapping[str, Any]


@dataclass(frozen=True)
class Review:
    """Two runs compared, unit by unit.

    Attributes
    ----------
    units : mapping of str to Comparison
        By business unit, in the order of their names.
    only_before, only_after : tuple of str
        Units that only one of the two has.
    left_out : mapping of str to str
        Units of both that could not be compared, with the reason.
    """

    units: Mapping[str, Comparison]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    left_out: Mapping[str, str]

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing differs in any unit."""
        whole = not (self.only_before or self.only_after or self.left_out)
        return whole and all(each.is_unchanged for each in self.units.values())


def compare_runs(
    before: str | Path,
    after: str | Path,
    *,
    units: Iterable[str] | None = None,
    solves: int = SOLVES,
    on_unit: Callable[[str], object] | None = None,
) -> Review:
    """Compare two runs on disk, unit by unit.

    Both sides are decided anew from the inputs that the runs kept, so that every mixture of them is solved by the same
    suite; where that gives another amount than the run recorded, `drift` says so.

    Parameters
    ----------
    before, after : path
        A folder of `sourcing plan`, a unit's folder of `sourcing packs` or the folder of all of them; or a file in one,
        such as `pack.html` or `notebook.ipynb`.
    units : iterable of str, optional
        Business units to compare; all that both have if None.
    solves : int
        Mixtures to solve at most for each unit.
    on_unit : callable, optional
        Called with each unit as it is begun.

    Returns
    -------
    Review

    Raises
    ------
    InputError
        A path is no run, a run kept no inputs, or the two have no unit in common.
    CaseError
        The inputs kept by the only two runs are unsound under this version of the suite.
    """
    old, new = find_runs(before), find_runs(after)
    common = sorted(old.keys() & new.keys())
    if not common:
        raise InputError(
            f"Two runs must have a business unit in common; got {', '.join(sorted(old))} in {str(before)!r} and "
            f"{', '.join(sorted(new))} in {str(after)!r}. Hint: name two runs of the same unit."
        )
    wanted = common if units is None else list(dict.fromkeys(units))
    for unit in wanted:
        if unit not in common:
            raise InputError(f"A unit must be one of both runs; got {unit!r}. {hint_near(unit, common)}")
    found: dict[str, Comparison] = {}
    left_out: dict[str, str] = {}
    for unit in wanted:
        if on_unit:
            on_unit(unit)
        try:
            found[unit] = _compare(old[unit], new[unit], solves)
        except (CaseError, InputError) as error:
            if len(wanted) == 1:
                raise
            left_out[unit] = str(error)
    every = units is None
    return Review(
        found,
        tuple(sorted(old.keys() - new.keys())) if every else (),
        tuple(sorted(new.keys() - old.keys())) if every else (),
        left_out,
    )


def compare_with_run(earlier: str | Path, decision: Decision, *, solves: int = SOLVES) -> Comparison:
    """Compare a decision at hand, such as a notebook's, with an earlier run on disk.

    Parameters
    ----------
    earlier : path
        As for `compare_runs`; "": the same case decided as it says, without the levers that were set for this decision.
    decision : Decision
    solves : int

    Returns
    -------
    Comparison
        From the earlier run to the decision.

    Raises
    ------
    InputError
        No run there, none of this unit, or one without inputs.
    """
    after = take_side(decision)
    if str(earlier) == "":
        return compare_sides(settle_side(decision.case, {}), after, solves=solves)
    unit, runs = str(decision.case.unit["business_unit"]), find_runs(earlier)
    if unit not in runs:
        raise InputError(f"A run must be of {unit!r}; got none at {str(earlier)!r}. {hint_near(unit, runs)}")
    before = settle_side(*read_inputs(runs[unit].folder, unit))
    drift = pd.DataFrame(_list_drift(runs[unit], before, BEFORE), columns=list(DRIFT_COLUMNS))
    return compare_sides(before, after, solves=solves, drift=drift)


def require_no_run(folder: str | Path) -> None:
    """Require that a comparison is not written among the files of a run, some of which have the same names.

    Raises
    ------
    InputError
        The folder is that of a run.
    """
    if (Path(folder) / SUMMARY).is_file():
        raise InputError(
            f"What is no run of one unit must have a folder of its own; got that of a run at {str(folder)!r}. "
            "Hint: name another."
        )


def find_runs(path: str | Path) -> dict[str, Run]:
    """Find the runs at a path: business unit to run.

    Raises
    ------
    InputError
        Nothing there, or no run.
    """
    given = Path(path)
    if not given.exists():
        raise InputError(f"A run must be there to be compared; got {str(path)!r}. Hint: look at the path.")
    folder = given if given.is_dir() else given.parent
    if (folder / SUMMARY).is_file() or has_inputs(folder):
        run = _open_run(folder)
        return {run.business_unit: run}
    runs = [_open_run(own) for own in sorted(folder.iterdir()) if (own / SUMMARY).is_file() or has_inputs(own)]
    if not runs:
        raise InputError(
            f"A run must be a folder that `sourcing plan` or `sourcing packs` wrote; got no {SUMMARY} in "
            f"{str(folder)!r}. Hint: sourcing plan CASE --unit U --out DIR."
        )
    return {run.business_unit: run for run in runs}


def _open_run(folder: Path) -> Run:
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        return Run(str(summary["business_unit"]), folder, summary)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"A run must hold a {SUMMARY} that names its business unit; got {type(error).__name__} in {str(folder)!r}. "
            "Hint: make the run again."
        ) from error


def _compare(before: Run, after: Run, solves: int) -> Comparison:
    sides = [settle_side(*read_inputs(run.folder, run.business_unit)) for run in (before, after)]
    drift = [row for run, side, when in zip((before, after), sides, (BEFORE, AFTER), strict=True)
             for row in _list_drift(run, side, when)]  # fmt: skip
    return compare_sides(*sides, solves=solves, drift=pd.DataFrame(drift, columns=list(DRIFT_COLUMNS)))


def _list_drift(run: Run, side: Side, when: str) -> list[tuple[str, str, float, float]]:
    """List the measures that a run recorded and its inputs no longer give."""
    amounts = read_answer(side).amounts
    rows = []
    for measure in RECORDED:
        recorded = run.summary.get(measure)
        was = math.nan if recorded is None else float(recorded)
        now = amounts.get(measure, math.nan)
        if math.isnan(was) != math.isnan(now) or abs(was - now) > max(CENT, PART * abs(now)):
            rows.append((when, measure, was, now))
    return rows
