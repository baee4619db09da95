"""pyproject.toml says which versions the course supports; the other files must say the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from course_utils.environment import LOWEST_TRANSFORMERS

ROOT = Path(__file__).resolve().parents[1]
CONDA_NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}
FILE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = FILE["project"]


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
PINS = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PINNED = ranges(PINS)


@pytest.mark.parametrize("extra", SUPPORTED)
def test_each_range_contains_the_pinned_version(extra):
    for name, supported in SUPPORTED[extra].items():
        assert name in PINNED, f"constraints.txt does not pin {name}"
        (pin,) = PINNED[name]
        assert pin.operator == "==" and pin.version in supported, f"{name}{pin} is not {supported}"


def test_uv_gets_the_same_pins():
    pins = FILE["tool"]["uv"]["constraint-dependencies"]
    assert pins == PINS, "run `python .github/renew_pins.py`"
    (index,) = FILE["tool"]["uv"]["index"]
    assert index["explicit"] and FILE["tool"]["uv"]["sources"]["torch"]["index"] == index["name"]


def test_the_readme_names_the_pinned_torch():
    (pin,) = PINNED["torch"]
    named = re.findall(r"torch==([\d.]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert named and set(named) == {pin.version}


def test_conda_gets_the_same_ranges():
    lines = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = {
        CONDA_NAMES.get(name, name): supported
        for name, supported in ranges(
            [line.replace("python=3.12", "python==3.12") for line in lines if isinstance(line, str)]
        ).items()
    }
    (python,) = conda.pop("python")
    assert python.version in SpecifierSet(PROJECT["requires-python"])
    # conda-forge's nbmake cannot be installed beside a present nbclient.
    assert conda.pop("pip") == SpecifierSet() and {"pip": ["-e .[test]"]} in lines
    assert conda == SUPPORTED[""] | SUPPORTED["book"]


def test_the_licence_names_what_the_checkpoints_carry():
    for card in (ROOT / "course_utils" / "embedded").glob("*/README.md"):
        about = yaml.safe_load(card.read_text(encoding="utf-8").split("---")[1])
        licence = about["license"]
        wanted = f"LicenseRef-{about['license_name']}" if licence == "other" else licence
        assert wanted.lower() in PROJECT["license"].lower().split(" and "), card


def test_what_a_package_index_would_show_leads_nowhere_that_is_not_there():
    text = (ROOT / PROJECT["readme"]).read_text(encoding="utf-8")
    assert re.findall(r"\]\((?!https://)[^)]*\)|<img", text) == []


def test_the_citation_and_the_changelog_know_the_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(PROJECT['version'])} ", changes, re.MULTILINE)


def test_what_a_notebook_demands_is_the_lowest_supported_transformers():
    supported = SUPPORTED[""]["transformers"]
    assert LOWEST_TRANSFORMERS in supported and "5.0.0rc1" not in supported
    assert "6.0.0" not in supported
