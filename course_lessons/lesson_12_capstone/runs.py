"""One run for each head: the input, what counts as its output, and outputs of wrong readings."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import torch
import transformers
from transformers import AutoTokenizer
from transformers.utils import logging

from course_models.language import tr

PROMPT = "Once upon a time"
BLANK = "She opened the [MASK] and went out."
SOURCE = "Good morning."
REVIEW = "The food was cold and the waiter was rude."
QUESTION, CONTEXT = "Where does Sarah live?", "My name is Sarah and I live in London."
QUERY = "A man is playing a guitar."
CANDIDATES = ("Someone plays an instrument.", "The stock market fell on Monday.")

Outputs = tuple[set[str], dict[str, str]]  # what is right; what is wrong → the idea behind it


@dataclass(frozen=True)
class Run:
    """What to feed one kind of model, what is wanted from it, and how to compute that."""

    given: tuple[str, ...]
    wanted: str
    compute: Callable[..., Outputs]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No load reports and bars: they would give the answers away."""
    level, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bar:
            logging.enable_progress_bar()


@cache
def outputs(auto_class: str, folder: str) -> Outputs:
    """The right outputs of the model in a folder, and recognisable wrong ones."""
    with quiet(), torch.no_grad():
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = getattr(transformers, auto_class).from_pretrained(folder)
        right, mistakes = RUNS[auto_class].compute(tokenizer, model)
    return right, {wrong: idea for wrong, idea in mistakes.items() if wrong not in right}


def _continue(tokenizer, model) -> Outputs:
    given = tokenizer(PROMPT, return_tensors="pt")
    row = model.generate(**given, max_new_tokens=5, do_sample=False)[0]
    new = row[given["input_ids"].shape[1] :]
    return {tokenizer.decode(new).strip()}, {
        tokenizer.decode(row).strip(): tr(
            "The prompt is back in what generate returns: cut it off."
        ),
        tokenizer.decode(new[:1]).strip(): tr("That is one token; five are asked for."),
    }


def _fill(tokenizer, model) -> Outputs:
    given = tokenizer(BLANK, return_tensors="pt")
    best = model(**given).logits[0].argmax(dim=-1)
    where = given["input_ids"][0] == tokenizer.mask_token_id
    idea = tr("That is read at another position: find the blank by tokenizer.mask_token_id.")
    others = {tokenizer.decode([token]).strip(): idea for token in best[~where].tolist()}
    return {tokenizer.decode(best[where]).strip()}, others


def _translate(tokenizer, model) -> Outputs:
    given = tokenizer(SOURCE, return_tensors="pt")
    rows = [model.generate(**given), model.generate(**given, num_beams=1)]
    right = {tokenizer.decode(row[0], skip_special_tokens=True).strip() for row in rows}
    idea = tr("The markers of beginning and end are still in it: skip_special_tokens=True.")
    return right, {tokenizer.decode(row[0]).strip(): idea for row in rows} | {
        SOURCE: tr("That is the source again. Which class has an encoder that reads it?")
    }


def _classify(tokenizer, model) -> Outputs:
    best = model(**tokenizer(REVIEW, return_tensors="pt")).logits[0].argmax().item()
    labels = model.config.id2label
    mistakes = dict.fromkeys(
        labels.values(), tr("That is the other label. Is the head trained in the class you loaded?")
    )
    idea = tr("That is the number of a class; its name stands in config.id2label.")
    mistakes |= {word: idea for i in labels for word in (str(i), f"LABEL_{i}")}
    return {labels[best]}, mistakes


def _answer(tokenizer, model) -> Outputs:
    given = tokenizer(QUESTION, CONTEXT, return_tensors="pt", return_offsets_mapping=True)
    offsets = given.pop("offset_mapping")[0].tolist()
    scores = model(**given)
    outside = torch.tensor([part != 1 for part in given.sequence_ids(0)])
    start, end = (
        logits[0].masked_fill(outside, -torch.inf)
        for logits in (scores.start_logits, scores.end_logits)
    )
    pairs = (start[:, None] + end[None, :]).triu()
    pairs = pairs.masked_fill(torch.ones_like(pairs).tril(-1).bool(), -torch.inf)
    first, last = divmod(pairs.argmax().item(), len(start))
    right = CONTEXT[offsets[first][0] : offsets[last][1]]
    joined = tokenizer.decode(given["input_ids"][0, first : last + 1])
    return {right}, {
        joined: tr(
            "Those are the tokens joined again: cut the answer out of the text, by offsets."
        ),
        CONTEXT: tr(
            "That is the whole text. The two rows of scores say where the answer begins and ends."
        ),
    }


def _nearest(tokenizer, model) -> Outputs:
    # One after the other: not every tokenizer can pad.
    given = [tokenizer(text, return_tensors="pt") for text in (QUERY, *CANDIDATES)]
    vectors = torch.cat([model(**one).last_hidden_state.mean(dim=1) for one in given])
    near = torch.cosine_similarity(vectors[:1], vectors[1:]).argmax().item()
    other = CANDIDATES[1 - near]
    return {CANDIDATES[near]}, {
        other: tr("That is the farther one: average the vectors of real tokens, take the cosine."),
    }


RUNS = {
    "AutoModelForCausalLM": Run(
        (PROMPT,), "the next five tokens, most probable ones, as text without the prompt", _continue
    ),
    "AutoModelForMaskedLM": Run((BLANK,), "the best word for the blank", _fill),
    "AutoModelForSeq2SeqLM": Run((SOURCE,), "the German text", _translate),
    "AutoModelForQuestionAnswering": Run(
        (QUESTION, CONTEXT), "the answer, as it stands in the text", _answer
    ),
    "AutoModelForSequenceClassification": Run((REVIEW,), "the name of the label", _classify),
    "AutoModel": Run(
        (QUERY, *CANDIDATES),
        "the sentence that is nearer to the first (mean of the token vectors, cosine)",
        _nearest,
    ),
}
