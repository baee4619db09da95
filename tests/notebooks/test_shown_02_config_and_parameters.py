"""What a learner sees in notebook 02."""

import re
from ast import literal_eval

from course_models.weights import tensor_table
from course_utils.checkpoints import CHECKPOINTS

MUTATIONS = [
    (
        "predict-from-config",
        "AutoModelForCausalLM.from_pretrained",
        "AutoModelForCausalLM.from_config",
    ),
    ("blueprint", "gpt2 | changes", "gpt2"),  # the changes do not reach the file
    ("typo", "n_layers=3", "n_layer=3"),
    ("predict-n-head", "n_head=n_head, n_layer=1", "n_head=12, n_layer=n_head"),
    ("too-long", ", truncation=True", ""),
    ("other-keys", "model.drop.p", "model.h[0].attn.attn_dropout.p"),
    ("train-eval", "fresh.eval()", "fresh.train()"),
    ("by-hand", "layers * (2 * norm", "layers * (norm"),  # one layer norm per block forgotten
    ("predict-tied", "blueprint(AutoModelForCausalLM)", "blueprint(AutoModel)"),
    ("header", "file.read(8)", "file.read(4)"),
    ("predict-half", ".half()", ""),
    ("layers-edited", "plan | change", "plan"),  # the edit does not reach the file
    ("head-gone", "auto_class.from_pretrained(sent", "AutoModel.from_pretrained(sent"),
]

GPT2_SMALL = 124_439_808  # embeddings 39,383,808 + 12 × 7,087,872 + last layer norm 1,536
TIED_TABLE = 50257 * 768


def test_the_config_is_a_small_text_beside_large_weights(notebook):
    sizes = notebook.value("folder")
    assert sizes["config.json"] * 1000 < sizes["model.safetensors"]


def test_a_config_alone_gives_random_weights(notebook):
    assert "Computed: the two that were loaded" in notebook.text("predict-from-config")


def test_two_keys_of_the_gpt2_config_mean_nothing_and_no_unknown_key_is_an_error(notebook):
    assert notebook.text("blueprint").startswith("GPT2Config → GPT2Model")
    assert "Computed: n_ctx and task_specific_params" in notebook.text("predict-unknown-keys")
    assert notebook.value("typo") == {"n_layers": 3, "n_layer": 12}


def test_model_type_decides_and_architectures_does_not(notebook):
    assert "Computed: a GPT2LMHeadModel" in notebook.text("predict-architectures")
    *known, unknown = notebook.text("model-type").splitlines()
    assert [tuple(line.split(" → ")) for line in known] == [
        ("gpt2      ", "GPT2Model"),
        ("bert      ", "BertModel"),
        ("distilbert", "DistilBertModel"),
    ]
    assert re.search(r"ValueError: .*`notreal`", unknown)


def test_the_width_is_in_every_shape(notebook):
    whole, half = notebook.value("blueprint"), notebook.value("n-embd")
    assert whole["wte.weight"] == (50257, 768)
    assert whole["wpe.weight"] == (1024, 768)
    assert whole.keys() == half.keys()
    assert all(half[name][-1] * 2 == shape[-1] for name, shape in whole.items())


def test_layers_are_counted_and_heads_add_nothing(notebook):
    assert literal_eval(notebook.text("n-embd").splitlines()[0]) == {1: 1, 2: 2, 3: 3}
    one_block = GPT2_SMALL - 11 * (12 * 768**2 + 13 * 768)
    rows = re.findall(r"^\d+ +(\d+) +(\d+) +(\d+)$", notebook.text("n-head"), re.MULTILINE)
    assert [tuple(map(int, row)) for row in rows] == [
        (6, 128, one_block),
        (12, 64, one_block),
        (24, 32, one_block),
    ]
    assert "Computed: it stays the same" in notebook.text("predict-n-head")


def test_impossible_dimensions_are_refused(notebook):
    heads, quotes = notebook.text("impossible").splitlines()
    assert "ValueError" in heads and "768" in heads and "Error" in quotes


