"""What the command writes to a terminal: tables, answers, errors, progress."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Any, TextIO

from sourcing.errors import CaseError, InfeasiblePlanError, SourcingError

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.batch import Outcome, PackRun
    from sourcing.program import Review

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Progress:
    """How far a batch is: a bar on a terminal and a line per unit; or JSON lines; or nothing but what has no pack.

    Parameters
    ----------
    kind : str
        `table`, `quiet` or `json`; JSON goes to standard output, one object per line with its `event`.
    """

    def __init__(self, kind: str = "table") -> None:
        self.kind = kind

    def __enter__(self) -> Progress:
        self.bar: Any = None
        self.units = self.done = self.failed = 0
        self.running: list[str] = []
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()

    def start(self, units: list[str]) -> None:
        """Show the bar."""
        from tqdm import tqdm

        self.units = len(units)
        is_shown = self.kind == "table" and sys.stderr.isatty()
        self.bar = tqdm(total=len(units), unit="unit", file=sys.stderr, disable=not is_shown)
        self._tell("started", units=units)

    def begin(self, unit: str) -> None:
        """Show that a unit runs."""
        self.running.append(unit)
        self._show()
        self._tell("begun", business_unit=unit)

    def advance(self, outcome: Outcome) -> None:
        """Write a unit's line and move the bar."""
        self.done, self.failed = self.done + outcome.is_done, self.failed + (not outcome.is_done)
        self.running = [unit for unit in self.running if unit != outcome.business_unit]
        said = f"{outcome.business_unit}: {outcome.status}, {outcome.seconds:.1f} s"
        line = f"{said}: {outcome.error}" if outcome.error else said
        if self.kind == "table" or (self.kind == "quiet" and outcome.error):
            self.bar.write(_CONTROL.sub("�", line), file=sys.stderr)
        self.bar.update()
        self._show()
        told = {name: getattr(outcome, name) for name in ("business_unit", "status", "seconds", "error")}
        self._tell("ended", **told)

    def stop(self, hint: str) -> None:
        """Tell how far a run was when it was stopped, and what to do."""
        self.close()
        left = self.units - self.done - self.failed
        say(f"Stopped: {self.done} finished, {self.failed} without a pack, {left} not run. {hint}", sys.stderr)
        self._tell("stopped", done=self.done, failed=self.failed, not_run=left)

    def finish(self, run: PackRun, index: str) -> None:
        """Tell what came of the whole run."""
        self.close()
        done, skipped = sum(each.is_done for each in run.outcomes), len(run.skipped)
        also = f"; skipped as finished before: {skipped}" if skipped else ""
        if self.kind == "table":
            say(f"{done} of {len(run.outcomes)} packs: {index}{also}")
        self._tell("finished", done=done, failed=len(run.outcomes) - done, skipped=list(run.skipped), index=index)

    def _show(self) -> None:
        busy = ", ".join(self.running[:3]) + (", …" if len(self.running) > 3 else "")
        parts = [f"{self.failed} failed"] * bool(self.failed) + [f"running {busy}"] * bool(busy)
        self.bar.set_postfix_str(_CONTROL.sub("�", "; ".join(parts)))

    def _tell(self, event: str, **said: Any) -> None:
        if self.kind == "json":
            say(json.dumps({"event": event, **said}))
            sys.stdout.flush()


def format_answer(summary: dict[str, Any], plan: pd.DataFrame) -> str:
    """Write a decision for a terminal: what was found, what it costs, and each process with its choice."""
    from sourcing.pack import list_lines

    columns = [name for name in ("process", "option", "delivery_model", "cash_cost") if name in plan]
    lines = [*summary["answer"], "", f"Status {summary['status']}, proven gap {summary['gap'] or 0.0:.3%}."]
    priced = list_lines(summary["lines"])
    lines += [f"{money:>18,.0f}  {name}" for name, money in zip(priced["line"], priced["amount"], strict=True)]
    lines += [f"{'':>18}  Amounts in {summary['currency']} of present value."]
    return "\n".join([*lines, "", format_table(plan[columns])])


