"""Pictures for the lessons, as HTML that follows the reader's light or dark theme.

Each picture carries its numbers as text, so a screen reader, a plain-text export and a test see
what the eye sees; nothing is said by colour alone.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape

from course_models.language import width

# One colour per concept through the course, always beside a word or a sign; shown on white paper
# (`picture`) or as a translucent wash, which keeps the page's own text readable in light and dark.
BODY, HEAD, RIGHT, WRONG, NEUTRAL = "#1f4e79", "#8a5a00", "#1a7f37", "#b42318", "#57606a"
PALE = {BODY: "#dbe9f6", HEAD: "#fdf0d5", RIGHT: "#dff5e3", WRONG: "#fde7e4", NEUTRAL: "#f6f8fa"}
# A plain colour first: sanitizers of untrusted notebooks strip `color-mix`.
_BAR = "#5b8fc7"  # seen on white and on black
_FAINT = "rgba(128,128,128,{:.2f})"
_LINE = "1px solid " + _FAINT.format(0.5)
_TABLE = "border-collapse:collapse;color:inherit;font-size:14px;margin:8px 0"
_CAPTION = "caption-side:top;text-align:left;font-weight:bold;color:inherit;padding:4px 0"
_CELL = "padding:3px 8px;text-align:{};color:inherit;background:transparent"
_ROW = '<tr style="background:transparent">'  # notebooks stripe their tables
_HATCH = f"repeating-linear-gradient(45deg,{_FAINT.format(0.45)} 0 1px,transparent 1px 6px)"


class Drawing:
    """A picture in HTML with the same content in plain text."""

    def __init__(self, html: str, text: str):
        self.html, self.text = html, text

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def notice(head: str, message: str) -> str:
    """HTML of a short message, one line per line, under a bold heading."""
    body = "".join(f"<div>{escape(line)}</div>" for line in message.splitlines())
    return (
        '<div role="status" style="border-left:4px solid currentColor;padding:4px 12px;'
        f'color:inherit"><b>{escape(head)}</b>{body}</div>'
    )


def picture(svg: str, text: str) -> Drawing:
    """A drawn picture: an image with its text, which every theme, sanitizer and printer shows.

    Args:
        svg: the picture, with a `viewBox`, on a background of its own: an image cannot know the
            page's colours.
        text: what it says, for those who do not see it.
    """
    data = b64encode(svg.encode()).decode()
    style = "max-width:100%;height:auto;background:#ffffff;border-radius:6px"
    image = f'<img alt="{escape(text)}" style="{style}" src="data:image/svg+xml;base64,{data}">'
    return Drawing(image, text)


def _table(title: str, rows: Sequence[str]) -> str:
    return (
        f'<table style="{_TABLE}"><caption style="{_CAPTION}">{escape(title)}</caption>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _cell(content: str, align: str = "left", style: str = "", tag: str = "td") -> str:
    return f'<{tag} style="{_CELL.format(align)};{style}">{content}</{tag}>'


def bars(
    values: Mapping[str, float], title: str, form: str = ".1%", full: float | None = None
) -> Drawing:
    """A labelled bar for each value, with the value written beside it.

    Args:
        values: label → value ≥ 0, drawn in the order given.
        title: what the bars show.
        form: format of the written value (default: a percentage with one decimal).
        full: the value of a bar of full length, so that drawings can be compared; default: 1 for
            percentages, else the largest value.
    """
    longest = full or (1.0 if form.endswith("%") else max(values.values(), default=0)) or 1
    rows = []
    for label, value in values.items():
        bar = (
            f'<div style="width:{260 * min(value / longest, 1):.0f}px;height:14px;border:{_LINE};'
            f'background:{_BAR}"></div>'
        )
        number = _cell(format(value, form), "right")
        heading = _cell(escape(str(label)), style="font-family:monospace", tag="th")
        rows.append(f"{_ROW}{heading}{number}{_cell(bar)}</tr>")
    widest = max((width(str(label)) for label in values), default=0)
    lines = [
        f"{' ' * (widest - width(str(label)))}{label}  {value:{form}}"
        for label, value in values.items()
    ]
    return Drawing(_table(title, rows), "\n".join([title, *lines]))


def grid(
    values: Sequence[Sequence[float | None]],
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    form: str = ".2f",
    best: tuple[int, int] | None = None,
) -> Drawing:
    """A table of numbers shaded by size (a heat map that can also be read).

    Args:
        values: one row of numbers per entry of `rows`; None is hatched: a cell that is not allowed.
        rows: row headings.
        columns: column headings.
        title: what the grid shows.
        form: format of the numbers.
        best: (row, column) of the cell to outline and mark with ★.
    """
    allowed = [value for line in values for value in line if value is not None]
    low, high = min(allowed, default=0.0), max(allowed, default=1.0)
    span = (high - low) or 1.0

    def cell(value: float | None, marked: bool) -> str:
        if value is None:
            return _cell("", style=f"border:{_LINE};background:{_HATCH}")
        shade = f"rgba(31,110,190,{0.6 * (value - low) / span:.2f})"
        border = "2px solid currentColor;font-weight:bold" if marked else _LINE
        star = "★ " if marked else ""
        return _cell(star + format(value, form), "right", f"background:{shade};border:{border}")

    head = "".join(_cell(escape(name), "right", tag="th") for name in ["", *columns])
    body = [
        f"{_ROW}{_cell(escape(name), tag='th')}"
        + "".join(cell(value, best == (i, j)) for j, value in enumerate(line))
        + "</tr>"
        for i, (name, line) in enumerate(zip(rows, values, strict=True))
    ]
    text = [
        f"{name}: "
        + ", ".join(
            f"{column} {'-' if value is None else format(value, form)}"
            f"{' ★' if best == (i, j) else ''}"
            for j, (column, value) in enumerate(zip(columns, line, strict=True))
        )
        for i, (name, line) in enumerate(zip(rows, values, strict=True))
    ]
    html = f'<div style="overflow-x:auto">{_table(title, [f"{_ROW}{head}</tr>", *body])}</div>'
    return Drawing(html, "\n".join([title, *text]))


def spans(text: str, marks: Sequence[tuple[int, int, str]], title: str) -> Drawing:
    """Paint spans into a text: each is boxed, underlined and followed by its label.

    Args:
        text: the text as the reader wrote it.
        marks: (start, end, label) in characters, end exclusive, not overlapping.
        title: what is marked.
    """
    html, plain, position = [], [], 0
    for start, end, label in sorted(marks):
        html.append(escape(text[position:start]))
        plain.append(text[position:start])
        html.append(
            f'<mark style="color:inherit;background:rgba(31,110,190,0.12);border:{_LINE};'
            'border-bottom:3px solid currentColor;border-radius:3px;padding:1px 4px">'
            f"{escape(text[start:end])} "
            f'<small style="font-weight:bold">{escape(label)}</small></mark>'
        )
        plain.append(f"[{text[start:end]} {label}]")
        position = end
    html.append(escape(text[position:]))
    plain.append(text[position:])
    return Drawing(
        f'<figure style="margin:8px 0"><figcaption style="font-weight:bold">{escape(title)}'
        f'</figcaption><p style="line-height:2.2;color:inherit">{"".join(html)}</p></figure>',
        f"{title}\n{''.join(plain)}",
    )


def facts(rows: Mapping[str, str], title: str) -> Drawing:
    """A table of two columns: what, and what it is.

    Args:
        rows: heading → text, in the order given.
        title: what the facts are about.
    """
    line = f"border-left:{_LINE}"
    body = [
        f"{_ROW}{_cell(escape(name), tag='th')}{_cell(escape(text), style=line)}</tr>"
        for name, text in rows.items()
    ]
    lines = [f"{name}: {text}" for name, text in rows.items()]
    return Drawing(_table(title, body), "\n".join([title, *lines]))


def stack(*drawings: Drawing) -> Drawing:
    """Several drawings below each other, as one."""
    return Drawing(
        "".join(drawing.html for drawing in drawings),
        "\n".join(drawing.text for drawing in drawings),
    )


def code_columns(
    columns: Mapping[str, Sequence[tuple[str, bool]]], title: str, mark: str = "≠"
) -> Drawing:
    """Code side by side, with some lines marked and in bold.

    Args:
        columns: heading → lines as (text, marked).
        title: what is compared.
        mark: what stands before a marked line.
    """
    cells, plain = [], [title]
    for heading, lines in columns.items():
        shown = "\n".join(
            f"<b>{mark} {escape(line)}</b>" if marked else f"  {escape(line)}"
            for line, marked in lines
        )
        cells.append(
            f'<div style="flex:1 1 320px;border:{_LINE};padding:6px;overflow-x:auto">'
            f'<b>{escape(heading)}</b><pre style="color:inherit;background:transparent;'
            f'font-size:12px;margin:4px 0;white-space:pre;word-break:normal">{shown}</pre></div>'
        )
        plain += [heading, *(f"{mark if marked else ' '} {line}" for line, marked in lines)]
    return Drawing(
        f'<figure style="margin:8px 0"><figcaption style="font-weight:bold">{escape(title)}'
        f'</figcaption><div style="display:flex;flex-wrap:wrap;gap:8px">{"".join(cells)}'
        "</div></figure>",
        "\n".join(plain),
    )
