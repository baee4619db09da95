"""Learner-side helpers of the AutoModel course: they show, draw and check, and load no model.

Importing this package first keeps a lesson offline and quiet, because huggingface_hub reads these
variables once, while it is being imported. It also makes the imports that follow faster: Python
searches for garbage less often, of which torch and transformers make none while they come in.
"""

import gc
import os

# New objects between two searches for garbage, and searches between two that look at all objects:
# Python 3.11 has 700 and 10, and the searches take a sixth of the imports' time.
gc.set_threshold(50_000, 100)

if os.environ.get("COURSE_CHECKPOINTS", "embedded") != "hub":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # A bar for reading a local file only clutters the page; downloads keep theirs.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
else:
    # For a checkpoint without safetensors, transformers would ask the hub's bot to make them.
    os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "1")
