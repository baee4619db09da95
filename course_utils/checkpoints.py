"""Which checkpoint each lesson loads: an embedded folder, or the hub original it stands in for."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from course_models import download, findings, folders, hub, model_fit, model_names
from course_models.errors import CourseError
from course_models.findings import Finding, Kind
from course_models.language import tr
from course_models.weights import WeightsError

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

    @cached_property
    def folder(self) -> Path:
        """The embedded checkpoint, in the hub's own file layout.

        A notebook that was uploaded alone has no embedded checkpoints; there it is the original,
        downloaded into the hub's cache when it is first asked for.
        """
        embedded = EMBEDDED / self.task
        return (
            embedded
            if embedded.is_dir()
            else download.fetch(self.hub_id, known_revision=self.revision)
        )


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
        Checkpoint("feature-extraction", "AutoModel", "sentence-transformers/all-MiniLM-L6-v2", 91),
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
            tr(
                "There is no task {task!r} in this course: choose one of {all}.",
                task=task,
                all=", ".join(CHECKPOINTS),
            )
        )
    source = os.environ.get("COURSE_CHECKPOINTS", "embedded")
    if source not in ("embedded", "hub"):
        raise CheckpointError(
            tr(
                "COURSE_CHECKPOINTS is {source!r}: set it to 'embedded' or 'hub' and restart.",
                source=source,
            )
        )
    entry = CHECKPOINTS[task]
    return entry.hub_id if source == "hub" else str(entry.folder)


def embedded(task: str) -> str:
    """The model name of a task's embedded checkpoint, in hub mode too: for what must not depend on
    the mode, such as a verdict."""
    return str(CHECKPOINTS[task].folder)


def announce(model_name: str, auto_class: type) -> None:
    """Say what `auto_class.from_pretrained(model_name)` is going to load, in a line or two.

    Reads `config.json` and the headers of the weights, not the weights. A hub id is brought into
    the cache first, its size said before anything is downloaded (see `download.fetch`).

    Args:
        model_name: folder or hub id, as for `from_pretrained`.
        auto_class: the Auto class the lesson is about to use, such as `AutoModelForMaskedLM`.

    Raises:
        CheckpointError: the arguments cannot be meant, the folder is missing or incomplete, or the
            class has no head for this model type.
        WeightsError: its weights are damaged.
        HubError: the hub cannot give it, or a hub id is asked for while the course is offline.
    """
    if isinstance(model_name, str) and model_name in CHECKPOINTS and not Path(model_name).is_dir():
        _refuse([Finding(Kind.TASK)], model_name)
    if problem := model_names.wrong_arguments(model_name, auto_class):
        _refuse([problem], model_name)
    name = os.fspath(model_name)
    folder, remark = Path(name), tr("nothing to download")
    if folder.is_dir():
        name = folder.name or folder.resolve().name
    else:

        def check(config: dict) -> None:
            if problem := model_fit.type_problem(config, auto_class):
                _refuse([problem], name)

        known = {entry.hub_id: entry.revision for entry in CHECKPOINTS.values()}
        folder = download.fetch(name, check, known.get(name))
        remark = tr("revision {digits}", digits=folder.name[:7])
    found = folders.look_into(folder, auto_class)
    _refuse([finding for finding in found.findings if not finding.is_remark], name)
    remarks = [findings.sentence(finding, name) for finding in found.findings]
    if base := next((f.facts["base"] for f in found.findings if "base" in f.facts), None):
        print(*remarks, sep="\n")
        return announce(base, auto_class)
    what = f"{found.concrete} ({found.model_type})" if found.concrete else found.model_type
    count = [tr("{count:,} numbers", count=found.numbers)] if found.numbers else []
    print(f"{name}: {what}", *count, f"{found.size / 1e6:.1f} MB", remark, sep=", ")
    for line in remarks:
        print(line)


def _refuse(problems: list[Finding], name: str) -> None:
    """Raise an error that says all problems, if there are any."""
    if not problems:
        return
    weights = (".safetensors", ".bin", ".index.json")
    damaged = [p for p in problems if str(p.facts.get("file")).endswith(weights)]
    damaged = [p for p in damaged if p.kind.name in findings.CONTENT.split()]
    damaged += [p for p in problems if p.kind == Kind.DAMAGED]
    error = WeightsError if damaged else CheckpointError
    raise error(" ".join(findings.sentence(problem, name) for problem in problems))


def read_config(folder: str | Path) -> dict:
    """`config.json` of a checkpoint, as plain Python.

    Args:
        folder: the checkpoint's folder, or a hub id, of which only this file is downloaded.

    Raises:
        CheckpointError: the file is missing or is not JSON.
        HubError: the hub cannot be asked about a hub id.
    """
    path = hub.locate(str(folder))
    if path is None and str(folder) in {entry.hub_id for entry in CHECKPOINTS.values()}:
        from huggingface_hub import hf_hub_download

        path = Path(hub.ask(folder, lambda: hf_hub_download(folder, "config.json"))).parent
    path = path or Path(folder)
    config = folders.read_config(path)
    if isinstance(config, Finding):
        _refuse([config], path.name)
    return config
