"""Questions of 04_fill_mask."""

import torch
from transformers import AutoModelForMaskedLM, BertConfig

from course_utils import registry
from course_utils.quizzes import Question


def _shape_of_logits() -> str:
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = BertConfig(vocab_size=5000, intermediate_size=8, **sizes)
    model = AutoModelForMaskedLM.from_config(config)
    return str(tuple(model(torch.zeros(2, 9, dtype=torch.long)).logits.shape))


def _item_of_two() -> str:
    try:
        torch.tensor([[0.0, 1.0], [1.0, 0.0]]).argmax(dim=-1).item()
    except RuntimeError:
        return "`.item()` wants exactly one element, and there is one winner per blank."
    return "It does not fail."


WARM_UP = (
    Question(
        id="04-whole-row",
        text="`generate(**inputs, max_new_tokens=5)` with GPT-2: what is in the row that comes "
        "back?",
        choices={
            "Five tokens.": "No: the new tokens come after the prompt's own, in the same row.",
            "The prompt's tokens, and up to five more.": "Yes: the row is what the model was "
            "reading. It may stop before the fifth (notebook 03).",
            "A text of up to five words.": "No: what comes back are ids, and a token need not be "
            "a word.",
        },
    ),
    Question(
        id="04-architectures",
        text="In a BERT's `config.json` somebody changes `architectures` to `BertModel`. What does "
        "`AutoModelForMaskedLM` load now?",
        choices={
            "BertModel": "No: `architectures` is a note about what was saved, nothing more.",
            "BertForMaskedLM": "Yes: the Auto class and `model_type` decide (notebook 02).",
            "nothing, it is refused": "No: the kind `bert` has a class in this table, and that is "
            "all the lookup asks.",
        },
        computed=lambda: registry.concrete_class(AutoModelForMaskedLM, "bert"),
    ),
)

QUIZ = (
    Question(
        id="04-shape",
        text="A batch of 2 sentences, padded to 9 tokens, goes into a fill-mask model with 5,000 "
        "vocabulary entries. What is the shape of `logits`?",
        choices={
            "(2, 5000)": "No: that would be one answer per sentence; the model does not know which "
            "position you care about.",
            "(2, 9, 5000)": "Yes: one score per vocabulary entry, at every position of every "
            "sentence.",
            "(2, 9)": "No: that would be one number per token, but a choice between 5,000 words "
            "needs 5,000 numbers.",
        },
        computed=_shape_of_logits,
    ),
    Question(
        id="04-not-causal",
        text="Why not use a causal model to fill the blank in `[MASK] is the capital of France.`?",
        choices={
            "Its vocabulary has no names of cities.": "No: it has them; the vocabulary is not the "
            "reason.",
            "It would have to be trained longer.": "No: no amount of training lets it look ahead; "
            "the architecture forbids it.",
            "It sees only what stands before a token, and the clue stands after it.": "Yes: at "
            "the position of the blank it has not seen `capital of France` yet.",
        },
    ),
    Question(
        id="04-item",
        text="The code of 2024 ends in `.argmax(dim=-1).item()`. Why does it fail for a sentence "
        "with two blanks?",
        choices={
            "`.item()` wants exactly one element, and there is one winner per blank.": "Yes: two "
            "blanks, two winning ids; `.tolist()` would return both.",
            "`argmax` cannot handle more than one row.": "No: `argmax(dim=-1)` works row by row, "
            "for any number of rows.",
            "A model can fill only one blank at a time.": "No: the model scores all positions in "
            "one run; the blanks just do not know of each other.",
        },
        computed=_item_of_two,
    ),
)
