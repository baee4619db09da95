"""A learner who points a lesson at a wrong checkpoint gets one clear sentence."""

import json
import os

import pytest
import torch
from transformers import AutoModel, AutoModelForMaskedLM, AutoTokenizer, BertConfig, BertForMaskedLM

from course_models.hub import HubError
from course_models.weights import WeightsError, count_parameters, tensor_table
from course_utils.checkpoints import CHECKPOINTS, CheckpointError, announce, checkpoint, embedded
from course_utils.inputs import InputError, check_inputs, check_pair


@pytest.fixture
def folder(tmp_path):
    """A small complete BERT checkpoint."""
    config = BertConfig(
        hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, vocab_size=9
    )
    BertForMaskedLM(config).save_pretrained(tmp_path)
    return tmp_path


def edit_config(folder, **changes):
    file = folder / "config.json"
    config = {**json.loads(file.read_text()), **changes}
    file.write_text(json.dumps({key: value for key, value in config.items() if value is not None}))


def test_a_good_folder_is_announced_with_its_class_and_size(folder, capsys):
    announce(str(folder), AutoModelForMaskedLM)
    line = capsys.readouterr().out
    assert "BertForMaskedLM" in line and "nothing to download" in line and line.count("\n") == 1


def test_no_such_folder():
    with pytest.raises(CheckpointError, match="There is no folder '/no/such/place'"):
        announce("/no/such/place", AutoModel)


def test_a_hub_id_while_the_course_is_offline(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(HubError, match="COURSE_CHECKPOINTS=hub"):
        announce("gpt2", AutoModel)


def test_a_folder_without_config(folder):
    (folder / "config.json").unlink()
    with pytest.raises(CheckpointError, match="no config.json"):
        announce(str(folder), AutoModel)


def test_a_config_that_is_not_json(folder):
    (folder / "config.json").write_text("{")
    with pytest.raises(CheckpointError, match="not valid JSON"):
        announce(str(folder), AutoModel)


def test_a_config_without_model_type(folder):
    edit_config(folder, model_type=None)
    with pytest.raises(CheckpointError, match="has no model_type"):
        announce(str(folder), AutoModel)


def test_a_model_type_that_transformers_does_not_know(folder):
    edit_config(folder, model_type="notreal")
    with pytest.raises(CheckpointError, match="'notreal' is unknown"):
        announce(str(folder), AutoModel)


def test_a_class_that_has_no_head_for_the_type(folder):
    from transformers import AutoModelForSeq2SeqLM

    with pytest.raises(CheckpointError, match="AutoModelForSeq2SeqLM does not take.*MaskedLM"):
        announce(str(folder), AutoModelForSeq2SeqLM)


def test_missing_weights(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match="no weights"):
        announce(str(folder), AutoModelForMaskedLM)


@pytest.mark.parametrize("left_over", [3, 700, -1])
def test_truncated_weights(folder, left_over):
    file = folder / "model.safetensors"
    os.truncate(file, left_over if left_over > 0 else file.stat().st_size - 1)
    with pytest.raises(
        WeightsError, match=f"{folder.name}/model.safetensors is .*ownload it again"
    ):
        announce(str(folder), AutoModelForMaskedLM)


def test_a_git_lfs_pointer_instead_of_weights(folder):
    (folder / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(WeightsError, match="no safetensors file"):
        tensor_table(folder)


def test_an_unknown_task_lists_the_known_ones():
    with pytest.raises(CheckpointError, match="no task 'summarize'.*fill-mask"):
        checkpoint("summarize")


def test_a_misspelt_source_of_checkpoints(monkeypatch):
    monkeypatch.setenv("COURSE_CHECKPOINTS", "internet")
    with pytest.raises(CheckpointError, match="'embedded' or 'hub'"):
        checkpoint("fill-mask")


def test_the_environment_selects_the_hub_originals(monkeypatch):
    monkeypatch.setenv("COURSE_CHECKPOINTS", "hub")
    assert [checkpoint(task) for task in CHECKPOINTS] == [c.hub_id for c in CHECKPOINTS.values()]


class _Tokenizer:
    all_special_ids = [0, 1, 3]
    unk_token_id = 3


def test_empty_text_and_text_longer_than_the_positions(folder):
    model = AutoModelForMaskedLM.from_pretrained(folder)
    check_inputs({"input_ids": torch.tensor([[0, 5, 1]])}, _Tokenizer, model)
    with pytest.raises(InputError, match="text is empty"):
        check_inputs({"input_ids": torch.tensor([[0, 1]])}, _Tokenizer, model)
    with pytest.raises(InputError, match="No word of the text is in this model's vocabulary"):
        check_inputs({"input_ids": torch.tensor([[0, 3, 3, 1]])}, _Tokenizer, model)
    check_inputs({"input_ids": torch.full((1, 500), 5)}, _Tokenizer, model, room=12)
    with pytest.raises(InputError, match="512 positions, and 13 new tokens need some too"):
        check_inputs({"input_ids": torch.full((1, 500), 5)}, _Tokenizer, model, room=13)
    with pytest.raises(InputError, match="600 tokens long and this model has 512 positions"):
        check_inputs({"input_ids": torch.full((1, 600), 5)}, _Tokenizer, model)


def test_the_message_is_all_that_a_notebook_shows():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    with capture_output() as shown:
        InteractiveShell.instance().run_cell(
            "from course_utils.checkpoints import checkpoint\ncheckpoint('summarize')"
        )
    assert shown.stdout.count("\n") <= 2 and "Traceback" not in shown.stdout
    assert shown.stdout.startswith("CheckpointError: There is no task")


def test_the_weights_table_agrees_with_the_model(folder):
    table = tensor_table(folder)
    model = BertForMaskedLM.from_pretrained(folder)
    assert table.numbers.sum() == count_parameters(folder) == model.num_parameters()
    shapes = {name: tuple(tensor.shape) for name, tensor in model.named_parameters()}
    assert {row.tensor: row.shape for row in table.itertuples()} == shapes


def test_a_pair_without_room_or_context_is_a_clear_error():
    tokenizer = AutoTokenizer.from_pretrained(embedded("question-answering"))
    check_pair("Who?", "Anna.", tokenizer)
    with pytest.raises(InputError, match="context is empty"):
        check_pair("Who?", " ", tokenizer)
    question = "who " * (tokenizer.model_max_length - 4)  # three marks and a token of the context
    check_pair(question, "Anna.", tokenizer)
    tokenizer(question, "Anna.", truncation="only_second")
    with pytest.raises(InputError, match="leaves no room for the context"):
        check_pair(question + "who", "Anna.", tokenizer)
