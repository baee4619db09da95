"""Show what the learner has done, exercise by exercise."""

from html import escape

import pandas as pd

from course_models.language import tr
from course_utils import lessons, records
from course_utils.drawings import Drawing

SIGNS = {"right": "✓", "wrong": "✗", "begun": "◐", "not attempted": "○"}


class Progress(Drawing):
    """One line of signs per notebook; the ones that were worked in most lately are open.

    Attributes:
        table: one row per exercise, warm-up and quiz: notebook, exercise, state, tries.
    """

    def __init__(self, table: pd.DataFrame, current: str | None):
        self.table = table
        html, text = [], []
        for notebook, rows in table.groupby("notebook", sort=False):
            signs = "".join(SIGNS[state] for state in rows.state)
            done = (rows.state == "right").sum()
            right = tr("{done} of {all}", done=done, all=len(rows))
            names = [f"{SIGNS[row.state]} {row.exercise}" for row in rows.itertuples()]
            is_open = " open" if notebook == current else ""
            items = "".join(f"<li>{escape(name)}</li>" for name in names)
            html.append(
                f"<details{is_open}><summary><b>{notebook}</b> <code>{signs}</code> {right}"
                f'</summary><ul style="list-style:none">{items}</ul></details>'
            )
            text.append(f"{notebook} {signs} {right}")
            text += [f"   {name}" for name in names] if is_open else []
        super().__init__("".join(html), "\n".join(text))


def progress() -> Progress:
    """What is done of each notebook; the one with the latest attempt is shown in full."""
    names = []
    for lesson in lessons.having("questions"):
        names.append(f"{lesson}-warm-up")
        names += [exercise.id for exercise in lessons.content(lesson, "exercises").EXERCISES]
        names.append(f"{lesson}-quiz")
    done = records.all_records()
    empty = {"state": "not attempted", "tries": 0}
    rows = [{"notebook": name[:2], "exercise": name, **done.get(name, empty)} for name in names]
    table = pd.DataFrame(rows, columns=["notebook", "exercise", "state", "tries"])
    return Progress(table, records.latest())
