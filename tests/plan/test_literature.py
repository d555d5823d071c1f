"""Multiple-choice multi-dimensional knapsacks, as alternatives and rules: cost is minus the value."""

import numpy as np
import pandas as pd
import pytest

from sourcing.plan import choose

HIREMATH = """
7 74 19 48 42 44 | 8 66 22 53 6 49 | 9 52 16 5 70 33 | 12 38 23 42 41 17 | 29 37 28 3 69 25
50 58 46 53 51 45 | 65 3 54 12 15 53 | 81 34 51 32 35 12 | 90 37 81 13 28 53 | 93 13 58 57 55 2
2 78 4 46 48 58 | 21 67 19 17 33 41 | 31 47 69 54 79 9 | 39 45 24 43 32 11 | 49 16 33 32 1 21
51 48 81 28 54 31 | 55 4 63 65 59 32 | 66 46 58 20 20 3 | 78 32 73 2 48 10 | 79 38 70 16 64 17
17 53 45 32 37 14 | 22 23 25 49 11 2 | 29 42 19 1 39 48 | 62 23 56 22 65 51 | 72 24 48 58 49 20
77 33 46 34 49 50 | 79 12 66 8 5 29 | 85 8 81 64 10 33 | 87 2 70 9 7 2 | 95 22 82 51 19 4
12 70 16 29 33 22 | 18 49 5 51 26 16 | 36 29 49 1 52 5 | 36 5 41 50 3 29 | 37 61 14 15 66 3
39 19 68 31 40 13 | 68 30 74 41 64 18 | 77 37 76 40 3 24 | 78 55 49 23 38 7 | 86 1 54 17 47 50
1 79 8 11 35 58 | 1 61 6 61 68 52 | 7 59 6 42 21 6 | 17 79 48 35 11 31 | 19 58 17 37 37 44
22 66 46 21 54 20 | 32 50 43 17 27 29 | 42 20 43 61 60 10 | 45 8 65 7 38 12 | 48 24 31 43 55 48
"""
CAPACITIES = (331, 318, 228, 317, 198)


def read_hiremath():
    """C. S. Hiremath and R. R. Hill, MMKP test set 1 (5 groups, 10 items, 5 resources), problem 1.

    As kept in the public repository kzyma/MMKP_Heuristics, `build/HiremathHill_data/TestSet1.5GP10IT5KP.txt`: per item
    its value and its use of the five resources; ten items a group.
    """
    numbers = np.array([item.split() for item in HIREMATH.strip().replace("\n", "|").split("|")], dtype=float)
    return numbers.reshape(5, 10, 6)


def enumerate_best(items, capacities):
    """Give the most value of all combinations of one item a group, by walking through them."""
    totals = np.zeros((1, items.shape[2]))
    for group in items:
        totals = (totals[:, np.newaxis, :] + group[np.newaxis, :, :]).reshape(-1, items.shape[2])
        totals = totals[(totals[:, 1:] <= capacities).all(axis=1)]
    return totals[:, 0].max()


def tabulate(items, capacities):
    groups, each, _ = items.shape
    table = pd.DataFrame(
        {
            "process": np.repeat([f"g{k:03d}" for k in range(groups)], each),
            "option": np.tile([f"i{k:02d}" for k in range(each)], groups),
            "cost": -items[:, :, 0].ravel(),
        }
    )
    for k in range(len(capacities)):
        table[f"r{k}"] = items[:, :, k + 1].ravel()
    rules = [(f"r{k}", f"r{k}", "", "<=", float(limit)) for k, limit in enumerate(capacities)]
    return table, pd.DataFrame(rules, columns=["rule", "measure", "where", "sense", "limit"])


def draw_khan(groups, each, resources, seed):
    """Draw in the form of Khan's I01-I13: whole uses of 0-9, value correlated with use, half of the most as capacity.

    S. Khan, K. F. Li, E. G. Manning and M. M. Akbar, "Solving the knapsack problem for adaptive multimedia systems",
    Studia Informatica Universalis 2, 2002: `v = Σ_k r_k p_k + noise`, `R_k = 9 groups / 2`.
    """
    rng = np.random.default_rng(seed)
    use = rng.integers(0, 10, (groups, each, resources)).astype(float)
    value = use @ rng.uniform(0, 1, resources) + rng.uniform(0, 2.7 * resources, (groups, each))
    return np.concatenate([np.round(value, 2)[:, :, np.newaxis], use], axis=2), np.full(resources, 4.5 * groups)


def test_published_instance_is_solved_to_its_optimum():
    items = read_hiremath()
    best = enumerate_best(items, CAPACITIES)
    plan = choose(*tabulate(items, CAPACITIES), gap=0.0)
    assert (plan.status, plan.objective) == ("optimal", -best)


@pytest.mark.parametrize(("groups", "each", "resources"), [(5, 5, 5), (6, 8, 3), (8, 5, 5)])
@pytest.mark.parametrize("seed", range(2))
def test_small_instances_are_solved_to_their_optimum(groups, each, resources, seed):
    items, capacities = draw_khan(groups, each, resources, seed)
    plan = choose(*tabulate(items, capacities), gap=0.0)
    assert plan.objective == pytest.approx(-enumerate_best(items, capacities))


@pytest.mark.parametrize(("groups", "each", "resources"), [(16, 10, 5), (20, 10, 5)])
def test_middling_instances_are_solved_to_a_proven_optimum(groups, each, resources):
    plan = choose(*tabulate(*draw_khan(groups, each, resources, 1)), gap=0.0)
    assert plan.status == "optimal"
    assert plan.gap <= 1e-9


@pytest.mark.parametrize("groups", [200, 400])
def test_large_instances_are_proven_to_a_thousandth(groups):
    plan = choose(*tabulate(*draw_khan(groups, 10, 10, 1)), gap=1e-3)
    assert plan.status == "optimal"
    assert plan.gap <= 1e-3


@pytest.mark.slow
@pytest.mark.parametrize(("groups", "gap"), [(25, 0.0), (30, 0.0), (100, 1e-3), (150, 1e-3), (300, 1e-3)])
def test_hard_instances_are_proven_within_a_minute_or_two(groups, gap):
    plan = choose(*tabulate(*draw_khan(groups, 10, 10, 2)), gap=gap, time_limit=120.0)
    assert plan.status == "optimal"
