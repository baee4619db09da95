"""What the first cell of an uploaded notebook calls, on Colab, on Kaggle or anywhere else.

`make upload` packs this module beside `course_utils`, so it imports the standard library only:
neither `course_utils` nor anything it needs may be there yet.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ARCHIVE = "course_checkpoints.zip"
PLATFORMS_OWN = ("torch", "numpy", "transformers")  # used as they are, never replaced
WANTED = ("sentencepiece", "sacremoses", "pandas", "matplotlib", "ipywidgets", "filelock")
PLACES = (".", "/content", "/kaggle/input/**")


class StartError(Exception):
    """Why the course cannot start here, and what to do about it."""

    def _render_traceback_(self):
        return [f"{type(self).__name__}: {self}"]  # one sentence, no stack (IPython's hook)


def platform_name():
    """Where this kernel runs: "Colab", "Kaggle" or "Jupyter"."""
    if "google.colab" in sys.modules or "COLAB_RELEASE_TAG" in os.environ:
        return "Colab"
    return "Kaggle" if "KAGGLE_KERNEL_RUN_TYPE" in os.environ else "Jupyter"


def start(uses):
    """Get this kernel ready for a lesson, and say where its checkpoints will come from.

    Args:
        uses: hub id → MB of each checkpoint that the lesson loads.

    Raises:
        StartError: Python is too old, a package is missing and cannot be installed, or the file
            with the checkpoints is damaged.
    """
    if "course_utils" in sys.modules:
        print("The course is in this kernel already; to begin anew, restart the kernel.")
        return
    _check_python()
    _install_missing()
    found = _bring_checkpoints(Path(__file__).with_name("course_utils") / "embedded")
    # The learner may have chosen; else what is at hand goes before what must be downloaded.
    source = os.environ.setdefault("COURSE_CHECKPOINTS", "embedded" if found else "hub")
    print(f"{platform_name()}.", end=" ")
    if source == "hub":
        sizes = ", ".join(f"{name} {megabytes} MB" for name, megabytes in uses.items())
        print(
            f"Checkpoints come from the hub, each when a cell first needs it: {sizes}. To do "
            f"without downloads, put {ARCHIVE} beside this notebook and restart the kernel."
        )
    else:
        print(f"Checkpoints come from {found}: nothing will be downloaded.")


def _check_python():
    if sys.version_info < (3, 11):  # noqa: UP036 (it runs where nobody asked pyproject.toml)
        raise StartError(
            f"This course needs Python 3.11 or newer, and this is {platform.python_version()}: "
            "choose a newer image."
        )


def _absent(names):
    return [name for name in names if importlib.util.find_spec(name) is None]


def _install_missing():
    if absent := _absent(PLATFORMS_OWN):
        raise StartError(
            f"{', '.join(absent)} is not installed here: run `pip install {' '.join(absent)}`, "
            "then restart the kernel."
        )
    if absent := _absent(WANTED):
        print(f"Installing {', '.join(absent)} …")
        # Without dependencies, since one of them could replace the platform's torch or numpy.
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        bounded = ["--retries", "1", "--timeout", "10", "--disable-pip-version-check"]
        subprocess.run([*pip, *bounded, *absent], capture_output=True)
        importlib.invalidate_caches()
    if absent := _absent(WANTED):
        raise StartError(
            f"{', '.join(absent)} could not be installed: is the network on? (On Kaggle it is "
            "switched on in the notebook's settings.) Then run this cell again."
        )


def _bring_checkpoints(folder):
    """Fill the package's folder of checkpoints from a zip file, or its contents, found nearby."""
    for place in PLACES:
        root, _, deep = place.partition("**")
        inside = "**/" if deep or place.endswith("**") else ""
        for archive in sorted(Path(root).glob(inside + ARCHIVE)):
            try:
                zipfile.ZipFile(archive).extractall(folder)
            except (zipfile.BadZipFile, EOFError) as error:
                raise StartError(
                    f"{ARCHIVE} is damaged or not yet completely uploaded ({error}): upload it "
                    "again, then run this cell again."
                ) from None
            return archive.name
        # Kaggle unpacks a zip file that is uploaded as a data set.
        for config in sorted(Path(root).glob(inside + "fill-mask/config.json")):
            shutil.copytree(config.parents[1], folder, dirs_exist_ok=True)
            return config.parents[1].name
    return None
