"""Playground: what temperature, top-k and top-p do to the next token."""

import torch
from torch import nn

from course_lessons.lesson_03_text_generation.pictures import temperature_curves
from course_models.language import tr
from course_utils.drawings import Drawing, bars, stack
from course_utils.playgrounds import Control, Playground, steps

CURVES = 6
TOP_K = {"50 (the default)": 50, "off": None}


def top_tokens(probabilities: torch.Tensor, tokenizer, count: int) -> dict[str, float]:
    """The most probable tokens, as text in quotation marks → probability (those above zero)."""
    values, ids = probabilities.topk(count)
    return {
        repr(tokenizer.decode([token])): value
        for token, value in zip(ids.tolist(), values.tolist())
        if value > 0
    }


def cut(logits: torch.Tensor, temperature: float, top_k: int | None, top_p: float) -> torch.Tensor:
    """The probabilities that `generate` draws from, in its order: temperature, top-k, top-p.

    Args:
        logits: scores of one position, shape (vocabulary,).
        temperature: divides the scores; > 0.
        top_k: how many of the best tokens stay; None for all.
        top_p: tokens stay until their probabilities have reached this sum; 1 keeps all.

    Returns:
        Probabilities, shape (vocabulary,), zero where a token was dropped.
    """
    ordered, ids = (logits / temperature).sort(descending=True)
    ordered = ordered[:top_k].softmax(dim=-1)
    # A token stays if those before it have not reached top_p: the first one always does.
    stays = (ordered.cumsum(dim=-1) - ordered < top_p) | (top_p == 1)
    kept = torch.zeros_like(logits)
    kept[ids[: len(ordered)]] = torch.where(stays, ordered, 0)
    return kept / kept.sum()


def playground(model: nn.Module, tokenizer, prompt: str = "One day, a little") -> Playground:
    """What temperature, top-k and top-p do to the probabilities of the next token.

    Args:
        model: a causal language model; it runs once.
        tokenizer: its tokenizer.
        prompt: the text to continue, at least one token.
    """
    inputs = tokenizer(prompt, return_tensors="pt").to(model.device)
    with torch.no_grad():
        logits = model(**inputs).logits[0, -1].cpu()
    names = {i: repr(tokenizer.decode([i])) for i in logits.topk(CURVES).indices.tolist()}

    def draw(temperature: float, top_k: str, top_p: float) -> Drawing:
        chances = cut(logits, temperature, TOP_K[top_k], top_p)
        kept = int((chances > 0).sum())
        title = tr(
            "Next token after {prompt!r}: {kept:,} of {all:,} may be drawn",
            prompt=prompt,
            kept=kept,
            all=len(logits),
        )
        return stack(
            temperature_curves(logits, names, temperature),
            bars(top_tokens(chances, tokenizer, 8), title),
        )

    return Playground(
        tr("Next-token lens"),
        draw,
        {
            "temperature": Control(tr("temperature"), steps(0.1, 2.0, 20)),
            "top_k": Control("top-k", list(TOP_K)),
            "top_p": Control("top-p", steps(0.1, 1.0, 19)),
        },
        {
            tr("as generate draws"): (1.0, "50 (the default)", 1.0),
            tr("cool"): (0.4, "50 (the default)", 1.0),
            tr("hot, nothing cut"): (2.0, "off", 1.0),
            tr("hot, without the tail"): (2.0, "off", 0.7),
        },
    )
