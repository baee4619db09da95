"""Say what the course says in the reader's language.

English stands in the code. `locale/zh_CN.json` says the same in Chinese; `python -m course_tools
translate` writes it. Ids, states and files are the same in both languages.
"""

import json
import os
import textwrap
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from course_models.errors import CourseError

LOCALES = {"en": "", "zh": "zh_CN"}  # what `check_environment` takes → name of the catalogue
CATALOGUES = Path(__file__).with_name("locale")
# In the environment, so that the programs that a kernel starts speak its language.
VARIABLE = "COURSE_LANGUAGE"


def current() -> str:
    """The language that is spoken: "en" or "zh"; English where the environment says neither."""
    chosen = os.environ.get(VARIABLE, "en")
    return chosen if chosen in LOCALES else "en"


def use(language: str) -> None:
    """Speak a language from now on.

    Raises:
        CourseError: the course does not speak it.
    """
    if language not in LOCALES:
        raise CourseError(
            f"The course does not speak {language!r}: choose one of {', '.join(LOCALES)}."
        )
    os.environ[VARIABLE] = language


@cache
def _catalogue(locale: str) -> dict[str, str]:
    try:
        return json.loads((CATALOGUES / f"{locale}.json").read_text(encoding="utf-8"))
    except OSError:  # English, or an upload of the English edition, which does without
        return {}


def tr(text: str, /, **values: Any) -> str:
    """A text of the course in the language that is spoken; English where nobody translated it.

    Args:
        text: in English; with values, a template as for `str.format`.
        values: what stands in the template's braces.
    """
    shown = _catalogue(LOCALES[current()]).get(text, text)
    return shown.format(**values) if values else shown


@cache
def _back() -> dict[str, str]:
    return {shown: text for text, shown in _catalogue(LOCALES["zh"]).items()}


def english(text: Any) -> Any:
    """What a translated text of the course is in English; anything else as it is."""
    return _back().get(text, text) if isinstance(text, str) else text


def width(text: str) -> int:
    """How many columns a text takes in a monospaced font: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def shorten(text: str, columns: int) -> str:
    """A text in one line and at most so many columns, cut between words where it has any."""
    text = " ".join(text.split())
    if width(text) == len(text):
        return textwrap.shorten(text, columns)
    if width(text) <= columns:
        return text
    while width(text) > columns - 5:
        text = text[:-1]
    return f"{text}[...]"
