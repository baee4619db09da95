"""The Chinese edition: as its catalogues say, with the same code and the same results."""

import ast
import re
from collections import Counter
from functools import cache

import nbformat
import pytest
from markdown_it import MarkdownIt

from back_to_english import CHINESE, NARROW, WIDE, in_english, pairs, plain
from course_models.errors import CourseError
from course_models.language import VARIABLE, english, shorten, tr, width
from course_tools.translate import catalogues, edition, messages
from course_tools.translate.checks import FENCE, SPAN, problems
from course_tools.translate.code import NOT_PYTHON, literals, replaced
from edition_outputs import same, shown
from executed import COPIES, ROOT, SOURCES

NAMES = sorted(path.stem for path in SOURCES.glob("*.ipynb"))
CATALOGUES = [edition.PACKAGES, *NAMES]
# While the edition grows: lessons that are translated, and how many messages the others may lack.
COMPLETE = {
    *(edition.PACKAGES, "00_overview", "04_fill_mask"),
    *("07_token_classification", "08_sequence_classification", "12_capstone"),
}
OPEN = 1600
OVERDUE = 20  # messages of complete catalogues that may wait for their translator
AVOIDED = ("您", "词符", "遮罩", "跨度", "贪婪", "绑定", "哦", "呢", "！")


@cache
def catalogue(name):
    return catalogues.read(messages.TRANSLATIONS / edition.LOCALE / f"{name}.po")


def entries(name):
    """Translations of a catalogue that are up to date, as (context, English, Chinese)."""
    found = [m for m in catalogue(name) if m.id and m.string and not m.fuzzy]
    return [(m.context, m.id, m.string) for m in found]


def notebooks(name):
    """A lesson in both editions; the cells that only the Chinese one has are left out."""
    paths = [folder / f"{name}.ipynb" for folder in (SOURCES, SOURCES / "zh")]
    original, chinese = (nbformat.read(path, as_version=4) for path in paths)
    chinese.cells = [cell for cell in chinese.cells if not cell.id.startswith("zh-")]
    return original, chinese


@pytest.fixture(scope="module")
def made():
    return edition.make_edition()


