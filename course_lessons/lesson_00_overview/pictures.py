"""Pictures of 00_overview."""

from torch import nn

from course_models.language import tr
from course_utils.drawings import NEUTRAL, Drawing, picture
from course_utils.pictures import box, label, line, svg


def layers(pipe, auto_class: type, model: nn.Module) -> Drawing:
    """The four layers from a pipeline down to PyTorch, and what each is there for.

    Args:
        pipe: a transformers pipeline, as `pipeline(...)` returns it.
        auto_class: the Auto class that loads its model.
        model: a model that was loaded with it.
    """
    rows = [
        (
            f'pipeline("{pipe.task}")',
            NEUTRAL,
            tr("text in, readable answer out: encodes, runs, reads the output"),
        ),
        (
            auto_class.__name__,
            NEUTRAL,
            tr("reads model_type, picks the class below, is gone"),
        ),
        (type(model).__name__, NEUTRAL, tr("body and head: tensors in, tensors out")),
        (
            f"torch.nn.{nn.Module.__name__}",
            NEUTRAL,
            tr("what PyTorch knows: parameters, train/eval, devices"),
        ),
    ]
    parts, said = [], [tr("From top to bottom.")]
    for row, (name, colour, purpose) in enumerate(rows):
        x, y = 16 + 28 * row, 16 + 62 * row
        if row:
            parts += [line(x - 14, y - 20, x - 14, y + 20), line(x - 14, y + 20, x, y + 20)]
        passing = auto_class.__name__ == name  # it stays no part of what was loaded
        parts.append(box(x, y, 250, 40, name, colour, dashed=passing))
        parts.append(label(x + 262, y + 25, purpose))
        said.append(f"{name}: {purpose}.")
    return picture(svg(790, 264, parts), " ".join(said))
