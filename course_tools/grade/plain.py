"""Results as JSON, so that nothing of a student's code comes along: what a kernel may say.

Values become JSON as they are or as a list [kind, …]; what has no plain form becomes its type and
text, which equals nothing. Reading it back trusts nothing: it never runs code, and raises
ValueError for what `encode` cannot have written.
"""

import base64
import builtins
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from course_utils import answers

LONGEST = 200_000  # characters of one exercise's results
DEEPEST = 20
_NAMES = "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64".split()
_TYPES = {f"torch.{name}": getattr(torch, name) for name in _NAMES}
# Terminals and editors obey these: escape sequences, and signs that turn the direction of writing.
_INVISIBLE = re.compile(
    "\x1b\\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class Unknown:
    """A result that has no plain form; equal to nothing."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return False


def whole(text: str) -> str:
    """The text with halves of characters joined, or replaced where the other half is missing."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def legible(text: str) -> str:
    """The text as every file, page and terminal takes it."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", whole(text).replace("\r\n", "\n")))


def encode(value: Any) -> str:
    """Any value as JSON; one of more than LONGEST characters as its type alone."""
    try:
        text = json.dumps(_plain(value, 0))
    except Exception as error:  # whatever a class of the student's does when it is asked
        text = json.dumps(["other", type(value).__name__, f"(no plain value: {error!r:.100})"])
    name = type(value).__name__
    large = json.dumps(["other", name, f"a {name} too large to compare"])
    return text if len(text) <= LONGEST else large


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if value is ...:
        return ["blank"]
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, np.generic):
        return ["numpy", str(value.dtype), value.item()]
    if isinstance(value, torch.Tensor | np.ndarray):
        tensor = torch.as_tensor(value).detach().cpu().contiguous()
        if tensor.numel() * tensor.element_size() > LONGEST // 2:
            return ["other", "Tensor", f"a tensor of shape {tuple(tensor.shape)}"]
        data = tensor.flatten().view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
        kind = "tensor" if isinstance(value, torch.Tensor) else "array"
        return [kind, str(tensor.dtype), list(tensor.shape), base64.b64encode(data).decode()]
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):  # its own method: a subclass could go on for ever
            return [kind.__name__, [_plain(item, depth + 1) for item in kind.__iter__(value)]]
    if isinstance(value, Mapping):
        return ["dict", [[_plain(k, depth + 1), _plain(v, depth + 1)] for k, v in value.items()]]
    return ["other", type(value).__name__, repr(value)[:200]]


def decode(text: str) -> Any:
    """The value that `encode` was given.

    Raises:
        ValueError: the text is nothing that `encode` writes.
    """
    try:
        return _value(json.loads(text))
    except (LookupError, TypeError, RecursionError, RuntimeError, OverflowError) as error:
        raise ValueError(f"no plain result ({error})") from None


def _value(plain: Any) -> Any:
    match plain:
        case None | bool() | int() | float() | str():
            return plain
        case ["blank"]:
            return ...
        case ["numpy", str(name), number]:
            return np.dtype(name).type(number)
        case [("tensor" | "array") as kind, str(name), list(shape), str(data)]:
            raw = bytearray(base64.b64decode(data))
            flat = torch.frombuffer(raw or bytearray(8), dtype=_TYPES[name])
            tensor = flat[: len(flat) if data else 0].reshape([int(size) for size in shape])
            return tensor if kind == "tensor" else tensor.numpy()
        case [("list" | "tuple" | "set" | "frozenset") as kind, list(items)]:
            return getattr(builtins, kind)(map(_value, items))
        case ["dict", list(pairs)]:
            return {_value(key): _value(value) for key, value in pairs}
        case ["other", str(name), str(text)]:
            return type(name, (Unknown,), {})(text[:200])
    raise ValueError("no plain result")


def error_named(name: str, text: str) -> Exception:
    """An exception of the type that a kernel has named; a new type if we do not know it."""
    found = getattr(answers, name, None) or getattr(builtins, name, None)
    if not (isinstance(found, type) and issubclass(found, Exception)):
        found = type(name, (Exception,), {})
    error = found.__new__(found)  # some want more than words when they are made
    error.args = (text,)
    return error
