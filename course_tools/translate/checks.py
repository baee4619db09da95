"""What a translation must keep of its English, whatever it says."""

import re
from collections import Counter

from course_tools.translate.code import FIELD
from course_tools.translate.messages import CODE, SPOKEN

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)
LINK = re.compile(r"\]\(([^)]+)\)")
HEADING = re.compile(r"^#+ ", re.MULTILINE)


def problems(context: str, english: str, chinese: str) -> list[str]:
    """What is lost or broken in a translation, in words; nothing if it is sound."""
    found = []
    if context in (*SPOKEN, CODE) or "{time}" in english:
        found += _lost("placeholder", FIELD.findall(english), FIELD.findall(chinese))
    if context == CODE:
        return found + (["more than one line"] if "\n" in chinese and "\n" not in english else [])
    fences = FENCE.findall(english), FENCE.findall(chinese)
    found += _lost("code block", *(["```python" in f for f in side] for side in fences))
    texts = FENCE.sub("", english), FENCE.sub("", chinese)
    found += _lost("code span", *({span for _, span in SPAN.findall(text)} for text in texts))
    prose = [SPAN.sub("", text) for text in texts]
    if "`" in prose[1]:
        found.append("a code span is not closed")
    if prose[1].count("**") % 2:
        found.append("a ** is not closed")
    found += _lost("link to", *(LINK.findall(text) for text in texts))
    if HEADING.findall(texts[0]) != HEADING.findall(texts[1]):
        found.append("headings differ")
    if _rows(texts[0]) != _rows(texts[1]):
        found.append("the table has other rows or columns")
    return found


def _lost(what: str, wanted, given) -> list[str]:
    lost, more = Counter(wanted) - Counter(given), Counter(given) - Counter(wanted)
    return [f"lost {what} {one}" for one in lost] + [f"unknown {what} {one}" for one in more]


def _rows(text: str) -> list[int]:
    return [line.count("|") for line in text.splitlines() if line.startswith("|")]
