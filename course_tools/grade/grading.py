"""Run the answers of one copy in sandboxed kernels, and judge what they gave back."""

import contextlib
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from course_tools.grade.cases import Cases, cases_of
from course_tools.grade.cells import Finding, Step, answer_name
from course_tools.grade.kernel import Kernel, Limits, NotGraded, Stopped
from course_tools.grade.plain import decode, error_named, legible
from course_tools.grade.trial import MIME
from course_utils.answers import CHARACTERS, SECONDS, Outcome, TooSlow, call
from course_utils.exercises import find
from course_utils.verdicts import Exercise, Mistake, Reason, Verdict, unfit, verdict_of

TRIAL = (
    "from course_tools.grade import trial as _trial\n_trial.run({path!r}, {value}, lambda: {name})"
)
REFUSED = r"PermissionError|Operation not (permitted|supported)|Permission denied"
NO_MEMORY = r"MemoryError|(can't allocate|not enough) memory|bad_alloc"
# What an error means that the sandbox has caused: kind of finding, sign of it, words.
CAUSES = (
    ("memory", NO_MEMORY, "it asked for more memory than it may use"),
    ("time", r"^TooSlow", f"it was still running after {SECONDS} s and was stopped"),
    ("output", r"^TooChatty", f"it printed more than {CHARACTERS} characters and was stopped"),
    ("refused", REFUSED, "it tried what the sandbox refuses: {}"),
)
REASON = re.compile(r"\w+(Error|Exception|Warning|Interrupt|Exit)?: ")
MESSAGE = 2_000  # characters of a message in the reports


@dataclass
class Trial:
    """What came of one exercise in a kernel: what the trial said, or why it could not."""

    said: dict = field(default_factory=dict)
    error: str = ""
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)


def run_answers(
    steps: Mapping[str, Sequence[Step]], limits: Limits, cases: Cases
) -> tuple[dict[str, Trial], dict[str, bool]]:
    """Run each exercise's cells, then its answer on the exercise's inputs; judge nothing.

    Returns:
        exercise → what came of it, and which protections the sandbox had.

    An exercise that stops its kernel does not stop the others: they go on in a new one. One whose
    kernel has died gets a second try, since that need not be its own fault.

    Raises:
        NotGraded: a kernel did not come up, or the lesson's own cells did not run.
    """
    trials: dict[str, Trial] = {}
    held: dict[str, bool] = {}
    deadline, again = time.monotonic() + limits.total, set[str]()
    paths = {name: str(cases.write(name)) for name in steps}
    while left := [name for name in steps if name not in trials]:
        with Kernel(limits, cases.folder) as kernel:
            ran, held = set[Step](), kernel.held

            def run(source: str, kernel: Kernel = kernel) -> list[dict]:
                seconds = min(limits.cell, deadline - time.monotonic())
                if seconds <= 0:
                    raise Stopped("time", "no time was left for it")
                return kernel.run(source, seconds)

            for name in left:
                trials[name] = trial = Trial()
                new, start = [step for step in steps[name] if step not in ran], time.monotonic()
                try:
                    _try(find(name), paths[name], new, run, trial)
                    ran |= {*steps[name]}
                except Stopped as stopped:
                    trial.error = str(stopped)
                    trial.findings.append(Finding(stopped.kind, str(stopped), name))
                    if stopped.kind == "died" and name not in again:
                        again.add(name)
                        del trials[name]
                    break
                finally:
                    trial.seconds = time.monotonic() - start
    return trials, held


