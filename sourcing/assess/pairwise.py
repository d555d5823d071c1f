"""Pairwise comparisons become weights: the analytic hierarchy process, with gaps where nothing was asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Saaty's mean consistency index of random matrices, by size; Saaty (1980), The Analytic Hierarchy Process, p. 21."""
RECIPROCAL = 0.05
"""How far a product of the two halves may be from 1: tables round 1/8 to 0.13. The half above 1 then counts."""
CONSISTENT = 1e-9


@dataclass(frozen=True)
class PairwiseWeights:
    """Weights from pairwise comparisons, and how well the comparisons agree with one another.

    Attributes
    ----------
    weights : Series
        Index: the labels of the comparisons in their order; positive, sums to 1.
    consistency_ratio : float
        Consistency index over that of random comparisons of the same size and the same number of gaps; 0 where the
        comparisons agree in full. Above 0.1 they should be looked at again (Saaty 1980).
    revisit : tuple
        The two labels of the comparison to revisit first; () where all agree.
    asked : DataFrame
        The matrix as asked, both halves filled where one was.
    completed : DataFrame
        The matrix with its gaps filled.
    """

    weights: pd.Series
    consistency_ratio: float
    revisit: tuple[Hashable, ...]
    asked: pd.DataFrame
    completed: pd.DataFrame

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """One row per comparison asked, the one to revisit first on top.

        Columns first, second, ratio (as asked), fitted (ratio of the two weights, which this answer shares in),
        implied (the same ratio by the other answers alone; NaN where they do not connect the two), disagreement
        (ratio over fitted or its inverse, at least 1).
        """
        asked = self.asked.to_numpy()
        told = _rank_comparisons(self.asked.index, asked, self.weights.to_numpy())
        place = self.asked.index.get_indexer
        pairs = zip(place(told["first"]), place(told["second"]), strict=True)
        told.insert(4, "implied", [_imply(asked, row, column) for row, column in pairs])
        return told


def random_index(size: int, gaps: int = 0) -> float:
    """Return the consistency index that random comparisons have on average.

    RI(n, m) = RI(n) x (1 - 2 m / ((n - 1) (n - 2))) for m gaps: every gap takes out a chance to contradict, down to
    none where the comparisons form a tree. Beyond 15 labels RI(n) = (2.7699 n - 4.3513 - n) / (n - 1).

    Sources: Saaty (1980) for RI(n); Agoston and Csato (2022), Inconsistency thresholds for incomplete pairwise
    comparison matrices, Omega 108, for gaps; Alonso and Lamata (2006), Consistency in the analytic hierarchy process,
    for large matrices.

    Examples
    --------
    >>> random_index(4), round(random_index(4, 1), 3), random_index(4, 3)
    (0.9, 0.6, 0.0)
    """
    full = RANDOM_INDEX[size] if size < len(RANDOM_INDEX) else (1.7699 * size - 4.3513) / (size - 1)
    return full if size < 3 else full * (1 - 2 * gaps / ((size - 1) * (size - 2)))


