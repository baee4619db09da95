"""The capstone: six checkpoint folders without names, to be identified with a learner's means.

The right answers are not stored: they are computed from the folders when they are compared.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import transformers

from course_lessons.lesson_12_capstone import runs
from course_models import registry
from course_models.errors import CourseError
from course_models.language import tr
from course_models.weights import tensor_table
from course_utils.checkpoints import CHECKPOINTS, read_config
from course_utils.drawings import Drawing
from course_utils.records import keep

SEVEN = tuple(dict.fromkeys(entry.auto_class for entry in CHECKPOINTS.values()))
# What each folder is made from, and what its `architectures` claims (None: the key is gone).
MADE_FROM = {
    "A": ("question-answering", None),
    "B": ("feature-extraction", "BertForSequenceClassification"),
    "C": ("translation", "BartForConditionalGeneration"),
    "D": ("text-classification", "DistilBertForMaskedLM"),
    "E": ("text-generation", None),
    "F": ("fill-mask", "RobertaForMaskedLM"),
}
TELLTALE = ("architectures", "_name_or_path", "transformers_version", "task_specific_params")
_SCRATCH = tempfile.TemporaryDirectory(prefix="capstone-")


@cache
def folders() -> dict[str, Path]:
    """The six folders, "A" to "F": a config without telltale keys, weights and tokenizer files."""
    made = {}
    for letter, (task, claim) in MADE_FROM.items():
        made[letter] = Path(_SCRATCH.name, letter)
        made[letter].mkdir()
        source = CHECKPOINTS[task].folder
        for file in source.iterdir():
            if file.name not in ("README.md", "config.json"):
                _link(file, made[letter] / file.name)
        config = {k: v for k, v in read_config(source).items() if k not in TELLTALE}
        if claim:
            config["architectures"] = [claim]
        (made[letter] / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    return made


def _link(file: Path, place: Path) -> None:
    try:
        place.symlink_to(file)
    except OSError:  # Windows lets only those make links who may install programs
        shutil.copy(file, place)


def inputs() -> dict[str, dict]:
    """What to feed a model, by the class whose head it has, and what counts as its output."""
    return {name: {"input": r.given, "output": tr(r.wanted)} for name, r in runs.RUNS.items()}


def _main_class(letter: str) -> str:
    return CHECKPOINTS[MADE_FROM[letter][0]].auto_class


@cache
def loading(letter: str) -> dict[str, dict]:
    """For each of the seven classes that fits: its loading info and its number of parameters."""
    folder, found = str(folders()[letter]), {}
    with runs.quiet():
        for name in fitting(letter):
            cls = getattr(transformers, name)
            model, info = cls.from_pretrained(folder, output_loading_info=True)
            found[name] = {**info, "parameters": model.num_parameters()}
    return found


def fitting(letter: str) -> list[str]:
    """Those of the seven classes that accept the folder's model type."""
    accepted = registry.concrete_classes(read_config(folders()[letter])["model_type"])
    return [name for name in SEVEN if name in accepted]


def complete(letter: str) -> list[str]:
    """Those of the seven classes with which nothing is MISSING."""
    return [name for name, info in loading(letter).items() if not info["missing_keys"]]


def _judge_type(letter: str, given: Any) -> str | None:
    config = read_config(folders()[letter])
    if given == config["model_type"]:
        return None
    if not isinstance(given, str):
        return tr('The model type is a word in quotes, such as "t5".')
    if given[:1].isupper():
        return tr(
            "That is the name of a class. The type is the value of model_type in config.json."
        )
    claim = (config.get("architectures") or [""])[0]
    if given and claim.lower().startswith(given.lower()):
        return tr(
            "You believed architectures. That key is a note about who saved the "
            "file, and here it is wrong; model_type decides."
        )
    return tr("Read it from config.json: it is the key that every Auto class looks at first.")


