"""Whatever bars is told with a reason, by whoever can lift it."""

from __future__ import annotations

import pytest

from sourcing.assess import COMPETITOR, LATE
from sourcing.decide import explain_ban
from sourcing.decide.bans import LATE_LIVE, OF_POLICY, SERVICE
from sourcing.pack.wording.bans import say_ban, say_bans, say_cause


@pytest.mark.parametrize("name", [*sorted(OF_POLICY), COMPETITOR + LATE, LATE_LIVE, f"{SERVICE}shop"])
def test_every_ban_that_is_no_veto_has_a_reason_and_is_lifted_by_policy(alpha, name):
    assert say_ban(name, alpha).endswith(".")
    assert explain_ban(name, alpha).owner == "policy"
    assert explain_ban(name, alpha).may_lift == (name != LATE_LIVE)


def test_a_veto_is_told_in_the_words_of_who_wrote_it(beta):
    [veto] = beta.vetoes.to_dict("records")
    assert say_ban(veto["veto"], beta) == say_ban(veto["veto"] + LATE, beta) == veto["reason"]
    assert say_bans([veto["veto"]], beta) == f"personal data stays: {veto['reason'].rstrip('.')}"


def test_what_is_no_ban_has_no_reason_and_no_owner(alpha):
    assert (say_ban("no such ban", alpha), explain_ban("no such ban", alpha).owner) == ("", "")
    assert say_cause("no such ban", alpha) == "the ban 'no such ban'"
