"""Bring a hub checkpoint into the cache: its size said first, in bounded time, and checked.

`from_pretrained` could download it too, but waits without end for a network that drops packets
and does not check what arrives. The download runs in a process of its own (this file as a program),
because only a process can be stopped at any moment.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from course_models import hub, weights
from course_models.hub import HubError
from course_models.language import tr

STALL_SECONDS = 30  # without anything new, after which a download is given up
CHECKING = 50e6  # bytes that a slow disk gives a second, while checksums are compared


def fetch(
    repository: str,
    check_config: Callable[[dict], Any] = lambda config: None,
    known_revision: str | None = None,
) -> Path:
    """Make sure that a repository's checkpoint is in the cache, and say what that takes.

    When the hub cannot give it but the cache has it, huggingface_hub is switched offline for this
    process, so that `from_pretrained` loads the copy without asking.

    Args:
        repository: hub id, such as "openai-community/gpt2".
        check_config: called before a download with what the hub knows of `config.json`, if it
            knows the model type; it raises if that is of no use.
        known_revision: commit that the course was checked with, if any; a note says when the
            repository has moved on.

    Returns:
        The folder in the cache.

    Raises:
        HubError: it is not in the cache and cannot be brought there.
    """
    from huggingface_hub import constants

    try:
        about = hub.describe(repository)
        if (about.config or {}).get("model_type"):
            check_config(about.config)
        folder = _download(repository, needed_files(about), about.sha)
    except HubError as error:
        folder = hub.locate(repository)
        if folder is None or not weights.has_all(folder):
            raise
        constants.HF_HUB_OFFLINE = True
        print(tr("{problem}: going on offline with the copy in the cache.", problem=error.problem))
        return folder
    if known_revision and not about.sha.startswith(known_revision):
        print(
            tr(
                "{repository} has moved on since this course was checked with {known_revision}.",
                repository=repository,
                known_revision=known_revision,
            )
        )
    return folder


def needed_files(about: Any) -> dict[str, int]:
    """Name → size in bytes of what loading needs; 0 where the hub does not tell the size."""
    sizes = {f.rfilename: f.size or 0 for f in about.siblings if "/" not in f.rfilename}
    found = next((name for name in weights.NAMES if name in sizes), None)
    if found is None:
        largest = ", ".join(sorted(sizes, key=sizes.get)[-2:])
        raise HubError(
            tr(
                "{id!r} has no weights for transformers (largest files: {largest})",
                id=about.id,
                largest=largest,
            ),
            tr("use a repository with {file}", file=weights.NAMES[0]),
        )
    parts = found.removesuffix(weights.INDEX).replace(".", "-*.") if weights.INDEX in found else ""
    return {
        name: size
        for name, size in sizes.items()
        if name == found or fnmatch(name, parts) or weights.is_small(name)
    }


def _download(repository: str, sizes: dict[str, int], commit: str) -> Path:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.file_download import repo_folder_name
    from huggingface_hub.utils import tqdm

    class NoBar(tqdm):
        def __init__(self, *args, **options):
            super().__init__(*args, **options | {"disable": True})

    how = {"revision": commit, "allow_patterns": list(sizes), "tqdm_class": NoBar}
    plan = hub.ask(
        repository, lambda: snapshot_download(repository, dry_run=True, **how), hub.LONGER_SECONDS
    )
    for file in plan:
        if file.is_cached and file.file_size != (sizes[file.filename] or file.file_size):
            _remove(Path(file.local_path))  # cut short, by a machine that was switched off
            file.is_cached = False
    missing = [sizes[file.filename] or file.file_size for file in plan if not file.is_cached]
    cache = Path(constants.HF_HUB_CACHE).absolute()
    if missing:
        cache.mkdir(parents=True, exist_ok=True)
        needed, free = sum(missing) / 1e6, shutil.disk_usage(cache).free / 1e6
        if needed > free:
            raise hub.no_space(
                tr(
                    "{repository!r} needs {needed:.0f} MB, and {free:.0f} MB are free",
                    repository=repository,
                    needed=needed,
                    free=free,
                )
            )
        print(
            tr(
                "{repository}: {needed:.1f} MB, to download once",
                repository=repository,
                needed=needed,
            )
        )
    else:
        print(
            tr("{repository} is in the cache already: nothing to download.", repository=repository)
        )
    if missing or not all(os.path.exists(file.local_path) for file in plan):
        storage = cache / repo_folder_name(repo_id=repository, repo_type="model")
        with tqdm(total=sum(missing), unit="B", unit_scale=True, leave=False) as bar:
            _run([repository, commit, list(sizes)], storage, bar, str(cache))
    return Path(plan[0].local_path).parent


def _run(order: list, storage: Path, bar: Any, cache: str) -> None:
    """Let another process download, and give it up when its folder stops growing."""
    from huggingface_hub import constants

    before = _sizes(storage)
    # What this process was started with, whatever a cell has written into os.environ since.
    settings = {"HF_ENDPOINT": constants.ENDPOINT, "HF_HUB_CACHE": cache}
    process = subprocess.Popen(
        [sys.executable, "-m", "course_models.download", json.dumps(order)],
        cwd=Path(__file__).parents[1],  # where `-m` looks
        env=os.environ | settings | {"HF_HUB_DISABLE_XET": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    size, changed, patience = sum(before.values()), time.monotonic(), STALL_SECONDS
    try:
        while process.poll() is None:
            time.sleep(0.1)
            if grown := sum(_sizes(storage).values()) - size:
                bar.update(grown)
                size, changed = size + grown, time.monotonic()
            if bar.n >= bar.total:  # all is there and its checksums are compared
                patience = STALL_SECONDS + size / CHECKING
            if time.monotonic() - changed > patience:
                raise HubError(
                    tr(
                        "The download of {repository!r} came to a halt for {patience:.0f} s",
                        repository=order[0],
                        patience=patience,
                    ),
                    tr(
                        "check the network and run this cell again, or use checkpoint(task) offline"
                    ),
                )
        if process.returncode:
            answer = process.stdout.read()
            raise HubError(*(json.loads(answer) if answer else _broken_off(order[0])))
    finally:  # also when the learner interrupts the kernel
        process.kill()
        process.wait()
        for left in _sizes(storage).keys() - before.keys():
            if left.suffix == ".incomplete":
                left.unlink(missing_ok=True)


def _sizes(folder: Path) -> dict[Path, int]:
    """Bytes of each file in a folder."""
    found = {}
    # Path.rglob fails when a folder is gone before it is read, and huggingface_hub makes one for a
    # moment, to see whether links work; os.walk passes over it.
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # renamed since it was listed
                found[Path(parent, name)] = os.lstat(os.path.join(parent, name)).st_size
    return found


def _program(repository: str, commit: str, names: list[str]) -> None:
    """The program: download and check the files; print why, as JSON, if they cannot be had."""
    from huggingface_hub import HfApi, constants, snapshot_download

    constants.DOWNLOAD_CHUNK_SIZE = 2**16  # else ten MB have to arrive before anything is seen to

    def ask(question: Callable, revision: str, **more) -> Any:
        return hub.retried(lambda: question(repository, revision=revision, **more), 1, 2, 4)

    try:
        folder = Path(ask(snapshot_download, commit, allow_patterns=names))
        found = ask(HfApi().verify_repo_checksums, commit)
        if damaged := [mismatch["path"] for mismatch in found.mismatches]:
            for name in damaged:
                _remove(folder / name)
            raise HubError(
                tr(
                    "{files} of {repository!r} arrived damaged and was removed",
                    files=", ".join(damaged),
                    repository=repository,
                ),
                tr("run this cell again; if it happens again, ask who runs your network"),
            )
        # No more to download; only now the cache is told that this is the newest.
        ask(snapshot_download, "main", allow_patterns=names)
    except Exception as error:
        known = error if isinstance(error, HubError) else hub.explain(error, repository)
        print(json.dumps([known.problem, known.remedy] if known else _broken_off(repository)))
        sys.exit(1)


def _remove(path: Path) -> None:
    path.resolve().unlink()  # the blob that the snapshot's link points to
    path.unlink(missing_ok=True)


def _broken_off(repository: str) -> tuple[str, str]:
    return tr("The download of {repository!r} broke off", repository=repository), tr(
        "run this cell again"
    )


if __name__ == "__main__":
    _program(*json.loads(sys.argv[1]))
