"""Where the body ends and the head begins: compare loaded models and their source."""

import difflib
import inspect
import textwrap
from collections.abc import Callable, Mapping

import pandas as pd
from torch import nn

from course_utils.drawings import Drawing, code_columns


def head_modules(model: nn.Module) -> dict[str, nn.Module]:
    """The direct children of a model that are not its body, by attribute name.

    `model.base_model` is the body; a model loaded with plain `AutoModel` is its own body and so
    has no head.
    """
    body = model.base_model
    if body is model:
        return {}
    return {name: child for name, child in model.named_children() if child is not body}


def parameter_table(model: nn.Module) -> pd.DataFrame:
    """Parameters by block: one row per child of the body and per head module.

    Columns: `part` ("body" or "head"), `block` (attribute name), `parameters` (how many numbers
    this block adds; a tensor shared with an earlier block counts once, there).
    """
    body = model.base_model
    blocks = [("body", name, child) for name, child in body.named_children()]
    blocks += [("head", name, child) for name, child in head_modules(model).items()]
    seen: set[int] = set()
    rows = []
    for part, name, block in blocks:
        new = {id(p): p.numel() for p in block.parameters() if id(p) not in seen}
        seen |= new.keys()
        rows.append({"part": part, "block": name, "parameters": sum(new.values())})
    return pd.DataFrame(rows)


def source_of(function: Callable) -> str:
    """Source text of a function or class, decorators included, without the leading indentation."""
    return textwrap.dedent(inspect.getsource(inspect.unwrap(function)))


def compare_sources(functions: Mapping[str, Callable], title: str) -> Drawing:
    """Several functions' source side by side; a line that not all of them have is marked ≠.

    Args:
        functions: column heading → function, such as `{"MaskedLM": BertForMaskedLM.__init__}`.
        title: heading of the figure.
    """
    columns = {name: source_of(function).splitlines() for name, function in functions.items()}
    marked = {}
    for name, lines in columns.items():
        shared = set(range(len(lines)))
        for other in (others for key, others in columns.items() if key != name):
            matcher = difflib.SequenceMatcher(None, lines, other, autojunk=False)
            shared &= {a + i for a, _, n in matcher.get_matching_blocks() for i in range(n)}
        marked[name] = [(line, i not in shared) for i, line in enumerate(lines)]
    return code_columns(marked, title)
