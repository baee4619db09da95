"""Every playground: each control over its whole range, each preset, and what an error does."""

import re
import subprocess
import sys
from functools import cache

import nbformat
import papermill
import pytest
import transformers
from papermill.exceptions import PapermillExecutionError

from course_tools.run.reliability import hidden_problems
from course_tools.run.running import run_notebooks
from course_utils import lessons
from course_utils.checkpoints import CHECKPOINTS, checkpoint
from course_utils.drawings import bars
from course_utils.playgrounds import OWN, Control, Playground, steps
from course_utils.playgrounds import playground as playground_of
from executed import ROOT, SOURCES
from faulty_notebooks import write_notebook


def model_and_tokenizer(task):
    name = checkpoint(task)
    auto_class = getattr(transformers, CHECKPOINTS[task].auto_class)
    return auto_class.from_pretrained(name), transformers.AutoTokenizer.from_pretrained(name)


# What a notebook passes to its playground.
GIVEN = {
    "00": lambda: [checkpoint("fill-mask")],
    "03": lambda: model_and_tokenizer("text-generation"),
    "04": lambda: model_and_tokenizer("fill-mask"),
    "05": lambda: model_and_tokenizer("translation"),
    "06": lambda: model_and_tokenizer("question-answering"),
    "07": lambda: model_and_tokenizer("token-classification"),
    "09": lambda: model_and_tokenizer("feature-extraction"),
}
PLAYGROUNDS = list(lessons.having("playground"))


@cache
def playground(lesson):
    return playground_of(lesson, *GIVEN.get(lesson, list)())


def shown(made):
    (output,) = made.output.outputs
    assert output["output_type"] == "display_data", output
    return output["data"]["text/plain"]


def test_every_playground_of_the_notebooks_is_in_the_sweep():
    used = set()
    for path in SOURCES.glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.id == "playground":
                used.add(re.search(r"playground\(\"(\d+)\"", cell.source)[1])
    assert used == set(PLAYGROUNDS)


@pytest.mark.parametrize("name", PLAYGROUNDS)
def test_every_control_can_take_every_value(name):
    made = playground(name)
    changed = set()
    for preset in made.presets:
        for key, control in made.controls.items():
            made.preset.value = preset
            before = shown(made)
            for value in control.values:
                made.inputs[key].value = value
                assert made.inputs[key].value == value
                if shown(made) != before:
                    changed.add(key)
    assert changed == set(made.controls), "a control that changes nothing"


@pytest.mark.parametrize("name", PLAYGROUNDS)
def test_the_static_rendering_has_every_preset_as_the_widget_shows_it(name):
    made = playground(name)
    assert 3 <= len(made.presets) <= 5
    contrasts = set()
    for preset, values in made.presets.items():
        made.preset.value = OWN
        made.preset.value = preset
        assert {key: widget.value for key, widget in made.inputs.items()} == values
        (output,) = made.output.outputs
        assert f"\n{preset} (" in made.static.text
        assert output["data"]["text/plain"] in made.static.text
        assert output["data"]["text/html"] in made.static.html
        contrasts.add(output["data"]["text/plain"])
    assert len(contrasts) == len(made.presets), "two presets look the same"


@pytest.mark.parametrize("name", PLAYGROUNDS)
def test_every_control_has_a_label(name):
    made = playground(name)
    assert all(widget.description for widget in [made.preset, *made.inputs.values()])
    assert len({widget.description for widget in made.inputs.values()}) == len(made.inputs)


def halves():
    return Playground(
        "Halves",
        lambda x, name: bars({name: 1 / x}, "One over x"),
        {"x": Control("x", steps(0, 2, 3)), "name": Control("name", ["a", "b"])},
        {"one": (1.0, "a"), "two": (2.0, "a"), "other": (2.0, "b")},
    )


def test_a_moved_control_leaves_the_preset_and_finds_it_again():
    made = halves()
    assert made.preset.value == "one" and "100.0%" in shown(made)
    made.inputs["name"].value = "b"
    assert made.preset.value == OWN and "b  100.0%" in shown(made)
    made.inputs["x"].value = 2.0
    assert made.preset.value == "other" and "b  50.0%" in shown(made)


def test_a_preset_draws_once(monkeypatch):
    made, calls = halves(), []
    draw = made.draw
    monkeypatch.setattr(made, "draw", lambda **values: calls.append(values) or draw(**values))
    made.preset.value = "other"
    assert calls == [{"x": 2.0, "name": "b"}]


def test_an_error_is_shown_and_raised_and_does_not_stay():
    made = halves()
    with pytest.raises(ZeroDivisionError):
        made.inputs["x"].value = 0.0
    (output,) = made.output.outputs
    assert (output["output_type"], output["ename"]) == ("error", "ZeroDivisionError")
    made.inputs["x"].value = 1.0
    assert "100.0%" in shown(made)


PLANTED = """
from course_utils.drawings import bars
from course_utils.playgrounds import Control, Playground

made = Playground(
    "Planted",
    lambda x: bars({"x": 1 / (3 - x)}, "x"),
    {"x": Control("x", range(1, 4))},
    {"one": (1,), "two": (2,), "three": (PRESET,)},
)
made
"""
MOVE = "made.inputs['x'].value = 3"
# What a browser sends to the kernel ends in a log if it raises; only the widget shows it.
CAUGHT = f"try:\n    {MOVE}\nexcept ZeroDivisionError:\n    pass"


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Four notebooks with a playground, and how our runner judged each."""
    folder = tmp_path_factory.mktemp("planted")
    good, bad = PLANTED.replace("PRESET", "1"), PLANTED.replace("PRESET", "3")
    cells = {"good": [good], "preset": [bad], "moved": [good, MOVE], "caught": [good, CAUGHT]}
    paths = [write_notebook(folder / f"{name}.ipynb", *cells[name]) for name in cells]
    runs = run_notebooks(paths, folder / "executed", jobs=2, timeout=60)
    return folder, dict(zip(cells, runs))


@pytest.mark.parametrize(
    ("name", "cell", "words"),
    [
        ("preset", "cell-0", "ZeroDivisionError"),
        ("moved", "cell-1", "ZeroDivisionError"),
        ("caught", "cell-0", "a widget hides ZeroDivisionError"),
    ],
)
def test_an_error_in_a_drawing_fails_the_run(planted, name, cell, words):
    failure = planted[1][name].failure
    assert failure.cell.id == cell and words in str(failure)


def test_nbmake_and_papermill_fail_too(planted):
    folder, _ = planted
    paths = [folder / f"{name}.ipynb" for name in ("preset", "moved", "caught")]
    options = ["--nbmake", "-c", ROOT / "pyproject.toml", "-p", "no:cacheprovider", *paths]
    command = [sys.executable, "-m", "pytest", *map(str, options)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "3 failed" in done.stdout and "passed" not in done.stdout
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        papermill.execute_notebook(str(folder / "moved.ipynb"), None, progress_bar=False)


def test_a_good_playground_passes_with_all_three_renderings(planted):
    folder, runs = planted
    assert runs["good"].failure is None
    node = nbformat.read(folder / "executed" / "good.ipynb", as_version=4)
    assert not list(hidden_problems(node))
    (output,) = node.cells[0].outputs
    assert "three (x = 1)" in output.data["text/plain"] and "<table" in output.data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in output.data
