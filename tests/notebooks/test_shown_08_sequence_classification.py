"""Notebook 08: one label per text, and the ways to misread it."""

import re

MUTATIONS = [
    ("read", "probabilities.argmax()", "probabilities.argmin()"),
    ("other-read", "other.config.id2label[other_best]", "names[other_best]"),
    ("random-head", 'checkpoint("fill-mask")', 'checkpoint("text-classification")'),
    ("batch-run", "argmax(dim=-1)", "argmax(dim=0)"),
    ("mask", "atention_mask=", "attention_mask="),
]


def cells(html):
    """The rows of an HTML table, each as a list of its data cells."""
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in rows if "<td>" in row]


def test_the_class_and_its_labels(notebook):
    assert notebook.value("load") == "DistilBertForSequenceClassification"
    assert notebook.value("labels") == {0: "NEGATIVE", 1: "POSITIVE"}


def test_the_head_is_trained(notebook):
    assert notebook.value("check") == []


def test_one_row_of_scores_for_the_text(notebook):
    assert notebook.value("encode")[0] == "[CLS]"
    assert notebook.value("run") == (1, 2)


def test_softmax_keeps_the_winner_and_sums_to_one(notebook):
    assert notebook.value("softmax") == (True, 1.0)


def test_praise_is_positive(notebook):
    assert notebook.value("read") == "POSITIVE"
    shown = dict(re.findall(r"(POSITIVE|NEGATIVE)\s+([\d.]+)%", notebook.text("picture")))
    assert float(shown["POSITIVE"]) > 50 > float(shown["NEGATIVE"])
    assert "<table" in notebook.html("picture")


def test_a_typed_list_of_labels_is_wrong_for_the_other_teams_model(notebook):
    assert notebook.value("other-team") == {0: "POSITIVE", 1: "NEGATIVE"}
    assert notebook.value("other-read") == {"typed by hand": "NEGATIVE", "id2label": "POSITIVE"}


def test_other_names_change_no_number(notebook):
    assert notebook.value("renamed") == (True, "NEGATIVE")


def test_a_wrong_number_of_labels(notebook):
    assert "MISMATCH" in notebook.text("mismatch")
    assert "ignore_mismatched_sizes" in notebook.text("mismatch")
    replaced, names = notebook.value("mismatch-ignored")
    assert replaced == ["classifier.bias", "classifier.weight"]
    assert names == {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}


def test_the_report_names_the_random_head(notebook):
    missing = notebook.value("random-head")
    assert {"classifier.weight", "classifier.bias"} <= set(missing)
    assert not any("encoder" in key or "embeddings" in key for key in missing), "the body is there"
    assert "MISSING" in notebook.text("random-head")


def test_a_random_head_answers_differently_each_time_it_is_loaded(notebook):
    assert notebook.value("random-twice") is False
    assert notebook.value("trained-twice") is True
    assert notebook.value("seed-hides") is True


def test_eval_and_no_grad_are_two_switches(notebook):
    assert notebook.value("modes") == {"train": False, "eval": True}
    assert notebook.value("gradients") == (True, False)
    assert notebook.value("fresh") == {"from_pretrained": False, "from_config": True}


def test_a_batch_of_three_texts(notebook):
    lengths = notebook.value("batch")
    assert len(lengths) == 3 and len(set(lengths)) > 1
    assert notebook.value("batch-run") == ["POSITIVE", "NEGATIVE", "POSITIVE"]


def test_a_misspelled_mask_is_no_mask(notebook):
    assert notebook.value("mask") == (True, False, True)


def test_a_decoder_needs_the_pad_token_twice(notebook):
    assert "does not have a padding token" in notebook.text("no-pad-token")
    assert "no padding token is defined" in notebook.text("pad-tokenizer-only")
    assert notebook.value("pad-both") is True


def test_sigmoid_finds_both_topics(notebook):
    assert notebook.value("threshold") == (["food"], ["food", "service"])
    assert notebook.value("single-softmax") == [1.0, 1.0, 1.0]


def test_targets_decide_the_kind_of_problem(notebook):
    assert notebook.value("problem-type") == {
        "a number": "regression",
        "one of three": "single_label_classification",
        "any of three": "multi_label_classification",
    }


def test_probes_show_right_and_wrong_answers(notebook):
    rows = {text: (model, agrees) for text, _, model, _, agrees in cells(notebook.html("probe"))}
    assert len(rows) == notebook.value("probe-texts")
    assert rows["I love using transformers library!"] == ("POSITIVE", "True")
    assert rows["I hate waiting in line."] == ("NEGATIVE", "True")
    assert rows["The train arrives at nine."][1] == "False"


def test_a_country_moves_the_score(notebook):
    assert len(re.findall(r"[\d.]+%", notebook.text("bias"))) == 5
    assert notebook.value("bias-gap") > 0


def test_the_pipeline_gives_the_same_label(notebook):
    assert notebook.value("pipeline") == (["POSITIVE", "NEGATIVE"], True)


def test_softmax_cannot_tell_none_from_all_and_sigmoid_can(notebook):
    winner, two, none, all_three = notebook.text("playground").split("\n\n")[1:]
    softmax = [
        preset.partition("softmax")[2].partition("sigmoid")[0] for preset in (none, all_three)
    ]
    assert softmax[0] == softmax[1] and softmax[0].count("33.3%") == 3
    assert "by sigmoid: none" in none and "by sigmoid: food, service, price" in all_three
    assert "by softmax: food\n" in winner and "by sigmoid: food, service" in two
    assert notebook.html("playground").count("<table") == 12
