"""Each supported Python on each supported system finds a wheel for every package of the course.

uv answers that from the package index alone, without installing anything.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ("3.11.2", "3.12", "3.13", "3.14")
SYSTEMS = (
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",
)
NO_WHEELS = ("x86_64-apple-darwin", "aarch64-pc-windows-msvc", "x86_64-unknown-linux-musl")
OF_TORCH = ("cuda-", "nvidia-", "triton")  # torch itself demands one version of each
EXTRAS = ("test", "book", "browser", "dask")


def resolve(
    python: str, system: str, macos: str = "14.0", requirement: str = ""
) -> subprocess.CompletedProcess:
    """Resolve the whole project, or one requirement alone."""
    command = [Path(sys.executable).with_name("uv"), "pip", "compile"]
    command += ["-" if requirement else ROOT / "pyproject.toml", "--no-sources", "--quiet"]
    command += ["--constraints", ROOT / "constraints.txt"]
    command += ["--python-version", python, "--python-platform", system]
    command += ["--only-binary", ":all:", "--no-header", "--no-annotate"]
    if not requirement:
        command += [f"--extra={extra}" for extra in EXTRAS]
    return subprocess.run(
        list(map(str, command)),
        input=requirement,
        capture_output=True,
        text=True,
        env=os.environ | {"MACOSX_DEPLOYMENT_TARGET": macos},
        cwd=ROOT,
    )


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_pinned_set_resolves_and_pins_everything(python, system):
    done = resolve(python, system)
    assert done.returncode == 0, done.stderr
    pins = set((ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    found = {line.partition(" ")[0] for line in done.stdout.splitlines()}
    assert {line for line in found - pins if not line.startswith(OF_TORCH)} == set()
    assert len(found) > 100


@pytest.mark.parametrize("system", NO_WHEELS)
def test_what_the_readme_calls_unsupported_has_no_wheels_of_torch(system):
    (torch,) = (
        line
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("torch==")
    )
    done = resolve("3.12", system, requirement=torch)
    assert done.returncode != 0 and "torch" in done.stderr and "wheels" in done.stderr


def test_macos_13_has_none_either():
    done = resolve("3.12", "aarch64-apple-darwin", macos="13.0")
    assert done.returncode != 0 and "macosx_14_0_arm64" in done.stderr


def test_a_project_of_uv_resolves(tmp_path):
    """`uv sync` with the pins of pyproject.toml, but for the index that may be out of reach."""
    (tmp_path / "docs").mkdir()
    for name in ("pyproject.toml", "docs/package.md", "LICENSE", "LICENSE-TEXT"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    command = [str(Path(sys.executable).with_name("uv")), "lock", "--no-sources"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
