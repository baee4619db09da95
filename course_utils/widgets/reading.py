"""Playgrounds about reading a head's output: spans of an answer, entities, scores of labels."""

from collections.abc import Sequence

import torch
from torch import nn
from transformers import pipeline

from course_utils.drawings import Drawing, bars, facts, grid, spans, stack
from course_utils.widgets.playground import Control, Playground, steps

CONTEXT = "The old man lives in New York."
QUESTIONS = ("Who lives in New York?", "Where does he live?", "When did he arrive?")
TEXTS = (
    "Wojciech Szczesny plays for Juventus.",
    "McDonalds and Starbucks opened in Uzhhorod.",
    "My name is Sarah and I live in London.",
)


def span_grid(model: nn.Module, tokenizer) -> Playground:
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
            grid(cells, words, words, "Start (rows) × end (columns)", ".0%", best),
        )

    return Playground(
        "Span grid",
        draw,
        {
            "question": Control("question", list(QUESTIONS)),
            "longest": Control("longest answer", range(1, 7)),
        },
        {
            "who": (QUESTIONS[0], 6),
            "where": (QUESTIONS[1], 6),
            "when (the text does not say)": (QUESTIONS[2], 6),
            "who, in one token": (QUESTIONS[0], 1),
        },
    )


def entity_painter(model: nn.Module, tokenizer) -> Playground:
    """The same scores, put together to entities in five ways.

    Args:
        model: a token classification model; it runs once per text and strategy, when asked for.
        tokenizer: its tokenizer.
    """
    # Without a device, pipeline would move the reader's model to an accelerator if there is one.
    tag = pipeline("token-classification", model=model, tokenizer=tokenizer, device=model.device)

    def draw(text: str, strategy: str) -> Drawing:
        found = tag(text, aggregation_strategy=strategy)
        marks = [(e["start"], e["end"], e.get("entity_group") or e["entity"]) for e in found]
        title = f"{strategy}: {len(marks)} entities" if marks else f"{strategy}: no entity"
        rows = {
            f"{place}. {text[start:end]}": f"{label}, {entity['score']:.0%}"
            for place, ((start, end, label), entity) in enumerate(zip(marks, found), start=1)
        }
        return stack(spans(text, marks, title), facts(rows, "One by one"))

    return Playground(
        "Entity painter",
        draw,
        {
            "text": Control("text", list(TEXTS)),
            "strategy": Control("strategy", ["none", "simple", "first", "average", "max"]),
        },
        {
            "every piece": (TEXTS[0], "none"),
            "neighbours joined": (TEXTS[0], "simple"),
            "the first piece decides": (TEXTS[0], "first"),
            "the mean decides": (TEXTS[0], "average"),
            "the surest piece decides": (TEXTS[0], "max"),
        },
    )


def logit_playground(labels: Sequence[str] = ("food", "service", "price")) -> Playground:
    """The same three scores under softmax and under sigmoid.

    Args:
        labels: three names of labels.
    """

    def draw(**logits: float) -> Drawing:
        scores = torch.tensor([logits[label] for label in labels])
        softmax, sigmoid = scores.softmax(dim=-1).tolist(), scores.sigmoid().tolist()
        present = [label for label, p in zip(labels, sigmoid) if p > 0.5]
        top = max(softmax)
        best = [label for label, p in zip(labels, softmax) if p == top]
        return stack(
            bars(dict(zip(labels, softmax)), f"softmax: which one? (sum {sum(softmax):.0%})"),
            bars(dict(zip(labels, sigmoid)), f"sigmoid: which of them? (sum {sum(sigmoid):.0%})"),
            facts(
                {
                    "largest by softmax": " = ".join(best),
                    "above one half by sigmoid": ", ".join(present) or "none",
                },
                "What one would answer",
            ),
        )

    return Playground(
        "Logit playground",
        draw,
        {label: Control(f"score of {label}", steps(-4, 4, 17)) for label in labels},
        {
            "one clear winner": (4.0, -2.0, -3.0),
            "two are there": (2.0, 2.0, -3.0),
            "none is there": (-3.0, -3.0, -3.0),
            "all are there": (3.0, 3.0, 3.0),
        },
    )
