"""Which checkpoint each lesson loads: an embedded folder, or the hub original it stands in for."""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course_utils import download, hub, registry, weights
from course_utils.errors import CourseError

EMBEDDED = Path(__file__).parent / "embedded"


class CheckpointError(CourseError):
    """A model name that cannot be used here, and what to do about it."""


@dataclass(frozen=True)
class Checkpoint:
    """One task of the course.

    Attributes:
        task: the hub's pipeline tag, and the name of the embedded folder.
        auto_class: name of the Auto class that loads it with its head.
        hub_id: the full-size original on the hub, by its current id.
        hub_megabytes: size of the original's weights file, in MB (10**6 bytes).
        revision: first digits of the commit that transformers' own pipelines have pinned for the
            original; None where they pin none: `make test-hub` prints what `main` is.
    """

    task: str
    auto_class: str
    hub_id: str
    hub_megabytes: int
    revision: str | None = None

    @property
    def folder(self) -> Path:
        """The embedded checkpoint, in the hub's own file layout.

        A notebook that was uploaded alone has no embedded checkpoints; there it is the original,
        downloaded into the hub's cache when it is first asked for.
        """
        embedded = EMBEDDED / self.task
        return embedded if embedded.is_dir() else _original(self.hub_id, self.revision)


@cache
def _original(hub_id: str, revision: str | None) -> Path:
    return download.fetch(hub_id, lambda model_type: None, revision)


CHECKPOINTS = {
    entry.task: entry
    for entry in (
        Checkpoint(
            "text-generation", "AutoModelForCausalLM", "openai-community/gpt2", 548, "607a30d"
        ),
        Checkpoint("fill-mask", "AutoModelForMaskedLM", "google-bert/bert-base-uncased", 440),
        Checkpoint("translation", "AutoModelForSeq2SeqLM", "Helsinki-NLP/opus-mt-en-de", 298),
        Checkpoint(
            "question-answering",
            "AutoModelForQuestionAnswering",
            "distilbert/distilbert-base-uncased-distilled-squad",
            265,
        ),
        Checkpoint(
            "token-classification",
            "AutoModelForTokenClassification",
            "dbmdz/bert-large-cased-finetuned-conll03-english",
            1334,
            "4c53496",
        ),
        Checkpoint(
            "text-classification",
            "AutoModelForSequenceClassification",
            "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
            268,
            "714eb0f",
        ),
        Checkpoint("feature-extraction", "AutoModel", "google-bert/bert-base-uncased", 440),
    )
}

# The Auto classes that the course is about, in the order of its lessons.
SEVEN = tuple(dict.fromkeys(entry.auto_class for entry in CHECKPOINTS.values()))


def checkpoint(task: str) -> str:
    """The model name a lesson uses for a task: what `from_pretrained` takes.

    The embedded folder, or the hub id when the environment says ``COURSE_CHECKPOINTS=hub``.

    Raises:
        CheckpointError: unknown task, or a value of COURSE_CHECKPOINTS that means nothing.
    """
    if task not in CHECKPOINTS:
        raise CheckpointError(
            f"There is no task {task!r} in this course: choose one of {', '.join(CHECKPOINTS)}."
        )
    source = os.environ.get("COURSE_CHECKPOINTS", "embedded")
    if source not in ("embedded", "hub"):
        raise CheckpointError(
            f"COURSE_CHECKPOINTS is {source!r}: set it to 'embedded' or 'hub' and restart."
        )
    entry = CHECKPOINTS[task]
    return entry.hub_id if source == "hub" else str(entry.folder)


def announce(model_name: str, auto_class: type) -> None:
    """Say what `auto_class.from_pretrained(model_name)` is going to load, in a line or two.

    Reads `config.json` and the header of the weights file, not the weights. A hub id is brought
    into the cache first, its size said before anything is downloaded (see `download.fetch`).

    Args:
        model_name: folder or hub id, as for `from_pretrained`.
        auto_class: the Auto class the lesson is about to use, such as `AutoModelForMaskedLM`.

    Raises:
        CheckpointError: the folder is missing or incomplete, or the class has no head for this
            model type.
        WeightsError: its weights are damaged.
        HubError: the hub cannot give it, or a hub id is asked for while the course is offline.
    """
    folder = Path(model_name)
    if folder.is_dir():
        _announce_folder(folder, folder.name, auto_class, "nothing to download")
        return
    if not hub.may_be_id(model_name):
        raise CheckpointError(
            f"There is no folder {model_name!r}: correct model_name, or use checkpoint(task)."
        )
    known = {entry.hub_id: entry.revision for entry in CHECKPOINTS.values()}

    def check(model_type: str) -> None:
        _concrete_class(model_name, model_type, auto_class)

    folder = download.fetch(model_name, check, known.get(model_name))
    _announce_folder(folder, model_name, auto_class, f"revision {folder.name[:7]}")


def _announce_folder(folder: Path, name: str, auto_class: type, remark: str) -> None:
    config = read_config(folder)
    model_type = config.get("model_type")
    if not model_type:
        raise CheckpointError(
            f"config.json in {name!r} has no model_type, so no Auto class can tell what it "
            'is: add the key (for example "model_type": "bert") or use another checkpoint.'
        )
    concrete = _concrete_class(name, model_type, auto_class)
    if not any((folder / file).exists() for file in hub.WEIGHT_FILES):
        raise CheckpointError(
            f"{name!r} has a config.json but no weights ({hub.WEIGHT_FILES[0]}): copy the file "
            "again, or use another checkpoint."
        )
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) / 1e6
    file = folder / hub.WEIGHT_FILES[0]
    count = f"{weights.count_parameters(file):,} numbers, " * file.exists()
    print(f"{name}: {concrete} ({model_type}), {count}{size:.1f} MB, {remark}")


def _concrete_class(name: str, model_type: str, auto_class: type) -> str:
    accepted = registry.concrete_classes(model_type)
    if not accepted:
        raise CheckpointError(
            f"model_type {model_type!r} is unknown to the installed transformers: correct "
            "config.json, or update transformers."
        )
    if auto_class.__name__ not in accepted:
        raise CheckpointError(
            f"{name!r} is a {model_type!r} checkpoint, which {auto_class.__name__} does not "
            f"take: use one of {', '.join(accepted)}, or another checkpoint."
        )
    return accepted[auto_class.__name__]


def read_config(folder: str | Path) -> dict:
    """`config.json` of a checkpoint, as plain Python.

    Args:
        folder: the checkpoint's folder, or the hub id of one of the course's originals, of which
            only this file is downloaded.

    Raises:
        CheckpointError: the file is missing or is not JSON.
        HubError: the hub cannot be asked about a hub id.
    """
    if folder in {entry.hub_id for entry in CHECKPOINTS.values()}:
        folder = hub.cached(folder) or _config_folder(folder)
    path = Path(folder) / "config.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CheckpointError(
            f"{path.parent.name!r} has no config.json, so it is no checkpoint: correct model_name."
        ) from None
    except ValueError as error:
        raise CheckpointError(
            f"{path.parent.name}/config.json is not valid JSON ({error})."
        ) from None


def _config_folder(hub_id: str) -> Path:
    from huggingface_hub import hf_hub_download

    hub.go_online(hub_id)
    return Path(hub.ask(hub_id, lambda: hf_hub_download(hub_id, "config.json"))).parent
