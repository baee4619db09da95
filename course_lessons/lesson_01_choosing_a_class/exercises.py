"""Exercises of 01_choosing_a_class."""

from collections.abc import Mapping

from course_models import registry
from course_utils.answers import same
from course_utils.verdicts import Exercise, Mistake


def choices():
    return {
        "translate a contract into German, with a Marian checkpoint": "AutoModelForSeq2SeqLM",
        "continue a story": "AutoModelForCausalLM",
        "a chat assistant that answers in its own words": "AutoModelForCausalLM",
        "quote the sentence part that answers a question": "AutoModelForQuestionAnswering",
        "guess the word under an ink blot": "AutoModelForMaskedLM",
        "mark every product name in a text": "AutoModelForTokenClassification",
        "one to five stars for a review": "AutoModelForSequenceClassification",
        "part of speech of each word": "AutoModelForTokenClassification",
        "vectors to find similar documents": "AutoModel",
        "a short summary of a long report, with a T5 checkpoint": "AutoModelForSeq2SeqLM",
        "is this message spam?": "AutoModelForSequenceClassification",
        "describe a photo in a sentence": "AutoModelForImageTextToText",
    }


_AS_GOOD = {  # a second class that gives what the wish asks for
    "a chat assistant that answers in its own words": "AutoModelForSeq2SeqLM",
    "vectors to find similar documents": "AutoModelForTextEncoding",
    "describe a photo in a sentence": "AutoModelForMultimodalLM",
}


def _as_good(expected, found):
    if isinstance(found, Mapping):
        other = {wish: expected[wish] for wish, name in _AS_GOOD.items() if found.get(wish) == name}
        found = {**found, **other}
    return same(expected, found)


def random_parameters(info):
    mismatched = {key[0] if isinstance(key, tuple) else key for key in info["mismatched_keys"]}
    return sorted(set(info["missing_keys"]) | mismatched)


def _unexpected(info):
    return sorted(info["unexpected_keys"])


def _missing_only(info):
    return sorted(info["missing_keys"])


_INFOS = (
    {
        "missing_keys": {"qa_outputs.weight", "qa_outputs.bias"},
        "unexpected_keys": {"cls.predictions.bias"},
        "mismatched_keys": set(),
    },
    {
        "missing_keys": set(),
        "unexpected_keys": {"bert.pooler.dense.weight"},
        "mismatched_keys": {("classifier.weight", (9, 16), (3, 16))},
    },
    {"missing_keys": set(), "unexpected_keys": set(), "mismatched_keys": set()},
)


def in_both(first, second):
    return sorted(registry.model_types(first).keys() & registry.model_types(second).keys())


def _in_either(first, second):
    return sorted(registry.model_types(first).keys() | registry.model_types(second).keys())


def _same_class(first, second):
    both = registry.model_types(first).items() & registry.model_types(second).items()
    return sorted(name for name, _ in both)


def _pairs():
    classes = registry.auto_classes()
    return [
        (classes["AutoModelForCausalLM"], classes["AutoModelForSeq2SeqLM"]),
        (classes["AutoModelForMaskedLM"], classes["AutoModelForCausalLM"]),
    ]


