"""The floor plan, held by a test: imports run one way, libraries stay in their rooms, rooms stay small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sourcing"
ORDER = [
    "errors",
    "shipped",
    "case",
    "assess",
    "value",
    "plan",
    "uncertainty",
    "pack",
    "batch",
    "console",
    "cli",
    "__main__",
]
ROOM_OF = {
    "pulp": "plan", "highspy": "plan",
    "altair": "pack", "jinja2": "pack", "nh3": "pack", "vl_convert": "pack",
    "papermill": "batch", "nbconvert": "batch", "nbclient": "batch", "dask": "batch",
}  # fmt: skip
LONG_FILES: dict[str, str] = {
    "sourcing.plan.where": "one whitelist of syntax, read top to bottom; a wall would part a node from its check",
}
"""File over 300 lines -> why."""
LONG_FUNCTIONS: dict[str, str] = {}
"""`module.function` over 40 lines -> why."""
HOMELESS = {"utils", "util", "helpers", "helper", "common", "misc"}
WORDS = {
    "vendor",
    "vendors",
    "data",
    "info",
    "manager",
    "handler",
    "processor",
    "result",
    "results",
    "tmp",
    "misc",
}
ALLOWED_NAMES = {
    "data_class",  # a column of the dictionary
}


def name_module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_module(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def parse(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def walk(tree: ast.AST, *, with_types: bool):
    """Walk a tree; branches for the type checker only if asked for."""
    for child in ast.iter_child_nodes(tree):
        if with_types or not is_type_checking(child):
            yield child
            yield from walk(child, with_types=with_types)


def list_imports(module: str, *, with_types: bool) -> set[str]:
    """List what a module imports: own modules by full name, others by their top name."""
    found: set[str] = set()
    for node in walk(parse(module), with_types=with_types):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            own = next((name.rsplit(".", cut)[0] for cut in (0, 1) if name.rsplit(".", cut)[0] in MODULES), None)
            found.add(own or name.split(".")[0])
    return found - {module}


def find_room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_room_has_a_place_in_the_order():
    assert {find_room(module) for module in MODULES} - {""} <= set(ORDER)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_run_one_way(module):
    own = find_room(module)
    if own == "":
        assert not {name for name in list_imports(module, with_types=True) if name.startswith("sourcing")}
        return
    for name in list_imports(module, with_types=True):
        room = find_room(name) if name.startswith("sourcing") else ""
        assert room == "" or ORDER.index(room) <= ORDER.index(own), f"{module} imports {name}"


def test_modules_form_no_cycle():
    graph = {module: list_imports(module, with_types=False) & set(MODULES) for module in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_a_cycle_would_be_found():
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


@pytest.mark.parametrize("module", sorted(MODULES))
def test_libraries_stay_in_their_rooms(module):
    for name in list_imports(module, with_types=True) & set(ROOM_OF):
        assert find_room(module) == ROOM_OF[name], f"{module} imports {name}"


def test_every_library_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in project["dependencies"]}
    homes = packages_distributions()
    for module in MODULES:
        for name in list_imports(module, with_types=True) - set(MODULES) - {"sourcing"} - sys.stdlib_module_names:
            names = {home.lower().replace("_", "-") for home in homes.get(name, [])}
            assert names & declared, f"{module} imports {name}, which pyproject.toml does not declare"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_files_are_short(module):
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    assert lines <= 300 or module in LONG_FILES, f"{module} has {lines} lines"


def measure_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's body, its docstring aside."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return node.end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("module", sorted(MODULES))
def test_functions_are_short(module):
    for node in ast.walk(parse(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = measure_function(node)
            assert lines <= 40 or f"{module}.{node.name}" in LONG_FUNCTIONS, f"{module}.{node.name}: {lines} lines"


def test_exceptions_to_the_lengths_are_still_needed():
    for module in LONG_FILES:
        assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) > 300
    long = {
        f"{module}.{node.name}"
        for module in MODULES
        for node in ast.walk(parse(module))
        if isinstance(node, ast.FunctionDef) and measure_function(node) > 40
    }
    assert set(LONG_FUNCTIONS) <= long


def test_no_module_is_a_drawer_of_odds_and_ends():
    assert not {module for module in MODULES if module.split(".")[-1] in HOMELESS}


def list_defined_names(module: str) -> set[str]:
    names = set()
    for node in ast.walk(parse(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


@pytest.mark.parametrize("module", sorted(MODULES))
def test_names_say_what_they_hold(module):
    for name in list_defined_names(module) - ALLOWED_NAMES:
        words = set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))
        assert not words & WORDS, f"{module} defines {name}"


@pytest.mark.parametrize("module", ["sourcing", "sourcing.cli", "sourcing.errors"])
def test_importing_the_suite_alone_is_light(module):
    heavy = {"pandas", "numpy", "altair", "papermill", "pulp"}
    code = f"import sys, {module}; print(*{heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.split() == []


def list_files() -> list[Path]:
    """List the files that are or would be tracked."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\0")
    files = [ROOT / name for name in listed if name] or [
        path for path in ROOT.rglob("*") if ".venv" not in path.parts and "packs" not in path.parts
    ]
    return [path for path in files if path.is_file()]


PRIVATE = re.compile(
    r"py[p]i[.]|python[h]osted|registry[.]np[m]|deb[.]deb[i]an"  # addresses of registries
    r"|(?<![\w.:~-])/(?:home|Users|root|work)/(?!somebody)\w|[A-Z]:\\Users\\\w"  # a machine; examples say somebody
)


def test_files_name_no_registry_and_no_machine():
    for path in list_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = PRIVATE.search(text)
        assert found is None, f"{path.relative_to(ROOT)}: {text[max(0, found.start() - 40) : found.end() + 20]!r}"


@pytest.mark.parametrize("text", ["in " + "/home" + "/x", "https://" + "py" + "pi.org/simple", '"' + "/root" + "/x"])
def test_a_private_path_or_address_would_be_found(text):
    assert PRIVATE.search(text)
