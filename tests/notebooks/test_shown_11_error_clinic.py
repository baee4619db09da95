"""What a learner sees in notebook 11."""

import re

MUTATIONS = [
    ("story", 'add_tokens(["<chapter>"])', "add_tokens([])"),  # the length alone stops it
    ("suspect", '"modeling_" in step.filename', '"functional" in step.filename'),
    ("steps", "reversed(steps)", "iter(steps)"),  # reads the traceback from the top
    ("repair", "model.resize_token_embeddings(len(tokenizer))", "pass"),
    ("experiment", "sentence * 40", "sentence"),  # two short texts tell one cause only
    ("both-repairs", "truncation=True", "truncation=False"),
    ("bottom-line", "errors[-1]", "errors[0]"),
    ("wrong-decoder-ids", "decoder_input_ids=source", "decoder_input_ids=start"),
    ("colleague", '{0: "POSITIVE", 1: "NEGATIVE"}', '{0: "NEGATIVE", 1: "POSITIVE"}'),
    ("five-checks", "label(texts[0])", "label(texts[1])"),
    ("typo", 'symptom("typo")', 'contrast("typo")'),
    ("attentions", 'embedded("fill-mask"), output_attentions=True', 'embedded("fill-mask")'),
    ("attentions", "bert.config.output_attentions", "bert.config.output_attention"),
    ("old-names", "hasattr(any_tokenizer, name)", "hasattr(dict, name)"),
]


def test_the_first_result_is_an_error_explained_within_six_cells(notebook):
    code = [id for id, cell in notebook.cells.items() if cell.cell_type == "code"]
    assert code.index("explain-story") < 6
    assert notebook.text("story").endswith("IndexError: index out of range in self")
    assert "longer than the specified maximum" in notebook.text("story")
    assert notebook.text("explain-story").splitlines()[1].startswith("too-long:")


def test_the_story_is_read_from_the_bottom_and_has_two_causes(notebook):
    assert "Computed: tokens" in notebook.text("suspect")
    rows = table(notebook, "steps")
    assert rows[0][2].startswith("return torch.embedding") and "scores(book)" in rows[-1][2]
    assert next(row for row in rows if row[1].startswith("modeling_"))[2].endswith("wte(input_ids)")
    assert "Computed: the same message" in notebook.text("repair")
    assert "wpe" in notebook.value("second-cause")


def test_an_experiment_tells_the_two_causes_apart(notebook):
    endings = {row[0]: row[1:] for row in table(notebook, "experiment")}
    assert endings["short"][0] == "runs" and "wte" in endings["short"][1]
    assert "wpe" in endings["long"][0] and "wte" in endings["long"][1]
    assert notebook.value("both-repairs") == ((1, 256, 4097), 256, 4097)


def test_a_traceback_holds_several_errors_and_the_last_one_counts(notebook):
    assert len(notebook.value("traceback")) > 1
    assert notebook.text("bottom-line").startswith("OSError\nWe couldn't connect to")
    assert "gated repo" in notebook.text("gated")
    assert notebook.text("gated-card").index("accept") < notebook.text("gated-card").index("token=")


def test_a_fix_that_only_silences_changes_the_scores(notebook):
    assert "Computed: no" in notebook.text("wrong-decoder-ids")
    assert "decoder_start_token_id" in notebook.text("no-decoder-ids-card")


def test_only_a_known_answer_finds_the_swapped_names(notebook):
    assert notebook.value("wrong-answer") == "NEGATIVE"
    assert "Computed: 1" in notebook.text("five-checks")
    noticed = {row[0]: row[1] for row in table(notebook, "which-notices")}
    assert [check for check, notices in noticed.items() if notices == "True"] == [
        "a sentence with a known answer is wrong"
    ]
    assert len(noticed) == 5


def test_the_silent_ones_show_a_wrong_result_and_no_message(notebook):
    assert "No message. The result:" in notebook.text("typo")
    assert notebook.text("typo").endswith("{'same as alone': False}")
    assert notebook.text("typo-contrast").endswith("{'same as alone': True}")
    assert "Computed: a tokenizer without words" in notebook.text("no-tokenizer-files")
    assert "[UNK] [UNK]" in notebook.text("unknown-words")


def test_attentions_come_only_if_asked_for_before_loading(notebook):
    assert "Computed: only before loading" in notebook.text("guess-attentions")
    came = {row[0]: row[1] for row in table(notebook, "attentions-table")}
    assert came["in the call"] == "0" and int(came["before loading"]) > 0
    assert "eager" in came["after loading"]


def test_the_rosetta_table_has_two_silent_rows(notebook):
    rows = table(notebook, "rosetta", index=False)
    assert len(rows) >= 14 and all(all(row) for row in rows)
    silent = [row[0] for row in rows if row[2].startswith("nothing")]
    assert silent == ["typo", "no-tokenizer-files"]
    assert "dtype" in {row[0]: row[2] for row in rows}["torch-dtype"]


def test_old_names_are_looked_up_now(notebook):
    there = {row[0]: row[1] for row in table(notebook, "old-names")}
    gone = {name for name, found in there.items() if found == "False"}
    assert {"encode_plus", "batch_encode_plus"} <= gone and there["encode"] == "True"


def test_errors_are_found_by_their_words(notebook):
    assert notebook.text("explain-old").splitlines()[1].startswith("missing-head:")
    assert notebook.value("explain-traceback")[0] == "not-cached"
    assert "No card fits" in notebook.text("explain-nothing")


def test_all_cards_are_listed_by_what_one_did(notebook):
    html = notebook.html("all-cards")
    places = [html.index(doing) for doing in ("importing", "downloading", "calling the model")]
    assert places == sorted(places)
    assert html.count("<tr") > 50


def test_untouched_exercises_are_not_attempted(notebook):
    checks = [cell for cell in notebook.cells if cell.startswith("check-")]
    assert len(checks) >= 4
    for cell in checks:
        assert "not attempted" in notebook.text(cell), cell


def table(notebook, cell: str, index: bool = True) -> list[list[str]]:
    """The rows of a shown table; the first entry is the row's name, where it has a useful one."""
    rows = re.findall(r"<tr>(.*?)</tr>", notebook.html(cell), re.DOTALL)
    kind = "t[hd]" if index else "td"
    found = [re.findall(rf"<{kind}>(.*?)</{kind}>", row, re.DOTALL) for row in rows]
    return [row for row in found if row and row[-1]]