def _names(given: Any) -> set[str] | None:
    if isinstance(given, str) or not isinstance(given, list | tuple | set | frozenset):
        return None
    return {item if isinstance(item, str) else getattr(item, "__name__", "") for item in given}


_A_LIST = 'Give a list of names in quotes, such as ["AutoModel"].'


def _judge_classes(letter: str, given: Any) -> str | None:
    names, right = _names(given), set(fitting(letter))
    if names is None:
        return tr(_A_LIST)
    accepted = registry.concrete_classes(read_config(folders()[letter])["model_type"])
    refused = sorted(names - set(accepted))
    if refused:
        return tr(
            "{name} does not take this model type: look in the table of the registry.",
            name=refused[0],
        )
    if names & set(SEVEN) == right:
        return None
    if right - names == {"AutoModel"}:
        return tr("AutoModel is missing: the body can be loaded from every one of them.")
    if names == set(complete(letter)):
        return tr(
            "Those are the classes for which nothing is missing. A class also fits "
            "when its head would have to be trained: model_type decides that, not "
            "the weights."
        )
    return tr(
        "Right so far; {number} more of the seven accept this model type.",
        number=len(right - names),
    )


def _judge_trained(letter: str, given: Any) -> str | None:
    names, infos = _names(given), loading(letter)
    if names is None:
        return tr(_A_LIST)
    names &= set(SEVEN)  # beyond the seven nothing is asked
    right = set(complete(letter))
    if names == right:
        return None
    if right - names == {"AutoModel"} and names <= right:
        return tr("With AutoModel nothing is missing either: a body counts, though it has no head.")
    if names == {name for name, info in infos.items() if not info["unexpected_keys"]}:
        return tr(
            "You looked at UNEXPECTED: those were left in the file, and hurt nobody. "
            "A head is untrained when its tensors are MISSING."
        )
    if names == set(infos):
        return tr("Those all fit. To fit is not to be trained: look at missing_keys for each.")
    refused = sorted(names - set(infos))
    if refused:
        return tr("{name} cannot be loaded from this folder at all.", name=refused[0])
    random = sorted(names - right)
    if random:
        keys = sorted(infos[random[0]]["missing_keys"])
        return tr("With {name} tensors are MISSING, such as {key}.", name=random[0], key=keys[0])
    return tr(
        "For {number} more of the classes nothing is missing. Two classes can "
        "want tensors of the same names and shapes, whatever they were trained "
        "for.",
        number=len(right - names),
    )


def _judge_parameters(letter: str, given: Any) -> str | None:
    table = tensor_table(folders()[letter])
    right, infos = int(table["numbers"].sum()), loading(letter)
    if given == right and not isinstance(given, bool):
        return None
    if not isinstance(given, int) or isinstance(given, bool):
        return tr("Give a whole number, such as 1_000_000.")
    if given in (
        int(table["bytes"].sum()),
        (folders()[letter] / "model.safetensors").stat().st_size,
    ):
        return tr("Those are bytes, and a number takes several of them: count the numbers.")
    if given == len(table):
        return tr("That is how many tensors there are. Add up the numbers in them.")
    if given == infos["AutoModel"]["parameters"]:
        return tr("That is what the body alone has when loaded. The question is about the file.")
    if given in {info["parameters"] for info in infos.values()}:
        return tr(
            "That is what a loaded model counts, with tensors that were made up and "
            "without those left behind. The question is about the file: "
            "tensor_table(folder)."
        )
    if abs(given - right) < right / 50:
        return tr("Nearly: give the exact number, not a rounded one.")
    return tr("Add up the column `numbers` of tensor_table(folder).")


