"""Exercises of 09_feature_extraction."""

import torch

from course_utils.verdicts import Exercise, Mistake


def masked_mean(hidden, mask):
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


def _plain_mean(hidden, mask):
    return hidden.mean(1)


def _first_token(hidden, mask):
    return hidden[:, 0]


def _divided_by_length(hidden, mask):
    return (hidden * mask.unsqueeze(-1)).mean(1)


def _summed(hidden, mask):
    return (hidden * mask.unsqueeze(-1)).sum(1)


def _hidden(texts, tokens):
    return torch.randn(texts, tokens, 4, generator=torch.Generator().manual_seed(tokens))


def search(query, documents):
    return torch.cosine_similarity(query, documents, dim=-1).argsort(descending=True).tolist()


def _dot_product(query, documents):
    return (documents @ query).argsort(descending=True).tolist()


def _worst_first(query, documents):
    return torch.cosine_similarity(query, documents, dim=-1).argsort().tolist()


def _ranks(query, documents):
    return torch.tensor(search(query, documents)).argsort().tolist()


def _best_alone(query, documents):
    return search(query, documents)[:1]


def last_token(hidden, mask):
    positions = torch.arange(mask.shape[1])
    last = (mask * positions).argmax(1)
    return hidden[torch.arange(len(hidden)), last]


def _last_column(hidden, mask):
    return hidden[:, -1]


def _one_too_far(hidden, mask):
    rows = torch.arange(len(hidden))
    return hidden[rows, mask.sum(1).clamp(max=mask.shape[1] - 1)]


def _assumes_right_padding(hidden, mask):
    return hidden[torch.arange(len(hidden)), mask.sum(1) - 1]


EXERCISES = (
    Exercise(
        id="09-mean",
        prompt="""Write `masked_mean(hidden, mask)`: one vector per text, the mean of its token
vectors *without* the padding. `hidden` has shape (texts, tokens, width), `mask` (texts, tokens)
with 1 for real tokens and 0 for padding; the result has shape (texts, width). A text must get
the same vector whether it stands alone or in a batch with longer ones, and that is what the
hidden inputs test.""",
        stub="""def masked_mean(hidden, mask):
    # Replace the dots by your code.
    return ...""",
        reference=masked_mean,
        cases=lambda: [
            (_hidden(2, 5), torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]])),
            (_hidden(1, 3), torch.tensor([[1, 1, 1]])),
            (_hidden(2, 4), torch.tensor([[0, 1, 1, 1], [1, 1, 1, 1]])),  # padding on the left
        ],
        mistakes=(
            Mistake(
                "plain-mean",
                _plain_mean,
                "The padding is in your mean, so a short text's vector depends on its neighbours "
                "in the batch.",
            ),
            Mistake(
                "first-token",
                _first_token,
                "You took the first token's vector ([CLS]); nobody trained it to stand for the "
                "sentence here.",
            ),
            Mistake(
                "divided-by-length",
                _divided_by_length,
                "The padding is zeroed, but you divide by the padded length: divide by the number "
                "of real tokens.",
            ),
            Mistake("summed", _summed, "That is the sum; divide by the number of real tokens."),
        ),
        hints=(
            "mask.unsqueeze(-1) has a shape that multiplies with hidden.",
            "Divide the sum over tokens by the sum of the mask.",
        ),
        why="The mask decides which tokens count, in the sum and in the number to divide by.",
    ),
    Exercise(
        id="09-search",
        prompt="""Write `search(query, documents)`: the numbers of the documents from most to
least similar, as a list of ints. `query` has shape (width,), `documents` (documents, width).
Use the cosine of the angle between vectors: a document whose vector is merely longer is not
more similar. This and a body from `AutoModel` are all that a small semantic search needs.""",
        stub="""def search(query, documents):
    # Replace the dots by your code.
    return ...""",
        reference=search,
        cases=lambda: [
            (
                torch.tensor([1.0, 1.0]),
                torch.tensor([[9.0, 1.0], [1.0, 0.9], [-1.0, -1.0], [0.0, 3.0]]),
            ),
            (torch.tensor([0.0, 2.0]), torch.tensor([[5.0, 4.0], [0.1, 1.0], [3.0, 0.0]])),
            (
                torch.tensor([1.0, 0.0]),
                torch.tensor([[0.0, 1.0], [1.0, 0.1], [-1.0, 0.2], [1.0, 0.5], [1.0, 2.0]]),
            ),
        ],
        mistakes=(
            Mistake(
                "dot-product",
                _dot_product,
                "A plain dot product rewards long vectors; divide by the lengths (cosine).",
            ),
            Mistake(
                "worst-first", _worst_first, "The order is reversed: the most similar comes first."
            ),
            Mistake(
                "ranks",
                _ranks,
                "That is each document's rank. Asked for are the documents' numbers, best first.",
            ),
            Mistake(
                "best-alone", _best_alone, "Only the best document came back; rank all of them."
            ),
        ),
        hints=(
            "torch.cosine_similarity(query, documents, dim=-1) gives one number per document.",
            ".argsort(descending=True) ranks them.",
        ),
        why="Cosine compares directions only, which is what these vectors were trained for.",
    ),
    Exercise(
        id="09-last",
        prompt="""Decoder-only models are usually pooled at the *last* token, the only one that
has seen the whole text. Write `last_token(hidden, mask)`: for every text the vector of its last
real token, shape (texts, width). Padding can stand on the right or on the left, so the last
column will not always do, and neither will counting the real tokens.""",
        stub="""def last_token(hidden, mask):
    # Replace the dots by your code.
    return ...""",
        reference=last_token,
        cases=lambda: [
            (_hidden(2, 5), torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]])),
            (_hidden(2, 4), torch.tensor([[0, 0, 1, 1], [1, 1, 1, 1]])),
        ],
        mistakes=(
            Mistake(
                "first-token",
                _first_token,
                "You took the first token. In a decoder it has seen nothing of the text.",
            ),
            Mistake(
                "last-column",
                _last_column,
                "With padding on the right, the last column is a padding token's vector.",
            ),
            Mistake(
                "one-too-far",
                _one_too_far,
                "One too far: the last of n tokens has number n - 1.",
            ),
            Mistake(
                "assumes-right-padding",
                _assumes_right_padding,
                "That works for padding on the right only; on the left, the number of real tokens "
                "is not the position of the last one.",
            ),
        ),
        hints=(
            "mask * torch.arange(tokens) is largest at the last real token.",
            "hidden[torch.arange(len(hidden)), last] picks one position per row.",
        ),
        why="The position of the last 1 in the mask works on either side.",
    ),
)
