"""The catalogues in translations/: English beside Chinese, in gettext's format.

A message keeps its translation while its English stays. Where the English has changed, the
translation is kept as a suggestion, marked `fuzzy`, with the English that it was made for.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import PoFileError, escape, normalize, read_po, unescape

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

EARLIER = "| msgid "  # how Babel gives the English that a fuzzy translation was made for


def read(path: Path) -> Catalog:
    """A catalogue; an empty one if the file is not there.

    Raises:
        CourseError: it is not in gettext's format; the message names the line.
    """
    if not path.exists():
        return Catalog()
    try:
        with path.open("rb") as opened:
            found = read_po(opened, abort_invalid=True)
    except PoFileError as error:
        raise CourseError(f"{path.name}, line {error.lineno}: {error}.") from None
    for message in found:
        earlier = [line for line in message.user_comments if line.startswith(EARLIER)]
        message.user_comments = [c for c in message.user_comments if c[:1] != "|"]
        message.previous_id = [unescape(line.removeprefix(EARLIER)) for line in earlier]
    return found


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
    # Not Babel's own writer, which breaks the lines of an earlier English anywhere.
    entries = [_lines(message) for message in catalogue if message.id]
    entries += [["#~ " + line for line in _texts(m)] for m in catalogue.obsolete.values()]
    return HEADER + "\n\n".join("\n".join(lines) for lines in entries) + "\n"


def _lines(message: Entry) -> list[str]:
    lines = [f"# {comment}" for comment in message.user_comments]
    if message.locations:
        lines.append("#: " + " ".join(place for place, _ in message.locations))
    if message.fuzzy:
        before = "".join(message.previous_id)
        # In one line, since Babel, which takes it for comments, drops those that occur twice.
        lines += ["#, fuzzy", f"#{EARLIER}{escape(before)}"]
    return lines + _texts(message)


def _texts(message: Entry) -> list[str]:
    texts = {"msgctxt": message.context, "msgid": message.id, "msgstr": message.string}
    return [line for keyword, text in texts.items() for line in _said(keyword, text or "")]


def _said(keyword: str, text: str) -> list[str]:
    return f"{keyword} {normalize(text, width=0)}".splitlines()
