"""The Auto classes of the installed transformers: who accepts what, and which class comes out.

Everything is read from the library's own tables of *names*, so asking imports no model code.
"""

import re

from course_models.errors import CourseError
from course_models.language import tr


def auto_classes() -> dict[str, type]:
    """Every Auto class for models, by name, in the library's order (50 on transformers 5.23)."""
    from transformers.models.auto import modeling_auto

    found = {name: getattr(modeling_auto, name) for name in modeling_auto.__all__}
    return {
        name: cls
        for name, cls in found.items()
        if isinstance(cls, type) and hasattr(cls, "_model_mapping")
    }


def model_types(auto_class: type) -> dict[str, str]:
    """What one Auto class accepts: `model_type` → name of the concrete class it returns.

    A few types map to several classes, between which `architectures` in the config decides; the
    first, which is the default, is given here.
    """
    # The lazy mapping has no public view of its names, and iterating it imports every model.
    names = dict(auto_class._model_mapping._model_mapping)
    return {key: value if isinstance(value, str) else value[0] for key, value in names.items()}


def concrete_classes(model_type: str) -> dict[str, str]:
    """All that can be loaded from one `model_type`: Auto class name → concrete class name.

    Empty when the installed transformers does not know the type.
    """
    tables = {name: model_types(cls) for name, cls in auto_classes().items()}
    return {name: table[model_type] for name, table in tables.items() if model_type in table}


def concrete_class(auto_class: type, model_type: str) -> str:
    """The class that `auto_class.from_pretrained` returns for a `model_type`.

    Raises:
        CourseError: this Auto class has no head for the type; the message lists those that have.
    """
    table = model_types(auto_class)
    if model_type not in table:
        known = ", ".join(concrete_classes(model_type)) or tr("none, the type is unknown")
        raise CourseError(
            tr(
                "{name} does not accept {model_type!r}; classes that do: {known}.",
                name=auto_class.__name__,
                model_type=model_type,
                known=known,
            )
        )
    return table[model_type]


def asked_for(config: dict) -> list[str]:
    """The Auto classes whose result for this config is the class that saved the checkpoint.

    It is what the hub's "Use this model" button works out from `config.json`.

    Args:
        config: parsed `config.json` with `model_type` and `architectures`.
    """
    saved = config.get("architectures") or []
    fitting = concrete_classes(config.get("model_type", ""))
    # ForPreTraining repeats other classes' entries: it says how a body was trained, not a task.
    return [
        name
        for name, concrete in fitting.items()
        if concrete in saved and name != "AutoModelForPreTraining"
    ]


def head_description(auto_class: type) -> str:
    """What the class puts on the body, in a few words: from its docstring, else from its name."""
    found = re.search(r"\(with (?:an? )?(.+? head)\)", " ".join((auto_class.__doc__ or "").split()))
    if found:
        return found.group(1)
    task = auto_class.__name__.partition("For")[2]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", task).lower() or tr("no head (the body alone)")
