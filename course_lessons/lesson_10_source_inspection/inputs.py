"""What the exercises of 10_source_inspection pass to answers, beside loaded models."""


def open_ended(input_ids=None, attention_mask=None, **kwargs):
    """Like a forward: whatever is not known lands in kwargs."""


def strict(input_ids=None, labels=None):
    """A function that takes no more than it names."""
