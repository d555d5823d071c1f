"""The smallest change of one number that would flip a decision, through the drivers that a plan carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError, hint_near
from sourcing.plan.explain.flips import flip_decisions
from sourcing.plan.explain.keep import keep_answer, read_plan
from sourcing.plan.tables import read_numbers, require_table

if TYPE_CHECKING:
    from sourcing.plan.plan import Plan

COLUMNS = (
    "process", "driver", "of", "to_option", "today", "needed", "needed_sooner", "change", "change_share", "exact",
    "flips",
)  # fmt: skip
_READ = ("process", "option", "driver", "value")
_LEAST_SPEED = 1e-12


def read_drivers(plan: Plan) -> pd.DataFrame:
    """Give the drivers of a plan, checked; empty where it carries none.

    Returns
    -------
    DataFrame
        process, option[, wave] (of the alternative whose cost follows), driver (kind of number), of (whose number it
        is; the option itself where not said), value (today's), rate (change of cost per unit), linear (True where not
        said), low, high (where the number may lie, or, not linear, where the row holds; no limit where not said),
        change (of cost, not linear), barred (not linear: whether it would be barred).

    Raises
    ------
    InputError
        If a column is missing, a number is none, or a row names no alternative.
    """
    given = plan.drivers() if callable(plan.drivers) else plan.drivers
    if given is None:
        return pd.DataFrame(columns=[*_READ, "of", "rate", "linear", "low", "high", "change", "barred"])
    table = require_table(given, "drivers", list(_READ)).reset_index(drop=True)
    defaults = {"of": table["option"], "rate": np.nan, "linear": True, "low": -np.inf, "high": np.inf}
    table = table.assign(**{name: each for name, each in (defaults | {"change": 0.0, "barred": False}).items()
                            if name not in table})  # fmt: skip
    read_numbers(table, "value", "drivers")
    read_numbers(table, "rate", "drivers", table["linear"].to_numpy(dtype=bool))
    keys = [name for name in ("process", "option", "wave") if name in table and name in plan.alternatives]
    known = set(plan.alternatives[keys].itertuples(index=False, name=None))
    unknown = [key for key in table[keys].itertuples(index=False, name=None) if key not in known]
    if unknown:
        raise InputError(
            f"a driver must belong to an alternative; got {unknown[0]!r} at drivers. "
            f"{hint_near(str(unknown[0][1]), plan.alternatives['option'])}"
        )
    return table


def flip_numbers(plan: Plan, *, gap: float | None = None, time_limit: float = 60.0, every: bool = True) -> pd.DataFrame:
    """Find, for each number behind a process, the smallest change of it alone that makes another option the choice.

    Parameters
    ----------
    plan : Plan
        With drivers, or a decision that has such a plan.
    gap, time_limit, every
        As for `flip_decisions`.

    Returns
    -------
    DataFrame
        One row per process, driver and `of` (the option whose number it is; "" where it is the process's), sorted:
        to_option (what the decision flips to), today, needed (the value at which it surely has flipped), needed_sooner
        (no value nearer to today's flips it), change (needed - today), change_share (of today's value), exact (both
        are the same), flips (False: no value of it does; the rest is NaN then).

    Notes
    -----
    Formula: forcing option o instead of c costs F; a number that moves their costs by r_o and r_c per unit flips the
    choice at a change of `F / (r_c - r_o)`, for the wave in which the difference is least or most where they
    differ. Not linear: for each stretch of values the change of both costs is compared with F, and an option barred
    there, or no longer barred, counts as such. A process that is split is left out.
    """
    plan = read_plan(plan)
    return keep_answer(plan, ("numbers", gap, every), lambda: _flip_all(plan, gap, time_limit, every)).copy()


def _flip_all(plan: Plan, gap: float | None, time_limit: float, every: bool) -> pd.DataFrame:
    drivers = read_drivers(plan)
    flips = flip_decisions(plan, gap=gap, time_limit=time_limit, every=every)
    flips["wave"] = flips.get("wave")
    whole = plan.choices.groupby("process").size()
    records = []
    for (process, driver, of), rows in drivers.groupby(["process", "driver", "of"], sort=True):
        if whole[process] > 1:
            continue
        own = flips[flips["process"] == process]
        chosen = own.loc[own["chosen"], "option"].iloc[0]
        best = [
            _flip_linear(rows, chosen, rival) if bool(rows["linear"].iloc[0]) else _flip_pieces(rows, chosen, rival)
            for rival in own[~own["chosen"]].to_dict("records")
        ]
        record = {"process": process, "driver": driver, "of": of, "today": float(rows["value"].iloc[0])}
        records.append(record | _pick_nearest(best, record["today"]))
    return pd.DataFrame(records, columns=list(COLUMNS))


Found = tuple[float, float, Any]


def _pick_nearest(found: list[Found | None], today: float) -> dict[str, Any]:
    """Take the smallest change that surely flips, and the smallest that any option might flip at."""
    known = [each for each in found if each is not None]
    sure = [each for each in known if np.isfinite(each[0])]
    nothing = {"to_option": None, "needed": np.nan, "needed_sooner": np.nan, "change": np.nan, "change_share": np.nan}
    if not sure:
        is_open = any(np.isfinite(sooner) for _, sooner, _ in known)
        return nothing | {"exact": not is_open, "flips": False}
    change, _, option = min(sure, key=lambda each: (abs(each[0]), str(each[2])))
    sooner = min((each[1] for each in known), key=abs)
    return {
        "to_option": option,
        "needed": today + change,
        "needed_sooner": today + sooner,
        "change": change,
        "change_share": change / abs(today) if today else np.nan,
        "exact": bool(np.isclose(change, sooner, rtol=1e-9)),
        "flips": True,
    }


def _flip_linear(rows: pd.DataFrame, chosen: Any, rival: dict[str, Any]) -> Found | None:
    """Give the change at which a rival surely is the better choice, and the least at which it might be."""
    if rival["is_barred"] or np.isinf(rival["lower"]):
        return None
    today, low, high = (float(rows[name].iloc[0]) for name in ("value", "low", "high"))
    of_chosen = rows.loc[rows["option"] == chosen, "rate"].to_numpy(dtype=float)
    of_rival = rows.loc[rows["option"] == rival["option"]]
    own = of_rival["rate"].to_numpy(dtype=float)
    if rival["wave"] is not None and "wave" in of_rival:
        at_wave = of_rival.loc[of_rival["wave"] == rival["wave"], "rate"].to_numpy(dtype=float)
    else:
        at_wave = own
    of_chosen, own, at_wave = (rates if len(rates) else np.zeros(1) for rates in (of_chosen, own, at_wave))
    best: Found | None = None
    for sign, room in ((1.0, high - today), (-1.0, today - low)):
        sure = float((sign * of_chosen).min() - (sign * at_wave).max())
        fastest = float((sign * of_chosen).max() - (sign * own).min())
        change = rival["upper"] / sure if sure > _LEAST_SPEED else np.inf
        sooner = max(0.0, rival["lower"]) / fastest if fastest > _LEAST_SPEED else np.inf
        if sooner > room:
            continue
        found = (sign * change if change <= room else np.inf, sign * sooner, rival["option"])
        if best is None or abs(found[0]) < abs(best[0]):
            best = found
    return best


def _flip_pieces(rows: pd.DataFrame, chosen: Any, rival: dict[str, Any]) -> Found | None:
    """Give the nearest value of a stretch in which a rival is the better choice, as a change from today."""
    today = float(rows["value"].iloc[0])
    best: Found | None = None
    for (low, high), piece in rows.groupby(["low", "high"]):
        nearest = float(np.clip(today, low, high))
        of_chosen, own = (piece[piece["option"] == option] for option in (chosen, rival["option"]))
        if own.empty or bool(own["barred"].all()) or np.isinf(rival["lower"]):
            continue
        apart = float(own["change"].min()) - (float(of_chosen["change"].max()) if len(of_chosen) else 0.0)
        is_out = len(of_chosen) > 0 and bool(of_chosen["barred"].all())
        sure, maybe = is_out or rival["upper"] + apart < 0.0, is_out or rival["lower"] + apart < 0.0
        if maybe and (best is None or abs(nearest - today) < abs(best[1])):
            best = (nearest - today if sure else np.inf, nearest - today, rival["option"])
    return best
