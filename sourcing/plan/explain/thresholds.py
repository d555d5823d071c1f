"""The smallest change of one number that would flip a decision, through the drivers that a plan carries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.errors import InputError, hint_near
from sourcing.plan.model import plain_label, read_numbers, require_table
from sourcing.plan.question import Drivers, Question
from sourcing.plan.tolerance import EQUAL, LEAST_RATE

if TYPE_CHECKING:
    from sourcing.plan.plan import Plan

COLUMNS = (
    "process", "driver", "of", "to_option", "today", "needed", "needed_sooner", "change", "change_share", "exact",
    "flips", "held",
)  # fmt: skip
_READ = ("process", "option", "driver", "value")
EMPTY = pd.DataFrame(columns=[*_READ, "of", "rate", "linear", "low", "high", "change", "barred", "moves"])
"""No drivers."""


def read_drivers(question: Question, drivers: Drivers = None) -> pd.DataFrame:
    """Give the drivers of a question, or others in their place, checked; empty where there are none.

    Returns
    -------
    DataFrame
        process, option[, wave] (of the alternative whose cost follows), driver (kind of number), of (whose number it
        is; the option itself where not said), value (today's), rate (change of cost per unit), linear (True where not
        said), low, high (where the row holds; no limit where not said; linear rows of an alternative may be several,
        end to end), change (of cost, beside what follows at the rate), barred (not linear: whether it would be
        barred), moves (measures beside cost that follow the number too, joined by "; ").

    Raises
    ------
    InputError
        If a column is missing, a number is none, or a row names no alternative.
    """
    given = question.drivers if drivers is None else drivers
    given = given() if callable(given) else given
    if given is None:
        return EMPTY
    table = require_table(given, "drivers", list(_READ)).reset_index(drop=True)
    defaults = {
        "of": table["option"], "rate": np.nan, "linear": True, "low": -np.inf, "high": np.inf, "change": 0.0,
        "barred": False, "moves": "",
    }  # fmt: skip
    table = table.assign(**{name: each for name, each in defaults.items() if name not in table})
    table["change"] = table["change"].astype(float).fillna(0.0)
    read_numbers(table, "value", "drivers")
    read_numbers(table, "rate", "drivers", table["linear"].to_numpy(dtype=bool))
    known = set(list_keys(question.alternatives, table))
    unknown = [key for key in list_keys(table, question.alternatives) if key not in known]
    if unknown:
        raise InputError(
            f"a driver must belong to an alternative; got {unknown[0]!r} at drivers. "
            f"{hint_near(str(unknown[0][1]), question.alternatives['option'])}"
        )
    return table


def list_keys(table: pd.DataFrame, other: pd.DataFrame) -> list[tuple[Any, ...]]:
    """List the key of each row, by the parts of it that both tables have, as plain labels."""
    names = [name for name in ("process", "option", "wave") if name in table and name in other]
    return [tuple(map(plain_label, key)) for key in table[names].itertuples(index=False, name=None)]


def find_thresholds(plan: Plan, drivers: pd.DataFrame, flips: pd.DataFrame) -> pd.DataFrame:
    """Find the smallest change of each number that flips a decision, from forcing costs; see `flip_numbers`."""
    given = plan.question.alternatives
    alternatives = {key: list_waves(rows) for key, rows in given.groupby(["process", "option"], sort=False)}
    whole = plan.choices.groupby("process").size()
    counted = list_counted(plan)
    asked = {process: own.to_dict("records") for process, own in flips.groupby("process", sort=False)}
    records = []
    for (process, driver, of), rows in drivers.groupby(["process", "driver", "of"], sort=True):
        if whole[process] > 1:
            continue
        own, follow = asked[process], defaultdict(list)
        for row in rows.to_dict("records"):
            follow[row["option"]].append(row)
        ways = [_read_way(follow[each["option"]], each, alternatives[process, each["option"]]) for each in own]
        chosen = next(way for way, each in zip(ways, own, strict=True) if each["chosen"])
        rivals = [way for way, each in zip(ways, own, strict=True) if not each["chosen"]]
        is_linear = bool(rows["linear"].iloc[0])
        find = _flip_linear if is_linear else _flip_pieces
        found = [each for rival in rivals for each in find(rows, chosen, rival)]
        record = {"process": process, "driver": driver, "of": of, "today": float(rows["value"].iloc[0])}
        moves = {name for cell in rows["moves"] for name in str(cell).split("; ")}
        record["held"] = tuple(rule for rule, names in counted if names & moves)
        records.append(record | _pick_nearest(found, record["today"]))
    return pd.DataFrame(records, columns=list(COLUMNS))


def list_counted(plan: Plan) -> list[tuple[str, set[Any]]]:
    """List each rule of a plan with the measures that it counts."""
    rules = plan.question.rules
    if rules is None:
        return []
    names = [name for name in ("measure", "relative_to") if name in rules]
    counted = zip(rules["rule"].astype(str), map(set, rules[names].itertuples(index=False)), strict=True)
    return sorted(counted, key=lambda each: each[0])


def list_waves(alternatives: pd.DataFrame) -> list[Any]:
    """List the waves of some alternatives as plain labels; None where there are no waves."""
    return [plain_label(wave) for wave in alternatives["wave"]] if "wave" in alternatives else [None]


@dataclass(frozen=True)
class _Way:
    """An option of a process, and how its alternatives, one per wave, follow a number.

    Attributes
    ----------
    option : label
    is_barred : bool
        No alternative of it is open today.
    lower, upper : float
        ForcedOptions cost; `upper` is that of the alternative of `wave`.
    wave : label
    waves : list of label
    rows : dict of label to list of dict
        Of each wave, its rows of the drivers.
    """

    option: Any
    is_barred: bool
    lower: float
    upper: float
    wave: Any
    waves: list[Any]
    rows: dict[Any, list[dict[str, Any]]]

    def lines(self, low: float, high: float) -> dict[Any, tuple[float, float]]:
        """Give, for each wave, the change of cost per unit of a linear number over a stretch, and the change beside."""
        there = {
            wave: [row for row in self.rows.get(wave, []) if (row["low"], row["high"]) == (low, high)]
            for wave in self.waves
        }
        return {
            wave: (sum(float(row["rate"]) for row in rows), sum(float(row["change"]) for row in rows))
            for wave, rows in there.items()
        }

    def change(self, wave: Any, low: float, high: float) -> float:
        """Give the change of cost over a stretch of values; 0 where no row says any, inf where it would be barred."""
        there = [row for row in self.rows.get(wave, []) if (row["low"], row["high"]) == (low, high)]
        barred = any(row["barred"] for row in there) if there else self.is_barred
        return np.inf if barred else sum(float(row["change"]) for row in there)


def _read_way(rows: list[dict[str, Any]], flip: dict[str, Any], waves: list[Any]) -> _Way:
    own: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        for wave in [plain_label(row["wave"])] if "wave" in row else waves:
            own.setdefault(wave, []).append(row)
    named = {name: flip[name] for name in ("option", "is_barred", "lower", "upper")}
    return _Way(**named, wave=plain_label(flip.get("wave")), waves=waves, rows=own)


@dataclass(frozen=True)
class _Flip:
    """A change of a number at which a rival surely is the better choice (inf: none known), or first might be."""

    sure: float
    sooner: float
    rank: float
    option: Any


def _pick_nearest(found: list[_Flip], today: float) -> dict[str, Any]:
    """Take the smallest change that surely flips, and the smallest that any option might flip at."""
    sure = [each for each in found if np.isfinite(each.sure)]
    nothing = {"to_option": None, "needed": np.nan, "needed_sooner": np.nan, "change": np.nan, "change_share": np.nan}
    if not sure:
        return nothing | {"exact": not found, "flips": False}
    first = min(sure, key=lambda each: (abs(each.sure), each.rank, str(each.option)))
    sooner = min((each.sooner for each in found), key=abs)
    return {
        "to_option": first.option,
        "needed": today + first.sure,
        "needed_sooner": today + sooner,
        "change": first.sure,
        "change_share": first.sure / abs(today) if today else np.nan,
        "exact": bool(np.isclose(abs(first.sure), abs(sooner), rtol=EQUAL)),
        "flips": True,
    }


def _flip_linear(rows: pd.DataFrame, chosen: _Way, rival: _Way) -> list[_Flip]:
    """Give, for each stretch and direction, the change at which a rival surely wins, and the least at which it might.

    Over a stretch a cost changes by change + rate x (value - today): a number that is linear but for jumps, such as a
    price below which a provider is starved, comes in several stretches.
    """
    if rival.is_barred or np.isinf(rival.lower):
        return []
    today, found = float(rows["value"].iloc[0]), []
    for low, high in sorted(set(zip(rows["low"], rows["high"], strict=True))):
        own, others = chosen.lines(low, high), rival.lines(low, high)
        (rate, change), (other_rate, other_change) = own[chosen.wave], others[rival.wave]
        behind = rival.upper + other_change - chosen.lower - min(each for _, each in own.values())
        closest = rival.lower + min(each for _, each in others.values()) - chosen.upper - change
        for sign, near, far in ((1.0, low - today, high - today), (-1.0, today - high, today - low)):
            start = max(near, 0.0)
            surely = min(sign * each for each, _ in own.values()) - sign * other_rate
            fastest = sign * rate - min(sign * each for each, _ in others.values())
            needed, sooner = _find_change(behind, surely, start), _find_change(closest, fastest, start)
            if start <= far and sooner <= far and np.isfinite(sooner):
                found.append(_Flip(sign * needed if needed <= far else np.inf, sign * sooner, 0.0, rival.option))
    return found


def _find_change(behind: float, gained: float, start: float) -> float:
    """Find the least change, from `start` on, that makes up for being behind by what is gained per unit; inf if none.

    Examples
    --------
    >>> _find_change(6.0, 2.0, 0.0), _find_change(6.0, 2.0, 5.0), _find_change(6.0, -1.0, 0.0)
    (3.0, 5.0, inf)
    >>> _find_change(-6.0, -1.0, 5.0), _find_change(-4.0, -1.0, 5.0)
    (5.0, inf)
    """
    if gained > LEAST_RATE:
        return max(start, behind / gained)
    return start if start > 0.0 and behind <= gained * start else np.inf


def _flip_pieces(rows: pd.DataFrame, chosen: _Way, rival: _Way) -> list[_Flip]:
    """Give, for each stretch in which a rival might win, its value nearest to today's, as a change."""
    if np.isinf(rival.lower):
        return []
    today = float(rows["value"].iloc[0])
    found = []
    for low, high in sorted(set(zip(rows["low"], rows["high"], strict=True))):
        here = {way.option: [way.change(wave, low, high) for wave in way.waves] for way in (chosen, rival)}
        best = rival.upper + rival.change(rival.wave, low, high)
        is_sure = best < chosen.lower + min(here[chosen.option])
        might = rival.lower + min(here[rival.option]) < chosen.upper + chosen.change(chosen.wave, low, high)
        if might:
            change = float(np.clip(today, low, high)) - today
            found.append(_Flip(change if is_sure else np.inf, change, best, rival.option))
    return found
