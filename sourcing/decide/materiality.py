"""Whether what a plan saves in cash is worth a decision at all: one definition for every page."""

from __future__ import annotations

from dataclasses import dataclass

MATERIAL, SMALL, UNSURE = "material", "small", "unsure"
"""Verdicts: worth deciding about; below the stated share of today's cash; within its own uncertainty."""


@dataclass(frozen=True)
class Materiality:
    """Whether a change of cash is material.

    Attributes
    ----------
    verdict : str
        material, small or unsure; small where it is both.
    share : float
        The saving as a share of today's cash cost, negative where the plan costs more; 0 where today costs nothing.
    least_share : float
        The share from which on a change counts, the lever `material_share`.
    """

    verdict: str
    share: float
    least_share: float

    @property
    def is_material(self) -> bool:
        """Whether the verdict is material."""
        return self.verdict == MATERIAL


def weigh_materiality(mean: float, low: float, high: float, as_is_cash: float, least_share: float) -> Materiality:
    """Weigh whether a saving, or an added cost, is material.

    Parameters
    ----------
    mean : float
        Today's cash cost less the plan's, present values; negative where the plan costs more.
    low, high : float
        Tenth and ninetieth of a hundred of the outcomes, as `range_saving` or `describe_saving` give them.
    as_is_cash : float
        Cash cost today, at least 0.
    least_share : float
        The lever `material_share`.

    Returns
    -------
    Materiality

    Notes
    -----
    Formula: small where |mean| < least_share x as_is_cash; unsure where low <= 0 <= high, so that outcomes of either
    sign are among the middle eight of ten; material otherwise. Source: house rule; the share is that of ISA 320.

    Examples
    --------
    Of 1,000 today, 8 are less than a hundredth; 40 are more, but not where outcomes reach from -10 to 90:

    >>> [weigh_materiality(*each, 1000.0, 0.01).verdict for each in ((8, 6, 10), (40, -10, 90), (40, 30, 50))]
    ['small', 'unsure', 'material']
    """
    share = mean / as_is_cash if as_is_cash > 0 else 0.0
    if abs(mean) < least_share * as_is_cash or mean == 0.0:
        return Materiality(SMALL, share, least_share)
    return Materiality(UNSURE if low <= 0.0 <= high else MATERIAL, share, least_share)
