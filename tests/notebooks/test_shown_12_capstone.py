"""What a learner sees in notebook 12 before anything was answered."""

MUTATIONS = [
    ("capstone-folders", "box.iterdir()", "box.parent.iterdir()"),
    ("capstone-answers", '"A": {"type": ...', '"A": {"type": "distilbert"'),
    ("capstone-result", "report.result", "answers"),
]


def test_the_six_folders_are_there(notebook):
    files = notebook.value("capstone-folders")
    assert set(files) == set("ABCDEF")
    assert all(3 <= count <= 8 for count in files.values())
    assert len(set(files.values())) > 1, "not each checkpoint has the same tokenizer files"


def test_the_untouched_capstone_is_not_attempted(notebook):
    assert "not attempted" in notebook.text("capstone-grade")
    result = notebook.value("capstone-result")
    assert (result["score"], result["of"]) == (0, 30)
