"""Make notebooks that stand alone, for Colab and Kaggle: each brings `course_utils` in a cell.

What is written: one notebook each with the learner modules in its first code cell, and
`course_checkpoints.zip` with the embedded checkpoints, which such a notebook uses if it finds it.
"""

import base64
import io
import json
import re
import textwrap
import zipfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

import course_lessons
from course_tools.publish import course_start
from course_utils.checkpoints import CHECKPOINTS, EMBEDDED

LESSONS = Path(course_lessons.__file__).parent
PACKAGES = [LESSONS.with_name(name) for name in ("course_models", "course_utils", "course_lessons")]
NOT_FOR_LEARNERS = ("embedded", "__pycache__")
EXPLANATION = """**This file stands alone.** Run the next cell first, and again after each restart
of the kernel: it unpacks the course's helpers, installs what is missing (torch and numpy stay as
they are) and says what the lesson will download, if anything."""
FIRST_CELL = '''# @title Run this first
# ARCHIVE is the course's own code as a zip file in base64; `make upload` made it.
# To read it: zipfile.ZipFile(io.BytesIO(base64.b64decode(ARCHIVE))).printdir()
import base64
import io
import sys
import tempfile
import zipfile

ARCHIVE = """
{archive}
"""
if "course_utils" not in sys.modules:
    course_folder = tempfile.TemporaryDirectory(prefix="automodel-course-")
    zipfile.ZipFile(io.BytesIO(base64.b64decode(ARCHIVE))).extractall(course_folder.name)
    sys.path.insert(0, course_folder.name)

import course_start

course_start.start({uses})'''
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "_kg_hide-input": True}
LINK = re.compile(r"\[([^\]]+)\]\((?!https?:|#)([^)]+\.ipynb)(?:#[^)]*)?\)")
DOWNLOADS = re.compile(r"^\*\*Downloads:\*\*.*$", re.MULTILINE)


def course_archive() -> bytes:
    """The learner modules and `course_start.py` as a zip file, the same bytes for the same code."""
    files = {"course_start.py": Path(course_start.__file__)}
    for package in PACKAGES:
        for path in sorted(package.rglob("*.py")):
            name = path.relative_to(package.parent)
            if not set(name.parts) & set(NOT_FOR_LEARNERS):
                files[name.as_posix()] = path
    return _zipped(files, zipfile.ZIP_DEFLATED)


def checkpoints_archive() -> bytes:
    """The embedded checkpoints as a zip file, with `fill-mask/config.json` and so on inside."""
    files = {
        path.relative_to(EMBEDDED).as_posix(): path
        for path in sorted(EMBEDDED.glob("*/*"))
        if path.is_file()
    }
    return _zipped(files, zipfile.ZIP_STORED)  # random-looking numbers do not get smaller


def _zipped(files: dict[str, Path], compression: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression, compresslevel=9) as archive:
        for name, path in files.items():
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), compression, 9)
    return content.getvalue()


def tasks_used(notebook: NotebookNode, number: str) -> list[str]:
    """The tasks whose checkpoints a notebook may load: in its cells and in what they call."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    if "CHECKPOINTS.items()" in code:
        return list(CHECKPOINTS)
    (folder,) = LESSONS.glob(f"lesson_{number}_*")
    modules = list(folder.glob("*.py"))
    if "capstone.folders()" in code:
        modules += LESSONS.glob("*capstone/*.py")
    text = "\n".join([code, *(path.read_text(encoding="utf-8") for path in modules)])
    return [task for task in CHECKPOINTS if f'"{task}"' in text]


def stand_alone(notebook: NotebookNode, number: str, archive: bytes) -> NotebookNode:
    """A copy of a notebook that needs no other file; `number` is its own, such as "04"."""
    alone = nbformat.from_dict(notebook)
    for cell in alone.cells:
        if cell.cell_type == "markdown":
            # The other notebooks are not beside this one.
            cell.source = LINK.sub(r"\1 (`\2`)", cell.source)
            cell.source = DOWNLOADS.sub("**Downloads:** see the first cell.", cell.source)
    entries = [CHECKPOINTS[task] for task in tasks_used(notebook, number)]
    uses = {entry.task: (entry.hub_id, entry.hub_megabytes) for entry in entries}
    text = "\n".join(textwrap.wrap(base64.b64encode(archive).decode(), 100))
    first = new_code_cell(
        FIRST_CELL.format(archive=text, uses=json.dumps(uses)), id="start-here", metadata=FOLDED
    )
    alone.cells[1:1] = [new_markdown_cell(EXPLANATION, id="stands-alone"), first]
    return alone


def write_notebooks(notebooks: list[Path], out: Path) -> list[Path]:
    """Write the stand-alone copies of notebooks into a folder; name them."""
    out.mkdir(parents=True, exist_ok=True)
    archive = course_archive()
    written = []
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        written.append(out / path.name)
        nbformat.write(stand_alone(notebook, path.name[:2], archive), written[-1])
    return written


def write_uploads(notebooks: list[Path], out: Path) -> list[Path]:
    """Write the stand-alone copies and the checkpoints' zip file into a folder; name them."""
    written = write_notebooks(notebooks, out)
    written.append(out / course_start.ARCHIVE)
    written[-1].write_bytes(checkpoints_archive())
    return written
