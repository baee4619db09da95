"""Exercises of 06_question_answering."""

import torch

from course_utils.verdicts import Exercise, Mistake


def best_span(start, end, allowed, longest):
    best = None
    for first in range(len(allowed)):
        for last in range(first, min(first + longest, len(allowed))):
            if allowed[first] and allowed[last]:
                score = float(start[first] + end[last])
                if best is None or score > best[0]:
                    best = (score, first, last)
    return best[1:]


def _legal(start, end, allowed, longest):
    """All spans that count, as (score, first, last), the best first."""
    n = len(allowed)
    return sorted(
        (
            (float(start[first] + end[last]), first, last)
            for first in range(n)
            for last in range(first, min(first + longest, n))
            if allowed[first] and allowed[last]
        ),
        reverse=True,
    )


def best_spans(start, end, allowed, longest, k):
    n = len(allowed)
    spans = [
        (float(start[first] + end[last]), first, last)
        for first in range(n)
        for last in range(first, min(first + longest, n))
        if allowed[first] and allowed[last]
    ]
    kept = []
    for _, first, last in sorted(spans, reverse=True):
        if all(last < other[0] or other[1] < first for other in kept):
            kept.append((first, last))
    return kept[:k]


def _overlapping(start, end, allowed, longest, k):
    return [span[1:] for span in _legal(start, end, allowed, longest)[:k]]


def _two_contests(start, end, allowed, longest, k):
    legal = [i for i, inside in enumerate(allowed) if inside]
    starts = sorted(legal, key=lambda i: -start[i])
    ends = sorted(legal, key=lambda i: -end[i])
    return list(zip(starts[:k], ends[:k], strict=True))


def _ignores_question(start, end, allowed, longest, k):
    return best_spans(start, end, [True] * len(allowed), longest, k)


def _any_length(start, end, allowed, longest, k):
    return best_spans(start, end, allowed, len(allowed), k)


def _other_start(start, end, allowed, longest, k):
    kept = {}
    for _, first, last in _legal(start, end, allowed, longest):
        kept.setdefault(first, (first, last))
    return list(kept.values())[:k]


def _span_cases():
    allowed = [False, False, False, True, True, True, True, True, True, False]
    two_answers = torch.tensor([9.0, 1, 0, 5, 0, 1, 0, 4, 1, 0])
    two_ends = torch.tensor([0.0, 0, 1, 1, 4.5, 0, 0, 0.5, 4, 8])
    start_late = torch.tensor([0.0, 1, 0, 4, 0, 1, 0, 6, 0, 0])
    far_end = torch.tensor([0.0, 0, 0, 1, 2, 5, 0, 1, 6, 0])
    touching = torch.tensor([0.0, 0, 0, 3, 0, 2, 0, 0, 0, 0])
    negative = torch.tensor([-9.0, -9, -9, -4, -6, -2, -7, -9, -5, -9])
    return [
        (two_answers, two_ends, allowed, 3, 2),
        (touching, torch.tensor([0.0, 0, 0, 0, 0, 3, 2, 0, 0, 0]), allowed, 3, 9),  # fewer than k
        (touching, torch.tensor([0.0, 0, 0, 0, 0, 0, 6, 0, 0, 0]), allowed, 3, 1),  # one too long
        (negative, negative.flip(0), allowed, 4, 2),  # a product of logits misleads
        (start_late, far_end, allowed, 6, 2),
        (torch.tensor([0.0, 0, 0, 8, 0, 0, 0, 2, 0, 0]), far_end, allowed, 3, 3),
        (torch.tensor([0.0, 8, 0, 1, 2, 0, 0, 0, 0, 0]), far_end, allowed, 6, 1),
    ]


def quote(context, offsets, first, last):
    return context[offsets[first][0] : offsets[last][1]]


def _stops_short(context, offsets, first, last):
    return context[offsets[first][0] : offsets[last][0]]


def _token_numbers(context, offsets, first, last):
    return context[first : last + 1]


def _glued(context, offsets, first, last):
    return " ".join(context[a:b] for a, b in offsets[first : last + 1])


_CONTEXT = "Prices rose 3.5% (a record) in New York."
_OFFSETS = [
    (0, 6), (7, 11), (12, 13), (13, 14), (14, 15), (15, 16), (17, 18),
    (18, 19), (20, 26), (26, 27), (28, 30), (31, 34), (35, 39), (39, 40),
]  # fmt: skip


def answer_or_none(start, end, allowed, longest, margin):
    best, answer = start[0] + end[0] + margin, None
    for first in range(len(allowed)):
        for last in range(first, min(first + longest, len(allowed))):
            if allowed[first] and allowed[last] and start[first] + end[last] > best:
                best, answer = start[first] + end[last], (first, last)
    return answer


def _never_none(start, end, allowed, longest, margin):
    return best_span(start, end, allowed, longest)


def _fixed_zero(start, end, allowed, longest, margin):
    first, last = best_span(start, end, allowed, longest)
    return (first, last) if float(start[first] + end[last]) > margin else None


