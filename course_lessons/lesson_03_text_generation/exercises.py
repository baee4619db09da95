"""Exercises of 03_text_generation."""

import torch

from course_lessons import fixtures
from course_lessons.lesson_03_text_generation.inputs import Limited
from course_utils.verdicts import Exercise, Mistake

_PROMPTS = ("Once upon a time", "The little dog ran to the")


@torch.inference_mode()
def greedy(model, input_ids, n):
    for _ in range(n):
        best = model(input_ids).logits[:, -1].argmax(-1, keepdim=True)
        input_ids = torch.cat([input_ids, best], dim=-1)
    return input_ids


@torch.inference_mode()
def _first_position(model, input_ids, n):
    for _ in range(n):
        best = model(input_ids).logits[:, 0].argmax(-1, keepdim=True)
        input_ids = torch.cat([input_ids, best], dim=-1)
    return input_ids


def _only_new(model, input_ids, n):
    return greedy(model, input_ids, n)[:, input_ids.shape[1] :]


@torch.inference_mode()
def _all_at_once(model, input_ids, n):
    best = model(input_ids).logits[:, -1].topk(n).indices
    return torch.cat([input_ids, best], dim=-1)


def _with_generate(model, input_ids, n):
    return model.generate(input_ids, max_new_tokens=n, do_sample=False)


def _greedy_cases():
    tokenizer, model = fixtures.tokenizer("text-generation"), fixtures.model("text-generation")
    return [
        (Limited(model, 0), tokenizer(text, return_tensors="pt").input_ids, 6) for text in _PROMPTS
    ]


def new_tokens(output_ids, input_ids):
    return output_ids[:, input_ids.shape[1] :]


def _everything(output_ids, input_ids):
    return output_ids


def _batch_axis(output_ids, input_ids):
    return output_ids[:, input_ids.shape[0] :]


def _last_ones(output_ids, input_ids):
    return output_ids[:, -input_ids.shape[1] :]


def continue_all(model, tokenizer, texts, n):
    tokenizer.pad_token, tokenizer.padding_side = tokenizer.eos_token, "left"
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    out = model.generate(
        **inputs, max_new_tokens=n, do_sample=False, pad_token_id=tokenizer.pad_token_id
    )
    return tokenizer.batch_decode(out[:, inputs.input_ids.shape[1] :], skip_special_tokens=True)


def _right_padding(model, tokenizer, texts, n):
    tokenizer.pad_token, tokenizer.padding_side = tokenizer.eos_token, "right"
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    out = model.generate(
        **inputs, max_new_tokens=n, do_sample=False, pad_token_id=tokenizer.pad_token_id
    )
    return tokenizer.batch_decode(out[:, inputs.input_ids.shape[1] :], skip_special_tokens=True)


def _no_mask(model, tokenizer, texts, n):
    tokenizer.pad_token, tokenizer.padding_side = tokenizer.eos_token, "left"
    ids = tokenizer(texts, padding=True, return_tensors="pt").input_ids
    out = model.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=n, do_sample=False
    )
    return tokenizer.batch_decode(out[:, ids.shape[1] :], skip_special_tokens=True)


def _with_prompt(model, tokenizer, texts, n):
    return [text + new for text, new in zip(texts, continue_all(model, tokenizer, texts, n))]


def _one_by_one(model, tokenizer, texts, n):
    return [continue_all(model, tokenizer, [text], n)[0] for text in texts]


def _new_pad_token(model, tokenizer, texts, n):
    tokenizer.add_special_tokens({"pad_token": "[PAD]"})
    tokenizer.padding_side = "left"
    return model.generate(**tokenizer(texts, padding=True, return_tensors="pt"), max_new_tokens=n)


def _batch_cases():
    model = Limited(fixtures.model("text-generation"), 1)
    texts = ["One day, a little dog went to the park and saw a big", "The cat", "Lily"]
    return [(model, fixtures.tokenizer("text-generation"), texts, 8)]


