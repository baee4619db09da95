"""Playground: all spans of a short text as a grid."""

import torch
from torch import nn

from course_models.language import tr
from course_utils.drawings import Drawing, grid, spans, stack
from course_utils.playgrounds import Control, Playground

CONTEXT = "The old man lives in New York."
QUESTIONS = ("Who lives in New York?", "Where does he live?", "When did he arrive?")


def playground(model: nn.Module, tokenizer) -> Playground:
    """All spans of a short text as a grid, for three questions and a limit to the length.

    Args:
        model: an extractive question-answering model; it runs once, on one row per question.
        tokenizer: its tokenizer.
    """
    inputs = tokenizer(
        list(QUESTIONS),
        [CONTEXT] * len(QUESTIONS),
        padding=True,
        return_tensors="pt",
        return_offsets_mapping=True,
    )
    offsets = inputs.pop("offset_mapping").tolist()
    with torch.no_grad():
        outputs = model(**inputs.to(model.device))

    def draw(question: str, longest: int) -> Drawing:
        row = QUESTIONS.index(question)
        inside = [i for i, part in enumerate(inputs.sequence_ids(row)) if part == 1]
        places = [offsets[row][i] for i in inside]
        start, end = (
            scores[row, inside].softmax(dim=-1).cpu()
            for scores in (outputs.start_logits, outputs.end_logits)
        )
        size = len(inside)
        scores = start[:, None] * end[None, :]
        legal = torch.ones(size, size).triu().tril(longest - 1).bool()
        best = divmod(int(scores.masked_fill(~legal, -1).argmax()), size)
        cells = [
            [scores[i, j].item() if legal[i, j] else None for j in range(size)] for i in range(size)
        ]
        words = [CONTEXT[begin:stop] for begin, stop in places]
        answer = (places[best[0]][0], places[best[1]][1], f"{scores[best]:.0%}")
        return stack(
            spans(CONTEXT, [answer], question),
            grid(cells, words, words, tr("Start (rows) × end (columns)"), ".0%", best),
        )

    return Playground(
        tr("Span grid"),
        draw,
        {
            "question": Control(tr("question"), list(QUESTIONS)),
            "longest": Control(tr("longest answer"), range(1, 7)),
        },
        {
            tr("who"): (QUESTIONS[0], 6),
            tr("where"): (QUESTIONS[1], 6),
            tr("when (the text does not say)"): (QUESTIONS[2], 6),
            tr("who, in one token"): (QUESTIONS[0], 1),
        },
    )
