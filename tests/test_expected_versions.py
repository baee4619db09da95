"""A run on chosen versions fails if it ran on others: COURSE_EXPECTS="transformers==5.0.0 …"."""

import os
import platform
from importlib import import_module

import pytest
from packaging.requirements import Requirement

MODULES = {"ipython": "IPython"}  # whose name differs from that of the package
EXPECTED = os.environ.get("COURSE_EXPECTS", "transformers>=5 python>=3.11").split()


def imported(package: str) -> str:
    """The version that `import` gets, whatever is installed beside it."""
    if package == "python":
        return platform.python_version()
    return import_module(MODULES.get(package, package)).__version__


@pytest.mark.parametrize("expected", EXPECTED)
def test_these_are_the_versions(expected):
    wanted = Requirement(expected)
    found = imported(wanted.name)
    assert wanted.specifier.contains(found, prereleases=True), f"{wanted.name} is {found}"
