"""Small groups of blocks, and the best choice of each by trying every one."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd

from sourcing.plan import Block, ask


class Group(NamedTuple):
    """Blocks, joint rules and joint tiers."""

    blocks: list[Block]
    rules: pd.DataFrame
    tiers: pd.DataFrame | None
    counts: tuple[str, ...]


def make_group(seed: int, *, structured: bool = False) -> Group:
    """Draw three blocks of three processes with three options each, at scales of their own, under joint rules.

    Joint are a cap on spend, a share of each owner in it, at most so many owners, a floor of use, and in every other
    group a discount of one owner that counts in the cap; structured blocks pay for each owner that they use.
    """
    rng = np.random.default_rng(seed)
    blocks = []
    for number in range(3):
        size = 9
        offers = pd.DataFrame(
            {
                "process": np.repeat(["p0", "p1", "p2"], 3),
                "option": np.tile(["o0", "o1", "o2"], 3),
                "cost": rng.integers(5, 40, size).astype(float),
                "use": rng.integers(0, 10, size).astype(float),
                "spend": rng.integers(1, 20, size).astype(float),
                "owner": rng.choice(["own", "x", "y", "z"], size),
            }
        )
        least = float(offers.groupby("process")["use"].min().sum())
        cap = pd.DataFrame(
            {"rule": ["own cap"], "measure": "use", "where": "", "sense": "<=", "limit": least + rng.integers(0, 12)}
        )
        scales = {"cost": float(rng.choice([1.0, 2.0, 0.5])), "spend": float(rng.choice([1.0, 2.0]))}
        structure = None
        if structured:
            owners = sorted(set(offers["owner"]) - {"own"})
            charges = [(owner, f"owner == '{owner}'", float(rng.integers(1, 9)), "charges") for owner in owners]
            structure = {
                "charges": pd.DataFrame(charges, columns=["charge", "where", "cost", "line"]),
                "counts": pd.DataFrame({"line": ["charges"], "measure": ["spend"]}),
            }
        blocks.append(Block(f"b{number}", ask(offers, cap, structure=structure, gap=0.0), scales))
    total = sum(block.scales["spend"] * block.question.alternatives["spend"].sum() / 3 for block in blocks)
    rows = [
        ("spend", "spend", "", "<=", rng.uniform(0.6, 1.0) * total, None, None),
        ("share", "spend", "owner != 'own'", "<=", rng.uniform(0.25, 0.5), "spend", "owner"),
        ("owners", "distinct_owner", "owner != 'own'", "<=", float(rng.integers(1, 4)), None, None),
        ("floor", "use", "", ">=", float(rng.integers(15, 30)), None, None),
    ]
    columns = ["rule", "measure", "where", "sense", "limit", "relative_to", "for_each"]
    rules = pd.DataFrame(rows, columns=columns).sample(frac=1, random_state=seed).head(int(rng.integers(1, 5)))
    kind = str(rng.choice(["all_units", "incremental"]))
    tiers = pd.DataFrame(
        {"column": "owner", "value": "x", "measure": "spend", "threshold": [10.0, 25.0], "discount_share": [0.1, 0.4],
         "kind": kind}
    )  # fmt: skip
    return Group(blocks, rules, tiers if seed % 2 else None, ("spend",) if seed % 4 == 1 else ())


class Tried(NamedTuple):
    """Every choice of one block that keeps its own rules: cost, spend, spend by owner, use, owners in use."""

    cost: np.ndarray
    spend: np.ndarray
    by_owner: np.ndarray
    use: np.ndarray
    owners: np.ndarray


OWNERS = ("x", "y", "z")


def try_block(block: Block) -> Tried:
    """Try every choice of a block."""
    offers, cap = block.question.alternatives, float(block.question.rules["limit"].iloc[0])
    charges = (block.question.structure or {}).get("charges")
    rows = []
    for picked in itertools.product(*(offers.index[offers["process"] == name] for name in ("p0", "p1", "p2"))):
        chosen = offers.loc[list(picked)]
        if chosen["use"].sum() > cap + 1e-9:
            continue
        owners = [owner in set(chosen["owner"]) for owner in OWNERS]
        fixed = 0.0
        if charges is not None:
            used = {f"owner == '{owner}'" for owner in chosen["owner"]}
            fixed = float(charges.loc[charges["where"].isin(used), "cost"].sum())
        own = [chosen.loc[chosen["owner"] == owner, "spend"].sum() for owner in OWNERS]
        rows.append((chosen["cost"].sum() + fixed, chosen["spend"].sum() + fixed, own, chosen["use"].sum(), owners))
    cost, spend, by_owner, use, owners = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    money = block.scales["spend"]
    return Tried(block.scales["cost"] * cost, money * spend, money * by_owner, use, owners)


def find_best(group: Group) -> float:
    """Give the least cost of any choice that keeps every rule, by trying all; inf where none does."""
    tried = [try_block(block) for block in group.blocks]

    def add(name: str) -> np.ndarray:
        first, second, third = (getattr(each, name) for each in tried)
        return first[:, None, None] + second[None, :, None] + third[None, None, :]

    cost, spend, by_owner, use = add("cost"), add("spend"), add("by_owner"), add("use")
    owners = (add("owners") > 0).sum(axis=-1)
    discount = np.zeros_like(cost)
    if group.tiers is not None:
        volume = by_owner[..., 0]
        if group.tiers["kind"].iloc[0] == "all_units":
            discount = np.where(volume >= 25.0, 0.4, np.where(volume >= 10.0, 0.1, 0.0)) * volume
        else:
            discount = 0.1 * np.clip(volume - 10.0, 0.0, 15.0) + 0.4 * np.clip(volume - 25.0, 0.0, None)
    counted = spend - (discount if "spend" in group.counts else 0.0)
    kept = np.ones_like(cost, dtype=bool)
    for rule in group.rules.to_dict("records"):
        limit = rule["limit"]
        kept &= {
            "spend": counted <= limit + 1e-9,
            "share": (by_owner <= limit * counted[..., None] + 1e-9).all(axis=-1),
            "owners": owners <= limit,
            "floor": use >= limit - 1e-9,
        }[rule["rule"]]
    return float(np.where(kept, cost - discount, np.inf).min())
