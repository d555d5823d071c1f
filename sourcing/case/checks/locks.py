"""Locks say something that can be kept, of waves that there are, under names of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.case.checks.keys import are_among, list_rows
from sourcing.case.checks.options import PROCESS
from sourcing.case.dictionary import load_dictionary
from sourcing.case.locks import DELIVERY, WAVES, find_locked
from sourcing.case.problem import WARNING, Problem, point_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Tables = Mapping[str, pd.DataFrame]

JOINTS = ("; ", " + ", ": ")
"""What stands between names of bans where several are told at once."""
SPREAD = 3
"""So many names are told where a lock leaves nothing."""


def _list_offers(tables: Tables) -> pd.DataFrame:
    """List what can be chosen: a row per option, of a move per wave of the unit's calendar that is no blackout."""
    options, calendar = tables["options"], tables["calendar"]
    today = tables["processes"][[*PROCESS, "as_is_option"]]
    offers = options[[*PROCESS, *DELIVERY.values()]]
    offers = offers.assign(is_as_is=are_among(options[[*PROCESS, "option"]], today))
    open_waves = calendar.loc[~calendar["blackout"].astype(bool), ["business_unit", "wave"]]
    spread = offers[~offers["is_as_is"]].merge(open_waves, on="business_unit")
    has_waves = offers["business_unit"].isin(calendar["business_unit"])
    return pd.concat([offers[offers["is_as_is"] | ~has_waves], spread], ignore_index=True)


def _find_barred(lock: Mapping[str, Any], offers: pd.DataFrame) -> np.ndarray:
    own = offers["business_unit"].isin([lock["business_unit"]]) if lock["business_unit"] else True
    return find_locked(lock, offers) & np.asarray(own)


def locks_say_something(tables: Tables) -> Iterator[Problem]:
    """A lock says how work is delivered or when it may start."""
    locks = tables["locks"]
    says = np.zeros(len(locks), dtype=bool)
    for cell in (*DELIVERY, *WAVES):
        says |= ((locks[cell] != "") & locks[cell].notna()).to_numpy()
    rule = f"one of {', '.join((*DELIVERY, *WAVES))} beside it"
    hint = "Hint: say what is fixed: stay with an owner is delivered_by, not before wave 3 is from_wave 3."
    yield from point_at(locks, ~says, ("locks", "kind"), rule, hint)


def locks_name_waves(tables: Tables) -> Iterator[Problem]:
    """A wave of a lock is one of the calendar of each unit that it speaks of, the first not after the last."""
    locks, calendar, processes = tables["locks"], tables["calendar"], tables["processes"]
    for row, lock in locks.iterrows():
        own = (
            processes[processes["business_unit"].isin([lock["business_unit"]])] if lock["business_unit"] else processes
        )
        own = own[own["process"] == lock["process"]] if lock["process"] else own
        for cell in (each for each in WAVES if pd.notna(lock[each])):
            for unit in own["business_unit"].unique():
                known = calendar.loc[calendar["business_unit"] == unit, "wave"]
                if (known == lock[cell]).any():
                    continue
                waves = ", ".join(f"{wave:g}" for wave in sorted(known))
                hint = (
                    f"Hint: {unit} has the waves {waves}." if waves else f"Hint: add the waves of {unit} to calendar."
                )
                yield Problem("locks", row, cell, "a wave of the calendar", f"{lock[cell]:g}", hint)
                break
    backwards = locks["from_wave"] > locks["until_wave"]
    hint = "Hint: exchange the two."
    yield from point_at(locks, backwards, ("locks", "until_wave"), "a wave not before from_wave", hint)


def locks_leave_an_option(tables: Tables) -> Iterator[Problem]:
    """Each lock can be kept by every process it speaks of, and so can all locks together."""
    locks = tables["locks"]
    if locks.empty:
        return
    offers = _list_offers(tables)
    barred, named = np.zeros(len(offers), dtype=bool), []
    for row, lock in locks.iterrows():
        by = _find_barred(lock, offers)
        alone, before, barred = _list_stranded(offers, by), _list_stranded(offers, barred), barred | by
        named.append((lock["lock"], by))
        together = [key for key in _list_stranded(offers, barred) if key not in before and key not in alone]
        if alone:
            told = "; ".join(_tell_options(offers, key) for key in alone[:SPREAD])
            rule = "an option that keeps it for every process it speaks of"
            hint = "Hint: change its cells, or add an option that keeps it."
            yield Problem("locks", row, "lock", rule, f"none of {told}", hint)
        for key in together[:SPREAD]:
            own = (offers[PROCESS] == list(key)).all(axis=1).to_numpy()
            others = [repr(name) for name, bars in named if (bars & own).any()]
            rule, value = "locks that can be kept together", f"{key[1]}: {', '.join(others)}"
            yield Problem("locks", row, "lock", rule, value, "Hint: lift or loosen one of them.")


def _list_stranded(offers: pd.DataFrame, barred: np.ndarray) -> list[tuple[str, str]]:
    """List the (unit, process) of which every option is barred, in the order of the offers."""
    left = set(list_rows(offers.loc[~barred, PROCESS]))
    return [key for key in dict.fromkeys(list_rows(offers.loc[barred, PROCESS])) if key not in left]


def _tell_options(offers: pd.DataFrame, key: tuple[str, str]) -> str:
    own = offers.loc[(offers[PROCESS] == list(key)).all(axis=1), "option"].drop_duplicates()
    more = f" and {len(own) - SPREAD} more" if len(own) > SPREAD else ""
    return f"{', '.join(own.head(SPREAD))}{more} of {key[1]}"


def locks_bar_something(tables: Tables) -> Iterator[Problem]:
    """A lock `never` speaks of something that could be chosen (warning)."""
    locks = tables["locks"]
    if locks.empty:
        return
    offers = _list_offers(tables)
    idle = [not _find_barred(lock, offers).any() for _, lock in locks.iterrows()]
    wrong = np.array(idle, dtype=bool) & (locks["kind"] == "never").to_numpy()
    rule, hint = "a lock of something that could be chosen", "Hint: loosen one of its cells, or take the row out."
    yield from point_at(locks, wrong, ("locks", "lock"), rule, hint, severity=WARNING)


def locks_have_names_of_their_own(tables: Tables) -> Iterator[Problem]:
    """No lock is named as another of all units, as a veto, a rule or a ban of the suite; names can be told in a row."""
    locks = tables["locks"]
    shared = locks.loc[locks["business_unit"] == "", "lock"]
    taken = {*tables["vetoes"]["veto"], *tables["rules"]["rule"]}
    taken |= set(load_dictionary()["alternatives"].columns["barred_by"].choices)
    taken |= set("service " + tables["services"]["name"])
    again = ((locks["business_unit"] != "") & locks["lock"].isin(shared)) | locks["lock"].isin(taken - {""})
    rule = "a name that no lock of all units, no rule and no other ban has"
    yield from point_at(locks, again, ("locks", "lock"), rule, "Hint: rename it.")
    joined = locks["lock"].map(lambda name: any(joint in name for joint in JOINTS)).astype(bool)
    rule = "a name without a semicolon, a plus sign or a colon before a blank: lists of bans are told with them"
    yield from point_at(locks, joined, ("locks", "lock"), rule, "Hint: write a comma or a dash instead.")


CHECKS = (
    locks_say_something,
    locks_name_waves,
    locks_leave_an_option,
    locks_bar_something,
    locks_have_names_of_their_own,
)
