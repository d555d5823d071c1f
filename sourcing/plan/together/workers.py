"""Pricers of many blocks, in this process or in several; a block's answers are the same wherever it lives."""

from __future__ import annotations

import multiprocessing
import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from sourcing.errors import PlanError
from sourcing.plan.together.pricing import Pricer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import TracebackType

    import pandas as pd

    from sourcing.plan.together.block import Block

PATIENCE = 5.0
"""Seconds that a process may take to end once it is asked to."""


class Pricers(AbstractContextManager["Pricers"]):
    """One pricer a block, spread over processes by the number of their alternatives.

    A process keeps its blocks from question to question, so that each block meets the same questions in the same order
    whatever the number of processes.

    Parameters
    ----------
    blocks : sequence of Block
    rules, tiers : DataFrame or None
        See `read_block`.
    workers : int
        Processes; 1 for none beside this one. Like every use of processes it asks that a script's own work stands
        under `if __name__ == "__main__":`.
    """

    def __init__(
        self, blocks: Sequence[Block], rules: pd.DataFrame | None, tiers: pd.DataFrame | None, workers: int = 1
    ) -> None:
        self._shares = _share_out(blocks, min(workers, len(blocks)))
        self._ends: list[Connection] = []
        self._processes: list[BaseProcess] = []
        self._here: list[Pricer] = []
        if len(self._shares) == 1:
            self._here = [Pricer(block, rules, tiers) for block in blocks]
            return
        context = _find_context()
        for places in self._shares:
            here, there = context.Pipe()
            given = ([blocks[k] for k in places], rules, tiers)
            process = context.Process(target=serve, args=(there, *given), daemon=True)
            process.start()
            there.close()
            self._ends.append(here)
            self._processes.append(process)

    def ask(self, question: str, arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Ask each block a question of `Pricer`, by its name, with the block's arguments; answers in their order."""
        if self._here:
            return [getattr(pricer, question)(*own) for pricer, own in zip(self._here, arguments, strict=True)]
        for end, places in zip(self._ends, self._shares, strict=True):
            end.send((question, [arguments[k] for k in places]))
        answers: dict[int, Any] = {}
        for end, places in zip(self._ends, self._shares, strict=True):
            answers |= zip(places, _receive(end), strict=True)
        return [answers[k] for k in range(len(arguments))]

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in self._ends:
            end.close()
        for process in self._processes:
            process.join(PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()


def serve(end: Connection, blocks: Sequence[Block], rules: pd.DataFrame | None, tiers: pd.DataFrame | None) -> None:
    """Answer questions about some blocks until the other end closes; a fault goes back to who asked."""
    pricers: list[Pricer] | None = None
    while True:
        try:
            question, arguments = end.recv()
        except (EOFError, OSError):
            return
        try:
            pricers = pricers or [Pricer(block, rules, tiers) for block in blocks]
            answers: Any = [getattr(pricer, question)(*own) for pricer, own in zip(pricers, arguments, strict=True)]
        except Exception as fault:  # noqa: BLE001 - whatever went wrong is told where it was asked
            answers = fault
        end.send(answers)


def _receive(end: Connection) -> list[Any]:
    try:
        answers = end.recv()
    except EOFError:
        raise PlanError(
            "a process that answers for blocks must live until the end; got one that ended at together. "
            "Hint: ask with fewer workers, or with more memory."
        ) from None
    if isinstance(answers, Exception):
        raise answers
    return list(answers)


def _share_out(blocks: Sequence[Block], workers: int) -> list[list[int]]:
    """Share blocks out, the largest first, each to who has least; in ascending order within a share."""
    sizes = [len(block.question.alternatives) for block in blocks]
    shares: list[list[int]] = [[] for _ in range(max(1, workers))]
    loads = [0] * len(shares)
    for k in sorted(range(len(blocks)), key=lambda k: (-sizes[k], k)):
        least = loads.index(min(loads))
        shares[least].append(k)
        loads[least] += sizes[k]
    return [sorted(share) for share in shares]


def _find_context() -> Any:
    if sys.platform == "win32" or "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sourcing.plan"])
    return context
