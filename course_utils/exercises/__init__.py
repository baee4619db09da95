"""Exercises with checks that name the misconception: `check`, `hint`, `solution`, `progress`."""

from course_utils.exercises.engine import check, hint, solution
from course_utils.exercises.progress import progress

__all__ = ["check", "hint", "progress", "solution"]
