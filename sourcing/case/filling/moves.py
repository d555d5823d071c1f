"""What a move costs in people where the case says nothing: who loses the job, who is hired, how long both sides run.

Of each move away from today's delivery; heads are the process's people, fte the option's, own today where today's
staff are the unit's:

    coming along            = heads at the same site, heads x `coming_along_share` at another own site in the country,
                              else heads x `following_share`; at most fte
    severed share           = (1 - coming along / heads) x (1 - `redeployed_share`), of own staff today
    severance months        = months of pay per year of service in the country of today x `service_years` / load factor
    recruited share         = 1 - coming along / fte, of own staff; an outside owner's hiring is in its price
    recruitment per head    = `hiring_cost_share` x labor cost per full-time equivalent
    parallel months         = the assumed ones, where the work goes to another team: not at the same own site
    attrition share         = what leaves in the country beyond the ordinary, of own staff abroad

Severance is owed on pay while the suite's months are months of labor cost, hence the load factor. Figures by country:
`by_country.csv`; others: `assumed.csv`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.case.filling.assumed import look_up_by_country, read_assumed
from sourcing.case.filling.reference import Figure, look_up_load_factor
from sourcing.case.filling.running_cost import Worked
from sourcing.case.policy import LEVERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[str, Any]

MOVE_CELLS = ("severed_share", "severance_months", "recruited_share", "recruitment_cost_per_head", "parallel_months")
"""Columns of the table transitions that have a default."""
ONE_SUM = ("knowledge_transfer_cost", "travel_cost", "training_cost", "set_up_cost")
"""Causes that `options.transition_cost` holds in one sum."""
NOTHING_SAID = {**dict.fromkeys(MOVE_CELLS, 0.0), "severed_share": 1.0}
"""What an empty cell means where the defaults are switched off."""


def _share_coming_along(option: Row, today: Row) -> Worked:
    """Return the share of today's people who go on with the work under the option."""
    is_own_at_home = today["owner_type"] == option["owner_type"] == "own" and option["country"] == today["country"]
    if is_own_at_home and all(option[name] == today[name] for name in ("location", "delivery_model")):
        return Worked(1.0)
    share = read_assumed("coming_along_share" if is_own_at_home else "following_share")
    return Worked(share.value, (share,))


def find_move_cells(
    process: Row, option: Row, today: Row, redeployed_share: float, service_years: float
) -> dict[str, Worked]:
    """Find what a move costs in people, cell by cell; a cell that is 0 has no figures behind it.

    Parameters
    ----------
    process : mapping
        headcount_fte, occupation.
    option, today : mapping
        owner_type, delivery_model, location, country; of the option also productivity and labor_cost_per_fte.
    redeployed_share, service_years : float
        The levers.

    Returns
    -------
    dict of str to Worked
        One per column of MOVE_CELLS.
    """
    heads, fte = float(process["headcount_fte"]), float(process["headcount_fte"]) / float(option["productivity"])
    along = _share_coming_along(option, today)
    coming = min(along.value * heads, fte)
    cells = dict.fromkeys(MOVE_CELLS, Worked(0.0))
    ending = 1 - coming / heads if today["owner_type"] == "own" and heads > 0 else 0.0
    if ending > 0:
        kept = _cite_lever("redeployed_share", redeployed_share)
        leaving = Worked(ending, along.figures, (f"{ending:.3g} of the people do not go on with the work",))
        cells["severed_share"] = leaving.times(1 - redeployed_share, f"{1 - redeployed_share:.3g} not redeployed", kept)
        cells["severance_months"] = _find_severance(process, today, service_years)
    hired = 1 - coming / fte if option["owner_type"] == "own" and fte > 0 else 0.0
    if hired > 0:
        share = read_assumed("hiring_cost_share")
        words = (f"{hired:.3g} of the option's people do not come from today's",)
        cells["recruited_share"] = Worked(hired, along.figures, words)
        wage = float(option["labor_cost_per_fte"])
        worked = Worked(wage, (), (f"labor cost {wage:,.0f} a head",))
        cells["recruitment_cost_per_head"] = worked.times(share.value, f"hiring x {share.value:.3g}", share)
    if along.value < 1:
        months = read_assumed("parallel_months")
        cells["parallel_months"] = Worked(months.value, (months,), ("as assumed",))
    return cells


def _find_severance(process: Row, today: Row, service_years: float) -> Worked:
    months, load = look_up_by_country("severance", today["country"]), look_up_load_factor(process["occupation"])
    years = _cite_lever("service_years", service_years)
    worked = Worked(months.value, (months,), (f"{months.value:.3g} months of pay per year of service",))
    worked = worked.times(service_years, f"x {service_years:.3g} years of service", years)
    return worked.times(1 / load.value, f"months of labor cost: / {load.value:.4g}", load)


def _cite_lever(name: str, value: float) -> Figure:
    about = LEVERS[name].metadata
    return Figure(name.replace("_", " "), value, about["unit"], about["source"], "not dated", "none needed")


def find_attrition(option: Row, home: str) -> Worked:
    """Find the share of own staff abroad who leave in a year beyond what labor cost, overhead and output hold already.

    Examples
    --------
    >>> option = {"owner_type": "own", "country": "PHL"}
    >>> round(find_attrition(option, "AUS").value, 2), find_attrition(option, "PHL").value
    (0.26, 0.0)
    """
    if option["owner_type"] != "own" or option["country"] == home:
        return Worked(0.0)
    rate, ordinary = look_up_by_country("attrition", option["country"]), read_assumed("ordinary_attrition")
    excess = max(rate.value - ordinary.value, 0.0)
    words = (f"{rate.value:.3g} a year less {ordinary.value:.3g} that is ordinary",)
    return Worked(excess, (rate, ordinary), words) if excess > 0 else Worked(0.0)
