"""A lesson runs on the device its parameter names, and its inputs follow the model there."""

import nbformat
import pytest
import torch

from course_utils.inputs import InputError, check_device
from executed import SOURCES
from fresh_process import call, run_cells
from pretend_device import DEVICE, pretend_device

TASKS = sorted(path.stem for path in SOURCES.glob("0[3-9]_*.ipynb"))


def run_on_device(name: str, folder, old: str = "", new: str = "") -> tuple[str | None, str]:
    """Run a notebook on the pretended device, in a new process; texts are replaced first.

    Returns:
        What ended the run (None: nothing did), and where the model was at last.
    """
    node = nbformat.read(SOURCES / f"{name}.ipynb", as_version=4)
    for cell in node.cells:
        cell.source = cell.source.replace('device = "cpu"', f'device = "{DEVICE}"')
        if old and cell.cell_type == "code":
            cell.source = cell.source.replace(old, new)
    node.cells.append(nbformat.v4.new_code_cell("print(model.device)", id="where"))
    with pretend_device():
        error = run_cells(node, folder)
    last = [cell for cell in node.cells if cell.get("outputs")][-1]
    output = last.outputs[-1]
    return error and f"{last.id}: {error}: {output.get('evalue', '')}", output.get("text", "")


@pytest.mark.parametrize("name", TASKS)
def test_a_lesson_runs_on_another_device(name, tmp_path):
    error, where = call(run_on_device, name, tmp_path)
    assert error is None
    assert where.startswith(DEVICE)


def test_inputs_that_stay_behind_are_noticed(tmp_path):
    error, _ = call(run_on_device, "09_feature_extraction", tmp_path, ".to(model.device)", "")
    assert error.startswith("run: RuntimeError: Expected all tensors to be on the same device")


def test_the_pretended_device_keeps_the_rules():
    with pretend_device():
        there, here = torch.ones(2, device=DEVICE), torch.ones(2)
        assert (there * 2).device.type == DEVICE and here.device.type == "cpu"
        assert there.cpu().device.type == "cpu" and here.to(DEVICE).tolist() == [1, 1]
        with pytest.raises(RuntimeError, match="same device"):
            there + here
        assert there[here.long()].device.type == DEVICE
        with pytest.raises(RuntimeError, match="same device"):
            here[there.long()]
        assert torch.device(DEVICE).type == DEVICE
        with pytest.raises(TypeError, match="numpy"):
            there.numpy()
        layer = torch.nn.Linear(2, 1).to(DEVICE)
        layer(there).sum().backward()
        assert layer.weight.grad.device.type == DEVICE


@pytest.mark.parametrize("device", ["gpu", "cuda:99", "", "cpu:x"])
def test_a_device_that_is_not_there_gets_one_sentence(device):
    with pytest.raises(InputError, match="cannot be used here: set device to 'cpu'"):
        check_device(device)


def test_devices_that_are_there_pass():
    check_device("cpu")
    check_device("meta")
