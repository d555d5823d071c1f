"""Cases as files: starter workbooks with drop-downs, marked copies, saved folders, a page per table."""

from typing import TYPE_CHECKING

from sourcing.face import attach_face

if TYPE_CHECKING:
    from sourcing.case.writing.added_rows import add_rows
    from sourcing.case.writing.inputs import require_no_inputs
    from sourcing.case.writing.mark import mark_problems
    from sourcing.case.writing.save import replacing, save_case, spell_table, write_cell
    from sourcing.case.writing.sheets import put_cell
    from sourcing.case.writing.template import write_template
    from sourcing.case.writing.texts import read_csv, write_csv

__all__ = [
    "add_rows",
    "mark_problems",
    "put_cell",
    "read_csv",
    "replacing",
    "require_no_inputs",
    "save_case",
    "spell_table",
    "write_cell",
    "write_csv",
    "write_template",
]

__getattr__ = attach_face(__name__)
