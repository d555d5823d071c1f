"""The floor plan, held by tests: one way, no circle, faces kept, the second reader apart, libraries in their rooms."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from importlib.metadata import packages_distributions
from itertools import takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sourcing"
BEFORE = {
    "spelling": set(),
    "errors": {"spelling"},
    "face": set(),
    "card": set(),
    "shipped": {"errors"},
    "remote": {"errors"},
    "where": {"errors"},
    "case": {"face", "card", "spelling", "errors", "shipped", "remote", "where"},
    "assess": {"card", "errors", "where", "case"},
    "value": {"errors", "where", "case", "assess"},
    "plan": {"card", "errors", "where"},
    "decide": {"face", "card", "errors", "where", "case", "assess", "value", "plan"},
    "uncertainty": {"face", "card", "errors", "where", "case", "assess", "value", "plan", "decide"},
    "program": {"face", "card", "errors", "where", "case", "assess", "value", "plan", "decide", "uncertainty"},
    "portfolio": {"face", "errors", "where", "case", "assess", "value", "plan", "decide"},
    "pack": {
        "face", "errors", "where", "case", "assess", "value", "plan", "decide", "uncertainty", "program", "portfolio",
    },
    "batch": {"card", "errors", "shipped", "case", "decide", "program", "pack"},
    "console": {"errors", "program", "batch", "pack"},
    "cli": {"errors", "remote", "case", "decide", "program", "portfolio", "pack", "batch", "console"},
    "__main__": {"cli"},
}  # fmt: skip
"""Room -> the rooms that it may import."""
ROOMS_OF = {
    "fsspec": "remote",
    "babel": "case",
    "pulp": "plan", "highspy": "plan",
    "altair": "pack", "jinja2": "pack", "nh3": "pack", "vl_convert": "pack", "nbconvert": "pack",
    "IPython": "pack", "ipywidgets": "pack",
    "papermill": "batch", "nbclient": "batch", "distributed": "batch",
}  # fmt: skip
"""Library -> the one room that uses it."""
HOMELESS = {"utils", "util", "helpers", "helper", "common", "misc"}
WORDS = {"vendor", "vendors", "data", "info", "manager", "handler", "processor", "tmp", "misc"}
ALLOWED_NAMES = {"data_class"}
"""Names that hold a banned word for a reason: a column of the dictionary."""


def name_module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_module(path): path for path in sorted(PACKAGE.rglob("*.py"))}
PACKAGES = {module for module, path in MODULES.items() if path.name == "__init__.py"}


@cache
def parse(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def list_offered(package: str) -> frozenset[str]:
    """List the names that a face offers; a name may be that of a module too, as `settle` is."""
    return frozenset(
        alias.asname or alias.name
        for node in ast.walk(parse(package))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )


def find_module(name: str) -> str | None:
    """Find the module of the suite that a dotted name is taken from; None where it is none of the suite."""
    parent = name.rpartition(".")[0]
    if parent in PACKAGES and name.rpartition(".")[2] in list_offered(parent):
        return parent
    return next((each for each in (name, parent) if each in MODULES), None)


@cache
def list_imports(module: str) -> frozenset[str]:
    """List what a module imports, for the type checker too: own modules by full name, others by their top name."""
    found: set[str] = set()
    for node in ast.walk(parse(module)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {find_module(name) or name.split(".")[0] for name in names}
    return frozenset(found - {module})


def find_room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def list_own(module: str) -> list[str]:
    """List what a module imports of the suite, the name of the suite itself aside."""
    return sorted(name for name in list_imports(module) if name.startswith("sourcing."))


def test_rooms_import_one_way():
    assert {find_room(module) for module in MODULES} - {""} <= set(BEFORE)
    wrong = [
        f"{module} imports {name}"
        for module in MODULES
        for name in list_own(module)
        if find_room(name) not in BEFORE.get(find_room(module), set()) | {find_room(module)}
    ]
    assert not wrong


def find_step(importer: str, imported: str) -> tuple[str, str, str]:
    """Find the innermost package that holds both, and the parts of it in which each lies."""
    package = ".".join(common_prefix(importer.split("."), imported.split(".")))
    if package in (importer, imported) and package not in PACKAGES:
        package = package.rsplit(".", 1)[0]
    depth = len(package.split("."))
    return package, ".".join(importer.split(".")[: depth + 1]), ".".join(imported.split(".")[: depth + 1])


def common_prefix(one: list[str], other: list[str]) -> list[str]:
    return [a for a, b in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))]


def test_no_part_of_a_room_imports_in_a_circle():
    graphs: dict[str, dict[str, set[str]]] = {}
    for module in MODULES:
        for name in list_own(module):
            package, own, other = find_step(module, name)
            if own not in (package, other):
                graphs.setdefault(package, {}).setdefault(own, set()).add(other)
    for package, graph in graphs.items():
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            pytest.fail(f"in {package}: {' -> '.join(error.args[1])}")


def test_nobody_reaches_past_a_face():
    """Outside a room only its `__init__` is imported; inside it nobody imports its `__init__`."""
    wrong = []
    for module in MODULES:
        for name in list_own(module):
            _, own, other = find_step(module, name)
            is_past = other in PACKAGES and name != other and own != other
            is_own_face = name in PACKAGES and module.startswith(f"{name}.")
            if is_past or (is_own_face and not imports_modules_only(module, name)):
                wrong.append(f"{module} imports {name}")
    assert not wrong


def imports_modules_only(module: str, package: str) -> bool:
    """Tell whether a module takes nothing but modules from a package, as in `from sourcing.pack import charts`."""
    return all(
        f"{package}.{alias.name}" in MODULES
        for node in ast.walk(parse(module))
        if isinstance(node, ast.ImportFrom) and node.module == package
        for alias in node.names
    )


def test_the_certificate_shares_no_code_with_what_it_checks():
    own = {module for module in MODULES if module.startswith("sourcing.plan.certify")}
    assert own
    for module in own:
        assert set(list_own(module)) <= own | {"sourcing.errors"}, module


def test_libraries_stay_in_their_rooms_and_are_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["cluster"], *extras["remote"]]
    declared = {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in lines}
    homes = packages_distributions()
    for module in MODULES:
        for name in list_imports(module) - set(MODULES) - sys.stdlib_module_names:
            assert find_room(module) == ROOMS_OF.get(name, find_room(module)), f"{module} imports {name}"
            names = {home.lower().replace("_", "-") for home in homes.get(name, [])}
            assert names & declared, f"{module} imports {name}, which pyproject.toml does not declare"


def test_a_break_of_the_plan_would_be_found():
    assert find_step("sourcing.plan.choose", "sourcing.plan.model.rules")[2] == "sourcing.plan.model"
    assert find_step("sourcing.pack.basis.tables", "sourcing.plan.plan") == (
        "sourcing",
        "sourcing.pack",
        "sourcing.plan",
    )
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


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


def test_names_say_what_they_hold():
    assert not {module for module in MODULES if module.split(".")[-1] in HOMELESS}
    for module in MODULES:
        for name in list_defined_names(module) - ALLOWED_NAMES:
            words = set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))
            assert not words & WORDS, f"{module} defines {name}"


LIGHT = {
    "import sourcing, sourcing.cli, sourcing.errors; sourcing.cli.make_parser().format_help()": {
        "pandas", "numpy", "altair", "papermill", "pulp",
    },
    "from sourcing import assess, decide, pack, portfolio, program, uncertainty": {
        "altair", "openpyxl", "scipy.sparse", "scipy.special", "scipy.stats", "scipy.optimize", "jsonschema", "jinja2",
        "rfc3987_syntax", "vl_convert", "nbformat", "nbconvert", "papermill", "sklearn", "IPython", "ipywidgets",
        "mkdocs",
    },
    "import sourcing.pack; sourcing.pack.prepare_display()": {"openpyxl", "rfc3987_syntax", "nbformat", "nbconvert"},
    "import sourcing; sourcing.load_case('data/tiny', 'alpha')": {"altair", "openpyxl", "jsonschema"},
}  # fmt: skip
"""What is imported at a start -> libraries that are dear to import and wait until they are used."""


@pytest.mark.parametrize("code", LIGHT, ids=["the command", "the rooms", "the first cell", "a case of text files"])
def test_a_start_imports_nothing_that_can_wait(code):
    told = f"import sys; {code}; print(*{LIGHT[code]} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.split() == []


def test_a_face_offers_what_it_lists_and_nothing_else():
    for package in ("sourcing.case", "sourcing.case.writing", "sourcing.pack"):
        face = import_module(package)
        assert [name for name in face.__all__ if not hasattr(face, name)] == []
        with pytest.raises(AttributeError, match="no attribute 'nothing_of_the_kind'"):
            face.nothing_of_the_kind  # noqa: B018


def test_no_name_that_waits_for_its_module_is_that_of_a_module():
    for package in ("sourcing.case", "sourcing.case.writing", "sourcing.pack"):
        waiting = {
            alias.asname or alias.name
            for branch in parse(package).body
            if isinstance(branch, ast.If)
            for node in branch.body
            for alias in node.names
        }
        assert waiting
        assert not {f"{package}.{name}" for name in waiting} & set(MODULES)


def test_who_wants_the_grammar_of_addresses_later_gets_it():
    code = "import sys; from sourcing.pack.drawing import alt; print('rfc3987_syntax' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.split() == ["False"]


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


def test_a_private_path_or_address_would_be_found():
    for text in ("in " + "/home" + "/x", "https://" + "py" + "pi.org/simple", '"' + "/root" + "/x"):
        assert PRIVATE.search(text)
