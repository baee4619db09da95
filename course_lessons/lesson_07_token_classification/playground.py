"""Playground: entities painted into a text."""

from torch import nn
from transformers import pipeline

from course_models.language import tr
from course_utils.drawings import Drawing, facts, spans, stack
from course_utils.playgrounds import Control, Playground

TEXTS = (
    "Wojciech Szczesny plays for Juventus.",
    "McDonalds and Starbucks opened in Uzhhorod.",
    "My name is Sarah and I live in London.",
)


def playground(model: nn.Module, tokenizer) -> Playground:
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
        title = (
            tr("{strategy}: {count} entities", strategy=strategy, count=len(marks))
            if marks
            else tr("{strategy}: no entity", strategy=strategy)
        )
        rows = {
            f"{place}. {text[start:end]}": f"{label}, {entity['score']:.0%}"
            for place, ((start, end, label), entity) in enumerate(zip(marks, found), start=1)
        }
        return stack(spans(text, marks, title), facts(rows, tr("One by one")))

    return Playground(
        tr("Entity painter"),
        draw,
        {
            "text": Control(tr("text"), list(TEXTS)),
            "strategy": Control(tr("strategy"), ["none", "simple", "first", "average", "max"]),
        },
        {
            tr("every piece"): (TEXTS[0], "none"),
            tr("neighbours joined"): (TEXTS[0], "simple"),
            tr("the first piece decides"): (TEXTS[0], "first"),
            tr("the mean decides"): (TEXTS[0], "average"),
            tr("the surest piece decides"): (TEXTS[0], "max"),
        },
    )
