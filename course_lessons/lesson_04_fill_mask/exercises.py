"""Exercises of 04_fill_mask."""

from itertools import combinations

import torch

from course_lessons import fixtures
from course_utils.verdicts import Exercise, Mistake

_TASK = "fill-mask"


def _fill_in_order(text, tokenizer, model, choose):
    """Fill one blank after the other; `choose` picks the next from the blanks' best chances."""
    ids = tokenizer(text, return_tensors="pt").input_ids
    while len(blanks := (ids[0] == tokenizer.mask_token_id).nonzero()[:, 0]):
        chances, words = model(ids).logits[0, blanks].softmax(dim=-1).max(dim=-1)
        ids[0, blanks[choose(chances)]] = words[choose(chances)]
    return tokenizer.decode(ids[0], skip_special_tokens=True)


@torch.inference_mode()
def fill(text, tokenizer, model):
    ids = tokenizer(text, return_tensors="pt").input_ids
    while (ids == tokenizer.mask_token_id).any():
        blanks = (ids[0] == tokenizer.mask_token_id).nonzero()[:, 0]
        chances, words = model(ids).logits[0, blanks].softmax(dim=-1).max(dim=-1)
        surest = chances.argmax()
        ids[0, blanks[surest]] = words[surest]
    return tokenizer.decode(ids[0], skip_special_tokens=True)


@torch.inference_mode()
def _left_to_right(text, tokenizer, model):
    return _fill_in_order(text, tokenizer, model, choose=lambda chances: 0)


@torch.inference_mode()
def _least_sure_first(text, tokenizer, model):
    return _fill_in_order(text, tokenizer, model, choose=torch.argmin)


@torch.inference_mode()
def _all_at_once(text, tokenizer, model):
    ids = tokenizer(text, return_tensors="pt").input_ids
    blank = ids == tokenizer.mask_token_id
    ids[blank] = model(ids).logits[blank].argmax(dim=-1)
    return tokenizer.decode(ids[0], skip_special_tokens=True)


@torch.inference_mode()
def _highest_logit_first(text, tokenizer, model):
    ids = tokenizer(text, return_tensors="pt").input_ids
    while len(blanks := (ids[0] == tokenizer.mask_token_id).nonzero()[:, 0]):
        scores, words = model(ids).logits[0, blanks].max(dim=-1)
        ids[0, blanks[scores.argmax()]] = words[scores.argmax()]
    return tokenizer.decode(ids[0], skip_special_tokens=True)


@torch.inference_mode()
def _order_of_one_pass(text, tokenizer, model):
    ids = tokenizer(text, return_tensors="pt").input_ids
    blanks = (ids[0] == tokenizer.mask_token_id).nonzero()[:, 0]
    chances = model(ids).logits[0, blanks].softmax(dim=-1).max(dim=-1).values
    for blank in blanks[chances.argsort(descending=True)]:
        ids[0, blank] = model(ids).logits[0, blank].argmax()
    return tokenizer.decode(ids[0], skip_special_tokens=True)


_FILL_TEXTS = (
    "The capital of Italy is [MASK].",
    "The [MASK] [MASK] went to the house and [MASK] the [MASK] of the [MASK].",
    "The [MASK] [MASK] across [MASK] street and followed [MASK] [MASK] to school.",
    "She took the book from [MASK] [MASK] and [MASK] [MASK] [MASK] her children.",
    "He was born in the [MASK] and [MASK] [MASK] the [MASK] [MASK] his family.",
    "We [MASK] bread and milk [MASK] [MASK] home to eat [MASK] our [MASK].",
)


def _telling_apart(cases, right, wrong):
    """Few cases on which the right and the wrong answers all differ from each other.

    Chosen with the checkpoint at hand, so that a retrained one keeps the exercise as strict.
    """
    results = [[answer(*case) for case in cases] for answer in (right, *wrong)]
    chosen = {0}
    for one, other in combinations(results, 2):
        apart = [i for i in range(len(cases)) if one[i] != other[i]]
        if apart and not chosen.intersection(apart):
            chosen.add(apart[0])
    return [cases[i] for i in sorted(chosen)]


