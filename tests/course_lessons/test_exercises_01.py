"""Exercises of notebook 01: which answers pass, which do not; and what the Load Doctor says."""

import numpy
import pytest

from course_lessons.lesson_01_choosing_a_class.exercises import choices
from course_lessons.lesson_01_choosing_a_class.pictures import file_and_model
from course_lessons.lesson_01_choosing_a_class.playground import Diagnosis
from course_lessons.loads import load
from course_models import registry
from course_utils.checkpoints import CHECKPOINTS, SEVEN
from course_utils.exercises import find, solution
from course_utils.playgrounds import playground
from course_utils.verdicts import State, judge

PHOTO = "describe a photo in a sentence"


def in_both_by_numpy(first, second):
    tables = [list(registry.model_types(one)) for one in (first, second)]
    return numpy.intersect1d(*tables)


def in_both_unsorted(first, second):
    known = registry.model_types(second)
    return [name for name in registry.model_types(first) if name in known][::-1]


def random_by_loop(info):
    found = list(info["missing_keys"])
    for name, *_ in info["mismatched_keys"]:
        found.append(name)
    return tuple(sorted(found))


def all_three(info):
    return sorted({*info["missing_keys"], *info["unexpected_keys"]})


ACCEPTED = {
    "01-choose": [
        choices() | {PHOTO: "AutoModelForMultimodalLM"},
        choices() | {"a chat assistant that answers in its own words": "AutoModelForSeq2SeqLM"},
        choices() | {"vectors to find similar documents": "AutoModelForTextEncoding"},
        {wish: numpy.str_(name) for wish, name in choices().items()},
    ],
    "01-random": [random_by_loop],
    "01-in-both": [in_both_by_numpy],
}
REFUSED = {
    "01-choose": [
        choices() | {PHOTO: "AutoModelForVision2Seq"},
        choices() | {"is this message spam?": "AutoModelForMultimodalLM"},
        choices() | {"continue a story": "GPT2LMHeadModel"},
    ],
    "01-random": [all_three, lambda info: []],
    "01-in-both": [in_both_unsorted, lambda first, second: ["bart", "marian"]],
}


@pytest.mark.parametrize("id, answer", [(i, a) for i, answers in ACCEPTED.items() for a in answers])
def test_a_right_answer_passes(id, answer):
    assert judge(find(id), answer).state == State.RIGHT


@pytest.mark.parametrize("id, answer", [(i, a) for i, answers in REFUSED.items() for a in answers])
def test_a_wrong_answer_does_not(id, answer):
    assert judge(find(id), answer).state == State.WRONG


def test_the_first_wrong_wish_is_named():
    verdict = judge(find("01-choose"), choices() | {"continue a story": "GPT2LMHeadModel"})
    assert "'continue a story'" in verdict.message and "GPT2LMHeadModel" in verdict.message
    assert "AutoModelForCausalLM" not in verdict.message.splitlines()[0]


def test_the_checkpoints_named_in_the_wishes_load_with_the_class():
    classes = registry.auto_classes()
    for wish, kind in (("contract", "marian"), ("report", "t5")):
        (name,) = (name for text, name in choices().items() if wish in text)
        assert kind in registry.model_types(classes[name])
    assert "t5" not in registry.model_types(classes["AutoModelForCausalLM"])


def test_the_shown_solution_of_a_value_leaves_the_value():
    names = {}
    exec(repr(solution("01-choose")).removesuffix(find("01-choose").why), names)
    assert judge(find("01-choose"), names["choices"]).state == State.RIGHT


# Checkpoint → class → what a load is good for; all others have a head that the file lacks.
FITS = {
    "text-generation": {"AutoModelForCausalLM", "AutoModel"},
    "fill-mask": {"AutoModelForMaskedLM", "AutoModelForCausalLM"},
    "translation": {"AutoModelForSeq2SeqLM", "AutoModel"},  # positions are computed
    "question-answering": {"AutoModelForQuestionAnswering", "AutoModel"},
    "token-classification": {"AutoModelForTokenClassification"},
    "text-classification": {
        "AutoModelForSequenceClassification",
        "AutoModelForTokenClassification",
        "AutoModel",
    },
    "feature-extraction": {"AutoModel"},
}
OTHERS = {
    ("translation", "AutoModelForCausalLM"): Diagnosis.CUT,
    ("token-classification", "AutoModelForSequenceClassification"): Diagnosis.RANDOM_BODY,
    ("token-classification", "AutoModel"): Diagnosis.RANDOM_BODY,
    ("fill-mask", "AutoModel"): Diagnosis.RANDOM_BODY,
}


def test_the_load_doctor_is_right_about_each_pair():
    draw = playground("01").draw
    for task, entry in CHECKPOINTS.items():
        for name in SEVEN:
            if load(str(entry.folder), name) is None:
                expected = Diagnosis.REFUSED
            elif name in FITS[task]:
                expected = Diagnosis.FITS
            else:
                expected = OTHERS.get((task, name), Diagnosis.RANDOM_HEAD)
            assert f"verdict: {expected}\n" in draw(task, name).text, (task, name)


def test_the_load_doctor_finds_the_table_under_its_other_name():
    text = playground("01").draw("translation", "AutoModelForCausalLM").text
    assert "has no place for: encoder, shared" in text
    assert "same shape, other name: 1: model.shared.weight" in text
    assert "pooler" in playground("01").draw("fill-mask", "AutoModel").text.split("MISSING")[0]


def test_the_stacks_show_all_three_relations():
    text = file_and_model(
        ["a.x.weight", "a.y.weight", "old.z", "b.q.1"], ["a.x.weight", "b.q.1", "b.q.2", "new.h"]
    ).text
    assert text == (
        "a.x: in both, copied. b.q: in both, in part. a.y: in the file only, UNEXPECTED. "
        "old.z: in the file only, UNEXPECTED. new.h: in the model only, MISSING."
    )


def test_an_answer_may_have_the_chinese_editions_words_as_its_keys(monkeypatch):
    # As if it were translated: a class may hand in copies of either edition.
    wish = "continue a story"
    monkeypatch.setattr("course_models.language._back", lambda: {"把故事接着写下去": wish})
    answer = choices()
    answer["把故事接着写下去"] = answer.pop(wish)
    assert judge(find("01-choose"), answer).state is State.RIGHT
    answer["把故事接着写下去"] = "AutoModel"
    assert wish in judge(find("01-choose"), answer).message
