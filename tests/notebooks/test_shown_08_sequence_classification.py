"""Notebook 08: one label per text, and the ways to misread it."""

import re

MUTATIONS = [
    ("result", '"score"', '"label"'),
    ("read", "probabilities.argmax()", "probabilities.argmin()"),
    ("other-team", "other.config.id2label[other_best]", "names[other_best]"),
    ("other-team", "other.classifier.weight.flip(0)", "other.classifier.weight"),
    ("renamed", "id2label=swapped", "id2label=names"),
    ("random-head", '"fill-mask")', '"text-classification")'),
    ("modes", "model.train, model.eval", "model.eval, model.train"),
    ("batch", "argmax(dim=-1)", "argmax(dim=0)"),
    ("mask", 'input_ids=batch["input_ids"]', "**batch"),
    ("softmax-sigmoid", "topic_scores.softmax(dim=-1)", "topic_scores.sigmoid()"),
    ("single-softmax", "torch.tensor([score]).softmax(dim=-1)", "torch.tensor(score).sigmoid()"),
    ("problem-type", "[[1.0, 0.0, 1.0]]", "[[1, 0, 1]]"),
    ("probe", "names[index]", "names[1 - index]"),
]


def cells(html):
    """The rows of an HTML table, each as a list of its data cells."""
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in rows if "<td>" in row]


def test_the_result_comes_first_and_is_positive(notebook):
    first = [cell.id for cell in notebook.cells.values() if cell.cell_type == "code"][:6]
    assert "result" in first
    shown = dict(re.findall(r"(POSITIVE|NEGATIVE)\s+([\d.]+)%", notebook.text("result")))
    assert float(shown["POSITIVE"]) > 50 > float(shown["NEGATIVE"])
    assert "<table" in notebook.html("result")
    assert notebook.value("read") == "POSITIVE"


def test_the_head_and_its_labels(notebook):
    head = notebook.text("load")
    assert "'pre_classifier': Linear(" in head and "'classifier': Linear(" in head
    assert notebook.value("labels") == {0: "NEGATIVE", 1: "POSITIVE"}


def test_the_head_is_trained(notebook):
    assert notebook.value("check") == []


def test_one_row_of_scores_for_the_text(notebook):
    assert notebook.value("encode")[0] == "[CLS]"
    assert notebook.value("run") == (1, 2)
    assert len(notebook.value("scores")) == 2


def test_softmax_keeps_the_winner_and_sums_to_one(notebook):
    assert notebook.value("softmax") == (True, 1.0)


def test_a_typed_list_of_labels_is_wrong_for_the_other_teams_model(notebook):
    assert notebook.value("other-team") == {"typed by hand": "NEGATIVE", "id2label": "POSITIVE"}


def test_other_names_change_no_number(notebook):
    assert "Computed: only the scores" in notebook.text("renamed")


def test_a_wrong_number_of_labels(notebook):
    assert "MISMATCH" in notebook.text("mismatch")
    assert "ignore_mismatched_sizes" in notebook.text("mismatch")


def test_a_random_head_answers_differently_each_time_it_is_loaded(notebook):
    assert notebook.value("random-head") == {"text-classification": True, "fill-mask": False}


def test_eval_and_no_grad_are_two_switches(notebook):
    rows = {name: values for name, *values in table_rows(notebook.html("modes-table"))}
    assert rows == {
        "train(), grad": ["False", "True"],
        "train(), no_grad": ["False", "False"],
        "eval(), grad": ["True", "True"],
        "eval(), no_grad": ["True", "False"],
    }
    assert "Computed: train(), grad and no_grad" in notebook.text("modes")


def table_rows(html):
    """The rows of a pandas table with their index."""
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows][1:]


def test_a_batch_of_three_texts_needs_its_mask(notebook):
    assert notebook.value("batch") == ["POSITIVE", "NEGATIVE", "POSITIVE"]
    shift = notebook.value("mask")
    assert shift["with the mask"] < 1e-3 < shift["without it"]


def test_sigmoid_finds_both_topics(notebook):
    assert "Computed: about 0.55" in notebook.text("softmax-sigmoid")
    rows = {name: tuple(map(float, values)) for name, *values in table_rows(notebook.html("both"))}
    assert rows["food"] == (0.55, 0.88) and rows["service"] == (0.45, 0.86)
    assert "Computed: 1.0 each time" in notebook.text("single-softmax")


def test_targets_decide_the_kind_of_problem(notebook):
    assert notebook.value("problem-type") == {
        "a number": "regression",
        "one of three": "single_label_classification",
        "any of three": "multi_label_classification",
    }


def test_probes_show_right_and_wrong_answers(notebook):
    rows = {text: (reader, model) for text, reader, model, _ in cells(notebook.html("probe"))}
    assert len(rows) == 6
    assert rows["I love using transformers library!"] == ("POSITIVE", "POSITIVE")
    assert rows["I hate waiting in line."] == ("NEGATIVE", "NEGATIVE")
    assert rows["The train arrives at nine."][0] == "neither"


def test_a_country_moves_the_score(notebook):
    shares = [float(number) / 100 for number in re.findall(r"([\d.]+)%", notebook.text("bias"))]
    assert len(shares) == 5
    assert abs(notebook.value("bias-gap") - (max(shares) - min(shares))) < 0.01


def test_softmax_cannot_tell_none_from_all_and_sigmoid_can(notebook):
    winner, two, none, all_three = notebook.text("playground").split("\n\n")[1:]
    softmax = [
        preset.partition("softmax")[2].partition("sigmoid")[0] for preset in (none, all_three)
    ]
    assert softmax[0] == softmax[1] and softmax[0].count("33.3%") == 3
    assert "by sigmoid: none" in none and "by sigmoid: food, service, price" in all_three
    assert "by softmax: food\n" in winner and "by sigmoid: food, service" in two
    assert notebook.html("playground").count("<table") == 12
