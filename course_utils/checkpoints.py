"""Which checkpoint each lesson loads: an embedded folder, or the hub original it stands in for."""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course_utils import registry, weights
from course_utils.messages import CourseError

EMBEDDED = Path(__file__).parent / "embedded"
WEIGHT_FILES = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")


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
    """

    task: str
    auto_class: str
    hub_id: str
    hub_megabytes: int

    @property
    def folder(self) -> Path:
        """The embedded checkpoint, in the hub's own file layout.

        A notebook that was uploaded alone has no embedded checkpoints; there it is the original,
        downloaded into the hub's cache when it is first asked for.
        """
        embedded = EMBEDDED / self.task
        return embedded if embedded.is_dir() else _original(self.hub_id)


CHECKPOINTS = {
    entry.task: entry
    for entry in (
        Checkpoint("text-generation", "AutoModelForCausalLM", "openai-community/gpt2", 548),
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
        ),
        Checkpoint(
            "text-classification",
            "AutoModelForSequenceClassification",
            "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
            268,
        ),
        Checkpoint("feature-extraction", "AutoModel", "google-bert/bert-base-uncased", 440),
    )
}


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


@cache
def _original(hub_id: str) -> Path:
    from huggingface_hub import list_repo_files, snapshot_download

    # A repository holds the same weights in several formats, of which one is enough.
    stored = [name for name in WEIGHT_FILES if name in list_repo_files(hub_id)]
    wanted = ["*.json", "*.txt", "*.spm", *stored[:1]]
    return Path(snapshot_download(hub_id, allow_patterns=wanted))


def announce(model_name: str, auto_class: type) -> None:
    """Say in one line what `auto_class.from_pretrained(model_name)` is going to load.

    Reads `config.json` and the header of the weights file, not the weights.

    Args:
        model_name: folder or hub id, as for `from_pretrained`.
        auto_class: the Auto class the lesson is about to use, such as `AutoModelForMaskedLM`.

    Raises:
        CheckpointError: the folder is missing or incomplete, its weights are damaged, the class has
            no head for this model type, or a hub id is asked for while the course is offline.
    """
    folder = Path(model_name)
    if folder.is_dir():
        _announce_folder(folder, auto_class)
        return
    hub_sizes = {entry.hub_id: entry.hub_megabytes for entry in CHECKPOINTS.values()}
    if folder.is_absolute() or model_name.startswith((".", "~")) or model_name.count("/") > 1:
        raise CheckpointError(
            f"There is no folder {model_name!r}: correct model_name, or use checkpoint(task)."
        )
    if os.environ.get("HF_HUB_OFFLINE", "0") == "1":
        raise CheckpointError(
            f"{model_name!r} is no folder here and the course runs offline: use checkpoint(task), "
            "or start Jupyter with COURSE_CHECKPOINTS=hub to load it from the hub."
        )
    size = f"{hub_sizes[model_name]} MB" if model_name in hub_sizes else "size unknown"
    print(f"{model_name} from the hub ({size}; downloaded once, then cached)")


def _announce_folder(folder: Path, auto_class: type) -> None:
    config = read_config(folder)
    model_type = config.get("model_type")
    if not model_type:
        raise CheckpointError(
            f"config.json in {folder.name!r} has no model_type, so no Auto class can tell what it "
            'is: add the key (for example "model_type": "bert") or use another checkpoint.'
        )
    accepted = registry.concrete_classes(model_type)
    if not accepted:
        raise CheckpointError(
            f"model_type {model_type!r} is unknown to the installed transformers: correct "
            "config.json, or update transformers."
        )
    if auto_class.__name__ not in accepted:
        raise CheckpointError(
            f"{folder.name!r} is a {model_type!r} checkpoint, which {auto_class.__name__} does not "
            f"take: use one of {', '.join(accepted)}, or another checkpoint."
        )
    if not any((folder / name).exists() for name in WEIGHT_FILES):
        raise CheckpointError(
            f"{folder.name!r} has a config.json but no weights ({WEIGHT_FILES[0]}): copy the file "
            "again, or use another checkpoint."
        )
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) / 1e6
    file = folder / WEIGHT_FILES[0]
    count = f"{weights.count_parameters(file):,} numbers, " * file.exists()
    print(
        f"{folder.name}: {accepted[auto_class.__name__]} ({model_type}), {count}{size:.1f} MB, "
        "nothing to download"
    )


def read_config(folder: str | Path) -> dict:
    """`config.json` of a checkpoint, as plain Python.

    Args:
        folder: the checkpoint's folder, or the hub id of one of the course's originals, of which
            only this file is downloaded.

    Raises:
        CheckpointError: the file is missing or is not JSON.
    """
    if folder in {entry.hub_id for entry in CHECKPOINTS.values()}:
        from huggingface_hub import hf_hub_download

        folder = Path(hf_hub_download(folder, "config.json")).parent
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
