"""Exercises of 05_translation."""

import torch

from course_lessons import fixtures
from course_utils.verdicts import Exercise, Mistake

_TASK = "translation"


def translate(texts, tokenizer, model):
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    out = model.generate(**inputs, max_new_tokens=40)
    return tokenizer.batch_decode(out, skip_special_tokens=True)


def _special_tokens(texts, tokenizer, model):
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    return tokenizer.batch_decode(model.generate(**inputs, max_new_tokens=40))


def _first_text(texts, tokenizer, model):
    return translate(texts, tokenizer, model)[:1]


def _cut_like_a_prompt(texts, tokenizer, model):
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    out = model.generate(**inputs, max_new_tokens=40)[:, inputs.input_ids.shape[1] :]
    return tokenizer.batch_decode(out, skip_special_tokens=True)


def _no_mask(texts, tokenizer, model):
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    out = model.generate(inputs.input_ids, max_new_tokens=40)
    return tokenizer.batch_decode(out, skip_special_tokens=True)


def _translate_cases():
    texts = ["I would like a cup of coffee and a piece of cake, please.", "Hello!"]
    texts += ["Yes.", "I am tired."]  # short ones: they are padded
    return [(texts, fixtures.tokenizer(_TASK), fixtures.model(_TASK))]


@torch.inference_mode()
def greedy(model, input_ids, n):
    written = torch.tensor([[model.config.decoder_start_token_id]])
    for _ in range(n):
        logits = model(input_ids=input_ids, decoder_input_ids=written).logits
        written = torch.cat([written, logits[:, -1].argmax(-1, keepdim=True)], dim=-1)
    return written


@torch.inference_mode()
def _start_with_eos(model, input_ids, n):
    written = torch.tensor([[model.config.eos_token_id]])
    for _ in range(n):
        logits = model(input_ids=input_ids, decoder_input_ids=written).logits
        written = torch.cat([written, logits[:, -1].argmax(-1, keepdim=True)], dim=-1)
    return written


@torch.inference_mode()
def _like_a_decoder(model, input_ids, n):
    for _ in range(n):
        logits = model(input_ids=input_ids, decoder_input_ids=input_ids).logits
        input_ids = torch.cat([input_ids, logits[:, -1].argmax(-1, keepdim=True)], dim=-1)
    return input_ids


@torch.inference_mode()
def _last_token_only(model, input_ids, n):
    written = torch.tensor([[model.config.decoder_start_token_id]])
    for _ in range(n):
        logits = model(input_ids=input_ids, decoder_input_ids=written[:, -1:]).logits
        written = torch.cat([written, logits[:, -1].argmax(-1, keepdim=True)], dim=-1)
    return written


def _without_start(model, input_ids, n):
    return greedy(model, input_ids, n)[:, 1:]


def _greedy_cases():
    tokenizer, model = fixtures.tokenizer(_TASK), fixtures.model(_TASK)
    texts = ("I have a dog.", "Where is my book?", "She reads a book every day.")
    return [(model, tokenizer(text, return_tensors="pt").input_ids, 7) for text in texts]


def shift_right(labels, start_id):
    return [start_id, *labels[:-1]]


def _no_shift(labels, start_id):
    return list(labels)


def _start_and_all(labels, start_id):
    return [start_id, *labels]


def _shift_left(labels, start_id):
    return [*labels[1:], start_id]


EXERCISES = (
    Exercise(
        id="05-translate",
        prompt="""The translation pipeline is gone from transformers 5, so write your own:
`translate(texts, tokenizer, model)` takes a list of English sentences and returns the list of
German ones, in the same order, without special tokens. Encode all texts at once with padding,
call `model.generate` with `max_new_tokens=40`, decode the whole batch. The output of an
encoder-decoder does not begin with the input, so nothing has to be cut off.""",
        stub="""def translate(texts, tokenizer, model):
    # Replace the dots by your code.
    return ...""",
        reference=translate,
        cases=_translate_cases,
        mistakes=(
            Mistake(
                "special-tokens",
                _special_tokens,
                "Special tokens such as <pad> and </s> are still in the text: decode with "
                "skip_special_tokens=True.",
            ),
            Mistake(
                "first-text", _first_text, "Only the first text came back; decode the whole batch."
            ),
            Mistake(
                "cut-like-a-prompt",
                _cut_like_a_prompt,
                "You cut off the input's length, as one does with a causal model. An "
                "encoder-decoder's output holds only the translation.",
            ),
            Mistake(
                "no-mask",
                _no_mask,
                "The encoder read the padding as text: pass the attention_mask along, "
                "model.generate(**inputs, …).",
            ),
        ),
        hints=(
            'tokenizer(texts, padding=True, return_tensors="pt") encodes all of them.',
            "tokenizer.batch_decode(out, skip_special_tokens=True) decodes all of them.",
        ),
        why="Encode, generate, decode: five lines replace the pipeline that was removed.",
    ),
    Exercise(
        id="05-greedy",
        prompt="""Write `greedy(model, input_ids, n)`: greedy translation by hand. The source
`input_ids` (shape (1, tokens)) stays the same all the time; what grows is the decoder's own
input. It begins with one token, `model.config.decoder_start_token_id`; n times, call the model
with both and append the best next token. Return the decoder's ids, start token included, shape
(1, n + 1).""",
        stub="""def greedy(model, input_ids, n):
    # Replace the dots by your code.
    return ...""",
        reference=greedy,
        cases=_greedy_cases,
        mistakes=(
            Mistake(
                "start-with-eos",
                _start_with_eos,
                "You began with the end-of-sentence token. Which token opens the decoder is "
                "written in the config: decoder_start_token_id (for Marian it is the pad token).",
            ),
            Mistake(
                "like-a-decoder",
                _like_a_decoder,
                "You let the source grow, as in a causal model. Here the source goes "
                "to the encoder and stays; the translation grows in decoder_input_ids.",
            ),
            Mistake(
                "last-token-only",
                _last_token_only,
                "You gave the decoder only the newest token. It has no memory between calls: hand "
                "over all that has been written, start token included.",
            ),
            Mistake(
                "without-start",
                _without_start,
                "The tokens are right; keep the start token in front.",
            ),
        ),
        hints=(
            "model(input_ids=…, decoder_input_ids=…).logits has one row per *decoder* token.",
            "Start with torch.tensor([[model.config.decoder_start_token_id]]).",
        ),
        why="Two inputs: the encoder's is fixed, the decoder's is what has been written so far.",
    ),
    Exercise(
        id="05-shift",
        prompt="""In training, the decoder reads the right translation shifted by one place, so
that at each position it has to predict a token that it has not seen. Write `shift_right(labels,
start_id)`: the list of decoder input ids that belongs to a list of label ids, of the same
length. You never have to do it yourself (the model does it when you pass `labels`), but it
explains the odd first token.""",
        stub="""def shift_right(labels, start_id):
    # Replace the dots by your code.
    return ...""",
        reference=shift_right,
        cases=lambda: [([7, 8, 9, 0], 5), ([3, 0], 1)],
        mistakes=(
            Mistake(
                "no-shift",
                _no_shift,
                "Without the shift the decoder would see the very token it is to predict.",
            ),
            Mistake(
                "start-and-all",
                _start_and_all,
                "The start token is right, but now the list is one longer than the "
                "labels: the last label is never an input.",
            ),
            Mistake("shift-left", _shift_left, "That is a shift to the left: it shows the future."),
        ),
        hints=("The start token takes the first place.", "The last label drops out."),
        why="Position i of the decoder input holds label i − 1; the start token fills the gap.",
    ),
)
