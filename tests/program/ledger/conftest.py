"""Alpha's plan as a baseline, and months of it as they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from sourcing.program import open_baseline

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.program import Baseline


@pytest.fixture(scope="session")
def promised(alpha, decide) -> Baseline:
    """What alpha's plan promises: help desk to DeskCo after 3 months, payroll to the center after 6, research stays."""
    return open_baseline(decide(alpha))


@pytest.fixture(scope="session")
def report(alpha) -> Callable[..., Any]:
    """Return `report(rows) -> Case`: alpha with actuals of those rows, each (process, month, option, cells)."""

    def make(rows: list[tuple[str, str, str, dict[str, Any]]], **tables: pd.DataFrame) -> Any:
        actuals = [
            {"business_unit": "alpha", "process": process, "month": month, "option": option, **cells}
            for process, month, option, cells in rows
        ]
        return alpha.replace(actuals=pd.DataFrame(actuals), **tables)

    return make
