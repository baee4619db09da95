"""Each notebook runs with the hub's originals: downloaded once, then from the cache, then offline.

The hub is one on this machine that serves the embedded checkpoints under the originals' ids.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from executed import SOURCES
from local_hub import ORIGINALS

NOTEBOOKS = [path.stem for path in sorted(SOURCES.glob("[0-9]*.ipynb"))]
PHASES = ("first", "second", "offline")


@pytest.fixture(scope="module")
def report():
    """For each phase: what each notebook did, how many requests, and which for weights."""
    program = subprocess.run(
        [sys.executable, "-c", "from hub_mode import main; main()", *NOTEBOOKS],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
    )
    assert program.returncode == 0, program.stderr[-2000:]
    return json.loads(program.stdout.splitlines()[-1])


@pytest.mark.parametrize("phase", PHASES)
def test_every_notebook_runs_to_its_end(report, phase):
    failed = {n: r["error"] for n, r in report[phase]["notebooks"].items() if r["error"]}
    assert not failed


def test_the_first_run_downloads_each_original_once(report):
    downloaded = Counter(path.split("/resolve/")[0][1:] for path in report["first"]["weights"])
    assert downloaded == Counter(list(ORIGINALS))


def test_the_second_run_asks_but_downloads_no_weights(report):
    assert report["second"]["requests"] and not report["second"]["weights"]


def test_without_the_hub_the_cache_is_used_and_the_learner_is_told(report):
    assert report["offline"]["requests"] == 0
    for name, result in report["offline"]["notebooks"].items():
        for text in result["said"]:
            assert "going on offline with the copy in the cache" in text, name