EXERCISES = (
    Exercise(
        id="01-choose",
        prompt="""Twelve wishes from twelve people. Write the name of the Auto class for each,
as a string such as `"AutoModelForMaskedLM"`. Ask what should come *out*: one label, a label for
each token, a span of the input, new text, a filled blank, or vectors? Three of the twelve are
traps: a word in the wish sounds like one class while the output asks for another.""",
        stub="choices = {\n" + "".join(f'    "{wish}": ...,\n' for wish in choices()) + "}",
        reference=choices,
        value=True,
        accepts=_as_good,
        mistakes=(
            Mistake(
                "chat-as-span",
                lambda: {
                    "a chat assistant that answers in its own words": (
                        "AutoModelForQuestionAnswering"
                    )
                },
                "Answering in its own words is writing new text. AutoModelForQuestionAnswering can "
                "only point at a span of the text it was given.",
            ),
            Mistake(
                "one-label-a-text",
                lambda: {"part of speech of each word": "AutoModelForSequenceClassification"},
                "A label for each word is a label per token; sequence classification gives one for "
                "the whole text.",
            ),
            Mistake(
                "photo-as-text",
                lambda: {"describe a photo in a sentence": "AutoModelForCausalLM"},
                "The output is text, but a picture goes in: a causal language model has no way to "
                "take one. Search the registry for image and text.",
            ),
            Mistake(
                "photo-in-old-words",
                lambda: {"describe a photo in a sentence": "AutoModelForVision2Seq"},
                "That class was retired in version 5; its successor names what goes in and what "
                "comes out.",
            ),
            Mistake(
                "summary-as-next-token",
                lambda: {
                    "a short summary of a long report, with a T5 checkpoint": "AutoModelForCausalLM"
                },
                "A chat model could do it, but the checkpoint is a T5, which has an encoder and a "
                "decoder: AutoModelForCausalLM has no entry for it.",
            ),
            Mistake(
                "blank-as-next-token",
                lambda: {"guess the word under an ink blot": "AutoModelForCausalLM"},
                "The words after the blot help as well, and a causal model cannot see them.",
            ),
        ),
        hints=(
            "Start from what comes out: label, labels, span, text, blank, vectors.",
            "New text: is there a source text to transform (encoder-decoder) or only a beginning?",
            "For the photo, list the registry's classes whose name mentions images and text.",
        ),
        why="The task decides the class by its output; the words of the wish can mislead.",
    ),
    Exercise(
        id="01-random",
        prompt="""`from_pretrained(…, output_loading_info=True)` also returns a dictionary with
`missing_keys`, `unexpected_keys` and `mismatched_keys`. Write `random_parameters(info)`: the
sorted list of names of parameters that hold *random* numbers after loading. Entries of
`mismatched_keys` are tuples of name, shape in the file and shape in the model. Which of the
three collections mean that the file had nothing usable for the model?""",
        stub="""def random_parameters(info):
    # Replace the dots by your code.
    return ...""",
        reference=random_parameters,
        cases=lambda: [(info,) for info in _INFOS],
        mistakes=(
            Mistake(
                "unexpected",
                _unexpected,
                "You have the direction reversed: unexpected keys are in the file but not in the "
                "model, so they are left out, and nothing in the model is random because of them.",
            ),
            Mistake(
                "missing-only",
                _missing_only,
                "Missing keys are random, and so are mismatched ones: a tensor of the wrong shape "
                "cannot be used either.",
            ),
        ),
        hints=(
            "Random means: the model has it, and the file had nothing that fits.",
            "Join missing_keys with the first part of each entry of mismatched_keys.",
        ),
        why="MISSING and MISMATCH leave random numbers in the model; UNEXPECTED only leaves "
        "numbers in the file.",
    ),
    Exercise(
        id="01-in-both",
        prompt="""Some model types can be loaded by two Auto classes, with a different head
each time. Write `in_both(first, second)`: the sorted list of the model types that both Auto
classes accept. `registry.model_types(auto_class)` is a dictionary from model type to the name
of the concrete class. The check computes the right answer from the installed library, so it
stays right when the library grows.""",
        stub="""def in_both(first, second):
    # Replace the dots by your code.
    return ...""",
        reference=in_both,
        cases=_pairs,
        mistakes=(
            Mistake(
                "in-either",
                _in_either,
                "That is the union: types that at least one of the two accepts. Both must.",
            ),
            Mistake(
                "same-class",
                _same_class,
                "You asked for types where both give the same concrete class; the interesting ones "
                "are those where the class differs. Compare the keys only.",
            ),
        ),
        hints=(
            "Dictionary keys behave like sets: `a.keys() & b.keys()`.",
            "Sort the result, since sets have no order.",
        ),
        why="One model_type, several heads: it is the class you name that chooses, not the file.",
    ),
)
