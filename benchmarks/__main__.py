"""Run the benchmark and print its tables: `python -m benchmarks [--full] [--write]`."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
from collections.abc import Callable
from pathlib import Path

import highspy
import pandas as pd

from benchmarks import runs
from benchmarks.caution import run_caution
from benchmarks.consequences import run_consequences
from benchmarks.explaining import run_explaining
from benchmarks.futures import run_futures
from benchmarks.packs import run_packs
from benchmarks.together import run_together
from benchmarks.units import run_shipped_units

HEAD = """# Benchmark

`make bench` prints these tables; `python -m benchmarks --full` runs all seeds, `--write` keeps the tables here.
Every ratio is against a reference measured in the same run on the same machine: HiGHS given the whole problem in
one bulk call, or PuLP building and handing over. A ratio of 10 means ten times faster. `better_by` is how much
cheaper the suite's plan is; `times_numpy` is how many times the least arithmetic of that size takes. Instances
are described in `instances.py`; the gap asked is 0.1 % unless a table says otherwise.
"""


def main() -> None:
    """Read the flags, run, print, and keep the tables where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="all thirty seeds and fifty changes")
    parser.add_argument("--write", action="store_true", help="keep the tables in benchmarks/README.md")
    parser.add_argument("--time-limit", type=float, default=None, help="seconds for each solve")
    parser.add_argument("--packs", default="10", metavar="N,N", help="units of a batch of packs, such as 10,100,1000")
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.packs.split(",")]
    limit = asked.time_limit or (60.0 if asked.full else 20.0)
    page = Path(__file__).with_name("README.md")
    parts = [HEAD, describe_machine(), *read_remarks(page.read_text(encoding="utf-8"))]
    print(parts[1])
    for title, run in list_runs(limit, sizes, full=asked.full).items():
        parts.append(show(title, run()))
        print(parts[-1], flush=True)
    if asked.write:
        page.write_text("\n".join(parts), encoding="utf-8")


def list_runs(limit: float, sizes: list[int], *, full: bool) -> dict[str, Callable[[], pd.DataFrame]]:
    """List the tables of the benchmark, each with what measures it."""
    return {
        "200 processes": lambda: runs.run_units(list(range(11, 21)) + (list(range(21, 41)) if full else []), limit),
        "1,000 and 5,000 processes": lambda: runs.run_groups([1000, 5000], [1, 2, 3], limit),
        "50,000 processes, tables in and plan out": lambda: runs.run_whole_answer(50_000),
        "60 processes in 8 waves, 40 links, 12 rules": lambda: runs.run_waves(list(range(10 if full else 4)), limit),
        "Knapsacks of the literature's form": lambda: runs.run_knapsacks([50, 100, 200, 400], limit),
        "One changed limit, 200 processes, gap 1 %": lambda: runs.run_changes(200, 50 if full else 15),
        "Priced rulebook and flip cards, against each question from scratch": lambda: run_explaining([11]),
        "The shipped units exactly, everything a pack asks, against HiGHS from scratch": run_shipped_units,
        "Pricing and judging, against numpy alone": run_consequences,
        "What may come, against the least arithmetic or each plan from scratch": run_futures,
        "A limit on the worst tenth of futures, against the whole linear program at once": lambda: run_caution(
            list(range(6 if full else 2)), limit
        ),
        "Units decided together under group rules, gap 0.5 %, against HiGHS given the whole": lambda: run_together(
            [50, 500] if full else [50], 600.0 if full else limit
        ),
        "Packs, against `papermill` and then `jupyter nbconvert` for each unit": lambda: run_packs(sizes),
        "Growth, tables in and plan out": lambda: runs.run_growth([100, 300, 1000, 3000, 10_000, 50_000]),
    }


def read_remarks(page: str) -> list[str]:
    """Read what was written by hand between the line on the machine and the first table."""
    above = page.split("\n## ")[0]
    _, _, remarks = above.partition("\nMeasured ")[2].partition("\n")
    return [f"{remarks.strip()}\n"] if remarks.strip() else []


def describe_machine() -> str:
    """Say on what and when this was measured."""
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    cores = os.cpu_count()
    python = platform.python_version()
    return f"Measured {today}: {platform.machine()}, {cores} cores, Python {python}, HiGHS {version()}.\n"


def version() -> str:
    """Give the version of HiGHS."""
    return str(highspy.Highs().version())


def show(title: str, table: pd.DataFrame) -> str:
    """Write a table with its medians as Markdown; of a growing size also bars of its time."""
    lines = [f"## {title}\n", to_markdown(table)]
    if "processes" in table:
        lines += ["", "```", *draw_bars(table, "seconds", "s"), "", *draw_bars(table, "memory_mb", "MB"), "```"]
    elif len(table) > 1:
        numbers = table.select_dtypes("number")
        summary = pd.DataFrame([numbers.median(), numbers.min(), numbers.max()])
        summary.insert(0, "instance", ["median", "least", "most"])
        lines += ["", to_markdown(summary)]
        if "highs_seconds" in table:
            under, over = (table["seconds"] < 1.5).mean(), (table["seconds"] > 2 * table["highs_seconds"]).sum()
            lines += [
                "",
                f"Under 1.5 s: {under:.0%}; over twice HiGHS: {over} of {len(table)}; "
                f"ratio of medians: {table['highs_seconds'].median() / table['seconds'].median():.1f}.",
            ]
    return "\n".join(lines) + "\n"


def to_markdown(table: pd.DataFrame) -> str:
    """Write a table with four significant digits."""
    rows = [
        [f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in row]
        for row in table.to_numpy(dtype=object)
    ]
    head = [" | ".join(table.columns), " | ".join("---" for _ in table.columns)]
    return "\n".join(f"| {line} |" for line in [*head, *(" | ".join(row) for row in rows)])


def draw_bars(table: pd.DataFrame, column: str, unit: str) -> list[str]:
    """Draw one bar per size, as long as its share of the largest."""
    most = table[column].max()
    return [
        f"{size:>7,} {'#' * max(1, round(50 * value / most)):<50} {value:.2f} {unit}"
        for size, value in zip(table["processes"], table[column], strict=True)
    ]


if __name__ == "__main__":
    main()
