"""Errors that a reader of the course meets: one sentence instead of a traceback."""


class CourseError(ValueError):
    """Bad input to the course: the message says what was wrong and what to do."""

    def _render_traceback_(self) -> list[str]:
        # IPython calls this instead of printing the stack, which would bury the one useful line.
        return [f"{type(self).__name__}: {self}"]
