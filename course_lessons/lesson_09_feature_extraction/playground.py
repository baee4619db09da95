"""Playground about sentence vectors: how pooling and padding change what is similar."""

from collections.abc import Sequence
from functools import cache

import torch
from torch import nn
from torch.nn import functional

from course_models.language import tr
from course_utils.drawings import Drawing, grid
from course_utils.playgrounds import Control, Playground

SENTENCES = (
    "The weather is lovely today.",
    "It is sunny and warm outside.",
    "He cooked dinner for us.",
    "She made a meal for her family.",
)
POOLINGS = {
    "masked mean": lambda hidden, mask: (hidden * mask).sum(dim=1) / mask.sum(dim=1),
    "mean of all positions": lambda hidden, mask: hidden.mean(dim=1),
    "first token": lambda hidden, mask: hidden[:, 0],
    "last position": lambda hidden, mask: hidden[:, -1],
    "maximum": lambda hidden, mask: hidden.masked_fill(mask == 0, -torch.inf).amax(dim=1),
}


def playground(model: nn.Module, tokenizer, sentences: Sequence[str] = SENTENCES) -> Playground:
    """Cosine similarities of a few sentences, for several poolings and amounts of padding.

    Args:
        model: a body without a head; it runs once per amount of padding.
        tokenizer: its tokenizer, which pads on the right.
        sentences: short sentences; two of each topic show most.
    """
    batch = tokenizer(list(sentences), padding=True, return_tensors="pt").to(model.device)

    @cache
    def run(extra: int) -> tuple[torch.Tensor, torch.Tensor]:
        mask = functional.pad(batch["attention_mask"], (0, extra))
        ids = functional.pad(batch["input_ids"], (0, extra), value=tokenizer.pad_token_id)
        with torch.no_grad():
            hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
        return hidden, mask.unsqueeze(-1)

    def draw(pooling: str, padding: int) -> Drawing:
        vectors = functional.normalize(POOLINGS[pooling](*run(padding)), dim=1)
        columns = [str(i + 1) for i in range(len(sentences))]
        rows = [f"{number}. {sentence}" for number, sentence in zip(columns, sentences)]
        title = tr(
            "Cosine similarity: {pooling}, {padding} more [PAD] in each row",
            pooling=tr(pooling),
            padding=padding,
        )
        return grid((vectors @ vectors.T).tolist(), rows, columns, title)

    return Playground(
        tr("Pooling bench"),
        draw,
        {
            "pooling": Control(tr("pooling"), list(POOLINGS)),
            "padding": Control(tr("extra padding"), range(0, 33, 8)),
        },
        {
            tr("masked mean"): ("masked mean", 0),
            tr("masked mean, much padding"): ("masked mean", 32),
            tr("mean of all, much padding"): ("mean of all positions", 32),
            tr("first token"): ("first token", 0),
            tr("last position, much padding"): ("last position", 32),
        },
    )
