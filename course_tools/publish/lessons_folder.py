"""Write the notebooks into a learner's folder: what a user of the package gets to open."""

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from course_models.errors import CourseError

PACKAGE = "automodel-course"
HERE = Path(__file__).resolve().parents[2] / "notebooks"  # in the repository


def shipped_notebooks() -> list[Path]:
    """The course's notebooks, from the repository or from the installed package.

    Raises:
        CourseError: neither has them.
    """
    found = sorted(HERE.glob("[0-9]*.ipynb"))
    if not found:
        try:
            names = [name for name in files(PACKAGE) or () if name.suffix == ".ipynb"]
        except PackageNotFoundError:
            names = []
        found = sorted(Path(name.locate()).resolve() for name in names)
    if not found:
        raise CourseError(f"The notebooks are not here: install {PACKAGE} again.")
    return found


def write_lessons(folder: Path) -> tuple[list[Path], list[Path]]:
    """Copy the notebooks into a folder, but replace none: a learner may have worked in it.

    Returns:
        The files that were written, and those that were there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written, kept = [], []
    for notebook in shipped_notebooks():
        copy = folder / notebook.name
        if copy.exists():
            kept.append(copy)
        else:
            copy.write_bytes(notebook.read_bytes())
            written.append(copy)
    return written, kept
