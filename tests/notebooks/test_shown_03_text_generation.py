"""What a learner sees in notebook 03."""

import re

MUTATIONS = [
    ("load", "model = AutoModelForCausalLM", "model = AutoModel"),  # no head
    ("new-tokens", "outputs[0, prompt_length:]", "outputs[0, prompt_length - 1 :]"),  # off by one
    ("next-token", "logits[0, -1]", "logits[0, 0]"),  # after the first token, not after the prompt
    ("greedy-loop", "[:, -1].argmax(dim=-1, keepdim=True)", ".argmax(dim=1)[:, :1]"),  # wrong axis
    ("length", "- prompt_length", "- prompt_length - 1"),
    ("top-p", "descending=True", "descending=False"),  # keeps the tail
    ("ignored-knobs", "temperature=2.0", "temperature=2.0, do_sample=True"),
    ("left-padding", '"left"', '"right"'),
    ("bert-as-causal", "is_decoder=True", "is_decoder=False"),
]


def percentages(text):
    return [float(number) for number in re.findall(r"([\d.]+)%", text)]


def test_the_class_has_a_language_model_head_and_its_weights_were_in_the_file(notebook):
    assert notebook.value("load") == "GPT2LMHeadModel"
    vocabulary = notebook.value("forward")[2]
    assert f"'lm_head': Linear(in_features=256, out_features={vocabulary}" in notebook.text("head")
    assert notebook.value("check-head") == []


def test_the_prompt_becomes_tokens_without_special_ones(notebook):
    assert notebook.value("tokens") == ["Once", "Ġupon", "Ġa", "Ġtime"]


def test_logits_are_texts_by_tokens_by_vocabulary(notebook):
    logits, ids, vocabulary = notebook.value("forward")
    assert logits == (*ids, vocabulary)
    assert vocabulary > 1000


def test_the_bars_show_what_may_follow_once_upon_a_time(notebook):
    picture = notebook.text("next-token")
    assert "Next token after 'Once upon a time'" in picture
    first_bar = picture.splitlines()[1].strip()
    assert first_bar.startswith(repr(notebook.value("one-step")[1]))
    chances = percentages(picture)
    assert len(chances) == 8
    assert chances == sorted(chances, reverse=True)
    assert chances[0] + chances[1] > 80
    assert "<table" in notebook.html("next-token")


def test_the_prompt_comes_back_before_the_new_tokens(notebook):
    assert notebook.value("prompt-is-back") is True
    count, text = notebook.value("new-tokens")
    assert notebook.value("generate") == (1, len(notebook.value("tokens")) + count)
    assert notebook.text("whole-text") == "Once upon a time" + text


def test_the_loop_by_hand_equals_generate(notebook):
    agrees, token = notebook.value("one-step")
    assert agrees is True
    assert notebook.value("new-tokens")[1].startswith(token)
    assert notebook.value("greedy-loop") is True


def test_the_body_alone_cannot_generate(notebook):
    assert "no attribute 'generate'" in notebook.text("body-cannot")
    assert notebook.value("body-cannot") == ("GPT2Model", False, False)
    assert notebook.value("body-contrast") == ("GPT2LMHeadModel", True, True)


def test_max_length_counts_the_prompt_and_max_new_tokens_does_not(notebook):
    prompt = len(notebook.value("tokens"))
    counts = notebook.value("length")
    assert counts["max_length=10"] == 10 - prompt
    assert counts["max_new_tokens=10"] == 10
    assert counts["both, 10 and 3"] == 3
    assert 0 < counts["neither"] < 100


def test_a_prompt_longer_than_max_length_leaves_no_room(notebook):
    assert "`max_length` is set to 10" in notebook.text("no-room")


def test_an_open_beginning_has_several_candidates(notebook):
    chances = percentages(notebook.text("before"))
    assert len(chances) == 8
    assert chances == sorted(chances, reverse=True)
    assert chances[0] < 80 and chances[1] > 1
    assert "girl" in notebook.text("before") and "boy" in notebook.text("before")


def test_a_low_temperature_favours_the_leader_and_keeps_the_order(notebook):
    before, after = (percentages(notebook.text(cell)) for cell in ("before", "temperature"))
    assert after[0] > before[0]
    assert after[-1] < before[-1]
    assert after == sorted(after, reverse=True)


def test_top_p_keeps_a_few_candidates(notebook):
    kept, all_tokens = notebook.value("top-p")
    assert 1 < kept < 100 < all_tokens


