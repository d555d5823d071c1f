"""Packs by the suite's batch against the plain loop of `papermill` and `jupyter nbconvert`, on the same units."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import pandas as pd
import psutil

ROOT = Path(__file__).parents[1]
LOOPED = 10
"""Most units that the plain loop is run over; its time grows with their number, so more are reckoned from these."""
PARAMETERS = 'case_folder: str = ""\nbusiness_unit: str = ""'
SMALL = (
    "from sourcing import load_case, pack\npack.prepare_display()\ncase = load_case(case_folder, business_unit)",
    "case.options",
    "import altair\naltair.Chart(case.options).mark_bar().encode(x='option', y='count()')",
)


def run_packs(sizes: list[int]) -> pd.DataFrame:
    """Packs per minute of a small notebook and of the whole decision pack, units of the size of `data/tiny`."""
    records = []
    with tempfile.TemporaryDirectory() as aside:
        for name, notebook in (
            ("small", _write_small(Path(aside))),
            ("decision", ROOT / "notebooks/decision_pack.ipynb"),
        ):
            for size in sizes:
                records.append({"instance": f"{name}, {size} units", **_compare(notebook, size, Path(aside))})
    return pd.DataFrame(records)


def _compare(notebook: Path, size: int, aside: Path) -> dict[str, float]:
    case = _write_case(aside, size)
    out = aside / f"{notebook.stem}-{size}"
    seconds, one, worker = _clock_batch(case, notebook, out)
    looped = min(size, LOOPED)
    loop = _clock_loop(case, notebook, looped) / looped
    return {
        "packs_per_minute": 60 * size / seconds,
        "loop_packs_per_minute": 60 / loop,
        "base_mb": one,
        "worker_mb": worker,
        "ratio": loop * size / seconds,
    }


def _clock_batch(case: Path, notebook: Path, out: Path) -> tuple[float, float, float]:
    """Give seconds, and MB in use: of what stands through the whole run, and at most of all that runs units."""
    command = [sys.executable, "-m", "sourcing", "packs", str(case), "--out", str(out), "--notebook", str(notebook)]
    start = time.perf_counter()
    run = subprocess.Popen([*command, "--quiet"])
    standing = working = 0.0
    while run.poll() is None:
        sizes = list(_list_sizes(psutil.Process(run.pid)))
        standing = max(standing, sum(each for depth, each in sizes if depth < 2))
        working = max(working, sum(each for depth, each in sizes if depth > 1))
        time.sleep(0.25)
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command)
    return time.perf_counter() - start, standing, working


def _list_sizes(process: psutil.Process, depth: int = 0) -> Iterator[tuple[int, float]]:
    """Give a process and all below it with their depth and their share of memory in MB; what ended is left out."""
    with suppress(psutil.Error):
        held = process.memory_full_info()
        yield depth, getattr(held, "pss", held.uss) / 2**20
        for child in process.children():
            yield from _list_sizes(child, depth + 1)


def _clock_loop(case: Path, notebook: Path, units: int) -> float:
    """Give the seconds of one `papermill` and one `jupyter nbconvert` after the other for each unit."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as aside:
        for unit in range(units):
            made = f"{aside}/{unit}.ipynb"
            given = ["-p", "case_folder", str(case), "-p", "business_unit", f"u{unit}"]
            for command in (
                ["papermill", str(notebook), made, *given, "--no-progress-bar"],
                ["nbconvert", "--to", "html", "--no-input", made],
            ):
                subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)
    return time.perf_counter() - start


def _write_case(aside: Path, size: int) -> Path:
    """Write the unit alpha of `data/tiny` so many times, each under a name of its own."""
    folder = aside / f"case-{size}"
    folder.mkdir(exist_ok=True)
    for path in (ROOT / "data" / "tiny").glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if "business_unit" in table:
            own = table[table["business_unit"] == "alpha"]
            shared = table[table["business_unit"] == ""]
            table = pd.concat([shared, *(own.assign(business_unit=f"u{unit}") for unit in range(size))])
        table.to_csv(folder / path.name, index=False)
    return folder


def _write_small(folder: Path) -> Path:
    cells = [nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    book = nbformat.v4.new_notebook(cells=[*cells, *map(nbformat.v4.new_code_cell, SMALL)])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, folder / "small.ipynb")
    return folder / "small.ipynb"
