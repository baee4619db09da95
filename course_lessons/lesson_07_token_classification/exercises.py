"""Exercises of 07_token_classification."""

from collections import Counter

from course_utils.verdicts import Exercise, Mistake

_TEXT = "Anna Schmidt and Bob Lee flew from New York to Siemens."
_OFFSETS = [
    (0, 4), (5, 8), (8, 12), (13, 16), (17, 20), (21, 24), (25, 29),
    (30, 34), (35, 38), (39, 43), (44, 46), (47, 51), (51, 54), (54, 55),
]  # fmt: skip
_LABELS = [
    "B-PER", "I-PER", "I-PER", "O", "B-PER", "I-PER", "O",
    "O", "B-LOC", "I-LOC", "O", "B-ORG", "I-ORG", "O",
]  # fmt: skip
_NEIGHBOURS = (["B-PER", "B-PER", "I-PER", "B-LOC"], [(0, 4), (5, 8), (8, 10), (11, 16)])
_NEIGHBOURS_TEXT = "Anna Lukas Paris"


def merge_bio(labels, offsets, text):
    entities = []
    for label, (start, end) in zip(labels, offsets, strict=True):
        kind = label[2:]
        if label.startswith("B-") or (label != "O" and not entities):
            entities.append([start, end, kind])
        elif label.startswith("I-"):
            entities[-1][1] = end
    return [(text[start:end], kind) for start, end, kind in entities]


def _each_token(labels, offsets, text):
    return [(text[a:b], tag[2:]) for tag, (a, b) in zip(labels, offsets) if tag != "O"]


def _only_begins(labels, offsets, text):
    return [(text[a:b], t[2:]) for t, (a, b) in zip(labels, offsets) if t.startswith("B-")]


def _ignores_b(labels, offsets, text):
    entities, previous = [], "O"
    for label, (start, end) in zip(labels, offsets):
        if label != "O" and label[2:] == previous[2:]:
            entities[-1][1] = end
        elif label != "O":
            entities.append([start, end, label[2:]])
        previous = label
    return [(text[start:end], kind) for start, end, kind in entities]


def word_labels(word_ids, labels):
    first = {}
    for word, label in zip(word_ids, labels, strict=True):
        if word is not None:
            first.setdefault(word, label)
    return list(first.values())


def _last_piece(word_ids, labels):
    return list({word: tag for word, tag in zip(word_ids, labels) if word is not None}.values())


def _with_special(word_ids, labels):
    first = {}
    for word, label in zip(word_ids, labels):
        first.setdefault(word, label)
    return list(first.values())


def _majority(word_ids, labels):
    said = {}
    for word, label in zip(word_ids, labels):
        if word is not None:
            said.setdefault(word, []).append(label)
    return [Counter(votes).most_common(1)[0][0] for votes in said.values()]


def _every_piece(word_ids, labels):
    return [label for word, label in zip(word_ids, labels) if word is not None]


def entity_counts(labels):
    counts = {}
    for label in labels:
        if label.startswith("B-"):
            counts[label[2:]] = counts.get(label[2:], 0) + 1
    return counts


def _count_tokens(labels):
    return dict(Counter(label[2:] for label in labels if label != "O"))


def _count_labels(labels):
    return dict(Counter(label for label in labels if label.startswith("B-")))


