"""A small hub on this machine: it serves the embedded checkpoints under their originals' ids.

It has the routes and headers that `from_pretrained` and huggingface_hub ask for, so the real
download-and-cache path runs without a network, and it can misbehave on demand. As a program it
serves until it is stopped: `python tests/local_hub.py`, then start another process with the
HF_ENDPOINT that it prints.
"""

import hashlib
import json
import os
import threading
import time
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from course_utils.checkpoints import CHECKPOINTS

ORIGINALS = {c.hub_id: c.folder for c in CHECKPOINTS.values()}
# Ids from before the hub had organisations; like the hub, we redirect them.
OLD_IDS = {hub_id.partition("/")[2]: hub_id for hub_id in ORIGINALS}
WEIGHTS = (".safetensors", ".bin")

FAULTS = {
    "gated": "401, as for a gated repository without a token",
    "forbidden": "403, as for a gated repository with a token that has no access",
    "missing": "401 RepoNotFound, as for a repository that does not exist",
    "no_revision": "404 RevisionNotFound",
    "rate_limit": "429 for every request",
    "broken": "500 for every request",
    "error_once": "500 for the first request of each path",
    "black_hole": "connections are accepted and never answered",
    "slow": "weights come a few bytes a second",
    "cut": "connections close in the middle of the weights, and resuming does not help",
    "wrong_hash": "one byte of the weights is wrong",
    "no_ranges": "Range headers are ignored",
}


@cache
def _digest(file: Path, size: int, modified: int) -> str:
    """What the hub calls the oid of a file: sha256 for weights, git's sha1 for others."""
    content = file.read_bytes()
    if file.suffix in WEIGHTS:
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def digest(file: Path) -> str:
    """The file's ETag on the hub."""
    stat = file.stat()
    return _digest(file, stat.st_size, stat.st_mtime_ns)