def test_n_positions_sizes_the_table_and_n_ctx_does_not(notebook):
    assert notebook.value("n-positions") == {
        "unchanged": (1024, 768),
        "n_ctx=2048": (1024, 768),
        "n_positions=2048": (2048, 768),
    }


def test_too_long_a_text_is_an_index_error_until_it_is_truncated(notebook):
    text = notebook.text("too-long")
    assert "IndexError: index out of range" in text
    positions, tokens = map(int, re.search(r"positions: (\d+) · tokens: (\d+)", text).groups())
    assert tokens > positions
    assert notebook.value("too-long") == ("after truncation", (1, positions))


def test_the_vocabulary_sizes_table_and_logits(notebook):
    assert notebook.value("vocab-size") == {"wte": (1000, 768), "logits": (1, 5, 1000)}


def test_the_other_keys_have_the_effect_described(notebook):
    rows = re.findall(r"^(\w+) +(\S+) .* (\S+)$", notebook.text("other-keys"), re.MULTILINE)
    found = {name: (value, shown) for name, value, shown in rows if "_" in name}
    assert found.pop("activation_function") == ("relu", "ReLU()")
    assert len(found) == 5 and all(float(a) == float(b) for a, b in found.values())
    assert len({a for a, _ in found.values()}) >= 4
    assert notebook.value("train-eval") == {"as built": False, "after .eval()": True}


def test_generation_settings_in_the_config_do_not_arrive(notebook):
    shown = notebook.value("task-params")
    assert shown["the file says"] == {"do_sample": True, "max_length": 50}
    assert shown["generate gets"]["do_sample"] is not True
    assert shown["generate gets"]["max_length"] != 50
    assert "AttributeError" in notebook.text("task-params")


def test_common_names_work_and_values_come_from_nowhere(notebook):
    text = notebook.text("synonyms")
    assert "'hidden_size': 'n_embd'" in text
    html = notebook.html("synonyms")
    assert html.count("<td>768</td>") >= 3 and html.count("LABEL_1") >= 3


def test_the_formula_counts_what_the_library_builds(notebook):
    text = notebook.text("by-hand")
    rows = re.findall(r"^\d +(\w+) +(\d+) +(\d+)$", text, re.MULTILINE)
    assert [name for name, _, _ in rows] == ["small", "medium", "xl"]
    assert all(by_hand == blueprint for _, by_hand, blueprint in rows)
    assert int(rows[0][1]) == GPT2_SMALL


def test_a_tied_head_adds_no_parameter_and_the_state_dict_counts_it_twice(notebook):
    assert "Computed: just as many" in notebook.text("predict-tied")
    assert notebook.value("tied") == {
        "AutoModel": GPT2_SMALL,
        "AutoModelForCausalLM": GPT2_SMALL,
        "state_dict of the latter": GPT2_SMALL + TIED_TABLE,
    }


def test_the_picture_shows_all_parameters_by_block(notebook):
    blocks = re.findall(r"^ *(.+?)  ([\d,]+)$", notebook.text("picture"), re.MULTILINE)
    sizes = {name: int(size.replace(",", "")) for name, size in blocks}
    assert sum(sizes.values()) == GPT2_SMALL
    assert max(sizes, key=sizes.get).startswith("MLP")
    assert sizes["lm_head: tied to wte"] == 0
    assert "<table" in notebook.html("picture")


def test_the_header_of_the_weights_file_tells_names_shapes_and_formats(notebook):
    entry = notebook.value("header")
    first, last = entry["data_offsets"]
    assert entry["dtype"] == "F16"
    assert last - first == 2 * entry["shape"][0] * entry["shape"][1]


def test_the_tied_head_is_not_in_the_file(notebook):
    shown = notebook.value("not-in-file")
    assert shown["lm_head.weight in the file"] is False
    assert shown["numbers in the file"] == shown["parameters of the model"]
    assert shown["original GPT-2, with 12 masks"] == GPT2_SMALL + 12 * 1024**2


