"""What a learner sees in notebook 03."""

import ast
import re

MUTATIONS = [
    ("load", "AutoModelForCausalLM.from_pretrained(", "AutoModelForCausalLM.from_config("),
    ("new-tokens", "outputs[0, prompt_length:]", "outputs[0, prompt_length - 1 :]"),  # off by one
    ("next-token", "logits[0, -1]", "logits[0, 0]"),  # after the first token, not after the prompt
    ("greedy-loop", "[:, -1].argmax(dim=-1, keepdim=True)", ".argmax(dim=1)[:, :1]"),  # wrong axis
    ("predict-length", "- prompt_length\n", "- prompt_length - 1\n"),
    ("draws", "scores.softmax(dim=-1).multinomial", "(scores * 0).softmax(dim=-1).multinomial"),
    ("top-p", "descending=True", "descending=False"),  # keeps the tail
    ("same-as-generate", "top_k=0)", "top_k=50)"),
    ("ignored-knobs", "temperature=2.0", "temperature=2.0, do_sample=True"),
    ("same-seed", "set_seed(seed)", "set_seed(seed + 1)"),
    ("repetition", '"no_repeat_ngram_size": 3', '"no_repeat_ngram_size": 0'),
    ("right-padding", '"right"', '"left"'),
    ("left-padding", '"left"', '"right"'),
]


def percentages(text):
    return [float(number) for number in re.findall(r"([\d.]+)%", text)]


def computed(notebook, cell):
    return notebook.text(cell).rpartition("Computed: ")[2]


def test_a_text_stands_within_the_first_six_code_cells(notebook):
    code = [cell for cell in notebook.cells.values() if cell.cell_type == "code"]
    assert "first-text" in [cell.id for cell in code[:6]]
    announced, _, text = notebook.text("first-text").partition("\n")
    assert "GPT2LMHeadModel" in announced
    assert text == "Once upon a time" + notebook.value("new-tokens")[1]


def test_the_class_has_a_language_model_head_and_its_weights_were_in_the_file(notebook):
    assert notebook.value("load") == "GPT2LMHeadModel"
    assert "'lm_head': Linear(in_features=256, out_features=4096" in notebook.text("head")
    assert notebook.value("check") == []


def test_the_prompt_becomes_tokens_without_special_ones(notebook):
    assert notebook.value("tokens") == ["Once", "Ġupon", "Ġa", "Ġtime"]


def test_logits_are_texts_by_tokens_by_vocabulary(notebook):
    assert computed(notebook, "predict-shape") == "texts × tokens × vocabulary"


def test_the_bars_show_what_may_follow_once_upon_a_time(notebook):
    picture = notebook.text("next-token")
    assert "Next token after 'Once upon a time'" in picture
    first = re.match(r"\s*'(.*?)' ", picture.splitlines()[1])[1]
    assert notebook.value("new-tokens")[1].startswith(first)
    chances = percentages(picture)
    assert len(chances) == 8
    assert chances == sorted(chances, reverse=True)
    assert chances[0] + chances[1] > 80


def test_the_prompt_comes_back_before_the_new_tokens(notebook):
    count, text = notebook.value("new-tokens")
    assert notebook.value("generate") == (1, len(notebook.value("tokens")) + count)


def test_the_loop_by_hand_equals_generate(notebook):
    assert notebook.value("greedy-loop") is True
    said = notebook.text("loop-picture")
    best = notebook.text("next-token").splitlines()[1].strip().split("  ")[0]
    assert f"3 pick: {best}." in said and said.index("1 the row") < said.index("4 append")
    assert "data:image/svg+xml" in notebook.html("loop-picture")


def test_max_length_counts_the_prompt_and_max_new_tokens_does_not(notebook):
    prompt = len(notebook.value("tokens"))
    limit = prompt + 6
    counts = notebook.value("length")
    assert computed(notebook, "predict-length") == str(counts[f"max_length={limit}"]) == "6"
    assert counts[f"max_new_tokens={limit}"] == limit
    assert counts["both"] == 3
    assert 0 < counts["neither"] < 100


def test_a_prompt_longer_than_max_length_leaves_no_room(notebook):
    assert "`max_length` is set to 10" in notebook.text("no-room")


def test_a_thousand_draws_follow_the_probabilities(notebook):
    counts = re.findall(r"'\s+(\d+)$", notebook.text("draws"), re.MULTILINE)
    girl, boy, *others = map(int, counts)
    assert len(counts) == 8 and sum(map(int, counts)) <= 1000
    assert min(girl, boy) > 300 and max(others) < 100
    assert "girl" in notebook.text("draws") and "boy" in notebook.text("draws")


