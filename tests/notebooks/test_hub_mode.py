"""Each notebook works with the hub's originals: downloaded once, then from the cache, then offline.

The hub is one on this machine that serves the embedded checkpoints under the originals' ids.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter

from executed import ROOT, SOURCES
from local_hub import ORIGINALS

PATH = [str(ROOT), str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])]


def run_everything() -> dict:
    """For each phase: what each notebook did, how many requests, and which for weights."""
    notebooks: dict[bool, list[str]] = {True: [], False: []}
    for path in sorted(SOURCES.glob("[0-9]*.ipynb")):
        text = path.read_text(encoding="utf-8")
        notebooks["checkpoint(" in text or "hub_id" in text].append(path.stem)
    groups = [",".join(notebooks[asking]) for asking in (True, False)]
    program = subprocess.run(
        [sys.executable, "-c", "from hub_mode import main; main()", *groups],
        cwd=ROOT,  # beside tests/course_utils, say, the package of that name would not be found
        env=os.environ | {"PYTHONPATH": os.pathsep.join(PATH)},
        capture_output=True,
        text=True,
    )
    assert program.returncode == 0, program.stderr[-2000:]
    return json.loads(program.stdout.splitlines()[-1])


def test_every_notebook_online_from_the_cache_and_offline():
    # One test: the runs build on each other, and pytest-xdist deals out tests, not files.
    report = run_everything()
    for phase, facts in report.items():
        failed = {n: r["error"] for n, r in facts["notebooks"].items() if r["error"]}
        assert not failed, phase
    assert report["embedded"]["requests"] == 0
    downloaded = Counter(path.split("/resolve/")[0][1:] for path in report["first"]["downloads"])
    assert downloaded == Counter(list(ORIGINALS)), "each original is downloaded once"
    said = "".join(t for r in report["first"]["notebooks"].values() for t in r["said"])
    sizes = re.findall(r"^(\S+): [\d.]+ MB, to download once$", said, re.MULTILINE)
    assert set(sizes) == set(ORIGINALS), "its size is said before transformers downloads anything"
    assert report["second"]["requests"] and not report["second"]["weights"]
    assert report["offline"]["requests"] == 0
    for name, result in report["offline"]["notebooks"].items():
        for text in result["said"]:
            assert "going on offline with the copy in the cache" in text, name
