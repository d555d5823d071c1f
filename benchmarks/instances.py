"""Seeded instances, as tables for `choose`."""

from __future__ import annotations

import numpy as np
import pandas as pd

TIGHTNESS = 0.75
CAP_SHARE = 1.5
PROVIDERS = 8
LIMITS = 5


def make_choices(processes: int, seed: int, options: int = 6) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw processes with six options each under five tight limits and eight provider caps.

    Formula: cost uniform in 50-150; five uses uniform in 0-10, each limited to 0.75 times the mean use of a plan;
    the option's provider is one of eight, its hours uniform in 1-10, each provider's hours limited to 1.5 times the
    mean of a plan.
    """
    rng = np.random.default_rng(seed)
    size = processes * options
    table = pd.DataFrame(
        {
            "process": np.repeat([f"p{k:05d}" for k in range(processes)], options),
            "option": np.tile([f"o{k}" for k in range(options)], processes),
            "cost": rng.uniform(50.0, 150.0, size),
        }
    )
    for k in range(LIMITS):
        table[f"use {k}"] = rng.uniform(0.0, 10.0, size)
    table["owner"] = np.array([f"provider {k}" for k in range(PROVIDERS)])[rng.integers(0, PROVIDERS, size)]
    table["hours"] = rng.uniform(1.0, 10.0, size)
    mean_hours = table.groupby("owner")["hours"].sum() / options
    rules = [
        (f"use {k}", f"use {k}", "", "<=", TIGHTNESS * table[f"use {k}"].mean() * processes) for k in range(LIMITS)
    ]
    rules += [(f"cap {o}", "hours", f"owner == '{o}'", "<=", CAP_SHARE * hours) for o, hours in mean_hours.items()]
    return table, pd.DataFrame(rules, columns=["rule", "measure", "where", "sense", "limit"])


def make_knapsack(groups: int, items: int, resources: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a multiple-choice multi-dimensional knapsack in the form of Khan's instances I01-I13.

    Formula: resource use r_ijk whole and uniform in 0-9, value v_ij = Σ_k r_ijk p_k + uniform in 0-2.7 * resources,
    price p_k uniform in 0-1, capacity of each resource 4.5 * groups: half of what all groups could use at most.
    Cost is minus the value. Source: S. Khan, K. F. Li, E. G. Manning and M. M. Akbar, "Solving the knapsack
    problem for adaptive multimedia systems", Studia Informatica Universalis 2, 2002.
    """
    rng = np.random.default_rng(seed)
    use = rng.integers(0, 10, (groups * items, resources))
    price = rng.uniform(0.0, 1.0, resources)
    value = use @ price + rng.uniform(0.0, 0.3 * 9 * resources, len(use))
    table = pd.DataFrame(
        {
            "process": np.repeat([f"g{k:03d}" for k in range(groups)], items),
            "option": np.tile([f"i{k:02d}" for k in range(items)], groups),
            "cost": -np.round(value, 2),
        }
    )
    for k in range(resources):
        table[f"r{k}"] = use[:, k]
    rules = [(f"r{k}", f"r{k}", "", "<=", float(4.5 * groups)) for k in range(resources)]
    return table, pd.DataFrame(rules, columns=["rule", "measure", "where", "sense", "limit"])


def make_waves(
    seed: int, processes: int = 60, options: int = 6, waves: int = 8, links: int = 40
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Draw a unit with a wave for each move, links between processes and twelve rules.

    Formula: a move saves up to half the run cost for each quarter after its wave and costs 10-50 % of a quarter's run
    cost, discounted 2 % a quarter; knowledge-transfer hours per wave at 1.2 times the mean, risk at 0.9 times the mean,
    investment at 0.6 times the mean, two providers at a tenth of what they could get.
    """
    rng = np.random.default_rng(seed)
    places = ("home", "near", "far", "farther", "second")
    base = rng.uniform(20.0, 100.0, processes)
    records = []
    for i in range(processes):
        records.append((f"p{i:03d}", "o0", 0, base[i] * waves, 0.0, rng.uniform(0, 10), "own@home", "own", 0.0, 0.0))
        for o in range(1, options):
            owner, place = f"provider {rng.integers(1, 5)}", places[rng.integers(0, 5)]
            save, move = base[i] * rng.uniform(0.0, 0.5), base[i] * rng.uniform(0.1, 0.5)
            hours, risk = rng.uniform(50, 300), rng.uniform(0, 10)
            for wave in range(waves):
                cost = base[i] * waves - save * (waves - wave) + move * 0.98**wave
                row = (f"p{i:03d}", f"o{o}", wave, cost, hours, risk, f"{owner}@{place}", owner, save, move)
                records.append(row)
    names = ["process", "option", "wave", "cost", "hours", "risk", "place", "owner", "work", "invest"]
    table = pd.DataFrame(records, columns=names)
    mean = table.groupby("process")[["hours", "risk", "work", "invest"]].mean().sum()
    rules = [(f"hours {k}", "hours", f"wave == {k}", "<=", 1.2 * mean["hours"] / waves) for k in range(waves)]
    rules += [("risk", "risk", "", "<=", 0.9 * mean["risk"]), ("invest", "invest", "", "<=", 0.6 * mean["invest"])]
    rules += [(f"cap {k}", "work", f"owner == 'provider {k}'", "<=", 0.1 * mean["work"]) for k in (1, 2)]
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < links:
        a, b = sorted(rng.choice(processes, 2, replace=False).tolist())
        pairs.add((a, b))
    traffic = [(f"p{a:03d}", f"p{b:03d}", float(rng.integers(1, 10))) for a, b in sorted(pairs)]
    known = sorted(table["place"].unique())
    costs = [(p, q, float(rng.uniform(0.3, 1.5))) for k, p in enumerate(known) for q in known[k + 1 :]]
    return (
        table,
        pd.DataFrame(rules, columns=["rule", "measure", "where", "sense", "limit"]),
        pd.DataFrame(traffic, columns=["process_a", "process_b", "traffic"]),
        pd.DataFrame(costs, columns=["place_a", "place_b", "cost"]),
    )