EXERCISES = (
    Exercise(
        id="07-merge",
        prompt="""Write `merge_bio(labels, offsets, text)`: turn one label per token into
entities, as a list of pairs (text, type) in reading order, such as `("New York", "LOC")`. A
`B-` label begins an entity, an `I-` label continues the one before it, `O` is no entity.
`offsets` holds each token's (start, end) characters; slice `text` from the first token's start
to the last one's end, so that spaces come out right. Two entities may stand next to each other.""",
        stub="""def merge_bio(labels, offsets, text):
    # Replace the dots by your code.
    return ...""",
        reference=merge_bio,
        cases=lambda: [
            (_LABELS, _OFFSETS, _TEXT),
            (*_NEIGHBOURS, _NEIGHBOURS_TEXT),
            (["O", "O"], [(0, 4), (5, 9)], "Nice  day"),
            (["B-LOC", "O", "B-LOC"], [(0, 4), (5, 7), (8, 12)], "Rome is Rome"),
        ],
        mistakes=(
            Mistake(
                "each-token",
                _each_token,
                "Every token became an entity of its own: an I- label continues the entity before.",
            ),
            Mistake(
                "only-begins",
                _only_begins,
                "Only the first token of each entity is there; extend it over the I- labels.",
            ),
            Mistake(
                "ignores-b",
                _ignores_b,
                "Two neighbours of the same type were joined: a B- label always begins a new "
                "entity. That is what the letter is for.",
            ),
        ),
        hints=(
            "Keep a list of [start, end, type]; B- appends to it, I- moves the end of "
            "the last one.",
            "label[2:] is the type without B- or I-.",
        ),
        why="B- opens, I- extends, O is nothing; the offsets give back the text as it was written.",
    ),
    Exercise(
        id="07-word-labels",
        prompt="""The model labels word *pieces*; readers want labels for words. Write
`word_labels(word_ids, labels)`: one label per word, the one of its first piece, in order.
`word_ids` is what `inputs.word_ids()` returns: for each token the number of its word, or `None`
for the special tokens, which have no word and get no label. Models trained in the usual way
learn on the first piece only, so the others are less reliable.""",
        stub="""def word_labels(word_ids, labels):
    # Replace the dots by your code.
    return ...""",
        reference=word_labels,
        cases=lambda: [
            (
                [None, 0, 0, 1, 2, 2, 2, None],
                ["B-LOC", "B-PER", "O", "O", "B-LOC", "I-LOC", "O", "O"],
            ),
            ([None, 0, 1, None], ["O", "O", "B-ORG", "O"]),
            ([0, 0, 1], ["B-LOC", "I-LOC", "O"]),  # a tokenizer need not add special tokens
            # The first piece against the majority, and an O before a name.
            ([None, 0, 0, 0, 1, 1, None], ["O", "B-ORG", "I-PER", "I-PER", "O", "B-LOC", "O"]),
        ],
        mistakes=(
            Mistake(
                "last-piece",
                _last_piece,
                "You kept the last piece's label; the first piece's is asked for.",
            ),
            Mistake(
                "with-special",
                _with_special,
                "A special token (word id None) has got a label; it is no word.",
            ),
            Mistake(
                "majority",
                _majority,
                "The pieces voted; the first one alone decides, however many disagree.",
            ),
            Mistake(
                "every-piece", _every_piece, "One label per piece came back, not one per word."
            ),
        ),
        hints=("Skip tokens whose word id is None.", "Take a label only when the word is new."),
        why="word_ids leads from pieces to words; None marks the tokens that are nobody's.",
    ),
    Exercise(
        id="07-counts",
        prompt="""Write `entity_counts(labels)`: how many *entities* of each type a list of
IOB2 labels holds, as a dictionary such as `{"PER": 2, "LOC": 1}`; types that do not occur are
left out. New York is one place although it has two tokens, so counting labels is not enough.
What is it that every entity has exactly one of?""",
        stub="""def entity_counts(labels):
    # Replace the dots by your code.
    return ...""",
        reference=entity_counts,
        cases=lambda: [(_LABELS,), (_NEIGHBOURS[0],), (["O", "O"],), (["B-MISC", "O", "B-MISC"],)],
        mistakes=(
            Mistake(
                "count-tokens", _count_tokens, "You counted tokens; New York would be two places."
            ),
            Mistake(
                "count-labels",
                _count_labels,
                'Right numbers, but the keys should be types: "PER", not "B-PER".',
            ),
        ),
        hints=(
            "In IOB2 each entity has exactly one B- label.",
            "collections.Counter can count them.",
        ),
        why="In IOB2 the number of entities is the number of B- labels.",
    ),
)
