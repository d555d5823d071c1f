"""The expected loss by cause, and who is left to know the work and to speak to customers."""

from __future__ import annotations

from html import unescape

import numpy as np
import pytest

from sourcing import pack
from sourcing.pack.wording import CAUSES
from sourcing.plan import sum_measure
from sourcing.value import LOSS_LINES


@pytest.fixture(scope="module")
def risky(alpha, decide):
    """Tiny's alpha with every cause at work: revenue assumed, rates as by default."""
    units = alpha.units.assign(revenue_per_year=np.nan)
    return decide(alpha.replace(units=units, policy=alpha.policy.iloc[:0]))


def test_causes_add_up_to_the_expected_loss_and_each_says_what_it_counts(risky):
    table = pack.list_losses(risky)
    assert set(table["cause"]) == set(LOSS_LINES) == set(CAUSES)
    for column, plan in (("as_is", risky.as_is), ("plan", risky.plan)):
        assert table[column].sum() == pytest.approx(sum_measure(plan, "expected_loss"))
    assert table["plan"].is_monotonic_decreasing
    shown = unescape(pack.show_losses(risky).html)
    assert all(title in shown for title, _ in CAUSES.values())


def test_it_is_said_where_nobody_is_left_and_who_speaks_for_the_unit(alpha, decide):
    """Tiny's help desk, three tenths of the contact, goes to a provider and nobody is kept."""
    assert pack.say_losses(decide(alpha)) == [
        "In 1 of 1 process with outside owners hardly anybody of the unit's own is left who knows the work.",
        "Outside owners speak for the unit in 30 % of its customer contact, against 0 % today.",
    ]


def test_sizes_that_are_assumed_are_listed_with_their_figures(risky, alpha, decide):
    figures = pack.list_figures(risky)
    assumed = figures[figures["column"].isin(["revenue_per_year", "loss_per_day", "brand_cost", "recovery_days"])]
    assert set(assumed["figure"]) == {"revenue multiple", "outage share", "brand share", "recovery days"}
    assert assumed["source"].str.startswith("house rule").all()
    assert set(figures.loc[figures["column"] == "revenue_per_year", "process_name"]) == {"The whole unit"}
    assert "revenue multiple" in pack.show_figures(risky).html
    assert "revenue multiple" not in set(pack.list_figures(decide(alpha))["figure"])
