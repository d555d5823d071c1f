"""Many blocks, each a question of its own, answered together under rules that they share."""

from sourcing.plan.together.block import Block
from sourcing.plan.together.choose import JointPlan, Together, choose_together
from sourcing.plan.together.state import state_shares

__all__ = [
    "Block",
    "JointPlan",
    "Together",
    "choose_together",
    "state_shares",
]