EXERCISES = (
    Exercise(
        id="03-greedy",
        prompt="""Write `greedy(model, input_ids, n)`: greedy generation by hand. `input_ids`
has shape (1, tokens). Repeat n times: run the model, take the most probable next token, append
it. Return all ids, prompt included, shape (1, tokens + n). It must give what `model.generate(…,
do_sample=False)` gives, and it takes four lines: the model is only a function from tokens to
scores, and generation is the loop around it.""",
        stub="""def greedy(model, input_ids, n):
    # Replace the dots by your code.
    return ...""",
        reference=greedy,
        cases=_greedy_cases,
        mistakes=(
            Mistake(
                "first-position",
                _first_position,
                "You read the scores of the first position. The prediction for the next token "
                "stands at the last one: logits[:, -1].",
            ),
            Mistake(
                "only-new",
                _only_new,
                "The new tokens are right, but the prompt is missing: generate returns both.",
            ),
            Mistake(
                "all-at-once",
                _all_at_once,
                "You took the n best candidates for one position. Each new token must be fed back "
                "before the next one can be predicted.",
            ),
            Mistake(
                "with-generate",
                _with_generate,
                "You called generate. The exercise is to write what it does: call the model "
                "itself, model(input_ids), in a loop.",
            ),
        ),
        hints=(
            "model(input_ids).logits has shape (1, tokens, vocabulary): its last row is for "
            "the next token. argmax(-1, keepdim=True) keeps two dimensions, as torch.cat wants.",
            "torch.cat([input_ids, best], dim=-1) appends the best token.",
        ),
        why="generate(do_sample=False) is this loop, with a cache that saves repeated work.",
    ),
    Exercise(
        id="03-new-tokens",
        prompt="""Write `new_tokens(output_ids, input_ids)`: only the tokens that the model
added. Both are tensors of shape (texts, tokens); a causal model's output begins with the
prompt. Cut by tokens, not by the characters of the text: decoding and cutting the string goes
wrong as soon as decoding does not give back the prompt letter for letter.""",
        stub="""def new_tokens(output_ids, input_ids):
    # Replace the dots by your code.
    return ...""",
        reference=new_tokens,
        cases=lambda: [
            (torch.arange(12).reshape(2, 6), torch.arange(8).reshape(2, 4)),
            (torch.arange(9).reshape(1, 9), torch.arange(3).reshape(1, 3)),
        ],
        mistakes=(
            Mistake(
                "everything", _everything, "The prompt is still there: a causal model repeats it."
            ),
            Mistake(
                "batch-axis",
                _batch_axis,
                "shape[0] is the number of texts; the number of prompt tokens is shape[1].",
            ),
            Mistake(
                "last-ones",
                _last_ones,
                "You took as many tokens from the end as the prompt has; cut off the "
                "front instead.",
            ),
        ),
        hints=("Slice the second axis: output_ids[:, …:].", "The prompt has input_ids.shape[1]."),
        why="The first input_ids.shape[1] tokens of every row are the prompt.",
    ),
    Exercise(
        id="03-batch",
        prompt="""Write `continue_all(model, tokenizer, texts, n)`: greedy continuations of
several texts in *one* call of `generate`, as a list of strings without the prompts. They must
equal what each text gives alone. This tokenizer has no pad token (use the end-of-text token),
and a decoder reads its newest token at the end of the row: on which side may padding stand?
Pass the attention mask along, and use `max_new_tokens=n, do_sample=False`.""",
        stub="""def continue_all(model, tokenizer, texts, n):
    # Replace the dots by your code.
    return ...""",
        reference=continue_all,
        cases=_batch_cases,
        mistakes=(
            Mistake(
                "right-padding",
                _right_padding,
                "Your short texts are continued after their padding: pad on the left "
                '(tokenizer.padding_side = "left").',
            ),
            Mistake(
                "no-mask",
                _no_mask,
                "The padding tokens were read as text: pass the attention_mask that the tokenizer "
                "made.",
            ),
            Mistake(
                "with-prompt",
                _with_prompt,
                "The prompts are still in front: cut off the first input_ids.shape[1] tokens.",
            ),
            Mistake(
                "one-by-one",
                _one_by_one,
                "You called generate once for each text. Encode them together with padding=True, "
                "and one call continues all of them.",
            ),
            Mistake(
                "new-pad-token",
                _new_pad_token,
                "You gave the tokenizer a new token, for which the model's embedding table has no "
                "row. Let the end-of-text token do the padding: tokenizer.pad_token = "
                "tokenizer.eos_token.",
            ),
        ),
        hints=(
            "Set tokenizer.pad_token and tokenizer.padding_side before encoding.",
            "model.generate(**inputs, …) passes ids and attention mask together.",
        ),
        why="Left padding keeps the last real token at the end, where generation continues.",
    ),
)
