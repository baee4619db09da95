"""Every card of the error clinic tells the truth about the installed transformers."""

import json
import re
from functools import cache

import pytest

from course_lessons.lesson_11_error_clinic.card import (
    GROUP_WORDS,
    RED,
    SILENT,
    YELLOW,
    all_cards,
    clean,
    find_card,
    first_sentences,
    observe,
)
from course_lessons.lesson_11_error_clinic.cards import WHEN, when
from course_lessons.lesson_11_error_clinic.clinic import card, cards, contrast, rosetta, symptom
from course_lessons.lesson_11_error_clinic.error_search import explain_error
from course_models.errors import CourseError
from executed import SOURCES

CARDS = all_cards()
EACH = pytest.mark.parametrize("found", CARDS.values(), ids=CARDS)
SILENT_TRAPS = {  # the ones that the course promises (the attentions do log one line)
    *("typo", "no-tokenizer-files", "lost-head", "no-mask", "last-column", "swapped-labels"),
    *("file-dtype", "architectures"),
}


@cache
def seen(id):
    return observe(CARDS[id].demo)


@EACH
def test_the_symptom_is_what_the_card_says(found):
    assert seen(found.id).group == found.group, seen(found.id).text
    assert re.search(found.says_5, seen(found.id).text, re.DOTALL)


@EACH
def test_the_working_case_works(found):
    works = observe(found.contrast)
    assert works.group != RED, works.text
    assert works.result is not None
    assert not re.search(found.says_5, works.text, re.DOTALL)


@EACH
def test_both_wordings_find_the_card_first(found):
    assert explain_error(found.said_4).ids[0] == found.id
    if found.group != SILENT:
        assert explain_error(seen(found.id).text).ids[0] == found.id


@EACH
def test_a_card_says_everything_in_html_and_in_text(found):
    shown = card(found.id)
    for part in (
        found.title,
        found.cause,
        found.wrong_fix,
        found.fix,
        f"notebook {found.notebook}",
    ):
        assert part in shown.text
    assert "<script" not in shown.html and not re.search(r"(?<!-)color:(?!inherit)", shown.html)
    assert list(SOURCES.glob(f"{found.notebook}_*.ipynb"))
    assert len(found.cause.split()) >= 10


def test_there_are_three_groups_and_more_than_thirty_cards():
    table = cards()
    assert len(table) >= 30 and table["card"].is_unique
    assert set(table["what you see"]) == set(GROUP_WORDS.values())
    assert table["what you see"].value_counts().min() >= 8


def test_each_card_is_listed_once_under_what_one_did():
    assert sorted(id for ids in WHEN.values() for id in ids) == sorted(CARDS)
    table = cards()
    assert list(table["what you did"].unique()) == list(WHEN)
    for id in ("swapped-labels", "gated"):
        assert when(id) in card(id).text
    assert when("gated") == "downloading"


def test_the_promised_silent_traps_are_there():
    assert SILENT_TRAPS <= {id for id, found in CARDS.items() if found.group == SILENT}
    assert CARDS["empty-attentions"].group == YELLOW


def test_a_recorded_card_says_that_a_stand_in_plays():
    recorded = {id for id, found in CARDS.items() if found.recorded}
    assert {"gated", "no-such-repo", "out-of-memory", "no-cuda"} <= recorded
    for id in CARDS:
        assert ("stand-in" in card(id).text) == (id in recorded), id


def test_every_confusion_has_a_card_or_a_cell():
    tagged = {number for found in CARDS.values() for number in found.confusions}
    for path in SOURCES.glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                tags = " ".join(cell["metadata"].get("tags", []))
                tagged |= {int(number) for number in re.findall(r"confusion-(\d\d)", tags)}
    assert tagged == set(range(1, 38))


def test_a_symptom_shows_code_and_message_without_the_machine(tmp_path):
    shown = symptom("unexpected-weights")
    assert "AutoModel.from_pretrained" in shown.text and "UNEXPECTED" in shown.text
    assert "LOAD REPORT from: text-classification" in shown.text
    assert "\x1b" not in shown.text and "&#x27;" in symptom("no-generate").html
    assert "And the result: True" in symptom("bert-as-causal").text
    assert "No message. The result:" in symptom("two-argmaxes").text


def test_a_second_look_shows_the_same():
    assert symptom("torch-dtype").text == symptom("torch-dtype").text


