"""What the cards are shown on: the embedded checkpoints, and folders with something wrong."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest import mock

import httpx

from course_lessons.lesson_11_error_clinic.card import SCRATCH
from course_utils.checkpoints import embedded

folder = embedded  # `folder("fill-mask")` is what a lesson calls `checkpoint("fill-mask")`


def make_folder(name: str, files: Mapping[str, str | dict]) -> str:
    """A scratch folder with these files: text as it is, a dictionary as JSON."""
    path = Path(SCRATCH.name, name)
    path.mkdir(exist_ok=True)
    for file, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (path / file).write_text(text, encoding="utf-8")
    return str(path)


@contextlib.contextmanager
def hub_answers(error: type[Exception], status: int) -> Iterator[None]:
    """Play one answer of the hub without a network; the library's own code reacts to it."""
    request = httpx.Request("HEAD", "https://huggingface.co")
    answer = error(f"{status} Client Error.", response=httpx.Response(status, request=request))
    offline = mock.patch("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # in hub mode too
    with offline, mock.patch("transformers.utils.hub.hf_hub_download", side_effect=answer):
        yield
