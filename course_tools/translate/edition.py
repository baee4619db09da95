"""Write the Chinese edition from its catalogues: all of it in memory first, then what differs."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_models.errors import CourseError
from course_models.language import CATALOGUES, LOCALES
from course_tools.publish import handout, minutes
from course_tools.publish.badges import CELL as BADGES
from course_tools.translate import catalogues, messages
from course_tools.translate.checks import problems
from course_tools.translate.code import Literal, replaced
from course_tools.translate.messages import CODE, EXERCISE, HANDOUT, ROOT, SPOKEN, TRANSLATIONS
from course_utils.exercises import all_exercises

LOCALE = LOCALES["zh"]
PACKAGES = "course_utils"  # name of the catalogue of what no single lesson says
STALE = "（此处英文版已更新，译文待修订）"
Translate = Callable[[str, str], str | None]  # context, English → Chinese, or None


@dataclass
class Edition:
    """What is written.

    Attributes:
        files: path → text.
        missing: name of a catalogue → messages without a translation that is up to date.
    """

    files: dict[Path, str] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)


def make_edition() -> Edition:
    """The Chinese edition of the notebooks as they are now.

    Raises:
        CourseError: translations are broken; the message names each with what is lost.
    """
    edition, broken, spoken = Edition(), [], {}
    lessons = {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    }
    sources = {PACKAGES: messages.of_packages()}
    sources |= {name: messages.of_lesson(name[:2], notebook) for name, notebook in lessons.items()}
    made = {}
    for name, found in sources.items():
        path = TRANSLATIONS / LOCALE / f"{name}.po"
        made[name] = catalogues.merged(found, catalogues.read(path))
        edition.files[path] = catalogues.written(made[name])
        for entry in made[name]:
            if entry.id and entry.string and not entry.fuzzy:  # a suggestion may be of other words
                for problem in problems(entry.context, entry.id, entry.string):
                    broken.append(f"{path.name}: {_where(entry)}: {problem}")
        edition.missing[name] = [
            _where(entry) for entry in made[name] if entry.id and (entry.fuzzy or not entry.string)
        ]
        for text, shown in _spoken(made[name]):
            if spoken.setdefault(text, shown) != shown:
                broken.append(f"{path.name}: {text!r} is translated otherwise elsewhere")
    if broken:
        raise CourseError("\n".join([*broken, "Nothing was written: correct these translations."]))
    for name, notebook in lessons.items():
        shown = in_chinese(notebook, name, _from(made[name], made[PACKAGES]))
        path = ROOT / "notebooks" / "zh" / f"{name}.ipynb"
        edition.files[path] = nbformat.writes(shown) + "\n"
    text = json.dumps(spoken, ensure_ascii=False, indent=0, sort_keys=True)
    edition.files[CATALOGUES / f"{LOCALE}.json"] = text + "\n"
    return edition


def _where(entry) -> str:
    places = ", ".join(place for place, _ in entry.locations)
    return f"{entry.context} {places}".strip() + f" ({' '.join(entry.id.split())[:40]} …)"


def _spoken(catalogue: Catalog) -> Iterable[tuple[str, str]]:
    for entry in catalogue:
        in_stub = entry.context == CODE and any(p.startswith("answer-") for p, _ in entry.locations)
        if entry.id and entry.string and not entry.fuzzy and (entry.context in SPOKEN or in_stub):
            yield entry.id, entry.string


def _from(*known: Catalog) -> Translate:
    """Look texts up; what is out of date gives STALE."""

    def translate(context: str, text: str) -> str | None:
        entry = next(filter(None, (one.get(text, context) for one in known)), None)
        return (STALE if entry.fuzzy else entry.string) if entry and entry.string else None

    return translate


def in_chinese(notebook: NotebookNode, name: str, translate: Translate) -> NotebookNode:
    """A copy of a lesson in which cells, strings and comments are replaced by translations."""
    copy = nbformat.from_dict(notebook)
    copy.cells = [cell for cell in copy.cells if cell.id != BADGES]  # they open the English copies
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.source = replaced(cell.source, lambda one: _fresh(one, translate))
            continue
        words = _words(cell, translate)
        if words == STALE:
            head, blank, rest = cell.source.partition("\n\n")
            on_top = [head, STALE, rest] if head.startswith("#") else [STALE, cell.source]
            words = "\n\n".join(filter(None, on_top))
        cell.source = words or cell.source
    for path in sorted((TRANSLATIONS / LOCALE / "extra" / name).glob("zh-*")):
        _insert(copy, path)
    return copy


def _fresh(one: Literal, translate: Translate) -> str | None:
    words = translate(CODE, one.text) if messages.is_ours(one) else None
    return None if words == STALE else words


def _words(cell: NotebookNode, translate: Translate) -> str | None:
    if cell.id == "exercises":
        words, values = translate(HANDOUT, handout.INTRODUCTION), re.search(r'"(\S+)"', cell.source)
        return words.format(first=values[1]) if words else None
    if cell.id.startswith("ask-"):
        prompt = all_exercises()[cell.id.removeprefix("ask-")].prompt
        shown, form = translate(EXERCISE, prompt), translate(HANDOUT, handout.ASK)
        if not shown or not form or STALE in (shown, form):
            return shown and form and STALE
        number = re.search(r"\d+", cell.source)[0]
        return form.format(number=number, prompt=shown)
    words = translate(cell.id, messages.timeless(cell.source))
    if words and (time := minutes.LINE.search(cell.source)):
        reading, *more = re.findall(r"\d+", time[0])
        form = minutes.WITH_EXERCISES if more else minutes.TO_READ
        shown = translate(HANDOUT, form)
        shown = form if shown in (None, STALE) else shown
        line = shown.format(reading=reading, exercises="".join(more))
        words = words.replace("{time}", line)
    return words


def _insert(notebook: NotebookNode, path: Path) -> None:
    """Put a cell that only this edition has behind the one that its first line names."""
    first, _, text = path.read_text(encoding="utf-8").strip().partition("\n")
    after = first.strip("#<>-! ").removeprefix("after:").strip()
    ids = [cell.id for cell in notebook.cells]
    if after not in ids:
        raise CourseError(f"{path.name}: there is no cell {after!r} behind which it could stand.")
    make = new_code_cell if path.suffix == ".py" else new_markdown_cell
    notebook.cells.insert(ids.index(after) + 1, make(text.strip(), id=path.stem))


def write_edition() -> list[str]:
    """Bring the catalogues and the Chinese edition up to date; say what changed and is missing."""
    edition, said = make_edition(), []
    for path, text in edition.files.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            said.append(str(path.relative_to(ROOT)))
    for name, missing in edition.missing.items():
        if missing:
            said.append(f"{name}.po: {len(missing)} to translate, the first: {missing[0]}")
    return said
