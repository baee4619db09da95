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
import zlib
from pathlib import Path

ARCHIVE_STEM = "course_checkpoints"
ARCHIVE = f"{ARCHIVE_STEM}.zip"
TASKS = (  # the folders in it: those of checkpoints.py, which cannot be imported yet
    "text-generation",
    "fill-mask",
    "translation",
    "question-answering",
    "token-classification",
    "text-classification",
    "feature-extraction",
)
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
        uses: task → hub id and MB of each checkpoint that the lesson loads.

    Raises:
        StartError: Python is too old, a package is missing and cannot be installed, or the file
            with the checkpoints is damaged.
    """
    if "course_utils" in sys.modules:
        print("The course is in this kernel already; to begin anew, restart the kernel.")
        return
    _check_python()
    _install_missing()
    folder = Path(__file__).with_name("course_utils") / "embedded"
    found = _bring_checkpoints(folder)
    lacking = [task for task in uses if not (folder / task / "config.json").is_file()]
    print(f"{platform_name()}.", end=" ")
    if found and lacking:
        print(f"{found} lacks {', '.join(lacking)}.", end=" ")
    # The learner may have chosen; else what is at hand goes before what must be downloaded.
    at_hand = "embedded" if found and not lacking else "hub"
    if os.environ.setdefault("COURSE_CHECKPOINTS", at_hand) == "hub":
        sizes = ", ".join(dict.fromkeys(f"{name} {size} MB" for name, size in uses.values()))
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
    """Fill the package's folder of checkpoints from zip files, or their contents, found nearby.

    Returns:
        Name of the file or folder they came from, or None.
    """
    damaged = None
    for place in PLACES:
        root, _, deep = place.partition("**")
        for inside in ("**/",) if deep or place.endswith("**") else ("", "*/"):
            # A browser that saves a file again calls it "course_checkpoints (1).zip".
            for archive in sorted(Path(root).glob(f"{inside}{ARCHIVE_STEM}*.zip")):
                try:
                    if _unpack(archive, folder):
                        return archive.name
                    damaged = f"{archive.name} holds no checkpoint of the course"
                except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, zlib.error) as error:
                    shutil.rmtree(folder, ignore_errors=True)
                    damaged = f"{archive.name} is damaged or not yet completely uploaded ({error})"
            # Kaggle unpacks a zip file that is uploaded as a data set, and so do some browsers.
            found = None
            for task in TASKS:
                for config in sorted(Path(root).glob(f"{inside}{task}/config.json")):
                    shutil.copytree(config.parent, folder / task, dirs_exist_ok=True)
                    found = config.parents[1].resolve().name
            if found:
                return found
    choice = os.environ.get("COURSE_CHECKPOINTS")
    if damaged and choice != "hub":
        raise StartError(
            f"{damaged}: upload {ARCHIVE} again, or remove it to use the hub, and run this cell "
            "again."
        )
    if choice == "embedded":
        raise StartError(f"COURSE_CHECKPOINTS is 'embedded', but there is no {ARCHIVE} here.")
    return None


def _unpack(archive, folder):
    """Take the checkpoints out of a zip file, however deep in it they are; say whether any are."""
    found = False
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            *above, task, file = ["", "", *name.replace("\\", "/").split("/")]
            # Zipped anew, they may be one folder down; a Mac adds a shadow of each file.
            if task in TASKS and file and "__MACOSX" not in above and not file.startswith("._"):
                (folder / task).mkdir(parents=True, exist_ok=True)
                (folder / task / file).write_bytes(files.read(name))
                found = True
    return found
