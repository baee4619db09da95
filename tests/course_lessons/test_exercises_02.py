"""Exercises of notebook 02: which answers pass, which do not."""

import json
import struct
from pathlib import Path

import numpy
import pytest
from huggingface_hub import parse_local_safetensors_file_metadata

from course_lessons.lesson_02_config_and_parameters.exercises import n_params
from course_utils.exercises import find
from course_utils.verdicts import State, judge


def header_by_struct(file):
    data = Path(file).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    entries = json.loads(data[8 : 8 + length].decode())
    entries.pop("__metadata__", None)
    return {name: [entry["dtype"], tuple(entry["shape"])] for name, entry in entries.items()}


def header_by_hub(file):
    tensors = parse_local_safetensors_file_metadata(file).tensors
    return {name: (str(info.dtype), info.shape) for name, info in tensors.items()}


def header_without_shapes(file):
    return {name: (dtype, []) for name, (dtype, _) in header_by_hub(file).items()}


def by_attribute_map(config):
    names = config.attribute_map
    width = names.get("hidden_size", "hidden_size")
    depth = names.get("num_hidden_layers", "num_hidden_layers")
    return getattr(config, width), getattr(config, depth)


def first_that_fits(config):
    """The three spellings of the prompt, by name."""
    for width, depth in (("n_embd", "n_layer"), ("dim", "n_layers"), ("hidden_size", "n_layers")):
        if width in config.to_dict():
            return getattr(config, width), getattr(config, depth, 5)


ACCEPTED = {
    "02-count": [
        lambda config: numpy.int64(n_params(config)),
        lambda config: float(n_params(config)),
    ],
    "02-header": [header_by_struct, header_by_hub],
    "02-portable": [by_attribute_map, lambda config: [*by_attribute_map(config)]],
}
REFUSED = {
    "02-count": [
        lambda config: n_params(config) + 5,
        lambda config: n_params(config) - 1,
        lambda config: n_params(config) + 0.5,
        lambda config: str(n_params(config)),
    ],
    "02-header": [header_without_shapes, lambda file: {}],
    "02-portable": [first_that_fits, lambda config: by_attribute_map(config)[::-1]],
}


@pytest.mark.parametrize("id, answer", [(i, a) for i, answers in ACCEPTED.items() for a in answers])
def test_a_right_answer_passes(id, answer):
    assert judge(find(id), answer).state == State.RIGHT


@pytest.mark.parametrize("id, answer", [(i, a) for i, answers in REFUSED.items() for a in answers])
def test_a_wrong_answer_does_not(id, answer):
    assert judge(find(id), answer).state == State.WRONG
