"""A kernel that dies before anything ran is started once more, and only then."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from papermill.engines import NBClientEngine

from sourcing.batch.engine import KeepingEngine

DEAD = "Kernel died before replying to kernel_info"


@pytest.fixture
def start(monkeypatch):
    """Start a notebook of one cell in kernels of which the first so many die, before or while the cell runs."""

    def run(deaths: int, status: str) -> tuple[list[str], SimpleNamespace]:
        cell = SimpleNamespace(cell_type="code", outputs=[], metadata=SimpleNamespace(papermill={"status": "pending"}))
        told = SimpleNamespace(
            PENDING="pending", nb=SimpleNamespace(cells=[cell]), cell_exception=lambda *_, **__: None
        )
        started = []

        def execute(_, nb_man, kernel_name, **__):
            started.append(kernel_name)
            if len(started) <= deaths:
                cell.metadata.papermill["status"] = status
                raise RuntimeError(DEAD)
            return nb_man.nb

        monkeypatch.setattr(NBClientEngine, "execute_managed_notebook", classmethod(execute))
        KeepingEngine.execute_managed_notebook(told, "python3")
        return started, cell

    return run


def test_a_kernel_that_dies_at_its_start_is_started_once_more(start):
    started, cell = start(1, "pending")
    assert len(started) == 2
    assert not cell.outputs


def test_one_that_dies_again_fails_the_unit(start):
    with pytest.raises(RuntimeError, match=DEAD):
        start(2, "pending")


def test_one_that_dies_while_a_cell_runs_is_not_started_again(start):
    started, cell = start(1, "running")
    assert len(started) == 1
    assert cell.outputs[0]["evalue"] == "the kernel died"
