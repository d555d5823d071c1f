"""Re-check a plan by plain arithmetic; this room imports nothing of the rest of `plan`."""

from sourcing.plan.certify.bound import recount_bound
from sourcing.plan.certify.certificate import certify
from sourcing.plan.certify.together import Counted, certify_together, recount_block

__all__ = [
    "Counted",
    "certify",
    "certify_together",
    "recount_block",
    "recount_bound",
]