def _judge_output(letter: str, given: Any) -> str | None:
    if not isinstance(given, str):
        return tr("Give a text in quotes: the words, not a tensor or a number.")
    given, main, folder = given.strip(), _main_class(letter), str(folders()[letter])
    right, mistakes = runs.outputs(main, folder)
    if given in right:
        return None
    if given in mistakes:
        return mistakes[given]
    for name in complete(letter):
        if name != main and name in runs.RUNS and given in runs.outputs(name, folder)[0]:
            return tr(
                "That is what comes out with {name}. Nothing is missing there either, "
                "but it is not what this checkpoint was trained for: try the other rows "
                "of the table.",
                name=name,
            )
    return tr(
        "The model does not say that. Is it the class with nothing MISSING, the "
        "input from the table and the right position of the scores?"
    )


PARTS: dict[str, Callable[[str, Any], str | None]] = {
    "type": _judge_type,
    "classes": _judge_classes,
    "trained": _judge_trained,
    "parameters": _judge_parameters,
    "output": _judge_output,
}
OF = len(MADE_FROM) * len(PARTS)


class Report(Drawing):
    """The graded capstone: `result` is a plain dictionary, for an instructor."""

    def __init__(self, result: dict, messages: dict[tuple[str, str], str]):
        self.result = result
        head = tr("Capstone: {score} of {all} points", score=result["score"], all=OF)
        signs = {"right": "✓", "wrong": "✗", "not attempted": "○"}
        lines, html = [head], [f"<b>{escape(head)}</b>"]
        for letter, states in result["folders"].items():
            lines.append(f"{letter}: " + ", ".join(f"{signs[s]} {p}" for p, s in states.items()))
            html.append(f"<div>{escape(lines[-1])}</div>")
            for part in states:
                if (letter, part) in messages:
                    lines.append(f"   {part}: {messages[letter, part]}")
                    html.append(f'<div style="margin-left:2em">{escape(lines[-1].strip())}</div>')
        if set().union(*(s.values() for s in result["folders"].values())) == {"not attempted"}:
            lines.append(tr("not attempted"))
            html.append(f"<div>{lines[-1]}</div>")
        super().__init__(
            '<div role="status" style="border-left:4px solid currentColor;padding:4px 12px;'
            f'color:inherit">{"".join(html)}</div>',
            "\n".join(lines),
        )


def grade(answers: Mapping[str, Mapping[str, Any]]) -> Report:
    """One point for each right answer; for a wrong one, the idea that is probably behind it.

    As soon as anything was attempted, the result is also written as JSON beside the progress file.

    Args:
        answers: folder letter → part ("type", "classes", "trained", "parameters", "output") →
            answer, or `...` for what was not attempted.

    Raises:
        CourseError: not such a table, or an unknown letter or part in it.
    """
    _check_form(answers)
    states, messages = {}, {}
    for letter in MADE_FROM:
        states[letter] = {}
        for part, judge in PARTS.items():
            given = answers.get(letter, {}).get(part, ...)
            if given is ... or given is None:
                states[letter][part] = "not attempted"
                continue
            message = judge(letter, given)
            states[letter][part] = "wrong" if message else "right"
            if message:
                messages[letter, part] = message
    told = [state for parts in states.values() for state in parts.values()]
    result = {
        "score": told.count("right"),
        "of": OF,
        "transformers": transformers.__version__,
        "folders": states,
    }
    if set(told) != {"not attempted"}:
        keep("capstone", result)
    return Report(result, messages)


def _check_form(answers: Any) -> None:
    if not isinstance(answers, Mapping) or not all(
        isinstance(parts, Mapping) for parts in answers.values()
    ):
        raise CourseError(
            tr('The answers are a table of tables, as handed out: {"A": {"type": ..., …}, …}.')
        )
    for letter, parts in answers.items():
        unknown = [letter] if letter not in MADE_FROM else [p for p in parts if p not in PARTS]
        if unknown:
            raise CourseError(
                tr(
                    "{what!r} is not asked: the folders are {letters}, the parts {parts}.",
                    what=unknown[0],
                    letters=", ".join(MADE_FROM),
                    parts=", ".join(PARTS),
                )
            )
