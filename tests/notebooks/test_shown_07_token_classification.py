"""Notebook 07: labels per token, the entities made of them, five ways to join pieces."""

import re

MUTATIONS = [
    ("parameters", 'checkpoint("token-classification")', 'checkpoint("fill-mask")'),
    ("read", "argmax(dim=-1)", "argmax(dim=1)"),
    ("read", "id2label[index]", "id2label[(index + 1) % 9]"),
    ("merge", 'prefix == "B" or kind != open_kind', 'prefix == "B"'),
    ("strategies", "aggregation_strategy=strategy", 'aggregation_strategy="simple"'),
]


def test_the_class_and_its_small_head(notebook):
    assert notebook.value("load") == "BertForTokenClassification"
    head = notebook.text("head")
    assert "'classifier': Linear(" in head and "out_features=9" in head


def test_nine_labels_in_iob2(notebook):
    labels = notebook.value("labels")
    kinds = ("PER", "ORG", "LOC", "MISC")
    assert set(labels.values()) == {"O"} | {f"{b}-{kind}" for b in "BI" for kind in kinds}


def test_the_head_is_trained(notebook):
    assert notebook.value("check") == []
    assert notebook.value("check-shapes") is True


def test_logits_are_texts_by_tokens_by_labels(notebook):
    texts, tokens = notebook.value("encode")
    assert notebook.value("run") == (texts, tokens, 9)


def test_the_tutorial_loop_shows_pieces_and_special_tokens(notebook):
    rows = notebook.text("tutorial-loop").splitlines()
    assert rows[0].startswith("[CLS]: ") and rows[-1].startswith("[SEP]: ")
    assert any(row.startswith("##") for row in rows)
    assert "New: B-LOC" in rows and "York: I-LOC" in rows and "City: I-LOC" in rows
    assert "company: O" in rows
    assert notebook.value("special-rows") == [("[CLS]", None), ("[SEP]", None)]


def test_one_word_is_several_tokens(notebook):
    assert len(notebook.value("most-pieces")) > 1
    tokens, words = notebook.value("word-labels")
    assert words < tokens


def test_the_entities_of_the_text(notebook):
    entities = notebook.value("entities")
    organisation, kind = entities[0]
    assert organisation.rstrip(".") == "Hugging Face Inc" and kind == "ORG"
    assert ("New York City", "LOC") in entities
    assert ("DUMBO", "LOC") in entities


def test_the_entities_are_painted_into_the_text(notebook):
    painted = notebook.text("painted")
    for name, kind in notebook.value("entities"):
        assert f"[{name} {kind}]" in painted
    assert painted.endswith("Bridge.") or painted.endswith("Bridge LOC].")
    assert notebook.html("painted").count("<mark") == len(notebook.value("entities"))


def test_decoding_loses_spaces_and_offsets_do_not(notebook):
    assert notebook.value("lossy") == (False, True)


def test_both_spellings_of_labels_give_the_same_entities(notebook):
    assert notebook.value("iob") == [2, 0]
    assert notebook.value("iob-merge") is True
    assert notebook.value("neighbours") == (1, 3)


def test_the_pipeline_agrees_with_the_merge_by_hand(notebook):
    names = [(re.sub(r"\s+", "", name), kind) for name, kind in notebook.value("pipeline")]
    by_hand = [(re.sub(r"\s+", "", name), kind) for name, kind in notebook.value("entities")]
    assert names == by_hand


def test_only_simple_splits_the_word(notebook):
    shown = notebook.value("strategies")
    assert len(shown["none"]) == len(notebook.value("most-pieces"))
    assert [kind for _, kind in shown["simple"]] == ["LOC", "ORG"]
    assert shown["first"] == [("DUMBO", "LOC")]
    assert shown["max"] == [("DUMBO", "ORG")]
    assert len(shown["average"]) == 1
    assert notebook.value("unhook") is True


def test_each_entity_has_a_probability(notebook):
    chances = [float(number) for number in re.findall(r"([\d.]+)%", notebook.text("confidence"))]
    assert len(chances) == len(notebook.value("entities"))
    assert all(0 < chance <= 100 for chance in chances)


def test_small_letters_hide_names(notebook):
    as_written, lower_case = notebook.value("lower-case")
    assert lower_case < as_written


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
    assert found[0] > found[1] > found[2] == found[3] == found[4] == 2
    assert "[Juventus " in first and "[Juventus " not in simple
    assert notebook.html("playground").count("<mark") == sum(found)
