"""Who looks at a notebook while it runs: somebody in JupyterLab, or nobody, as in a run of packs."""

from __future__ import annotations

import os

BATCH = "SOURCING_BATCH"
"""Set by a run of packs for its kernels: what only a person would use is left out."""
DRAWER = "SOURCING_DRAWER"
"""Set by a run of packs as well: the socket of the process that draws its charts."""
_SERVED = "JPY_SESSION_NAME"
"""Set by Jupyter's server for the kernel of a notebook that somebody has open."""


def is_batch() -> bool:
    """Tell whether a run of packs runs this."""
    return BATCH in os.environ


def is_watched() -> bool:
    """Tell whether somebody has the notebook open in JupyterLab and can move what it shows."""
    return _SERVED in os.environ and not is_batch()


def find_drawer() -> str:
    """Return the socket of the process that draws the charts of a batch; "" where none does."""
    return os.environ.get(DRAWER, "")


def mark_batch(drawer: str = "") -> None:
    """Say that from here on nobody looks, in this process and in the kernels that it starts, and who draws charts."""
    os.environ[BATCH] = "1"
    os.environ[DRAWER] = drawer
