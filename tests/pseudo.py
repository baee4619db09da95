"""An edition in a language that needs no translator: every text of ours stands in ⟦brackets⟧."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from course_tools.translate import messages
from course_tools.translate.edition import LOCALE, in_chinese
from executed import ROOT, SOURCES

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")


def mark(context: str, text: str) -> str | None:
    """The "translation" of a code cell's string."""
    if context != messages.CODE:
        return None
    return "zh" if text == "en" else f"⟦{text}⟧"


def execute(names: list[str], folder: Path) -> Path:
    """Run notebooks in the pseudo-language, with packages that speak it; where the copies are."""
    for package in ("course_utils", "course_lessons", "course_tools"):
        (folder / package).symlink_to(ROOT / package)
    shutil.copytree(
        ROOT / "course_models",
        folder / "course_models",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    said, paths = {}, []
    for name in names:
        notebook = nbformat.read(SOURCES / f"{name}.ipynb", as_version=4)
        paths.append(folder / f"{name}.ipynb")
        nbformat.write(in_chinese(notebook, name, mark), paths[-1])
        for message in (*messages.of_packages(), *messages.of_lesson(name[:2], notebook)):
            if message.context in messages.SPOKEN or message.place.startswith("answer-"):
                said[message.text] = f"⟦{message.text}⟧"
    catalogue = folder / "course_models" / "locale" / f"{LOCALE}.json"
    catalogue.write_text(json.dumps(said), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "course_tools", "run", "--jobs", "2", *map(str, paths)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build" / "executed"


def unmarked(text: str) -> str:
    """What stands outside of all brackets."""
    while MARKED.search(text):
        text = MARKED.sub("⟨⟩", text)
    return text


def english(text: str) -> str:
    return text.replace("⟦", "").replace("⟧", "")
