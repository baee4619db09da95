"""Whether a model name and an Auto class can be meant, before a folder is looked into."""

import os
import re
from pathlib import Path
from typing import Any

from course_models import hub, registry
from course_models.findings import Finding, Kind
from course_models.language import tr


def wrong_arguments(name: Any, auto_class: Any) -> Finding | None:
    """Why `auto_class.from_pretrained(name)` cannot be meant, before a folder is looked into."""
    if isinstance(name, type) and isinstance(auto_class, (str, os.PathLike)):
        return Finding(Kind.SWAPPED)
    if not isinstance(name, (str, os.PathLike)):
        return Finding(Kind.NOT_A_NAME, {"given": "None" if name is None else type(name).__name__})
    if isinstance(auto_class, str):
        return Finding(Kind.CLASS_AS_TEXT, {"given": auto_class})
    if not hasattr(auto_class, "_model_mapping") or not isinstance(auto_class, type):
        called = getattr(auto_class, "__name__", None) or type(auto_class).__name__
        fitting = [n for n, c in registry.auto_classes().items() if called in _results(c)]
        facts = {"given": called, "classes": tr(" or ").join(fitting)}
        return Finding(Kind.CONCRETE_CLASS if fitting else Kind.NO_MODEL_CLASS, facts)
    return _wrong_name(os.fspath(name))


def _results(auto_class: type) -> set[str]:
    return set(registry.model_types(auto_class).values())


def _wrong_name(name: str) -> Finding | None:
    if not name.strip():
        return Finding(Kind.NO_TEXT)
    path = Path(name)
    if path.is_dir():
        return None
    if path.is_file():
        kind = {".gguf": Kind.GGUF_FILE, ".zip": Kind.ARCHIVE, ".gz": Kind.ARCHIVE}
        facts = {"folder": str(path.parent), "file": path.name}
        return Finding(kind.get(path.suffix.lower(), Kind.FILE), facts)
    if found := re.match(
        r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(.+)|hf://(.+)", name
    ):
        words = (found[1] or found[2]).removeprefix("models/").split("/")
        if words[0] not in ("datasets", "spaces", "docs", "papers", "collections"):
            return Finding(Kind.WEB_ADDRESS, {"id": "/".join(words[:2]).split("?")[0]})
    if re.match(r"[a-z]+://|(?:www\.|huggingface\.co/|hf\.co/)", name, re.IGNORECASE):
        return Finding(Kind.OTHER_ADDRESS)
    if re.match(r"[A-Za-z]:|.*[\\\n\t\r\a\b\f\v]", name) and os.name != "nt":
        return Finding(Kind.WINDOWS_PATH)
    if name.startswith("~"):
        return Finding(Kind.HOME, {"folder": os.path.expanduser(name)})
    return None if hub.may_be_id(name) else Finding(Kind.NO_FOLDER)
