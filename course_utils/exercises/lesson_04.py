"""Exercises of 04_fill_mask."""

import torch

from course_utils.exercises import samples
from course_utils.exercises.engine import Exercise, Mistake

_TASK = "fill-mask"


@torch.inference_mode()
def fill(text, k, tokenizer, model):
    inputs = tokenizer(text, return_tensors="pt")
    at = inputs.input_ids[0].tolist().index(tokenizer.mask_token_id)
    best = model(**inputs).logits[0, at].topk(k).indices
    return [tokenizer.decode([token]) for token in best.tolist()]


@torch.inference_mode()
def _first_position(text, k, tokenizer, model):
    best = model(**tokenizer(text, return_tensors="pt")).logits[0, 0].topk(k).indices
    return [tokenizer.decode([token]) for token in best.tolist()]


@torch.inference_mode()
def _next_position(text, k, tokenizer, model):
    inputs = tokenizer(text, return_tensors="pt")
    at = inputs.input_ids[0].tolist().index(tokenizer.mask_token_id) + 1
    best = model(**inputs).logits[0, at].topk(k).indices
    return [tokenizer.decode([token]) for token in best.tolist()]


@torch.inference_mode()
def _word_count(text, k, tokenizer, model):
    at = text.split().index(next(word for word in text.split() if "[MASK]" in word))
    best = model(**tokenizer(text, return_tensors="pt")).logits[0, at].topk(k).indices
    return [tokenizer.decode([token]) for token in best.tolist()]


def _fill_cases():
    tokenizer, model = samples.tokenizer(_TASK), samples.model(_TASK)
    texts = ("The capital of Italy is [MASK].", "She drank a cup of [MASK] this morning.")
    return [(text, 3, tokenizer, model) for text in texts]


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
    tokenizer, model = samples.tokenizer(_TASK), samples.model(_TASK)
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
        prompt="""Write `fill(text, k, tokenizer, model)`: the k most probable words for the
one `[MASK]` in the text, best first, as a list of strings. Use the five steps of this notebook:
encode, run, find the position of the mask among the *tokens*, take the k best of the scores
there, decode each id. Do not count words to find the position: the tokenizer adds tokens of its
own and may cut words into pieces.""",
        stub="""def fill(text, k, tokenizer, model):
    # Replace the dots by your code.
    ...""",
        reference=fill,
        cases=_fill_cases,
        mistakes=(
            Mistake(
                _first_position,
                "You read the scores at position 0: that is the [CLS] token, not the mask.",
            ),
            Mistake(
                _next_position,
                "You are one position to the right of the mask. A masked model predicts a token at "
                "its own position; only causal models predict the following one.",
            ),
            Mistake(
                _word_count,
                "Your position counts words. The model counts tokens, and [CLS] comes first.",
            ),
        ),
        hints=(
            "inputs.input_ids[0].tolist().index(tokenizer.mask_token_id) is the position.",
            "logits[0, position].topk(k).indices are the ids; decode them one at a time.",
        ),
        why="The scores for the blank stand at the blank's own position.",
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
    ...""",
        reference=prefer,
        cases=_prefer_cases,
        mistakes=(
            Mistake(_always_first, "The first word is not always the better one: compare scores."),
            Mistake(
                _larger_id,
                "You compared the ids, which are only row numbers in the vocabulary; compare the "
                "scores found at those rows.",
            ),
            Mistake(
                _lower_score, "That is the less probable word: a larger logit is more probable."
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
    ...""",
        reference=mask_positions,
        cases=lambda: [
            (torch.tensor([[5, 9, 6, 9], [9, 5, 5, 5]]), 9),
            (torch.tensor([[5, 5, 9]]), 9),
            (torch.tensor([[5, 5]]), 9),
        ],
        mistakes=(
            Mistake(_first_only, "Only the first mask is there; a text can have several."),
            Mistake(
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
