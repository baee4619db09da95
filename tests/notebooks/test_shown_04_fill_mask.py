"""What a learner sees in notebook 04."""

import re

MUTATIONS = [
    (
        "load",
        "model, loading = AutoModelForMaskedLM",
        "model, loading = transformers.AutoModelForCausalLM",
    ),
    ("find-blank", ".nonzero()[:, 0]", ".nonzero()[:, 0] - 1"),  # counts words, not tokens
    ("probabilities", "softmax(dim=-1)", "softmax(dim=0)"),  # wrong axis
    ("top-words", "logits[is_blank]", "logits[~is_blank]"),  # the rows of the other tokens
    ("predict-candidate", '"Paris")', '"paris")'),
    ("truncation", '"left")', '"right")'),
    ("batch", "model(**batch)", 'model(batch["input_ids"])'),  # without the mask
]


def percentages(text):
    return [float(number) for number in re.findall(r"([\d.]+)%", text)]


def computed(notebook, cell):
    return notebook.text(cell).rpartition("Computed: ")[2]


def test_words_stand_within_the_first_six_code_cells(notebook):
    code = [cell for cell in notebook.cells.values() if cell.cell_type == "code"]
    assert "first-words" in [cell.id for cell in code[:6]]
    words = notebook.value("first-words")
    assert words[0] == "paris" and len(words) == 5


def test_the_class_has_a_fill_mask_head_and_its_weights_were_in_the_file(notebook):
    name, vocabulary = notebook.value("load")
    assert name == "BertForMaskedLM"
    assert vocabulary > 1000
    assert notebook.value("check") == []


def test_the_blank_is_one_token_between_cls_and_sep(notebook):
    tokens = notebook.value("tokens")
    assert (tokens[0], tokens[-1]) == ("[CLS]", "[SEP]")
    assert tokens.count("[MASK]") == 1


def test_logits_are_sentences_by_tokens_by_vocabulary(notebook):
    assert computed(notebook, "predict-shape") == "sentences × tokens × vocabulary"


def test_the_position_points_at_the_blank(notebook):
    tokens = notebook.value("tokens")
    assert [tokens[position] for position in notebook.value("find-blank")] == ["[MASK]"]


def test_the_probabilities_sum_to_one(notebook):
    assert notebook.value("probabilities") == ((1, notebook.value("load")[1]), [1.0])


def test_the_capital_of_france_is_paris(notebook):
    assert notebook.value("completed") == "The capital of France is paris."
    assert notebook.value("right-mask") == ["paris"]
    assert notebook.text("year-2024-code") == "Prediction: paris"


def test_the_bars_show_the_five_candidates_from_the_largest_down(notebook):
    picture = notebook.text("top-five")
    assert all(word in picture for word in notebook.value("first-words"))
    chances = percentages(picture)
    assert len(chances) == 5
    assert chances == sorted(chances, reverse=True)
    assert "<table" in notebook.html("top-five")


def test_the_function_gives_five_words_for_another_sentence_too(notebook):
    chances = percentages(notebook.text("top-words-bars"))
    assert len(chances) == 5
    assert chances == sorted(chances, reverse=True)
    assert re.search(r"\b(book|story|novel)\b", notebook.text("top-words-bars"))


def test_the_best_word_everywhere_is_not_the_completed_sentence(notebook):
    assert computed(notebook, "predict-everywhere") == "no"
    assert "paris" in notebook.text("everywhere")


def test_the_mask_is_spelled_differently_or_missing_in_other_families(notebook):
    masks = notebook.value("mask-tokens")
    assert masks["BertTokenizer"] == "[MASK]"
    assert masks["RobertaTokenizer"] == "<mask>"
    assert masks["GPT2Tokenizer"] is None


def test_a_foreign_mask_is_no_blank(notebook):
    assert computed(notebook, "predict-wrong-mask") == "ordinary text"
    assert notebook.text("wrong-mask").startswith("PipelineException")
    assert "[MASK]" not in notebook.value("wrong-mask")


def test_item_fails_on_two_blanks(notebook):
    message = notebook.text("two-blanks-item")
    assert message.startswith("RuntimeError") and "2 elements" in message


def test_two_blanks_get_a_list_each(notebook):
    assert re.findall(r"^blank (\d)", notebook.text("two-blanks"), re.MULTILINE) == ["1", "2"]


def test_the_second_blank_follows_the_first_once_that_is_filled(notebook):
    assert list(notebook.value("one-after-the-other").values()) == ["france", "italy", "japan"]


def test_padding_changes_nothing_with_the_mask(notebook):
    assert notebook.value("batch") == {"with the mask": True, "without": False}


def test_a_capital_letter_is_unknown_and_a_rare_word_has_several_pieces(notebook):
    assert computed(notebook, "predict-candidate") == "[UNK]"
    pieces = notebook.value("candidate-pieces")
    assert pieces["Paris"] == ["paris"]
    assert len(pieces["Ouagadougou"]) > 1


def test_paris_beats_the_other_candidates_on_the_scale(notebook):
    said = notebook.text("compare-candidates").rpartition("first: ")[2]
    words = [part.split()[0] for part in said.split(", ")]
    chances = [float(part.split()[1].rstrip(".")) for part in said.split(", ")]
    assert words[0] == "Paris" and set(words) == {"Paris", "London", "music"}
    assert chances == sorted(chances, reverse=True)
    assert "data:image/svg+xml" in notebook.html("compare-candidates")


def test_words_after_the_blank_decide(notebook):
    assert list(notebook.value("after-the-blank").values()) == ["paris", "rome"]


def test_blanks_at_the_end_get_one_word_each(notebook):
    assert len(notebook.value("blanks-at-the-end")) == 4


def test_a_long_text_fails_in_the_model(notebook):
    assert re.search(r"^(RuntimeError|IndexError) - ", notebook.text("too-long"), re.MULTILINE)


def test_truncation_on_the_right_loses_the_blank(notebook):
    assert notebook.value("truncation") == {"right": 0, "left": 1}


def test_the_pipeline_agrees_with_the_five_steps(notebook):
    words, same = notebook.value("pipeline-check")
    assert words == notebook.value("first-words") and same is True


def test_a_sentence_scores_higher_than_its_words_shuffled(notebook):
    assert notebook.value("sentence-score") is True


def test_the_moving_mask_is_surest_at_the_full_stop(notebook):
    presets = notebook.text("playground").split("\n\n")[1:]
    own = [float(re.search(r"own token: ([\d.]+)%", one)[1]) for one in presets]
    assert own == sorted(own) and own[0] < 50 < own[-1]
    assert "[cat hidden]" in presets[0] and "[. hidden]" in presets[-1]
    assert notebook.html("playground").count("<table") == len(presets) == 4
