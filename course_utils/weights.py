"""Read what a weights file holds from its header: names, shapes and dtypes, not the numbers."""

import math
from pathlib import Path

import pandas as pd

from course_utils.messages import CourseError


class WeightsError(CourseError):
    """A weights file that cannot be read, and what to do about it."""


def _header(file: str | Path):
    from huggingface_hub import parse_local_safetensors_file_metadata
    from huggingface_hub.errors import SafetensorsParsingError

    path = Path(file)
    if path.is_dir():
        path = path / "model.safetensors"
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


def tensor_table(file: str | Path) -> pd.DataFrame:
    """One row per tensor of a safetensors file: name, shape, dtype, numbers, bytes.

    Args:
        file: a `.safetensors` file, or the checkpoint folder that holds `model.safetensors`.

    Raises:
        WeightsError: the file is missing, is not safetensors, or is truncated.
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
            for name, info in _header(file).tensors.items()
        ]
    )


def count_parameters(file: str | Path) -> int:
    """How many numbers a safetensors file holds (buffers included, tied tensors once)."""
    return sum(_header(file).parameter_count.values())
