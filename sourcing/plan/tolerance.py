"""Every tolerance of this room, once, with its reason; the certificate has its own, since it shares no code."""

KEPT = 1e-6
"""A limit is kept within this times max(1, |limit|): what solvers themselves call feasible."""
WHOLE = 1e-6
"""A share or count within this of a whole number is that number: what solvers themselves call whole."""
EQUAL = 1e-9
"""Two amounts within this of each other, as a share of their size, differ by rounding alone."""
LEAST_SHARE = 1e-9
"""A smaller share of a process is none: it comes from rounding."""
PART_OF_ALLOWANCE = 0.999
"""A search aims at this part of the gap it is allowed, so that rounding cannot spend the rest."""
LESS_THAN_ONE = 0.999
"""Two counts less than this apart are the same count."""
NEGLIGIBLE_SHARE = 1e-6
"""Where an objective is below this part of the sum of absolute costs, a gap is measured against that sum."""
LEAST_SECONDS = 1e-3
"""A search that starts out of time still gets so long: a solver asked for none reports nothing."""
VERTEX_SECONDS = 1.0
"""A linear program over the shares of split processes gets at least so long."""

HELD_SCALE = 1e-3
"""A row that holds an objective is scaled to this part of it: the solver's tolerance on the row is then a billionth of
the objective, within which it cannot undo what is held."""
LEAST_SCALE = 1e-6
"""No row that holds an objective is scaled finer than this, lest an objective of 0 make its row all noise."""
SAME_VALUE = 1e-8
"""Two objectives within this share of each other are one value: ten times what a held row lets pass."""
LESS_USE = (4e-6, 4e-5, 4e-4)
"""Shares by which a plan must use less of a limit to count as such, the next where a solver let one through that does
not: a solver's tolerance and that with which a limit counts as kept, twice."""
ON_LINE = 1e-11
"""A point lies on a line of a convex function within this share: linear programs are solved to far less than EQUAL."""
SAME_POINT = 1e-6
"""Two plans within this share of a measure's size in every measure are one point of a frontier."""
HELD_POINT = 1e-2 * SAME_POINT
"""A measure found best is held within this share while the others are bettered: well below what tells points apart."""
LEAST_RATE = 1e-12
"""A cost that follows a number by less per unit does not follow it."""
HAIRS = (0.0, 1e-6, 1e-5, 1e-4)
"""Shares by which a repaired limit is widened, smallest first, until a plan keeps it by arithmetic."""

LEAST_USE = 1e-3
"""Where shared money counts in a measure, a plan that engages something for less than this share of a process, and for
nothing else, is left out: only rounding would tell it from one that does not engage it."""
BELOW_TIER = 4e-6
"""Where a discount counts in a measure, a tier ends this share below the next: a solver's tolerance and that with which
a threshold counts as reached, twice."""
LEAST_FLOW = 1e-12
"""Less traffic than this between two places is rounding of a transport problem."""
SOLVER = 1e-6
"""What the solver is asked for at first."""
SOLVER_STRICT = 1e-9
"""What it is asked for once arithmetic did not confirm an answer."""
SOLVER_DUAL = 1e-6
"""A reduced cost within this may be the solver's own inaccuracy."""
AT_END = 1e-7
"""A relaxed column within this of an end of its range is at that end."""
ROW_SLACK = 1e-7
"""Partial plans may exceed a row by this part of its scale: a tenth of what counts as kept."""
PROVEN_SHARE, PROVEN_AMOUNT = 1e-10, 1e-7
"""A gap below this share of the objective, or this amount where costs are scaled to thousands, is rounding."""
ROUNDED_SUM = 0.4e-9
"""What adding up a plan's cost in another order may change, as a share: less than half of EQUAL."""
LARGE = 1e20
"""Beyond this, an objective is no number of a plan."""
COST_POWER = 12
"""The largest cost is scaled to 2 to this power: thousands, where the solver's absolute tolerances mean something."""
WIDEST_ROW = 1e-8
"""A row is scaled as if no coefficient were less than this part of its largest one."""
WIDEST_REPAIR = 1e3
"""A limit without end to its use is repaired by at most so many times its size."""
