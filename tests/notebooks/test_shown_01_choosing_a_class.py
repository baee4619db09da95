"""What a learner sees in notebook 01: which classes fit, and how a load that does not fit looks."""

import re

from course_utils.checkpoints import CHECKPOINTS, SEVEN

MUTATIONS = [
    ("predict-reader-and-writer", '(AutoModelForCausalLM, "text', '(AutoModel, "text'),
    ("report", "AutoModelForSequenceClassification.from", "AutoModelForMaskedLM.from"),
    ("file-and-model", "(in_file, in_model)", "(in_model, in_file)"),
    ("direction-sets", "in_file - in_model", "in_model - in_file"),
    ("predict-tied", "AutoModelForCausalLM.from", "AutoModelForSequenceClassification.from"),
    ("body-only", "(sentiment, output", "(fill_mask, output"),
    ("random-head", "if seed is not None", "if seed is None"),
    ("mismatch", "num_labels=3", "num_labels=2"),
    ("predict-outcomes", 'info["missing_keys"]', 'info["unexpected_keys"]'),
    ("labels-for-words", "I loved", "I hated"),
    ("causal-trio", ", is_decoder=True", ""),
    ("predict-future-leaks", "40, 60]", "40, 50]"),  # nothing changes
    ("translator-cut", "AutoModelForCausalLM", "AutoModelForSeq2SeqLM"),
]


def test_the_reader_cannot_write(notebook):
    reader, writer = notebook.value("reader-and-writer")
    assert set(reader) == {"start_logits", "end_logits", "vocabulary"}
    assert reader["start_logits"] == reader["end_logits"] and len(reader["start_logits"]) == 2
    assert reader["vocabulary"] not in reader["start_logits"]
    assert writer["logits"][-1] == writer["vocabulary"]


def test_the_picture_leads_from_outputs_to_classes(notebook):
    text = notebook.text("decision-tree")
    assert all(name in text for name in SEVEN)
    assert "a label for each word: AutoModelForTokenClassification" in text
    assert "encoder-decoder checkpoint: AutoModelForSeq2SeqLM" in text
    assert notebook.html("decision-tree").count("<img") == 1


def test_the_list_of_classes_is_that_of_the_installed_library(notebook):
    count = int(notebook.text("all-classes").split()[0])
    assert count >= 40
    assert notebook.html("all-classes").count("<tr") == count + 1


def test_gpt2_has_more_heads_than_expected(notebook):
    assert "Computed: labels for texts and words" in notebook.text("predict-gpt2-classes")
    assert "GPT2ForQuestionAnswering" in notebook.html("kinds-and-classes")


def test_the_table_of_kinds_shows_names_and_refusals(notebook):
    table = notebook.html("kinds-and-classes")
    assert table.count("<tr") == 8  # heading and seven classes
    assert "MarianMTModel" in table and "BertForTokenClassification" in table
    assert "<td>—</td>" in table


def test_use_this_model_names_the_class_of_each_lesson_first(notebook):
    shown = notebook.value("asked-for-all")
    assert {task: names[0] for task, names in shown.items()} == {
        task: entry.auto_class for task, entry in CHECKPOINTS.items()
    }


def test_outcome_one_is_silent_and_complete(notebook):
    assert notebook.value("fits") == ([], [])
    assert notebook.text("fits") == "([], [])"


def test_outcome_two_prints_a_load_report(notebook):
    report = notebook.text("report")
    assert "LOAD REPORT" in report
    assert re.search(r"classifier\.weight\s*\|\s*MISSING", report)
    assert re.search(r"cls\.predictions\.bias\s*\|\s*UNEXPECTED", report)


def test_set_arithmetic_reproduces_the_report(notebook):
    assert set(notebook.value("direction-sets").values()) == {True}
    assert "LOAD REPORT" not in notebook.text("direction-sets")


def test_the_picture_has_wires_and_loose_ends(notebook):
    text = notebook.text("file-and-model")
    for words in (
        "bert.encoder: in both, copied",
        "cls.predictions: in the file only, UNEXPECTED",
        "bert.pooler: in the model only, MISSING",
        "classifier.weight: in the model only, MISSING",
    ):
        assert words in text
    assert "bert.encoder: in the" not in text


def test_a_tied_tensor_is_not_missing(notebook):
    assert "Computed: no, nothing is missing" in notebook.text("predict-tied")
    assert notebook.value("tied") == (["lm_head.weight"], True)


def test_asking_for_the_body_only_leaves_the_classifier_behind(notebook):
    missing, unexpected = notebook.value("body-only")
    assert missing == []
    assert {"classifier.weight", "pre_classifier.weight"} <= set(unexpected)


