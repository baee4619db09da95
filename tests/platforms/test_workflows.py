"""The workflows, and what Binder and a package's user get."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(*command: object, **more) -> subprocess.CompletedProcess:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, **more)


def test_the_workflows_give_nobody_more_than_they_need():
    paths = [ROOT / ".github", ROOT / "docs" / "class_repository_ci.yml"]
    done = run(BIN / "zizmor", "--offline", "--no-progress", *paths)
    assert done.returncode == 0, done.stdout


def test_the_templates_are_what_the_site_reads():
    for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"):
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert path.stem == "config" or {"name", "description", "body"} <= set(form), path


def test_binder_reads_the_environment():
    done = run(BIN / "jupyter-repo2docker", "--no-build", "--debug", ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout + done.stderr
    assert "environment.yml" in said and "3.12" in said


def test_a_wheel_brings_the_notebooks_and_start_writes_them(tmp_path):
    done = run(
        *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", tmp_path, "--quiet"),
        ROOT,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    wanted = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert sorted(Path(name).name for name in names if name.endswith(".ipynb")) == wanted
    venv.create(tmp_path / "venv", with_pip=False)
    (python,) = (tmp_path / "venv").glob("*/python")
    command = (sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", wheel)
    assert run(*command).returncode == 0
    done = run(python, "-I", "-m", "course_tools", "start", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "mine" / "notebooks").iterdir()) == wanted
