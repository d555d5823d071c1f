"""Find the notebooks and data that come with the suite, in a checkout or in an installed package."""

from __future__ import annotations

from pathlib import Path

from sourcing.errors import InputError

_PACKAGE = Path(__file__).parent


def find_shipped(name: str) -> Path:
    """Return the path of a shipped folder or file, such as `notebooks` or `data/reference`.

    Raises
    ------
    InputError
        The suite was installed without it.
    """
    for root in (_PACKAGE / "_shipped", _PACKAGE.parent):
        if (root / name).exists():
            return root / name
    raise InputError(f"{name!r} comes with the suite; got an installation without it. Hint: install it again.")
