"""Drawn pictures that more than one lesson shows; a lesson's own stand in its folder.

Pictures are SVG on white paper: the same in light, dark, print and untrusted notebooks.
"""

from collections.abc import Sequence
from html import escape

from course_models.language import tr
from course_utils.drawings import BODY, HEAD, NEUTRAL, PALE, Drawing, picture

TEXT = "#1f2328"
OUTPUTS = {  # Auto class → what comes out of its head
    "AutoModel": "the vectors themselves",
    "AutoModelForCausalLM": "the next token",
    "AutoModelForMaskedLM": "the word in a blank",
    "AutoModelForSeq2SeqLM": "a new text (translation)",
    "AutoModelForQuestionAnswering": "a span of the text",
    "AutoModelForTokenClassification": "a label for each token",
    "AutoModelForSequenceClassification": "one label for the text",
}


def svg(width: int, height: int, parts: Sequence[str]) -> str:
    """An SVG on white paper with the course's font; positions are in pixels from the top left."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" font-family="system-ui,sans-serif" font-size="14" fill="{TEXT}">'
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    text: str = "",
    colour: str = NEUTRAL,
    dashed: bool = False,
) -> str:
    """A rounded box with a text in its middle, in the colour of a concept."""
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    middle = label(x + width / 2, y + height / 2 + 5, text, "middle") if text else ""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" '
        f'fill="{PALE[colour]}" stroke="{colour}" stroke-width="1.5"{dash}/>{middle}'
    )


def label(
    x: float, y: float, text: str, anchor: str = "start", colour: str = TEXT, bold: bool = False
) -> str:
    """A line of text that starts, ends or has its middle at (x, y)."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(text)}</text>"
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    colour: str = NEUTRAL,
    width: float = 1.5,
    dashed: bool = False,
) -> str:
    """A straight line."""
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<path d="M{x1} {y1} L{x2} {y2}" stroke="{colour}" stroke-width="{width}" '
        f'fill="none"{dash}/>'
    )


def body_and_heads(auto_class: str = "") -> Drawing:
    """One body, seven Auto classes, what comes out of each.

    Args:
        auto_class: the class that the lesson is about, drawn in full; "" draws all alike.
    """
    parts = [box(16, 150, 130, 56, "AutoTokenizer"), label(81, 226, tr("text → ids"), "middle")]
    parts += [line(146, 178, 176, 178), box(176, 30, 130, 308, tr("the body"), BODY)]
    parts.append(label(241, 206, tr("a vector a token"), "middle"))
    said = [tr("A tokenizer turns text into ids, the body turns them into one vector per token.")]
    for row, (name, output) in enumerate(OUTPUTS.items()):
        y, lit = 30 + 46 * row, auto_class in ("", name)
        parts.append(line(306, y + 16, 336, y + 16, width=3 if lit and auto_class else 1.5))
        shown = name if name == "AutoModel" else name.replace("AutoModel", "…")
        text = tr("{name} (no head)", name=shown) if name == "AutoModel" else shown
        colour = HEAD if lit else NEUTRAL
        parts.append(box(336, y, 236, 32, text, colour, dashed=name == "AutoModel"))
        arrow = "▶ " if name == auto_class else "→ "
        parts.append(label(584, y + 21, arrow + tr(output), bold=name == auto_class))
        here = tr("{name} (this lesson)", name=name) if name == auto_class else name
        said.append(f"{here}: {tr(output)}.")
    return picture(svg(790, 360, parts), " ".join(said))
