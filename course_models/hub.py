"""Ask the hub, in bounded time, and say in one sentence why if it does not give an answer.

transformers itself waits without end for a network that drops packets, even for a checkpoint that
is in the cache.
"""

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_models.errors import CourseError
from course_models.language import tr

ANSWER_SECONDS = 4  # within which the hub has to say what it has
LONGER_SECONDS = 20  # for a question that takes several requests
NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class HubError(CourseError):
    """Why a checkpoint cannot be had from the hub, and what to do about it."""

    def __init__(self, problem: str, remedy: str):
        super().__init__(tr("{problem}: {remedy}.", problem=problem, remedy=remedy))
        self.problem, self.remedy = problem, remedy


def wants_offline() -> bool:
    """Whether the environment keeps huggingface_hub from asking the hub."""
    return os.environ.get("HF_HUB_OFFLINE", "0").lower() in ("1", "true", "yes", "on")


def may_be_id(name: str) -> bool:
    """Whether a model name that is no folder can be a hub id, rather than a path with a mistake."""
    return not (Path(name).is_absolute() or name.startswith((".", "~")) or name.count("/") > 1)


def locate(name: str) -> Path | None:
    """Where a checkpoint is on this machine: the folder of that name, or the one in
    huggingface_hub's cache for a hub id (not all of it may be there); None if it is not here."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    if Path(name).is_dir() or not may_be_id(name):
        return Path(name) if Path(name).is_dir() else None
    try:
        path = try_to_load_from_cache(name, "config.json")
    except HFValidationError:  # whoever asks the hub for it will say so
        return None
    return Path(path).parent if isinstance(path, str) else None


def describe(repository: str) -> Any:
    """What the hub says about a repository (huggingface_hub's ModelInfo), within seconds.

    Raises:
        HubError: the hub does not answer, or refuses.
    """
    from huggingface_hub import HfApi

    return ask(
        repository,
        lambda: HfApi().model_info(repository, files_metadata=True, timeout=ANSWER_SECONDS),
    )


def ask(repository: str, question: Callable[[], Any], seconds: float = ANSWER_SECONDS) -> Any:
    """The answer of a call to the hub, tried again after a server error.

    Raises:
        HubError: the environment forbids to ask, as it does unless COURSE_CHECKPOINTS=hub; no
            answer in time (whatever it waits for: name, connection or data); or a refusal.
    """
    from huggingface_hub import constants

    if wants_offline():
        raise HubError(
            tr(
                "{repository!r} is no folder here and the course runs offline",
                repository=repository,
            ),
            tr(
                "use checkpoint(task), or start Jupyter with COURSE_CHECKPOINTS=hub and "
                "without HF_HUB_OFFLINE to ask the hub"
            ),
        )
    constants.HF_HUB_OFFLINE = False  # an earlier download.fetch may have switched it on
    answer: list[Any] = []

    def attempt() -> None:
        try:
            answer.append(retried(question, 0.3, 1))
        except Exception as error:
            answer.append(explain(error, repository) or _unreachable(type(error).__name__))

    # A thread can be left behind; a look-up of a name or a trickling answer cannot be cut short.
    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(seconds)
    result = (
        answer[0] if answer else _unreachable(tr("no answer within {seconds:g} s", seconds=seconds))
    )
    if isinstance(result, HubError):
        raise result
    return result


def retried(question: Callable[[], Any], *waits: float) -> Any:
    """The answer to a question, asked again after each wait (s) if the hub itself has failed."""
    for wait in waits:
        try:
            return question()
        except Exception as error:
            if (_status(error) or 0) < 500:
                raise
        time.sleep(wait)
    return question()


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _status(error: Exception) -> int | None:
    """The HTTP status behind an error of huggingface_hub, if there is one."""
    answers = (getattr(link, "response", None) for link in _chain(error))
    return next((answer.status_code for answer in answers if answer is not None), None)


def explain(error: Exception, repository: str) -> HubError | None:
    """What an error of huggingface_hub or of the system means; None: something with the network."""
    from huggingface_hub import constants, errors

    chain, status = _chain(error), _status(error)
    host = constants.ENDPOINT.partition("://")[2]

    def caused_by(*types: type) -> bool:
        return any(isinstance(link, types) for link in chain)

    if any(getattr(link, "errno", None) in NO_SPACE for link in chain):
        return no_space(
            tr(
                "The disk is full, or your share of it, so {repository!r} is not stored",
                repository=repository,
            )
        )
    if caused_by(errors.HFValidationError):
        return HubError(
            tr("{repository!r} is no hub id", repository=repository),
            tr("write it as on the hub: owner/name"),
        )
    if caused_by(errors.GatedRepoError) or status == 403:
        return HubError(
            tr(
                "{repository!r} is gated ({status}), and you are not let in",
                repository=repository,
                status=status,
            ),
            tr(
                "ask for access on its page on {host} and log in with `hf auth login`, "
                "or use another checkpoint",
                host=host,
            ),
        )
    if caused_by(errors.RevisionNotFoundError):
        return HubError(
            tr("{repository!r} has no such revision", repository=repository),
            tr("leave the revision out"),
        )
    if caused_by(errors.EntryNotFoundError):
        return HubError(
            tr("{repository!r} has no config.json", repository=repository),
            tr("use the id of a checkpoint"),
        )
    if caused_by(errors.RepositoryNotFoundError) or status in (401, 404):
        return HubError(
            tr(
                "{host} has no {repository!r}, or does not show it to you ({status})",
                host=host,
                repository=repository,
                status=status,
            ),
            tr("correct model_name, or log in with `hf auth login` if it is private"),
        )
    if status == 429:
        return HubError(
            tr("{host} takes no more requests from here for now (429)", host=host),
            tr("wait some minutes and run this cell again, or log in with `hf auth login`"),
        )
    if status:
        return HubError(
            tr("{host} answers with an error ({status})", host=host, status=status),
            tr("run this cell again later"),
        )
    return None


def _unreachable(reason: str) -> HubError:
    from huggingface_hub import constants

    return HubError(
        tr("{address} cannot be reached ({reason})", address=constants.ENDPOINT, reason=reason),
        tr(
            "check the network and HF_ENDPOINT, or restart without "
            "COURSE_CHECKPOINTS=hub to use the embedded checkpoints"
        ),
    )


def no_space(problem: str) -> HubError:
    """The error for a disk with too little room."""
    return HubError(
        problem,
        tr("make room, or let HF_HOME name a folder on another disk and restart the kernel"),
    )
