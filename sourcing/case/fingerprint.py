"""The fingerprint of a case: equal for equal content."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping


def fingerprint_tables(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the SHA-256 of conformed tables: of every name, value and the order of rows.

    Numbers count as float64, days as seconds, texts and truth values by their distinct values as they come.

    Examples
    --------
    >>> one = fingerprint_tables({"units": pd.DataFrame({"horizon_years": [5]})})
    >>> one == fingerprint_tables({"units": pd.DataFrame({"horizon_years": [5.0]})}), len(one)
    (True, 64)
    """
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(name.encode())
        for column, values in tables[name].items():
            digest.update(f"\n{column}\n".encode())
            if not len(values):
                continue
            if values.dtype.kind in "fi":
                digest.update((values.to_numpy(dtype="<f8") + 0.0).tobytes())
            elif values.dtype.kind == "M":
                digest.update(values.to_numpy().astype("<M8[s]").tobytes())
            else:
                digest.update(_hash_texts(values))
    return digest.hexdigest()


def _hash_texts(values: pd.Series) -> bytes:
    """Spell texts and truth values as bytes: the distinct ones as they come, and each row's place among them."""
    texts = values if values.dtype == "str" else values.astype(object).map(str).astype("str")
    codes, distinct = pd.factorize(texts)
    words = distinct.to_numpy(dtype=object)
    lengths = np.fromiter(map(len, words), dtype="<i8", count=len(words))
    return b"".join([codes.astype("<i8").tobytes(), lengths.tobytes(), "".join(words).encode()])
