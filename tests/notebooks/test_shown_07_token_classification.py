"""Notebook 07: labels per token, the entities made of them, five ways to join pieces."""

import re

MUTATIONS = [
    ("parameters", 'checkpoint("token-classification")', 'checkpoint("fill-mask")'),
    ("result", '"entity_group"', '"word"'),
    ("read", "argmax(dim=-1)", "argmax(dim=1)"),
    ("read", "id2label[index]", "id2label[(index + 1) % 9]"),
    ("merge", 'prefix == "B" or kind != open_kind', 'prefix == "B"'),
    ("merge", "entities[-1][1] = end", "entities[-1][1] = start"),
    ("word-labels", "if word is not None", "if word"),
    ("strategies", "aggregation_strategy=name", 'aggregation_strategy="first"'),
    ("predict-capitals", "text.upper()", "text"),
    ("more-texts", 'e["start"]', 'e["end"]'),
    ("align", "if new else", "if o is not None else"),
]


def test_the_result_comes_first_and_is_that_of_the_steps(notebook):
    first = [cell.id for cell in notebook.cells.values() if cell.cell_type == "code"][:6]
    assert "result" in first
    painted = notebook.text("result")
    for name, kind in notebook.value("entities"):
        assert f"[{name} {kind}]" in painted
    assert notebook.html("result").count("<mark") == len(notebook.value("entities"))


def test_the_class_and_its_small_head(notebook):
    assert notebook.value("load") == "BertForTokenClassification"
    head = notebook.text("head")
    assert "'classifier': Linear(" in head and "out_features=9" in head
    assert "AutoModelForTokenClassification (this lesson)" in notebook.text("picture")


def test_nine_labels_in_iob2(notebook):
    labels = notebook.value("labels")
    kinds = ("PER", "ORG", "LOC", "MISC")
    assert set(labels.values()) == {"O"} | {f"{b}-{kind}" for b in "BI" for kind in kinds}


def test_the_head_is_trained(notebook):
    assert notebook.value("check") == []


def test_logits_are_texts_by_tokens_by_labels(notebook):
    texts, tokens = notebook.value("encode")
    assert notebook.value("logits-shape") == (texts, tokens, 9)
    assert "Computed: texts × tokens × labels" in notebook.text("run")


def test_the_tutorial_loop_shows_pieces_and_special_tokens(notebook):
    rows = notebook.text("read").splitlines()
    assert rows[0].startswith("[CLS]: ") and rows[-1].startswith("[SEP]: ")
    assert any(row.startswith("##") for row in rows)
    assert "New: B-LOC" in rows and "York: I-LOC" in rows and "City: I-LOC" in rows
    assert "company: O" in rows


def test_the_brackets_are_those_of_the_labels(notebook):
    said = notebook.text("iob-picture")
    assert "New B-LOC, York I-LOC, City I-LOC" in said and "company" not in said
    assert "<img" in notebook.html("iob-picture")


def test_one_word_is_several_tokens(notebook):
    assert len(notebook.value("most-pieces")) > 1
    tokens, words = notebook.value("word-labels")
    # 25 words and punctuation marks of the text; pieces and special tokens come on top
    assert words == 27 < tokens


def test_the_entities_of_the_text(notebook):
    entities = notebook.value("entities")
    organisation, kind = entities[0]
    assert organisation.rstrip(".") == "Hugging Face Inc" and kind == "ORG"
    assert ("New York City", "LOC") in entities
    assert ("DUMBO", "LOC") in entities


def test_decoding_loses_spaces_and_offsets_do_not(notebook):
    assert notebook.value("lossy") == (False, True)


def test_both_spellings_of_labels_give_the_same_entities(notebook):
    assert notebook.value("iob") == [2, 0]
    assert "Computed: (2, 2)" in notebook.text("predict-iob")
    assert notebook.value("neighbours") == (1, 3)


def test_simple_can_split_a_word_and_the_others_do_not(notebook):
    table = notebook.text("strategies-table").splitlines()
    assert table[0].split() == ["none", "simple", "first", "average", "max"]
    counts = [[int(number) for number in re.findall(r"\d+", row)] for row in table[1:]]
    assert len(counts) == 4
    for none, simple, first, average, most in counts:
        assert none >= simple >= first and first > 0
        assert abs(first - average) <= 1 and abs(first - most) <= 1
    assert any(simple > first for _, simple, first, _, _ in counts)
    assert "Computed: none" not in notebook.text("strategies")


def test_small_letters_hide_names(notebook):
    counts = notebook.value("capitals")
    assert counts["small letters"] < counts["as written"]
    assert counts["CAPITALS"] < counts["as written"]
    assert "Computed: fewer" in notebook.text("predict-capitals")


def test_other_texts(notebook):
    sarah, politicians, maria = notebook.value("more-texts")
    assert sarah == [("Sarah", "PER"), ("London", "LOC")]
    assert [kind for _, kind in politicians] == ["PER", "PER", "LOC"]
    assert ("Maria", "PER") in maria


def test_training_targets_skip_special_tokens_and_later_pieces(notebook):
    targets = notebook.value("align")
    judged = [token for token, target in targets if target != -100]
    assert judged[:2] == ["Maria", "visited"] and len(judged) == 3
    assert targets[0] == ("[CLS]", -100) and targets[-1] == ("[SEP]", -100)


def test_the_painter_shows_where_the_strategies_differ(notebook):
    pieces, simple, first, average, most = notebook.text("playground").split("\n\n")[1:]
    found = [
        int(re.search(r": (\d+) entities", one)[1])
        for one in (pieces, simple, first, average, most)
    ]
    assert found[0] > found[1] >= found[2] >= 1
    assert notebook.html("playground").count("<mark") == sum(found)
