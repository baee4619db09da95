"""What kind of checkpoint is in a folder: codes with their facts, and no sentences."""

import json
import math
import os
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from course_models import weights
from course_models.findings import Finding, Kind
from course_models.language import tr
from course_models.model_fit import is_installed, listed, make_model, other_sizes

# Weights that the Auto classes of transformers 5 do not read → who made them.
FORMATS = {
    **dict.fromkeys(("*.h5", "*.ckpt*", "saved_model.pb"), "TensorFlow"),
    "*.keras": "Keras",
    "*.msgpack": "Flax",
    "*.onnx": "ONNX",
    "*.tflite": "TensorFlow Lite",
    "openvino_model.*": "OpenVINO",
    "*.mlmodel": "Core ML",
    "*.ot": "Rust",
    "*.npz": "MLX or NumPy",
    "*.nemo": "NeMo",
    "*.llamafile": "llamafile",
    "consolidated.*": "the makers' own",
}


@dataclass
class Contents:
    """What is in a folder.

    Attributes:
        findings: empty if all is as it should be.
        concrete: name of the class that loading returns; "" if it cannot be told.
        model_type: "" if the config has none.
        numbers: how many the weights hold.
        size: bytes of all files that loading the model and its tokenizer reads.
    """

    findings: list[Finding]
    concrete: str = ""
    model_type: str = ""
    numbers: int = 0
    size: int = 0


def read_config(folder: Path) -> dict | Finding:
    """`config.json` of a folder, or why it cannot be read."""
    file = folder / "config.json"
    if not os.path.lexists(file):
        return Finding(Kind.NO_CONFIG)
    if kind := _no_content(file):
        return Finding(kind, {"file": file.name})
    try:
        text = file.read_text(encoding="utf-8")
        if text.startswith("\ufeff"):
            return Finding(Kind.BYTE_ORDER_MARK)
        config = json.loads(text)
    except ValueError as error:
        return Finding(Kind.NOT_JSON, {"reason": str(error)})
    if not isinstance(config, dict):
        return Finding(
            Kind.NOT_JSON,
            {"reason": tr("it holds a {type}, no object", type=type(config).__name__)},
        )
    return config


def _no_content(file: Path) -> Kind | None:
    """What a file is instead of what its name says."""
    try:
        with file.open("rb") as opened:
            start = opened.read(100)
    except OSError:
        return Kind.UNREADABLE
    if start.startswith(b"version https://git-lfs"):
        return Kind.POINTER
    if start.lstrip().lower().startswith((b"<!doctype", b"<html")):
        return Kind.WEB_PAGE
    return None if start.strip() else Kind.EMPTY_FILE


