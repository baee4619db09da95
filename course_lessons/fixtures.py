"""What exercises are checked on: the embedded checkpoints, and small models made from a config."""

from functools import cache

import torch
import transformers
from transformers import AutoTokenizer

from course_utils.checkpoints import CHECKPOINTS, embedded


@cache
def model(task: str):
    """The embedded checkpoint of a task, in hub mode too: a verdict must not depend on the mode."""
    auto_class = getattr(transformers, CHECKPOINTS[task].auto_class)
    return auto_class.from_pretrained(embedded(task))


def tokenizer(task: str):
    """A fresh tokenizer of a task, since an answer may change its settings."""
    return AutoTokenizer.from_pretrained(embedded(task))


@cache
def tiny(class_name: str, **changes) -> torch.nn.Module:
    """A concrete transformers class with random weights, 16 wide and one layer deep."""
    cls = getattr(transformers, class_name)
    config = cls.config_class(
        vocab_size=66,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        bos_token_id=0,
        eos_token_id=0,
        **changes,
    )
    torch.manual_seed(0)
    return cls(config).eval()
