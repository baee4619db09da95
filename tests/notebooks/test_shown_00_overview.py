"""What a learner sees in notebook 00: one body, seven heads, and the layers around them."""

import re
from ast import literal_eval
from importlib.metadata import version

from packaging.version import Version

from course_utils.checkpoints import CHECKPOINTS

MUTATIONS = [
    ("by-hand", "== tokenizer.mask_token_id", "== tokenizer.sep_token_id"),  # not at the blank
    ("by-hand", "AutoModelForMaskedLM.from_pretrained", "AutoModelForMaskedLM.from_config"),
    ("lookup", "AutoModelForMaskedLM, config", "registry.auto_classes()['AutoModel'], config"),
    ("one-class-many-checkpoints", '["AutoModel"]', '["AutoModelForPreTraining"]'),
    ("predict-refused", "except ValueError:", "except ValueError:\n        continue"),
    ("predict-refused", "(model_name, output", "(checkpoint('feature-extraction'), output"),
    ("predict-scores", "blank_scores.numel()", "blank_scores[0, 0].numel()"),
    ("sizes", "model.config.num_labels", "model.config.num_attention_heads"),
    ("head-sizes", '== "head"', '== "body"'),
    ("predict-complete", "if not missing[name]", "if missing[name]"),
    ("originals", "sum(c.hub_megabytes", "max(c.hub_megabytes"),
]

ACCEPTED = {
    "AutoModel",
    "AutoModelForCausalLM",
    "AutoModelForMaskedLM",
    "AutoModelForQuestionAnswering",
    "AutoModelForTokenClassification",
    "AutoModelForSequenceClassification",
}


def test_the_first_line_names_the_versions_and_the_mode(notebook):
    line = notebook.text("setup")
    assert f"transformers {version('transformers')}" in line and "offline" in line


def test_the_table_of_seven_is_filled_by_the_library(notebook):
    table = notebook.html("seven-live")
    assert table.count("<tr") == 8  # heading and seven classes
    assert "no head (the body alone)" in table and "masked language modeling head" in table


def test_a_readable_result_stands_at_the_top(notebook):
    assert "fill-mask: BertForMaskedLM (bert)" in notebook.text("first-answer")
    assert notebook.html("first-answer").count("<tr") == 4  # heading and three suggestions
    (words,) = notebook.value("by-hand")
    shown = notebook.text("first-answer").splitlines()[-3:]
    assert len(words) == 3 and all(word in line for word, line in zip(words, shown))


def test_the_lookup_gives_the_class_that_loading_returned(notebook):
    assert notebook.value("lookup") == ("bert", "BertForMaskedLM", "BertForMaskedLM")
    assert "Computed: a BertForMaskedLM" in notebook.text("predict-type")


def test_one_auto_class_gives_each_checkpoint_the_body_of_its_kind(notebook):
    shown = notebook.value("one-class-many-checkpoints")
    assert shown == {
        "text-generation": ("gpt2", "GPT2Model"),
        "fill-mask": ("bert", "BertModel"),
        "translation": ("marian", "MarianModel"),
        "question-answering": ("distilbert", "DistilBertModel"),
        "token-classification": ("bert", "BertModel"),
        "text-classification": ("distilbert", "DistilBertModel"),
        "feature-extraction": ("bert", "BertModel"),
    }


def test_the_encoded_sentence_is_readable(notebook):
    tokens = literal_eval(notebook.text("sizes").splitlines()[0])
    assert tokens[0] == "[CLS]" and tokens[-1] == "[SEP]" and "cat" in tokens
    assert notebook.value("sizes")["tokens"] == len(tokens)


def test_six_classes_load_and_the_encoder_decoder_class_refuses(notebook):
    assert "Computed: AutoModelForSeq2SeqLM" in notebook.text("predict-refused")
    assert notebook.value("output-shapes").keys() == ACCEPTED


def test_a_sentence_without_a_blank_is_scored_everywhere(notebook):
    assert "Computed: those of the whole vocabulary" in notebook.text("predict-scores")


def test_output_shapes_are_those_the_text_explains(notebook):
    size, shapes = notebook.value("sizes"), notebook.value("output-shapes")
    texts, tokens, labels = size["texts"], size["tokens"], size["labels"]
    words = {"logits": (texts, tokens, size["vocabulary"])}
    assert shapes["AutoModel"]["last_hidden_state"] == (texts, tokens, size["width"])
    assert shapes["AutoModelForCausalLM"] == shapes["AutoModelForMaskedLM"] == words
    ends = {"start_logits": (texts, tokens), "end_logits": (texts, tokens)}
    assert shapes["AutoModelForQuestionAnswering"] == ends
    assert shapes["AutoModelForTokenClassification"] == {"logits": (texts, tokens, labels)}
    assert shapes["AutoModelForSequenceClassification"] == {"logits": (texts, labels)}