def look_into(folder: Path, auto_class: type) -> Contents:
    """What an Auto class will find in a folder."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return Contents([Finding(Kind.UNREADABLE, {"file": tr("something")})])
    config = read_config(folder)
    if isinstance(config, Finding):
        if config.kind == Kind.NO_CONFIG:
            return Contents([_instead_of_config(folder, names) or config])
        return Contents([config, *_weights(folder, {}, names)[0]])
    model, concrete, findings = make_model(folder, config, auto_class)
    damage, files, tensors = _weights(folder, config, names)
    if model is not None and not damage:
        damage = other_sizes(model, tensors)
    small = [folder / name for name in names if weights.is_small(name)]
    small = [file for file in small if file.is_file()]
    for file in small:
        if file.name != "config.json" and (kind := _no_content(file)):
            damage.append(Finding(Kind.BAD_SMALL_FILE, {"file": file.name, "is_a": kind}))
    return Contents(
        findings + damage,
        concrete,
        str(config.get("model_type") or ""),
        sum(math.prod(info.shape) for info in tensors.values()),
        sum(file.stat().st_size for file in {*small, *files} if file.is_file()),
    )


def _weights(
    folder: Path, config: dict, names: list[str]
) -> tuple[list[Finding], list[Path], dict[str, Any]]:
    """What is wrong with the weights, their files, and name → shape and place of each tensor."""
    parts = [n for n in names if re.fullmatch(r"shard-\d{5}-model-\d{5}-of-\d{5}\.safetensors", n)]
    if parts:  # of torch.distributed, with slices of tensors
        return [], [folder / name for name in parts], {}
    try:
        files = weights.files(folder, config.get("transformers_weights"))
    except weights.WeightsError as error:
        return [Finding(Kind.DAMAGED, {"text": str(error)})], [], {}
    if not files:
        return [_instead_of_weights(folder, names)], [], {}
    findings, tensors = [], {}
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        facts = {"files": ", ".join(missing), "missing": len(missing), "parts": len(files)}
        findings.append(Finding(Kind.MISSING_FILES, facts))
    for file in files:
        if not file.is_file():
            continue
        if kind := _no_content(file):
            findings.append(Finding(kind, {"file": file.name}))
            continue
        try:
            tensors |= weights.tensors(file)
        except weights.WeightsError as error:
            findings.append(Finding(Kind.DAMAGED, {"text": str(error)}))
    return findings, files, tensors


def _instead_of_config(folder: Path, names: list[str]) -> Finding | None:
    if not names:
        return Finding(Kind.EMPTY_FOLDER)
    found = _foreign(folder, names) or _nested(folder)
    if found is None and folder.name.startswith("models--"):
        return Finding(Kind.EMPTY_HUB_CACHE, {"id": _cached_id(folder)})
    if found is None and "model_index.json" in names:
        return Finding(Kind.PIPELINE)
    return found or _other_format(names)


def _instead_of_weights(folder: Path, names: list[str]) -> Finding:
    if found := _foreign(folder, names):
        return found
    if gone := [name for name in weights.NAMES if name in names]:  # a link to nothing
        return Finding(Kind.MISSING_FILES, {"files": gone[0], "missing": 1, "parts": 1})
    ours = [n for n in names if n.endswith((".safetensors", ".bin", ".pt", ".pth"))]
    ours = [n for n in ours if not n.startswith(("training_args", "optimizer", "sched", "rng_"))]
    for name in ours:
        stem, _, suffix = name.rpartition(".")
        if re.search(r"-\d{5}-of-\d{5}$", stem):
            index = f"{stem[:-15]}.{suffix}{weights.INDEX}"
            return Finding(Kind.NO_INDEX, {"file": name, "index": index})
        if found := re.fullmatch(r"(?:pytorch_)?model\.(\w+)", stem):
            return Finding(Kind.VARIANT, {"file": name, "variant": found[1]})
    if nested := _nested(folder):
        return nested
    other = Finding(Kind.OTHER_NAME, {"file": ours[0]}) if ours else None
    return other or _other_format(names) or Finding(Kind.NO_WEIGHTS, {"file": weights.NAMES[0]})


def _foreign(folder: Path, names: list[str]) -> Finding | None:
    """What another argument or another package loads."""
    if found := [name for name in names if name.lower().endswith(".gguf")]:
        if kind := _no_content(folder / found[0]):
            return Finding(kind, {"file": found[0]})
        missing = [name for name in ("gguf", "accelerate") if not is_installed(name)]
        return Finding(Kind.GGUF, {"file": found[0], "missing": listed(missing)})
    if "adapter_config.json" in names:
        try:
            config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
            base, kind = config.get("base_model_name_or_path"), config.get("peft_type")
        except (ValueError, OSError, AttributeError):
            base = kind = None
        loads = base and is_installed("peft")
        facts = {"base": base or "?", "type": kind or "?"}
        return Finding(Kind.ADAPTER_WITH_PEFT if loads else Kind.ADAPTER, facts)
    return None


def _other_format(names: list[str]) -> Finding | None:
    for name in names:
        for pattern, made_by in FORMATS.items():
            if fnmatch(name, pattern):
                return Finding(Kind.OTHER_FORMAT, {"file": name, "made_by": made_by})
    return None


def _nested(folder: Path) -> Finding | None:
    """A folder inside that is a checkpoint."""
    patterns = ("snapshots/*", "*", "models--*/snapshots/*")
    inside = [path for pattern in patterns for path in sorted(folder.glob(pattern))]
    marks = ("config.json", "adapter_config.json")
    inside = [path for path in inside if any((path / mark).is_file() for mark in marks)]
    if not inside:
        return None
    first = inside[0].absolute()
    if first.parent.name == "snapshots":
        current = _text(first.parents[1] / "refs" / "main")
        newest = next((path for path in inside if path.name == current), inside[0])
        return Finding(Kind.HUB_CACHE, {"folder": str(newest), "id": _cached_id(first.parents[1])})
    steps = {int(p.name[11:]): p for p in inside if re.fullmatch(r"checkpoint-\d+", p.name)}
    if steps:
        return Finding(Kind.TRAINING, {"folder": str(steps[max(steps)]), "number": len(steps)})
    return Finding(Kind.NESTED, {"folder": str(inside[0])})


def _cached_id(folder: Path) -> str:
    return folder.name.removeprefix("models--").replace("--", "/")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
