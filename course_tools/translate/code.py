"""Find the words in a code cell that a learner reads, and put others in their place.

An f-string is a template: what stands in its braces is code and stays.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FIELD = re.compile(r"\{[^{}]*\}")
NOT_PYTHON = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)  # Jupyter's own lines
FOR_TOOLS = ("noqa", "type:", "%", "@")
COLUMNS = 100


@dataclass(frozen=True)
class Literal:
    """A string or a comment of a cell: where it stands, in characters, and what it says."""

    start: int
    end: int
    text: str
    kind: str  # "string", "template", "comment" or "choice": what `predict` offers


def literals(source: str) -> list[Literal]:
    """The strings and comments of a cell, in order."""
    python = NOT_PYTHON.sub("pass", source)
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return sorted(
        [*_strings(python, starts), *_comments(python, starts)], key=lambda one: one.start
    )


def _strings(python: str, starts: list[int]) -> Iterator[Literal]:
    lines = python.splitlines()

    def place(line: int, column: int) -> int:  # ast counts bytes
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    tree = ast.parse(python)
    asked = [n.args[1] for n in ast.walk(tree) if _calls_predict(n) and len(n.args) > 1]
    choices = {id(key) for table in asked for key in getattr(table, "keys", ())}

    def search(node: ast.AST) -> Iterator[Literal]:
        if isinstance(node, ast.JoinedStr):
            text, kind = "".join(map(_part, node.values)), "template"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text, kind = node.value, "choice" if id(node) in choices else "string"
        else:
            for child in ast.iter_child_nodes(node):
                yield from search(child)
            return
        start = place(node.lineno, node.col_offset)
        yield Literal(start, place(node.end_lineno, node.end_col_offset), text, kind)

    yield from search(tree)


def _calls_predict(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "predict"


def _part(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value
    sign = "" if node.conversion < 0 else f"!{chr(node.conversion)}"
    form = ":" + "".join(map(_part, node.format_spec.values)) if node.format_spec else ""
    return f"{{{ast.unparse(node.value)}{sign}{form}}}"


def _comments(python: str, starts: list[int]) -> Iterator[Literal]:
    for token in tokenize.generate_tokens(io.StringIO(python).readline):
        said = token.string.removeprefix("#").strip()
        if token.type == tokenize.COMMENT and said and not said.startswith(FOR_TOOLS):
            start = starts[token.start[0] - 1] + token.start[1]
            yield Literal(start, start + len(token.string), said, "comment")


def replaced(source: str, translation: Callable[[Literal], str | None]) -> str:
    """A cell with the translations of its strings and comments; what has none stays."""
    for found in reversed(literals(source)):
        words = translation(found)
        if words is not None and words != found.text:
            before = source[: found.start]
            column = found.start - before.rfind("\n") - 1
            old = source[found.start : found.end]
            source = before + _written(words, found.kind, old, column) + source[found.end :]
    return source


def _written(words: str, kind: str, old: str, column: int) -> str:
    if kind == "comment":
        return f"# {words}"
    if '"""' in old:
        return f'"""{words}"""'
    prefix = "f" if kind == "template" else ""
    # Where the English stands on several lines, in brackets, so may the Chinese.
    room = (COLUMNS - column - len(prefix) - 3) // 2 if "\n" in old else len(words)
    pieces = [words[i : i + room] for i in range(0, len(words), room)] or [""]
    if kind == "template" and len(pieces) > 1:
        pieces = [words]
    glue = "\n" + " " * column
    return glue.join(f'{prefix}"{_escaped(piece, kind)}"' for piece in pieces)


def _escaped(text: str, kind: str) -> str:
    def escape(part: str) -> str:
        return part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    if kind != "template":
        return escape(text)
    fields = FIELD.findall(text)
    return "".join(a + b for a, b in zip(map(escape, FIELD.split(text)), [*fields, ""]))
