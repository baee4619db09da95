"""What a learner sees in notebook 05."""

import re

MUTATIONS = [
    ("load", "model, loading = AutoModelForSeq2SeqLM", "model, loading = AutoModelForCausalLM"),
    ("translation", "outputs[0]", "inputs.input_ids[0]"),  # decodes the input
    ("first-token", "topk(6)", "topk(6, largest=False)"),
    ("greedy-agrees", "greedy[0, 1]", "greedy[0, 0]"),  # forgets the start token
    ("text-target", "text_target=german", "text_pair=german"),  # a second source text
    ("shift", "labels=both.labels", "labels=both.labels[:, 1:]"),
    ("log-probability", "row[:, 1:, None]", "row[:, :-1, None]"),  # off by one
    ("log-probability", "for n in (1, num_beams)", "for n in (1, 1)"),
    ("attention", 'attn_implementation("eager")', 'attn_implementation("sdpa")'),
    ("attention", ".mean(dim=0)", ".mean(dim=1)"),  # wrong axis
]


def percentages(text):
    return [float(number) for number in re.findall(r"([\d.]+)%", text)]


def asks_how_you_are(german):
    return german.endswith("?") and re.search(r"\b(wie|hallo|geht)\b", german, re.IGNORECASE)


def computed(notebook, cell):
    return notebook.text(cell).rpartition("Computed: ")[2]


def test_a_translation_stands_within_the_first_six_code_cells(notebook):
    code = [cell for cell in notebook.cells.values() if cell.cell_type == "code"]
    assert "first-translation" in [cell.id for cell in code[:6]]
    assert asks_how_you_are(notebook.text("first-translation"))


def test_the_class_has_encoder_decoder_and_a_head_on_the_vocabulary(notebook):
    name, parts = notebook.value("load")
    assert name == "MarianMTModel" and {"encoder", "decoder"} <= set(parts)
    vocabulary = notebook.value("greedy-agrees")[0][2]
    assert f"out_features={vocabulary}" in notebook.text("head")
    assert notebook.value("check") == []


def test_the_sentence_becomes_pieces_with_an_end_token(notebook):
    tokens = notebook.value("encode")
    assert tokens[-1] == "</s>"
    assert "".join(tokens[:-1]).replace("▁", " ").strip() == "Hello, how are you?"


def test_the_output_starts_with_the_decoders_start_and_has_no_prompt(notebook):
    tokens, start = notebook.value("output-tokens")
    assert (tokens[0], tokens[-1], start) == ("<pad>", "</s>", "<pad>")
    assert computed(notebook, "predict-first-token") == "<pad>"
    assert notebook.value("generate") == (1, len(tokens))
    assert "▁Hello" not in tokens


def test_encoder_and_decoder_are_drawn_with_the_runs_own_tokens(notebook):
    said = notebook.text("encoder-decoder")
    assert "The encoder reads ▁Hello" in said and "The decoder has <pad>" in said
    assert "data:image/svg+xml" in notebook.html("encoder-decoder")


def test_hello_how_are_you_is_translated(notebook):
    assert asks_how_you_are(notebook.value("translation"))
    assert "<" not in notebook.value("translation")
    assert notebook.text("tutorial-before") == f"Translation: {notebook.value('translation')}"


def test_a_plain_call_fails_with_a_misleading_message(notebook):
    message = notebook.text("no-decoder-ids")
    assert "inputs_embeds" in message
    assert "labels" not in message


def test_the_bars_show_several_ways_to_begin(notebook):
    chances = percentages(notebook.text("first-token"))
    assert len(chances) == 6
    assert chances == sorted(chances, reverse=True)
    assert 1 < sum(chances) <= 100
    assert "<table" in notebook.html("first-token")


def test_one_greedy_step_by_hand_agrees_with_generate(notebook):
    shape, same = notebook.value("greedy-agrees")
    assert shape[:2] == (1, 1) and same is True


def test_text_target_makes_labels_and_the_old_way_is_gone(notebook):
    assert "as_target_tokenizer" in notebook.text("text-target")
    assert notebook.value("text-target") == ["attention_mask", "input_ids", "labels"]