def test_the_sizes_cannot_be_mistaken_for_one_another(notebook):
    size = notebook.value("sizes")
    assert len(set(size.values())) == len(size)


def test_the_translator_scores_its_vocabulary_for_one_position(notebook):
    shape, expected = notebook.value("seventh")
    assert shape == expected and shape[:2] == (1, 1)


def test_the_picture_shows_one_body_and_three_heads(notebook):
    picture, size = notebook.text("three-heads"), notebook.value("sizes")
    assert picture.count("  bert: BertModel") == 3
    for line in ("≠ cls:", "≠ classifier:", "≠ qa_outputs:", f"out_features={size['vocabulary']}"):
        assert line in picture
    assert notebook.html("three-heads").count("<pre") == 3


def test_every_head_is_smaller_than_the_body(notebook):
    rows = re.findall(r"^ *(.+?)  ([\d,]+)$", notebook.text("head-sizes"), re.MULTILINE)
    (_, body), *heads = [(name, int(count.replace(",", ""))) for name, count in rows]
    assert len(heads) == 5 and all(0 < count < body / 10 for _, count in heads)


def test_the_body_is_the_same_under_all_classes(notebook):
    assert notebook.value("same-body-check") == dict.fromkeys(ACCEPTED, True)


def test_only_the_heads_that_are_in_the_file_are_trained(notebook):
    missing = notebook.value("missing")
    assert missing.keys() == ACCEPTED
    assert missing["AutoModelForMaskedLM"] == missing["AutoModelForCausalLM"] == []
    assert missing["AutoModelForQuestionAnswering"] == ["qa_outputs.bias", "qa_outputs.weight"]
    classifier = {"classifier.bias", "classifier.weight"}
    assert set(missing["AutoModelForTokenClassification"]) == classifier
    assert set(missing["AutoModelForSequenceClassification"]) >= classifier


def test_the_file_has_two_complete_heads(notebook):
    text = notebook.text("predict-complete")
    assert "Computed: AutoModelForMaskedLM and AutoModelForCausalLM" in text


def test_the_layers_are_named_by_the_objects(notebook):
    text = notebook.text("layers")
    names = ['pipeline("fill-mask")', "AutoModelForMaskedLM", "BertForMaskedLM", "torch.nn.Module"]
    assert [name for name in names if name in text] == names
    assert sorted(names, key=text.index) == names
    assert notebook.html("layers").count("<img") == notebook.html("picture").count("<img") == 1


def test_some_tasks_have_no_pipeline_any_more(notebook):
    has_pipeline = notebook.value("removed-pipeline")
    assert has_pipeline.keys() == CHECKPOINTS.keys()
    gone = {task for task, supported in has_pipeline.items() if not supported}
    # The question-answering pipeline was removed a little later than the one for translation.
    early = Version(version("transformers")) < Version("5.4")
    assert {"translation"} <= gone <= {"translation", "question-answering"}
    assert early or "question-answering" in gone
    assert f"Computed: {len(CHECKPOINTS) - len(gone)}" in notebook.text("predict-pipelines")
    assert "translation" in notebook.text("removed-pipeline").splitlines()[0]


def test_the_originals_are_listed_with_their_sizes(notebook):
    *lines, total = notebook.text("originals").splitlines()
    assert len(lines) == len(CHECKPOINTS)
    for line, entry in zip(lines, CHECKPOINTS.values()):
        assert entry.hub_id in line and f"{entry.hub_megabytes} MB" in line
    assert f"{sum(entry.hub_megabytes for entry in CHECKPOINTS.values())} MB" in total


def test_the_playground_shows_which_head_each_class_brings(notebook):
    text = notebook.text("playground")
    trained, body, new, refused = text.split("\n\n")[1:]
    assert "BertForMaskedLM" in trained and "MISSING (random numbers): none" in trained
    assert "head: none" in body and "last_hidden_state (1, 8, " in body
    assert "classifier (Linear)" in new and "logits (1, 2)" in new
    assert "AutoModelForSeq2SeqLM" in refused and "refused" in refused
    assert notebook.html("playground").count("<table") == 4
