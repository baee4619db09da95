"""Questions of 05_translation."""

from transformers import AutoModelForCausalLM

from course_models import registry
from course_utils.checkpoints import CHECKPOINTS, read_config
from course_utils.quizzes import Choice, Question


def _start_token() -> str:
    config = read_config(CHECKPOINTS["translation"].folder)
    if config["decoder_start_token_id"] == config["pad_token_id"]:
        return "padding-token"
    return "start-token"


def _t5_is_refused() -> str:
    if "t5" in registry.model_types(AutoModelForCausalLM):
        return "not-refused"
    return "model-type"


WARM_UP = (
    Question(
        id="05-prompt",
        text="With GPT-2, what does `generate` return in front of the new tokens?",
        choices=(
            Choice(
                "start-token",
                "A start token.",
                "GPT-2 begins with whatever you gave it; it adds none itself.",
            ),
            Choice(
                "prompt",
                "The prompt.",
                "The row that comes back begins with exactly the ids that went in (notebook "
                "03). Keep it in mind: here it will be different.",
            ),
            Choice(
                "nothing",
                "Nothing.",
                "Decode the row and you read your prompt again, which surprises many.",
            ),
        ),
        right="prompt",
    ),
    Question(
        id="05-which-row",
        text="In fill-mask, which row of the logits holds the answer?",
        choices=(
            Choice(
                "last",
                "The last one.",
                "That is the row of `[SEP]`. The last row counts in text generation.",
            ),
            Choice(
                "first",
                "The first one, which sums up the sentence.",
                "The row of `[CLS]` gets scores too, but nobody asked it anything.",
            ),
            Choice(
                "mask-position",
                "The one at the position of the mask token.",
                "The scores there say what could stand at that place (notebook 04).",
            ),
        ),
        right="mask-position",
    ),
)

QUIZ = (
    Question(
        id="05-first-token",
        text="What is the first token that our Marian decoder reads?",
        choices=(
            Choice(
                "english",
                "The first token of the English sentence.",
                "The English tokens go to the encoder. The decoder sees them only through "
                "cross-attention.",
            ),
            Choice(
                "padding-token",
                "The padding token.",
                "`config.decoder_start_token_id` is the padding token in this family; other "
                "families use another one.",
            ),
            Choice(
                "start-token",
                "A start token made for that purpose.",
                "Some families have one, this one does not. The config says which token it is.",
            ),
            Choice(
                "nothing",
                "Nothing: it starts from an empty row.",
                "Without any token there is no position that could choose the next one.",
            ),
        ),
        right="padding-token",
        computed=_start_token,
    ),
    Question(
        id="05-length",
        text="An input of 100 tokens goes into an encoder-decoder with `max_new_tokens=20`. How "
        "long can the row be that comes back?",
        choices=(
            Choice(
                "start-and-new",
                "21 tokens: the start token and 20 new ones.",
                "The input is not part of the row; only the start token is added.",
            ),
            Choice(
                "input-and-new",
                "120 tokens.",
                "That would be a causal model, whose row contains the prompt.",
            ),
            Choice(
                "error",
                "It raises an error: the input is longer than the limit.",
                "The limit is about what the decoder writes, not about what the encoder reads.",
            ),
        ),
        right="start-and-new",
    ),
    Question(
        id="05-t5",
        text="Why does `AutoModelForCausalLM` refuse a T5 checkpoint?",
        choices=(
            Choice(
                "cannot-generate",
                "T5 cannot generate text.",
                "It can, if `AutoModelForSeq2SeqLM` loads it.",
            ),
            Choice(
                "too-large",
                "The checkpoint's weights are too large.",
                "The refusal happens when `config.json` is read, before any weights are.",
            ),
            Choice(
                "model-type",
                "The model type `t5` has no class in its table.",
                "The Auto class looks the model type up, and nobody wrote a decoder-only "
                "class for it.",
            ),
        ),
        right="model-type",
        computed=_t5_is_refused,
    ),
)
