"""How sure a choice is said to be follows from what was proven of its numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from sourcing.pack.wording.flips import say_no_number


@pytest.mark.parametrize(
    ("held", "exact", "said"),
    [
        ((), True, "changed alone, flips this choice. The choice is sure against any one number."),
        (("budget",), True, "changed alone and with today's amounts in the rules, flips this choice."),
        (("budget",), False, "No single number was found in time that"),
    ],
)
def test_no_number_is_said_to_flip_a_choice_as_far_as_that_is_proven(held, exact, said):
    numbers = pd.DataFrame({"exact": [exact, True], "held": [held, ()], "flips": False, "may_flip": False})
    settled, unsettled = {"is_unsettled": False}, {"is_unsettled": True, "confidence": 0.46}
    assert said in say_no_number(numbers[:1], settled)
    assert say_no_number(numbers[1:], settled).endswith("sure against any one number.")
    assert say_no_number(numbers[1:], unsettled).endswith("is unsettled: it holds in 46 % of the draws.")
