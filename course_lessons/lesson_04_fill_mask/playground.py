"""Playground: what moving the mask through a text does to the candidates."""

import torch
from torch import nn

from course_lessons.lesson_03_text_generation.playground import top_tokens
from course_models.language import tr
from course_utils.drawings import Drawing, bars, spans, stack
from course_utils.playgrounds import Control, Playground


def playground(model: nn.Module, tokenizer) -> Playground:
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
        bar_title = tr("What the model puts there (the text's own token: {own:.1%})", own=own)
        return stack(
            spans(text, [(start, end, tr("hidden"))], tr("The text")),
            bars(top_tokens(probabilities[row], tokenizer, 5), bar_title),
        )

    return Playground(
        tr("Mask moves"),
        draw,
        {"hidden": Control(tr("hidden token"), names)},
        {
            tr("a noun"): (names[1],),
            tr("a preposition"): (names[3],),
            tr("an article"): (names[4],),
            tr("the full stop"): (names[-1],),
        },
    )