def test_a_contrast_shows_code_and_result():
    assert contrast("two-argmaxes").text.endswith("['Anna']")
    assert "def best_pair" in contrast("two-argmaxes").text


def test_long_messages_are_cut_after_a_sentence():
    assert first_sentences("One. Two.") == "One. Two."
    cut = first_sentences("This is the first sentence. " + "word " * 100 + ". End.")
    assert cut == "This is the first sentence. …"
    assert len(first_sentences("x" * 5000)) < 1000
    assert clean("\x1b[1mbold\x1b[0m") == "bold"


def test_an_error_is_found_however_it_was_pasted():
    pasted = "\x1b[1mERROR\x1b[0m: ASKING to pad but the\n  tokenizer does\nnot have a padding"
    assert explain_error(pasted).ids[0] == "no-pad-token"
    assert explain_error("Some weights of ... were not initialized").ids[0] == "missing-head"
    assert explain_error("encode_plus").ids[0] == "encode-plus"
    traceback = (
        'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    load()\n'
    )
    traceback += "IndexError: index out of range in self"
    assert explain_error(traceback).ids[0] == "too-long"
    assert 'card("too-long")' in explain_error(traceback).text


@pytest.mark.parametrize("text", ["the kitchen tap drips", "", "?!", "error: it does not work"])
def test_a_text_that_fits_nothing_gets_a_kind_answer(text):
    assert explain_error(text).ids == []
    assert "bottom" in explain_error(text).text or "last line" in explain_error(text).text


PLAIN = """Traceback (most recent call last):
  File "/home/me/gated/encode_plus.py", line 3, in <module>
    model.generate(input_ids, pad_token=None)  # Asking to pad
  File "/usr/lib/python3/site-packages/torch/nn/functional.py", line 2551, in embedding
    return torch.embedding(weight, input, padding_idx, scale_grad_by_freq, sparse)
IndexError: index out of range in self"""
IPYTHON = """---------------------------------------------------------------------------
\x1b[0;31mIndexError\x1b[0m                                Traceback (most recent call last)
Cell \x1b[0;32mIn[3], line 2\x1b[0m
      1 tokenizer.encode_plus(text)
----> 2 model(**inputs)

File /opt/site-packages/torch/nn/functional.py:2551, in embedding(input, weight)
   2549 # Torch not compiled with CUDA enabled
-> 2551 return torch.embedding(weight, input)

\x1b[0;31mIndexError\x1b[0m: index out of range in self"""
CHAINED = (
    'Traceback (most recent call last):\n  File "a.py", line 1, in f\n'
    "AttributeError: 'list' object has no attribute 'size'\n\n"
    "During handling of the above exception, another exception occurred:\n\n" + PLAIN
)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        IPYTHON,
        CHAINED,
        f"Hello, I trained a model and got this:\n\n{PLAIN}",
        "报错了，怎么办：\nIndexError：index out of range in self",
        "x = 1  # CUDA out of memory\n" * 25_000 + PLAIN,  # only the end counts
    ],
    ids=["plain", "ipython", "chained", "prose", "chinese", "very-long"],
)
def test_the_last_error_decides_and_not_the_frames_above_it(text):
    assert explain_error(text).ids[0] == "too-long"


@pytest.mark.parametrize("id", ["gated", "missing-head", "encode-plus", "label-count"])
def test_an_error_within_chinese_prose_is_found_as_it_is_alone(id):
    words = find_card(id).said_4.split()
    part = " ".join(words[: max(8, len(words) // 2)])
    alone = explain_error(part).ids
    prose = f"我在自己的电脑上照着旧教程做，运行时出现{part}，换了几个模型也不行，请问是什么意思？"
    assert alone and alone[0] == explain_error(prose).ids[0]
    assert explain_error("厨房的水龙头一直在滴水，怎么办？").ids == []


def test_an_unknown_card_names_the_nearest():
    with pytest.raises(CourseError, match="missing-head"):
        find_card("mising-head")


def test_the_rosetta_table_is_produced_now():
    table = rosetta(["no-generate", "two-argmaxes"]).set_index("card")
    assert "has no attribute 'generate'" in table.iloc[0, 1]
    assert "not compatible with" in table.iloc[0, 0]
    assert table.iloc[1, 1] == "nothing ([])"
