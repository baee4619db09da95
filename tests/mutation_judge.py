"""Which changes does no test notice? Random ones, in the lessons or in the exercises' references.

    python tests/mutation_judge.py --seed 1 [--count 60] [--lessons 03 04] [--references]

Literals, operators, directions of comparison and names are changed at random places. A changed
lesson cell is noticed if the run ends with an error or a test of what the lesson shows fails; a
changed reference is noticed if the exercise's check does not accept it as a learner's answer.

A change that is not noticed and does mean something is worth a test, or a case. One that means
nothing goes into mutants_without_meaning.toml, as it is printed here, with the reason.
"""

import argparse
import ast
import copy
import inspect
import itertools
import json
import os
import random
import sys
import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE), str(HERE / "notebooks")]

import nbformat  # noqa: E402

from executed import SOURCES  # noqa: E402
from fresh_process import call, in_fork  # noqa: E402
from half_run import Change, Ending, endings  # noqa: E402

MEANINGLESS = HERE / "mutants_without_meaning.toml"
SECONDS = 60  # for one changed reference
# Cells that bring something of the course's own, which has tests of its own.
FRAME = ("setup", "warm-up-questions", "quiz-questions", "exercise-tools", "answer-", "check-0")
FRAME += ("check-1", "guess-")

OPERATORS = {
    **{ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult]},
    **{ast.FloorDiv: [ast.Mult], ast.Mod: [ast.Mult], ast.Pow: [ast.Mult], ast.MatMult: [ast.Add]},
    **{ast.BitAnd: [ast.BitOr], ast.BitOr: [ast.BitAnd], ast.And: [ast.Or], ast.Or: [ast.And]},
}
COMPARISONS = {
    **{ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.GtE], ast.Eq: [ast.NotEq]},
    **{ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.LtE], ast.NotEq: [ast.Eq]},
    **{ast.In: [ast.NotIn], ast.NotIn: [ast.In], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is]},
}
TWINS = ["max min", "argmax argmin", "start_logits end_logits", "softmax log_softmax", "sum mean"]
TWINS += ["missing_keys unexpected_keys", "input_ids attention_mask", "any all", "item tolist"]
ATTRIBUTES = {a: b for pair in TWINS for a, b in (pair.split(), pair.split()[::-1])}


@dataclass(frozen=True)
class Mutant:
    """One change: in bytes `start` to `end` of the source of a cell or of a reference."""

    lesson: str
    place: str  # id of the cell or of the exercise
    source: str
    start: int
    end: int
    new: str
    kind: str

    @property
    def changed(self) -> str:
        code = self.source.encode()
        return (code[: self.start] + self.new.encode() + code[self.end :]).decode()

    @property
    def key(self) -> str:
        """Names the change so that it is found again when other lines have changed."""
        code = self.source.encode()
        line = (code[: self.start].rpartition(b"\n")[2] + code[self.start :]).split(b"\n")[0]
        old = " ".join(code[self.start : self.end].decode().split())
        return f"{line.decode().strip()}  # {old} → {self.new}"


def variants(node: ast.AST, names: list[str], texts: list[str]) -> Iterator[tuple[str, ast.AST]]:
    """All changes of one node, each with its kind."""
    new = copy.deepcopy(node)
    match node:
        case ast.Constant(value=bool(value)):
            yield "literal", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (("literal", ast.Constant(n)) for n in {value + 1, abs(value - 1)})
        case ast.Constant(value=float(value)):
            yield from (("literal", ast.Constant(n)) for n in {value * 2, value / 2} - {value})
        case ast.Constant(value=str(value)):
            yield from (("text", ast.Constant(text)) for text in texts if text != value)
        case ast.BinOp(op=op) | ast.BoolOp(op=op):
            for other in OPERATORS.get(type(op), ()):
                new.op = other()
                yield "operator", new
        case ast.Compare(ops=[op]):
            for other in COMPARISONS.get(type(op), ()):
                new = copy.deepcopy(node)
                new.ops = [other()]
                yield "comparison", new
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield "operator", node.operand
        case ast.Attribute(attr=attr) if attr in ATTRIBUTES:
            new.attr = ATTRIBUTES[attr]
            yield "name", new
        case ast.Name(id=name, ctx=ast.Load()):
            yield from (("name", ast.Name(other)) for other in names if other != name)


def mutable_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What may be changed below a node: no docstrings, f-strings and words of an assertion.

    A called function is not exchanged for another name either: that always ends the run.
    """
    yield node
    for child in ast.iter_child_nodes(node):
        is_words = isinstance(node, ast.Assert) and child is node.msg
        is_docstring = isinstance(node, ast.Expr) and isinstance(child, ast.Constant)
        is_called = isinstance(child, ast.Name) and child is getattr(node, "func", None)
        skipped = ast.JoinedStr | ast.Import | ast.ImportFrom
        if not (is_words or is_docstring or is_called or isinstance(child, skipped)):
            yield from mutable_nodes(child)


def mutants_of(lesson: str, place: str, source: str, chance: random.Random) -> Iterator[Mutant]:
    """One mutant for each place in a piece of code that has any."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic, such as `help?`
        return
    nodes = list(mutable_nodes(tree))
    loaded = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    texts = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in nodes:
        found = list(variants(node, sorted(loaded), sorted(texts)))
        if found:
            kind, new = chance.choice(found)
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            text = ast.unparse(ast.fix_missing_locations(new))
            yield Mutant(lesson, place, source, start, end, text, kind)