def test_the_header_of_the_largest_checkpoint_is_read_without_its_weights(notebook):
    largest, text = CHECKPOINTS["token-classification"], notebook.text("tensor-table")
    assert f"would fetch the header of {largest.hub_id}" in text
    assert "bert.embeddings." in text
    table = tensor_table(largest.folder)
    assert f"{len(table)} tensors, {table['numbers'].sum()} numbers" in text


def test_the_config_decides_the_dtype_and_an_argument_overrides_it(notebook):
    assert notebook.value("dtypes") == {
        "in the file": ["F16"],
        "in config.json": "float32",
        "loaded": "torch.float32",
        "bytes per parameter": 4,
    }
    assert notebook.value("half") == {
        "no argument": "torch.float16",
        "dtype=torch.float32": "torch.float32",
    }
    assert "Computed: torch.float16" in notebook.text("predict-half")
    text = notebook.text("memory")
    small, large = map(float, re.findall(r"'float\d+': ([\d.]+)", text))
    assert 1.9 < large / small < 2.1
    assert f"GPT-2 small: float32 {GPT2_SMALL * 4 / 1e6:.0f} MB" in text


def test_incomplete_folders_give_the_messages_discussed(notebook):
    text = notebook.text("broken-folders")
    assert "['config.json']\nOSError: Error no file named model.safetensors" in text
    without_peft = "ValueError: Unrecognized model in adapter" in text
    assert without_peft or "no-such-owner" in text
    assert "not a valid JSON file" in text


def test_layers_can_be_added_or_dropped_silently_and_widths_cannot(notebook):
    text = notebook.text("layers-edited")
    (more, nothing), (none, fewer) = re.findall(r"'missing': (\d+), 'unexpected': (\d+)", text)
    assert int(more) > 0 == int(nothing) and int(fewer) > 0 == int(none)
    assert text.splitlines()[-1].startswith("RuntimeError")


def test_saving_an_automodel_loses_the_head(notebook):
    lost = notebook.value("head-gone")
    assert lost["AutoModel"] == (
        ["DistilBertModel"],
        ["classifier.bias", "classifier.weight", "pre_classifier.bias", "pre_classifier.weight"],
    )
    kept = (["DistilBertForSequenceClassification"], [])
    assert lost["AutoModelForSequenceClassification"] == kept


def test_quantized_files_grow_and_old_arguments_are_gone(notebook):
    file, memory = (float(n) for n in re.findall(r" ([\d.]+)$", notebook.text("gguf"), re.M))
    assert memory > 5 * file
    assert "TypeError" in notebook.text("gguf")


def test_tensors_on_two_devices_do_not_meet(notebook):
    assert "RuntimeError" in notebook.text("devices")
    assert notebook.value("devices")[:2] == (1, 3)


def test_a_sharded_checkpoint_spreads_its_tensors_over_files(notebook):
    pieces = notebook.value("shards")
    assert len(pieces) > 1
    assert all(name.startswith("model-0000") and count > 0 for name, count in pieces.items())


def test_the_playground_counts_as_the_library_does(notebook):
    small, narrow, shallow, few, uneven = notebook.text("playground").split("\n\n")[1:]
    found = [
        int(re.search(r"parameters: ([\d,]+)", one)[1].replace(",", ""))
        for one in (small, narrow, shallow, few)
    ]
    assert found[0] == found[3] == 124_439_808 == notebook.value("tied")["AutoModel"]
    assert found[1] < found[0] / 2 < found[2]
    assert "refused" in uneven and "768" in uneven and "7" in uneven
    assert "wte.weight: (50257, 384)" in narrow
    assert notebook.html("playground").count("<table") == 9
    assert notebook.html("playground").count("<img") == 5
    assert "12 blocks, each 384 wide" in narrow and "no even cut" in uneven
