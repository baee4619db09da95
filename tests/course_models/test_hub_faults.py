"""Whatever goes wrong with the hub, a learner gets one sentence in bounded time and a clean cache.

These tests run against a hub on this machine (`local_hub.py`), in this process but for the
download, which always has a process of its own.
"""

import resource
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from huggingface_hub import constants

from course_models import download, hub
from course_models.hub import HubError
from course_models.weights import WeightsError, count_parameters, tensor_table
from course_tools.publish.originals import compare_originals
from course_utils.checkpoints import CHECKPOINTS, CheckpointError, announce

BERT = CHECKPOINTS["fill-mask"]
MARIAN = CHECKPOINTS["translation"]


@pytest.fixture
def online(local_hub, tmp_path, monkeypatch):
    """The local hub, with this process looking at it and at an empty cache."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setattr(constants, "ENDPOINT", local_hub.url)
    template = f"{local_hub.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    return local_hub


def fetch(repository=BERT.hub_id):
    return download.fetch(repository)


def assert_clean_cache():
    """Each file in the cache is whole and what it says it is; nothing half-written is left."""
    cache = Path(constants.HF_HUB_CACHE)
    assert not list(cache.rglob("*.incomplete"))
    for path in cache.rglob("snapshots/*/*"):
        assert path.read_bytes() == (BERT.folder / path.name).read_bytes(), path.name


def test_a_checkpoint_is_downloaded_once(online, capsys):
    folder = fetch()
    said = capsys.readouterr().out
    assert "13.8 MB, to download" in said and said.count("\n") == 1
    assert {path.name for path in folder.iterdir()} == {
        path.name for path in BERT.folder.iterdir() if path.suffix != ".md"
    }
    assert_clean_cache()
    assert len(online.weight_requests()) == 1
    assert fetch() == folder and "nothing to download" in capsys.readouterr().out
    assert len(online.weight_requests()) == 1


def test_the_size_is_said_before_anything_is_downloaded(online, capsys, monkeypatch):
    monkeypatch.setattr(download.subprocess, "Popen", None)
    with pytest.raises(TypeError):
        fetch()
    assert "13.8 MB, to download" in capsys.readouterr().out and not online.weight_requests()


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ("gated", "'google-bert/bert-base-uncased' is gated .401.*ask for access"),
        ("forbidden", "is gated .403.*ask for access.*hf auth login"),
        ("missing", "has no 'google-bert/bert-base-uncased'.*correct model_name"),
        ("no_revision", "no such revision: leave the revision out"),
        ("rate_limit", "no more requests from here for now .429.*wait some minutes"),
        ("broken", "answers with an error .500.: run this cell again later"),
        ("black_hole", "cannot be reached.*to use the embedded checkpoints"),
        ("slow", "came to a halt.*run this cell again"),
        ("cut", "broke off: run this cell again"),
        ("wrong_hash", "model.safetensors of .* arrived damaged and was removed: run this cell"),
    ],
)
def test_a_fault_is_one_sentence(online, fault, sentence, monkeypatch):
    monkeypatch.setattr(download, "STALL_SECONDS", 3 if fault == "slow" else 60)
    online.fault = fault
    start = time.monotonic()
    with pytest.raises(HubError, match=sentence) as caught:
        fetch()
    # A hub that never answers is given up after 4 s; the rest is for a busy machine.
    most = 3 * hub.ANSWER_SECONDS if fault == "black_hole" else 60
    assert time.monotonic() - start < most and "\n" not in str(caught.value)
    assert_clean_cache()
    if Path(constants.HF_HUB_CACHE).exists():  # the download began: nothing of it is in the way
        online.fault = None
        monkeypatch.setattr(download, "STALL_SECONDS", 60)
        fetch()
        assert_clean_cache()


def test_a_passing_server_error_is_sat_out(online):
    online.fault = "error_once"
    fetch()
    assert_clean_cache()


def test_what_is_in_the_cache_goes_on_working(online, capsys):
    folder = fetch()
    for fault in ("missing", "rate_limit", "broken", "black_hole"):
        online.fault = fault
        assert fetch() == folder and constants.HF_HUB_OFFLINE
        assert "going on offline with the copy in the cache" in capsys.readouterr().out
    online.fault = None
    assert fetch() == folder and not constants.HF_HUB_OFFLINE
    online.close()  # from now on connections are refused
    assert fetch() == folder and constants.HF_HUB_OFFLINE
    with pytest.raises(HubError, match="cannot be reached.*to use the embedded checkpoints"):
        fetch(MARIAN.hub_id)


def test_folders_that_come_and_go_during_the_download_do_no_harm(online):
    # huggingface_hub makes one in the cache for a moment, to see whether links work.
    passing = Path(constants.HF_HUB_CACHE) / "models--google-bert--bert-base-uncased" / "tmp"
    over = threading.Event()

    def come_and_go():
        while not over.is_set():
            passing.mkdir(parents=True, exist_ok=True)
            passing.rmdir()

    with ThreadPoolExecutor() as pool:
        going = pool.submit(come_and_go)
        try:
            fetch()
        finally:
            over.set()
        going.result()  # it did not end early
    assert_clean_cache()


def test_a_file_in_the_cache_that_was_cut_short_is_downloaded_again(online):
    file = (fetch() / "model.safetensors").resolve()
    file.write_bytes(file.read_bytes()[:1000])
    fetch()
    assert_clean_cache()


def test_a_disk_without_room_is_noticed_before_the_download(online, monkeypatch):
    full = shutil.disk_usage("/")._replace(free=10**6)
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: full)
    with pytest.raises(HubError, match="needs 14 MB, and 1 MB are free: make room.*HF_HOME"):
        fetch()
    assert not online.weight_requests()


def test_a_disk_that_fills_up_during_the_download(online):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10**6, hard))  # for the download's process too
    try:
        with pytest.raises(HubError, match="The disk is full, or your share of it.*make room"):
            fetch()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert_clean_cache()


def test_pickled_weights_are_taken_only_where_there_is_no_other_format(online, tmp_path):
    def weights():
        return [n for n in download.needed_files(hub.describe("some/one")) if "model" in n]

    folder = online.repositories["some/one"] = tmp_path / "repository"
    folder.mkdir()
    for name in ("config.json", "tf_model.h5", "pytorch_model.bin", "model.safetensors"):
        (folder / name).write_text("{}")
    assert weights() == ["model.safetensors"]
    (folder / "model.safetensors").rename(folder / "model-00001-of-00001.safetensors")
    (folder / "model.safetensors.index.json").write_text("{}")
    assert weights() == ["model-00001-of-00001.safetensors", "model.safetensors.index.json"]
    (folder / "model.safetensors.index.json").unlink()
    assert weights() == ["pytorch_model.bin"]
    (folder / "pytorch_model.bin").unlink()
    with pytest.raises(HubError, match="no weights for transformers .largest files: .*tf_model.h5"):
        weights()


def test_a_class_that_does_not_fit_is_refused_before_the_download(online):
    from transformers import AutoModelForSeq2SeqLM

    with pytest.raises(CheckpointError, match="AutoModelForSeq2SeqLM does not take"):
        announce(BERT.hub_id, AutoModelForSeq2SeqLM)
    assert not online.weight_requests()


def test_a_name_that_cannot_be_an_id(online):
    with pytest.raises(HubError, match="'not an id' is no hub id"):
        fetch("not an id")


def test_a_note_says_when_the_original_has_moved_on(online, capsys, monkeypatch):
    monkeypatch.setattr(download, "_download", lambda *_: None)
    for known, moved in ((online.commit(BERT.hub_id)[:7], False), ("0123456", True), (None, False)):
        download.fetch(BERT.hub_id, known_revision=known)
        assert (f"checked with {known}" in capsys.readouterr().out) == moved


@pytest.mark.parametrize("fault", [None, "no_ranges"])
def test_tensors_of_a_checkpoint_that_is_not_downloaded(online, fault):
    online.fault = fault
    remote, local = tensor_table(BERT.hub_id), tensor_table(BERT.folder)
    assert remote.equals(local)
    assert count_parameters(BERT.hub_id) == local["numbers"].sum()
    assert not list(Path(constants.HF_HUB_CACHE).rglob("model.safetensors"))
    sent = {
        status for method, path, status in online.requests if "model.s" in path and "GET" == method
    }
    assert sent == ({206} if fault is None else {200})


def test_tensors_that_cannot_be_had(online, tmp_path, monkeypatch):
    folder = shutil.copytree(BERT.folder, tmp_path / "repository")
    (folder / "model.safetensors").unlink()
    online.repositories["some/one"] = folder
    with pytest.raises(WeightsError, match="no safetensors weights"):
        tensor_table("some/one")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    before = len(online.requests)
    with pytest.raises(HubError, match="runs offline.*COURSE_CHECKPOINTS=hub"):
        tensor_table(BERT.hub_id)
    assert len(online.requests) == before


def test_a_maintainer_is_told_where_registry_and_hub_differ(online, capsys):
    assert not compare_originals()
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(online.repositories)
    for line in said:
        entry = next(c for c in CHECKPOINTS.values() if line.startswith(c.hub_id))
        assert online.commit(entry.hub_id) in line
        assert f"the registry says {entry.hub_megabytes} MB" in line
        assert not entry.revision or f"the registry says {entry.revision}" in line


def test_recorded_revisions_are_those_that_transformers_pins():
    from transformers.pipelines import SUPPORTED_TASKS

    models = (task["default"].get("model") for task in SUPPORTED_TASKS.values())
    pinned = dict(model for model in models if isinstance(model, tuple) and len(model) == 2)
    for entry in CHECKPOINTS.values():
        assert entry.revision == pinned.get(entry.hub_id, entry.revision)
