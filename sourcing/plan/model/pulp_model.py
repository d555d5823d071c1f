"""Write a problem as a PuLP model: to read, to export, and to ask any PuLP solver."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pulp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan.model.writer import Problem

_LONGEST_NAME = 100


def write_model(problem: Problem, name: str = "plan") -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Write a PuLP problem with the analyst's names kept readable.

    Returns
    -------
    model : pulp.LpProblem
        May be exported by `writeLP` and `writeMPS`.
    variables : list of pulp.LpVariable
        In the order of `problem.columns`; PuLP itself sorts by name.
    """
    model = pulp.LpProblem(name, pulp.LpMinimize)
    integer, lower, upper = (a.tolist() for a in (problem.integer, problem.lower, problem.upper))
    variables = [
        model.add_variable(label, low, high if np.isfinite(high) else None, "Integer" if whole else "Continuous")
        for label, low, high, whole in zip(make_names(problem.columns), lower, upper, integer, strict=True)
    ]
    model.setObjective(pulp.LpAffineExpression(dict(zip(variables, problem.cost.tolist(), strict=True))))
    starts, columns = problem.matrix.indptr.tolist(), problem.matrix.indices.tolist()
    amounts = problem.matrix.data.tolist()
    row_lower, row_upper = problem.row_lower.tolist(), problem.row_upper.tolist()
    for k, label in enumerate(make_names(problem.rows)):
        span = slice(starts[k], starts[k + 1])
        terms = {variables[j]: amount for j, amount in zip(columns[span], amounts[span], strict=True)}
        for suffix, sense, right in _split_row(row_lower[k], row_upper[k]):
            expression = pulp.LpAffineExpression(terms)
            model.addConstraint(pulp.LpConstraint(expression, sense, label + suffix, right))
    return model, variables


def _split_row(lower: float, upper: float) -> list[tuple[str, int, float]]:
    """Give the one or two PuLP constraints of a row."""
    if lower == upper:
        return [("", pulp.LpConstraintEQ, upper)]
    ends = [("", pulp.LpConstraintLE, upper), ("_least", pulp.LpConstraintGE, lower)]
    return [end for end in ends if np.isfinite(end[2])]


def make_names(labels: Sequence[str]) -> list[str]:
    """Turn labels into unique names that LP and MPS files accept: ASCII letters, digits and underscores.

    Examples
    --------
    >>> make_names(["payroll | at home", "payroll / at home", "Zürich [1]", "2nd", "給与"])
    ['payroll_at_home', 'payroll_at_home_2', 'Zurich_1', 'n_2nd', 'n']
    """
    taken: set[str] = set()
    names = []
    for label in labels:
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
        name = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")[:_LONGEST_NAME]
        if not name or not name[0].isalpha() or re.fullmatch(r"[eE]\d*", name):
            name = f"n_{name}".rstrip("_")
        unique, count = name, 1
        while unique.lower() in taken:
            count += 1
            unique = f"{name}_{count}"
        taken.add(unique.lower())
        names.append(unique)
    return names