def _fill_cases():
    tokenizer, model = fixtures.tokenizer(_TASK), fixtures.model(_TASK)
    wrong = (
        _all_at_once,
        _left_to_right,
        _least_sure_first,
        _highest_logit_first,
        _order_of_one_pass,
    )
    return _telling_apart([(text, tokenizer, model) for text in _FILL_TEXTS], fill, wrong)


@torch.inference_mode()
def prefer(text, first, second, tokenizer, model):
    inputs = tokenizer(text, return_tensors="pt")
    at = inputs.input_ids[0].tolist().index(tokenizer.mask_token_id)
    scores = model(**inputs).logits[0, at]
    one, two = tokenizer.convert_tokens_to_ids([first, second])
    return first if scores[one] > scores[two] else second


def _always_first(text, first, second, tokenizer, model):
    return first


def _larger_id(text, first, second, tokenizer, model):
    one, two = tokenizer.convert_tokens_to_ids([first, second])
    return first if one > two else second


def _alphabetical(text, first, second, tokenizer, model):
    return min(first, second)


def _lower_score(text, first, second, tokenizer, model):
    right = prefer(text, first, second, tokenizer, model)
    return second if right == first else first


def _by_row(row_of):
    """An answer that compares the two scores elsewhere than in the mask's row."""

    @torch.inference_mode()
    def answer(text, first, second, tokenizer, model):
        logits = model(**tokenizer(text, return_tensors="pt")).logits[0]
        one, two = tokenizer.convert_tokens_to_ids([first, second])
        scores = row_of(logits, text)
        return first if scores[one] > scores[two] else second

    return answer


_last_row = _by_row(lambda logits, text: logits[-1])
_all_rows = _by_row(lambda logits, text: logits.sum(dim=0))
_over_positions = _by_row(
    lambda logits, text: logits.softmax(dim=0)[
        1 + [w.startswith("[MASK]") for w in text.split()].index(True)
    ]
)
_word_number = _by_row(
    lambda logits, text: logits[[w.startswith("[MASK]") for w in text.split()].index(True)]
)


def _prefer_cases():
    tokenizer, model = fixtures.tokenizer(_TASK), fixtures.model(_TASK)
    pairs = (
        ("Paris is the [MASK] of France.", "capital", "water"),
        ("I read a very good [MASK].", "milk", "book"),
        ("I would like a cup of [MASK].", "tea", "paris"),
        ("The [MASK] sat on the mat.", "cat", "the"),
        ("He opened the [MASK] and walked in.", "door", "and"),
        ("She [MASK] to school every day.", "goes", "day"),
        ("The sun is [MASK] today.", "hot", "in"),
        ("My brother is a [MASK] at school.", "teacher", "is"),
        ("We live in a big [MASK].", "house", "big"),
        ("The man and [MASK] woman went to the sea.", "the", "another"),
        ("The dog and the cat ran to the [MASK].", "house", "river"),
    )
    both = [(text, *words) for text, a, b in pairs for words in ((a, b), (b, a))]
    cases = [(*case, tokenizer, model) for case in both]
    wrong = (_always_first, _larger_id, _alphabetical, _lower_score, _last_row, _all_rows)
    wrong += (_word_number, _over_positions)
    return cases[:2] + _telling_apart(cases[2:], prefer, wrong)


def mask_positions(input_ids, mask_token_id):
    return (input_ids == mask_token_id).nonzero().tolist()


def _first_only(input_ids, mask_token_id):
    return (input_ids == mask_token_id).nonzero().tolist()[:1]


def _columns_only(input_ids, mask_token_id):
    return [column for _, column in (input_ids == mask_token_id).nonzero().tolist()]


