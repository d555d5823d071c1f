"""Units run side by side already: numerical libraries use one thread each."""

from __future__ import annotations

import os

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def spare_threads() -> None:
    """Have libraries of numbers that are loaded from here on use one thread: units run side by side already."""
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
