"""The manifest and the index of a run under way: each step is on disk before the next one begins."""

from __future__ import annotations

import contextlib
import json
import textwrap
import time
from typing import TYPE_CHECKING, Any

from sourcing.batch.folders import SUMMARY, write_aside
from sourcing.batch.jobs import FAILED, OUT_OF_TIME, Outcome
from sourcing.batch.manifest import NAME, describe_outcome, list_heads, read_manifest
from sourcing.pack import dump_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

WAITING, RUNNING, ENDED, SKIPPED, NOT_RUN = "waiting", "running", "ended", "skipped", "not run"
FINISHED, STOPPED = "finished", "stopped"
INDEX_SECONDS = 30.0
"""How old the index may grow while units end; the manifest is written at every step."""


class RunRecord:
    """What is known of every unit in a folder of packs.

    An entry tells of the pack that lies there: `run` is the start of the run that made it, `inputs` the fingerprint of
    what it was made from, None while another may be taking its place. `progress` tells how far the present run is.

    Parameters
    ----------
    folder : Path
    head : mapping
        From `describe_run`.
    units : mapping of str to (str, str)
        Units of the present run to their name and folder.
    """

    def __init__(self, folder: Path, head: Mapping[str, Any], units: Mapping[str, tuple[str, str]]) -> None:
        before = read_manifest(folder)
        self.folder, self.head, self.state = folder, dict(head), RUNNING
        self.heads, self.indexed = list_heads(before), time.monotonic()
        taken = {own for _, own in units.values()}
        self.units: dict[str, dict[str, Any]] = {}
        for entry in before.get("units", []):
            unit, own = entry["business_unit"], entry["folder"]
            is_there = (entry["status"] or entry["files"]) and (folder / own).is_dir()
            if is_there and (units[unit][1] == own if unit in units else own not in taken):
                self.units[unit] = {"run": before["started"], "inputs": None, **entry}
                self.units[unit]["progress"] = None if entry["status"] else NOT_RUN
        for unit, (name, own) in units.items():
            blank = {"business_unit": unit, "name": name, "folder": own, "run": None, "inputs": None}
            entry = self.units.get(unit, blank | describe_outcome(Outcome(unit, "")))
            self.units[unit] = entry | {"name": name, "progress": WAITING}
        self._texts = {unit: _spell(entry) for unit, entry in self.units.items()}
        self.summaries = {unit: self._read_summary(entry) for unit, entry in self.units.items()}

    def skip_finished(self, inputs: Mapping[str, str]) -> list[Outcome]:
        """Skip units whose pack, or whose proof that there is no plan, was made from the same; return what it told."""
        skipped = []
        for unit, now in inputs.items():
            entry = self.units[unit]
            own = self.folder / entry["folder"]
            is_whole = bool(entry["files"]) and all((own / name).exists() for name in entry["files"])
            if entry["inputs"] == now and is_whole and entry["status"] not in (FAILED, OUT_OF_TIME):
                self._note(unit, progress=SKIPPED)
                told = self.summaries[unit]
                skipped.append(
                    Outcome(unit, entry["status"], entry["error"] or "", entry["seconds"], told, tuple(entry["files"]))
                )
        return skipped

    def list_files(self, unit: str) -> list[str]:
        """List what the run that made a unit's folder wrote into it."""
        return list(self.units[unit]["files"])

    def begin(self, unit: str) -> None:
        """Note that a unit runs: from now on another pack may be taking the place of the one recorded."""
        self._note(unit, progress=RUNNING, inputs=None)
        self.write()

    def announce(self, unit: str, files: Iterable[str]) -> None:
        """Note what is about to be put in a unit's folder, so that it is known as ours if the run dies in between."""
        self._note(unit, files=sorted({*self.units[unit]["files"], *files}))
        self.write()

    def end(self, outcome: Outcome, inputs: str | None) -> None:
        """Note what came of a unit whose folder is in its place."""
        unit = outcome.business_unit
        self._note(unit, **describe_outcome(outcome), run=self.head["started"], inputs=inputs, progress=ENDED)
        self.summaries[unit] = outcome.summary
        self.write()
        if time.monotonic() - self.indexed >= INDEX_SECONDS:
            self.write_index()

    def settle(self, state: str) -> None:
        """Write both for good: what waits or runs is not run any more."""
        self.state = state
        for unit, entry in self.units.items():
            if entry["progress"] in (WAITING, RUNNING):
                self._note(unit, progress=NOT_RUN)
        self.write()
        self.write_index()

    def describe(self) -> dict[str, Any]:
        """Return what the manifest holds: the present run, units by name, and earlier runs that made some of them."""
        used = {entry["run"] for entry in self.units.values()}
        earlier = [head for started, head in sorted(self.heads.items()) if started in used]
        units = [self.units[unit] for unit in sorted(self.units)]
        return self.head | {"state": self.state, "earlier": earlier, "units": units}

    def dump(self) -> str:
        """Return the manifest as JSON text, in which only entries that changed are spelled anew."""
        around = dump_json(self.describe() | {"units": []}).removesuffix("[]\n}\n")
        entries = ",\n".join(self._texts[unit] for unit in sorted(self._texts))
        return f"{around}[\n{entries}\n  ]\n}}\n"

    def write(self) -> None:
        """Write the manifest."""
        write_aside(self.dump(), self.folder / NAME)

    def write_index(self) -> None:
        """Write the page of all units."""
        from sourcing.pack import render_index

        write_aside(render_index(self.describe(), self.summaries), self.folder / "index.html")
        self.indexed = time.monotonic()

    def _note(self, unit: str, **changes: Any) -> None:
        self.units[unit] |= changes
        self._texts[unit] = _spell(self.units[unit])

    def _read_summary(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Read what a pack of an earlier run states; nothing of a unit without one."""
        if entry["error"] or SUMMARY not in entry["files"]:
            return {}
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads((self.folder / entry["folder"] / SUMMARY).read_text(encoding="utf-8")))
        return {}


def _spell(entry: Mapping[str, Any]) -> str:
    return textwrap.indent(dump_json(entry).rstrip(), "    ")
