"""What a learner sees in notebook 05."""

import re

MUTATIONS = [
    ("load", "model = AutoModelForSeq2SeqLM", "model = AutoModelForCausalLM"),  # wrong class
    ("translation", "outputs[0]", "inputs.input_ids[0]"),  # decodes the input
    ("first-token", "topk(6)", "topk(6, largest=False)"),
    ("greedy-agrees", "greedy[0, 1]", "greedy[0, 0]"),  # forgets the start token
    ("text-target", "text_target=german", "text_pair=german"),  # a second source text
    ("shift", "labels=both.labels", "labels=both.labels[:, 1:]"),
    ("log-probability", "rows[:, 1:, None]", "rows[:, :-1, None]"),  # off by one
    ("eager", 'attn_implementation("eager")', 'attn_implementation("sdpa")'),
    ("heat-map", ".mean(dim=0)", ".mean(dim=1)"),  # wrong axis
]


def percentages(text):
    return [float(number) for number in re.findall(r"([\d.]+)%", text)]


def asks_how_you_are(german):
    return german.endswith("?") and re.search(r"\b(wie|hallo|geht)\b", german, re.IGNORECASE)


def test_the_class_has_encoder_decoder_and_a_head_on_the_vocabulary(notebook):
    assert notebook.value("load") == "MarianMTModel"
    assert {"encoder", "decoder"} <= set(notebook.value("parts"))
    vocabulary = notebook.value("first-step")[1]
    assert f"out_features={vocabulary}" in notebook.text("head")
    assert notebook.value("check-head") == []


def test_the_sentence_becomes_pieces_with_an_end_token(notebook):
    tokens = notebook.value("encode")
    assert tokens[-1] == "</s>"
    assert "".join(tokens[:-1]).replace("▁", " ").strip() == "Hello, how are you?"


def test_the_output_starts_with_the_decoders_start_and_has_no_prompt(notebook):
    tokens = notebook.value("output-tokens")
    assert (tokens[0], tokens[-1]) == ("<pad>", "</s>")
    assert notebook.value("generate") == (1, len(tokens))
    assert "▁Hello" not in tokens
    assert notebook.value("decoder-start") == (True, "<pad>")


def test_hello_how_are_you_is_translated(notebook):
    assert asks_how_you_are(notebook.value("translation"))
    assert "<" not in notebook.value("translation")
    assert notebook.text("tutorial-before") == f"Translation: {notebook.value('translation')}"


def test_a_plain_call_fails_with_a_misleading_message(notebook):
    message = notebook.text("no-decoder-ids")
    assert "inputs_embeds" in message
    assert "labels" not in message


def test_the_decoder_scores_its_own_positions(notebook):
    shape, vocabulary = notebook.value("first-step")
    assert shape == (1, 1, vocabulary)


def test_the_bars_show_several_ways_to_begin(notebook):
    chances = percentages(notebook.text("first-token"))
    assert len(chances) == 6
    assert chances == sorted(chances, reverse=True)
    assert 1 < sum(chances) <= 100
    assert "<table" in notebook.html("first-token")


def test_one_greedy_step_by_hand_agrees_with_generate(notebook):
    assert notebook.value("greedy-agrees") is True


def test_text_target_makes_labels_and_the_old_way_is_gone(notebook):
    assert "as_target_tokenizer" in notebook.text("text-target")
    assert notebook.value("text-target") == ["attention_mask", "input_ids", "labels"]


def test_with_labels_the_plain_call_works(notebook):
    logits, labels = notebook.value("labels-loss")
    assert logits[:2] == labels


def test_the_decoder_reads_the_labels_shifted_by_one(notebook):
    rows = re.findall(r"<th>([^<]+)</th>((?:\s*<td>[^\n]*</td>)+)", notebook.html("shift"))
    reads, says = (re.findall(r"<td>(.*?)</td>", cells) for _, cells in rows)
    assert reads[0] == "&lt;pad&gt;" and says[-1] == "&lt;/s&gt;"
    assert reads[1:] == says[:-1]


def test_the_fitting_translation_has_the_lower_loss(notebook):
    losses = notebook.value("compare-losses")
    assert losses["Hallo, wie geht es dir?"] < losses["Das Haus ist sehr klein."]


def test_the_input_does_not_count_in_max_length(notebook):
    source, by_total, by_new = notebook.value("length")
    assert source > 7
    assert (by_total, by_new) == (6, 7)


def test_a_tight_limit_cuts_the_translation(notebook):
    text, limit = notebook.value("cut-off")
    assert text and not text.endswith(".")
    assert limit == 128


def test_log_probabilities_are_negative(notebook):
    assert notebook.value("log-probability") < 0
    assert notebook.value("greedy-question").endswith("?")


