"""Whether an Auto class makes a model from a config, and whether the weights fit into it.

The library itself is asked (for the config, the packages, the shapes of the model), so that what
`from_pretrained` loads is never called unfit.
"""

import math
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from course_models import registry
from course_models.findings import Finding, Kind

PACKAGES = {
    "gptq": ("optimum", "gptqmodel"),
    "awq": ("gptqmodel", "accelerate"),
    "bitsandbytes": ("bitsandbytes", "accelerate"),
    "quanto": ("optimum-quanto", "accelerate"),
    "aqlm": ("aqlm", "accelerate"),
    "hqq": ("hqq", "accelerate"),
    "compressed-tensors": ("compressed-tensors",),
    "torchao": ("torchao",),
    "auto-round": ("auto-round",),
}


def type_problem(config: dict, auto_class: type) -> Finding | None:
    """Why an Auto class has no class for a config, from the library's tables of names."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    kind, code = str(config.get("model_type") or ""), config.get("auto_map") or {}
    accepted = registry.concrete_classes(kind)
    if auto_class.__name__ in accepted:
        return None
    if auto_class.__name__ in code or ("AutoConfig" in code and kind not in CONFIG_MAPPING):
        return Finding(Kind.OWN_CODE, {"type": kind})
    if not kind:
        return Finding(Kind.NO_TYPE)
    if kind not in CONFIG_MAPPING:
        return Finding(Kind.UNKNOWN_TYPE, {"type": kind})
    facts = {"type": kind, "class": auto_class.__name__, "accepted": listed(accepted)}
    return Finding(Kind.NO_HEAD, facts)


def make_model(folder: Path, config: dict, auto_class: type) -> tuple[Any, str, list[Finding]]:
    """The model without its numbers, the name of its class, and what keeps it from being made."""
    import torch
    from transformers import AutoConfig

    try:
        loaded = AutoConfig.from_pretrained(str(folder), trust_remote_code=False)
    except Exception as error:  # of whatever kind the config of this model raises
        bad = Finding(Kind.BAD_CONFIG, {"reason": _first_line(error)})
        return None, "", [type_problem(config, auto_class) or bad]
    if type(loaded) not in auto_class._model_mapping:
        no_head = {"type": loaded.model_type, "class": auto_class.__name__, "accepted": "-"}
        problem = type_problem(config, auto_class) or Finding(Kind.NO_HEAD, no_head)
        return None, "", [problem]
    concrete = registry.model_types(auto_class).get(loaded.model_type, "")
    if quantized := _quantized(loaded):
        return None, concrete, [quantized]
    try:
        with torch.device("meta"):
            model = auto_class.from_config(loaded, trust_remote_code=False)
    except ImportError as error:
        needs = Finding(Kind.NEEDS_PACKAGE, {"reason": _first_line(error)})
        return None, concrete, [needs]
    except Exception:  # not every model can be made so; then its sizes are not compared
        return None, concrete, []
    return model, type(model).__name__, []


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")


def _quantized(config: Any) -> Finding | None:
    settings = getattr(config, "quantization_config", None) or getattr(
        config.get_text_config(decoder=True), "quantization_config", None
    )
    if not settings:
        return None
    from transformers.quantizers.auto import AutoHfQuantizer

    method = str(settings.get("quant_method") or "bitsandbytes")
    needed = PACKAGES.get(method, ())
    missing = [name for name in needed if not is_installed(name)]
    facts = {"method": method, "needed": listed(needed), "missing": listed(missing)}
    try:
        if not AutoHfQuantizer.supports_quant_method(settings):
            return None  # loaded as if it were not quantized
        quantizer = AutoHfQuantizer.from_config(settings, pre_quantized=True)
        quantizer.validate_environment(device_map=None, weights_only=True)
    except Exception as error:
        return Finding(Kind.QUANTIZED, facts | {"reason": _first_line(error)})
    return Finding(Kind.QUANTIZED_READY, facts)


def listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "-"


def is_installed(package: str) -> bool:
    try:
        return bool(version(package))
    except PackageNotFoundError:
        return False


def other_sizes(model: Any, tensors: dict[str, Any]) -> list[Finding]:
    """Tensors that do not fit into the model, as `from_pretrained` pairs them by name."""
    expected = {name: list(tensor.shape) for name, tensor in model.state_dict().items()}
    prefix = f"{model.base_model_prefix}."
    wrong = []
    for name, info in tensors.items():
        names = (name, prefix + name, name.removeprefix(prefix))
        wanted = next((expected[n] for n in names if n in expected), info.shape)
        # Loading may rearrange a tensor, but not change how many numbers it has.
        if math.prod(wanted) != math.prod(info.shape):
            wrong.append((name, list(info.shape), wanted))
    if not wrong:
        return []
    name, held, wanted = wrong[0]
    changed = set(wanted) - set(held)
    keys = [key for key, value in _sizes(model.config.to_dict()) if value in changed]
    facts = {"tensor": name, "held": held, "wanted": wanted, "number": len(wrong)}
    return [Finding(Kind.OTHER_SIZES, facts | {"keys": listed(keys)})]


def _sizes(config: dict) -> Iterator[tuple[str, int]]:
    """The whole numbers of a config and of those inside it, such as `text_config`."""
    for key, value in config.items():
        if isinstance(value, dict):
            yield from _sizes(value)
        elif type(value) is int:
            yield key, value
