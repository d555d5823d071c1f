"""Answers kept in a folder for later runs: found again where nothing they depend on has changed.

One file per answer, named by a digest of everything the answer depends on: every cell of the tables asked, the
settings, the question with its limits of time and gap, and the code and libraries that answer it. The files are plain
JSON, since a pickle, which joblib and diskcache write, runs whatever code it was made to hold when it is read.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing import __version__
from sourcing.errors import CertificateError, InputError
from sourcing.plan.explain.cache_format import read_plainly, spell_plainly

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.plan.question import Question

FORMAT = 1
SUFFIX = ".answer.json"
LIBRARIES = ("highspy", "numpy", "pandas", "scipy")
_LOG = logging.getLogger(__name__)
_UNREADABLE = (OSError, CertificateError, KeyError, IndexError, TypeError, ValueError, AttributeError)


class AnswerCache:
    """A folder that keeps answers.

    Parameters
    ----------
    folder : path
        Made when the first answer is kept.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def recall_or_find(self, key: tuple[Any, ...], question: Question, find: Callable[[], Any], state: Any) -> Any:
        """Give the answer that an earlier run kept, or find it now and keep it.

        An answer that time limits cut short is kept as it is: later runs with the same folder then say the same.

        Parameters
        ----------
        key : tuple
            Name and settings of what is asked, limits of time included.
        question : Question
            Of the plan that it is asked of.
        find : function
            Finds the answer.
        state : object
            What else the answer depends on: the plan that is explained.

        Raises
        ------
        InputError
            The folder cannot be made.
        """
        self._make_folder()
        digest = digest_question(key, question, state)
        file = self.folder / f"{digest}{SUFFIX}"
        if file.is_file():
            try:
                return _read_answer(file, digest, question)
            except _UNREADABLE as error:
                _LOG.warning("%s is no answer kept here and was found anew (%s).", file.name, type(error).__name__)
        answer = find()
        try:
            _write_answer(file, digest, key, answer)
        except (OSError, TypeError) as error:
            _LOG.warning("An answer could not be kept for the next run (%s).", error)
        return answer

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"answers_folder must be a folder that can be made; got {str(self.folder)!r} ({error.strerror}). "
                "Hint: choose another, or leave it out."
            ) from error


def _read_answer(file: Path, digest: str, question: Question) -> Any:
    head, _, body = file.read_text(encoding="utf-8").partition("\n")
    stated = json.loads(head)
    if (stated["digest"], stated["sum"]) != (digest, _sum_text(body)):
        raise ValueError("head and body must belong together")
    answer = read_plainly(json.loads(body), question)
    os.utime(file)
    return answer


def _write_answer(file: Path, digest: str, key: tuple[Any, ...], answer: Any) -> None:
    """Write the file aside and rename it, so that no half of it is ever read."""
    body = json.dumps(spell_plainly(answer), ensure_ascii=False, allow_nan=False)
    head = {"format": FORMAT, "suite": __version__, "question": list(map(repr, key)), "digest": digest}
    with tempfile.TemporaryDirectory(prefix=".answer-", dir=file.parent) as aside:
        made = Path(aside) / file.name
        made.write_text(json.dumps(head | {"sum": _sum_text(body)}) + "\n" + body, encoding="utf-8", newline="\n")
        made.replace(file)


def _sum_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest_question(key: tuple[Any, ...], question: Question, state: Any = None) -> str:
    """Digest everything an answer depends on; the drivers of a question count for no answer that is kept.

    Examples
    --------
    >>> from sourcing.plan.question import Question
    >>> offers = pd.DataFrame({"process": ["payroll"], "option": ["stay"], "cost": [9.0]})
    >>> one = digest_question(("flips",), Question(offers))
    >>> one == digest_question(("flips",), Question(offers.assign(cost=9.5))), len(one)
    (False, 64)
    """
    depends = {each.name: getattr(question, each.name) for each in fields(question) if each.name != "drivers"}
    digest = hashlib.sha256(_digest_suite().encode())
    _feed(digest, depends | {"key": key, "state": state})
    return digest.hexdigest()


@cache
def _digest_suite() -> str:
    """Digest what answers: format, suite, the code of this room, and the libraries it rests on."""
    digest = hashlib.sha256(repr((FORMAT, __version__, [(name, version(name)) for name in LIBRARIES])).encode())
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _feed(digest: Any, value: Any) -> None:
    """Feed a value to a digest with its kind, cell by cell where it is a table."""
    digest.update(f"\n{type(value).__name__}:".encode())
    if isinstance(value, pd.DataFrame):
        digest.update(f"{len(value)}".encode())
        for name, column in value.items():
            _feed(digest, name)
            _feed(digest, column)
    elif isinstance(value, pd.Series):
        digest.update(f"{value.dtype}:".encode())
        if isinstance(value.dtype, np.dtype) and value.dtype.kind in "fiub":
            digest.update(value.to_numpy().tobytes())
        else:
            cells = [f"{type(cell).__name__} {cell!r}" for cell in value.astype(object).tolist()]
            digest.update("\n".join(cells).encode("utf-8", "surrogatepass"))
    elif isinstance(value, Mapping):
        for name, each in value.items():
            _feed(digest, name)
            _feed(digest, each)
    elif isinstance(value, (tuple, list)):
        for each in value:
            _feed(digest, each)
    else:
        digest.update(repr(value).encode("utf-8", "surrogatepass"))
