"""The first line of every notebook: what this kernel runs on, and what is missing."""

import importlib.metadata
import importlib.util
import platform
import sys

from packaging.version import Version

from course_models.errors import CourseError
from course_models.hub import wants_offline

LOWEST_TRANSFORMERS = Version("5.0.0")
NEEDED = ("torch", "transformers", "sentencepiece", "pandas")


def check_environment() -> None:
    """Print one line about this kernel (Python, torch, transformers, where checkpoints come from).

    Raises:
        CourseError: a package is missing, transformers is older than 5.0, or huggingface_hub was
            imported before course_utils, so that the offline switch came too late.
    """
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
    offline = wants_offline()
    constants = sys.modules.get("huggingface_hub.constants")
    if offline and constants is not None and not constants.HF_HUB_OFFLINE:
        raise CourseError(
            "huggingface_hub was imported before course_utils, so it would go online: restart the "
            "kernel and run this cell first."
        )
    print(
        f"Python {platform.python_version()} · torch {versions['torch']} · "
        f"transformers {versions['transformers']} · "
        + ("offline, embedded checkpoints" if offline else "online, checkpoints from the hub")
    )