def test_a_temperature_keeps_the_order_of_the_curves(notebook):
    assert computed(notebook, "predict-order") == "yes"
    text = notebook.text("temperature")
    chances = percentages(text.partition("At 0.5: ")[2].partition("falls from")[0])
    assert len(chances) == 6 and chances == sorted(chances, reverse=True)
    low, high = percentages(text.partition("falls from")[2])
    assert low > chances[0] > high
    assert "data:image/svg+xml" in notebook.html("temperature")


def test_top_p_keeps_a_part_of_the_candidates(notebook):
    kept, all_tokens = notebook.value("top-p")
    assert 50 < kept < all_tokens / 2


def test_generate_draws_from_the_probabilities_made_by_hand_without_top_k(notebook):
    assert notebook.value("same-as-generate") == {
        "generate(…)": False,
        "generate(…, top_k=0)": True,
    }


def test_sampling_keeps_only_some_tokens_by_default(notebook):
    assert computed(notebook, "predict-top-k") == "fifty"


def test_temperature_and_top_p_do_nothing_without_sampling(notebook):
    assert notebook.value("ignored-knobs") is True


def test_the_same_seed_repeats_a_text_and_a_second_call_does_not(notebook):
    assert computed(notebook, "predict-seed") == "no"
    texts, same = notebook.value("same-seed")
    assert len(set(texts)) == 2 and same is True
    assert all(text.startswith("One day, a little") for text in texts)


def test_a_forbidden_repetition_does_not_occur(notebook):
    repeats = ast.literal_eval(notebook.text("repetition").splitlines()[-1])
    assert repeats["greedy"] > 5 > repeats["penalty"] and repeats["no repeats"] == 0


def test_generation_settings_are_not_in_the_config(notebook):
    assert "no attribute 'max_length'" in notebook.text("generation-config")
    assert "eos_token_id" in notebook.text("generation-config")
    assert notebook.text("own-settings").splitlines()[-1].strip()


def test_gpt2_cannot_pad_until_it_gets_a_padding_token(notebook):
    assert "does not have a padding token" in notebook.text("no-padding-token")


def test_right_padding_spoils_the_shorter_prompt_only(notebook):
    alone = notebook.value("alone")
    (first, first_same), (second, second_same) = notebook.value("right-padding")
    assert (first_same, second_same) == (False, True)
    assert first != alone[0] and second == alone[1]
    assert re.search(r"^The little(<\|endoftext\|>)+", notebook.text("right-padding"), re.M)


def test_left_padding_equals_the_prompts_alone(notebook):
    alone = notebook.value("alone")
    assert notebook.value("left-padding") == [(alone[0], True), (alone[1], True)]


def test_the_tutorial_cannot_be_repeated_and_the_repaired_version_can(notebook):
    first, second = notebook.value("tutorial-before")
    assert first != second and first.startswith("Once upon a time")
    same, text = notebook.value("tutorial-after")
    assert same is True and not text.startswith("Once upon a time")


def test_the_pipeline_can_leave_out_the_prompt(notebook):
    text = notebook.value("pipeline")
    assert text.strip() and not text.startswith("Once upon a time")


def test_the_streamed_text_leaves_out_the_prompt(notebook):
    text = notebook.text("streaming")
    assert text.strip() and "Once upon a time" not in text


def test_a_chat_template_makes_one_string_of_the_messages(notebook):
    assert "chat_template is not set" in notebook.text("no-chat-template")
    told = "user: Tell me a story about a cat.\nassistant:"
    assert notebook.text("chat-template").startswith(told)
    assert notebook.value("chat-template") == ("BatchEncoding", ["attention_mask", "input_ids"])


def test_the_lens_keeps_the_order_and_cuts_the_tail(notebook):
    presets = notebook.text("playground").split("\n\n")[1:]
    leaders = [percentages(preset.partition("drawn\n")[2]) for preset in presets]
    assert all(chances == sorted(chances, reverse=True) for chances in leaders)
    plain, cool, hot, cut = (chances[0] for chances in leaders)
    assert hot < plain < cool and cut > hot
    drawn = [
        int(re.search(r"([\d,]+) of [\d,]+ may be drawn", preset)[1].replace(",", ""))
        for preset in presets
    ]
    assert drawn[:2] == [50, 50] and 50 < drawn[3] < drawn[2] == 4096
    assert notebook.html("playground").count("<table") == 4
    assert notebook.html("playground").count("data:image/svg+xml") == 4