def test_the_grid_shows_the_settings_side_by_side(notebook):
    title, *rows = notebook.text("compare-settings").splitlines()
    assert title == "Probability of the next token after 'One day, a little'"
    assert len(rows) == 8
    plain, cool, hot, cut = percentages(rows[0])
    assert hot < plain < cool
    assert cut > plain
    assert "<table" in notebook.html("compare-settings")


def test_generate_draws_from_the_probabilities_made_by_hand(notebook):
    assert notebook.value("same-as-generate") is True


def test_sampling_keeps_only_some_tokens_by_default(notebook):
    default, unlimited = notebook.value("hidden-top-k")
    assert default < unlimited == notebook.value("forward")[2]


def test_temperature_and_top_p_do_nothing_without_sampling(notebook):
    assert notebook.value("ignored-knobs") is True


def test_each_seed_has_its_own_text_and_repeats_it(notebook):
    texts = notebook.value("sampled")
    assert len(set(texts)) == 3
    assert all(text.startswith("One day, a little") for text in texts)
    assert notebook.value("same-seed") is True


def test_task_specific_params_change_nothing(notebook):
    same, length = notebook.value("inert-params")
    assert same is True
    assert length != 50


def test_generation_settings_are_not_in_the_config(notebook):
    assert "no attribute 'max_length'" in notebook.text("generation-config")
    assert "eos_token_id" in notebook.text("generation-config")
    assert notebook.text("own-settings").splitlines()[-1].strip()


def test_a_misspelled_argument_of_generate_is_refused(notebook):
    assert "max_new_token" in notebook.text("typo")


def test_gpt2_cannot_pad_until_it_gets_a_padding_token(notebook):
    assert "does not have a padding token" in notebook.text("no-padding-token")
    assert "attention_mask" in notebook.text("padding-token")


def test_right_padding_spoils_the_shorter_prompt_only(notebook):
    alone = notebook.value("alone")
    (first, first_same), (second, second_same) = notebook.value("right-padding")
    assert (first_same, second_same) == (False, True)
    assert first != alone[0] and second == alone[1]
    row = notebook.text("right-row").splitlines()[0]
    assert re.match(r"The little(<\|endoftext\|>)+", row)


def test_left_padding_equals_the_prompts_alone(notebook):
    alone = notebook.value("alone")
    assert notebook.value("left-padding") == [(alone[0], True), (alone[1], True)]


def test_the_future_leaks_into_bert_unless_it_is_a_decoder(notebook):
    assert notebook.value("causal-probe") is False
    assert notebook.value("bert-as-causal") == [True, False]


def test_the_tutorial_cannot_be_repeated_and_the_repaired_version_can(notebook):
    first, second = notebook.value("tutorial-before")
    assert first != second
    same, text = notebook.value("tutorial-after")
    assert same is True
    assert text.startswith("Once upon a time")


def test_the_pipeline_can_leave_out_the_prompt(notebook):
    text = notebook.value("pipeline")
    assert text.strip() and not text.startswith("Once upon a time")


def test_the_streamed_text_leaves_out_the_prompt(notebook):
    text = notebook.text("streaming")
    assert text.strip() and "Once upon a time" not in text


def test_a_chat_template_makes_one_string_of_the_messages(notebook):
    assert "chat_template is not set" in notebook.text("no-chat-template")
    assert (
        notebook.text("chat-template").strip() == "user: Tell me a story about a cat.\nassistant:"
    )
    assert notebook.value("chat-ids") == ("BatchEncoding", ["attention_mask", "input_ids"])


def test_the_lens_keeps_the_order_and_cuts_the_tail(notebook):
    plain, cool, hot, cut = notebook.text("playground").split("\n\n")[1:]
    leaders = [percentages(preset.partition("drawn\n")[2]) for preset in (plain, cool, hot, cut)]
    assert all(chances == sorted(chances, reverse=True) for chances in leaders)
    assert leaders[2][0] < leaders[0][0] < leaders[1][0] and leaders[3][0] > leaders[2][0]
    kept, everything = re.search(r"([\d,]+) of ([\d,]+) may be drawn", cut).groups()
    assert int(kept.replace(",", "")) < int(everything.replace(",", ""))
    assert f"{everything} of {everything} may be drawn" in hot
    assert notebook.html("playground").count("<table") == 4
