"""Take out of an executed notebook what belongs to the machine that ran it: paths, clocks, environment."""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDED_TAGS = frozenset({"injected-parameters", "papermill-error-cell-tag"})
"""Tags of the cells that papermill adds, each with an id drawn at random."""


def strip_notebook(notebook: dict[str, Any], labels: Mapping[str, str], parameters: Mapping[str, Any]) -> None:
    """Strip run metadata from a notebook in place and write labels where paths stood.

    papermill stores paths, environment variables and timings in the metadata; the parameters stay.

    Parameters
    ----------
    notebook : dict
        A notebook of nbformat 4, executed by papermill.
    labels : mapping of str to str
        Path to the text that is shown for it.
    parameters : mapping
        What is recorded as the parameters of the run.
    """
    for place, cell in enumerate(notebook["cells"]):
        if added := ADDED_TAGS.intersection(cell["metadata"].get("tags", [])):
            cell["id"] = f"{min(added)}-{place}"
        cell["metadata"].pop("papermill", None)
        cell["metadata"].pop("execution", None)
        cell["source"] = label_paths(cell["source"], labels)
        if "outputs" in cell:
            cell["outputs"] = label_paths(_join_streams(cell["outputs"]), labels)
    notebook["metadata"]["papermill"] = {"parameters": label_paths(dict(parameters), labels)}


def _join_streams(outputs: list[Any]) -> list[Any]:
    """Join texts of one stream that follow each other: where they were cut is a matter of the clock."""
    joined: list[Any] = []
    for output in outputs:
        if joined and output.get("output_type") == "stream" and joined[-1].get("name") == output["name"]:
            joined[-1]["text"] += output["text"]
        else:
            joined.append(output)
    return joined


def label_machine(own: Mapping[str, str]) -> dict[str, str]:
    """Map the paths of this machine to words, `own` first, so that what is kept names no machine."""
    labels = {
        str(Path.home()): "home",
        tempfile.gettempdir(): "temporary",
        sys.base_prefix: "python",
        sysconfig.get_paths()["purelib"]: "site-packages",
        sys.prefix: "environment",
        str(Path(__file__).parents[2]): "suite",
    } | dict(own)
    home = str(Path.home())
    short = {"~" + path[len(home) :]: label for path, label in labels.items() if path.startswith(home + os.sep)}
    return {path: label for path, label in (labels | short).items() if len(path) > 1}


def label_paths(value: Any, labels: Mapping[str, str]) -> Any:
    """Replace paths by labels in every text of a nested value, longer paths first.

    Examples
    --------
    >>> label_paths({"text": ["in /a/b/c.csv", 3]}, {"/a": "A", "/a/b": "case"})
    {'text': ['in case/c.csv', 3]}
    """
    if isinstance(value, str):
        for path in sorted(labels, key=len, reverse=True):
            for spelled in _spellings(path):
                whole = rf"(?<![\w.]){re.escape(spelled)}(?![\w-])"
                value = re.sub(whole, labels[path].replace("\\", r"\\"), value)
        return value
    if isinstance(value, dict):
        return type(value)({key: label_paths(item, labels) for key, item in value.items()})
    if isinstance(value, list):
        return [label_paths(item, labels) for item in value]
    return value


def _spellings(path: str) -> list[str]:
    """Spell a path as it is, as inside a string literal, and with forward slashes."""
    return list(dict.fromkeys([json.dumps(path)[1:-1], path, path.replace("\\", "/")]))
