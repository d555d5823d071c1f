"""Ways to change a case by one thing and to price it, shared by the tests of value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sourcing import Case, settle
from sourcing.assess import map_postures, score_indices
from sourcing.value import build_alternatives, list_offers


class Bench:
    """Prices a case, each once, and changes it by one row or cell."""

    def __init__(self) -> None:
        self.priced: dict[tuple, pd.DataFrame] = {}

    def price(self, case: Case, **levers: object) -> pd.DataFrame:
        key = (case.fingerprint, *sorted(levers.items()))
        if key not in self.priced:
            policy, outlook = settle(case, **levers)
            self.priced[key] = build_alternatives(case, map_postures(score_indices(case), policy), policy, outlook)
        return self.priced[key].copy()

    def offer(self, case: Case, **levers: object) -> pd.DataFrame:
        policy, _ = settle(case, **levers)
        return list_offers(case, map_postures(score_indices(case), policy), policy)

    def add(self, case: Case, table: str, *rows: dict) -> Case:
        unit = {"business_unit": case.unit["business_unit"]}
        frame = pd.concat([case.tables[table], pd.DataFrame([unit | row for row in rows])], ignore_index=True)
        return case.replace(**{table: frame})

    def change(self, case: Case, table: str, where: dict, **cells: object) -> Case:
        frame = case.tables[table].copy()
        hit = np.logical_and.reduce([frame[name] == value for name, value in where.items()] or [[True] * len(frame)])
        assert hit.any(), f"no row of {table} with {where}"
        for column, value in cells.items():
            frame.loc[hit, column] = value
        return case.replace(**{table: frame})

    def lines_moved(self, before: pd.DataFrame, after: pd.DataFrame) -> dict[str, dict[str, float]]:
        """Return the lines that moved: process-option -> line -> change."""
        lines = [column for column in before if column.startswith("cost_")]
        change = after[lines].to_numpy() - before[lines].to_numpy()
        keys = before[["process", "option"]].agg("-".join, axis=1)
        table = pd.DataFrame(change, index=keys, columns=[line.removeprefix("cost_") for line in lines])
        table = table.mask(table.abs() < 1e-6).stack().dropna()
        return {key: rows.droplevel(0).to_dict() for key, rows in table.groupby(level=0)}


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()
