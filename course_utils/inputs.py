"""Check what goes into a model before it goes in: a clear sentence instead of an IndexError."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from course_models.errors import CourseError
from course_models.language import tr


class InputError(CourseError):
    """Text that this model cannot take, and what to do about it."""


def check_inputs(inputs: Mapping[str, Tensor], tokenizer, model: nn.Module, room: int = 0) -> None:
    """Make sure that encoded text is not empty and not longer than the model's positions.

    Args:
        inputs: what the tokenizer returned, with `input_ids` of shape (batch, tokens).
        tokenizer: the tokenizer that made them.
        model: the model that will receive them.
        room: how many positions must be left, for tokens that the model will add to the row.

    Raises:
        InputError: a row holds no token but special ones, no token that the vocabulary knows, or
            more tokens than the model has positions for.
    """
    special = set(tokenizer.all_special_ids)
    for row in inputs["input_ids"].tolist():
        if special.issuperset(row):
            if tokenizer.unk_token_id in row:
                raise InputError(
                    tr(
                        "No word of the text is in this model's vocabulary: write it in a language "
                        "that the model has read."
                    )
                )
            raise InputError(
                tr("The text is empty: put at least one word into the parameters cell.")
            )
    tokens = inputs["input_ids"].shape[-1]
    positions = getattr(model.config, "max_position_embeddings", None)
    if positions is not None and tokens + room > positions:
        facts = {"tokens": tokens, "positions": positions, "room": room}
        if room:
            sentence = tr(
                "The text is {tokens} tokens long and this model has {positions} positions, and "
                "{room} new tokens need some too: shorten it, or encode it with truncation=True.",
                **facts,
            )
        else:
            sentence = tr(
                "The text is {tokens} tokens long and this model has {positions} positions: "
                "shorten it, or encode it with truncation=True.",
                **facts,
            )
        raise InputError(sentence)


def check_pair(question: str, context: str, tokenizer) -> None:
    """Make sure that a context has words, and that the question leaves room for them.

    Args:
        question: what is asked.
        context: the text in which the answer may stand; cut if it is too long.
        tokenizer: the tokenizer that will join the two.

    Raises:
        InputError: there is no context, or no room for any of it.
    """
    if not tokenizer(context, add_special_tokens=False, verbose=False)["input_ids"]:
        raise InputError(tr("The context is empty: give it a text in which the answer may stand."))
    tokens = len(tokenizer(question, verbose=False)["input_ids"])
    if tokens + 2 > tokenizer.model_max_length:  # a token of the context, and the mark that ends it
        raise InputError(
            tr(
                "The question is {tokens} tokens long and leaves no room for the context: "
                "shorten it.",
                tokens=tokens,
            )
        )


def check_device(device: str) -> None:
    """Make sure that a model can be moved to a device, before it is loaded.

    Args:
        device: as for `model.to`: "cpu", "cuda", "cuda:1", "mps" …

    Raises:
        InputError: torch does not know the device or cannot use it here; the message names those
            it can use.
    """
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, TypeError):
        there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
        usable = ["cpu", *(name for name in there if there[name])]
        raise InputError(
            tr(
                "The device {device!r} cannot be used here: set device to {usable} in the "
                "parameters cell.",
                device=device,
                usable=tr(" or ").join(map(repr, usable)),
            )
        ) from None
