"""Small random instances and their complete enumeration, written apart from the library."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

FILTERS = [
    "",
    None,
    "country == 'IN'",
    "country != 'US' and owner != 'own'",
    "is_abroad == True",
    "headcount >= 3 or not owner in ['acme', 'zen']",
    "1 < headcount <= 5",
    "owner in ('acme',)",
]


@dataclass
class Instance:
    """The arguments of one call of `choose`."""

    alternatives: pd.DataFrame
    rules: pd.DataFrame | None = None
    links: pd.DataFrame | None = None
    handoff_costs: pd.DataFrame | None = None
    structure: dict | None = None
    best: float = field(default=math.inf)

    @property
    def tables(self) -> tuple:
        return self.alternatives, self.rules, self.links, self.handoff_costs

    def shuffled(self, seed: int) -> Instance:
        def mix(table):
            return None if table is None else table.sample(frac=1, random_state=seed).reset_index(drop=True)

        structure = {k: mix(t) for k, t in self.structure.items()} if self.structure else None
        return Instance(*map(mix, self.tables), structure)


def make_instance(seed: int) -> Instance:
    """Mix rules of all kinds, links and locks over up to five processes."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 6))
    rows = []
    for i in range(count):
        for o in range(int(rng.integers(1, 4))):
            country = str(rng.choice(["US", "IN", "PL"]))
            owner = str(rng.choice(["own", "acme", "zen"]))
            rows.append(
                {
                    "process": f"p{i}",
                    "option": f"o{o}",
                    "cost": float(np.round(rng.normal(20, 15), 2)),
                    "headcount": int(rng.integers(1, 7)),
                    "risk": float(np.round(rng.uniform(0, 4), 2)),
                    "country": country,
                    "owner": owner,
                    "is_abroad": country != "US",
                    "place": f"{owner}@{country}",
                }
            )
    alternatives = pd.DataFrame(rows)
    instance = Instance(alternatives, make_rules(rng, alternatives))
    if rng.random() < 0.6 and count > 2:
        pairs = list(itertools.combinations(range(count), 2))
        picked = rng.choice(len(pairs), size=int(rng.integers(1, min(4, len(pairs)) + 1)), replace=False)
        instance.links = pd.DataFrame(
            [(f"p{a}", f"p{b}", float(rng.integers(1, 5))) for a, b in (pairs[k] for k in picked)],
            columns=["process_a", "process_b", "traffic"],
        )
        places = [f"{o}@{c}" for o in ("own", "acme", "zen") for c in ("US", "IN", "PL")]
        instance.handoff_costs = pd.DataFrame(
            [(p, q, float(rng.integers(-1, 8))) for p, q in itertools.combinations(places, 2)],
            columns=["place_a", "place_b", "cost"],
        )
    if rng.random() < 0.5:
        row = alternatives.iloc[int(rng.integers(len(alternatives)))]
        lock = {"process": row["process"], "option": row["option"], "kind": str(rng.choice(["take", "bar"]))}
        instance.structure = {"locks": pd.DataFrame([lock])}
    return instance


def make_rules(rng: np.random.Generator, alternatives: pd.DataFrame) -> pd.DataFrame:
    """Draw rules whose limits are near what some plan uses."""
    records = []
    some = alternatives.groupby("process").sample(1, random_state=int(rng.integers(1000)))
    for k in range(int(rng.integers(0, 5))):
        measure = str(rng.choice(["headcount", "risk", "count"]))
        where = FILTERS[int(rng.integers(len(FILTERS)))]
        hit = some.query(where) if where else some
        used = float(len(hit)) if measure == "count" else float(hit[measure].sum())
        sense = str(rng.choice(["<=", ">=", "<=", ">=", "=="]))
        relative_to = str(rng.choice(["headcount", "count"])) if rng.random() < 0.3 else None
        for_each = str(rng.choice(["owner", "country"])) if rng.random() < 0.3 and sense == "<=" else None
        limit = used
        if relative_to:
            total = float(len(some)) if relative_to == "count" else float(some[relative_to].sum())
            limit = round(used / total, 2)
        records.append((f"rule {k}", measure, where, sense, limit, relative_to, for_each, int(rng.integers(0, 5))))
    columns = ["rule", "measure", "where", "sense", "limit", "relative_to", "for_each", "priority"]
    return pd.DataFrame(records, columns=columns)


