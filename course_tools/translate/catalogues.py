"""The catalogues in translations/: English beside Chinese, in gettext's format.

A message keeps its translation while its English stays. Where the English has changed, the
translation is kept as a suggestion, marked `fuzzy`, with the English that it was made for.
"""

import io
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from course_models.errors import CourseError
from course_tools.translate.messages import Message

# Poedit and its like ask for a header; one without dates is the same every time.
HEADER = """msgid ""
msgstr ""
"Language: zh_CN\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def read(path: Path) -> Catalog:
    """A catalogue; an empty one if the file is not there.

    Raises:
        CourseError: it is not in gettext's format; the message names the line.
    """
    if not path.exists():
        return Catalog()
    try:
        with path.open("rb") as opened:
            return read_po(opened, abort_invalid=True)
    except PoFileError as error:
        raise CourseError(f"{path.name}, line {error.lineno}: {error}.") from None


def merged(messages: Sequence[Message], old: Catalog) -> Catalog:
    """A catalogue of these messages, with the translations of an older one."""
    new = Catalog(fuzzy=False)
    before = {(m.context, m.id): m for m in [*old, *old.obsolete.values()] if m.id}
    places = defaultdict(dict)
    for message in messages:
        places[message.context, message.text][message.place] = None
    gone = Counter()
    changed = {}
    for (context, text), entry in before.items():
        if (context, text) not in places and entry.string:
            for place in [name for name, _ in entry.locations] or [""]:
                gone[context, place] += 1
                changed[context, place] = entry
    fresh = Counter(
        (context, place)
        for (context, text), found in places.items()
        if (context, text) not in before
        for place in found
    )
    for (context, text), found in places.items():
        same = before.get((context, text))
        alike = [(context, p) for p in found if gone[context, p] == fresh[context, p] == 1]
        entry = same or (changed[alike[0]] if alike else None)
        flags, previous = set(), ()
        if entry and (entry is not same or entry.fuzzy):
            flags, previous = {"fuzzy"}, tuple(entry.previous_id) or (entry.id,)
        new.add(
            text,
            entry.string if entry else "",
            locations=[(place, 0) for place in found if place],
            flags=flags,
            user_comments=entry.user_comments if entry else (),
            previous_id=previous if flags else (),
            context=context,
        )
    for (context, text), entry in before.items():  # an English that comes back has its Chinese
        if (context, text) not in places and entry.string:
            new.obsolete[context, text] = entry
    return new


def written(catalogue: Catalog) -> str:
    """A catalogue as text: a paragraph is one line, so that changes are easy to see."""
    content = io.BytesIO()
    options = {"include_previous": True, "include_lineno": False, "omit_header": True}
    write_po(content, catalogue, width=0, **options)
    return HEADER + content.getvalue().decode().strip() + "\n"
