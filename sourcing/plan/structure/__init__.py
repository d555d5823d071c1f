"""What a sourcing plan has beyond alternatives and rules: one module per table of `structure`.

=========  ==========================================  ====================================================
table      columns                                     buys
=========  ==========================================  ====================================================
items      process, divisible, [min_share, max_parts]  a process split over several alternatives
charges    column, value, cost                         a cost paid once if any chosen row has the value
pools      pool, process, cost, [column]               a shared cost that ends when its last user has left
tiers      column, value, measure, threshold,          a discount that grows with what is bought together
           discount_share, kind
orders     kind, process_a, process_b, [column, lag]   processes kept together, apart or in sequence
locks      process, option, kind, [wave]               a part of the answer fixed by the analyst
=========  ==========================================  ====================================================

Columns in brackets may be left out.
"""

from sourcing.plan.structure.read import KNOWN, Structure, read_structure

__all__ = ["KNOWN", "Structure", "read_structure"]
