"""Which attitude to risk a plan follows, what it costs and buys, in a sentence and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.pack.block import Block, Shown, show_table
from sourcing.pack.wording import NOTHING, say_count, say_money, say_share

if TYPE_CHECKING:
    from sourcing.decide import Caution, Decision

LOOKED_AT = {
    "worst_tenth": ("Worst tenth of futures", "money"),
    "worst_limit": ("Worst tenth of futures", "money"),
    "chance": ("Futures in which the limit holds", "share"),
    "regret": ("Largest regret under a stress", "money"),
    "figures": ("Cost with figures at their bad ends", "money"),
}
"""What each attitude looks at, and the kind of figure."""
PLANS = {"plain": "Plan at the mean", "plan": "This plan"}


def say_attitude(decision: Decision) -> list[str]:
    """Say which attitude to risk the plan follows, what that costs and what it buys; nothing at the mean."""
    caution = decision.caution
    if caution is None:
        return []
    currency = decision.case.unit["currency"]
    if caution.price <= NOTHING:
        told = "the plan at the mean does so already and stands"
    else:
        told = f"that costs {say_money(caution.price, currency)} on average, and {_say_bought(caution, currency)}"
    return [f"{_say_asked(caution, currency)}: {told}.{_say_check(caution, currency)}{_say_gap(caution, currency)}"]


def _say_asked(caution: Caution, currency: str) -> str:
    """Say what was asked beside the mean."""
    asked = caution.asked
    if caution.attitude == "worst_tenth":
        return f"The plan weighs the worst tenth of futures beside the mean, {asked['weight']:g} to one"
    if caution.attitude == "worst_limit":
        return f"The plan keeps the worst tenth of futures within {say_money(asked['limit'], currency)} on average"
    if caution.attitude == "chance":
        return (
            f"The plan keeps all cash within {say_money(asked['limit'], currency)} in {say_share(asked['share'])} of "
            "futures"
        )
    if caution.attitude == "regret":
        return (
            "The plan is the one to be regretted least, whichever of "
            f"{say_count(int(asked['stresses']), 'named stress', 'named stresses')} comes or none"
        )
    return (
        f"The plan stands {asked['figures']:g} of {say_count(int(asked['of']), 'uncertain figure')} at "
        "their bad ends at the least cost"
    )


def _say_bought(caution: Caution, currency: str) -> str:
    """Say what the plan does better than the one at the mean."""
    values = caution.table["value"]
    if caution.attitude == "chance":
        return f"the limit holds in {say_share(values['plan'])} of futures, not in {say_share(values['plain'])}"
    what = {
        "regret": "its largest regret is",
        "figures": "with them there it is",
    }.get(caution.attitude, "its worst tenth is")
    return f"{what} {say_money(max(0.0, values['plain'] - values['plan']), currency)} better than that of the plan " \
           "at the mean"  # fmt: skip


def _say_check(caution: Caution, currency: str) -> str:
    """Say what futures show that the choice has not seen; nothing where it looked at none."""
    if not caution.checked:
        return ""
    fresh, error = (float(caution.table.at["plan", name]) for name in ("fresh", "error"))
    seen = f" In {say_count(caution.checked, 'future')} that the choice has not seen"
    if caution.attitude == "chance":
        return f"{seen} the limit holds in {say_share(fresh)}, give or take {100 * error:.1f} points."
    return f"{seen} the worst tenth is {say_money(fresh, currency)}, give or take {say_money(error, currency)}."


def _say_gap(caution: Caution, currency: str) -> str:
    """Say how far the plan may be from the best under this attitude, where that is not proven to be nothing."""
    left = caution.gap * abs(float(caution.table.at["plan", "objective"]))
    if left <= NOTHING:
        return ""
    return f" It is proven to within {say_money(left, currency)} of the best such plan."


def show_attitude(decision: Decision) -> Block:
    """Show the plan beside the one at the mean, as the attitude sees them; nothing at the mean."""
    caution = decision.caution
    if caution is None:
        return Block("", "")
    title, kind = LOOKED_AT[caution.attitude]
    table = caution.table.assign(title=[PLANS[name] for name in caution.table.index])
    columns = [
        Shown("title", "Plan"),
        Shown("objective", "Costs on average", "money"),
        Shown("value", title, kind),
        Shown("worst_tenth", "Worst tenth in unseen futures", "money"),
    ]
    if caution.attitude == "chance":
        columns.insert(3, Shown("fresh", "Holds in unseen futures", "share"))
    caption = "What the attitude to risk costs and buys. A forcing cost or price of a rule is a lower bound under it."
    return show_table(table, columns, decision.case.unit["currency"], caption=caption, is_stacked=True)


def collect_caution(decision: Decision) -> dict[str, Any]:
    """Collect what `summary.json` keeps of the attitude: an empty dict at the mean."""
    caution = decision.caution
    if caution is None:
        return {}
    return {
        "caution": {
            "attitude": caution.attitude,
            "asked": dict(caution.asked),
            "price": caution.price,
            "gap": caution.gap,
            "futures": caution.futures,
            "checked": caution.checked,
            **{str(plan): {str(name): float(amount) for name, amount in row.items()}
               for plan, row in caution.table.iterrows()},
        }
    }  # fmt: skip
