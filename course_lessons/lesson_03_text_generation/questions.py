"""Questions of 03_text_generation."""

import torch
from transformers import AutoModelForCausalLM, GPT2Config
from transformers.utils import logging

from course_models import registry
from course_utils.quizzes import Choice, Question


def _generate(prompt: int, **settings) -> torch.Tensor:
    """What an untrained tiny GPT-2 writes after a prompt of so many tokens."""
    sizes = {"n_embd": 8, "n_layer": 1, "n_head": 1, "vocab_size": 50, "n_positions": 64}
    torch.manual_seed(0)
    config = GPT2Config(**sizes, bos_token_id=0, eos_token_id=None, pad_token_id=0)
    model = AutoModelForCausalLM.from_config(config).eval()
    level = logging.get_verbosity()
    logging.set_verbosity_error()  # the advice about settings is the subject of the question
    ids = torch.arange(1, prompt + 1)[None]
    written = model.generate(ids, attention_mask=torch.ones_like(ids), **settings)
    logging.set_verbosity(level)
    return written


def _new_tokens() -> str:
    return str(_generate(8, max_length=10).shape[1] - 8)


def _temperature_alone() -> str:
    cold, hot = (_generate(3, max_new_tokens=9, temperature=t) for t in (0.1, 5.0))
    return "nothing" if torch.equal(cold, hot) else "more-varied"


WARM_UP = (
    Question(
        id="03-decides",
        text="`config.json` has many keys. Which one decides the class that an Auto class returns?",
        choices=(
            Choice(
                "architectures",
                "architectures",
                "It only records which class saved the checkpoint (notebook 02).",
            ),
            Choice(
                "model-type",
                "model_type",
                "Together with the table of the Auto class that you call.",
            ),
            Choice(
                "task-specific-params",
                "task_specific_params",
                "That key is inert, nothing in version 5 reads it.",
            ),
        ),
        right="model-type",
    ),
    Question(
        id="03-gpt2-class",
        text="Which class does `AutoModelForCausalLM` return for the kind `gpt2`?",
        choices=(
            Choice(
                "GPT2Model",
                "GPT2Model",
                "That is the body alone, which `AutoModel` returns.",
            ),
            Choice(
                "GPT2LMHeadModel",
                "GPT2LMHeadModel",
                "Body and language-modelling head; the head scores the next token.",
            ),
            Choice(
                "GPT2ForCausalLM",
                "GPT2ForCausalLM",
                "A good guess, since most kinds of model name it so. Do not guess from the "
                "spelling, ask the registry.",
            ),
        ),
        right="GPT2LMHeadModel",
        computed=lambda: registry.concrete_class(AutoModelForCausalLM, "gpt2"),
    ),
)

QUIZ = (
    Question(
        id="03-length",
        text="A prompt has 8 tokens. How many new tokens does `generate(**inputs, max_length=10)` "
        "add at most?",
        choices=(
            Choice(
                "2",
                "2",
                "`max_length` counts the whole row, prompt included.",
            ),
            Choice(
                "10",
                "10",
                "Ten new tokens are what `max_new_tokens=10` would allow.",
            ),
            Choice(
                "18",
                "18",
                "`max_length` is an upper limit for the row, so it can never become longer "
                "than 10.",
            ),
        ),
        right="2",
        computed=_new_tokens,
    ),
    Question(
        id="03-padding-side",
        text="You generate for a batch of prompts of different length with GPT-2. On which side "
        "do you pad?",
        choices=(
            Choice(
                "right",
                "On the right: the attention mask hides the padding anyway.",
                "The mask hides it, but the next token is still chosen from the last "
                "position, and that is padding.",
            ),
            Choice(
                "left",
                "On the left: then every prompt ends at the last position.",
                "The next token is always chosen from the last position of the row.",
            ),
            Choice(
                "either-side",
                "On either side: the longest prompt decides.",
                "The longest prompt comes out right, the shorter ones do not.",
            ),
        ),
        right="left",
    ),
    Question(
        id="03-temperature",
        text="What does `temperature=5.0` change in a call of `generate` without `do_sample=True`?",
        choices=(
            Choice(
                "more-varied",
                "It becomes more varied.",
                "Varied it would be with `do_sample=True`. Without it the largest score is taken.",
            ),
            Choice(
                "nothing",
                "Nothing.",
                "Dividing all scores by the same number does not change which one is the "
                "largest. A line in the log says that the flag may be ignored.",
            ),
            Choice(
                "error",
                "It raises an error.",
                "A line in the log is all you get.",
            ),
        ),
        right="nothing",
        computed=_temperature_alone,
    ),
)
