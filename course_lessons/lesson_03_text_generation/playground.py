"""Playground: what temperature and top-p do to the next token."""

import torch
from torch import nn

from course_utils.drawings import Drawing, bars
from course_utils.playgrounds import Control, Playground, steps


def top_tokens(probabilities: torch.Tensor, tokenizer, count: int) -> dict[str, float]:
    """The most probable tokens, as text in quotation marks → probability (those above zero)."""
    values, ids = probabilities.topk(count)
    return {
        repr(tokenizer.decode([token])): value
        for token, value in zip(ids.tolist(), values.tolist())
        if value > 0
    }


def playground(model: nn.Module, tokenizer, prompt: str = "One day, a little") -> Playground:
    """What temperature and top-p do to the probabilities of the next token.

    Args:
        model: a causal language model; it runs once.
        tokenizer: its tokenizer.
        prompt: the text to continue, at least one token.
    """
    with torch.no_grad():
        logits = (
            model(**tokenizer(prompt, return_tensors="pt").to(model.device)).logits[0, -1].cpu()
        )

    def draw(temperature: float, top_p: float) -> Drawing:
        probabilities = (logits / temperature).softmax(dim=-1)
        ordered, ids = probabilities.sort(descending=True)
        # A token stays if those before it have not reached top_p: the first one always does.
        kept = ids[ordered.cumsum(dim=-1) - ordered < top_p] if top_p < 1 else ids
        cut = torch.zeros_like(probabilities)
        cut[kept] = probabilities[kept] / probabilities[kept].sum()
        title = f"Next token after {prompt!r}: {len(kept):,} of {len(logits):,} may be drawn"
        return bars(top_tokens(cut, tokenizer, 8), title)

    return Playground(
        "Next-token lens",
        draw,
        {
            "temperature": Control("temperature", steps(0.1, 2.0, 20)),
            "top_p": Control("top-p", steps(0.1, 1.0, 19)),
        },
        {
            "as the model says": (1.0, 1.0),
            "cool": (0.4, 1.0),
            "hot": (2.0, 1.0),
            "hot, without the tail": (2.0, 0.7),
        },
    )
