"""pyproject.toml says which versions the course supports; the other files must say the same."""

import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from course_utils.environment import LOWEST_TRANSFORMERS

ROOT = Path(__file__).resolve().parents[1]
CONDA_NAMES = {"pytorch": "torch", "matplotlib-base": "matplotlib"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def ranges(requirements: list[str]) -> dict[str, SpecifierSet]:
    parsed = map(Requirement, requirements)
    return {canonicalize_name(one.name): one.specifier for one in parsed}


SUPPORTED = {
    extra: ranges(requirements)
    for extra, requirements in {
        "": PROJECT["dependencies"],
        **PROJECT["optional-dependencies"],
    }.items()
}
PINNED = ranges(
    [
        line
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
)


@pytest.mark.parametrize("extra", SUPPORTED)
def test_each_range_contains_the_pinned_version(extra):
    for name, supported in SUPPORTED[extra].items():
        assert name in PINNED, f"constraints.txt does not pin {name}"
        (pin,) = PINNED[name]
        assert pin.operator == "==" and pin.version in supported, f"{name}{pin} is not {supported}"


def test_conda_gets_the_same_ranges():
    lines = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    conda = {
        CONDA_NAMES.get(name, name): supported
        for name, supported in ranges([line for line in lines if isinstance(line, str)]).items()
    }
    assert conda.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert conda.pop("pip") == SpecifierSet() and {"pip": ["-e ."]} in lines
    assert conda == SUPPORTED[""] | SUPPORTED["test"] | SUPPORTED["book"]


def test_what_a_notebook_demands_is_the_lowest_supported_transformers():
    supported = SUPPORTED[""]["transformers"]
    assert LOWEST_TRANSFORMERS in supported and "5.0.0rc1" not in supported
    assert "6.0.0" not in supported
