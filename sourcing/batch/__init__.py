"""One notebook, many business units: run it for each, export packs, list what came of it."""

from __future__ import annotations

from sourcing.batch.notebooks import find_notebook, read_parameters
from sourcing.batch.run import PackRun, run_packs

__all__ = ["PackRun", "find_notebook", "read_parameters", "run_packs"]