class LocalHub:
    """A running server; use it in a `with` statement.

    Args:
        repositories: id → folder with the files of a checkpoint (default: `ORIGINALS`).
        fault: a name from FAULTS, None for a hub that works; may be changed while it runs.

    Attributes:
        url: what HF_ENDPOINT has to be.
        requests: (method, path, status) of all requests so far.
    """

    def __init__(self, repositories: Mapping[str, Path] | None = None, fault: str | None = None):
        self.repositories = dict(ORIGINALS if repositories is None else repositories)
        self.fault = fault
        self.requests: list[tuple[str, str, int]] = []
        self.closed = False
        self._seen: set[str] = set()
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)  # its threads are daemons
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> "LocalHub":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening: from now on connections are refused."""
        self.closed = True
        self._server.shutdown()
        self._server.server_close()

    def weight_requests(self, whole: bool = False) -> list[str]:
        """Paths of the requests that were sent weights; `whole`: only those for a file from its
        first byte to its last, without the ranges that read a header."""
        return [
            path
            for method, path, status in self.requests
            if method == "GET" and status < (206 if whole else 300)
            if urlsplit(path).path.endswith(WEIGHTS)
        ]

    def commit(self, repository: str) -> str:
        """The commit that `main` of a repository stands at: 40 hexadecimal digits."""
        files = _files(self.repositories[repository])
        oids = "".join(digest(file) for file in files.values())
        return hashlib.sha1(f"{repository} {oids}".encode()).hexdigest()

    def first_time(self, path: str) -> bool:
        new = path not in self._seen
        self._seen.add(path)
        return new


def _files(folder: Path) -> dict[str, Path]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in found}


def _entry(name: str, file: Path) -> dict:
    """A file as the API describes it, for both the tree and the list of siblings."""
    size, oid = file.stat().st_size, digest(file)
    entry = {"type": "file", "path": name, "rfilename": name, "size": size, "oid": oid}
    if file.suffix in WEIGHTS:
        entry["lfs"] = {"oid": oid, "sha256": oid, "size": size, "pointerSize": 134}
        entry["oid"] = hashlib.sha1(oid.encode()).hexdigest()
    return entry | {"blobId": entry["oid"]}


class _Handler(BaseHTTPRequestHandler):
    hub: LocalHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self.hub.closed:  # a connection from before
            self.close_connection = True
            return
        fault = self.hub.fault
        path = unquote(urlsplit(self.path).path).strip("/")
        if fault == "black_hole":
            time.sleep(3600)  # a daemon thread: it ends with the process
        if fault == "rate_limit":
            return self._send(429, headers={"Retry-After": "1"})
        if (
            fault == "broken"
            or fault == "error_once"
            and self.hub.first_time(f"{self.command} {self.path}")
        ):
            return self._send(500)
        api = path.startswith("api/models/")
        repository, revision, rest = _split(path.removeprefix("api/models/"), api)
        if repository in OLD_IDS and repository not in self.hub.repositories:
            target = self.path.replace(repository, OLD_IDS[repository], 1)
            return self._send(307, headers={"Location": target})
        if repository not in self.hub.repositories or fault == "missing":
            return self._refuse(401, "RepoNotFound", "Repository not found")
        commit = self.hub.commit(repository)
        files = _files(self.hub.repositories[repository])
        known = revision == "main" or (len(revision) >= 7 and commit.startswith(revision))
        if not known or fault == "no_revision":
            return self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        if api:
            return self._describe(repository, commit, files, rest)
        if fault in ("gated", "forbidden"):
            message = f"Access to model {repository} is restricted"
            return self._refuse(401 if fault == "gated" else 403, "GatedRepo", message)
        if rest not in files:
            return self._refuse(404, "EntryNotFound", "Entry not found", commit)
        self._send_file(files[rest], {"X-Repo-Commit": commit})

    def _describe(self, repository: str, commit: str, files: dict, rest: str) -> None:
        kind, _, folder = rest.partition("/")
        if kind == "tree":
            found = [_entry(n, f) for n, f in files.items() if n.startswith(folder)]
            if folder and not found:
                return self._refuse(404, "EntryNotFound", f"{folder} does not exist")
            return self._send(200, json.dumps(found).encode())
        if kind:
            return self._refuse(404, "EntryNotFound", f"no route {kind}")
        about = {"id": repository, "modelId": repository, "sha": commit, "private": False}
        about |= {"gated": "auto" if self.hub.fault in ("gated", "forbidden") else False}
        about |= {"config": {"model_type": self._model_type(files)}, "tags": []}
        about |= {"siblings": [_entry(name, file) for name, file in files.items()]}
        self._send(200, json.dumps(about).encode())

    @staticmethod
    def _model_type(files: Mapping[str, Path]) -> str | None:
        config = files.get("config.json")
        return config and json.loads(config.read_text()).get("model_type")

    def _send_file(self, file: Path, headers: dict[str, str]) -> None:
        content, fault = file.read_bytes(), self.hub.fault
        headers |= {"ETag": f'"{digest(file)}"', "Accept-Ranges": "bytes"}
        weights = file.suffix in WEIGHTS
        if weights:
            headers |= {"X-Linked-Etag": headers["ETag"], "X-Linked-Size": str(len(content))}
        if weights and fault == "wrong_hash":
            content = content[:-1] + bytes([content[-1] ^ 1])
        status, part = 200, self.headers.get("Range", "").removeprefix("bytes=")
        if part and fault != "no_ranges" and self.command == "GET":
            first, _, last = part.partition("-")
            start, stop = int(first), min(int(last or len(content)) + 1, len(content))
            if start >= stop:
                return self._send(416, headers={"Content-Range": f"bytes */{len(content)}"})
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(content)}"
            status, content = 206, content[start:stop]
        self._send(status, content, headers, fault if weights else None)

    def _refuse(self, status: int, code: str, message: str, commit: str = "") -> None:
        headers = {"X-Error-Code": code, "X-Error-Message": message, "X-Repo-Commit": commit}
        self._send(status, json.dumps({"error": message}).encode(), headers)

    def _send(
        self,
        status: int,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        fault: str | None = None,
    ) -> None:
        self.hub.requests.append((self.command, self.path, status))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        try:
            if fault == "cut":
                self.wfile.write(body[: len(body) // 2] if status == 200 else b"")
                self.close_connection = True
            elif fault == "slow":
                for i in range(0, len(body), 8):
                    self.wfile.write(body[i : i + 8])
                    time.sleep(1)
            else:
                self.wfile.write(body)
        except OSError:  # the client gave up, which is what some faults are for
            self.close_connection = True


def _split(path: str, api: bool) -> tuple[str, str, str]:
    """Take a path apart: repository, revision, and what comes after."""
    words = path.split("/")
    marks = ("revision", "tree", "commits", "discussions", "paths-info") if api else ("resolve",)
    at = next((i for i, word in enumerate(words) if word in marks), len(words))
    revision = words[at + 1] if at + 1 < len(words) else "main"
    rest = words[at + 2 :]
    if api and at < len(words) and words[at] != "revision":
        rest = [words[at], *rest]
    return "/".join(words[:at]), revision, "/".join(rest)


def hub_environment(url: str, home: Path) -> dict[str, str]:
    """The environment of a process that takes its checkpoints from a local hub.

    Args:
        url: `LocalHub.url`.
        home: folder for HF_HOME, so that the process has a cache of its own.
    """
    return {
        **os.environ,
        "COURSE_CHECKPOINTS": "hub",
        "HF_ENDPOINT": url,
        "HF_HOME": str(home),
        "HF_HUB_OFFLINE": "0",  # course_utils has set it to 1 in this process
        "HF_HUB_DISABLE_PROGRESS_BARS": "0",
    }


if __name__ == "__main__":
    with LocalHub() as hub:
        print(f"HF_ENDPOINT={hub.url}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("Stopped.")
