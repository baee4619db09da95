"""What is in a folder is told as it is, and nothing that the library loads is refused.

Each folder is made, recognised, and given to `from_pretrained` itself.
"""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    BertForMaskedLM,
)

from course_models import folders, model_names
from course_models.findings import SENTENCES, Kind
from course_models.weights import WeightsError, count_parameters, tensor_table
from course_utils.checkpoints import CheckpointError, announce

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "4d" * 32 + "\nsize 5481\n"
WEIGHTS = "model.safetensors"
NUMBERS = BertForMaskedLM(
    BertConfig(
        hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, vocab_size=9
    )
)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A small complete BERT checkpoint."""
    NUMBERS.save_pretrained(tmp_path / "some")
    return tmp_path / "some"


def edit(file: Path, **changes) -> None:
    content = json.loads(file.read_text()) if file.exists() else {}
    content = {key: value for key, value in (content | changes).items() if value is not None}
    file.write_text(json.dumps(content))


def config(**changes) -> Callable[[Path], None]:
    return lambda folder: edit(folder / "config.json", **changes)


def text(name: str, content: str | bytes) -> Callable[[Path], None]:
    content = content if isinstance(content, bytes) else content.encode()
    return lambda folder: (folder / name).write_bytes(content) and None


def renamed(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / WEIGHTS).rename(folder / name) and None


def instead_of(gone: str, name: str, content: str | bytes = "0" * 99) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / gone).unlink()
        text(name, content)(folder)

    return make


def both(*steps: Callable[[Path], None]) -> Callable[[Path], None]:
    return lambda folder: [step(folder) for step in steps] and None


def sharded(folder: Path) -> None:
    NUMBERS.save_pretrained(folder, max_shard_size="12KB")
    (folder / WEIGHTS).unlink(missing_ok=True)
    assert len(list(folder.glob("model-*"))) > 1


def one_part_less(folder: Path) -> None:
    sharded(folder)
    sorted(folder.glob("model-*"))[1].unlink()


def pickled(folder: Path, name: str = "pytorch_model.bin", **how) -> None:
    (folder / WEIGHTS).unlink()
    torch.save(NUMBERS.state_dict(), folder / name, **how)


def pickled_in_parts(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    tensors = list(NUMBERS.state_dict().items())
    parts = {"pytorch_model-00001-of-00002.bin": tensors[:5]}
    parts["pytorch_model-00002-of-00002.bin"] = tensors[5:]
    for name, part in parts.items():
        torch.save(dict(part), folder / name)
    names = {key: name for name, part in parts.items() for key, _ in part}
    edit(folder / "pytorch_model.bin.index.json", metadata={}, weight_map=names)


def moved_inside(*path: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        inside = folder.joinpath(*path)
        inside.mkdir(parents=True)
        for file in [file for file in folder.iterdir() if file.is_file()]:
            file.rename(inside / file.name)

    return make


def adapter(folder: Path) -> None:
    moved_inside("away")(folder)
    shutil.rmtree(folder / "away")
    edit(folder / "adapter_config.json", peft_type="LORA", base_model_name_or_path="some/base")
    text("adapter_model.safetensors", "0" * 99)(folder)


def emptied(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def without_metadata(folder: Path) -> None:
    save_file(load_file(folder / WEIGHTS), folder / WEIGHTS)


def dangling(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    (folder / WEIGHTS).symlink_to(folder / "gone")


MASKED = AutoModelForMaskedLM
OWN = {"AutoConfig": "configuration_own.C", "AutoModelForMaskedLM": "modeling_own.M"}
LOADS = {
    "as saved": (lambda folder: None, MASKED, []),
    "body of a model with a head": (lambda folder: None, AutoModel, []),
    "a new head": (lambda folder: None, AutoModelForSequenceClassification, []),
    "in parts": (sharded, MASKED, []),
    "pickled": (pickled, MASKED, []),
    "pickled long ago": (lambda f: pickled(f, _use_new_zipfile_serialization=False), MASKED, []),
    "pickled in parts": (pickled_in_parts, MASKED, []),
    "a damaged other format": (text("pytorch_model.bin", "no"), MASKED, []),
    "no metadata": (without_metadata, MASKED, []),
    "a training's files": (text("optimizer.pt", "0"), MASKED, []),
    "checkpoints of a training beside": (text("trainer_state.json", "{}"), MASKED, []),
    "weights under another name": (
        both(renamed("other.safetensors"), config(transformers_weights="other.safetensors")),
        MASKED,
        [],
    ),
    "unknown keys": (config(something=1, architectures=None, torch_dtype="float32"), MASKED, []),
    "more layers than the file": (config(num_hidden_layers=2), MASKED, []),
    "own code for a known type": (config(auto_map=OWN), MASKED, []),
    "unknown quantization": (config(quantization_config={"quant_method": "new"}), MASKED, []),
    "pointer as tokenizer": (text("tokenizer.json", POINTER), MASKED, [Kind.BAD_SMALL_FILE]),
    "web page as vocabulary": (text("vocab.txt", "<!DOCTYPE html>"), MASKED, [Kind.BAD_SMALL_FILE]),
    "nothing as merges": (text("merges.txt", " "), MASKED, [Kind.BAD_SMALL_FILE]),
    "adapter beside a whole model": (
        lambda folder: edit(folder / "adapter_config.json", peft_type="LORA"),
        MASKED,
        [],
    ),
    "GGUF beside safetensors": (text("model.gguf", b"GGUF"), MASKED, []),
}
FAILS = {
    "a part missing": (one_part_less, MASKED, [Kind.MISSING_FILES]),
    "parts without index": (
        both(sharded, lambda folder: (folder / f"{WEIGHTS}.index.json").unlink()),
        MASKED,
        [Kind.NO_INDEX],
    ),
    "pointer as index": (
        both(sharded, text(f"{WEIGHTS}.index.json", POINTER)),
        MASKED,
        [Kind.DAMAGED],
    ),
    "pointer as weights": (text(WEIGHTS, POINTER), MASKED, [Kind.POINTER]),
    "web page as weights": (text(WEIGHTS, "<!doctype html><p>"), MASKED, [Kind.WEB_PAGE]),
    "nothing as weights": (text(WEIGHTS, ""), MASKED, [Kind.EMPTY_FILE]),
    "an archive as weights": (text(WEIGHTS, b"PK\3\4" + bytes(99)), MASKED, [Kind.DAMAGED]),
    "cut pickle": (
        both(pickled, lambda f: text("pytorch_model.bin", b"PK\3\4" + bytes(99))(f)),
        MASKED,
        [Kind.DAMAGED],
    ),
    "a link to nothing": (dangling, MASKED, [Kind.MISSING_FILES]),
    "no weights": (lambda folder: (folder / WEIGHTS).unlink(), MASKED, [Kind.NO_WEIGHTS]),
    "variant": (renamed("model.fp16.safetensors"), MASKED, [Kind.VARIANT]),
    "other name": (renamed("model (1).safetensors"), MASKED, [Kind.OTHER_NAME]),
    "GGUF": (instead_of(WEIGHTS, "model-Q4_K_M.gguf", b"GGUF"), MASKED, [Kind.GGUF]),
    "GGUF alone": (both(emptied, text("m.gguf", b"GGUF" + bytes(9))), MASKED, [Kind.GGUF]),
    "pointer as GGUF": (instead_of(WEIGHTS, "m.gguf", POINTER), MASKED, [Kind.POINTER]),
    "adapter": (adapter, MASKED, [Kind.ADAPTER]),
    "TensorFlow": (instead_of(WEIGHTS, "tf_model.h5"), MASKED, [Kind.OTHER_FORMAT]),
    "old TensorFlow": (
        instead_of(WEIGHTS, "bert_model.ckpt.index"),
        MASKED,
        [Kind.OTHER_FORMAT],
    ),
    "Flax": (instead_of(WEIGHTS, "flax_model.msgpack"), MASKED, [Kind.OTHER_FORMAT]),
    "hub cache": (
        moved_inside("snapshots", "86b5e093" * 5),
        MASKED,
        [Kind.HUB_CACHE],
    ),
    "trainer output": (moved_inside("checkpoint-500"), MASKED, [Kind.TRAINING]),
    "folder in a folder": (moved_inside("some"), MASKED, [Kind.NESTED]),
    "diffusers": (both(emptied, text("model_index.json", "{}")), MASKED, [Kind.PIPELINE]),
    "empty folder": (emptied, MASKED, [Kind.EMPTY_FOLDER]),
    "no config": (lambda folder: (folder / "config.json").unlink(), MASKED, [Kind.NO_CONFIG]),
    "pointer as config": (text("config.json", POINTER), MASKED, [Kind.POINTER]),
    "byte order mark": (
        lambda f: (f / "config.json").write_bytes(
            b"\xef\xbb\xbf" + (f / "config.json").read_bytes()
        ),
        MASKED,
        [Kind.BYTE_ORDER_MARK],
    ),
    "UTF-16": (text("config.json", "{}".encode("utf-16")), MASKED, [Kind.NOT_JSON]),
    "a list as config": (text("config.json", "[]"), MASKED, [Kind.NOT_JSON]),
    "no type": (config(model_type=None), MASKED, [Kind.NO_TYPE]),
    "unknown type": (config(model_type="notreal"), MASKED, [Kind.UNKNOWN_TYPE]),
    "own code": (config(model_type="own", auto_map=OWN), MASKED, [Kind.OWN_CODE]),
    "own code for this class": (
        config(auto_map={"AutoModelForSeq2SeqLM": "m.M"}),
        transformers.AutoModelForSeq2SeqLM,
        [Kind.OWN_CODE],
    ),
    "no head": (lambda folder: None, transformers.AutoModelForSeq2SeqLM, [Kind.NO_HEAD]),
    "impossible config": (config(hidden_size="wide"), MASKED, [Kind.BAD_CONFIG]),
    "quantized": (
        config(quantization_config={"quant_method": "gptq", "bits": 4}),
        MASKED,
        [Kind.QUANTIZED],
    ),
    "quantized in 4 bits": (
        config(quantization_config={"load_in_4bit": True}),
        MASKED,
        [Kind.QUANTIZED],
    ),
    "other vocabulary": (config(vocab_size=12), MASKED, [Kind.OTHER_SIZES]),
    "other width": (config(hidden_size=16), MASKED, [Kind.OTHER_SIZES]),
    "other width, body alone": (config(hidden_size=16), AutoModel, [Kind.OTHER_SIZES]),
    "several at once": (
        both(
            one_part_less,
            text("tokenizer.json", POINTER),
            config(quantization_config={"quant_method": "gptq", "bits": 4}),
        ),
        MASKED,
        [Kind.QUANTIZED, Kind.MISSING_FILES, Kind.BAD_SMALL_FILE],
    ),
}


@pytest.mark.parametrize("case", [*LOADS, *FAILS])
def test_a_folder_is_told_for_what_it_is(folder, case, capsys):
    make, auto_class, kinds = (LOADS | FAILS)[case]
    make(folder)
    found = folders.look_into(folder, auto_class).findings
    assert [finding.kind for finding in found] == kinds
    if case in LOADS:
        model = auto_class.from_pretrained(folder, trust_remote_code=False)
        capsys.readouterr()
        announce(str(folder), auto_class)
        said = capsys.readouterr().out
        assert said.count("\n") == 1 + len(kinds) and type(model).__name__ in said
    else:
        with pytest.raises((OSError, ValueError, ImportError, RuntimeError, Exception)):
            auto_class.from_pretrained(folder, trust_remote_code=False)
        with pytest.raises((CheckpointError, WeightsError)) as caught:
            announce(str(folder), auto_class)
        assert "\n" not in str(caught.value) and "some" in str(caught.value)


def test_each_kind_has_its_sentence():
    assert set(SENTENCES) == set(Kind)


ADDRESS = "https://huggingface.co/google-bert/bert-base-uncased"
ARGUMENTS = {
    "swapped": (MASKED, "some", Kind.SWAPPED),
    "None": (None, MASKED, Kind.NOT_A_NAME),
    "a model as name": (NUMBERS, MASKED, Kind.NOT_A_NAME),
    "a class as name": (MASKED, MASKED, Kind.NOT_A_NAME),
    "class as text": ("some", "AutoModelForMaskedLM", Kind.CLASS_AS_TEXT),
    "concrete class": ("some", BertForMaskedLM, Kind.CONCRETE_CLASS),
    "a model as class": ("some", NUMBERS, Kind.CONCRETE_CLASS),
    "tokenizer": ("some", AutoTokenizer, Kind.NO_MODEL_CLASS),
    "config": ("some", AutoConfig, Kind.NO_MODEL_CLASS),
    "no class at all": ("some", None, Kind.NO_MODEL_CLASS),
    "empty name": (" ", MASKED, Kind.NO_TEXT),
    "task": ("fill-mask", MASKED, Kind.TASK),
    "page": (ADDRESS, MASKED, Kind.WEB_ADDRESS),
    "page with more": (f"{ADDRESS}/tree/main?x=1", MASKED, Kind.WEB_ADDRESS),
    "page without https": (ADDRESS.removeprefix("https://"), MASKED, Kind.WEB_ADDRESS),
    "data set": ("https://huggingface.co/datasets/some/one", MASKED, Kind.OTHER_ADDRESS),
    "other page": ("http://example.org/model", MASKED, Kind.OTHER_ADDRESS),
    "Windows": (r"C:\Users\me\model", MASKED, Kind.WINDOWS_PATH),
    "Windows, short": ("C:/model", MASKED, Kind.WINDOWS_PATH),
    "Windows, relative": (r"models\bert", MASKED, Kind.WINDOWS_PATH),
    "Windows, not raw": ("C:\new\bert", MASKED, Kind.WINDOWS_PATH),
    "home": ("~/model", MASKED, Kind.HOME),
    "no folder": ("./not/there", MASKED, Kind.NO_FOLDER),
    "file": (WEIGHTS, MASKED, Kind.FILE),
    "GGUF file": ("model.gguf", MASKED, Kind.GGUF_FILE),
    "archive": ("model.zip", MASKED, Kind.ARCHIVE),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_an_argument_is_told_for_what_it_is(tmp_path, monkeypatch, case):
    monkeypatch.chdir(tmp_path)
    for name in (WEIGHTS, "model.gguf", "model.zip"):
        Path(name).write_text("0")
    name, auto_class, kind = ARGUMENTS[case]
    if kind != Kind.TASK:  # which names are tasks is known in checkpoints.py
        assert model_names.wrong_arguments(name, auto_class).kind == kind
    with pytest.raises(CheckpointError) as caught:
        announce(name, auto_class)
    assert "\n" not in str(caught.value)
    if kind == Kind.WEB_ADDRESS:
        assert "'google-bert/bert-base-uncased'" in str(caught.value)
    if kind == Kind.CONCRETE_CLASS:
        assert "AutoModelForMaskedLM" in str(caught.value)


def test_a_folder_may_be_named_in_any_way_that_the_library_takes(folder, monkeypatch, capsys):
    (folder.parent / "link").symlink_to(folder)
    monkeypatch.chdir(folder)
    for name in (folder, f"{folder}/", folder.parent / "link", ".", "../some"):
        MASKED.from_pretrained(name)
        announce(name, MASKED)
    assert capsys.readouterr().out.count("BertForMaskedLM") == 5


@pytest.mark.parametrize("make", [sharded, pickled, pickled_in_parts])
def test_numbers_are_counted_in_each_format(folder, make):
    once = tensor_table(folder)
    make(folder)
    again = tensor_table(folder)
    assert set(again.tensor) >= set(once.tensor)
    by_name = again.set_index("tensor").loc[once.tensor].reset_index()
    assert by_name.equals(once)
    if make is sharded:
        assert count_parameters(folder) == NUMBERS.num_parameters()


def test_numbers_that_two_names_share_are_counted_once(folder):
    tensor = torch.zeros(3, 4)
    (folder / WEIGHTS).unlink()
    torch.save({"a": tensor, "b": tensor, "half": tensor[:1]}, folder / "pytorch_model.bin")
    assert count_parameters(folder) == 12 + 4


def test_what_is_further_inside_is_named(folder):
    for number in (500, 1500, 1000):
        shutil.copytree(folder, folder / f"checkpoint-{number}")
    emptied_of_files = [file for file in folder.iterdir() if file.is_file()]
    for file in emptied_of_files:
        file.unlink()
    (finding,) = folders.look_into(folder, MASKED).findings
    assert finding.facts["folder"] == str(folder / "checkpoint-1500")


def test_looking_does_not_change_the_random_numbers_that_follow(folder):
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    folders.look_into(folder, AutoModelForSequenceClassification)
    assert torch.equal(torch.rand(3), expected)


def test_a_zip_beside_the_files_does_no_harm(folder):
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.write(folder / "config.json")
    assert not folders.look_into(folder, MASKED).findings
