"""What a learner sees in notebook 04."""

import re

MUTATIONS = [
    ("load", "model = AutoModelForMaskedLM", "model = AutoModelForPreTraining"),  # wrong class
    ("find-blank", ".nonzero()[:, 0]", ".nonzero()[:, 0] - 1"),  # counts words, not tokens
    ("probabilities", "softmax(dim=-1)", "softmax(dim=0)"),  # wrong axis
    ("batch-run", "logits[row, column]", "logits[0, column]"),  # always the first sentence
    ("causal-contrast", ".logits[0, 1]", ".logits[0, -1]"),  # where even GPT-2 sees the change
    ("unexpected-direction", 'info["unexpected_keys"]', 'info["missing_keys"]'),
    ("truncation", "truncation=True", "truncation=False"),
]

PRE_TRAINING_ONLY = [
    "bert.pooler.dense.bias",
    "bert.pooler.dense.weight",
    "cls.seq_relationship.bias",
    "cls.seq_relationship.weight",
]


def percentages(text):
    return [float(number) for number in re.findall(r"([\d.]+)%", text)]


def test_the_class_has_a_fill_mask_head_and_its_weights_were_in_the_file(notebook):
    name, vocabulary = notebook.value("concrete-class")
    assert name == "BertForMaskedLM"
    assert vocabulary > 1000
    assert notebook.value("check") == []


def test_the_blank_is_one_token_between_cls_and_sep(notebook):
    tokens = notebook.value("tokens")
    assert (tokens[0], tokens[-1]) == ("[CLS]", "[SEP]")
    assert tokens.count("[MASK]") == 1


def test_logits_are_sentences_by_tokens_by_vocabulary(notebook):
    vocabulary = notebook.value("concrete-class")[1]
    assert notebook.value("run") == (1, len(notebook.value("tokens")), vocabulary)
    assert notebook.value("scores-at-blank") == (1, vocabulary)


def test_the_position_points_at_the_blank(notebook):
    tokens = notebook.value("tokens")
    assert [tokens[position] for position in notebook.value("find-blank")] == ["[MASK]"]


def test_the_probabilities_sum_to_one(notebook):
    assert notebook.value("probabilities") == [1.0]


def test_the_capital_of_france_is_paris(notebook):
    assert notebook.value("top-five")[0] == notebook.value("answer") == "paris"
    assert notebook.value("completed") == "The capital of France is paris."
    assert notebook.value("right-mask") == ["paris"]
    assert notebook.text("year-2024-code") == "Prediction: paris"


def test_the_bars_show_the_five_candidates_from_the_largest_down(notebook):
    picture = notebook.text("top-five-bars")
    assert all(word in picture for word in notebook.value("top-five"))
    chances = percentages(picture)
    assert len(chances) == 5
    assert chances == sorted(chances, reverse=True)
    assert "<table" in notebook.html("top-five-bars")


def test_the_function_gives_five_words_for_another_sentence_too(notebook):
    chances = percentages(notebook.text("top-words-bars"))
    assert len(chances) == 5
    assert chances == sorted(chances, reverse=True)
    assert re.search(r"\b(book|story|novel)\b", notebook.text("top-words-bars"))


def test_the_best_word_everywhere_is_not_the_completed_sentence(notebook):
    decoded = notebook.value("whole-sentence-decoded")
    assert "paris" in decoded
    assert decoded != notebook.value("completed").lower()


def test_the_mask_is_spelled_differently_or_missing_in_other_families(notebook):
    masks = notebook.value("mask-tokens")
    assert masks["BertTokenizer"] == "[MASK]"
    assert masks["RobertaTokenizer"] == "<mask>"
    assert masks["GPT2Tokenizer"] is None


def test_a_foreign_mask_is_no_blank(notebook):
    assert "[MASK]" not in notebook.value("wrong-mask")
    assert notebook.text("wrong-mask-pipeline").startswith("PipelineException")


def test_item_fails_on_two_blanks(notebook):
    message = notebook.text("two-blanks-item")
    assert message.startswith("RuntimeError") and "2 elements" in message


def test_two_blanks_get_a_list_each(notebook):
    assert re.findall(r"^blank (\d)", notebook.text("two-blanks"), re.MULTILINE) == ["1", "2"]


def test_the_second_blank_follows_the_first_once_that_is_filled(notebook):
    assert list(notebook.value("one-after-the-other").values()) == ["france", "italy", "japan"]


def test_a_batch_gives_one_word_per_sentence_and_padding_changes_none(notebook):
    words = notebook.value("batch-run")
    assert words[0] == "capital"
    assert len(words) == 3
    assert notebook.value("batch-check") is True


def test_a_capital_letter_is_unknown_and_a_rare_word_has_several_pieces(notebook):
    assert notebook.value("candidate-trap") == "[UNK]"
    pieces = notebook.value("candidate-pieces")
    assert pieces["Paris"] == ["paris"]
    assert len(pieces["Ouagadougou"]) > 1


def test_paris_beats_the_other_candidates(notebook):
    assert notebook.value("preferred") == "Paris"
    chances = percentages(notebook.text("compare-candidates"))
    assert chances[0] == max(chances)


def test_words_after_the_blank_decide(notebook):
    assert list(notebook.value("after-the-blank").values()) == ["paris", "rome"]


def test_only_the_masked_model_looks_ahead(notebook):
    expected = {"AutoModelForMaskedLM": True, "AutoModelForCausalLM": False}
    assert notebook.value("causal-contrast-result") == expected


def test_it_cannot_generate(notebook):
    assert "no attribute 'generate'" in notebook.text("cannot-generate")
    assert len(notebook.value("blanks-at-the-end")) == 4


def test_the_same_weights_are_missing_one_way_and_unexpected_the_other(notebook):
    assert notebook.value("missing-direction") == PRE_TRAINING_ONLY
    assert notebook.value("unexpected-direction") == PRE_TRAINING_ONLY
    assert "MISSING" in notebook.text("missing-direction")
    assert "UNEXPECTED" in notebook.text("unexpected-direction")


def test_unexpected_weights_change_nothing_and_missing_ones_are_random(notebook):
    assert notebook.value("unexpected-is-harmless") is True
    assert notebook.value("missing-is-random-code") is False


def test_a_long_text_fails_in_the_model(notebook):
    model_limit, tokenizer_limit = notebook.value("positions")
    assert model_limit == tokenizer_limit
    assert re.search(r"^(RuntimeError|IndexError) - ", notebook.text("too-long"), re.MULTILINE)
    assert notebook.text("stray-id").startswith("IndexError - index out of range")


def test_truncation_on_the_right_loses_the_blank(notebook):
    assert notebook.value("truncation") == {"right": 0, "left": 1}


def test_the_pipeline_agrees_with_the_five_steps(notebook):
    assert notebook.value("pipeline-answer") == notebook.value("top-five")
    assert notebook.value("pipeline-check") is True


def test_a_sentence_scores_higher_than_its_words_shuffled(notebook):
    assert notebook.value("sentence-score-compare") is True


def test_the_moving_mask_is_surest_at_the_full_stop(notebook):
    presets = notebook.text("playground").split("\n\n")[1:]
    own = [float(re.search(r"own token: ([\d.]+)%", one)[1]) for one in presets]
    assert own == sorted(own) and own[0] < 50 < own[-1]
    assert "[cat hidden]" in presets[0] and "[. hidden]" in presets[-1]
    assert notebook.html("playground").count("<table") == len(presets) == 4
