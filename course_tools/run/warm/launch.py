"""An ordinary kernel, which enters the grader's sandbox first if its environment asks for one.

Run as a script, by its path: nothing that lies in the working directory is imported before the
sandbox is entered.
"""

import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]  # the folder with the course's packages


def enter_sandbox() -> None:
    """Give up what the grader says in COURSE_SANDBOX (JSON), if the environment has it.

    Raises:
        Exception: whatever keeps the sandbox from being entered; no kernel must start then.
    """
    if "COURSE_SANDBOX" in os.environ:
        environment = dict(os.environ)
        sys.path.insert(0, str(ROOT))
        from course_tools.grade.sandbox import enter

        os.environ.clear()  # of what importing course_utils sets
        os.environ.update(environment)
        enter(json.loads(environment["COURSE_SANDBOX"]))
        forget_course()
        sys.path.remove(str(ROOT))


def forget_course() -> None:
    """Let the notebook import the course's packages itself, from where it finds it.

    Importing it sets environment variables, and the notebook may have a copy of its own.
    """
    for name in [name for name in sys.modules if name.startswith("course_")]:
        del sys.modules[name]


if __name__ == "__main__":
    # Python puts a script's folder into its path, and its modules are no top-level ones.
    if sys.path and Path(sys.path[0]).resolve() == HERE:
        del sys.path[0]
    enter_sandbox()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
