"""What the group's plan says, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sourcing.case import WORST_TENTH, load_dictionary
from sourcing.pack.wording import (
    LINE_NAMES,
    MODEL_NAMES,
    NOTHING,
    call_line,
    lower_first,
    say_count,
    say_list,
    say_money,
    say_number,
    say_share,
)
from sourcing.plan import share_amounts
from sourcing.portfolio import (
    BARRED,
    COST,
    GROUP_RULE,
    NOT_OFFERED,
    list_discount_parts,
    list_rules,
    list_units,
    weigh_center,
)

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.portfolio import GroupDecision

MONEY = ("cost_", "loss_", "transition_spend", WORST_TENTH)
"""Begin the names of measures in money that are not in the dictionary."""


def say_group(decision: GroupDecision) -> list[str]:
    """Say what is decided, what the rules cost, what a center is worth, and how sure the figures are."""
    worth, currency = weigh_center(decision), decision.group.currency
    units = len(decision.group.units)
    saved = worth["today"] - worth["group"]
    gap = decision.joint.gap
    proven = "exactly" if gap <= 0 else f"within {say_share(gap)}"
    sentences = [
        f"Decided together, the {say_count(units, 'unit')} cost {say_money(worth['group'], currency)} over their "
        f"horizons, {say_money(abs(saved), currency)} {'less' if saved >= 0 else 'more'} than today "
        f"({say_share(abs(saved) / abs(worth['today']) if worth['today'] else 0.0)}); no plan that keeps every rule is "
        f"cheaper, {proven}.",
        _say_alone(decision, worth, currency),
        _say_center(decision, worth, currency),
    ]
    dearest = find_dearest(list_rules(decision))
    if dearest is not None:
        sentences.append(
            f"The dearest rule of the group is “{dearest['belongs_to']}”: without it the group would save "
            f"{say_saving(dearest, currency)}."
        )
    return [*sentences, *_say_discounts(decision, currency)]


def _say_alone(decision: GroupDecision, worth: dict[str, float], currency: str) -> str:
    alone, cost = decision.alone_rules, worth["rules_cost"]
    broken = list(dict.fromkeys(alone.loc[~alone["is_kept"].astype(bool), "belongs_to"]))
    if abs(cost) < 0.5:
        said = "Each unit by itself would come to the same"
    else:
        said = f"Each unit by itself would come to {say_money(abs(cost), currency)} {'less' if cost > 0 else 'more'}"
    if decision.group.rules.empty:
        return f"{said}; the group has no rule of its own (none in the table rules has the scope group)."
    if not broken:
        return f"{said} and break no rule of the group."
    names = say_list([f"“{rule}”" for rule in broken])
    return f"{said}, but together they would break {say_count(len(broken), 'rule')} of the group: {names}."


def _say_center(decision: GroupDecision, worth: dict[str, float], currency: str) -> str:
    left = [name for name, plan in decision.parted.items() if plan is None]
    if left:
        return (
            f"Without a center, each unit with its part of every limit as today's amounts split it, {say_list(left)} "
            "would have no plan at all."
        )
    return (
        f"Without a center, each unit with its part of every limit, they would come to "
        f"{say_money(worth['parted'], currency)}: deciding together is worth "
        f"{say_money(worth['center_saves'], currency)}."
    )


def _say_discounts(decision: GroupDecision, currency: str) -> list[str]:
    parts = list_discount_parts(decision)
    said = []
    for provider, rows in parts.groupby("provider", sort=True):
        total = float(rows["part"].sum())
        if total > 0:
            count = int((rows["volume"] > 0).sum())
            said.append(
                f"{provider} gives back {say_money(total, currency)} on what {say_count(count, 'unit')} buy together, "
                "split by what each adds to it on average over every order."
            )
    return said


def find_dearest(rules: pd.DataFrame) -> dict[str, Any] | None:
    """Find the rule that saves most if it is dropped; None where none saves anything."""
    priced = rules[rules["drop_saving"] > 0.0]
    return None if priced.empty else dict(priced.loc[priced["drop_saving"].idxmax()].to_dict())


def say_saving(row: dict[str, Any], currency: str) -> str:
    """Say what dropping a rule saves, with what is proven of it."""
    if math.isnan(row["drop_saving"]):
        return "not asked"
    if row["drop_upper"] <= 0:
        return "nothing"
    said = say_money(row["drop_saving"], currency)
    if row["drop_upper"] - row["drop_lower"] <= 1e-6 * max(1.0, row["drop_upper"]):
        return said
    return f"{said} ({say_money(row['drop_lower'], currency)} to {say_money(row['drop_upper'], currency)} proven)"


def say_unit(row: dict[str, Any], currency: str) -> str:
    """Say what a unit gives up or gains against its own best plan."""
    amount = float(row["gives_up"])
    if abs(amount) < 0.5:
        return "as by itself"
    return f"{'gives up' if amount > 0 else 'gains'} {say_money(abs(amount), currency)}"


def say_cause(row: dict[str, Any], currency: str) -> str:
    """Say why a unit does not do as another."""
    cause, extra = row["cause"], float(row["extra_cost"])
    if cause == NOT_OFFERED:
        return "no such option is offered to it"
    if cause == BARRED:
        return f"barred: {row['detail'].replace('_', ' ')}"
    if cause == COST:
        line = lower_first(call_line(row["detail"])) if row["detail"].removeprefix("cost_") in LINE_NAMES else (
            call_line(row["detail"])
        )  # fmt: skip
        return f"would cost it {say_money(extra, currency)} more, most of it {line}"
    saved = f"would cost it {say_money(-extra, currency)} less, but " if extra < -0.5 else ""
    if cause == GROUP_RULE:
        return f"{saved}“{row['detail']}” stands against it"
    return f"{saved}a rule of its own, or what its processes share, stands against it"


def say_way(model: str, owner: str, where: str) -> str:
    """Say a way to deliver a process in few words.

    Examples
    --------
    >>> say_way("outsource", "Acme", "MEX"), say_way("in_house", "own", "home")
    ('outsourced, Acme, MEX', 'in-house, at home')
    """
    place = "at home" if where == "home" else where
    name = MODEL_NAMES.get(model, model).lower()
    return ", ".join([name, *([] if owner == "own" else [owner]), place])


def say_limit(row: dict[str, Any], value: float, currency: str) -> str:
    """Say a limit or its use in the unit that it has.

    Examples
    --------
    >>> say_limit({"measure": "fte", "relative_to": "fte"}, 0.125, "EUR")
    '12.5 %'
    >>> say_limit({"measure": "cash_cost", "relative_to": ""}, 1.5e6, "EUR")
    'EUR 1.50 million'
    """
    if row["relative_to"]:
        return f"{100 * value:.3g} %"
    told = load_dictionary()["alternatives"].columns
    measure = str(row["measure"])
    is_money = measure.startswith(MONEY) or (measure in told and told[measure].unit.startswith("currency"))
    return say_money(value, currency) if is_money else say_number(round(value, 1))


def say_group_weakest(decision: GroupDecision) -> str:
    """Say which process carries most of the group's saving of cash, what its figures rest on, and what rates move."""
    units, currency = list_units(decision), decision.group.currency
    total = float(units["saving_group"].sum())
    if total <= NOTHING:
        return "The group saves no cash, so that no assumption carries a saving."
    saved = {(name, process): amount for name in decision.plans for process, amount in _list_saved(decision, name)}
    (unit, process), most = max(saved.items(), key=lambda each: each[1])
    question = decision.group.units[unit]
    chosen = decision.plans[unit].choices.set_index("process").loc[[process]].iloc[0]
    sources = question.case.options.set_index(["process", "option"])["source"]
    source = str(sources.get((process, chosen["option"]), "") or "").rstrip(".")
    said = (
        f"The saving leans most on {chosen['process_name']} of {question.case.unit['name']}, which carries "
        f"{say_money(most, currency)} of {say_money(total, currency)}: have its figures checked first. "
        f"{f'They rest on: {source}.' if source else 'No source is given for them.'}"
    )
    foreign = float(units.loc[units["currency"] != currency, "saving_group"].sum())
    if abs(foreign) <= NOTHING:
        return said
    return (
        f"{said} {say_money(foreign, currency)} of it is in other money: were that worth a tenth less {currency}, the "
        f"same plan would save {say_money(abs(foreign) / 10, currency)} {'less' if foreign > 0 else 'more'}."
    )


def _list_saved(decision: GroupDecision, unit: str) -> list[tuple[str, float]]:
    """List the cash that each process of a unit saves against today, in group currency."""
    today = decision.group.units[unit].as_is.choices.groupby("process")["cash_cost"].sum()
    planned = share_amounts(decision.plans[unit]).groupby("process")["cash_cost"].sum()
    return [(str(process), decision.convert(unit, amount)) for process, amount in (today - planned).items()]


def say_ranking(decision: GroupDecision) -> str:
    """Say which unit saves most in the group's plan."""
    units, currency = list_units(decision), decision.group.currency
    first = units.iloc[0]
    total = float(units["saving_group"].sum())
    if total <= 0 or first["saving_group"] <= 0:
        return "No unit saves cash in the group's plan"
    part = say_share(float(first["saving_group"]) / total)
    return f"{first['name']} saves most: {say_money(first['saving_group'], currency)} of cash, {part} of the group's"
