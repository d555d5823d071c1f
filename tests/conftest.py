"""Named cases that tests share, each decided once, and how many instances a property is tried on."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import settings

from sourcing import Case, load_case
from sourcing.case.load import read_folder
from sourcing.cli import main
from sourcing.decide import Decision, decide_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
# jsonschema tries to import it for addresses in schemas, which no test has; its grammar takes a second a process

gc.set_threshold(100_000)  # what tests keep between them is large, and searching it for circles finds none

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LONG = os.environ.get("SOURCING_TESTS") == "long"
"""Whether properties are tried on all their instances (`make test-long`), or on a few, the same each time."""
TIMES = int(os.environ.get("SOURCING_TIMES", "1"))
"""How many times as many instances as usual a long run tries of what it draws."""
QUICK_SHARE = 5
"""A quick run takes one in so many instances of a property."""

settings.register_profile("quick", max_examples=100 // QUICK_SHARE, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=100 * TIMES, deadline=None)
settings.load_profile("long" if LONG else "quick")

ROOT = Path(__file__).parents[1]
TINY = ROOT / "data" / "tiny"
EXAMPLE = ROOT / "data" / "example"
FEDERAL = ROOT / "data" / "us_federal_2015"


def examples(count: int, **more: Any) -> settings:
    """Try a property on so many instances in a long run and on one in five in a quick one, but on two at least.

    Further settings are those of hypothesis.
    """
    return settings(max_examples=count * TIMES if LONG else max(count // QUICK_SHARE, 2), **more)


def seeds(count: int, quick: int) -> list[Any]:
    """Return the seeds of instances: the first few for every run, all of them for a long one."""
    return [pytest.param(seed, marks=[pytest.mark.slow] * (seed >= quick)) for seed in range(count * TIMES)]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count properties as slow in a long run, and keep each module, with what its tests share, with one worker.

    A quick run tried the properties as well, but on a few instances only.
    """
    for item in items:
        if LONG and getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(ROOT))))


def pytest_collection_finish() -> None:
    """Leave what is imported and collected out of every later search for circles: it stays until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def decide() -> Callable[..., Decision]:
    """Return `decide(case, **levers) -> Decision`, which decides a case of equal tables once for all tests.

    Only read what it returns. Where the folder of the case counts as well, as for a seal, decide anew.
    """
    decided: dict[tuple[Any, ...], Decision] = {}

    def decide_once(case: Case, **levers: Any) -> Decision:
        key = (case.fingerprint, case.source, len(case.warnings), *sorted(levers.items()))
        if key not in decided:
            decided[key] = decide_unit(case, **levers)
        return decided[key]

    return decide_once


@pytest.fixture(scope="session")
def take_unit() -> Callable[[str], Case]:
    """Return `take_unit(unit) -> Case` of a unit of the shipped cases, each case loaded once."""
    cases: dict[str, Case] = {}

    def take(unit: str) -> Case:
        for folder in (TINY, EXAMPLE, FEDERAL):
            if unit not in cases and unit in (folder / "units.csv").read_text(encoding="utf-8"):
                whole = load_case(folder)
                cases.update({name: whole.select(name) for name in whole.units["business_unit"]})
        return cases[unit]

    return take


@pytest.fixture(scope="session")
def shipped(take_unit: Callable[[str], Case], decide: Callable[..., Decision]) -> Callable[..., Decision]:
    """Return `shipped(unit, **levers) -> Decision` of a unit of the shipped cases, each decided once."""
    return lambda unit, **levers: decide(take_unit(unit), **levers)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Path, str], Path]:
    """Return `office(path, folder, kind) -> Path`: LibreOffice opens, recalculates and saves a workbook in a folder.

    On a developer's machine without it the test is skipped, in CI it fails.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        reason = "LibreOffice Calc is needed; got none on PATH. Hint: apt-get install libreoffice-calc."
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    profile = f"-env:UserInstallation={tmp_path_factory.mktemp('office').as_uri()}"

    def save(path: Path, folder: Path, kind: str) -> Path:
        command = [program, "--headless", profile, "--convert-to", kind, "--outdir", str(folder), str(path)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        saved = folder / f"{path.stem}.{kind.split(':')[0]}"
        assert saved.exists(), run.stdout + run.stderr
        return saved

    return save


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; on a developer's machine without one the test is skipped, in CI it fails.

    While it is open no other event loop runs in this thread: make packs in a process of their own, or first.
    """
    program = os.environ.get("SOURCING_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        reason = f"No browser: set SOURCING_CHROMIUM or install one of {', '.join(BROWSERS)}."
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        window = play.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield window
        window.close()


class MadePacks(NamedTuple):
    """What the command `sourcing packs` left in a folder, and its exit code."""

    folder: Path
    exit_code: int


@pytest.fixture(scope="session")
def tiny_packs(tmp_path_factory: pytest.TempPathFactory) -> MadePacks:
    """The packs of both tiny units; tests that look at them are one group, so that one worker makes them."""
    out = tmp_path_factory.mktemp("packs") / "tiny"
    return MadePacks(out, main(["packs", str(TINY), "--out", str(out)]))


@pytest.fixture(scope="session")
def refused(tmp_path_factory: pytest.TempPathFactory) -> MadePacks:
    """What is left of alpha under a budget that nobody can keep; of the same group."""
    out = tmp_path_factory.mktemp("refused")
    return MadePacks(
        out, main(["packs", str(TINY), "--out", str(out), "--units", "alpha", "--set", "budget_share=0.5"])
    )


@pytest.fixture(scope="session")
def alpha() -> Case:
    """Two years, three in-house processes, two binding questions; worked by hand."""
    return load_case(TINY, "alpha")


@pytest.fixture(scope="session")
def beta() -> Case:
    """One year, one process already outsourced under a deal, one link; worked by hand."""
    return load_case(TINY, "beta")


@pytest.fixture
def raw() -> dict:
    """The tables of the tiny case as texts, free to be broken."""
    return read_folder(TINY)
