"""What it would cost to decide otherwise, option by option, everything else free to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.plan.explain.bans import list_bans
from sourcing.plan.explain.blocking import name_blocks
from sourcing.plan.explain.forced import ForcedOptions

if TYPE_CHECKING:
    from sourcing.plan.explain.reoptimizer import Answer, Reoptimizer


def flip_options(reoptimizer: Reoptimizer, every: bool) -> pd.DataFrame:
    """Force every option of every process in turn; see `flip_decisions`."""
    options = reoptimizer.list_options()
    answers = ForcedOptions(reoptimizer).ask_all([rows for _, _, rows in options], every)
    bans = [(ban.name, ban.barred) for ban in list_bans(reoptimizer)]
    records = []
    for (process, option, rows), answer in zip(options, answers, strict=True):
        ends = [reoptimizer.measure(end, reoptimizer.best.upper) for end in (answer.lower, answer.upper)]
        is_barred = bool(reoptimizer.barred[rows].all())
        record = {
            "process": process,
            "option": option,
            "chosen": bool(reoptimizer.taken[rows].sum() > 0.0),
            "runner_up": False,
        }
        record |= {"forcing_cost": ends[1], "lower": ends[0], "upper": ends[1]}
        record |= {
            "exact": answer.is_exact and reoptimizer.best.is_exact,
            "wave": _find_wave(reoptimizer, rows, answer),
        }
        record |= {"moves": tuple(each for each in reoptimizer.find_moves(answer.values) if each != process)}
        record |= {"is_barred": is_barred}
        record["barred_by"] = tuple(name for name, barred in bans if is_barred and barred[rows].any())
        record["blocked_by"] = (
            name_blocks(reoptimizer, rows) if answer.values is None and np.isinf(answer.lower) else ()
        )
        records.append(record)
    table = _mark_runners_up(pd.DataFrame(records))
    table.attrs["objective"] = reoptimizer.best.upper
    return table if "wave" in reoptimizer.plan.question.alternatives else table.drop(columns="wave")


def _mark_runners_up(table: pd.DataFrame) -> pd.DataFrame:
    others = table[~table["chosen"] & ~table["is_barred"] & np.isfinite(table["forcing_cost"])]
    nearest = others.sort_values(["process", "forcing_cost", "option"], kind="stable").drop_duplicates("process")
    table.loc[nearest.index, "runner_up"] = True
    return table


def _find_wave(reoptimizer: Reoptimizer, rows: np.ndarray, answer: Answer) -> Any:
    if answer.values is None or "wave" not in reoptimizer.instance.alternatives.table:
        return None
    taken = rows[reoptimizer.read_shares(answer.values)[rows] > 0.0]
    return reoptimizer.instance.alternatives.keys[int(taken[0])][2] if len(taken) else None