def pairwise_weights(comparisons: pd.DataFrame) -> PairwiseWeights:
    """Weigh what was compared pair by pair: the principal eigenvector of the comparisons.

    A w = lambda_max w, sum of w = 1. Gaps take the values that make lambda_max least, which is unique where the
    comparisons connect all labels. consistency_ratio = (lambda_max - n) / (n - 1) / random_index(n, gaps). The
    comparison to revisit first is the one whose ratio is furthest, as a factor, from the ratio of the two weights.

    Parameters
    ----------
    comparisons : DataFrame, shape (n, n)
        Index and columns hold the same labels; the entry (a, b) says how many times as important a is as b. Square
        and reciprocal, 1 (or NaN) on the diagonal, NaN where not asked; one of the two halves is enough.

    Returns
    -------
    PairwiseWeights

    Raises
    ------
    InputError
        The frame is not square, labels differ or repeat, an entry is not positive or not reciprocal, or the
        comparisons do not connect all labels.

    Notes
    -----
    Sources: Saaty (1980), The Analytic Hierarchy Process; Bozoki, Fulop and Ronyai (2010), On optimal completion of
    incomplete pairwise comparison matrices, Mathematical and Computer Modelling 52; for the choice of what to
    revisit: Saaty (2003), Decision-making with the AHP: why is the principal eigenvector necessary, EJOR 145.

    Examples
    --------
    >>> asked = pd.DataFrame([[1, 2, None], [0.5, 1, 2], [None, 0.5, 1]], index=list("abc"), columns=list("abc"))
    >>> found = pairwise_weights(asked)
    >>> [round(7 * weight, 6) for weight in found.weights], found.consistency_ratio, found.revisit
    ([4.0, 2.0, 1.0], 0.0, ())
    """
    labels, asked = _read_matrix(comparisons)
    completed, gaps = _fill_gaps(asked), int(np.isnan(asked).sum()) // 2
    largest, weights = find_principal(completed)
    size = len(labels)
    random = random_index(size, gaps)
    index = max(0.0, (largest - size) / (size - 1)) if size > 1 else 0.0
    ratio = index / random if random > CONSISTENT and index > CONSISTENT else 0.0
    ranked = _rank_comparisons(labels, asked, weights)
    again = tuple(ranked[end].tolist()[0] for end in ("first", "second")) if ratio > 0 else ()
    frames = (pd.DataFrame(each, index=labels, columns=labels) for each in (asked, completed))
    return PairwiseWeights(pd.Series(weights, index=labels, name="weight"), ratio, again, *frames)


