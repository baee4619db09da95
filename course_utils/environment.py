"""The first line of every notebook: what this kernel runs on, and what is missing."""

import gc
import importlib.metadata
import importlib.util
import os
import platform
import sys

from packaging.version import Version

from course_utils.errors import CourseError

LOWEST_TRANSFORMERS = Version("5.0.0")
# New objects between two searches for garbage, and searches between two that look at all objects:
# Python 3.11 has 700 and 10, and looking at all that torch and transformers make takes 0.2 s.
OBJECTS, SEARCHES = 50_000, 100
NEEDED = ("torch", "transformers", "sentencepiece", "pandas")


def check_environment() -> None:
    """Print one line about this kernel (Python, torch, transformers, where checkpoints come from).

    It also lets Python search for garbage less often: while torch and transformers are imported
    there is none, and the searches would take a sixth of that time.

    Raises:
        CourseError: a package is missing, transformers is older than 5.0, or huggingface_hub was
            imported before course_utils, so that the offline switch came too late.
    """
    gc.set_threshold(OBJECTS, SEARCHES)
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CourseError(
            f"{', '.join(missing)} is not installed here: run `pip install {' '.join(missing)}`, "
            "then restart the kernel."
        )
    versions = {name: importlib.metadata.version(name) for name in ("torch", "transformers")}
    if Version(versions["transformers"]) < LOWEST_TRANSFORMERS:
        raise CourseError(
            f"transformers {versions['transformers']} is too old for this course: run "
            f"`pip install 'transformers>={LOWEST_TRANSFORMERS}'`, then restart the kernel."
        )
    wants_offline = os.environ.get("HF_HUB_OFFLINE", "0").lower() in ("1", "true", "yes", "on")
    hub = sys.modules.get("huggingface_hub.constants")
    if wants_offline and hub is not None and not hub.HF_HUB_OFFLINE:
        raise CourseError(
            "huggingface_hub was imported before course_utils, so it would go online: restart the "
            "kernel and run this cell first."
        )
    print(
        f"Python {platform.python_version()} · torch {versions['torch']} · "
        f"transformers {versions['transformers']} · "
        + ("offline, embedded checkpoints" if wants_offline else "online, checkpoints from the hub")
    )
