"""The manifest of a run: from what, with what, and what came of it, for people and for later comparison."""

from __future__ import annotations

import json
import platform
import re
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING, Any

from sourcing import __version__
from sourcing.pack import dump_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sourcing.batch.jobs import Outcome

FORMAT = 1
NAME = "manifest.json"


def describe_run(
    *,
    case_shown: str,
    fingerprint: str,
    notebook: str,
    notebook_print: str,
    parameters: Mapping[str, Any],
    started: datetime,
    units: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Describe a run as JSON values; nothing in it names the machine."""
    return {
        "format": FORMAT,
        "suite": __version__,
        "python": platform.python_version(),
        "packages": list_packages(),
        "started": started.isoformat(timespec="seconds"),
        "case": {"folder": case_shown, "fingerprint": fingerprint},
        "notebook": {"name": notebook, "fingerprint": notebook_print},
        "parameters": {name: _spell(value) for name, value in parameters.items()},
        "units": list(units),
    }


def describe_unit(outcome: Outcome, name: str, own: str) -> dict[str, Any]:
    """Describe what came of one unit: status, time, objective, gap, error and files."""
    return {
        "business_unit": outcome.business_unit,
        "name": name,
        "folder": own,
        "status": outcome.status,
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


def dump_manifest(manifest: Mapping[str, Any]) -> str:
    """Return the manifest as JSON text."""
    return dump_json(manifest)


def list_earlier_files(folder: Path, own: str) -> list[str]:
    """Return the files that the run recorded in `folder` wrote into its `own`; none without a manifest."""
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return [name for unit in manifest["units"] if unit["folder"] == own for name in unit["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _spell(value: Any) -> Any:
    """Spell an infinite lever as text, since JSON has no infinity."""
    return str(value) if isinstance(value, float) and value in (float("inf"), float("-inf")) else value
