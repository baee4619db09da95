"""Questions before and after each lesson: `warm_up("04")` and `quiz("04")`."""

from course_utils.quizzes.engine import quiz, warm_up

__all__ = ["quiz", "warm_up"]
