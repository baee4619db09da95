"""Exercises of 02_config_and_parameters."""

import json

from transformers import (
    BertConfig,
    BloomConfig,
    DistilBertConfig,
    GPT2Config,
    LlamaConfig,
    MarianConfig,
    T5Config,
)

from course_utils.answers import plain
from course_utils.checkpoints import CHECKPOINTS
from course_utils.verdicts import Exercise, Mistake


def n_params(config):
    width, heads = config.hidden_size, config.num_attention_heads
    key_width = width // heads * config.num_key_value_heads
    attention = 2 * width * width + 2 * width * key_width
    mlp = 3 * width * config.intermediate_size
    blocks = config.num_hidden_layers * (attention + mlp + 2 * width)
    tables = 1 if config.tie_word_embeddings else 2
    return tables * config.vocab_size * width + blocks + width


def _exactly(expected, found):
    """A count is right or wrong; the usual tolerance would let a few parameters go."""
    return type(plain(found)) in (int, float) and plain(found) == expected


def _always_tied(config):
    tied = 0 if config.tie_word_embeddings else config.vocab_size * config.hidden_size
    return n_params(config) - tied


def _full_keys(config):
    narrow = config.num_attention_heads - config.num_key_value_heads
    head = config.hidden_size // config.num_attention_heads
    return n_params(config) + config.num_hidden_layers * 2 * config.hidden_size * narrow * head


def _mlp_of_gpt2(config):
    matrix = config.hidden_size * config.intermediate_size
    return n_params(config) - config.num_hidden_layers * matrix


def _no_norms(config):
    return n_params(config) - (2 * config.num_hidden_layers + 1) * config.hidden_size


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


def _three_families(config):
    names = {
        "gpt2": ("n_embd", "n_layer"),
        "distilbert": ("dim", "n_layers"),
        "bert": ("hidden_size", "num_hidden_layers"),
    }
    return tuple(getattr(config, name) for name in names[config.model_type])


def _from_json(config):
    return (config.to_dict()["hidden_size"], config.to_dict()["num_hidden_layers"])


_SMALL_LLAMA = {
    "vocab_size": 100,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_attention_heads": 8,
}

EXERCISES = (
    Exercise(
        id="02-count",
        prompt="""The lesson counted a GPT-2. Now count a newer family: write `n_params(config)`,
the number of parameters of a `LlamaForCausalLM` with this `LlamaConfig`, by arithmetic. What is
different: there are no biases and no position table; each norm is one vector; the MLP has *three*
matrices between `hidden_size` and `intermediate_size`; keys and values are narrower than queries,
since there are only `num_key_value_heads` of them (a head is `hidden_size // num_attention_heads`
wide); and `lm_head` is a matrix of its own unless `tie_word_embeddings` is true.""",
        stub="""def n_params(config):
    # Replace the dots by your code.
    return ...""",
        reference=n_params,
        accepts=_exactly,
        cases=lambda: [
            (LlamaConfig(num_hidden_layers=3, num_key_value_heads=8, **_SMALL_LLAMA),),
            (LlamaConfig(num_hidden_layers=2, num_key_value_heads=2, **_SMALL_LLAMA),),
            (
                LlamaConfig(
                    num_hidden_layers=2,
                    num_key_value_heads=4,
                    tie_word_embeddings=True,
                    **_SMALL_LLAMA,
                ),
            ),
        ],
        mistakes=(
            Mistake(
                "always-tied",
                _always_tied,
                "You left lm_head out everywhere. It is free only where it is tied to the token "
                "table, as in GPT-2; this config says in tie_word_embeddings whether it is.",
            ),
            Mistake(
                "full-keys",
                _full_keys,
                "Your keys and values are as wide as the queries. Their width is that of one head "
                "times num_key_value_heads.",
            ),
            Mistake(
                "mlp-of-gpt2",
                _mlp_of_gpt2,
                "You counted two matrices in the MLP, as in GPT-2. Here there are three: gate and "
                "up go to intermediate_size, down comes back.",
            ),
            Mistake(
                "no-norms",
                _no_norms,
                "The matrices are right, but the norms are missing: two vectors for each block, "
                "and one after the last.",
            ),
        ),
        hints=(
            "Build a small one on the meta device and print its named_parameters(), as in "
            "section 2: each shape is one term of your sum.",
            "A block: 2 × d² + 2 × d × (d // heads × kv heads) + 3 × d × intermediate + 2 × d.",
        ),
        why="Sharing keys and values among heads saves weights (and memory while writing); width "
        "and depth still decide the size.",
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
    return ...""",
        reference=header,
        cases=lambda: [
            (str(CHECKPOINTS[task].folder / "model.safetensors"),)
            for task in ("text-classification", "text-generation")
        ],
        mistakes=(
            Mistake(
                "with-metadata",
                _with_metadata,
                "`__metadata__` is in the JSON too, but it is a note, not a tensor: it "
                "has no dtype and no shape. Leave it out.",
            ),
            Mistake(
                "big-endian",
                _big_endian,
                "Those 8 bytes read the other way round give an enormous length: they are "
                "little-endian.",
            ),
            Mistake(
                "whole-file",
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
of layers), for the configs of *many* model types. GPT-2 calls them `n_embd` and `n_layer`,
DistilBERT `dim` and `n_layers`, BERT uses other names again. Code that works on one model only
is a common reason why a script breaks when somebody swaps the checkpoint; the config offers a
way around that.""",
        stub="""def size_and_depth(config):
    # Replace the dots by your code.
    return ...""",
        reference=size_and_depth,
        cases=lambda: [
            (GPT2Config(n_embd=48, n_layer=3),),
            (BertConfig(hidden_size=32, num_hidden_layers=5),),
            (DistilBertConfig(dim=24, n_layers=2),),
            (T5Config(d_model=40, num_layers=4),),
            (BloomConfig(hidden_size=56, n_layer=6),),
            (MarianConfig(d_model=72, encoder_layers=7),),
        ],
        mistakes=(
            Mistake(
                "gpt2-names",
                _gpt2_names,
                "n_embd and n_layer are GPT-2's own names; other configs do not have them.",
            ),
            Mistake(
                "three-families",
                _three_families,
                "Your code has a list of families, and the next one is not on it. The config "
                "object itself knows the common names.",
            ),
            Mistake(
                "from-json",
                _from_json,
                "The JSON holds each model's native names only. Ask the config object, whose "
                "attribute_map translates the common names.",
            ),
        ),
        hints=(
            "Look at config.attribute_map: which names stand on its left side?",
            "hidden_size and num_hidden_layers work for nearly all text models.",
        ),
        why="The common names are translated by attribute_map, so one line serves all these.",
    ),
)
