"""What one run of the notebook is asked to do, and what came of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sourcing.batch.strip import label_paths

if TYPE_CHECKING:
    from pathlib import Path

FAILED = "failed"
INFEASIBLE = "infeasible"
OUT_OF_TIME = "out of time"
HANDED_CASE = "case.pickle"
SHELL, KERNEL = "shell", "kernel"
"""What runs the cells: a process forked with all imported, or a kernel that is started."""


@dataclass(frozen=True)
class Job:
    """One notebook for one business unit; travels to the process that runs it.

    Attributes
    ----------
    business_unit, title : str
    notebook : Path
        The notebook to run, unexecuted.
    parameters : dict
        What is passed to it by name, paths absolute; levers that it does not name go into its dict `levers`.
    aside : Path
        Empty folder of this run: `pack/` becomes the unit's folder, `outcome.json` tells what came of it.
    labels : dict of str to str
        Path to the text shown for it in everything that is kept.
    provenance : dict of str to str
        What the footer of the pack states.
    seconds : float
        Longest time the cells may take.
    megabytes : float, optional
        Memory that the cells' process may fill, in MiB; any if None.
    engine : {"shell", "kernel"}
        What runs the cells.
    drawer : str
        Socket of the process that draws its charts; its own process does if "".
    """

    business_unit: str
    title: str
    notebook: Path
    parameters: dict[str, Any]
    aside: Path
    labels: dict[str, str]
    provenance: dict[str, str]
    seconds: float
    megabytes: float | None = None
    engine: str = KERNEL
    drawer: str = ""

    @property
    def pack(self) -> Path:
        """Folder that becomes the unit's folder."""
        return self.aside / "pack"

    @property
    def handed(self) -> Path:
        """File of the unit's case as the run read it, so that its process need not read the tables of all units."""
        return self.aside / HANDED_CASE

    @property
    def outcome(self) -> Path:
        """File in which the process tells what came of it."""
        return self.aside / "outcome.json"

    @property
    def log(self) -> Path:
        """Everything the process wrote to its standard streams."""
        return self.aside / "log.txt"

    def keep_failure(self, text: str) -> None:
        """Keep a traceback beside the notebook, and no pack that might be taken for an answer."""
        self.pack.mkdir(exist_ok=True)
        for path in self.pack.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "notebook.ipynb":
                path.unlink()
        (self.pack / "traceback.txt").write_text(label_paths(text, self.labels) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    status : str
        The plan's own status where the notebook displays a decision, else `done`; `infeasible`,
        `out of time` (no plan in the time given) or `failed`.
    error : str
        One line; empty where there is a pack.
    seconds : float
        From start of the process to its end.
    summary : dict
        The decision's summary; empty where there is none.
    files : tuple of str
        What the run wrote into the unit's folder.
    """

    business_unit: str
    status: str
    error: str = ""
    seconds: float = 0.0
    summary: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether there is a pack."""
        return not self.error
