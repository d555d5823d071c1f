"""One notebook, many business units: run it for each, export packs, list what came of it."""

from sourcing.batch.folders import PLAN_FILES, open_out, publishing
from sourcing.batch.jobs import Outcome
from sourcing.batch.notebooks import find_notebook, open_workspace, read_parameters
from sourcing.batch.run import PackRun, run_packs

__all__ = [
    "PLAN_FILES",
    "Outcome",
    "PackRun",
    "find_notebook",
    "open_out",
    "open_workspace",
    "publishing",
    "read_parameters",
    "run_packs",
]
