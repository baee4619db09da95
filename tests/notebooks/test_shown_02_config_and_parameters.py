"""What a learner sees in notebook 02."""

import re

from course_utils.checkpoints import CHECKPOINTS
from course_utils.weights import tensor_table

MUTATIONS = [
    ("from-config", "AutoModelForCausalLM.from_pretrained", "AutoModelForCausalLM.from_config"),
    ("by-hand", "layers * (2 * norm", "layers * (norm"),  # one layer norm per block forgotten
    ("edit-weights", "plan | changes", "plan"),  # the edit does not reach the file
]

GPT2_SMALL = 124_439_808  # embeddings 39,383,808 + 12 × 7,087,872 + last layer norm 1,536
TIED_TABLE = 50257 * 768


def test_the_config_is_a_small_text_beside_large_weights(notebook):
    sizes = notebook.value("folder")
    assert sizes["config.json"] * 1000 < sizes["model.safetensors"]


def test_a_config_alone_gives_random_weights(notebook):
    assert notebook.value("from-config") == {"two from_config": False, "two from_pretrained": True}


def test_two_keys_of_the_gpt2_config_mean_nothing_and_no_unknown_key_is_an_error(notebook):
    assert notebook.value("write") == "GPT2Config"
    assert notebook.value("unknown-keys") == ["n_ctx", "task_specific_params"]
    assert notebook.value("typo") == {"n_layers": 3, "n_layer": 12}


def test_model_type_decides_and_architectures_does_not(notebook):
    assert notebook.value("architectures") == ["GPT2Model", "GPT2LMHeadModel"]
    assert notebook.value("model-type") == {
        "gpt2": ("GPT2Config", "GPT2Model"),
        "bert": ("BertConfig", "BertModel"),
        "distilbert": ("DistilBertConfig", "DistilBertModel"),
    }


def test_an_unknown_model_type_is_quoted_and_the_saving_release_is_shown(notebook):
    assert re.search(r"ValueError: .*`notreal`", notebook.text("unknown-type"))
    assert re.fullmatch(r"\d+\.\d+.*", notebook.value("saved-by"))


def test_each_config_asks_for_the_class_of_its_task(notebook):
    asked = notebook.value("asked-for")
    first = {task: classes[0] for task, classes in asked.items()}
    assert first == {
        "gpt2-on-paper": "AutoModelForCausalLM",
        "text-generation": "AutoModelForCausalLM",
        "fill-mask": "AutoModelForMaskedLM",
        "translation": "AutoModelForSeq2SeqLM",
        "question-answering": "AutoModelForQuestionAnswering",
        "token-classification": "AutoModelForTokenClassification",
        "text-classification": "AutoModelForSequenceClassification",
        "feature-extraction": "AutoModel",
    }


def test_the_width_is_in_every_shape(notebook):
    whole, half = notebook.value("blueprint"), notebook.value("n-embd")
    assert whole["wte.weight"] == (50257, 768)
    assert whole["wpe.weight"] == (1024, 768)
    assert whole.keys() == half.keys()
    assert all(half[name][-1] * 2 == shape[-1] for name, shape in whole.items())


def test_layers_are_counted_and_heads_add_nothing(notebook):
    assert notebook.value("n-layer") == {1: 1, 2: 2, 3: 3}
    one_block = GPT2_SMALL - 11 * (12 * 768**2 + 13 * 768)
    rows = re.findall(r"^\d+ +(\d+) +(\d+) +(\d+)$", notebook.text("n-head"), re.MULTILINE)
    assert [tuple(map(int, row)) for row in rows] == [
        (6, 128, one_block),
        (12, 64, one_block),
        (24, 32, one_block),
    ]


def test_impossible_dimensions_are_refused(notebook):
    assert "ValueError" in notebook.text("n-head-uneven")
    assert "Error" in notebook.text("wrong-type")


def test_n_positions_sizes_the_table_and_n_ctx_does_not(notebook):
    assert notebook.value("n-positions") == {
        "unchanged": (1024, 768),
        "n_ctx=2048": (1024, 768),
        "n_positions=2048": (2048, 768),
    }


def test_too_long_a_text_is_an_index_error_until_it_is_truncated(notebook):
    assert "IndexError: index out of range" in notebook.text("too-long")
    shown = notebook.value("truncated")
    assert shown["too long by"] > 0
    assert shown["after truncation"] == shown["positions"] == shown["logits"][1]


def test_the_vocabulary_sizes_table_and_logits(notebook):
    assert notebook.value("vocab-size") == {"wte": (1000, 768), "logits": (1, 5, 1000)}


def test_generation_stops_at_the_named_token(notebook):
    shown = notebook.value("eos")
    assert shown["stopped"] < shown["free"]
    assert shown["same beginning"] is True
    assert "Computed: yes" in notebook.text("compare-eos")  # the named token is still there


