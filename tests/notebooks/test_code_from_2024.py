"""The seven code blocks that learners still find in the tutorial of 2024, run as they stand.

They name full-size checkpoints by their old ids; a hub on this machine answers for the real one.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from course_lessons.lesson_11_error_clinic.card import find_card as find
from course_lessons.lesson_11_error_clinic.error_search import explain_error
from executed import ROOT
from local_hub import LocalHub, hub_environment

TEXT = (ROOT / "tests" / "data" / "code_from_2024.txt").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^=== \d .*?\n(.*?)(?=^===|\Z)", TEXT, re.MULTILINE | re.DOTALL)

# Each block on its own, as if pasted into an empty cell; one process, to import the library once.
PROGRAM = """
import contextlib, io, json, sys

results = []
for block in json.load(sys.stdin):
    printed, error = io.StringIO(), None
    try:
        with contextlib.redirect_stdout(printed):
            exec(block, {"__name__": "__main__"})
    except Exception as caught:
        error = f"{type(caught).__name__}: {caught}"
    results.append([printed.getvalue(), error])
print(json.dumps(results))
"""


def run_blocks(blocks: list[str], home: Path) -> list[tuple[str, str | None]]:
    """What each block printed, and the error that ended it, if any."""
    with LocalHub() as hub:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=json.dumps(blocks),
            env=hub_environment(hub.url, home),
            capture_output=True,
            text=True,
            check=True,
        )
    return json.loads(done.stdout.splitlines()[-1])


def test_six_still_work_and_the_other_breaks_as_the_course_says(tmp_path):
    assert len(BLOCKS) == 7
    repaired = BLOCKS[3].replace("tokenizer.encode_plus(", "tokenizer(")
    results = run_blocks([*BLOCKS, repaired], tmp_path)
    printed, errors = zip(*results, strict=True)
    assert [n for n, error in enumerate(errors, start=1) if error] == [4], errors

    card = find("encode-plus")
    assert errors[3].startswith("AttributeError")
    assert re.search(card.says_5, errors[3], re.IGNORECASE)
    assert explain_error(errors[3]).ids[0] == card.id
    assert printed[7].startswith("答案: ")

    assert printed[0].startswith("Once upon a time")
    assert re.fullmatch(r"预测结果: \w+\n", printed[1])
    assert re.fullmatch(r"翻译结果: .*\w.*\n", printed[2])
    labels = dict(re.findall(r"^(.+): (O|[BI]-[A-Z]+)$", printed[4], re.MULTILINE))
    assert {"New", "York", "City", "[CLS]"} <= labels.keys() and "I-LOC" in labels.values()
    assert "情感预测: Positive\n" in printed[5]
    assert re.search(r"torch\.Size\(\[1, \d+, \d+\]\)", printed[6]), printed[6]
