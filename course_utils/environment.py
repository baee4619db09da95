"""The first line of every notebook: what this kernel runs on, and what is missing."""

import importlib.metadata
import importlib.util
import platform
import sys

from packaging.version import Version

from course_models.errors import CourseError
from course_models.hub import wants_offline
from course_models.language import current, tr, use

LOWEST_TRANSFORMERS = Version("5.0.0")
NEEDED = ("torch", "transformers", "sentencepiece", "pandas")


def check_environment(language: str | None = None) -> None:
    """Print one line about this kernel (Python, torch, transformers, where checkpoints come from).

    Args:
        language: what the course speaks from now on, "en" or "zh"; None leaves it as it is.

    Raises:
        CourseError: there is no such language, a package is missing, transformers is older than
            5.0, or huggingface_hub was imported before course_utils, so that the offline switch
            came too late.
    """
    if language is not None:
        use(language)
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CourseError(
            tr(
                "{packages} is not installed here: run `pip install {names}`, then restart the "
                "kernel.",
                packages=", ".join(missing),
                names=" ".join(missing),
            )
        )
    versions = {name: importlib.metadata.version(name) for name in ("torch", "transformers")}
    if Version(versions["transformers"]) < LOWEST_TRANSFORMERS:
        raise CourseError(
            tr(
                "transformers {version} is too old for this course: run `pip install "
                "'transformers>={lowest}'`, then restart the kernel.",
                version=versions["transformers"],
                lowest=LOWEST_TRANSFORMERS,
            )
        )
    offline = wants_offline()
    constants = sys.modules.get("huggingface_hub.constants")
    if offline and constants is not None and not constants.HF_HUB_OFFLINE:
        raise CourseError(
            tr(
                "huggingface_hub was imported before course_utils, so it would go online: restart "
                "the kernel and run this cell first."
            )
        )
    if current() == "zh":
        import pandas

        pandas.set_option("display.unicode.east_asian_width", True)  # else columns do not line up
    print(
        f"Python {platform.python_version()} · torch {versions['torch']} · "
        f"transformers {versions['transformers']} · "
        + (
            tr("offline, embedded checkpoints")
            if offline
            else tr("online, checkpoints from the hub")
        )
    )
