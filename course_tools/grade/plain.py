"""Results as JSON, so that nothing of a student's code comes along: what a kernel may say.

Values become JSON as they are or as a list [kind, …]; what has no plain form becomes its type and
text, which equals nothing. Reading it back trusts nothing: it never runs code, and raises
ValueError for what `encode` cannot have written.
"""

import base64
import builtins
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from course_utils import answers

LONGEST = 200_000  # characters of one exercise's results
DEEPEST = 20
_TYPES = {str(t): t for t in (torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32)}
_TYPES |= {str(t): t for t in (torch.int64, torch.float16, torch.bfloat16, torch.float32)}
_TYPES[str(torch.float64)] = torch.float64
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
    if len(text) <= LONGEST:
        return text
    return json.dumps(
        ["other", type(value).__name__, f"a {type(value).__name__} too large to compare"]
    )


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if value is None or isinstance(value, bool):
        return value
    if value is ...:
        return ["blank"]
    # The plain types' own methods: a subclass could say anything.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__add__(value, 0)
    if isinstance(value, float):
        number = float.__add__(value, 0.0)
        return number if math.isfinite(number) else ["float", repr(number)]
    if isinstance(value, np.generic):
        return ["numpy", str(value.dtype), value.item()]
    if isinstance(value, torch.Tensor | np.ndarray):
        tensor = torch.as_tensor(value).detach().cpu().contiguous()
        if tensor.numel() * tensor.element_size() > LONGEST // 2:
            return ["other", "Tensor", f"a tensor of shape {tuple(tensor.shape)}"]
        data = tensor.flatten().view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
        kind = "tensor" if isinstance(value, torch.Tensor) else "array"
        return [kind, str(tensor.dtype), list(tensor.shape), base64.b64encode(data).decode()]
    for name, kind in (("list", list), ("tuple", tuple), ("set", set), ("set", frozenset)):
        if isinstance(value, kind):
            return [name, [_plain(item, depth + 1) for item in kind.__iter__(value)]]
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
    if not isinstance(plain, list):
        if isinstance(plain, dict):
            raise ValueError("no plain result")
        return plain
    kind, *rest = plain
    match kind, rest:
        case "blank", []:
            return ...
        case "float", [str(text)]:
            return float(text)
        case "numpy", [str(name), number]:
            return np.dtype(name).type(number)
        case (("tensor" | "array"), [str(name), list(shape), str(data)]):
            flat = torch.frombuffer(
                bytearray(base64.b64decode(data)) or bytearray(8), dtype=_TYPES[name]
            )
            tensor = flat[: len(flat) if data else 0].reshape([int(size) for size in shape])
            return tensor if kind == "tensor" else tensor.numpy()
        case "list", [list(items)]:
            return [_value(item) for item in items]
        case "tuple", [list(items)]:
            return tuple(_value(item) for item in items)
        case "set", [list(items)]:
            return {_value(item) for item in items}
        case "dict", [list(pairs)]:
            return {_value(key): _value(value) for key, value in pairs}
        case "other", [str(name), str(text)]:
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
