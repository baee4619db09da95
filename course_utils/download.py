"""Bring a hub checkpoint into the cache: its size said first, in bounded time, and checked.

`from_pretrained` could download it too, but waits without end for a network that drops packets
and does not check what arrives. The download runs in a process of its own (this file as a program),
because only a process can be stopped at any moment.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from course_utils import hub
from course_utils.hub import HubError

STALL_SECONDS = 30  # without anything new, after which a download is given up
TEXT_FILES = (".json", ".txt", ".model", ".spm", ".jinja")  # config and tokenizer


def fetch(repository: str, check_type: Callable[[str], Any], known_revision: str | None) -> Path:
    """Make sure that a repository's checkpoint is in the cache, and say what that takes.

    When the hub cannot give it but the cache has it, huggingface_hub is switched offline for this
    process, so that `from_pretrained` loads the copy without asking.

    Args:
        repository: hub id, such as "openai-community/gpt2".
        check_type: called with the model type before a download, if the hub knows it; it raises if
            that is of no use.
        known_revision: commit that the course was checked with, if any; a note says when the
            repository has moved on.

    Returns:
        The folder in the cache.

    Raises:
        HubError: it is not in the cache and cannot be brought there.
    """
    from huggingface_hub import constants

    try:
        hub.go_online(repository)
        about = hub.describe(repository)
        if model_type := (about.config or {}).get("model_type"):
            check_type(model_type)
        _download(repository, needed_files(about), about.sha)
    except HubError as error:
        folder = hub.cached(repository)
        if folder is None:
            raise
        constants.HF_HUB_OFFLINE = True
        print(f"{error.problem}: going on offline with the copy in the cache.")
        return folder
    if known_revision and not about.sha.startswith(known_revision):
        print(f"{repository} has moved on since this course was checked with {known_revision}.")
    return hub.cached(repository)


def needed_files(about: Any) -> dict[str, tuple[int | None, str | None]]:
    """Name → (size, checksum) of what loading needs; what `hub.cached` looks for comes last."""
    files = {f.rfilename: f for f in about.siblings if "/" not in f.rfilename}
    found = next((name for name in hub.WEIGHT_FILES if name in files), None)
    if found is None:
        raise HubError(
            f"{about.id!r} has no weights that transformers can load",
            f"use a repository with {hub.WEIGHT_FILES[0]}",
        )
    stem, suffix = found.removesuffix(".index.json").split(".")
    parts = [n for n in files if n.startswith(f"{stem}-") and n.endswith(suffix)]
    names = [n for n in files if n.endswith(TEXT_FILES) and n not in hub.WEIGHT_FILES]
    names += [*parts * found.endswith(".index.json"), found]
    return {
        name: (files[name].size, files[name].lfs.sha256 if files[name].lfs else files[name].blob_id)
        for name in names
    }


def _download(repository: str, files: dict[str, tuple], commit: str) -> None:
    from huggingface_hub import constants, try_to_load_from_cache
    from huggingface_hub.file_download import repo_folder_name
    from huggingface_hub.utils import tqdm

    def is_there(name: str) -> bool:
        path = try_to_load_from_cache(repository, name, revision=commit)
        return isinstance(path, str) and files[name][0] in (None, os.path.getsize(path))

    missing = {name: facts for name, facts in files.items() if not is_there(name)}
    megabytes = sum(size or 0 for size, _ in missing.values()) / 1e6
    if not missing:
        print(f"{repository} is in the cache already: nothing to download.")
        return
    cache = Path(constants.HF_HUB_CACHE)
    cache.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(cache).free / 1e6
    if megabytes > free:
        raise hub.no_space(f"{repository!r} needs {megabytes:.0f} MB, and {free:.0f} MB are free")
    said = (
        f"{megabytes:.1f} MB"
        if all(s is not None for s, _ in missing.values())
        else "size not told"
    )
    print(f"{repository}: {said}, to download once ({list(missing)[-1]} and settings)")
    folder = cache / repo_folder_name(repo_id=repository, repo_type="model")
    left_before = set(_incomplete(folder))
    # What this process was started with, whatever a cell has written into os.environ since.
    settings = {"HF_ENDPOINT": constants.ENDPOINT, "HF_HUB_CACHE": str(cache)}
    settings |= {"PYTHONPATH": _search_path(), "HF_HUB_DISABLE_XET": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "course_utils.download"],
        env=os.environ | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        process.stdin.write(json.dumps([repository, missing]))
        process.stdin.close()
        with tqdm(total=megabytes * 1e6, unit="B", unit_scale=True, leave=False) as bar:
            _watch(process, folder, bar.update, repository)
        if process.returncode:
            answer = process.stdout.read()
            raise HubError(*(json.loads(answer) if answer else _broken_off(repository)))
    finally:  # also when the learner interrupts the kernel
        process.kill()
        process.wait()
        for left in set(_incomplete(folder)) - left_before:
            left.unlink(missing_ok=True)


def _search_path() -> str:
    """PYTHONPATH with which a new process finds this package."""
    here = str(Path(__file__).parents[1])
    return os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), here]))


def _watch(process: subprocess.Popen, folder: Path, progress: Callable, repository: str) -> None:
    """Wait for the download, and give it up when the folder stops growing."""
    size, changed = _size(folder), time.monotonic()
    while process.poll() is None:
        time.sleep(0.1)
        grown = _size(folder) - size
        if grown:
            progress(grown)
            size, changed = size + grown, time.monotonic()
        elif time.monotonic() - changed > STALL_SECONDS:
            raise HubError(
                f"The download of {repository!r} came to a halt for {STALL_SECONDS:g} s",
                "check the network and run this cell again, or use checkpoint(task) offline",
            )


def _size(folder: Path) -> int:
    total = 0
    for path in _files(folder):
        with contextlib.suppress(OSError):  # renamed since it was listed
            total += path.lstat().st_size
    return total


def _incomplete(folder: Path) -> list[Path]:
    return [path for path in _files(folder) if path.suffix == ".incomplete"]


def _files(folder: Path) -> Iterator[Path]:
    # Path.rglob fails when a folder is gone before it is read, and huggingface_hub makes one for a
    # moment, to see whether links work; os.walk passes over it.
    return (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)


def _program() -> None:
    """The program: download and check each file; print why, as JSON, if one cannot be had."""
    from huggingface_hub import constants, hf_hub_download

    repository, files = json.load(sys.stdin)
    constants.DOWNLOAD_CHUNK_SIZE = 2**16  # else ten MB have to arrive before anything is seen to

    def get(name: str) -> Path:
        for wait in (1, 2, 4, None):
            try:
                return Path(hf_hub_download(repository, name))
            except Exception as error:
                if wait is None or not hub.is_server_error(error):
                    raise
            time.sleep(wait)

    try:
        for name, (size, checksum) in files.items():
            path = get(name)
            if size not in (None, path.stat().st_size):  # cut short by an earlier program
                _remove(path)
                path = get(name)
            if checksum and _checksum(path, len(checksum)) != checksum:
                _remove(path)
                raise HubError(
                    f"{name} of {repository!r} arrived damaged and was removed",
                    "run this cell again; if it happens again, ask who runs your network",
                )
    except Exception as error:
        known = error if isinstance(error, HubError) else hub.explain(error, repository)
        print(json.dumps([known.problem, known.remedy] if known else _broken_off(repository)))
        sys.exit(1)


def _checksum(path: Path, digits: int) -> str:
    """sha256 (64 digits) of a file, or git's sha1 (40), whichever the hub gives for it."""
    with path.open("rb") as file:
        if digits == 64:
            return hashlib.file_digest(file, "sha256").hexdigest()
        return hashlib.sha1(b"blob %d\0" % path.stat().st_size + file.read()).hexdigest()


def _remove(path: Path) -> None:
    path.resolve().unlink()  # the blob that the snapshot's link points to
    path.unlink(missing_ok=True)


def _broken_off(repository: str) -> tuple[str, str]:
    return f"The download of {repository!r} broke off", "run this cell again"


if __name__ == "__main__":
    _program()