def test_three_beams_are_kept_at_each_step_and_each_grows_out_of_an_earlier_one(notebook):
    first = notebook.value("kept-beams")
    assert len(first) == 3
    scores = [score for _, score in first]
    assert scores == sorted(scores, reverse=True)
    assert notebook.value("watch") > 3
    cells = re.findall(r"<td>(.*?)&nbsp;|<td>(.*?)\s+\(", notebook.html("beam-table"))
    texts = [one or other for one, other in cells]
    steps = [texts[i : i + 3] for i in range(0, len(texts), 3)]
    assert len(steps) == notebook.value("watch") - 1
    for before, after in zip(steps, steps[1:], strict=False):
        assert all(any(text.startswith(old) for old in before) for text in after)


def test_four_translations_are_ranked_by_score_per_token(notebook):
    texts, scores = zip(*notebook.value("several"), strict=True)
    assert len(set(texts)) >= 3
    assert texts[0] == notebook.value("translate")[2]
    assert list(scores) == sorted(scores, reverse=True)
    assert notebook.value("length-normalised") is True


def test_the_bars_show_the_probability_of_each_whole_translation(notebook):
    picture = notebook.text("whole-probability")
    assert all(text in picture for text, _ in notebook.value("several"))
    assert all(0 <= chance <= 100 for chance in percentages(picture))
    assert sum(percentages(picture)) <= 100


def test_greedy_and_beam_search_are_shown_side_by_side(notebook):
    table = notebook.html("greedy-or-beam")
    assert "4 beams" in table
    assert len(re.findall(r"<td>[^<]+</td>", table)) == 6


def test_the_checkpoint_brings_its_own_number_of_beams(notebook):
    beams, same_start = notebook.value("default-beams")
    assert beams > 1
    assert same_start is True


def test_attentions_are_silently_absent_by_default(notebook):
    assert notebook.value("no-attentions") == 0


def test_eager_attention_shows_where_the_decoder_looked(notebook):
    source, target = notebook.value("attention-sentence")
    assert target[-1] == "</s>" and "<pad>" not in target
    for shape in notebook.value("eager"):
        assert (shape[0], *shape[2:]) == (1, len(target), len(source))
    _, *rows = notebook.text("heat-map").splitlines()
    assert [row.partition(": ")[0] for row in rows] == target
    for row in rows:
        weights = [float(number) for number in re.findall(r"\d\.\d\d", row)]
        assert len(weights) == len(source)
        assert abs(sum(weights) - 1) < 0.05
        if row.startswith("▁Buch: "):
            assert source[weights.index(max(weights))] == "▁book"
    assert notebook.value("rows-sum") is True


def test_a_missing_sentencepiece_is_named_and_asks_for_a_restart(notebook):
    assert notebook.value("tokenizer-kind") == ("MarianTokenizer", False)
    message = notebook.text("no-sentencepiece")
    assert "SentencePiece" in message and "restart" in message
    assert notebook.value("with-sentencepiece") is True


def test_the_pipeline_is_gone(notebook):
    assert notebook.text("no-pipeline").startswith("KeyError: ")


def test_the_function_translates_a_list_and_padding_changes_nothing(notebook):
    texts = notebook.value("translate")
    assert len(texts) == 3
    assert all(text and "<" not in text for text in texts)
    assert notebook.value("padding-side") == ("right", True)


def test_the_model_type_decides_which_class_accepts_it(notebook):
    accepts = notebook.value("who-accepts")
    assert accepts["AutoModelForSeq2SeqLM"]["marian"] is True
    assert accepts["AutoModelForSeq2SeqLM"]["t5"] is True
    assert accepts["AutoModelForSeq2SeqLM"]["gpt2"] is False
    assert accepts["AutoModelForCausalLM"]["t5"] is False
    assert accepts["AutoModelForCausalLM"]["gpt2"] is True


def test_the_repaired_version_takes_a_list_and_says_what_is_complete(notebook):
    rows = notebook.value("tutorial-after")
    assert len(rows) == 4 and rows[0][0] == notebook.value("translation")
    assert all(text and complete for text, complete in rows)


def test_the_first_token_can_be_forced(notebook):
    token, text = notebook.value("forced-first")
    assert text.startswith(token.lstrip("▁"))


def test_the_beam_tree_keeps_what_greedy_drops(notebook):
    greedy, two, four = (
        [
            [line[1:].split(maxsplit=1) for line in step.splitlines() if line.startswith("★")]
            for step in re.split(r"step \d", preset)[1:]
        ]
        for preset in notebook.text("playground").split("\n\n")[1:]
    )
    for width, steps in ((1, greedy), (2, two), (4, four)):
        assert [len(step) for step in steps] == [width] * 5
        for step in steps:
            scores = [float(score) for score, _ in step]
            assert scores == sorted(scores, reverse=True)
    first = greedy[0][0][1]
    assert greedy[-1][0][1].startswith(first)
    assert any(not text.startswith(first) for _, text in four[-1])
    assert notebook.html("playground").count("<pre") == 15
