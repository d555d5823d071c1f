"""pyproject.toml, environment.yml and requirements.txt say the same, by conda's own version matching."""

from __future__ import annotations

import os
import platform
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from rattler import MatchSpec, Version, VersionSpec

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")


def split_requirement(line: str) -> tuple[str, str]:
    """Split `name>=1,<2`, or `name[extra]>=1`, into the name and its bounds."""
    match = re.match(r"([\w.-]+)(?:\[\w+\])?\s*(.*)", line)
    assert match, line
    return match[1].lower().replace("_", "-"), match[2].replace(" ", "")


DECLARED = dict(map(split_requirement, PROJECT["dependencies"]))
ALL = DECLARED | dict(map(split_requirement, PROJECT["optional-dependencies"]["dev"]))
CONDA_LINES = [line for line in CONDA["dependencies"] if isinstance(line, str)]
CONDA_BOUNDS = dict(map(split_requirement, CONDA_LINES))


def read_pins() -> list[tuple[str, str, list[str]]]:
    """Read each pin as name, version and hashes."""
    joined = REQUIREMENTS.replace("\\\n", " ")
    pins = []
    for line in joined.splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line):
            pins.append((match[1].lower(), match[2], re.findall(r"--hash=sha256:[0-9a-f]{64}(?!\S)", line)))
    return pins


PINS = read_pins()


def test_conda_names_the_packages_of_the_project_with_the_same_bounds():
    assert {name: bounds for name, bounds in CONDA_BOUNDS.items() if name not in {"python", "pip"}} == DECLARED


def test_conda_installs_the_suite_itself_from_the_checkout():
    assert [line["pip"] for line in CONDA["dependencies"] if isinstance(line, dict)] == [["--editable ."]]
    assert CONDA["channels"] == ["conda-forge"]
    assert CONDA["name"] == PROJECT["name"]


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_pin_is_inside_the_bounds(name):
    versions = [version for pinned, version, _ in PINS if pinned == name]
    assert versions, f"{name} is not pinned"
    for version in versions:
        assert VersionSpec(ALL[name]).matches(Version(version)), f"{name} {version} is not {ALL[name]}"


@pytest.mark.parametrize("line", CONDA_LINES)
def test_conda_reads_each_line(line):
    spec = MatchSpec(line)
    assert str(getattr(spec.name, "normalized", spec.name)) == split_requirement(line)[0]


def test_this_python_is_accepted_by_both():
    here = Version(platform.python_version())
    assert CONDA_BOUNDS["python"] == PROJECT["requires-python"]
    assert VersionSpec(CONDA_BOUNDS["python"]).matches(here)
    assert not VersionSpec(CONDA_BOUNDS["python"]).matches(Version("3.10.14"))


def test_the_matching_can_say_no():
    assert not VersionSpec(DECLARED["pandas"]).matches(Version("2.3.3"))
    assert not VersionSpec(DECLARED["pulp"]).matches(Version("4.0.0"))


def test_every_pin_is_exact_and_hashed():
    assert len(PINS) > len(ALL)
    assert [name for name, _, hashes in PINS if not hashes] == []
    lines = [line for line in REQUIREMENTS.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(lines) == len(PINS)


def test_requirements_name_no_index():
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host| @ ", REQUIREMENTS)


@pytest.mark.xdist_group("together")
def test_a_group_of_tests_stays_with_one_worker(request):
    """What tests of a group share is else made by each worker anew."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@together")