def test_the_other_keys_have_the_effect_described(notebook):
    assert re.search(r"-1\.0 +-0\.159 +-?0\.0", notebook.text("activation"))
    assert {key: round(value, 1) for key, value in notebook.value("initializer").items()} == {
        0.02: 0.0,
        0.2: 0.2,
    }
    assert notebook.value("dropout") == {
        "attention": 0.3,
        "embedding": 0.2,
        "residual": (0.1, 0.1),
        "layer norm": 0.001,
    }
    assert notebook.value("train-eval") == {"train": False, "eval": True}
    assert notebook.value("summary") is False


def test_generation_settings_in_the_config_do_not_arrive(notebook):
    shown = notebook.value("task-params")
    assert shown["the file says"] == {"do_sample": True, "max_length": 50}
    assert shown["generate gets"]["do_sample"] is not True
    assert shown["generate gets"]["max_length"] != 50
    assert "AttributeError" in notebook.text("no-max-length")


def test_generation_settings_in_generation_config_do_arrive(notebook):
    files, new_tokens = notebook.value("generation-config")
    assert {"config.json", "generation_config.json", "model.safetensors"} <= set(files)
    assert new_tokens <= 6


def test_common_names_work_and_own_names_are_saved(notebook):
    assert re.search(r"hidden_size +768 +768 +768", notebook.text("synonyms"))
    assert notebook.value("attribute-map") == (96, False)
    labels, names, inner = notebook.value("defaults")
    assert (labels, names, inner) == (2, {0: "LABEL_0", 1: "LABEL_1"}, None)


def test_the_formula_counts_what_the_library_builds(notebook):
    assert notebook.value("by-hand") == GPT2_SMALL
    rows = re.findall(r"^\d +(\w+) +(\d+) +(\d+)$", notebook.text("family"), re.MULTILINE)
    assert [name for name, _, _ in rows] == ["small", "medium", "xl"]
    assert all(by_hand == blueprint for _, by_hand, blueprint in rows)


def test_a_tied_head_adds_no_parameter_and_the_state_dict_counts_it_twice(notebook):
    assert notebook.text("tied").startswith("True")
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
    assert "transformer.h.0.attn.c_attn.weight" in notebook.text("tensor-table")


def test_the_tied_head_is_not_in_the_file(notebook):
    shown = notebook.value("not-in-file")
    assert shown["lm_head.weight in the file"] is False
    assert shown["numbers in the file"] == shown["parameters of the model"]
    assert notebook.value("old-file") == f"{GPT2_SMALL + 12 * 1024**2:,}"


def test_the_header_of_the_largest_checkpoint_is_read_without_its_weights(notebook):
    largest = CHECKPOINTS["token-classification"]
    assert f"would fetch the header of {largest.hub_id}" in notebook.text("remote")
    assert "bert.embeddings." in notebook.text("remote")
    table = tensor_table(largest.folder)
    assert notebook.value("remote-count") == {
        "tensors": len(table),
        "dtypes": ["F16"],
        "numbers": int(table["numbers"].sum()),
    }


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
    small, large = (float(n) for n in re.findall(r" ([\d.]+)$", notebook.text("memory"), re.M))
    assert 1.9 < large / small < 2.1


def test_incomplete_folders_give_the_messages_discussed(notebook):
    assert "OSError: Error no file named model.safetensors" in notebook.text("no-weights")
    assert notebook.value("no-weights") == ["config.json"]
    assert "ValueError: Unrecognized model in adapter" in notebook.text("adapter")
    assert "not a valid JSON file" in notebook.text("bad-json")


def test_layers_can_be_added_or_dropped_silently_and_widths_cannot(notebook):
    more, fewer = notebook.value("layers-edited").values()
    assert more["missing_keys"] > 0 == more["unexpected_keys"]
    assert fewer["unexpected_keys"] > 0 == fewer["missing_keys"]
    assert "RuntimeError" in notebook.text("width-edited")


def test_saving_an_automodel_loses_the_head(notebook):
    assert "'DistilBertForSequenceClassification'] -> ['DistilBertModel']" in notebook.text(
        "head-gone"
    )
    assert notebook.value("head-gone") == [
        "classifier.bias",
        "classifier.weight",
        "pre_classifier.bias",
        "pre_classifier.weight",
    ]
    assert notebook.value("head-kept") == []


def test_quantized_files_grow_and_old_arguments_are_gone(notebook):
    file, memory = (float(n) for n in re.findall(r" ([\d.]+)$", notebook.text("gguf"), re.M))
    assert memory > 5 * file
    assert "TypeError" in notebook.text("load-in-8bit")


def test_tensors_on_two_devices_do_not_meet(notebook):
    assert "RuntimeError" in notebook.text("devices")
    assert notebook.value("devices")[:2] == (1, 3)
    assert re.search("accelerate|placed on", notebook.text("device-map"))


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