EXERCISES = (
    Exercise(
        id="04-fill",
        prompt="""The lesson filled one blank, and told you the recipe for several: fill one, run
again, fill the next. Write `fill(text, tokenizer, model)` for a text with any number of
`[MASK]`s: in each round run the model, take the blank whose best candidate has the highest
*probability*, and put that candidate into the ids; go on until no blank is left. Return the
finished text, `tokenizer.decode(ids[0], skip_special_tokens=True)`.""",
        stub="""def fill(text, tokenizer, model):
    # Replace the dots by your code.
    return ...""",
        reference=fill,
        cases=_fill_cases,
        mistakes=(
            Mistake(
                "all-at-once",
                _all_at_once,
                "You filled all blanks from one pass, in which neither knows the other's word. "
                "Fill one, then run the model again.",
            ),
            Mistake(
                "left-to-right",
                _left_to_right,
                "You filled from left to right. The first blank may be the hardest; begin with the "
                "one of which the model is surest.",
            ),
            Mistake(
                "least-sure-first",
                _least_sure_first,
                "You began with the blank of which the model is least sure, and the others have to "
                "live with that guess. Take the highest probability.",
            ),
            Mistake(
                "highest-logit",
                _highest_logit_first,
                "You compared logits of different rows. Each row has a scale of its own: only "
                "after softmax can two blanks be compared.",
            ),
            Mistake(
                "order-of-one-pass",
                _order_of_one_pass,
                "You took the order from the first pass. A word that is filled in changes how "
                "sure the model is of the others: choose anew in each round.",
            ),
        ),
        hints=(
            "Work on ids: while (ids == tokenizer.mask_token_id).any(), run model(ids) and replace "
            "one of them.",
            "logits[0, blanks].softmax(dim=-1).max(dim=-1) gives each blank's best chance and its "
            "token; chances.argmax() says which blank comes next.",
        ),
        why="Each word that is written down helps with the rest, so the surest goes first.",
    ),
    Exercise(
        id="04-prefer",
        prompt="""Write `prefer(text, first, second, tokenizer, model)`: which of two words the
model finds more probable at the `[MASK]`; return that word. Both words are single tokens of the
vocabulary: `tokenizer.convert_tokens_to_ids([first, second])` gives their ids. This is how a
fill-mask model is used as a judge, for example to compare two spellings, or to probe what it
has learnt and what prejudice it has picked up.""",
        stub="""def prefer(text, first, second, tokenizer, model):
    # Replace the dots by your code.
    return ...""",
        reference=prefer,
        cases=_prefer_cases,
        mistakes=(
            Mistake(
                "always-first",
                _always_first,
                "The first word is not always the better one: compare scores.",
            ),
            Mistake(
                "larger-id",
                _larger_id,
                "You compared the ids, which are only row numbers in the vocabulary; compare the "
                "scores found at those rows.",
            ),
            Mistake(
                "lower-score",
                _lower_score,
                "That is the less probable word: a larger logit is more probable.",
            ),
            Mistake(
                "other-row",
                _last_row,
                "You did not read the row of the mask. The last row belongs to [SEP], a sum of all "
                "rows is about no blank, and a count of words misses [CLS]: look for "
                "mask_token_id in the ids.",
            ),
        ),
        hints=(
            "Two numbers decide: logits[0, position, id_of_first] and logits[0, "
            "position, id_of_second].",
            "No softmax is needed: it keeps the order.",
        ),
        why="Comparing two logits at one position is enough, since softmax keeps the order.",
    ),
    Exercise(
        id="04-mask-positions",
        prompt="""Write `mask_positions(input_ids, mask_token_id)`: the positions of *all*
masks in a batch, as a list of `[row, column]` pairs. `input_ids` is a tensor of shape (texts,
tokens); a text may hold no mask, one, or several. Code that takes "the" mask breaks on the
first text with two of them, sometimes with an error and sometimes, worse, without.""",
        stub="""def mask_positions(input_ids, mask_token_id):
    # Replace the dots by your code.
    return ...""",
        reference=mask_positions,
        cases=lambda: [
            (torch.tensor([[5, 9, 6, 9], [9, 5, 5, 5]]), 9),
            (torch.tensor([[5, 5, 9]]), 9),
            (torch.tensor([[5, 5]]), 9),
        ],
        mistakes=(
            Mistake(
                "first-only", _first_only, "Only the first mask is there; a text can have several."
            ),
            Mistake(
                "columns-only",
                _columns_only,
                "The columns are right, but in a batch each needs its row: [row, column].",
            ),
        ),
        hints=(
            "(input_ids == mask_token_id) is a table of true and false.",
            ".nonzero().tolist() lists where it is true.",
        ),
        why="nonzero() gives one [row, column] pair for each mask.",
    ),
)
