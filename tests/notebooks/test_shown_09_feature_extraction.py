"""Notebook 09: vectors instead of answers, and what to do with them."""

import re

MUTATIONS = [
    ("load", "= AutoModel.from_pretrained", "= AutoModelForCausalLM.from_pretrained"),
    ("embed", "(hidden * mask).sum(dim=1) / mask.sum(dim=1)", "hidden[:, 0]"),
    ("nearest", "table - 2 * torch.eye(len(sentences), device=table.device)", "table"),
    ("search", "argmax(dim=1)", "argmin(dim=1)"),
    ("test-head", "argmax(dim=-1)", "argmax(dim=0)"),
]


def test_the_body_has_no_head(notebook):
    assert notebook.value("load") == "BertModel"
    assert notebook.value("no-head") == {}
    assert notebook.value("check") == []


def test_one_vector_for_each_token(notebook):
    tokens = notebook.value("encode")
    assert (tokens[0], tokens[-1]) == ("[CLS]", "[SEP]")
    texts, positions, _ = notebook.value("shape")
    assert (texts, positions) == (1, len(tokens))


def test_there_are_features_and_no_logits(notebook):
    assert notebook.value("run") == ["last_hidden_state", "pooler_output"]
    assert "no attribute 'logits'" in notebook.text("no-logits")


def test_only_the_model_with_a_head_generates(notebook):
    assert "no attribute 'generate'" in notebook.text("no-generate")
    story = notebook.value("generate")
    assert story.startswith("Once upon a time") and len(story) > len("Once upon a time")


def test_bank_has_one_row_in_the_table_and_another_vector_in_each_sentence(notebook):
    rows = re.findall(r"money and (\w+)\s+([\d.]+)\s+([\d.]+)", notebook.text("bank-compare"))
    assert [name for name, _, _ in rows] == ["loan", "river"]
    assert all(float(before) == 1 and float(after) < 0.999 for _, before, after in rows)


def test_hidden_states_and_attentions(notebook):
    assert notebook.value("layers") == (1, True)
    assert notebook.value("attentions") is False
    drawn = notebook.text("eager").splitlines()[1:]
    assert len(drawn) == len(notebook.value("encode"))
    for line in drawn:
        weights = [float(number) for number in re.findall(r" (\d\.\d\d)(?:,|$)", line)]
        assert len(weights) == len(drawn) and abs(sum(weights) - 1) < 0.06


def test_the_masked_mean_has_the_largest_margin(notebook):
    margins = {
        name.strip(): float(number)
        for name, number in re.findall(r"^(.+?)  (-?[\d.]+)$", notebook.text("margin-bars"), re.M)
    }
    assert set(margins) == {"first token", "pooler", "mean of all", "masked mean", "max"}
    assert margins["masked mean"] > 0.25
    assert max(margins, key=margins.get) == "masked mean"
    assert notebook.value("embed-same") is True


def test_padding_needs_the_mask_twice(notebook):
    assert notebook.value("padding") == {"masked mean": True, "mean of all": False}
    assert notebook.value("no-mask") is False


def test_each_sentence_is_closest_to_its_twin(notebook):
    assert notebook.value("nearest") == [2, 1, 4, 3, 6, 5]
    lines = notebook.text("matrix").splitlines()[1:]
    assert len(lines) == 6
    for number, line in enumerate(lines, start=1):
        assert f" {number} 1.00" in line, "the diagonal is one"


def test_the_search_finds_what_is_meant(notebook):
    rows = re.findall(r"<tr>.*?</tr>", notebook.html("search"), re.DOTALL)
    found = [re.findall(r"<td>(.*?)</td>", row) for row in rows if "<td>" in row]
    hits = {query: (document, int(shared)) for query, document, shared in found}
    art, shared = hits["I want to see some art."]
    assert "museum" in art and shared == 0
    assert "won the match" in hits["Who won the football game?"][0]
    assert "train to Berlin" in hits["Where can I buy a ticket to Germany?"][0]


def test_in_a_decoder_the_first_token_knows_nothing(notebook):
    assert notebook.value("decoder-first") is True
    assert notebook.value("decoder-last") == {
        "hidden[:, -1]": False,
        "hidden[:, length - 1]": True,
    }


def test_training_mode_and_random_weights_spoil_vectors(notebook):
    assert notebook.value("train-mode") == (False, True)
    assert notebook.value("from-config") == (True, False)


def test_a_small_head_learns_three_topics_on_a_frozen_body(notebook):
    head, body = notebook.value("features")
    assert head < body / 100
    first, last, seconds = notebook.value("train")
    assert last < first / 10 and seconds < 5
    assert notebook.value("test-head") == ["sport", "food", "travel", "travel"]
    assert notebook.text("own-sentence").splitlines()[0].startswith("Probability by topic")
    assert notebook.value("frozen") is True


def test_the_pipeline_returns_one_vector_per_token(notebook):
    nested, hidden_states = notebook.value("pipeline")
    assert nested == hidden_states


def test_the_bench_shows_that_only_a_mask_makes_padding_harmless(notebook):
    presets = notebook.text("playground").split("\n\n")[1:]
    tables = [preset.splitlines()[2:] for preset in presets]
    assert tables[0] == tables[1]
    unlike = [float(re.search(r"4 ([-\d.]+)$", rows[0])[1]) for rows in tables]
    assert unlike[0] < unlike[2] and unlike[0] < unlike[4]
    assert all(re.search(r"1 1\.00", rows[0]) for rows in tables)
    assert notebook.html("playground").count("<table") == 5
