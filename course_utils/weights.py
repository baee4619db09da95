"""Read what a weights file holds from its header: names, shapes and dtypes, not the numbers."""

import math
from pathlib import Path

import pandas as pd

from course_utils import hub
from course_utils.errors import CourseError


class WeightsError(CourseError):
    """A weights file that cannot be read, and what to do about it."""


def tensor_table(file: str | Path) -> pd.DataFrame:
    """One row per tensor of a checkpoint in safetensors format: name, shape, dtype, numbers, bytes.

    Args:
        file: a `.safetensors` file, a checkpoint folder that holds `model.safetensors`, or a hub id
            such as "openai-community/gpt2": of that only the headers are fetched, unless the
            checkpoint is in the cache anyway.

    Raises:
        WeightsError: the file is missing, is not safetensors, or is truncated.
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
            for name, info in _tensors(file).items()
        ]
    )


def count_parameters(file: str | Path) -> int:
    """How many numbers a checkpoint holds (buffers included, tied tensors once).

    Takes and raises what `tensor_table` does.
    """
    return sum(math.prod(info.shape) for info in _tensors(file).values())


def _tensors(file: str | Path) -> dict:
    """Name → huggingface_hub's TensorInfo."""
    path = Path(file)
    is_id = isinstance(file, str) and not path.exists() and hub.may_be_id(file)
    if is_id and path.suffix != ".safetensors":
        path = hub.cached(file)
        if path is None or not (path / "model.safetensors").exists():
            return _tensors_on_hub(file)
    return _header(path / "model.safetensors" if path.is_dir() else path).tensors


def _tensors_on_hub(repository: str) -> dict:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import NotASafetensorsRepoError

    def question() -> dict | None:
        try:
            files = HfApi().get_safetensors_metadata(repository).files_metadata
        except NotASafetensorsRepoError:
            return None
        return {name: info for file in files.values() for name, info in file.tensors.items()}

    hub.go_online(repository)
    tensors = hub.ask(repository, question, seconds=20)
    if tensors is None:
        raise WeightsError(
            f"{repository!r} has no safetensors weights, and other formats cannot be read from "
            "their header: choose another checkpoint, or load it."
        )
    return tensors


def _header(path: Path):
    from huggingface_hub import parse_local_safetensors_file_metadata
    from huggingface_hub.errors import SafetensorsParsingError

    try:
        header = parse_local_safetensors_file_metadata(path)
        data = max((info.data_offsets[1] for info in header.tensors.values()), default=0)
        with path.open("rb") as opened:
            expected = 8 + int.from_bytes(opened.read(8), "little") + data
    except FileNotFoundError:
        raise WeightsError(f"There is no {path.name} in {path.parent.name!r}.") from None
    except (SafetensorsParsingError, ValueError, OSError):
        raise WeightsError(
            f"{path.parent.name}/{path.name} is no safetensors file (a git-lfs pointer or another "
            "format, perhaps): download it again."
        ) from None
    if path.stat().st_size != expected:
        raise WeightsError(
            f"{path.parent.name}/{path.name} is cut short or damaged: its header promises "
            f"{expected:,} bytes, the file has {path.stat().st_size:,}. Download it again."
        )
    return header
