"""Words: numbers, names, rules, flips and refusals as sentences; each phrase is made here."""

from sourcing.pack.wording.flips import NO_PLAN, say_flips, say_interval, say_number_change
from sourcing.pack.wording.names import call_members, find_kind
from sourcing.pack.wording.numbers import (
    LINE_NAMES,
    MODEL_NAMES,
    say_count,
    say_list,
    say_money,
    say_number,
    say_share,
    say_value,
)
from sourcing.pack.wording.refusal import list_bans_behind, say_outward, say_refusal
from sourcing.pack.wording.rules import SENSES, name_places, say_amount, say_rule, say_rules

__all__ = [
    "LINE_NAMES",
    "MODEL_NAMES",
    "NO_PLAN",
    "SENSES",
    "call_members",
    "find_kind",
    "list_bans_behind",
    "name_places",
    "say_amount",
    "say_count",
    "say_flips",
    "say_interval",
    "say_list",
    "say_money",
    "say_number",
    "say_number_change",
    "say_outward",
    "say_refusal",
    "say_rule",
    "say_rules",
    "say_share",
    "say_value",
]
