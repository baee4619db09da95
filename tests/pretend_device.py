"""An accelerator to test with where there is none: numbers of the CPU, rules of another device.

Inside `pretend_device()` a tensor that was put on DEVICE says that it is there, all that is
computed from it is there too, and an operation that mixes it with tensors of the CPU fails as on
a real one. The numbers are the CPU's own, so a whole notebook can run. What a real device does
differently beyond that (other kernels, no float64 on mps) is not imitated.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

DEVICE = "privateuseone"  # torch keeps this name for devices that it does not know
_THERE = torch.device(DEVICE, 0)
_MAY_MIX = {
    "copy_",
    "_has_compatible_shallow_copy_type",
    "to",
    "type_as",
    "is_floating_point",
    "is_complex",
    "size",
}
_INDEXING = {"__getitem__", "__setitem__"}
_TO_NUMPY = {"numpy", "__array__"}


def _tensors_in(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _tensors_in(part)
    elif isinstance(value, dict):
        yield from _tensors_in(list(value.values()))


def _is_there(tensor: torch.Tensor) -> bool:
    return getattr(tensor, "_pretends", False)


def _names_device(value: Any) -> bool:
    return isinstance(value, str | torch.device) and str(value).partition(":")[0] == DEVICE


class _Rules(TorchFunctionMode):
    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        name = getattr(function, "__name__", "")
        tensors = [*_tensors_in(args), *_tensors_in(kwargs)]
        there = any(map(_is_there, tensors))
        # Module.to and pipeline ask which device a name means: the answer is that device.
        if name == "_parse_to" or function is torch.device:
            return function(*args, **kwargs)
        if function == torch.Tensor.device.__get__:
            return _THERE if there else function(*args)
        if function == torch.Tensor.data.__set__:
            args[0]._pretends = _is_there(args[1])
            return function(*args)
        if name in _TO_NUMPY and there:
            raise TypeError(f"can't convert {_THERE} device type tensor to numpy.")
        # Indices may stay on the CPU, whatever they index; the other way round they may not.
        mixes = name in _MAY_MIX or (name in _INDEXING and _is_there(args[0]))
        if there and not mixes:
            for tensor in tensors:
                if not _is_there(tensor) and tensor.dim() > 0:
                    raise RuntimeError(
                        "Expected all tensors to be on the same device, but found at least two "
                        f"devices, {_THERE} and cpu! ({name})"
                    )
        named = [v for v in (*args, *kwargs.values()) if isinstance(v, torch.device | str)]
        to_there = any(map(_names_device, named))
        to_cpu = any(str(v) == "cpu" for v in named) or name in ("cpu", "tolist", "item")
        if to_there:
            # The copy that a real device makes; without it the original would move as well.
            args = ["cpu" if _names_device(value) else value for value in args]
            kwargs = {k: "cpu" if _names_device(value) else value for k, value in kwargs.items()}
            if name == "to":
                kwargs["copy"] = True
        result = function(*args, **kwargs)
        if (to_there or there) and not to_cpu:
            for tensor in _tensors_in(result):
                tensor._pretends = True
        elif to_cpu and there and isinstance(result, torch.Tensor):
            result = result.detach().clone()
        return result


@contextmanager
def pretend_device() -> Iterator[str]:
    """Let torch behave as if the machine had one more device; yields its name."""
    with _Rules():
        yield DEVICE