def _none_cases():
    allowed = [False, False, True, True, True]
    return [
        (torch.tensor([1.0, 0, 4, 0, 0]), torch.tensor([1.0, 0, 0, 4, 0]), allowed, 3, 0.0),
        (torch.tensor([6.0, 0, 4, 0, 0]), torch.tensor([6.0, 0, 0, 4, 0]), allowed, 3, 0.0),
        (torch.tensor([3.0, 0, 4, 0, 0]), torch.tensor([3.0, 0, 0, 4, 0]), allowed, 3, 5.0),
        (torch.tensor([-9.0, 0, -1, -3, -3]), torch.tensor([-9.0, 0, -3, -1, -3]), allowed, 3, 1.0),
        (
            torch.tensor([3.0, 0, 4, 0, 0]),
            torch.tensor([1.0, 0, 0, 4, 0]),
            allowed,
            3,
            4.0,
        ),  # equal
        (torch.tensor([5.0, 0, 4, 0, 0]), torch.tensor([-5.0, 0, 0, 4, 0]), allowed, 3, 2.0),
        # One token, and an answer that ends elsewhere than at `longest`.
        (torch.tensor([1.0, 0, 4, 0, 0]), torch.tensor([1.0, 0, 4, 0, 0]), allowed, 3, 0.0),
        (torch.tensor([1.0, 0, 0, 4, 0]), torch.tensor([1.0, 0, 0, 0, 4]), allowed, 2, 0.0),
    ]


EXERCISES = (
    Exercise(
        id="06-best-span",
        prompt="""The lesson found the best span; the second best was often the first one with a
word more. Write `best_spans(start, end, allowed, longest, k)`: up to k spans (first, last), best
first, of which no two share a token. Take the best legal span, then the best one that does not
touch it, and so on. The score is `start[first] + end[last]`; a span is legal if both ends are
allowed (`allowed` is a list of booleans, true for the context's tokens), if it does not end
before it begins, and if it has at most `longest` tokens. `start` and `end` are tensors of shape
(tokens,).""",
        stub="""def best_spans(start, end, allowed, longest, k):
    # Replace the dots by your code.
    return ...""",
        reference=best_spans,
        cases=_span_cases,
        mistakes=(
            Mistake(
                "overlapping",
                _overlapping,
                "Your spans overlap: the second is a variation of the first. Leave out every span "
                "that shares a token with one you have kept.",
            ),
            Mistake(
                "other-start",
                _other_start,
                "Your spans begin at different tokens but still overlap. Compare whole spans: two "
                "are apart if one ends before the other begins.",
            ),
            Mistake(
                "two-contests",
                _two_contests,
                "You paired the best starts with the best ends. The winners of two contests need "
                "not belong together: score pairs.",
            ),
            Mistake(
                "ignores-question",
                _ignores_question,
                "Your span may lie in the question or on a special token: both ends must be "
                "allowed.",
            ),
            Mistake("any-length", _any_length, "Your span can be longer than `longest` tokens."),
        ),
        hints=(
            "First make a list of all legal (score, first, last) and sort it, best first.",
            "Walk down the list; keep a span if every kept one ends before it or begins after it.",
        ),
        why="Greedy and simple: what overlaps a better span is the same answer once more. (Object "
        "detection does the same with boxes, under the name non-maximum suppression.)",
    ),
    Exercise(
        id="06-quote",
        prompt="""Write `quote(context, offsets, first, last)`: the answer exactly as it stands
in the context, for the token span from `first` to `last`, both included. `offsets` holds for
each token the pair (start character, end character), end exclusive, as
`return_offsets_mapping=True` gives it. Joining the tokens instead would lose capitals, change
spaces and tear numbers like 3.5% apart.""",
        stub="""def quote(context, offsets, first, last):
    # Replace the dots by your code.
    return ...""",
        reference=quote,
        cases=lambda: [(_CONTEXT, _OFFSETS, 2, 5), (_CONTEXT, _OFFSETS, 11, 12)],
        mistakes=(
            Mistake(
                "stops-short",
                _stops_short,
                "You stop where the last token begins; it has to be included, up to its end "
                "character.",
            ),
            Mistake(
                "token-numbers",
                _token_numbers,
                "You used token numbers as character positions; look the characters up in offsets.",
            ),
            Mistake(
                "glued",
                _glued,
                "You joined the tokens with spaces; slice the context once, from the first token's "
                "start to the last one's end.",
            ),
        ),
        hints=("The start is offsets[first][0].", "The end is offsets[last][1]."),
        why="Offsets lead from tokens back to characters, so the answer is a true quotation.",
    ),
    Exercise(
        id="06-or-none",
        prompt="""Some texts do not hold the answer. A common rule compares the best span with
the score of "nothing", which is position 0: `start[0] + end[0]`. Write `answer_or_none(start,
end, allowed, longest, margin)`: the best span of the lesson (you may call your `best_spans`
with k=1), or `None` if its score does not exceed the score of nothing by more than `margin`.""",
        stub="""def answer_or_none(start, end, allowed, longest, margin):
    # Replace the dots by your code.
    return ...""",
        reference=answer_or_none,
        cases=_none_cases,
        mistakes=(
            Mistake(
                "never-none",
                _never_none,
                "You always answer. Compare the best score with start[0] + end[0].",
            ),
            Mistake(
                "fixed-zero",
                _fixed_zero,
                "Logits have no fixed zero, so a fixed limit means nothing: compare with "
                "start[0] + end[0], the model's own score for no answer.",
            ),
        ),
        hints=(
            "Compute the score of the best span and that of position 0.",
            "Return the span only if the first is greater than the second plus margin.",
        ),
        why="A model can only be unsure relative to itself: position 0 is its measure of nothing.",
    ),
)
