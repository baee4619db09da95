"""What the exercises of 03_text_generation pass to answers, which run without the exercises."""

from course_utils.answers import CallLimit


class Limited:
    """A model whose `generate` may be called a number of times; each answer gets a fresh one."""

    def __init__(self, model, calls):
        self._model, self._calls = model, calls

    def __call__(self, *arguments, **named):
        return self._model(*arguments, **named)

    def __getattr__(self, name):
        if name.startswith("_"):  # also while it is unpickled and has no model yet
            raise AttributeError(name)
        return getattr(self._model, name)

    def __deepcopy__(self, memo):
        return Limited(self._model, self._calls)

    def __repr__(self):
        return type(self._model).__name__

    def generate(self, *arguments, **named):
        if not self._calls:
            raise CallLimit("generate was called more often than this exercise allows")
        self._calls -= 1
        return self._model.generate(*arguments, **named)