def test_zh_is_generated(made):
    stale = [path for path, text in made.files.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `make translate`"


def test_zh_is_complete(made):
    overdue = [entry for name in COMPLETE for entry in made.missing[name]]
    others = sum(len(made.missing[name]) for name in CATALOGUES if name not in COMPLETE)
    assert len(overdue) <= OVERDUE, overdue
    assert others <= OPEN


@pytest.mark.parametrize("name", NAMES)
def test_same_code(name):
    one, other = notebooks(name)
    assert [(c.id, c.cell_type, c.metadata) for c in one.cells if c.id != "open-elsewhere"] == [
        (c.id, c.cell_type, c.metadata) for c in other.cells
    ]
    known = [*entries(name), *entries(edition.PACKAGES)]
    listed = {(english, chinese) for _, english, chinese in known}
    codes = [[cell for cell in n.cells if cell.cell_type == "code"] for n in (one, other)]
    for before, after in zip(*codes, strict=True):
        assert bones(before.source) == bones(after.source), before.id
        said = [[one.text for one in literals(cell.source)] for cell in (before, after)]
        changed = {(a, b) for a, b in zip(*said, strict=True) if a != b}
        assert changed <= listed, before.id


def bones(source):
    """The syntax tree of a cell without its strings; of f-strings only what they compute."""
    tree = ast.parse(NOT_PYTHON.sub("pass", source))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            node.values = sorted(
                (part for part in node.values if isinstance(part, ast.FormattedValue)), key=ast.dump
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@pytest.mark.parametrize("name", sorted(COMPLETE & set(NAMES)))
def test_same_results(name):
    one, other = shown(COPIES / f"{name}.ipynb"), shown(COPIES / "zh" / f"{name}.ipynb")
    known = pairs((e, c) for part in (name, edition.PACKAGES) for _, e, c in entries(part))
    for cell, text in one.items():
        back = [in_english(plain(other[cell]), known, field) for field in (WIDE, NARROW)]
        assert any(same(plain(text), words) for words in back), (cell, text, back)


@pytest.mark.parametrize("name", sorted(COMPLETE & set(NAMES)))
def test_no_english_of_ours_is_left_in_what_it_shows(name):
    text = plain("\n".join(shown(COPIES / "zh" / f"{name}.ipynb").values()))
    known = [e for part in (name, edition.PACKAGES) for _, e, c in entries(part) if e not in c]
    sentences = [e for e in known if len(re.findall("[A-Za-z]{2,}", e)) >= 3 and "{" not in e]
    assert [sentence for sentence in sentences if plain(sentence) in text] == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_zh_markdown(name):
    for context, text, chinese in entries(name):
        if context == messages.CODE:
            continue
        prose = SPAN.sub("`", FENCE.sub("", chinese))
        glued = re.findall(f"{CHINESE.pattern}[A-Za-z0-9`]|[A-Za-z0-9]{CHINESE.pattern}", prose)
        assert glued == [], (text[:40], glued)
        assert not re.search(r"[\u4e00-\u9fff] ?[,;?!]|[\u4e00-\u9fff]:", prose), text[:40]
        html = re.sub(r"<(code|pre)>.*?</\1>", "", MarkdownIt().render(chinese), flags=re.DOTALL)
        assert "**" not in html, (text[:40], html)
        headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
        assert [
            h
            for h in headings
            if h.endswith("。") or width(re.sub(r"\w*[A-Za-z]\w*", "", h, flags=re.ASCII)) > 40
        ] == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_terms(name):
    found = Counter(word for _, _, chinese in entries(name) for word in AVOIDED if word in chinese)
    assert found == {}


SOUND = "Use `fit` **twice**, see [04](04.ipynb)."
BROKEN = {
    "两次用 `fit`，见 [04](04.ipynb)。": [],
    "**两次**用 fit，见 [04](04.ipynb)。": ["lost code span fit"],
    "**两次**用 `fit，见 [04](04.ipynb)。": ["lost code span fit", "a code span is not closed"],
    "**两次用 `fit`，见 [04](04.ipynb)。": ["a ** is not closed"],
    "**两次**用 `fit`，见 [04](05.ipynb)。": [
        "lost link to 04.ipynb",
        "unknown link to 05.ipynb",
    ],
}


@pytest.mark.parametrize("chinese", BROKEN)
def test_a_broken_translation_is_named(chinese):
    assert problems("cell", SOUND, chinese) == BROKEN[chinese]


def test_a_lost_placeholder_or_row_is_named():
    assert problems(messages.TEXT, "{n} of {m}", "{n} 个") == ["lost placeholder {m}"]
    table = "| a | b |\n|---|---|\n| c | d |"
    assert problems("cell", table, "| 甲 |\n|---|\n| 丙 |") == [
        "the table has other rows or columns"
    ]
    assert problems("cell", "## Title", "标题") == ["headings differ"]


def test_nothing_is_written_where_a_translation_is_broken(monkeypatch):
    def broken(context, english, chinese):
        return ["lost code span fit"] if english.startswith("## Quiz") else []

    monkeypatch.setattr(edition, "problems", broken)
    before = {path: path.stat().st_mtime_ns for path in (SOURCES / "zh").iterdir()}
    with pytest.raises(CourseError, match="00_overview.po: quiz .*: lost code span fit"):
        edition.write_edition()
    assert {path: path.stat().st_mtime_ns for path in (SOURCES / "zh").iterdir()} == before


def test_a_catalogue_that_is_no_catalogue_is_named(tmp_path):
    (tmp_path / "00.po").write_text('msgid "a"\nchinese "b"\n', encoding="utf-8")
    with pytest.raises(CourseError, match="00.po, line"):
        catalogues.read(tmp_path / "00.po")


OLD_WORDS = "Old\n\n\nwords."


def merged(old, *new):
    return catalogues.merged([messages.Message(*one) for one in new], old)


def test_a_changed_sentence_keeps_its_translation_as_a_suggestion(tmp_path):
    first = merged(catalogues.Catalog(), ("saw", OLD_WORDS))
    first.get(OLD_WORDS, "saw").string = "旧的话。\n\n\n完。"
    changed = merged(first, ("saw", "New words."))
    entry = changed.get("New words.", "saw")
    assert entry.fuzzy and entry.string == "旧的话。\n\n\n完。" and OLD_WORDS in entry.previous_id
    assert '#| msgid "Old\\n\\n\\nwords."' in catalogues.written(changed)
    (tmp_path / "00.po").write_text(catalogues.written(changed), encoding="utf-8")
    kept = merged(catalogues.read(tmp_path / "00.po"), ("saw", "New words."))
    assert catalogues.written(kept) == catalogues.written(changed)
    again = merged(changed, ("saw", OLD_WORDS))  # the change is taken back
    assert not again.get(OLD_WORDS, "saw").fuzzy


def test_a_lesson_shows_english_with_a_note_until_a_changed_cell_is_translated():
    notebook = nbformat.read(SOURCES / "00_overview.ipynb", as_version=4)
    stale = edition.in_chinese(notebook, "-", lambda context, text: edition.STALE)
    cells = {cell.id: cell.source for cell in stale.cells}
    assert cells["saw"].startswith(f"## What we saw\n\n{edition.STALE}\n\n- A model has")
    assert 'check_environment("en")' in cells["setup"]


def test_strings_are_replaced_where_they_stand():
    code = 'print("a b", f"{x!r:>4} of é", [  # why not\n    "long "\n    "text"])\n%time "a b"'
    words = {"a b": '"甲"', "{x!r:>4} of é": "é 的 {x!r:>4}", "why not": "为什么"}
    words["long text"] = "长"
    assert replaced(code, lambda one: words.get(one.text)) == (
        'print("\\"甲\\"", f"é 的 {x!r:>4}", [  # 为什么\n    "长"])\n%time "a b"'
    )


def test_tr_speaks_the_language_of_the_environment(monkeypatch):
    monkeypatch.setenv(VARIABLE, "zh")
    shown = tr("Hint {number} of {count}: {hint}", number=1, count=2, hint="x")
    assert re.search("1.*2.*x", shown) and "Hint" not in shown
    assert tr("not attempted") == "未作答" and english("未作答") == "not attempted"
    assert tr("never translated") == "never translated"
    monkeypatch.setenv(VARIABLE, "en")
    assert tr("not attempted") == "not attempted"


def test_widths_count_columns():
    assert width("头 a") == 4
    assert shorten("one two three", 11) == "one [...]"
    assert width(shorten("一二三四五六七八九十", 15)) <= 15


def test_the_catalogues_are_those_of_the_lessons():
    found = sorted(path.stem for path in (messages.TRANSLATIONS / edition.LOCALE).glob("*.po"))
    assert found == sorted(CATALOGUES)
    assert sorted(path.stem for path in (SOURCES / "zh").iterdir()) == NAMES
    assert (ROOT / "translations" / "README.md").is_file()