def find_principal(matrix: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the largest eigenvalue of a positive matrix and its eigenvector, which sums to 1.

    Examples
    --------
    >>> largest, vector = find_principal(np.array([[1, 3], [1 / 3, 1]]))
    >>> round(largest, 9), vector.round(9).tolist()
    (2.0, [0.75, 0.25])
    """
    values, vectors = np.linalg.eig(matrix)
    first = int(values.real.argmax())
    vector = np.abs(vectors[:, first].real)
    return float(values[first].real), vector / vector.sum()


def _read_matrix(comparisons: pd.DataFrame) -> tuple[pd.Index, np.ndarray]:
    """Return the labels and the matrix with both halves filled where one is."""
    labels = comparisons.index
    if comparisons.shape[0] != comparisons.shape[1] or set(labels) != set(comparisons.columns) or not labels.is_unique:
        raise InputError(
            f"comparisons must have the same labels as rows and as columns, each once; got rows {list(labels)} and "
            f"columns {list(comparisons.columns)}. Hint: one row and one column per label."
        )
    given = comparisons[labels].to_numpy(float, copy=True)
    np.fill_diagonal(given, np.where(np.isnan(given.diagonal()), 1.0, given.diagonal()))
    if (given <= 0).any() or np.isinf(given).any():
        raise _refuse(
            labels, (given <= 0) | np.isinf(given), given, "positive and finite", "9, 1/9 or anything between"
        )
    mirrored = np.where(np.isnan(given), 1 / given.T, given)
    off = np.abs(mirrored * mirrored.T - 1) > RECIPROCAL
    if off.any():
        raise _refuse(labels, off, given, "reciprocal", "if a is 3 times b, b is 1/3 of a")
    matrix = np.where(mirrored >= mirrored.T, mirrored, 1 / mirrored.T)
    pieces, _ = _find_pieces(matrix)
    if pieces > 1:
        raise InputError(
            f"comparisons must connect all labels; got {pieces} parts that were never compared with one another among "
            f"{list(labels)}. Hint: ask for one comparison between the parts."
        )
    return labels, matrix


def _refuse(labels: pd.Index, off: np.ndarray, given: np.ndarray, wanted: str, hint: str) -> InputError:
    row, column = np.argwhere(off)[0]
    more = f", {int(off.sum()) - 1} more" if off.sum() > 1 else ""
    return InputError(
        f"comparisons must be {wanted}; got {given[row, column]:g} at ({labels[row]!r}, {labels[column]!r}){more}. "
        f"Hint: {hint}."
    )


def _fill_gaps(asked: np.ndarray) -> np.ndarray:
    """Fill the gaps so that the largest eigenvalue is least; in logarithms of the gaps that is convex."""
    rows, columns = np.nonzero(np.triu(np.isnan(asked), 1))
    if not len(rows):
        return asked
    from scipy.optimize import minimize

    def fill(logs: np.ndarray) -> np.ndarray:
        matrix = asked.copy()
        matrix[rows, columns], matrix[columns, rows] = np.exp(logs), np.exp(-logs)
        return matrix

    def slope(logs: np.ndarray) -> tuple[float, np.ndarray]:
        matrix = fill(logs)
        largest, right = find_principal(matrix)
        left = find_principal(matrix.T)[1]
        up = left[rows] * matrix[rows, columns] * right[columns]
        down = left[columns] * matrix[columns, rows] * right[rows]
        return largest, (up - down) / (left @ right)

    known = np.where(np.isnan(asked), 0.0, np.log(np.where(np.isnan(asked), 1.0, asked)))
    links = ~np.isnan(asked) * 1.0
    laplacian = np.diag(links.sum(axis=1)) - links
    potential = np.linalg.lstsq(laplacian, known.sum(axis=1), rcond=None)[0]
    start = potential[rows] - potential[columns]
    best = minimize(slope, start, jac=True, method="BFGS", options={"gtol": 1e-10, "maxiter": 1000})
    return fill(best.x)


def _rank_comparisons(labels: pd.Index, asked: np.ndarray, weights: np.ndarray) -> pd.DataFrame:
    rows, columns = np.nonzero(np.triu(~np.isnan(asked), 1))
    fitted = weights[rows] / weights[columns]
    ratio = asked[rows, columns]
    table = pd.DataFrame(
        {
            "first": labels[rows],
            "second": labels[columns],
            "ratio": ratio,
            "fitted": fitted,
            "disagreement": np.exp(np.abs(np.log(ratio / fitted))),
        }
    )
    return table.sort_values(
        "disagreement", ascending=False, kind="stable", ignore_index=True, key=lambda values: values.round(9)
    )


def _find_pieces(asked: np.ndarray) -> tuple[int, np.ndarray]:
    """Count the pieces into which what was asked falls, and say in which each row lies."""
    from scipy.sparse.csgraph import connected_components

    return connected_components(~np.isnan(asked), directed=False)


def _imply(asked: np.ndarray, row: int, column: int) -> float:
    """Give the ratio of two weights by all answers but the one between them; NaN where those do not connect them."""
    others = asked.copy()
    others[row, column] = others[column, row] = np.nan
    _, piece_of = _find_pieces(others)
    if piece_of[row] != piece_of[column]:
        return float("nan")
    weights = find_principal(_fill_gaps(others))[1]
    return float(weights[row] / weights[column])


def combine_judgments(matrices: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Combine the comparisons of several assessors: the geometric mean of each comparison over those who gave it.

    Source: Aczel and Saaty (1983), Procedures for synthesizing ratio judgements, Journal of Mathematical Psychology.

    Examples
    --------
    >>> one, two = (pd.DataFrame([[1, x], [1 / x, 1]], index=list("ab"), columns=list("ab")) for x in (2.0, 8.0))
    >>> round(float(combine_judgments([one, two]).loc["a", "b"]), 9)
    4.0
    """
    labels = matrices[0].index
    read = np.stack([_read_half(matrix.loc[labels, labels]) for matrix in matrices])
    given = ~np.isnan(read)
    logs = np.where(given, np.log(np.where(given, read, 1.0)), 0.0).sum(axis=0)
    counts = given.sum(axis=0)
    mean = np.exp(np.divide(logs, counts, out=np.zeros_like(logs), where=counts > 0))
    return pd.DataFrame(np.where(counts > 0, mean, np.nan), index=labels, columns=labels)


def _read_half(matrix: pd.DataFrame) -> np.ndarray:
    given = matrix.to_numpy(float)
    return np.where(np.isnan(given), 1 / given.T, given)
