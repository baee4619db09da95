"""Learner-side helpers of the AutoModel course: they show, draw and check, and load no model.

Importing this package first keeps a lesson offline and quiet: huggingface_hub reads these
variables once, while it is being imported, so they have to be there before transformers is.
"""

import os

if os.environ.get("COURSE_CHECKPOINTS", "embedded") != "hub":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # A bar for reading a local file only clutters the page; downloads keep theirs.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
else:
    # For a checkpoint without safetensors, transformers would ask the hub's bot to make them.
    os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "1")
