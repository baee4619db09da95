"""Playgrounds about scores over the vocabulary: the next token, and a masked one."""

import torch
from torch import nn

from course_utils.drawings import Drawing, bars, spans, stack
from course_utils.widgets.playground import Control, Playground, steps


def _top(probabilities: torch.Tensor, tokenizer, count: int) -> dict[str, float]:
    """The most probable tokens, as text in quotation marks → probability (those above zero)."""
    values, ids = probabilities.topk(count)
    return {
        repr(tokenizer.decode([token])): value
        for token, value in zip(ids.tolist(), values.tolist())
        if value > 0
    }


def next_token_lens(model: nn.Module, tokenizer, prompt: str = "One day, a little") -> Playground:
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
        return bars(_top(cut, tokenizer, 8), title)

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


def mask_moves(model: nn.Module, tokenizer) -> Playground:
    """Hide one token after the other: what a masked language model would put there.

    Args:
        model: a masked language model; it runs once, on one row per token.
        tokenizer: its tokenizer.
    """
    text = "The cat sat on the mat and slept."
    inputs = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
    offsets = inputs.pop("offset_mapping")[0].tolist()
    ids = inputs["input_ids"][0]
    places = [i for i, (start, end) in enumerate(offsets) if end > start]  # no special tokens
    rows = ids.repeat(len(places), 1)
    rows[range(len(places)), places] = tokenizer.mask_token_id
    with torch.no_grad():
        logits = model(input_ids=rows.to(model.device)).logits[range(len(places)), places].cpu()
    probabilities = logits.softmax(dim=-1)
    names = [f"{i}: {text[slice(*offsets[place])]}" for i, place in enumerate(places, start=1)]

    def draw(hidden: str) -> Drawing:
        row = names.index(hidden)
        start, end = offsets[places[row]]
        own = probabilities[row, ids[places[row]]].item()
        bar_title = f"What the model puts there (the text's own token: {own:.1%})"
        return stack(
            spans(text, [(start, end, "hidden")], "The text"),
            bars(_top(probabilities[row], tokenizer, 5), bar_title),
        )

    return Playground(
        "Mask moves",
        draw,
        {"hidden": Control("hidden token", names)},
        {
            "a noun": (names[1],),
            "a preposition": (names[3],),
            "an article": (names[4],),
            "the full stop": (names[-1],),
        },
    )
