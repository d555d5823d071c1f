"""A case of a million score rows, read and checked; the reference is pandas reading the same file as texts."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

PROCESSES, CRITERIA, ASSESSORS = 10_000, 10, 10
MOST_SECONDS, MOST_GIB = 10.0, 2.0
LOAD = "import sys; from benchmarks.reading import measure; measure(sys.argv[1])"


def write_case(folder: Path, kind: str) -> None:
    """Write a sound case whose scores are a million rows with distinct evidence, as CSV or Parquet."""
    rng = np.random.default_rng(7)
    processes = [f"p{number:05d}" for number in range(PROCESSES)]
    criteria = [f"c{number}" for number in range(CRITERIA)]
    unit = {"business_unit": "u"}
    tables = {
        "units": pd.DataFrame([{**unit, "name": "U", "home_country": "USA", "currency": "USD", "price_year": 2024,
                                "discount_rate": 0.05}]),
        "processes": pd.DataFrame({**unit, "process": processes, "name": processes, "headcount_fte": 10.5,
                                   "as_is_option": "stay"}),
        "options": pd.DataFrame({**unit, "process": processes, "option": "stay", "delivery_model": "in_house",
                                 "owner_type": "own", "location": "USA", "labor_cost_per_fte": 50_000}),
        "criteria": pd.DataFrame({"criterion": criteria, "index": ["commoditization", "core_competency"] * 5,
                                  "name": criteria, "weight": 1, "direction": "up"}),
    }  # fmt: skip
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    size = PROCESSES * CRITERIA * ASSESSORS
    scores = pd.DataFrame({
        **unit, "process": np.repeat(processes, CRITERIA * ASSESSORS),
        "criterion": np.tile(np.repeat(criteria, ASSESSORS), PROCESSES),
        "assessor": np.tile([f"a{number}" for number in range(ASSESSORS)], PROCESSES * CRITERIA),
        "score": rng.uniform(1, 5, size).round(6), "evidence": [f"interview {number}" for number in range(size)],
    })  # fmt: skip
    if kind == "csv":
        scores.to_csv(folder / "scores.csv", index=False)
    else:
        scores.to_parquet(folder / "scores.parquet", index=False)


def measure(folder: str) -> None:
    """Print seconds, GiB at most and seconds of the reference, of a process of its own."""
    from sourcing.case import load_case

    scores = next(Path(folder).glob("scores.*"))
    read = pd.read_parquet if scores.suffix == ".parquet" else _read_texts
    started = perf_counter()
    read(scores)
    reference = perf_counter() - started
    started = perf_counter()
    load_case(folder)
    print(perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, reference)


def _read_texts(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def run() -> list[dict[str, Any]]:
    """Return one row per form: seconds and GiB used, the limits, and the ratio to the reference."""
    rows = []
    for kind in ("csv", "parquet"):
        with tempfile.TemporaryDirectory() as folder:
            write_case(Path(folder), kind)
            done = subprocess.run([sys.executable, "-c", LOAD, folder], capture_output=True, text=True, check=True)
        seconds, gib, reference = map(float, done.stdout.split())
        rows.append({
            "benchmark": f"read and check a million scores, {kind}", "seconds": seconds, "most_seconds": MOST_SECONDS,
            "gib": gib, "most_gib": MOST_GIB, "reference_seconds": reference, "ratio": seconds / reference,
        })  # fmt: skip
    return rows


if __name__ == "__main__":
    print(pd.DataFrame(run()).to_string(index=False))