def in_cells(lesson: str, chance: random.Random) -> Iterator[Mutant]:
    for cell in nbformat.read(SOURCES / f"{lesson}.ipynb", as_version=4).cells:
        if cell.cell_type == "code" and not cell.id.startswith(FRAME):
            yield from mutants_of(lesson, cell.id, cell.source, chance)


def in_references(lesson: str, chance: random.Random) -> Iterator[Mutant]:
    from course_utils import lessons

    if lesson[:2] in lessons.having("exercises"):
        for exercise in lessons.content(lesson[:2], "exercises").EXERCISES:
            source = textwrap.dedent(inspect.getsource(exercise.reference))
            yield from mutants_of(lesson, exercise.id, source, chance)


def judge_cells(lesson: str, mutants: list[Mutant]) -> list[bool]:
    """Which of the changes the lesson's run or its tests notice."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # each failing test would tell why
    unbroken, broken = endings(lesson, [Change(m.place, m.changed) for m in mutants])
    if unbroken != Ending(None, []):
        raise SystemExit(f"{lesson} fails as it is: {unbroken}")
    return [ending != Ending(None, []) for ending in broken]


def judge_references(lesson: str, mutants: list[Mutant]) -> list[bool]:
    """Which of the changed references the exercise does not accept as an answer."""
    import torch

    from course_utils.answers import call as outcome_of
    from course_utils.exercises import find

    if torch.get_num_threads() > 1:
        torch.set_num_threads(1)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    noticed = []
    for place, group in itertools.groupby(mutants, key=lambda mutant: mutant.place):
        exercise = replace(find(place), mistakes=())
        cases = exercise.cases()
        wanted = [outcome_of(exercise.reference, case) for case in cases]
        for mutant in group:
            try:
                accepted = in_fork(_accepted, mutant, exercise, cases, wanted, seconds=SECONDS)
            except (TimeoutError, EOFError):
                accepted = False
            noticed.append(not accepted)
    return noticed


def _accepted(mutant: Mutant, exercise, cases: list, wanted: list) -> bool:
    """Whether the changed reference passes for a right answer (see `verdicts.judge`)."""
    from course_utils.verdicts import State, outcomes, unfit, verdict_of

    names = dict(vars(inspect.getmodule(exercise.reference)))
    try:
        exec(mutant.changed, names)
        answer = names[exercise.reference.__name__]
        answer = answer() if exercise.value else answer
    except Exception:
        return False
    if unfit(exercise, answer):
        return False
    found = outcomes(exercise, answer, cases)
    return verdict_of(exercise, cases, found, wanted, lambda m: ()).state is State.RIGHT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, help="how many changes; for references: all")
    parser.add_argument("--lessons", nargs="+", default=[""], help="their numbers; else all")
    parser.add_argument("--references", action="store_true", help="those of the exercises instead")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    names = sorted(path.stem for path in SOURCES.glob("*.ipynb"))
    names = [name for name in names if name.startswith(tuple(options.lessons))]
    made = in_references if options.references else in_cells
    mutants = [mutant for name in names for mutant in made(name, chance)]
    count = options.count or (len(mutants) if options.references else 60)
    chosen = sorted(chance.sample(range(len(mutants)), min(count, len(mutants))))
    judge = judge_references if options.references else judge_cells
    known = tomllib.loads(MEANINGLESS.read_text(encoding="utf-8"))
    noticed, meaningless = Counter(), Counter()
    with ThreadPoolExecutor(options.jobs) as pool:
        groups = {n: [mutants[c] for c in chosen if mutants[c].lesson == n] for n in names}
        results = {n: pool.submit(call, judge, n, group) for n, group in groups.items() if group}
        for name, result in results.items():
            print(f"\n[{name}]")
            for mutant, is_noticed in zip(groups[name], result.result(), strict=True):
                if is_noticed:
                    noticed[name] += 1
                elif mutant.key in known.get(name, {}).get(mutant.place, {}):
                    meaningless[name] += 1
                else:
                    key = json.dumps(mutant.key, ensure_ascii=False)  # TOML's strings are JSON's
                    print(f"{mutant.place}.{key} = ''  # {mutant.kind}", flush=True)
    print()
    for name in [*results, None]:
        these = list(results) if name is None else [name]
        done, all_ = sum(noticed[n] for n in these), sum(len(groups[n]) for n in these)
        meaning = all_ - sum(meaningless[n] for n in these)
        score = f"{done / meaning:.0%}" if meaning else "-"
        print(f"{name or 'in all':<28} {done:4} of {meaning:4} noticed, {score:>4}", end="")
        print(f"; {all_ - meaning} more mean nothing" if all_ > meaning else "")


if __name__ == "__main__":
    main()
