"""Show what the learner has done, exercise by exercise."""

import pandas as pd

from course_utils import lessons, records


def progress() -> pd.DataFrame:
    """One row per exercise, warm-up and quiz of the course: notebook, exercise, state, tries."""
    names = []
    for lesson in lessons.having("questions"):
        names.append(f"{lesson}-warm-up")
        names += [exercise.id for exercise in lessons.content(lesson, "exercises").EXERCISES]
        names.append(f"{lesson}-quiz")
    done = records.all_records()
    empty = {"state": "not attempted", "tries": 0}
    return pd.DataFrame(
        [{"notebook": name[:2], "exercise": name, **done.get(name, empty)} for name in names]
    )
