"""What a learner sees in notebook 01: which classes fit, and how a load that does not fit looks."""

import re

from course_utils.checkpoints import CHECKPOINTS


def test_the_reader_cannot_write(notebook):
    reader, writer = notebook.value("reader-and-writer")
    assert set(reader) == {"start_logits", "end_logits", "vocabulary"}
    assert reader["start_logits"] == reader["end_logits"] and len(reader["start_logits"]) == 2
    assert reader["vocabulary"] not in reader["start_logits"]
    assert writer["logits"][-1] == writer["vocabulary"]


def test_the_list_of_classes_is_that_of_the_installed_library(notebook):
    count = notebook.value("count-classes")
    assert count >= 40
    assert notebook.html("all-classes").count("<tr") == count + 1


def test_gpt2_has_more_heads_than_expected(notebook):
    found = notebook.value("gpt2-classes")
    assert found["AutoModelForCausalLM"] == "GPT2LMHeadModel"
    assert found["AutoModelForQuestionAnswering"] == "GPT2ForQuestionAnswering"
    assert "AutoModelForMaskedLM" not in found and "AutoModelForSeq2SeqLM" not in found


def test_the_table_of_kinds_shows_names_and_refusals(notebook):
    table = notebook.html("bert-and-marian")
    assert table.count("<tr") == 8  # heading and seven classes
    assert "MarianMTModel" in table and "BertForTokenClassification" in table
    assert "<td>—</td>" in table


def test_use_this_model_says_causal_lm_for_gpt2(notebook):
    assert notebook.value("asked-for-gpt2") == (
        "gpt2",
        ["GPT2LMHeadModel"],
        ["AutoModelForCausalLM"],
    )


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


def test_the_picture_marks_the_old_head_left_and_the_new_head_right(notebook):
    left, right = notebook.text("direction-picture").split("in the file\n")[1].split("in the model")
    assert "≠ cls.predictions" in left and "≠ bert" not in left
    assert "≠ classifier.weight" in right and "≠ bert.pooler" in right
    for side in (left, right):
        assert "  bert.embeddings" in side and "  bert.encoder" in side


def test_asking_for_the_body_only_leaves_the_classifier_behind(notebook):
    missing, unexpected = notebook.value("body-only")
    assert missing == []
    assert {"classifier.weight", "pre_classifier.weight"} <= set(unexpected)


def test_a_random_head_answers_differently_after_each_load(notebook):
    assert notebook.value("random-head") == {"random head": False, "trained head": True}


def test_the_sentiment_checkpoint_has_its_head(notebook):
    assert notebook.value("trained-head") == []


def test_another_number_of_labels_replaces_the_head(notebook):
    assert notebook.value("mismatch") == ["classifier.bias", "classifier.weight"]


def test_outcome_three_names_the_kind_and_the_class(notebook):
    message = notebook.text("refused")
    assert "BertConfig" in message and "AutoModelForSeq2SeqLM" in message
    better = notebook.text("refused-better")
    assert "'bert'" in better and "AutoModelForTokenClassification" in better
    assert len(better.splitlines()) == 1


def test_the_grid_has_zeros_where_the_checkpoint_was_saved(notebook):
    outcome = notebook.value("outcomes")
    # Order: AutoModel, Causal, Masked, Seq2Seq, QuestionAnswering, Token, Sequence.
    own = {"text-generation": 1, "fill-mask": 2, "text-classification": 6}
    assert outcome.keys() == own.keys()
    for task, position in own.items():
        assert outcome[task][position] == 0
        assert outcome[task][3] is None  # no encoder-decoder among them
        assert outcome[task][4] > 0  # nobody was trained to answer questions


def test_the_grid_has_two_zeros_that_mislead(notebook):
    outcome = notebook.value("outcomes")
    zeros = {
        (task, position)
        for task, counts in outcome.items()
        for position, count in enumerate(counts)
        if count == 0 and position > 0
    }
    assert zeros == {
        ("text-generation", 1),
        ("fill-mask", 2),
        ("fill-mask", 1),  # the blank-filler as a writer
        ("text-classification", 6),
        ("text-classification", 5),  # the sentiment model as a labeller of words
    }


def test_the_grid_is_also_a_picture(notebook):
    assert "fill-mask: AutoModel" in notebook.text("outcomes-picture")
    assert notebook.html("outcomes-picture").count("repeating-linear-gradient") >= 4


def test_a_sentiment_head_gives_words_its_labels_and_texts_the_right_one(notebook):
    words = notebook.html("labels-for-words")
    assert "loved" in words and re.search("NEGATIVE|POSITIVE", words)
    assert notebook.value("label-for-text") == "POSITIVE"


def test_bert_as_causal_lm_sees_the_future(notebook):
    assert notebook.value("future-leaks") == {
        "BERT": False,
        "BERT, is_decoder=True": True,
        "GPT-2": True,
    }
    assert "is_decoder=True" in notebook.text("future-leaks").split("{")[0]


def test_some_kinds_are_shared_by_all_three_language_model_classes(notebook):
    shared = notebook.value("shared-kinds")
    assert "bart" in shared["all three"]
    assert min(shared["Causal and Masked"], shared["Causal and Seq2Seq"]) >= 3


def test_the_translator_loses_its_encoder_as_causal_lm(notebook):
    concrete, left_behind, missing = notebook.value("translator-without-encoder")
    assert concrete == "MarianForCausalLM"
    assert "model.encoder" in left_behind and "model.decoder" not in left_behind
    assert "model.decoder.embed_tokens.weight" in missing


def test_only_the_encoder_decoder_translates(notebook):
    wrong, right = notebook.text("translator-compare").splitlines()
    assert wrong.startswith("MarianForCausalLM") and "Hello, how are you?" in wrong
    assert right.startswith("MarianMTModel") and "Hello" not in right


def test_a_body_has_neither_generate_nor_logits(notebook):
    first, second = notebook.text("no-generate").splitlines()
    assert "'GPT2Model'" in first and "'generate'" in first
    assert "'logits'" in second
    assert notebook.value("with-head").startswith("Once upon a time")


def test_dead_and_invented_names_are_told_from_real_ones(notebook):
    alive = {name for name, exists in notebook.value("dead-names-quiz").items() if exists}
    assert alive == {"AutoModelForSeq2SeqLM", "AutoModelForImageTextToText"}
    assert "AutoModelForSeq2SeqLM" in notebook.value("nearest-names")


def test_vision_and_speech_follow_the_same_pattern(notebook):
    assert notebook.value("tiny-vision") == ("ViTForImageClassification", (1, 3))
    concrete, shape, vocabulary = notebook.value("tiny-speech")
    assert concrete == "WhisperForConditionalGeneration" and shape == (1, 1, vocabulary)
    assert notebook.value("processor-for-text").endswith("Tokenizer")


def test_the_load_doctor_tells_four_outcomes_apart(notebook):
    fits, random, suits, refused = notebook.text("playground").split("\n\n")[1:]
    assert "every weight of its head" in fits and "BertForMaskedLM" in fits
    assert "random head" in random and "and 2 more" in random.partition("MISSING: 4")[2]
    assert "every weight of its head" in suits and "BertLMHeadModel" in suits
    assert "refused" in refused and "no entry for 'bert'" in refused
    assert notebook.html("playground").count("<table") == 4
