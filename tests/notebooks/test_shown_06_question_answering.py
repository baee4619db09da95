"""What a learner sees in notebook 06."""

import re

MUTATIONS = [
    ("encode", "tokenizer(question, context,", "tokenizer(context, question,"),  # parts swapped
    ("span-scores", "start[:, None] * end[None, :]", "end[:, None] * start[None, :]"),  # axes
    ("answer", "offsets[last][1]", "offsets[last][0]"),  # ends one token early
    ("answer-function", "part == 1", "part == 0"),  # looks for the answer in the question
    ("toy-grid", ".triu().bool()", ".bool()"),  # the end may come before the start
    ("silent-arguments", "atention_mask=mask", "attention_mask=mask"),  # no typo, so not ignored
    ("windows-best", "window_offsets[window][first]", "window_offsets[0][first]"),
]

SEED_ANSWER = "a tool that democratizes AI"


def table_rows(html):
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row) for row in rows if "<td>" in row]


def test_the_class_has_a_head_with_two_outputs_and_its_weights_were_in_the_file(notebook):
    assert notebook.value("head") == ("DistilBertForQuestionAnswering", 2)
    assert notebook.value("check") == []


def test_question_and_context_are_one_sequence_of_two_parts(notebook):
    parts = notebook.value("parts")
    assert notebook.value("encode") == (1, len(parts))
    assert re.fullmatch("-0+-1+-", parts)


def test_the_model_returns_a_start_and_an_end_score_per_token(notebook):
    shape = notebook.value("encode")
    assert notebook.value("run") == {"start_logits": shape, "end_logits": shape}
    assert notebook.value("start-end") == [1.0, 1.0]
    assert notebook.value("span-scores") == (shape[1], shape[1])


def test_only_tokens_of_the_context_may_answer(notebook):
    inside = notebook.value("in-context").split()
    assert len(inside) == notebook.value("parts").count("1")
    assert "?" not in inside


def test_the_answer_is_quoted_from_the_context(notebook):
    assert notebook.value("answer") == SEED_ANSWER
    assert notebook.value("answer-function-try") == SEED_ANSWER


def test_the_answer_is_painted_with_its_score(notebook):
    assert re.search(rf"\[{SEED_ANSWER} \d+%\]", notebook.text("painted"))
    assert "<mark" in notebook.html("painted")


def test_the_grid_hatches_ends_before_starts_and_stars_the_best_span(notebook):
    rows = [line.split(": ", 1) for line in notebook.text("span-grid").splitlines()[1:]]
    cells = {name: values.split(", ") for name, values in rows}
    hatched = [sum(value.endswith(" -") for value in values) for values in cells.values()]
    assert hatched == list(range(len(hatched)))
    starred = [(name, value) for name, values in cells.items() for value in values if "★" in value]
    best = notebook.value("best-span")
    assert len(starred) == 1
    assert starred[0][0] == best[0]
    assert starred[0][1].startswith(best[-1])
    assert "repeating-linear-gradient" in notebook.html("span-grid")


def test_the_question_decides_what_is_quoted(notebook):
    answers = notebook.value("more-questions")
    assert answers["When was Marie Curie born?"] == "1867"
    assert "Nobel Prize" in answers["What did she receive in 1903?"]


def test_there_is_no_pipeline_or_soon_will_be_none(notebook):
    assert re.search("removed|later ones do not", notebook.text("pipeline-gone"))


def test_encode_plus_is_gone(notebook):
    assert "has no attribute encode_plus" in notebook.text("encode-plus")


def test_joined_tokens_are_not_a_quotation(notebook):
    assert notebook.value("year-2024-code") == SEED_ANSWER.lower()
    assert notebook.value("year-2024-compare") == (False, True)
    assert "zurich" in notebook.value("lossy")
    assert notebook.value("lossless") == "$3.50"


def test_two_argmaxes_give_an_empty_span_and_pairs_give_the_best_one(notebook):
    assert notebook.value("toy-naive") == (3, 0, [])
    assert notebook.value("toy-answer") == ["Anna"]
    assert "Anna 4.2 ★" in notebook.text("toy-grid")


def test_both_methods_are_compared_on_real_questions(notebook):
    rows = table_rows(notebook.html("naive-table"))
    assert rows[0][1:] == [SEED_ANSWER.lower(), "True", SEED_ANSWER]
    assert rows[1][3] == "Hugging Face"
    assert all(best for _, _, _, best in rows)


def test_a_pair_is_one_row_and_a_list_is_two(notebook):
    kinds = re.findall(r"^(pair|list): \[CLS\]", notebook.text("pair-or-list"), re.MULTILINE)
    assert kinds == ["pair", "list", "list"]
    assert notebook.text("list-tensor").startswith("Unable to create tensor")
    padded = notebook.value("list-padded")
    assert padded["shape"][0] == 2
    assert padded["parts"] == [[0, None], [0, None]]
    assert notebook.value("two-lists") == (3, [0, 1, None])


def test_unknown_arguments_are_silently_ignored(notebook):
    assert notebook.value("unused-keys") == ["token_type_ids"]
    expected = {"token_type_ids": True, "atention_mask": True, "attention_mask": False}
    assert notebook.value("silent-arguments") == expected
    assert "unexpected keyword argument 'atention_mask'" in notebook.text("strict-from-pretrained")
    assert notebook.value("strict-names") == ["atention_mask"]


def test_it_quotes_and_never_invents(notebook):
    assert all(notebook.value("only-quotes-code"))
    assert notebook.value("only-quotes-check") == ([True, True], False, False)
    assert notebook.value("no-answer")


def test_the_margin_table_has_answerable_and_unanswerable_questions(notebook):
    rows = table_rows(notebook.html("margin-table"))
    assert [answerable for _, answerable, _, _ in rows] == ["True", "True", "False", "False"]
    assert all(0 <= float(score) <= 1 for _, _, score, _ in rows)


def test_a_cut_text_loses_the_answer_and_windows_find_it(notebook):
    assert notebook.value("long-text") is False
    windows, tokens = notebook.value("windows")
    assert windows > 1
    assert notebook.value("windows-run") == (windows, tokens, tokens)
    assert notebook.value("windows-best").endswith("green stone")
    assert len(notebook.value("windows-best")) < 40
    assert notebook.value("windows-which") is True


def test_the_grid_holds_other_answers_too(notebook):
    ranked = notebook.value("top-spans")
    assert ranked[0] == SEED_ANSWER
    assert len(set(ranked)) == 3


def test_the_span_grid_has_a_star_even_without_an_answer(notebook):
    who, where, when, one_token = notebook.text("playground").split("\n\n")[1:]
    assert "[The old man " in who and "[New York " in where
    score = [int(re.search(r"(\d+)%\]", preset)[1]) for preset in (who, where, when, one_token)]
    assert min(score[:2]) > 50 > max(score[2:])
    assert all(preset.count("★") == 1 for preset in (who, where, when, one_token))
    assert "[The old man" not in one_token and one_token.count(" -") > who.count(" -")
    assert notebook.html("playground").count("<table") == 4
