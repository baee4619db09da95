"""Translate what the Chinese edition shows back into English, to compare the two editions."""

import re
from collections.abc import Iterable
from html import unescape

from course_tools.translate.code import FIELD

CHINESE = re.compile("[\u4e00-\u9fff]")
WIDE, NARROW = r"([^<>\n]+?)", r"([^<>\n(),=]+?)"
Pairs = list[tuple[str, str]]  # Chinese, English


def plain(text: str) -> str:
    """Without white space inside lines, and without what makes code of a name."""
    return re.sub(r"[^\S\n]|`|</?code>", "", unescape(text))


def pairs(translated: Iterable[tuple[str, str]]) -> Pairs:
    """English and Chinese texts in the order in which they have to be tried: the longest first."""
    found = {(plain(chinese), plain(english)) for english, chinese in translated}
    found = {pair for pair in found if CHINESE.search(pair[0])}
    return sorted(found, key=lambda pair: -len(FIELD.sub("", pair[0])))


def in_english(text: str, known: Pairs, field: str = WIDE) -> str:
    """A text that `plain` gave, with all translations in it put back.

    Args:
        text: as `plain` gave it.
        known: as `pairs` gave them.
        field: what may stand in a template's braces: WIDE, or NARROW where several stand in a row.
    """
    for chinese, english in known:
        fields = FIELD.findall(chinese)
        parts = FIELD.split(chinese)
        if not fields:
            text = text.replace(chinese, english)
        elif max(parts, key=len) in text:
            pattern = field.join(map(re.escape, parts))
            if chinese.endswith(fields[-1]):
                pattern += r"(?=[<\n]|$)"
            text = re.sub(pattern, lambda found, f=fields, e=english: _filled(e, f, found), text)
    return text


def _filled(english: str, fields: list[str], found: re.Match) -> str:
    values = dict(zip(fields, found.groups()))
    return FIELD.sub(lambda field: values[field[0]], english)
