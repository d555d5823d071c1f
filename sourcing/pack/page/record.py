"""The decision that an executed notebook carries as a record among its outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.errors import BatchError
from sourcing.pack.decision import MIME

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_decision(notebook: Mapping[str, Any]) -> dict[str, Any] | None:
    """Read the decision that an executed notebook displays.

    Parameters
    ----------
    notebook : mapping
        A notebook of nbformat 4, executed.

    Returns
    -------
    dict or None
        `summary` (a dict) and `tables` (name to list of records); None where the notebook displays none.

    Raises
    ------
    BatchError
        It displays more than one.
    """
    found = [
        output["data"][MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    if len(found) > 1:
        raise BatchError(
            f"A notebook must display one decision; got {len(found)}. Hint: display it in the last cell only."
        )
    return found[0] if found else None
