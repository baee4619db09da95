"""Questions of 04_fill_mask."""

import torch
from transformers import AutoModelForMaskedLM, BertConfig

from course_models import registry
from course_utils.quizzes import Choice, Question


def _shape_of_logits() -> str:
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = BertConfig(vocab_size=5000, intermediate_size=8, **sizes)
    model = AutoModelForMaskedLM.from_config(config)
    return str(tuple(model(torch.zeros(2, 9, dtype=torch.long)).logits.shape))


def _item_of_two() -> str:
    try:
        torch.tensor([[0.0, 1.0], [1.0, 0.0]]).argmax(dim=-1).item()
    except RuntimeError:
        return "one-element"
    return "does-not-fail"


WARM_UP = (
    Question(
        id="04-whole-row",
        text="`generate(**inputs, max_new_tokens=5)` with GPT-2: what is in the row that comes "
        "back?",
        choices=(
            Choice(
                "five-tokens",
                "Five tokens.",
                "The new tokens come after the prompt's own, in the same row.",
            ),
            Choice(
                "prompt-and-new",
                "The prompt's tokens, and up to five more.",
                "The row is what the model was reading. It may stop before the fifth "
                "(notebook 03).",
            ),
            Choice(
                "words",
                "A text of up to five words.",
                "What comes back are ids, and a token need not be a word.",
            ),
        ),
        right="prompt-and-new",
    ),
    Question(
        id="04-architectures",
        text="In a BERT's `config.json` somebody changes `architectures` to `BertModel`. What does "
        "`AutoModelForMaskedLM` load now?",
        choices=(
            Choice(
                "BertModel",
                "BertModel",
                "`architectures` is a note about what was saved, nothing more.",
            ),
            Choice(
                "BertForMaskedLM",
                "BertForMaskedLM",
                "The Auto class and `model_type` decide (notebook 02).",
            ),
            Choice(
                "refused",
                "nothing, it is refused",
                "The kind `bert` has a class in this table, and that is all the lookup asks.",
            ),
        ),
        right="BertForMaskedLM",
        computed=lambda: registry.concrete_class(AutoModelForMaskedLM, "bert"),
    ),
)

QUIZ = (
    Question(
        id="04-shape",
        text="A batch of 2 sentences, padded to 9 tokens, goes into a fill-mask model with 5,000 "
        "vocabulary entries. What is the shape of `logits`?",
        choices=(
            Choice(
                "(2, 5000)",
                "(2, 5000)",
                "That would be one answer per sentence; the model does not know which "
                "position you care about.",
            ),
            Choice(
                "(2, 9, 5000)",
                "(2, 9, 5000)",
                "One score per vocabulary entry, at every position of every sentence.",
            ),
            Choice(
                "(2, 9)",
                "(2, 9)",
                "That would be one number per token, but a choice between 5,000 words needs "
                "5,000 numbers.",
            ),
        ),
        right="(2, 9, 5000)",
        computed=_shape_of_logits,
    ),
    Question(
        id="04-not-causal",
        text="Why not use a causal model to fill the blank in `[MASK] is the capital of France.`?",
        choices=(
            Choice(
                "no-mask-token",
                "It only lacks the token `[MASK]`; adding one would do.",
                "A new token would not help: at its position the model still sees nothing of what "
                "comes after.",
            ),
            Choice(
                "more-training",
                "It would have to be trained longer.",
                "No amount of training lets it look ahead; the architecture forbids it.",
            ),
            Choice(
                "left-only",
                "It sees only what stands before a token, and the clue stands after it.",
                "At the position of the blank it has not seen `capital of France` yet.",
            ),
        ),
        right="left-only",
    ),
    Question(
        id="04-item",
        text="The code of 2024 ends in `.argmax(dim=-1).item()`. Why does it fail for a sentence "
        "with two blanks?",
        choices=(
            Choice(
                "one-element",
                "`.item()` wants exactly one element, and there is one winner per blank.",
                "Two blanks, two winning ids; `.tolist()` would return both.",
            ),
            Choice(
                "argmax",
                "`argmax` cannot handle more than one row.",
                "`argmax(dim=-1)` works row by row, for any number of rows.",
            ),
            Choice(
                "one-blank",
                "A model can fill only one blank at a time.",
                "The model scores all positions in one run; the blanks just do not know of "
                "each other.",
            ),
        ),
        right="one-element",
        computed=_item_of_two,
    ),
)
