"""Do the notebooks work for a school that runs nbgrader? Run by `make test-nbgrader`.

nbgrader gets an environment of its own in build/, and runs the course's kernel. It has to accept
a notebook as an assignment, to validate a right copy and no other, and to give it its points.
Usage: python tests/nbgrader_agrees.py [ENVIRONMENT-WITH-NBGRADER]
"""

import csv
import inspect
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import nbformat

from course_utils.exercises import find

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "nbgrader"
NOTEBOOK = "04_fill_mask"
EXERCISES = ("04-fill", "04-prefer", "04-mask-positions")
# The settings that the instructor guide gives; without the last one nbgrader empties answer cells.
CONFIG = """c = get_config()
c.CourseDirectory.root = {root!r}
c.ExecutePreprocessor.timeout = 300  # nbgrader takes 30 s for granted
c.ExecutePreprocessor.iopub_timeout = 60
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
]
"""


def main() -> None:
    environment = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "nbgrader-venv"
    if not (environment / "bin" / "nbgrader").exists():
        venv.create(environment, with_pip=True)
        run(environment, "python", "-m", "pip", "install", "--quiet", "nbgrader>=0.9")
    shutil.rmtree(WORK, ignore_errors=True)
    kernel = WORK / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "the course's", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    (WORK / "nbgrader_config.py").write_text(CONFIG.format(root=str(WORK)))
    source = WORK / "source" / "lesson"
    source.mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / f"{NOTEBOOK}.ipynb", source)
    run(environment, "nbgrader", "generate_assignment", "lesson")

    right = {name: inspect.getsource(find(name).reference) for name in EXERCISES}
    right["04-fill"] = "import torch\n\n\n" + right["04-fill"]
    wrong = right | {"04-prefer": "def prefer(text, first, *others):\n    return first"}
    expected = {"right": (right, 3), "wrong": (wrong, 2), "blank": ({}, 0)}
    for student, (answers, _) in expected.items():
        notebook = nbformat.read(WORK / "release" / "lesson" / f"{NOTEBOOK}.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.id.removeprefix("answer-"), cell.source)
        path = WORK / "submitted" / student / "lesson" / f"{NOTEBOOK}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
        said = run(environment, "nbgrader", "validate", str(path))
        passes = "Success" in said
        print(f"validate, {student} copy: {'passes' if passes else 'fails'}")
        assert passes == (student == "right"), said
    run(environment, "nbgrader", "autograde", "lesson")
    run(environment, "nbgrader", "export", "--to", "grades.csv")
    with open(WORK / "grades.csv", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    print(f"autograde: {scores}")
    assert scores == {student: points for student, (_, points) in expected.items()}, scores


def run(environment: Path, *command: str) -> str:
    """Run a program of an environment in WORK or, before that exists, here; return what it says."""
    programs = str(environment / "bin")
    variables = os.environ | {
        "PATH": programs + os.pathsep + os.environ["PATH"],
        "JUPYTER_PATH": str(WORK / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(WORK / "jupyter"),
        "COURSE_PROGRESS": str(WORK / "progress.json"),
    }
    done = subprocess.run(
        [str(environment / "bin" / command[0]), *command[1:]],
        cwd=WORK if WORK.is_dir() else ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode and command[1] != "validate":
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
