"""Runs in the grader's kernel: call an answer on an exercise's inputs, and say what came of it.

There is nothing here that decides about a verdict: neither references nor a comparison.
"""

import contextlib
import json
import pickle
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from course_tools.grade.plain import encode
from course_utils import answers, exercises

MIME = "application/vnd.automodel-course.outcomes+json"
SHELL = ("bash", "sh", "script", "system", "sx", "!", "pip", "conda", "mamba", "micromamba", "uv")


class Outcomes(dict):
    """What a trial says, as the display of a cell's last line."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict:
        return {MIME: json.dumps(self)}


def begin(shell: Any) -> None:
    """Make a kernel ready for a student's cells.

    Shell lines are passed over, since they are for the student's own machine; so is a check, a
    hint or a solution that is asked for in an answer.
    """
    shell.system = shell.getoutput = lambda *_, **__: []
    for name in SHELL:
        shell.register_magic_function(lambda *_: None, "line_cell", name)
    for name in ("check", "hint", "solution", "progress"):
        setattr(exercises, name, lambda *_, **__: None)


def run(path: str, value: bool, answer: Callable[[], Any]) -> Outcomes:
    """Call an answer on every input of an exercise.

    Args:
        path: the file with the inputs, see `cases`.
        value: the exercise asks for a value, not for a function.
        answer: gives what the student's cell has defined; raises NameError if that is missing.
    """
    given = answer()
    if given is ... or callable(given) == value:
        return Outcomes(state="unfit", value=encode(given))
    function = (lambda: given) if value else given
    found = []
    for case in [()] if value else pickle.loads(Path(path).read_bytes()):
        with contextlib.redirect_stderr(StringIO()):  # what a model says while it is loaded
            outcome = answers.call(function, case)
        error = outcome.error and [type(outcome.error).__name__, str(outcome.error)[:2000]]
        more = {"error": error, "changed": outcome.changed, "printed": outcome.printed}
        found.append({"result": encode(outcome.result)} | more)
        if isinstance(outcome.error, answers.TooSlow):
            break  # it would be for each of the others
    return Outcomes(state="called", outcomes=found)
