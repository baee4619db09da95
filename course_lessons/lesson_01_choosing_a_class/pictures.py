"""Pictures of 01_choosing_a_class."""

from collections.abc import Iterable
from itertools import groupby

from course_models.language import tr
from course_utils.drawings import HEAD, NEUTRAL, RIGHT, WRONG, Drawing, picture
from course_utils.pictures import box, label, line, svg

QUESTION, TEXT = "What should come out?", "new text …"
OUTPUTS = (  # what should come out → the class; in new text, a second question decides
    ("vectors, to compare or for a head of my own", "AutoModel"),
    ("one label (or a few) for the whole text", "AutoModelForSequenceClassification"),
    ("a label for each word", "AutoModelForTokenClassification"),
    ("a passage of a text that I hand in", "AutoModelForQuestionAnswering"),
    ("the word that belongs in a gap", "AutoModelForMaskedLM"),
)
TEXTS = (
    ("that goes on where mine stops, or a chat reply", "AutoModelForCausalLM"),
    ("a version of mine; encoder-decoder checkpoint", "AutoModelForSeq2SeqLM"),
    ("a version of mine; the checkpoint is a chat model", "AutoModelForCausalLM"),
)


def decision_tree() -> Drawing:
    """From what should come out to the Auto class."""
    parts, said, y = [box(16, 14, 190, 36, tr(QUESTION), NEUTRAL)], [tr(QUESTION)], 50
    spine = y
    for x, rows in ((40, OUTPUTS), (72, TEXTS)):
        if rows is TEXTS:
            y += 40
            parts += [line(40, spine, 40, y - 5), line(40, y - 5, 56, y - 5)]
            parts.append(label(62, y, tr(TEXT)))
            spine = y + 6
        for words, name in rows:
            y += 40
            parts += [line(x, y - 5, x + 16, y - 5), label(x + 22, y, tr(words))]
            parts += [line(452, y - 5, 470, y - 5), box(470, y - 21, 310, 32, name, HEAD)]
            before = tr("New text ") if rows is TEXTS else ""
            said.append(f"{before}{tr(words)}: {name}.")
        parts.append(line(x, spine, x, y - 5))
    return picture(svg(800, y + 24, parts), " ".join(said))


def file_and_model(in_file: Iterable[str], in_model: Iterable[str]) -> Drawing:
    """The tensors of a file and of a model as two stacks, with a wire where both have a group.

    Args:
        in_file: names of the file's tensors.
        in_model: names of the model's, as in its `state_dict()`.
    """
    stacks = [_groups(in_file), _groups(in_model)]
    shared = [group for group in stacks[0] if group in stacks[1]]
    rows = [(group, group) for group in shared]
    alone = [[group for group in stack if group not in shared] for stack in stacks]
    height = 74 + 40 * (len(rows) + max(map(len, alone)))
    parts = [label(150, 28, tr("in the file"), "middle", bold=True)]
    parts.append(label(590, 28, tr("in the model"), "middle", bold=True))
    said = []
    for row, (group, _) in enumerate(rows):
        y = 44 + 40 * row
        whole = stacks[0][group] == stacks[1][group]
        colour = RIGHT if whole else WRONG
        words = tr("copied") if whole else tr("in part")
        parts += [
            _tensors(40, y, group, stacks[0], colour),
            _tensors(480, y, group, stacks[1], colour),
        ]
        parts += [line(260, y + 16, 480, y + 16, colour, dashed=not whole)]
        parts.append(label(370, y + 11, "✓ " * whole + words, "middle", colour))
        said.append(tr("{group}: in both, {how}.", group=group, how=words))
    ends = ((40, "UNEXPECTED", NEUTRAL, 272, "start"), (480, "MISSING", WRONG, 468, "end"))
    for (x, status, colour, at, anchor), stack, groups in zip(ends, stacks, alone):
        for row, group in enumerate(groups, start=len(rows)):
            y = 44 + 40 * row
            parts.append(_tensors(x, y, group, stack, colour, dashed=True))
            parts.append(label(at, y + 21, status, anchor, colour, bold=True))
            where = tr("in the file only") if x == 40 else tr("in the model only")
            said.append(f"{group}: {where}, {status}.")
    return picture(svg(740, height, parts), " ".join(said))


def _groups(names: Iterable[str]) -> dict[str, set[str]]:
    """The first two parts of the names → the names."""
    short = lambda name: ".".join(name.split(".")[:2])  # noqa: E731
    return {group: set(found) for group, found in groupby(sorted(names, key=short), short)}


def _tensors(x: int, y: int, group: str, stack: dict, colour: str, dashed: bool = False) -> str:
    return box(x, y, 220, 32, f"{group} ({len(stack[group])})", colour, dashed)