def _try(
    exercise: Exercise,
    path: str,
    steps: Sequence[Step],
    run: Callable[[str], list[dict]],
    trial: Trial,
) -> None:
    for step in steps:
        for output in run(step.source):
            if output["kind"] != "error":
                continue
            trial.error = f"{output['ename']}: {output['evalue']}"
            if step.kind == "course":
                raise NotGraded(f"a cell of the lesson did not run: {trial.error}")
            _explain(trial.error, exercise.id, trial)
            if step.kind == "own":
                first = step.source.strip().partition("\n")[0][:60]
                words = f"a cell of the student's that it needs raised {trial.error} ({first} …)"
                trial.findings.append(Finding("own cell", legible(words)[:300], exercise.id))
    name = answer_name(exercise)
    for output in run(TRIAL.format(path=path, value=exercise.value, name=name)):
        if MIME in output["data"]:
            try:
                trial.said = dict(json.loads(str(output["data"][MIME])))
            except (ValueError, TypeError):
                raise Stopped("died", "it sent what no kernel sends") from None
        elif output["kind"] == "error":
            trial.error = trial.error or f"{output['ename']}: {output['evalue']}"
    if not trial.said and not trial.error:
        trial.error = "its kernel did not say what came of it"


def _explain(words: str, exercise: str, trial: Trial) -> None:
    for kind, sign, text in CAUSES:
        if re.search(sign, words):
            found = Finding(kind, steady(text.format(words))[:300], exercise)
            if kind not in {finding.kind for finding in trial.findings}:
                trial.findings.append(found)
            return


def judge(exercise: Exercise, trial: Trial) -> dict[str, Any]:
    """The row of one exercise in the reports; adds to the trial's findings.

    References and mistakes run here, once each, in the main thread of the grader.

    Returns:
        exercise, verdict (a `State` or "error"), reason, error, message, mistake, seconds.
    """
    row = {"exercise": exercise.id, "seconds": round(trial.seconds, 2)}
    words = steady(trial.error)
    if trial.said:
        try:
            told = _verdict(exercise, trial)
            row |= {name: getattr(told, name) for name in Verdict.FIELDS}
            row |= {"error": steady(told.error or ""), "message": steady(told.message)}
            return row | {"verdict": row.pop("state")}
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            words = "its kernel sent what no answer gives"
            trial.findings.append(Finding("died", f"{words} ({error!r:.200})", exercise.id))
    message = f"The cell raised {words}" if REASON.match(words) else words
    more = {"reason": Reason.RAISED, "error": words, "message": message, "mistake": None}
    return row | more | {"verdict": "error"}


def _verdict(exercise: Exercise, trial: Trial) -> Verdict:
    match trial.said:
        case {"state": "unfit", "value": str(value)}:
            given = decode(value)
            if exercise.value and given is not ...:
                given = print  # any function
            if verdict := unfit(exercise, given):
                return verdict
            raise ValueError("unfit, and fit")
        case {"state": "called", "outcomes": list(said)}:
            found = [_outcome(one) for one in said]
        case _:
            raise ValueError("neither unfit nor called")
    cases = cases_of(exercise)
    if not found or (len(found) < len(cases) and not isinstance(found[-1].error, TooSlow)):
        raise ValueError(f"{len(found)} of {len(cases)} cases")
    for one in found:
        if one.error is not None:
            _explain(f"{type(one.error).__name__}: {one.error}", exercise.id, trial)
    return verdict_of(exercise, cases, found, _known(exercise, None), lambda m: _known(exercise, m))


_outcomes: dict[tuple[str, str | None], list[Outcome]] = {}


def _known(exercise: Exercise, mistake: Mistake | None) -> list[Outcome]:
    """What the reference, or a catalogued mistake, does on the cases."""
    key = exercise.id, mistake and mistake.name
    if key not in _outcomes:
        function = mistake.answer if mistake else exercise.reference
        with contextlib.redirect_stderr(StringIO()):  # what a model says while it runs is noise
            _outcomes[key] = [call(function, case, timed=False) for case in cases_of(exercise)]
    return _outcomes[key]


def _outcome(said: dict[str, Any]) -> Outcome:
    more = {"changed": said["changed"] is True, "printed": legible(str(said["printed"]))}
    if said["error"] is not None:
        name, text = said["error"]
        return Outcome(error=error_named(str(name), legible(str(text))), **more)
    return Outcome(decode(str(said["result"])), **more)


def steady(text: str) -> str:
    """The text without what differs between two runs: addresses and the scratch folder's name."""
    text = re.sub(r"\b0x[0-9a-f]{6,}", "0x…", legible(text)[:MESSAGE])
    return re.sub(r"\S*/grade-\w+-\w+/run", "…", text)
