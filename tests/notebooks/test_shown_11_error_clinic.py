"""What a learner sees in notebook 11."""

import re

MUTATIONS = [
    ("bottom-line", "errors[-1]", "errors[0]"),  # reads the traceback from the top
    ("wrong-decoder-ids", "decoder_input_ids=source", "decoder_input_ids=start"),
    ("seed-hides", "(0, 0, 1, 2, 3)", "(0, 0, 0, 0, 0)"),  # one seed is one answer
    ("explain-traceback", "explain_error(text)", "explain_error(name)"),
    ("missing-head-contrast", 'contrast("', 'symptom("'),
    ("typo", 'symptom("typo")', 'contrast("typo")'),
]


def test_a_traceback_holds_several_errors_and_the_last_one_counts(notebook):
    assert "Computed: one" not in notebook.text("traceback")
    assert notebook.text("bottom-line").startswith("OSError\nWe couldn't connect to")


def test_the_rosetta_table_has_one_silent_row(notebook):
    rows = re.findall(r"<tr>(.*?)</tr>", notebook.html("rosetta"), re.DOTALL)
    cells = [re.findall(r"<td>(.*?)</td>", row) for row in rows if "<td>" in row]
    assert len(cells) >= 12 and all(all(row) for row in cells)
    assert [row[0] for row in cells if row[2].startswith("nothing")] == ["typo"]


def test_the_red_errors_show_their_messages(notebook):
    assert "ValueError" in notebook.text("no-decoder-ids")
    assert "Computed: no" in notebook.text("wrong-decoder-ids")
    assert "gated repo" in notebook.text("gated")
    assert notebook.text("gated-card").index("accept") < notebook.text("gated-card").index("token=")
    assert "IndexError: index out of range in self" in notebook.text("too-long")
    assert notebook.text("too-long-contrast").endswith("256")


def test_the_yellow_reports_show_what_was_said_and_what_came_out(notebook):
    assert "MISSING" in notebook.text("missing-head")
    assert "{'missing': []}" in notebook.text("missing-head-contrast")
    assert "Computed: 4" in notebook.text("seed-hides")
    assert "is_decoder=True" in notebook.text("bert-as-causal")
    assert notebook.text("bert-as-causal").endswith("True")
    assert notebook.text("bert-as-causal-contrast").endswith("False")
    assert "{'same as alone': False}" in notebook.text("right-padding")
    assert "{'same as alone': True}" in notebook.text("right-padding-contrast")


def test_the_silent_ones_show_a_wrong_result_and_no_message(notebook):
    for cell in ("typo", "no-tokenizer-files"):
        assert "No message. The result:" in notebook.text(cell), cell
    assert notebook.text("typo").endswith("{'same as alone': False}")
    assert notebook.text("typo-contrast").endswith("{'same as alone': True}")
    assert "[UNK] [UNK]" in notebook.text("no-tokenizer-files")
    assert "[UNK]" not in notebook.text("no-tokenizer-contrast").splitlines()[-1]


def test_errors_are_found_by_their_words(notebook):
    assert notebook.text("explain-old").splitlines()[1].startswith("missing-head:")
    assert notebook.value("explain-traceback")[0] == "not-cached"
    assert "No card fits" in notebook.text("explain-nothing")


def test_all_cards_are_listed_by_group(notebook):
    html = notebook.html("all-cards")
    places = [html.index(group) for group in ("red error", "yellow report", "nothing at all")]
    assert places == sorted(places)
    assert html.count("<tr") > 30


def test_untouched_exercises_are_not_attempted(notebook):
    checks = [cell for cell in notebook.cells if cell.startswith("check-")]
    assert len(checks) >= 4
    for cell in checks:
        assert "not attempted" in notebook.text(cell), cell