def format_review(review: Review) -> str:
    """Write a comparison for a terminal: what changed in sentences, then each change with its share."""
    from sourcing.pack import say_details, say_review

    width = find_width(sys.stdout)
    parts = ["\n".join(wrap_text(sentence, width) for sentence in say_review(review))]
    for unit, comparison in review.units.items():
        causes = comparison.causes[["cause", "objective", "cash_cost", "expected_loss"]]
        if len(causes):
            details = causes.assign(details=[say_details(each) for each in comparison.causes["details"]])
            parts.append(f"{unit}: share of each change in {comparison.currency}\n{format_table(details)}")
    return "\n\n".join(parts)


def format_error(error: SourcingError) -> str:
    """Write an error with what it carries: the problems of a case, further clashes of a unit without a plan."""
    width = find_width(sys.stderr)
    if isinstance(error, CaseError):
        return f"{format_problems(error.problems, width)}\n{wrap_text(str(error), width)}"
    if isinstance(error, InfeasiblePlanError) and error.question is not None:
        from sourcing.pack import say_refusal

        return "\n".join(wrap_text(sentence, width) for sentence in say_refusal(error))
    return wrap_text(str(error), width)


def wrap_text(text: str, width: int | None) -> str:
    """Wrap a message at the width of a terminal; None leaves it as it is.

    Examples
    --------
    >>> print(wrap_text("a case must be sound; got 2 problems", 24))
    a case must be sound;
    got 2 problems
    """
    return text if width is None else "\n".join(textwrap.fill(line, max(width, 20)) for line in text.split("\n"))


def find_width(stream: TextIO) -> int | None:
    """Find how many letters a line of a terminal holds; None where the stream is none."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def format_problems(problems: pd.DataFrame, width: int | None = None) -> str:
    """Write the problems of a case: one line each where they fit, else one wrapped paragraph each.

    Parameters
    ----------
    problems : DataFrame
        Table, row, column, rule, value, hint, severity, place.
    width : int, optional
        Letters that a line holds; no limit if None.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = ["rules", 2, "where", "a location that the case holds", "centre", "Hint: did you mean 'center'?"]
    >>> columns = ["table", "row", "column", "rule", "value", "hint", "severity", "place"]
    >>> print(format_problems(pd.DataFrame([[*cells, "warning", "rules.csv:2"]], columns=columns), width=40))
    warning  rules.csv:2, where
      wanted a location that the case holds,
      got 'centre'. Hint: did you mean
      'center'?
    """
    table = format_table(problems[["severity", *problems.columns.drop("severity")]])
    if width is None or max(map(len, table.splitlines()), default=0) <= width:
        return table
    paragraphs = []
    rows = problems["row"].map(", row {}".format, na_action="ignore").astype(object).fillna("")
    for row in problems.assign(row=rows).to_dict("records"):
        place = row["place"] or row["table"] + row["row"]
        told = f"wanted {row['rule']}, got {row['value']!r}. {row['hint']}"
        head = f"{row['severity']}  {place}" + (f", {row['column']}" if row["column"] else "")
        lines = textwrap.wrap(" ".join(told.split()), max(width, 20), initial_indent="  ", subsequent_indent="  ")
        paragraphs.append("\n".join([head, *lines]))
    return "\n".join(paragraphs)


def format_table(table: pd.DataFrame) -> str:
    """Write a table for a terminal, texts to the left, numbers to the right, nothing cut off.

    Examples
    --------
    >>> import pandas as pd
    >>> print(format_table(pd.DataFrame({"rule": ["a", "bcd"], "limit": [10.0, None]})))
    rule  limit
    a        10
    bcd
    """
    from pandas.api.types import is_numeric_dtype

    columns = []
    for name in table:
        is_number = is_numeric_dtype(table[name])
        cells = [str(name), *map(_spell, table[name].astype(object).where(table[name].notna(), ""))]
        width = max(map(len, cells))
        columns.append([cell.rjust(width) if is_number else cell.ljust(width) for cell in cells])
    return "\n".join("  ".join(row).rstrip() for row in zip(*columns, strict=True))


def _spell(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1e4 else f"{cell:.4g}"
    return " ".join(str(cell).split())


def say(text: str, stream: Any = None) -> None:
    """Write a line, with control characters of people's tables and what turns its direction made visible."""
    stream = stream or sys.stdout
    line = _CONTROL.sub("�", text) + "\n"
    stream.write(line.encode(stream.encoding or "utf-8", "replace").decode(stream.encoding or "utf-8"))
