"""What can be found where a checkpoint should be: codes, and a sentence for each."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from course_models.language import tr

ARGUMENTS = (
    "SWAPPED NOT_A_NAME CLASS_AS_TEXT CONCRETE_CLASS NO_MODEL_CLASS NO_TEXT TASK WEB_ADDRESS "
    "OTHER_ADDRESS WINDOWS_PATH HOME GGUF_FILE ARCHIVE FILE NO_FOLDER"
)
FOLDER = "EMPTY_FOLDER HUB_CACHE EMPTY_HUB_CACHE TRAINING NESTED PIPELINE NO_CONFIG"
CONTENT = "POINTER WEB_PAGE EMPTY_FILE UNREADABLE BYTE_ORDER_MARK NOT_JSON"
CONFIG = "NO_TYPE OWN_CODE UNKNOWN_TYPE NO_HEAD BAD_CONFIG NEEDS_PACKAGE QUANTIZED"
WEIGHTS = (
    "GGUF ADAPTER OTHER_FORMAT NO_INDEX VARIANT OTHER_NAME NO_WEIGHTS MISSING_FILES DAMAGED "
    "OTHER_SIZES"
)
# These do not keep the Auto class from loading the model.
REMARKS = "ADAPTER_WITH_PEFT QUANTIZED_READY BAD_SMALL_FILE"
Kind = Enum("Kind", " ".join((ARGUMENTS, FOLDER, CONTENT, CONFIG, WEIGHTS, REMARKS)))


@dataclass(frozen=True)
class Finding:
    """A code, and the facts that its sentence needs."""

    kind: Kind
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_remark(self) -> bool:
        return self.kind.name in REMARKS.split()


SENTENCES = {
    Kind.SWAPPED: "The arguments are swapped: write announce(model_name, auto_class).",
    Kind.NOT_A_NAME: (
        "model_name is {given}, not text: give a folder or a hub id, or checkpoint(task)."
    ),
    Kind.CLASS_AS_TEXT: (
        "The Auto class is given as text, {given!r}: import it from transformers and leave the "
        "quotation marks out."
    ),
    Kind.CONCRETE_CLASS: (
        "{given} is no Auto class, but the class of one kind of model: give {classes}, which finds "
        "it by itself."
    ),
    Kind.NO_MODEL_CLASS: (
        "{given} is no Auto class for models: give the one that loads the model, such as "
        "AutoModelForMaskedLM."
    ),
    Kind.NO_TEXT: "model_name is empty: give a folder or a hub id.",
    Kind.TASK: "{name!r} is a task, not a folder: write checkpoint({name!r}).",
    Kind.WEB_ADDRESS: "{name!r} is the address of a page of the hub: give the id alone, {id!r}.",
    Kind.OTHER_ADDRESS: (
        "{name!r} is a web address and not that of a model on the hub: give a folder or a hub id."
    ),
    Kind.WINDOWS_PATH: (
        "{name!r} looks like a path of Windows, and this kernel runs on another system: give the "
        "folder's path as it is here."
    ),
    Kind.HOME: "{name!r} begins with ~, which Python does not replace: write {folder!r}.",
    Kind.GGUF_FILE: (
        "{name!r} is a GGUF file: load it with from_pretrained({folder!r}, gguf_file={file!r})."
    ),
    Kind.ARCHIVE: "{name!r} is an archive: unpack it, and give the folder that comes out.",
    Kind.FILE: "{name!r} is a file: give the folder of the checkpoint, {folder!r} perhaps.",
    Kind.NO_FOLDER: ("There is no folder {name!r}: correct model_name, or use checkpoint(task)."),
    Kind.UNREADABLE: "{file} in {name!r} cannot be read: change who may read it, or copy it again.",
    Kind.EMPTY_FOLDER: "The folder {name!r} is empty: copy the checkpoint again.",
    Kind.HUB_CACHE: (
        "{name!r} is a folder of the hub's cache, and the checkpoint is further inside: give "
        "{folder!r}, or the id {id!r}."
    ),
    Kind.EMPTY_HUB_CACHE: (
        "{name!r} is a folder of the hub's cache without a checkpoint in its snapshots: download "
        "{id!r} again."
    ),
    Kind.TRAINING: (
        "{name!r} is the output of a training with {number} checkpoints inside: give one of them, "
        "such as the latest, {folder!r}."
    ),
    Kind.NESTED: "The checkpoint is further inside {name!r}: give {folder!r}.",
    Kind.PIPELINE: (
        "{name!r} is a pipeline of the package diffusers (it has a model_index.json): load it with "
        "that package."
    ),
    Kind.NO_CONFIG: "{name!r} has no config.json, so it is no checkpoint: correct model_name.",
    Kind.POINTER: (
        "{file} in {name!r} is a git-lfs pointer, not the file itself: run `git lfs pull` there, "
        "or download it again."
    ),
    Kind.WEB_PAGE: "{file} in {name!r} is a web page, not the file itself: download it again.",
    Kind.EMPTY_FILE: "{file} in {name!r} is empty: download it again.",
    Kind.BYTE_ORDER_MARK: (
        "{name}/config.json begins with a byte order mark, as some editors write it: save it as "
        "UTF-8 without BOM."
    ),
    Kind.NOT_JSON: "{name}/config.json is not valid JSON ({reason}): correct it.",
    Kind.NO_TYPE: (
        "config.json in {name!r} has no model_type, so no Auto class can tell what it is: add the "
        'key (for example "model_type": "bert") or use another checkpoint.'
    ),
    Kind.OWN_CODE: (
        "{name!r} ({type}) brings its own code for this class, which transformers runs only with "
        "from_pretrained(…, trust_remote_code=True): read that code first, or use another "
        "checkpoint."
    ),
    Kind.UNKNOWN_TYPE: (
        "model_type {type!r} is unknown to the installed transformers: correct config.json in "
        "{name!r}, or update transformers."
    ),
    Kind.NO_HEAD: (
        "{name!r} is a {type!r} checkpoint, which {class} does not take: use one of {accepted}, or "
        "another checkpoint."
    ),
    Kind.BAD_CONFIG: (
        "transformers cannot use the config.json of {name!r} ({reason}): correct it, or update "
        "transformers."
    ),
    Kind.NEEDS_PACKAGE: "Loading {name!r} needs a package that is not installed here: {reason}",
    Kind.QUANTIZED: (
        "{name!r} is quantized with {method}, and transformers cannot load it here: {reason} "
        "(packages it needs: {needed}; not installed: {missing})."
    ),
    Kind.GGUF: (
        "The weights of {name!r} are a GGUF file: load it with from_pretrained(…, "
        "gguf_file={file!r}) (packages it needs: gguf, accelerate; not installed: {missing})."
    ),
    Kind.ADAPTER: (
        "{name!r} is an adapter ({type}), not a whole model: load its base, {base!r}, and put the "
        "adapter on it with the package peft (pip install peft)."
    ),
    Kind.OTHER_FORMAT: (
        "{name!r} has its weights in a format of {made_by} only ({file}), which transformers 5 "
        "does not load: use a checkpoint with model.safetensors, or convert it."
    ),
    Kind.NO_INDEX: (
        "{name!r} has parts of the weights ({file}) but no {index}, which says what is in which: "
        "download it as well."
    ),
    Kind.VARIANT: (
        "{name!r} has its weights only as {file}: load them with from_pretrained(…, "
        "variant={variant!r})."
    ),
    Kind.OTHER_NAME: (
        "{name!r} has no weights under a name that transformers looks for, but a file {file}: if "
        "it is what save_pretrained wrote, rename it to model.safetensors or pytorch_model.bin."
    ),
    Kind.NO_WEIGHTS: (
        "{name!r} has a config.json but no weights ({file}): copy the file again, or use another "
        "checkpoint."
    ),
    Kind.MISSING_FILES: (
        "{name!r} lacks {missing} of the {parts} files of its weights ({files}): download what is "
        "missing."
    ),
    Kind.DAMAGED: "{text}",
    Kind.OTHER_SIZES: (
        "config.json and the weights of {name!r} do not belong together: {tensor} has the shape "
        "{held} in the file and {wanted} by config.json ({keys}), and so it is with {number} "
        "tensors: take both from the same checkpoint."
    ),
    Kind.ADAPTER_WITH_PEFT: "{name}: an adapter ({type}), loaded onto its base {base!r}:",
    Kind.QUANTIZED_READY: "Its weights are quantized ({method}), and what loads them is here.",
    Kind.BAD_SMALL_FILE: "But {file} is {what}: the tokenizer, or whatever reads it, will fail.",
}
WHAT = {
    Kind.POINTER: "a git-lfs pointer and not the file itself",
    Kind.WEB_PAGE: "a web page and not the file itself",
    Kind.EMPTY_FILE: "empty",
    Kind.UNREADABLE: "not readable here",
}


def sentence(finding: Finding, name: str) -> str:
    """What a learner reads about a finding in the checkpoint of this name."""
    facts = {"name": name, **finding.facts}
    if "is_a" in facts:
        facts["what"] = tr(WHAT[facts["is_a"]])
    return tr(SENTENCES[finding.kind], **facts)
