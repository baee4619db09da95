"""All cards of the error clinic, and what one was doing when each trouble came."""

from course_lessons.lesson_11_error_clinic import (
    cards_red,
    cards_red_beginners,
    cards_silent,
    cards_yellow,
)

CARDS = (*cards_red_beginners.CARDS, *cards_red.CARDS, *cards_yellow.CARDS, *cards_silent.CARDS)
WHEN = {  # in the order of a program; each card is in one of them
    "importing and setting up": (
        *("dead-class", "torch-too-old", "no-accelerate", "no-sentencepiece", "no-cuda"),
        "mirror-too-late",
    ),
    "downloading": (
        *("no-such-repo", "gated", "not-cached", "no-certificate", "too-many-requests"),
    ),
    "loading a model": (
        *("no-folder", "adapter", "unknown-type", "no-weights", "pointer-file", "remote-code"),
        *("wrong-family", "auto-called", "load-in-8bit", "label-count", "other-vocabulary"),
        *("missing-head", "unexpected-weights", "half-a-translator", "wrong-config-class"),
        *("torch-dtype", "file-dtype", "architectures", "from-config", "tied-head", "lost-head"),
    ),
    "turning text into numbers": (
        *("no-text", "encode-plus", "as-target", "no-pad-token", "ragged", "no-template"),
        *("long-text", "no-tokenizer-files", "two-rows"),
    ),
    "calling the model": (
        *("text-to-model", "plain-lists", "no-batch-axis", "too-long", "no-decoder-ids"),
        *("no-pad-id", "widths-differ", "other-device", "out-of-memory", "device-assert"),
        *("empty-attentions", "typo", "no-mask"),
    ),
    "writing with generate": (
        *("no-generate", "no-room", "generate-typo", "bert-as-causal", "right-padding"),
        *("two-lengths", "default-length", "ignored-flags", "inert-settings", "prompt-again"),
    ),
    "reading the result": (
        *("no-logits", "no-pooler", "unpacked-output", "two-masks", "two-argmaxes"),
        *("swapped-labels", "word-pieces", "last-column", "first-token"),
    ),
    "using a pipeline": ("old-pipeline", "other-mask"),
}


def when(id: str) -> str:
    """What one was doing when this card's trouble came, in words."""
    return next(doing for doing, ids in WHEN.items() if id in ids)
