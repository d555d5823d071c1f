"""One tree of errors, so that a caller can catch everything the suite raises with `SourcingError`."""

from __future__ import annotations

import errno
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from sourcing.spelling import find_alike, tell_difference

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


class SourcingError(Exception):
    """Base of every error raised on purpose."""


class InputError(SourcingError, ValueError):
    """An argument does not hold what it must; the message says which, where and what to do."""


class FilterError(InputError):
    """A `where` text is not a comparison the suite reads."""


class CaseError(SourcingError, ValueError):
    """A case is unsound.

    Attributes
    ----------
    problems : DataFrame
        One row per problem: table, row, column, rule, value, hint.
    """

    def __init__(self, message: str, problems: pd.DataFrame) -> None:
        super().__init__(message)
        self.problems = problems


class PlanError(SourcingError):
    """No plan can be given."""


class InfeasiblePlanError(PlanError):
    """No plan keeps every rule.

    Attributes
    ----------
    conflicts : list of list of str
        Sets of rule names that cannot be kept together; dropping any one member resolves its set.
    repairs : DataFrame
        Cheapest change of limits that makes a plan possible: rule, limit, needed, change (in the rule's
        unit).
    ways : DataFrame or None
        The change of each rule that alone makes a plan possible, the cheapest change of any two, and `repairs`: repair
        (number), rule, limit, needed, change, share, priority, is_cheapest; see `plan.infeasible.list_repairs`.
    complete : bool
        Whether `conflicts` are all the minimal sets there are, each proven minimal.
    cheapest : bool
        Whether `repairs` is proven the cheapest change.
    question : UnitQuestion or None
        What was asked, where a unit asked it.
    plan : Plan or None
        The plan that the repairs give, where somebody asked for it.
    """

    def __init__(
        self,
        message: str,
        conflicts: list[list[str]],
        repairs: pd.DataFrame,
        *,
        ways: pd.DataFrame | None = None,
        complete: bool = True,
        cheapest: bool = True,
    ) -> None:
        super().__init__(message)
        self.conflicts = conflicts
        self.repairs = repairs
        self.ways = ways
        self.complete = complete
        self.cheapest = cheapest
        self.question: Any = None
        self.plan: Any = None


class NoPlanFoundError(PlanError):
    """Time ran out before any plan was found.

    Attributes
    ----------
    bound : float
        Proven lower bound of the objective (-inf if none).
    """

    def __init__(self, message: str, bound: float) -> None:
        super().__init__(message)
        self.bound = bound


class CertificateError(PlanError):
    """Plain arithmetic does not confirm what the solver returned."""


class PackError(SourcingError):
    """A pack cannot be written."""


class BatchError(SourcingError):
    """A batch run cannot start or did not finish."""


OS_HINTS = {
    errno.ENOSPC: "make room on the disk, then run again",
    errno.EDQUOT: "make room in your quota, then run again",
    errno.EFBIG: "make room on the disk, then run again",
    errno.ENAMETOOLONG: "choose shorter names",
    errno.EACCES: "choose a folder that you may write, or ask for the right",
    errno.EPERM: "choose a folder that you may write, or ask for the right",
    errno.EROFS: "choose a folder that can be written",
}
MOST_SUGGESTED = 3
"""Names that a hint lists at most."""


def say_os_error(error: OSError) -> str:
    """Say an error of the system: what could not be read or written, why, and what to do.

    Examples
    --------
    >>> say_os_error(OSError(errno.ENOSPC, "No space left on device"))
    'A file must be readable or writable; got No space left on device. Hint: make room on the disk, then run again.'
    """
    place = "" if error.filename is None else f" at {str(error.filename)!r}"
    hint = OS_HINTS.get(error.errno or 0, "look at the path, and at who else has the file open")
    return f"A file must be readable or writable; got {error.strerror or error}{place}. Hint: {hint}."


def hint_near(name: str, known: Iterable[Any]) -> str:
    """Suggest the known name nearest to a misspelt one, or one of the same words in another order.

    A name that differs only in what people overlook comes first, and the hint says what differs.

    Returns
    -------
    str
        `Hint: did you mean 'x'?`, or three of the known names when none is near.

    Examples
    --------
    >>> hint_near("pay_roll", ["payroll", "billing"])
    "Hint: did you mean 'payroll' (only blanks differ)?"
    >>> hint_near("payrol", ["payroll", "billing"])
    "Hint: did you mean 'payroll'?"
    >>> hint_near("cost_cash", ["cost_vat", "cash_cost"])
    "Hint: did you mean 'cash_cost'?"
    >>> hint_near("zzz", ["payroll", "billing"])
    'Hint: known are billing, payroll.'
    """
    names = sorted({str(k) for k in known})
    if alike := find_alike(name, names):
        return suggest(name, alike)
    words = sorted(name.split("_"))
    near = [known for known in names if sorted(known.split("_")) == words] or get_close_matches(name, names, n=1)
    if near:
        return suggest(name, near[0])
    if not names:
        return "Hint: nothing is known by that name here."
    shown = ", ".join(names[:MOST_SUGGESTED])
    more = len(names) - MOST_SUGGESTED
    return f"Hint: known are {shown}{f' and {more} more' if more > 0 else ''}."


def suggest(name: str, meant: str) -> str:
    """Suggest one name in place of another; where only what people overlook differs, say what.

    Examples
    --------
    >>> suggest("Payroll", "payroll"), suggest("billing", "payroll")
    ("Hint: did you mean 'payroll' (only case differs)?", "Hint: did you mean 'payroll'?")
    """
    if find_alike(name, [meant]) is None:
        return f"Hint: did you mean {meant!r}?"
    difference = tell_difference(name, meant)
    is_one = difference in ("case", "punctuation", "the form of letters")
    return f"Hint: did you mean {meant!r} (only {difference} differ{'s' * is_one})?"
