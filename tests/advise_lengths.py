"""Print files over 300 lines and functions over 40, longest first: advice, since cohesion is the rule."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

FILE_LINES, FUNCTION_LINES = 300, 40
PACKAGE = Path(__file__).parents[1] / "sourcing"


def measure_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's body, its docstring aside."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return node.end_lineno - body[0].lineno + 1 if body else 0


def list_long() -> list[tuple[int, str]]:
    """List (lines, what) of long files and functions."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(PACKAGE.parent))
        lines = text.count("\n")
        found += [(lines, name)] if lines > FILE_LINES else []
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and measure_function(node) > FUNCTION_LINES:
                found.append((measure_function(node), f"{name}: {node.name}"))
    return sorted(found, reverse=True)


if __name__ == "__main__":
    for lines, what in list_long():
        sys.stdout.write(f"long (advice): {what}, {lines} lines\n")
