"""Run the answers of one copy in sandboxed kernels, and judge what they gave back."""

import contextlib
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from course_tools.grade.cases import Cases, cases_of
from course_tools.grade.cells import Finding, Step
from course_tools.grade.kernel import Kernel, Limits, NotGraded, Stopped
from course_tools.grade.plain import Unknown, decode, error_named, legible
from course_tools.grade.trial import MIME
from course_tools.publish.handout import answer_name
from course_utils.answers import CHARACTERS, SECONDS, Outcome, TooSlow, call
from course_utils.exercises import find
from course_utils.verdicts import Exercise, Mistake, Reason, Verdict, unfit, verdict_of

NO_MEMORY = re.compile(r"MemoryError|(can't allocate|not enough) memory|bad_alloc")
REFUSED = re.compile(r"PermissionError|Operation not (permitted|supported)|Permission denied")
TRIAL = (
    "from course_tools.grade import trial as _trial\n_trial.run({path!r}, {value}, lambda: {name})"
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
    steps: dict[str, Sequence[Step]], limits: Limits, cases: Cases
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
    for exercise in steps:
        cases.write(exercise)
    while left := [name for name in steps if name not in trials]:
        with Kernel(limits, cases.folder) as kernel:
            ran, held = set[Step](), kernel.held
            for name in left:
                trial, start, alive = Trial(), time.monotonic(), True
                try:
                    _try(find(name), steps[name], kernel, ran, trial, deadline, cases.folder)
                except Stopped as stopped:
                    if stopped.kind == "died" and name not in again:
                        again.add(name)
                        break
                    trial.error, alive = str(stopped), False
                    trial.findings.append(Finding(stopped.kind, str(stopped), name))
                trial.seconds = time.monotonic() - start
                trials[name] = trial
                if not alive:
                    break
    return trials, held


def _try(
    exercise: Exercise,
    steps: Sequence[Step],
    kernel: Kernel,
    ran: set[Step],
    trial: Trial,
    deadline: float,
    folder: Path,
) -> None:
    def run(source: str) -> list[dict]:
        seconds = min(kernel.limits.cell, deadline - time.monotonic())
        if seconds <= 0:
            raise Stopped("time", "no time was left for it")
        return kernel.run(source, seconds)

    raised = ""
    for step in steps:
        if step in ran:
            continue
        error = next((o for o in run(step.source) if o["kind"] == "error"), None)
        ran.add(step)
        if error:
            words = f"{error['ename']}: {error['evalue']}"
            if step.kind == "course":
                raise NotGraded(f"a cell of the lesson did not run: {words}")
            raised = words
            _explain(words, exercise.id, trial)
            if step.kind == "own":
                first = step.source.strip().partition("\n")[0][:60]
                text = f"a cell of the student's that it needs raised {words} ({first} …)"
                trial.findings.append(Finding("own cell", legible(text)[:300], exercise.id))
    path, name = str(folder / f"{exercise.id}.pickle"), answer_name(exercise)
    outputs = run(TRIAL.format(path=path, value=exercise.value, name=name))
    for output in outputs:
        if MIME in output["data"]:
            try:
                trial.said = dict(json.loads(str(output["data"][MIME])))
            except (ValueError, TypeError):
                raise Stopped("died", "it sent what no kernel sends") from None
        elif output["kind"] == "error":
            trial.error = raised or f"{output['ename']}: {output['evalue']}"
    if not trial.said and not trial.error:
        trial.error = raised or "its kernel did not say what came of it"


def _explain(words: str, exercise: str, trial: Trial) -> None:
    """Say in a finding what an error means that the sandbox has caused."""
    kind, text = "", ""
    if NO_MEMORY.search(words):
        kind, text = "memory", "it asked for more memory than it may use"
    elif words.startswith("TooSlow"):
        kind, text = "time", f"it was still running after {SECONDS} s and was stopped"
    elif words.startswith("TooChatty"):
        kind, text = "output", f"it printed more than {CHARACTERS} characters and was stopped"
    elif REFUSED.search(words):
        kind, text = "refused", f"it tried what the sandbox refuses: {words}"
    if kind and kind not in {finding.kind for finding in trial.findings}:
        trial.findings.append(Finding(kind, _steady(text)[:300], exercise))


def judge(exercise: Exercise, trial: Trial) -> dict:
    """The row of one exercise in the reports; adds to the trial's findings.

    References and mistakes run here, once each, in the main thread of the grader.

    Returns:
        exercise, verdict (a `State` or "error"), reason, error, message, mistake, seconds.
    """
    row = {"exercise": exercise.id, "seconds": round(trial.seconds, 2)}
    words = _steady(trial.error)
    if trial.said:
        try:
            verdict = _verdict(exercise, trial)
            told = {name: getattr(verdict, name) for name in Verdict.FIELDS}
            return (
                row
                | told
                | {
                    "verdict": verdict.state,
                    "error": _steady(verdict.error or ""),
                    "message": _steady(verdict.message),
                }
            )
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            words = "its kernel sent what no answer gives"
            trial.findings.append(Finding("died", f"{words} ({error!r:.200})", exercise.id))
    message = f"The cell raised {words}" if REASON.match(words) else words
    more = {"reason": Reason.RAISED, "error": words, "message": message, "mistake": None}
    return row | more | {"verdict": "error"}


def _verdict(exercise: Exercise, trial: Trial) -> Verdict:
    match trial.said:
        case {"state": "unfit", "value": str(value), "type": str(name)}:
            stand_in: Any = type(name, (Unknown,), {})("")
            if decode(value) is ...:
                stand_in = ...
            elif exercise.value:
                stand_in = print  # any function
            verdict = unfit(exercise, stand_in)
            if verdict is None:
                raise ValueError("unfit, and fit")
            return verdict
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


def _steady(text: str) -> str:
    """The text without what differs between two runs: addresses and the scratch folder's name."""
    text = re.sub(r"\b0x[0-9a-f]{6,}", "0x…", legible(text)[:MESSAGE])
    return re.sub(r"\S*/grade-\w+-\w+/run", "…", text)