def list_plans(instance: Instance, kept: set[str] | None = None, with_locks: bool = True) -> list:
    """Enumerate (objective, positions) of every plan that keeps the rules named in `kept` (all when None)."""
    table = instance.alternatives.reset_index(drop=True)
    groups = [list(rows) for _, rows in table.groupby("process").groups.items()]
    checks = [] if instance.rules is None else [_read(rule, table) for rule in instance.rules.to_dict("records")]
    checks = [check for name, check in checks if kept is None or name in kept]
    plans = []
    for combination in itertools.product(*groups):
        picked = list(combination)
        if with_locks and not _keeps_locks(instance, table, picked):
            continue
        if all(check(picked) for check in checks):
            plans.append((table["cost"].to_numpy()[picked].sum() + _price_links(instance, table, picked), picked))
    return plans


def _read(rule, table):
    where = rule.get("where")
    mask = np.zeros(len(table), dtype=bool)
    mask[table.query(where).index if isinstance(where, str) and where else table.index] = True

    def column(name):
        return np.ones(len(table)) if name == "count" else table[name].to_numpy(dtype=float)

    amounts, relative, each = column(rule["measure"]), rule.get("relative_to"), rule.get("for_each")
    base = column(relative) if isinstance(relative, str) else None
    values = sorted(table.loc[mask, each].unique()) if isinstance(each, str) else [None]

    def check(picked):
        for value in values:
            hit = [k for k in picked if mask[k] and (value is None or table[each].iloc[k] == value)]
            over = amounts[hit].sum() - rule["limit"] * (1 if base is None else base[picked].sum())
            over /= 1 if base is None else base[picked].sum()
            allowed = 1e-6 * max(1, abs(rule["limit"]))
            if (rule["sense"] != ">=" and over > allowed) or (rule["sense"] != "<=" and over < -allowed):
                return False
        return True

    return rule["rule"], check


def _keeps_locks(instance, table, picked):
    if not instance.structure:
        return True
    option = {table["process"].iloc[k]: table["option"].iloc[k] for k in picked}
    return all(
        (option[lock["process"]] == lock["option"]) == (lock["kind"] == "take")
        for lock in instance.structure["locks"].to_dict("records")
    )


def _price_links(instance, table, picked):
    if instance.links is None:
        return 0.0
    place = {table["process"].iloc[k]: table["place"].iloc[k] for k in picked}
    cost = {frozenset((a, b)): c for a, b, c in instance.handoff_costs.itertuples(index=False)}
    return sum(t * cost.get(frozenset((place[a], place[b])), 0.0) for a, b, t in instance.links.itertuples(index=False))


@pytest.fixture
def draw():
    return make_instance


@pytest.fixture
def enumerate_plans():
    return list_plans


@pytest.fixture
def offers() -> pd.DataFrame:
    """Two processes with two options each; the cheapest plan moves both and costs 19."""
    return pd.DataFrame(
        {
            "process": ["payroll", "payroll", "billing", "billing"],
            "option": ["stay", "move", "stay", "move"],
            "cost": [10.0, 6.0, 20.0, 13.0],
            "cost_cash": [9.0, 4.0, 18.0, 12.0],
            "cost_risk": [1.0, 2.0, 2.0, 1.0],
            "headcount": [4, 3, 6, 5],
            "owner": ["own", "acme", "own", "zen"],
            "place": ["own@US", "acme@IN", "own@US", "zen@PL"],
        }
    )


@pytest.fixture
def rule():
    """Write a one-row rules table."""

    def write(name="cap", measure="count", where="option == 'move'", sense="<=", limit=1.0, **more):
        record = {"rule": name, "measure": measure, "where": where, "sense": sense, "limit": limit} | more
        return pd.DataFrame([record])

    return write
