"""Load checkpoints for a playground, quietly, and name what a load report says."""

from contextlib import contextmanager

import transformers
from transformers.utils import logging

from course_models.language import tr
from course_models.registry import concrete_classes


@contextmanager
def _no_load_report():
    before = logging.get_verbosity()
    logging.set_verbosity_error()  # the playground says itself what the report would say
    try:
        yield
    finally:
        logging.set_verbosity(before)


def load(name: str, auto_class: str):
    """The model and its loading info; None where the class refuses the checkpoint."""
    kind = transformers.AutoConfig.from_pretrained(name).model_type
    if auto_class not in concrete_classes(kind):
        return None
    with _no_load_report():
        return getattr(transformers, auto_class).from_pretrained(name, output_loading_info=True)


def names(keys) -> str:
    shown = sorted(keys)
    first = ", ".join(shown[:2])
    if len(shown) > 2:
        more = len(shown) - 2
        return tr("{count}: {first} and {more} more", count=len(shown), first=first, more=more)
    return tr("{count}: {names}", count=len(shown), names=first) if shown else tr("none")
