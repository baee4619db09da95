"""Questions of 05_translation."""

from transformers import AutoModelForCausalLM

from course_utils import registry
from course_utils.checkpoints import CHECKPOINTS, read_config
from course_utils.quizzes import Question


def _start_token() -> str:
    config = read_config(CHECKPOINTS["translation"].folder)
    if config["decoder_start_token_id"] == config["pad_token_id"]:
        return "The padding token."
    return "A start token made for that purpose."


def _t5_is_refused() -> str:
    if "t5" in registry.model_types(AutoModelForCausalLM):
        return "It does not refuse it."
    return "The model type `t5` has no class in its table."


WARM_UP = (
    Question(
        id="05-prompt",
        text="With GPT-2, what does `generate` return in front of the new tokens?",
        choices={
            "A start token.": "No: GPT-2 begins with whatever you gave it; it adds none itself.",
            "The prompt.": "Yes: the row that comes back begins with exactly the ids that went in "
            "(notebook 03). Keep it in mind: here it will be different.",
            "Nothing.": "No: decode the row and you read your prompt again, which surprises many.",
        },
    ),
    Question(
        id="05-which-row",
        text="In fill-mask, which row of the logits holds the answer?",
        choices={
            "The last one.": "No: that is the row of `[SEP]`. The last row counts in text "
            "generation.",
            "The first one, which sums up the sentence.": "No: the row of `[CLS]` gets scores too, "
            "but nobody asked it anything.",
            "The one at the position of the mask token.": "Yes: the scores there say what could "
            "stand at that place (notebook 04).",
        },
    ),
)

QUIZ = (
    Question(
        id="05-first-token",
        text="What is the first token that our Marian decoder reads?",
        choices={
            "The first token of the English sentence.": "No: the English tokens go to the encoder. "
            "The decoder sees them only through cross-attention.",
            "The padding token.": "Yes: `config.decoder_start_token_id` is the padding token in "
            "this family; other families use another one.",
            "A start token made for that purpose.": "No: some families have one, this one does "
            "not. The config says which token it is.",
            "Nothing: it starts from an empty row.": "No: without any token there is no position "
            "that could choose the next one.",
        },
        computed=_start_token,
    ),
    Question(
        id="05-length",
        text="An input of 100 tokens goes into an encoder-decoder with `max_new_tokens=20`. How "
        "long can the row be that comes back?",
        choices={
            "21 tokens: the start token and 20 new ones.": "Yes: the input is not part of the row; "
            "only the start token is added.",
            "120 tokens.": "No: that would be a causal model, whose row contains the prompt.",
            "It raises an error: the input is longer than the limit.": "No: the limit is about "
            "what the decoder writes, not about what the encoder reads.",
        },
    ),
    Question(
        id="05-t5",
        text="Why does `AutoModelForCausalLM` refuse a T5 checkpoint?",
        choices={
            "T5 cannot generate text.": "No: it can, if `AutoModelForSeq2SeqLM` loads it.",
            "The checkpoint's weights are too large.": "No: the refusal happens when `config.json` "
            "is read, before any weights are.",
            "The model type `t5` has no class in its table.": "Yes: the Auto class looks the model "
            "type up, and nobody wrote a decoder-only class for it.",
        },
        computed=_t5_is_refused,
    ),
)
