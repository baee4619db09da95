"""Exercises of notebook 00: which answers pass, which do not."""

import pytest
import torch
from transformers import AutoConfig

from course_lessons.fixtures import tiny
from course_lessons.lesson_00_overview.exercises import shapes
from course_models import registry
from course_utils.exercises import find, solution
from course_utils.verdicts import State, judge


def by_prefix(model):
    return [name for name, _ in model.named_children() if name != model.base_model_prefix]


def as_tuple(model):
    return tuple(by_prefix(model))


def by_position(model):
    return [name for name, _ in model.named_children()][1:]


def without_dropout(model):
    return [name for name in by_prefix(model) if "dropout" not in name]


def from_the_table(auto_class, model_type):
    return registry.model_types(auto_class)[model_type]


def from_the_config(auto_class, model_type):
    config = AutoConfig.for_model(model_type)
    return auto_class._model_mapping[type(config)].__name__


def known_by_heart(auto_class, model_type):
    ending = auto_class.__name__.removeprefix("AutoModel")
    return {"bert": "Bert", "gpt2": "GPT2", "marian": "Marian"}[model_type] + (ending or "Model")


ACCEPTED = {
    "00-head-names": [by_prefix, as_tuple],
    "00-concrete": [from_the_table, from_the_config],
    "00-shapes": [{name: list(shape) for name, shape in shapes().items()}],
}
REFUSED = {
    "00-head-names": [by_position, without_dropout, lambda model: ["cls"]],
    "00-concrete": [known_by_heart, lambda auto_class, model_type: auto_class],
    "00-shapes": [
        shapes() | {"ForQuestionAnswering": (2, 5, 1)},
        shapes() | {"AutoModel": (16, 5, 2)},
    ],
}


@pytest.mark.parametrize("id, answer", [(i, a) for i, answers in ACCEPTED.items() for a in answers])
def test_a_right_answer_passes(id, answer):
    assert judge(find(id), answer).state == State.RIGHT


@pytest.mark.parametrize("id, answer", [(i, a) for i, answers in REFUSED.items() for a in answers])
def test_a_wrong_answer_does_not(id, answer):
    assert judge(find(id), answer).state == State.WRONG


def test_the_shapes_are_those_of_models():
    ids = torch.zeros(2, 5, dtype=torch.long)
    with torch.inference_mode():
        found = {
            "AutoModel": tiny("BertModel")(ids).last_hidden_state,
            "ForMaskedLM": tiny("BertForMaskedLM")(ids).logits,
            "ForSequenceClassification": tiny("BertForSequenceClassification", num_labels=3)(
                ids
            ).logits,
            "ForTokenClassification": tiny("BertForTokenClassification", num_labels=9)(ids).logits,
            "ForQuestionAnswering": tiny("BertForQuestionAnswering")(ids).start_logits,
        }
    assert shapes() == {name: tuple(tensor.shape) for name, tensor in found.items()}


def test_a_head_without_parameters_is_not_taken_for_the_last_child_alone():
    verdict = judge(find("00-head-names"), without_dropout)
    assert verdict.mistake != "00-head-names/last-child"


def test_the_shown_solution_of_a_value_leaves_the_value():
    code = repr(solution("00-shapes")).removesuffix(find("00-shapes").why)
    names = {}
    exec(code, names)
    assert judge(find("00-shapes"), names["shapes"]).state == State.RIGHT
