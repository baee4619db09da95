"""Which files hold a checkpoint's weights, and what is in them: names, shapes and dtypes, not the
numbers."""

import json
import math
import pickle
import re
import zipfile
from pathlib import Path

import pandas as pd

from course_models import hub
from course_models.errors import CourseError
from course_models.language import tr

# What transformers looks for, in this order; an index stands for a checkpoint in several files.
INDEX = ".index.json"
NAMES = (
    "model.safetensors",
    f"model.safetensors{INDEX}",
    "pytorch_model.bin",
    f"pytorch_model.bin{INDEX}",
)
BROKEN = (ValueError, OSError, RuntimeError)  # what reading a damaged file raises
SMALL = (".json", ".txt", ".model", ".spm", ".jinja")  # config and tokenizer


class WeightsError(CourseError):
    """A weights file that cannot be read, and what to do about it."""


def tensor_table(file: str | Path) -> pd.DataFrame:
    """One row per tensor of a checkpoint: name, shape, dtype, numbers, bytes.

    Args:
        file: a `.safetensors` or `.bin` file, a checkpoint folder that holds such files under the
            names that transformers knows, or a hub id such as "openai-community/gpt2": of that
            only the headers of safetensors are fetched, unless the checkpoint is in the cache.

    Raises:
        WeightsError: a file is missing, has another format, or is truncated.
        HubError: the hub cannot be asked about a hub id.
    """
    return pd.DataFrame(
        [
            {
                "tensor": name,
                "shape": tuple(info.shape),
                "dtype": str(info.dtype),
                "numbers": math.prod(info.shape),
                "bytes": info.data_offsets[1] - info.data_offsets[0],
            }
            for name, info in tensors(file).items()
        ]
    )


def count_parameters(file: str | Path) -> int:
    """How many numbers a checkpoint holds (buffers included, tied tensors once).

    Takes and raises what `tensor_table` does.
    """
    return sum(math.prod(info.shape) for info in tensors(file).values())


def tensors(file: str | Path) -> dict:
    """Name → huggingface_hub's TensorInfo; takes and raises what `tensor_table` does."""
    path = Path(file)
    if isinstance(file, str) and not path.exists() and hub.may_be_id(file) and not path.suffix:
        path = hub.locate(file)
        if path is None or not has_all(path):
            return _tensors_on_hub(file)
    found = {}
    for part in files(path) or [path / NAMES[0]] if path.is_dir() else [path]:
        if not part.is_file():
            raise WeightsError(
                tr("There is no {file} in {folder!r}.", file=part.name, folder=part.parent.name)
            )
        found |= _read(part)
    return found


def files(folder: Path, named: str | None = None) -> list[Path]:
    """The files that loading reads weights from, there or not; empty if it finds none.

    Args:
        folder: of a checkpoint.
        named: the file that `transformers_weights` in its config asks for, if it does.

    Raises:
        WeightsError: the index of a checkpoint in several files cannot be read.
    """
    names = [named] if named else [name for name in NAMES if (folder / name).is_file()]
    if not names or not names[0].endswith(INDEX):
        return [folder / name for name in names[:1]]
    try:
        index = json.loads((folder / names[0]).read_text(encoding="utf-8"))
        return [folder / part for part in sorted(set(index["weight_map"].values()))]
    except (*BROKEN, LookupError, AttributeError, TypeError):
        raise _unreadable(folder / names[0], tr("index of weights")) from None


def has_all(folder: Path) -> bool:
    """Whether all files of the weights are in a folder."""
    try:
        found = files(folder)
    except WeightsError:
        return False
    return bool(found) and all(file.is_file() for file in found)


def is_small(name: str) -> bool:
    """Whether a file belongs to the config or the tokenizer, by its name."""
    return name.endswith(SMALL) and name not in NAMES


def _tensors_on_hub(repository: str) -> dict:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import NotASafetensorsRepoError

    def question() -> dict | None:
        try:
            files = HfApi().get_safetensors_metadata(repository).files_metadata
        except NotASafetensorsRepoError:
            return None
        return {name: info for file in files.values() for name, info in file.tensors.items()}

    found = hub.ask(repository, question, hub.LONGER_SECONDS)
    if found is None:
        raise WeightsError(
            tr(
                "{repository!r} has no safetensors weights, and other formats cannot be "
                "read without a download: choose another checkpoint, or load it.",
                repository=repository,
            )
        )
    return found


def _unreadable(path: Path, wanted: str) -> WeightsError:
    return WeightsError(
        tr(
            "{folder}/{file} is no {wanted}, or it is cut short or damaged (a git-lfs "
            "pointer, perhaps): download it again.",
            folder=path.parent.name,
            file=path.name,
            wanted=wanted,
        )
    )


def _read(path: Path) -> dict:
    from huggingface_hub import parse_local_safetensors_file_metadata
    from huggingface_hub.errors import SafetensorsParsingError
    from safetensors import SafetensorError, safe_open

    if path.suffix == ".bin":
        return _unpickled(path)
    try:
        with safe_open(path, framework="pt"):  # sees whether all that the header promises is there
            return parse_local_safetensors_file_metadata(path).tensors
    except (SafetensorError, SafetensorsParsingError, *BROKEN):
        raise _unreadable(path, tr("safetensors file")) from None


def _unpickled(path: Path) -> dict:
    """Tensors of a file made by torch.save, each of those that share their numbers once."""
    import torch
    from huggingface_hub.utils import TensorInfo

    try:
        # Files of before 2020 are no zip archives, and have to be read as a whole.
        mapped = zipfile.is_zipfile(path)
        loaded = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
        tensors = {n: t for n, t in loaded.items() if isinstance(t, torch.Tensor)}
    except (*BROKEN, LookupError, AttributeError, EOFError, pickle.UnpicklingError):
        raise _unreadable(path, tr("file of weights that torch.load reads")) from None
    found, places = {}, set()
    for name, tensor in tensors.items():
        place = (tensor.untyped_storage().data_ptr(), tensor.storage_offset(), tensor.shape)
        if place not in places or not tensor.numel():
            kind = re.sub("(b?)(f)loat|(u?i)nt", r"\1\2\3", str(tensor.dtype)[6:]).upper()
            found[name] = TensorInfo(kind, list(tensor.shape), (0, tensor.nbytes))
        places.add(place)
    return found
