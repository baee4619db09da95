"""Exercises of 02_config_and_parameters."""

import json

from transformers import BertConfig, DistilBertConfig, GPT2Config

from course_utils.checkpoints import CHECKPOINTS
from course_utils.exercises.engine import Exercise, Mistake


def n_params(config):
    width = config.n_embd
    embeddings = (config.vocab_size + config.n_positions) * width
    attention = (width * 3 * width + 3 * width) + (width * width + width)
    mlp = (width * 4 * width + 4 * width) + (4 * width * width + width)
    norms = 2 * 2 * width
    return embeddings + config.n_layer * (attention + mlp + norms) + 2 * width


def _untied(config):
    return n_params(config) + config.vocab_size * config.n_embd


def _no_biases(config):
    width = config.n_embd
    return (config.vocab_size + config.n_positions) * width + config.n_layer * 12 * width**2


def _times_heads(config):
    width = config.n_embd
    return n_params(config) + (config.n_head - 1) * config.n_layer * (4 * width**2 + 4 * width)


def header(file):
    with open(file, "rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        entries = json.loads(opened.read(length))
    return {
        name: (entry["dtype"], entry["shape"])
        for name, entry in entries.items()
        if name != "__metadata__"
    }


def _with_metadata(file):
    with open(file, "rb") as opened:
        entries = json.loads(opened.read(int.from_bytes(opened.read(8), "little")))
    return {name: (entry["dtype"], entry["shape"]) for name, entry in entries.items()}


def _big_endian(file):
    with open(file, "rb") as opened:
        return json.loads(opened.read(int.from_bytes(opened.read(8), "big")))


def _whole_file(file):
    with open(file, "rb") as opened:
        return json.loads(opened.read())


def size_and_depth(config):
    return (config.hidden_size, config.num_hidden_layers)


def _gpt2_names(config):
    return (config.n_embd, config.n_layer)


def _from_json(config):
    return (config.to_dict()["hidden_size"], config.to_dict()["num_hidden_layers"])


EXERCISES = (
    Exercise(
        id="02-count",
        prompt="""Write `n_params(config)`: the number of parameters of a `GPT2LMHeadModel`
with this `GPT2Config`, by arithmetic, without building the model. You need `vocab_size`,
`n_positions`, `n_embd` and `n_layer`. A block holds two LayerNorms (weight and bias), the
attention (one matrix to 3 × n_embd and one back, with biases) and the MLP (to 4 × n_embd and
back, with biases); one more LayerNorm follows the last block. It is checked on three configs,
exactly.""",
        stub="""def n_params(config):
    # Replace the dots by your code.
    ...""",
        reference=n_params,
        cases=lambda: [
            (GPT2Config(),),
            (GPT2Config(n_embd=48, n_layer=3, n_head=4, vocab_size=100, n_positions=32),),
            (GPT2Config(n_embd=1024, n_layer=24, n_head=16),),
        ],
        mistakes=(
            Mistake(
                _untied,
                "You counted lm_head: in GPT-2 it is the token embedding used a second "
                "time (tied), so it adds nothing.",
            ),
            Mistake(
                _no_biases,
                "The matrices are right, but biases and LayerNorms are missing: 13 × n_embd for "
                "each block and 2 × n_embd at the end.",
            ),
            Mistake(
                _times_heads,
                "The number of heads changes nothing: heads share out the same matrices.",
            ),
        ),
        hints=(
            "Compare with the parameter table of the notebook, block by block.",
            "Embeddings: (vocab_size + n_positions) × n_embd. A block: 12 × n_embd² + 13 × n_embd.",
        ),
        why="Width and depth decide the size; n_head does not, and the tied head is free.",
    ),
    Exercise(
        id="02-header",
        prompt="""Write `header(file)`: read the header of a `.safetensors` file with plain
Python and return a dictionary from tensor name to `(dtype, shape)`, with the shape as a list.
The file begins with 8 bytes that hold the length of the header as a little-endian integer; that
many bytes of JSON follow, and after them come the numbers, which you must not read. The entry
`__metadata__` is not a tensor.""",
        stub="""def header(file):
    # Replace the dots by your code.
    ...""",
        reference=header,
        cases=lambda: [
            (str(CHECKPOINTS[task].folder / "model.safetensors"),)
            for task in ("text-classification", "text-generation")
        ],
        mistakes=(
            Mistake(
                _with_metadata,
                "`__metadata__` is in the JSON too, but it is a note, not a tensor: it "
                "has no dtype and no shape. Leave it out.",
            ),
            Mistake(
                _big_endian,
                "Those 8 bytes read the other way round give an enormous length: they are "
                "little-endian.",
            ),
            Mistake(
                _whole_file,
                "The file is not JSON as a whole: read 8 bytes first, then just as "
                "many as they say.",
            ),
        ),
        hints=(
            'int.from_bytes(file.read(8), "little") is the length of the JSON that follows.',
            "json.loads takes bytes; then keep entry['dtype'] and entry['shape'] of each tensor.",
        ),
        why="The names and shapes stand at the front, so a tool can list them without the weights.",
    ),
    Exercise(
        id="02-portable",
        prompt="""Write `size_and_depth(config)`: the tuple (width of the hidden states, number
of layers), for a config of *any* model type. GPT-2 calls them `n_embd` and `n_layer`,
DistilBERT `dim` and `n_layers`, BERT uses other names again. Code that works on one model only
is a common reason why a script breaks when somebody swaps the checkpoint; the config offers a
way around that.""",
        stub="""def size_and_depth(config):
    # Replace the dots by your code.
    ...""",
        reference=size_and_depth,
        cases=lambda: [
            (GPT2Config(n_embd=48, n_layer=3),),
            (BertConfig(hidden_size=32, num_hidden_layers=5),),
            (DistilBertConfig(dim=24, n_layers=2),),
        ],
        mistakes=(
            Mistake(
                _gpt2_names,
                "n_embd and n_layer are GPT-2's own names; other configs do not have them.",
            ),
            Mistake(
                _from_json,
                "The JSON holds each model's native names only. Ask the config object, whose "
                "attribute_map translates the common names.",
            ),
        ),
        hints=(
            "Look at config.attribute_map: which names stand on its left side?",
            "hidden_size and num_hidden_layers work on every text model.",
        ),
        why="The common names are translated by attribute_map, so they work everywhere.",
    ),
)
