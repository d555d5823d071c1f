"""The manifest of a run: from what, with what, and what came of it, for people and for later comparison."""

from __future__ import annotations

import json
import platform
import re
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING, Any

from sourcing import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from sourcing.batch.jobs import Outcome

FORMAT = 2
NAME = "manifest.json"
UNIT = {"business_unit", "folder", "status", "error", "seconds", "files"}
"""What every entry of a unit holds, whichever version wrote it."""
HEAD = ("started", "suite", "python", "case", "notebook", "parameters")
"""What is kept of a run that made a unit's pack before the present one."""


def describe_run(
    *,
    case_shown: str,
    fingerprint: str,
    notebook: str,
    notebook_print: str,
    parameters: Mapping[str, Any],
    started: datetime,
) -> dict[str, Any]:
    """Describe a run without its units as JSON values; nothing in it names the machine."""
    return {
        "format": FORMAT,
        "suite": __version__,
        "python": platform.python_version(),
        "packages": list_packages(),
        "started": started.isoformat(timespec="milliseconds"),
        "case": {"folder": case_shown, "fingerprint": fingerprint},
        "notebook": {"name": notebook, "fingerprint": notebook_print},
        "parameters": spell_values(parameters),
    }


def describe_outcome(outcome: Outcome) -> dict[str, Any]:
    """Describe what came of one unit: status, time, objective, gap, error and files; no status where nothing did."""
    return {
        "status": outcome.status or None,
        "seconds": outcome.seconds,
        "objective": outcome.summary.get("objective"),
        "bound": outcome.summary.get("bound"),
        "gap": outcome.summary.get("gap"),
        "error": outcome.error or None,
        "files": list(outcome.files),
    }


def list_packages() -> dict[str, str]:
    """Return the installed version of each package that the suite declares to need at run time."""
    try:
        declared = requires("sourcing") or []
    except PackageNotFoundError:
        return {}
    names = {match[0] for line in declared if "extra ==" not in line and (match := re.match(r"[\w.-]+", line))}
    return {name: version(name) for name in sorted(names)}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a folder of packs; empty where there is none that this suite wrote whole."""
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
        is_whole = all(unit.keys() >= UNIT for unit in manifest["units"]) and "started" in manifest
        return manifest if is_whole else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def list_heads(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """List the runs that a manifest tells of by their start, each without units and packages."""
    if not manifest:
        return {}
    runs = [*manifest.get("earlier", []), manifest]
    return {run["started"]: {name: run[name] for name in HEAD if name in run} for run in runs}


def list_earlier_files(folder: Path, own: str) -> list[str]:
    """Return the files that the run recorded in `folder` wrote into its `own`; none without a manifest."""
    units = read_manifest(folder).get("units", [])
    return [name for unit in units if unit["folder"] == own for name in unit["files"]]


def spell_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Spell infinite levers as text, since JSON has no infinity."""
    return {name: str(value) if value in (float("inf"), float("-inf")) else value for name, value in parameters.items()}
