"""Every test runs without a network, and so does every kernel that a test starts."""

import os
import runpy
from pathlib import Path

# Tests run side by side, and torch's threads would wait for each other's cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

BLOCK = Path(__file__).parent / "tests" / "offline"

if os.environ.get("COURSE_CHECKPOINTS") != "hub":
    path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(BLOCK) not in path:  # else this is a child of the process that blocked it
        os.environ["PYTHONPATH"] = os.pathsep.join([str(BLOCK), *filter(None, path)])
        runpy.run_path(str(BLOCK / "sitecustomize.py"))
