"""`make upload`: notebooks that stand alone, where nothing but the one file is known."""

import ast
import base64
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from course_tools.publish import course_start
from course_tools.publish.upload import write_uploads
from course_utils.checkpoints import CHECKPOINTS, EMBEDDED
from executed import ROOT, SOURCES, read_executed
from local_hub import LocalHub, hub_environment

NAMES = sorted(path.stem for path in SOURCES.glob("*.ipynb"))
EACH = pytest.mark.parametrize("name", NAMES)

LOOK = """
import course_utils
from huggingface_hub import constants

print(constants.HF_HUB_OFFLINE)
print(course_utils.__file__)
"""


@pytest.fixture(scope="module")
def uploads(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("upload")
    write_uploads(sorted(SOURCES.glob("*.ipynb")), out)
    return out


def first_cell(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return next(cell for cell in cells if cell.cell_type == "code").source


def announced(source: str) -> dict[str, int]:
    """The hub ids and megabytes that the first cell of a notebook says it will use."""
    uses = ast.literal_eval(re.search(r"^course_start\.start\((.*)\)$", source, re.MULTILINE)[1])
    return dict(uses.values())


def archive_of(source: str) -> zipfile.ZipFile:
    text = re.search(r'ARCHIVE = """(.*?)"""', source, re.DOTALL)[1]
    return zipfile.ZipFile(io.BytesIO(base64.b64decode(text)))


def environment_without_course(url: str, home: Path) -> dict[str, str]:
    """The environment of a machine on which nobody has set anything for the course."""
    ours = ("COURSE_", "HF_HUB_")
    found = hub_environment(url, home) | {"HOME": str(home)}
    return {name: value for name, value in found.items() if not name.startswith(ours)}


def run_alone(out: Path, files: list[Path], url: str, **environment: str) -> dict[str, dict]:
    """Run notebooks without the project; see `without_project.py`."""
    program = [sys.executable, str(ROOT / "tests" / "without_project.py")]
    subprocess.run(
        [*program, str(out), *map(str, files)],
        env=environment_without_course(url, out / "home") | environment,
        check=True,
    )
    return json.loads((out / "results.json").read_text(encoding="utf-8"))


@EACH
def test_it_is_small_and_leads_nowhere_that_is_not_there(uploads, name):
    path = uploads / f"{name}.ipynb"
    assert path.stat().st_size < 1_000_000
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.findall(r"\]\((?!https?:|#)[^)]*\)", text) == []
    assert "**Downloads:** see the first cell." in text


def test_the_same_course_gives_the_same_files(uploads, tmp_path):
    for path in write_uploads(sorted(SOURCES.glob("*.ipynb")), tmp_path):
        assert path.read_bytes() == (uploads / path.name).read_bytes(), path.name


def test_it_brings_what_learners_use_and_nothing_else(uploads):
    names = archive_of(first_cell(uploads / "04_fill_mask.ipynb")).namelist()
    assert {"course_start.py", "course_utils/checkpoints.py"} <= set(names)
    assert [name for name in names if "instructor" in name or not name.endswith(".py")] == []


def test_each_runs_alone_with_the_hub(uploads, tmp_path):
    with LocalHub() as hub:
        results = run_alone(tmp_path, sorted(uploads.glob("*.ipynb")), hub.url)
    assert {name: result["error"] for name, result in results.items()} == dict.fromkeys(NAMES)
    for name, result in results.items():
        uses = announced(first_cell(uploads / f"{name}.ipynb"))
        unused = set(uses) - set(result["downloaded"])
        assert set(result["downloaded"]) <= set(uses), name
        # A reader of the clinic may call any card; the notebook itself does not call all.
        assert not unused or name == "11_error_clinic", (name, unused)
        said = read_executed(name, tmp_path / "executed").text("start-here")
        assert said.startswith("Jupyter. Checkpoints come from the hub"), said
        assert all(f"{hub_id} {size} MB" in said for hub_id, size in uses.items()), said


def test_with_the_checkpoints_beside_it_nothing_is_downloaded(uploads, tmp_path):
    name = "05_translation"
    files = [uploads / f"{name}.ipynb", uploads / course_start.ARCHIVE]
    with LocalHub() as hub:
        results = run_alone(tmp_path, files, hub.url, HF_HUB_OFFLINE="1")
        assert hub.requests == []
    assert results == {name: {"error": None, "downloaded": []}}
    said = read_executed(name, tmp_path / "executed").text("start-here")
    assert said.endswith(
        "Checkpoints come from course_checkpoints.zip: nothing will be downloaded."
    )


@pytest.mark.parametrize("beside", [[], [course_start.ARCHIVE]])
def test_a_new_kernel_goes_online_only_where_it_must(uploads, tmp_path, beside):
    for name in beside:
        (tmp_path / name).write_bytes((uploads / name).read_bytes())
    program = tmp_path / "kernel.py"
    program.write_text(first_cell(uploads / "04_fill_mask.ipynb") + LOOK, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, program],
        env=environment_without_course("http://127.0.0.1:9", tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    *_, offline, file = done.stdout.splitlines()
    assert offline == str(bool(beside)) and "automodel-course-" in file


# What the first cell decides, without a notebook around it.


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """This process as it is before the first cell: no course_utils, no sign of a platform."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    monkeypatch.setattr(course_start, "__file__", str(folder / "course_start.py"))
    monkeypatch.setattr(course_start, "PLACES", (".", str(tmp_path / "input" / "**")))
    monkeypatch.delitem(sys.modules, "course_utils")
    for name in ("COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE", "COURSE_CHECKPOINTS"):
        monkeypatch.delenv(name, raising=False)
    # delenv of an absent name restores nothing, and `start` sets this one.
    monkeypatch.setenv("COURSE_CHECKPOINTS", "")
    monkeypatch.delenv("COURSE_CHECKPOINTS")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "variable, name", [("COLAB_RELEASE_TAG", "Colab"), ("KAGGLE_KERNEL_RUN_TYPE", "Kaggle")]
)
def test_it_knows_the_platform(bare, monkeypatch, capsys, variable, name):
    monkeypatch.setenv(variable, "Batch")
    course_start.start({"fill-mask": ("a/b", 7)})
    assert capsys.readouterr().out.startswith(f"{name}. Checkpoints come from the hub")
    assert os.environ["COURSE_CHECKPOINTS"] == "hub"


def test_a_second_run_changes_nothing(capsys):
    assert "course_utils" in sys.modules
    course_start.start({})
    assert "already" in capsys.readouterr().out


def test_it_finds_checkpoints_that_kaggle_has_unpacked(bare, capsys):
    dataset = bare / "input" / "somebodys-data" / "course_checkpoints" / "fill-mask"
    dataset.mkdir(parents=True)
    (dataset / "config.json").write_text("{}", encoding="utf-8")
    course_start.start({"fill-mask": ("a/b", 7)})
    assert "from course_checkpoints: nothing will be downloaded" in capsys.readouterr().out
    assert (bare / "unpacked/course_utils/embedded/fill-mask/config.json").is_file()


def rezipped(content: bytes, rename, keep=lambda name: True) -> bytes:
    """The checkpoints' zip file as somebody else's program would have made it."""
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(new, "w") as archive:
        for name in filter(keep, old.namelist()):
            archive.writestr(rename(name), old.read(name))
            archive.writestr(f"__MACOSX/._{rename(name)}", b"shadow")
    return new.getvalue()


REPACKED = {
    "a browser saved it twice": ("course_checkpoints (1).zip", lambda name: name),
    "zipped anew, in a folder": ("course_checkpoints.zip", "course_checkpoints/{}".format),
    "twice in a folder": ("course_checkpoints-main.zip", "a/course_checkpoints/{}".format),
    "backslashes": ("course_checkpoints.zip", lambda name: name.replace("/", "\\")),
}


@pytest.mark.parametrize("case", REPACKED)
def test_it_finds_checkpoints_in_a_file_made_anew(bare, uploads, capsys, case):
    file, rename = REPACKED[case]
    (bare / file).write_bytes(rezipped((uploads / course_start.ARCHIVE).read_bytes(), rename))
    (bare / "course_checkpoints_old.zip").write_text(
        "<html>not a zip file</html>", encoding="utf-8"
    )
    course_start.start(dict.fromkeys(CHECKPOINTS, ("a/b", 7)))
    assert f"from {file}: nothing will be downloaded" in capsys.readouterr().out
    there = bare / "unpacked" / "course_utils" / "embedded"
    for path in filter(Path.is_file, EMBEDDED.glob("*/*")):
        assert (there / path.relative_to(EMBEDDED)).read_bytes() == path.read_bytes()
    assert {path.name for path in there.iterdir()} == set(CHECKPOINTS)


@pytest.mark.parametrize("wanted, source", [("translation", "embedded"), ("fill-mask", "hub")])
def test_one_task_serves_the_lessons_that_need_no_other(bare, uploads, capsys, wanted, source):
    one = rezipped(
        (uploads / course_start.ARCHIVE).read_bytes(), str, lambda name: "translation" in name
    )
    (bare / course_start.ARCHIVE).write_bytes(one)
    course_start.start({wanted: ("a/b", 7)})
    assert os.environ["COURSE_CHECKPOINTS"] == source
    assert ("lacks fill-mask" in capsys.readouterr().out) == (wanted == "fill-mask")


@pytest.mark.parametrize("content", [b"<html>", b"", "empty"])
def test_a_file_without_checkpoints_is_refused_unless_the_hub_is_chosen(
    bare, monkeypatch, capsys, content
):
    if content == "empty":
        zipfile.ZipFile(bare / course_start.ARCHIVE, "w").close()
    else:
        (bare / course_start.ARCHIVE).write_bytes(content)
    with pytest.raises(course_start.StartError, match="course_checkpoints.zip (holds no|is damag)"):
        course_start.start({})
    monkeypatch.setenv("COURSE_CHECKPOINTS", "hub")
    course_start.start({})
    assert "from the hub" in capsys.readouterr().out


def test_checkpoints_that_were_asked_for_and_are_not_here_are_named(bare, monkeypatch):
    monkeypatch.setenv("COURSE_CHECKPOINTS", "embedded")
    with pytest.raises(course_start.StartError, match="no course_checkpoints.zip here"):
        course_start.start({})


def test_the_first_cell_knows_the_tasks_of_the_course():
    assert set(course_start.TASKS) == set(CHECKPOINTS)


def test_a_choice_of_the_learner_stands(bare, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_CHECKPOINTS", "hub")
    (bare / "input" / "x" / "fill-mask").mkdir(parents=True)
    (bare / "input" / "x" / "fill-mask" / "config.json").write_text("{}", encoding="utf-8")
    course_start.start({"fill-mask": ("a/b", 7)})
    assert "from the hub" in capsys.readouterr().out


def test_half_an_upload_is_noticed(bare, uploads):
    content = (uploads / course_start.ARCHIVE).read_bytes()
    (bare / course_start.ARCHIVE).write_bytes(content[: len(content) // 2])
    with pytest.raises(course_start.StartError, match="not yet completely uploaded"):
        course_start.start({})


@pytest.mark.parametrize("works", [True, False])
def test_only_what_is_missing_is_installed(bare, monkeypatch, works):
    missing = {"sacremoses"}
    commands = []

    def find_spec(name):
        return None if name in missing else "found"

    def install(command, **_):
        commands.append(command)
        if works:
            missing.clear()

    monkeypatch.setattr(course_start.importlib.util, "find_spec", find_spec)
    monkeypatch.setattr(course_start.subprocess, "run", install)
    if works:
        course_start.start({})
    else:
        with pytest.raises(course_start.StartError, match="sacremoses could not be installed"):
            course_start.start({})
    (command,) = commands
    assert "--no-deps" in command and command[-1] == "sacremoses"
    assert not {"torch", "numpy", "transformers"} & set(command)


def test_what_belongs_to_the_platform_is_never_installed(bare, monkeypatch):
    monkeypatch.setattr(course_start.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(course_start.subprocess, "run", None)
    with pytest.raises(course_start.StartError, match="torch, numpy, transformers is not"):
        course_start.start({})


def test_an_old_python_is_told_so(bare, monkeypatch):
    monkeypatch.setattr(course_start.sys, "version_info", (3, 10))
    with pytest.raises(course_start.StartError, match="Python 3.11 or newer"):
        course_start.start({})
