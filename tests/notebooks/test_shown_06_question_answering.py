"""What a learner sees in notebook 06."""

import re

MUTATIONS = [
    ("result", "end_logits.argmax()", "end_logits.argmin()"),
    ("encode", "question, context, return", "context, question, return"),  # parts swapped
    ("span-scores", "start[:, None] * end[None, :]", "end[:, None] * start[None, :]"),  # axes
    ("answer", "offsets[last][1]", "offsets[last][0]"),  # ends one token early
    ("answer-function", "part == 1", "part == 0"),  # looks for the answer in the question
    ("naive", "first <= last and", "first > last and"),
    ("pair-or-list", "tokenizer([question, context])", "[tokenizer(question, context).input_ids]"),
    ("margin", "sums[0, 0]", "0"),
    ("margin", "sums[legal].max()", "sums.min()"),
    ("guess-margin", 'numbers[~numbers["answerable"]]', "right"),
    ("windows-best", "place[from_token][0]", "place[0][0]"),
    ("windows-best", "part == 1", "part == 0"),
]

SEED_ANSWER = "a tool that democratizes AI"


def table_rows(html):
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row) for row in rows if "<td>" in row]


def test_the_result_comes_first(notebook):
    first = [cell.id for cell in notebook.cells.values() if cell.cell_type == "code"][:6]
    assert "result" in first
    assert f"[{SEED_ANSWER} answer]" in notebook.text("result")


def test_the_class_has_a_head_with_two_outputs_and_its_weights_were_in_the_file(notebook):
    assert notebook.value("load") == ("DistilBertForQuestionAnswering", 2)
    assert notebook.value("check") == []


def test_question_and_context_are_one_sequence_of_two_parts(notebook):
    said = notebook.text("encode")
    assert said.count("(special)") == 3 and "what (part 0)" in said and "tool (part 1)" in said
    assert "<img" in notebook.html("encode")
    parts = [part for _, part, _ in table_rows(notebook.html("token-table"))]
    assert re.fullmatch("-0+-1+-", "".join(part.replace("&lt;NA&gt;", "-") for part in parts))


def test_the_model_returns_a_start_and_an_end_score_per_token(notebook):
    tokens = len(table_rows(notebook.html("token-table")))
    assert notebook.value("shapes") == {"start_logits": (1, tokens), "end_logits": (1, tokens)}
    assert "Computed: two tensors, one number a token" in notebook.text("run")


def test_only_tokens_of_the_context_have_bars(notebook):
    said = notebook.text("start-end")
    assert re.search(r"\ba: start \d\d%", said) and "?:" not in said and "[SEP]" not in said
    shares = [int(number) for number in re.findall(r"start (\d+)%", said)]
    assert 80 <= sum(shares) <= 101


def test_the_answer_is_quoted_from_the_context(notebook):
    answer, score = notebook.value("answer")
    assert answer == SEED_ANSWER and 0 < score < 1


def test_the_grid_hatches_ends_before_starts_and_stars_the_best_span(notebook):
    rows = [line.split(": ", 1) for line in notebook.text("span-grid").splitlines()[1:]]
    cells = {name: values.split(", ") for name, values in rows}
    hatched = [sum(value.endswith(" -") for value in values) for values in cells.values()]
    assert hatched == list(range(len(hatched)))
    starred = [(name, value) for name, values in cells.items() for value in values if "★" in value]
    best = notebook.value("span-scores")
    assert len(starred) == 1
    assert starred[0][0] == best[0]
    assert starred[0][1].startswith(best[-1])
    assert "repeating-linear-gradient" in notebook.html("span-grid")


def test_the_question_decides_what_is_quoted(notebook):
    answers = notebook.value("more-questions")
    assert answers["Where was Marie Curie born?"] == "Warsaw"
    assert answers["When was Marie Curie born?"] == "1867"
    assert "Nobel Prize" in answers["What did she receive in 1903?"]


def test_there_is_no_pipeline_or_soon_will_be_none(notebook):
    assert re.search("removed|later ones do not", notebook.text("pipeline-gone"))


def test_the_search_always_quotes_and_two_argmaxes_do_not(notebook):
    rows = table_rows(notebook.html("both-ways"))
    assert len(rows) == 7
    assert rows[0][1:] == [SEED_ANSWER.lower(), "True", SEED_ANSWER]
    assert [row[3] for row in rows[1:3]] == ["nurse", "three"] or rows[2][3].startswith("three")
    assert rows[4][3] == "Zoë"
    for _, naive, legal, best in rows:
        assert best
        assert naive or legal == "False"


def test_joined_tokens_are_not_a_quotation(notebook):
    joined, quoted = notebook.value("lossy")
    assert "zurich" in joined and "$ 3. 50" in joined
    assert quoted == "$3.50"


def test_a_pair_is_one_row_and_a_list_is_two(notebook):
    assert "Computed: (2, 1)" in notebook.text("pair-or-list")
    kinds = re.findall(r"^(pair|list): \[CLS\]", notebook.text("pair-and-list"), re.MULTILINE)
    assert kinds == ["pair", "list", "list"]
    assert notebook.value("two-lists") == [(2, False), (3, True)]


def test_it_quotes_and_never_invents(notebook):
    assert notebook.value("quotes") == [True, True, True]
    assert all(answer for answer, *_ in table_rows(notebook.html("only-quotes-code")))


def test_the_margin_separates_answerable_questions(notebook):
    assert "Computed: only the margin" in notebook.text("guess-margin")
    rows = table_rows(notebook.html("margin-table"))
    assert [answerable for _, answerable, _, _ in rows] == ["True", "True", "False", "False"]
    assert all(0 <= float(score) <= 1 for _, _, score, _ in rows)
    margins = [float(margin) for *_, margin in rows]
    assert min(margins[:2]) > max(margins[2:])
    assert min(margins) > 0, "never below zero: it was not taught to point at [CLS]"


def test_a_cut_text_loses_the_answer_and_windows_find_it(notebook):
    longest, still_there = notebook.value("long-text")
    assert longest > 128 and still_there is False
    windows, tokens = notebook.value("windows")
    assert windows > 1 and tokens == 128
    window, count, answer = notebook.value("windows-best")
    assert window == count - 1 == windows - 1
    assert answer.endswith("green stone") and len(answer) < 40


def test_the_span_grid_has_a_star_even_without_an_answer(notebook):
    who, where, when, one_token = notebook.text("playground").split("\n\n")[1:]
    assert "[The old man " in who and "[New York " in where
    score = [int(re.search(r"(\d+)%\]", preset)[1]) for preset in (who, where, when, one_token)]
    assert min(score[:2]) > 50 > max(score[2:])
    assert all(preset.count("★") == 1 for preset in (who, where, when, one_token))
    assert "[The old man" not in one_token and one_token.count(" -") > who.count(" -")
    assert notebook.html("playground").count("<table") == 4
