"""What is committed of a notebook: text and code, no traces of a run, in the course's own form."""

import ast
import re
import statistics

import nbformat
import pytest

from executed import SOURCES

# The limits of the course's form, in one place.
LINES_PER_CELL = 20
MEDIAN_LINES = 8
WORDS_PER_CODE_CELL = 40
KILOBYTES = 100

NAMES = [
    "00_overview",
    "01_choosing_a_class",
    "02_config_and_parameters",
    "03_text_generation",
    "04_fill_mask",
    "05_translation",
    "06_question_answering",
    "07_token_classification",
    "08_sequence_classification",
    "09_feature_extraction",
    "10_source_inspection",
    "11_error_clinic",
    "12_capstone",
]
TASKS = [name for name in NAMES if "03" <= name[:2] <= "09"]
STEPS = ["① Load", "② Encode", "③ Run", "④ Read the output", "⑤ Check"]
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM_ID = re.compile(r"(?=.*\d)[0-9a-f]{8}|.*[0-9a-f]{8}-.*")  # as nbformat and Jupyter make them
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/])(/(home|Users|root|tmp|work|mnt|opt|var|private)/|[A-Z]:\\)"
)
HEADING = re.compile(r"^(#+) +(.+?)\s*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def read(name: str) -> nbformat.NotebookNode:
    return nbformat.read(SOURCES / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)


def sources(name: str, kind: str) -> list[str]:
    return [cell.source for cell in read(name).cells if cell.cell_type == kind]


def headings(name: str) -> list[tuple[int, str]]:
    text = "\n\n".join(FENCE.sub("", source) for source in sources(name, "markdown"))
    return [(len(marks), words) for marks, words in HEADING.findall(text)]


each = pytest.mark.parametrize("name", NAMES)


def test_there_are_exactly_these_notebooks():
    assert sorted(path.stem for path in SOURCES.glob("*.ipynb")) == NAMES


@each
def test_nothing_of_a_run_is_committed(name):
    for cell in read(name).cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None, cell.id


@each
def test_metadata_is_the_same_on_every_machine(name):
    notebook = read(name)
    assert notebook.metadata == METADATA
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags", "nbgrader"}, cell.id
    assert (SOURCES / f"{name}.ipynb").stat().st_size < KILOBYTES * 1000


@each
def test_cell_ids_are_readable_and_unique(name):
    ids = [cell.id for cell in read(name).cells]
    assert len(set(ids)) == len(ids)
    assert [i for i in ids if not CELL_ID.fullmatch(i) or RANDOM_ID.fullmatch(i)] == []


@each
def test_no_path_of_the_authors_machine(name):
    for cell in read(name).cells:
        assert not ABSOLUTE_PATH.search(cell.source), cell.id


@each
def test_headings_start_with_the_title_and_skip_no_level(name):
    first = read(name).cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    levels = [level for level, _ in headings(name)]
    assert levels.count(1) == 1
    for before, after in zip(levels, levels[1:], strict=False):
        assert after <= before + 1, headings(name)


@each
def test_it_ends_with_what_we_saw_and_the_way_on(name):
    titles = [words for _, words in headings(name)]
    assert "What we saw" in titles
    position = NAMES.index(name)
    following = NAMES[(position + 1) % len(NAMES)]
    last = read(name).cells[-1]
    assert last.cell_type == "markdown"
    if position + 1 < len(NAMES):
        assert f"]({following}.ipynb)" in last.source


@each
def test_links_to_other_notebooks_lead_somewhere(name):
    text = "\n".join(sources(name, "markdown"))
    for target in re.findall(r"\]\(([^)#:]+\.ipynb)(?:#[^)]*)?\)", text):
        assert (SOURCES / target).is_file(), target


@each
def test_cells_are_small_and_the_prose_is_real(name):
    code = sources(name, "code")
    lines = [len(source.splitlines()) for source in code]
    words = sum(len(source.split()) for source in sources(name, "markdown"))
    assert max(lines) <= LINES_PER_CELL
    assert statistics.median(lines) <= MEDIAN_LINES
    assert words / len(code) >= WORDS_PER_CODE_CELL


@each
def test_it_starts_with_the_check_of_the_environment(name):
    first = next(cell for cell in read(name).cells if cell.cell_type == "code")
    assert first.id == "setup" and 'check_environment("en")' in first.source


@pytest.mark.parametrize("name", TASKS)
def test_a_task_notebook_has_one_parameters_cell_and_the_five_steps(name):
    tagged = [c for c in read(name).cells if "parameters" in c.metadata.get("tags", [])]
    assert [cell.id for cell in tagged] == ["parameters"]
    assert any(line.startswith("model_name = ") for line in tagged[0].source.splitlines())
    titles = [words for level, words in headings(name) if level == 2]
    assert [words for words in titles if words in STEPS] == STEPS


@each
def test_it_imports_what_learners_may_use(name):
    for source in sources(name, "code"):
        for node in ast.walk(ast.parse(plain_python(source))):
            if isinstance(node, ast.ImportFrom):
                assert [alias.name for alias in node.names] != ["*"], source
                modules = [node.module]
            elif isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            else:
                continue
            for module in modules:
                assert not module.startswith(("course_tools", "training")), source


def plain_python(source: str) -> str:
    """The cell without its magic and shell lines."""
    return "\n".join("pass" if re.match(r"\s*[%!]", line) else line for line in source.splitlines())


def test_the_folder_holds_nothing_else():
    others = [path.name for path in SOURCES.iterdir() if path.suffix != ".ipynb"]
    assert [name for name in others if not name.startswith(".")] == ["zh"]