def test_a_random_head_answers_differently_after_each_load(notebook):
    assert notebook.value("random-head") == {
        "random head": False,
        "trained head": True,
        "random head, fixed seed": True,
    }


def test_another_number_of_labels_replaces_the_head(notebook):
    assert notebook.value("mismatch") == ([], ["classifier.bias", "classifier.weight"])


def test_outcome_three_names_the_kind_and_the_class(notebook):
    message = notebook.text("refused")
    assert "BertConfig" in message and "AutoModelForSeq2SeqLM" in message
    better = notebook.text("refused-better")
    assert "'bert'" in better and "AutoModelForTokenClassification" in better
    assert len(better.splitlines()) == 1


def outcomes(notebook):
    """Checkpoint → class → the number shown, or None where it is hatched."""
    lines = notebook.text("outcomes").splitlines()[1:]
    table = {task: dict(re.findall(r"(\w+) (\d+|-)", row)) for task, row in map(split, lines)}
    return {t: {n: None if v == "-" else int(v) for n, v in r.items()} for t, r in table.items()}


def split(line):
    return line.split(": ", 1)


def test_the_grid_has_zeros_where_the_checkpoint_was_saved(notebook):
    shown = outcomes(notebook)
    own = {
        "text-generation": "CausalLM",
        "fill-mask": "MaskedLM",
        "text-classification": "SequenceClassification",
    }
    assert shown.keys() == own.keys()
    for task, name in own.items():
        assert shown[task][name] == 0
        assert shown[task]["Seq2SeqLM"] is None  # no encoder-decoder among them
        assert shown[task]["QuestionAnswering"] > 0  # nobody was trained to answer questions


def test_the_grid_has_two_zeros_that_mislead(notebook):
    zeros = {
        (task, name)
        for task, row in outcomes(notebook).items()
        for name, count in row.items()
        if count == 0 and name != "AutoModel"
    }
    assert zeros == {
        ("text-generation", "CausalLM"),
        ("fill-mask", "MaskedLM"),
        ("fill-mask", "CausalLM"),  # the blank-filler as a writer
        ("text-classification", "SequenceClassification"),
        ("text-classification", "TokenClassification"),  # the sentiment model on words
    }
    assert "Computed: 2" in notebook.text("predict-outcomes")
    assert notebook.html("outcomes").count("repeating-linear-gradient") >= 4


def test_a_sentiment_head_gives_words_its_labels_and_texts_the_right_one(notebook):
    words = notebook.html("labels-for-words")
    assert "loved" in words and re.search("NEGATIVE|POSITIVE", words)
    assert "the whole text: POSITIVE" in notebook.text("labels-for-words")


def test_bert_as_causal_lm_sees_the_future(notebook):
    assert notebook.value("future-leaks") == {
        "BERT": False,
        "BERT, is_decoder=True": True,
        "GPT-2": True,
    }
    assert "is_decoder=True" in notebook.text("causal-trio")


def test_the_translator_loses_its_encoder_and_is_called_corrupted(notebook):
    text = notebook.text("translator-cut")
    assert "MarianForCausalLM" in text
    assert re.search(r"model\.encoder.*\| UNEXPECTED", text)
    assert re.search(r"model\.decoder\.embed_tokens\.weight\s*\| MISSING", text)
    message = text.split("LOAD REPORT")[0]
    assert "corrupted" in message and "both are absent from the checkpoint" in message


def test_only_the_encoder_decoder_translates(notebook):
    wrong, right = notebook.text("translator-compare").splitlines()
    assert wrong.startswith("MarianForCausalLM") and "Hello, how are you?" in wrong
    assert right.startswith("MarianMTModel") and "Hello" not in right


def test_dead_and_invented_names_are_told_from_real_ones(notebook):
    assert notebook.value("dead-names") == ["AutoModelForSeq2SeqLM", "AutoModelForImageTextToText"]
    assert "Computed: 2" in notebook.text("predict-dead-names")


def test_vision_and_speech_follow_the_same_pattern(notebook):
    seen, heard, vocabulary = notebook.value("other-inputs")
    assert seen == (1, 3) and heard == (1, 1, vocabulary)
    assert notebook.value("processor-for-text").endswith("Tokenizer")


def test_the_load_doctor_tells_five_outcomes_apart(notebook):
    fits, random, suits, cut, refused = notebook.text("playground").split("\n\n")[1:]
    assert "✓ loads with all it needs" in fits and "BertForMaskedLM" in fits
    assert "random head" in random and "and 2 more" in random.partition("MISSING: 4")[2]
    assert "✓ loads with all it needs" in suits and "BertLMHeadModel" in suits
    assert "without a part of the body" in cut and "model.shared.weight" in cut
    assert "refused" in refused and "no entry for 'bert'" in refused
    assert notebook.html("playground").count("<table") == 5
