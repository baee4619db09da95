"""Exercises of 04_fill_mask."""

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


def _fill_cases():
    tokenizer, model = fixtures.tokenizer(_TASK), fixtures.model(_TASK)
    texts = (
        "[MASK] is the capital of [MASK], and Madrid is the capital of Spain.",
        "I read a [MASK] in the [MASK] yesterday.",
        "She is a [MASK] and works in a [MASK].",
        "The capital of Italy is [MASK].",
    )
    return [(text, tokenizer, model) for text in texts]


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


def _lower_score(text, first, second, tokenizer, model):
    right = prefer(text, first, second, tokenizer, model)
    return second if right == first else first


def _prefer_cases():
    tokenizer, model = fixtures.tokenizer(_TASK), fixtures.model(_TASK)
    pairs = (
        ("Paris is the [MASK] of France.", "capital", "water"),
        ("Paris is the [MASK] of France.", "water", "capital"),
        ("I read a very good [MASK].", "milk", "book"),
        ("I read a very good [MASK].", "book", "milk"),
        ("I would like a cup of [MASK].", "tea", "paris"),
        ("I would like a cup of [MASK].", "paris", "tea"),
    )
    return [(*pair, tokenizer, model) for pair in pairs]


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
