"""The registry a learner asks: made from the installed transformers, and importing no models."""

import subprocess
import sys

import pytest
import transformers

from course_models import registry
from course_models.errors import CourseError
from course_utils.checkpoints import CHECKPOINTS, read_config


def test_every_auto_class_is_listed_once_and_exported():
    classes = registry.auto_classes()
    assert len(classes) >= 40
    for name, cls in classes.items():
        assert getattr(transformers, name) is cls and cls.__name__ == name


def test_every_auto_class_has_a_description_of_its_head():
    described = {n: registry.head_description(c) for n, c in registry.auto_classes().items()}
    assert all(described.values())
    assert described["AutoModelForMaskedLM"] == "masked language modeling head"
    assert described["AutoModelForMaskGeneration"] == "mask generation"
    assert {n for n, text in described.items() if text.startswith("no head")} == {
        "AutoModel",
        "AutoBackbone",
    }


def test_forward_and_reverse_lookup_agree():
    for name, cls in registry.auto_classes().items():
        for model_type in list(registry.model_types(cls))[:5]:
            found = registry.concrete_classes(model_type)[name]
            assert found == registry.concrete_class(cls, model_type)


def test_the_names_are_the_classes_that_transformers_returns():
    for name, cls in registry.auto_classes().items():
        if name.endswith(("CausalLM", "MaskedLM", "Seq2SeqLM", "QuestionAnswering")):
            for model_type in {"gpt2", "bert", "marian", "distilbert"} & set(
                registry.model_types(cls)
            ):
                config = transformers.CONFIG_MAPPING[model_type]
                concrete = cls._model_mapping[config].__name__
                assert concrete == registry.concrete_class(cls, model_type)


def test_a_refused_type_names_the_classes_that_take_it():
    with pytest.raises(CourseError, match="does not accept 'gpt2'.*AutoModelForCausalLM"):
        registry.concrete_class(transformers.AutoModelForMaskedLM, "gpt2")
    assert registry.concrete_classes("notreal") == {}


@pytest.mark.parametrize("task", CHECKPOINTS)
def test_use_this_model_is_the_class_the_lesson_uses(task):
    entry = CHECKPOINTS[task]
    assert entry.auto_class in registry.asked_for(read_config(entry.folder))


def test_looking_up_every_class_imports_no_model_code():
    script = (
        "import sys; from course_models import registry; registry.concrete_classes('bert');"
        "bad = [m for m in sys.modules if m.startswith('transformers.models.') "
        "and '.modeling_' in m and '.auto.' not in m]; assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