def test_with_labels_the_plain_call_works(notebook):
    assert computed(notebook, "predict-labels") == "it works"


def test_the_decoder_reads_the_labels_shifted_by_one(notebook):
    rows = re.findall(r"<th>([^<]+)</th>((?:\s*<td>[^\n]*</td>)+)", notebook.html("shift"))
    reads, says = (re.findall(r"<td>(.*?)</td>", cells) for _, cells in rows)
    assert reads[0] == "&lt;pad&gt;" and says[-1] == "&lt;/s&gt;"
    assert reads[1:] == says[:-1]
    assert "".join(says).startswith("▁Hallo,"), "the labels are the German text"


def test_the_fitting_translation_has_the_lower_loss(notebook):
    losses = notebook.value("compare-losses")
    assert losses["Hallo, wie geht es dir?"] < losses["Das Haus ist sehr klein."]


def test_the_input_does_not_count_in_max_length(notebook):
    assert computed(notebook, "predict-length") == "one"
    by_total, by_new, text, limit = notebook.value("length")
    assert (by_total, by_new, limit) == (6, 7, 128)
    assert text and not text.endswith(".")


def test_four_translations_are_ranked_by_score_per_token(notebook):
    found, same = notebook.value("several")
    texts, scores = zip(*found, strict=True)
    assert len(set(texts)) >= 3 and all(text.endswith("?") for text in texts)
    assert list(scores) == sorted(scores, reverse=True) and scores[0] < 0
    assert same is True


def test_a_beam_helps_where_its_sum_is_closer_to_zero(notebook):
    rows = re.findall(r"<th>(.*?)</th>((?:\s*<td>[^<]*</td>){4})", notebook.html("beams-help"))
    helped = []
    for sentence, cells in rows:
        one, four, sum_one, sum_four = re.findall(r"<td>(.*?)</td>", cells)
        assert float(sum_one) < 0 and (one != four or sum_one == sum_four)
        helped += [sentence] * (float(sum_four) > float(sum_one))
    assert len(rows) == 9
    assert notebook.value("helped") == (helped or "here no beam helped: try other sentences")
    assert helped and computed(notebook, "predict-beams-help") == "for some"


def test_the_checkpoint_brings_its_own_number_of_beams(notebook):
    assert int(computed(notebook, "predict-default-beams")) > 1


def test_eager_attention_shows_where_the_decoder_looked(notebook):
    _, *rows = notebook.text("heat-map").splitlines()
    for row in rows:
        weights = [float(number) for number in re.findall(r" (\d\.\d\d)", row)]
        assert abs(sum(weights) - 1) < 0.05
    said = notebook.text("attention").split("; ")
    assert len(said) == len(rows)
    assert any(part.startswith("▁Buch looks most at ▁book") for part in said)
    assert "data:image/svg+xml" in notebook.html("attention")


def test_a_missing_sentencepiece_is_named_and_asks_for_a_restart(notebook):
    message = notebook.text("no-sentencepiece")
    assert "SentencePiece" in message and "restart" in message


def test_the_pipeline_is_gone(notebook):
    assert notebook.text("no-pipeline").startswith("KeyError: ")


def test_padding_on_the_right_changes_no_translation(notebook):
    assert computed(notebook, "predict-padding-side") == "yes"
    rows = notebook.value("complete")
    assert len(rows) == 9 and all(text and complete for text, complete in rows)


def test_the_model_type_decides_which_class_accepts_it(notebook):
    accepts = notebook.value("who-accepts")
    assert accepts["AutoModelForSeq2SeqLM"]["marian"] is True
    assert accepts["AutoModelForSeq2SeqLM"]["t5"] is True
    assert accepts["AutoModelForSeq2SeqLM"]["gpt2"] is False
    assert accepts["AutoModelForCausalLM"]["t5"] is False
    assert accepts["AutoModelForCausalLM"]["gpt2"] is True


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
    assert notebook.html("playground").count("data:image/svg+xml") == 3
