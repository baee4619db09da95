"""Notebook 09: vectors instead of answers, and what to do with them."""

import re

MUTATIONS = [
    ("load", "AutoModel.from_pretrained", "AutoModelForSequenceClassification.from_pretrained"),
    ("result", "stack(vectors[1:])", "stack(vectors[:0:-1])"),
    ("margins", "same - other", "other - same"),
    ("no-mask", 'model(input_ids=batch["input_ids"])', "model(**batch)"),
    ("pool", "/ mask.sum(dim=1)", "/ mask.shape[1]"),
    ("nearest", "table - 2 * torch.eye(len(sentences), device=table.device)", "table"),
    ("search", "topk(2, dim=1)", "topk(2, dim=1, largest=False)"),
    ("decoder", "hidden[1, 0]", "hidden[1, 1]"),
    ("decoder-last", "[1].sum()", "[0].sum()"),
    ("train", "lr=0.05", "lr=0.0"),
    ("test-head", "argmax(dim=-1)", "argmax(dim=0)"),
]


def rows(html):
    found = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row) for row in found if "<td>" in row]


def shares(text):
    pairs = re.findall(r"^\s*(.+?)  (-?[\d.]+)$", text, re.MULTILINE)
    return {name: float(number) for name, number in pairs}


def test_the_result_comes_first_and_finds_what_is_meant(notebook):
    first = [cell.id for cell in notebook.cells.values() if cell.cell_type == "code"][:6]
    assert "result" in first
    found = shares(notebook.text("result"))
    assert "museum" in max(found, key=found.get) and len(found) == 4


def test_the_body_has_no_head(notebook):
    assert notebook.value("load") == ("BertModel", {})
    assert notebook.value("check") == []


def test_one_vector_for_each_token_and_no_logits(notebook):
    tokens = notebook.value("encode")
    assert (tokens[0], tokens[-1]) == ("[CLS]", "[SEP]")
    shapes = notebook.value("run")
    assert shapes["last_hidden_state"][:2] == (1, len(tokens)) and "logits" not in shapes


def test_bank_has_one_row_in_the_table_and_another_vector_in_each_sentence(notebook):
    found = re.findall(r"money, (\w+)\s+([\d.]+)\s+([\d.]+)", notebook.text("bank"))
    assert [name for name, _, _ in found] == ["loan", "river"]
    assert all(float(before) == 1 and float(after) < 0.999 for _, before, after in found)


def test_the_masked_mean_has_the_largest_margin(notebook):
    assert "Computed: masked mean" in notebook.text("margins")
    names = re.findall(r"<th>([a-z ]+)</th>", notebook.html("margins-table"))
    margins = dict(
        zip(names[-5:], (float(row[-1]) for row in rows(notebook.html("margins-table"))))
    )
    assert set(margins) == {"first token", "pooler", "mean of all", "masked mean", "max"}
    assert max(margins, key=margins.get) == "masked mean" and margins["masked mean"] > 0.25


def test_padding_needs_the_mask_twice(notebook):
    assert "Computed: masked mean" in notebook.text("padding")
    said = notebook.text("padding-picture")
    assert "[CLS], we, read" in said and "[PAD]" not in said.split("Left out")[0]
    assert notebook.value("no-mask") is False


def test_each_sentence_is_closest_to_its_twin(notebook):
    assert notebook.value("nearest") == [2, 1, 4, 3, 6, 5]
    lines = notebook.text("matrix").splitlines()[1:]
    assert len(lines) == 6
    for number, line in enumerate(lines, start=1):
        assert f" {number} 1.00" in line, "the diagonal is one"
    assert "1 to 2, 2 to 1, 3 to 4" in notebook.text("plane")


def test_smoking_is_a_topic_whoever_stopped(notebook):
    found = shares(notebook.text("topic-scores"))
    assert min(found, key=found.get) == "I like jazz."
    nearest = re.search(r"Computed: (.+)", notebook.text("topic"))[1]
    assert found[nearest] == max(found.values())


def test_the_search_finds_what_is_meant(notebook):
    hits = {
        query: (hit, float(best), float(second))
        for query, hit, best, second in rows(notebook.html("search"))
    }
    assert hits["I want to see some art."][0].startswith("The museum")
    assert hits["Who won the football game?"][0].startswith("Our team won")
    assert all(best >= second for _, best, second in hits.values())


def test_in_a_decoder_the_first_token_knows_nothing(notebook):
    assert "Computed: yes" in notebook.text("decoder")
    assert notebook.value("decoder-last") == {
        "hidden[:, -1]": False,
        "hidden[:, length - 1]": True,
    }
    assert "no padding token is defined" in notebook.text("decoder-head")
    assert notebook.value("decoder-head") == (2, 2)


def test_a_small_head_learns_three_topics_on_a_frozen_body(notebook):
    head, body = notebook.value("features")
    assert head < body / 100
    first, last = notebook.value("train")
    assert last < first / 10
    assert notebook.value("test-head") == (["sport", "food", "travel", "travel"], True)
    chances = dict(re.findall(r"(sport|food|travel)\s+([\d.]+)%", notebook.text("own-sentence")))
    assert max(chances, key=lambda topic: float(chances[topic])) == "travel"


def test_the_bench_shows_that_only_a_mask_makes_padding_harmless(notebook):
    presets = notebook.text("playground").split("\n\n")[1:]
    tables = [preset.splitlines()[2:] for preset in presets]
    assert tables[0] == tables[1]
    unlike = [float(re.search(r"4 ([-\d.]+)$", rows[0])[1]) for rows in tables]
    assert unlike[0] < unlike[2] and unlike[0] < unlike[4]
    assert all(re.search(r"1 1\.00", rows[0]) for rows in tables)
    assert notebook.html("playground").count("<table") == 5
