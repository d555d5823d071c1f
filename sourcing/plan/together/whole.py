"""Everything at once: all blocks and what they share as one problem, for groups small enough to search so."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy

from sourcing.plan.model import Problem
from sourcing.plan.together.block import read_block
from sourcing.plan.together.pricing import state_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sourcing.plan.together.block import Block, ReadBlock
    from sourcing.plan.together.joint import Joint
    from sourcing.plan.together.master import Segment
    from sourcing.plan.together.pricing import Answer


@dataclass(frozen=True, eq=False)
class Whole:
    """All blocks as one problem.

    Attributes
    ----------
    problem : Problem
    reads : list of ReadBlock
    starts : list of int
        Where the columns of each block begin.
    """

    problem: Problem
    reads: list[ReadBlock]
    starts: list[int]


def build_whole(
    blocks: Sequence[Block],
    rules: pd.DataFrame | None,
    tiers: pd.DataFrame | None,
    joint: Joint,
    segments: Sequence[Segment],
    without: frozenset[str] = frozenset(),
) -> Whole:
    """Write all blocks, then segments and labels in use, under their own rows and the joint ones."""
    reads = [read_block(block, rules, tiers) for block in blocks]
    widths = [len(read.problem.cost) for read in reads]
    starts = np.cumsum([0, *widths]).tolist()
    count, labels = len(segments), len(joint.uses)
    width = starts[-1] + 2 * count + labels
    chosen, flows = starts[-1] + np.arange(count), starts[-1] + count + np.arange(count)
    use_at = starts[-1] + 2 * count + np.arange(labels)
    quantities = np.zeros((len(joint.keys), width))
    for start, size, read, own in zip(starts[:-1], widths, reads, joint.places, strict=True):
        quantities[own, start : start + size] = read.amounts.toarray()
    rows: list[tuple[str, np.ndarray, float, float, float]] = []
    for k, limit in enumerate(joint.limits):
        if limit.rule in without:
            continue
        row = joint.rows[k] @ quantities
        row[use_at[joint.of_use == k]] += 1.0
        for segment, pick, flow in zip(segments, chosen, flows, strict=True):
            weight = joint.counted[k, segment.schedule]
            row[pick] += weight * segment.fixed
            row[flow] += weight * segment.rate
        low = -math.inf if limit.sense == "<=" else limit.right_side
        high = math.inf if limit.sense == ">=" else limit.right_side
        rows.append((limit.name, row, low, high, float(joint.scales[k])))
    for number, place in enumerate(joint.volumes):
        stretches = [k for k, segment in enumerate(segments) if segment.schedule == number]
        volume, one = quantities[place].copy(), np.zeros(width)
        volume[flows[stretches]] -= 1.0
        one[chosen[stretches]] = 1.0
        rows.append((f"volume {number}", volume, 0.0, 0.0, max(1.0, float(joint.most[place]))))
        rows.append((f"one segment {number}", one, 1.0, 1.0, 1.0))
    for k, segment in enumerate(segments):
        for name, end, low, high in (("from", segment.start, 0.0, math.inf), ("to", segment.end, -math.inf, 0.0)):
            row = np.zeros(width)
            row[flows[k]], row[chosen[k]] = 1.0, -end
            rows.append((f"{name} {k}", row, low, high, max(1.0, segment.end)))
    for use, place in enumerate(joint.uses):
        for column in np.flatnonzero(quantities[place]):
            row = np.zeros(width)
            row[column], row[use_at[use]] = 1.0, -1.0
            rows.append((f"label {use} by {column}", row, -math.inf, 0.0, 1.0))
    return Whole(_stack(reads, rows, segments, labels, width), reads, starts)


def _stack(
    reads: Sequence[ReadBlock],
    rows: Sequence[tuple[str, np.ndarray, float, float, float]],
    segments: Sequence[Segment],
    labels: int,
    width: int,
) -> Problem:
    problems, count = [read.problem for read in reads], len(segments)

    def join(name: str, *more: np.ndarray) -> np.ndarray:
        return np.concatenate([*(getattr(problem, name) for problem in problems), *more])

    own = scipy.sparse.csr_array(scipy.sparse.block_diag([problem.matrix for problem in problems]))
    own.resize((own.shape[0], width))
    beside = scipy.sparse.csr_array(np.array([row[1] for row in rows]).reshape(len(rows), width))
    names = [f"block {k}: {name}" for k, problem in enumerate(problems) for name in problem.rows]
    prices = [np.array([-segment.fixed for segment in segments]), np.array([-segment.rate for segment in segments])]
    costs = np.concatenate([read.scale * read.problem.cost for read in reads])
    return Problem(
        cost=np.concatenate([costs, *prices, np.zeros(labels)]),
        lower=join("lower", np.zeros(2 * count + labels)),
        upper=join("upper", np.ones(count), np.array([segment.end for segment in segments]), np.ones(labels)),
        integer=join("integer", np.ones(count, dtype=bool), np.zeros(count, dtype=bool), np.ones(labels, dtype=bool)),
        columns=[f"column {k}" for k in range(width)],
        matrix=scipy.sparse.csr_array(scipy.sparse.vstack([own, beside])),
        row_lower=join("row_lower", np.array([row[2] for row in rows])),
        row_upper=join("row_upper", np.array([row[3] for row in rows])),
        rows=[*names, *(row[0] for row in rows)],
        row_scale=join("row_scale", np.array([row[4] for row in rows])),
    )


def split_point(whole: Whole, values: np.ndarray) -> list[Answer]:
    """Read each block's answer off a point of the whole."""
    ends = zip(whole.starts, whole.starts[1:], strict=False)
    return [
        state_whole(read, values[start:end], time.perf_counter())
        for read, (start, end) in zip(whole.reads, ends, strict=True)
    ]
