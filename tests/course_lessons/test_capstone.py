"""The capstone: a learner's means give full marks, and plausible wrong answers their own words."""

import json

import pytest
import torch
import transformers

from course_lessons.lesson_12_capstone import capstone
from course_models import registry
from course_models.errors import CourseError
from course_models.weights import tensor_table
from course_utils.checkpoints import CHECKPOINTS, read_config

SEVEN = {entry.auto_class for entry in CHECKPOINTS.values()}


@pytest.fixture(autouse=True)
def result_file(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress_capstone.json"


def solve(folder):
    """What a learner does: config.json, the registry, the header, loading infos."""
    kind = read_config(folder)["model_type"]
    classes = SEVEN & set(registry.concrete_classes(kind))
    trained = {
        name
        for name in classes
        if not getattr(transformers, name).from_pretrained(folder, output_loading_info=True)[1][
            "missing_keys"
        ]
    }
    numbers = int(tensor_table(folder)["numbers"].sum())
    return {"type": kind, "classes": classes, "trained": trained, "parameters": numbers}


def outputs(boxes):
    """One output each, written as in the lessons."""
    inputs = {name: row["input"] for name, row in capstone.inputs().items()}

    def load(letter, name):
        auto_class = getattr(transformers, name)
        return (
            transformers.AutoTokenizer.from_pretrained(boxes[letter]),
            auto_class.from_pretrained(boxes[letter]),
            inputs[name],
        )

    found = {}
    with torch.no_grad():
        tokenizer, model, texts = load("A", "AutoModelForQuestionAnswering")
        pair = tokenizer(*texts, return_tensors="pt", return_offsets_mapping=True)
        offsets = pair.pop("offset_mapping")[0]
        scores = model(**pair)
        first, last = scores.start_logits[0].argmax(), scores.end_logits[0].argmax()
        found["A"] = texts[1][offsets[first][0] : offsets[last][1]]

        tokenizer, model, (query, *others) = load("B", "AutoModel")
        one, *rest = (
            model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(dim=0)
            for text in (query, *others)
        )
        near = [torch.cosine_similarity(one, vector, dim=0).item() for vector in rest]
        assert abs(near[0] - near[1]) > 0.1, "the two are too close for a fair question"
        found["B"] = others[near.index(max(near))]

        tokenizer, model, (text,) = load("C", "AutoModelForSeq2SeqLM")
        row = model.generate(**tokenizer(text, return_tensors="pt"))[0]
        found["C"] = tokenizer.decode(row, skip_special_tokens=True)

        tokenizer, model, (text,) = load("D", "AutoModelForSequenceClassification")
        logits = model(**tokenizer(text, return_tensors="pt")).logits
        found["D"] = model.config.id2label[logits.argmax().item()]

        tokenizer, model, (text,) = load("E", "AutoModelForCausalLM")
        prompt = tokenizer(text, return_tensors="pt")
        row = model.generate(**prompt, max_new_tokens=5)[0]
        found["E"] = tokenizer.decode(row[prompt["input_ids"].shape[1] :])

        tokenizer, model, (text,) = load("F", "AutoModelForMaskedLM")
        blank = tokenizer(text, return_tensors="pt")
        position = blank["input_ids"][0].tolist().index(tokenizer.mask_token_id)
        found["F"] = tokenizer.decode(model(**blank).logits[0, position].argmax())
    return found


def test_a_learners_means_give_full_marks(result_file):
    boxes = capstone.folders()
    answers = {letter: solve(box) for letter, box in boxes.items()}
    for letter, output in outputs(boxes).items():
        answers[letter]["output"] = output
    report = capstone.grade(answers)
    assert report.result["score"] == report.result["of"] == 30, report
    assert json.loads(result_file.read_text()) == report.result


def test_the_folders_tell_no_tales():
    for letter, box in capstone.folders().items():
        config = read_config(box)
        claim = config.pop("architectures", [""])[0]
        assert "_name_or_path" not in config and not (box / "README.md").exists()
        assert claim not in registry.concrete_classes(config["model_type"]).values() or letter in (
            "B",  # a class of the right kind, with a head that the file does not have
            "D",
        )
        assert box.name == letter


def test_untouched_is_not_attempted_and_writes_nothing(result_file):
    blank = {letter: dict.fromkeys(capstone.PARTS, ...) for letter in "ABCDEF"}
    report = capstone.grade(blank)
    assert report.result["score"] == 0 and "not attempted" in report.text
    assert not result_file.exists()


WRONG = [
    ("C", "type", "bart", "believed architectures"),
    ("C", "type", "MarianMTModel", "name of a class"),
    ("C", "type", 3, "a word in quotes"),
    ("A", "type", "bert", "looks at first"),
    ("E", "classes", "AutoModel", "a list of names"),
    ("E", "classes", ["AutoModelForMaskedLM"], "AutoModelForMaskedLM does not take"),
    ("C", "classes", ["AutoModelForSeq2SeqLM", "AutoModelForCausalLM"], "AutoModel is missing"),
    ("E", "classes", ["AutoModel", "AutoModelForCausalLM"], "would have to be trained"),
    ("E", "classes", ["AutoModel"], "more of the seven"),
    ("B", "trained", ["AutoModel", "AutoModelForMaskedLM"], "MISSING, such as"),
    ("E", "trained", ["AutoModelForCausalLM"], "With AutoModel nothing is missing either"),
    ("D", "trained", ["AutoModel", "AutoModelForSequenceClassification"], "names and shapes"),
    ("E", "trained", ["AutoModelForMaskedLM", "AutoModel"], "cannot be loaded"),
    ("A", "parameters", 53, "Add up"),
    ("A", "parameters", "many", "a whole number"),
    ("A", "parameters", True, "a whole number"),
    ("A", "output", ["London"], "a text in quotes"),
    ("A", "output", "Sarah", "does not say that"),
    ("B", "output", "The stock market fell on Monday.", "farther"),
    ("C", "output", "Good morning.", "the source again"),
    ("D", "output", "POSITIVE", "other label"),
    ("D", "output", "LABEL_0", "id2label"),
]


@pytest.mark.parametrize("letter, part, answer, words", WRONG)
def test_a_wrong_answer_gets_the_idea_behind_it(letter, part, answer, words):
    report = capstone.grade({letter: {part: answer}})
    assert report.result["folders"][letter][part] == "wrong"
    assert words in report.text


def test_wrong_counts_and_directions_are_recognised():
    box = capstone.folders()["F"]
    table = tensor_table(box)
    fits = capstone.fitting("F")
    whole = capstone.loading("F")["AutoModelForMaskedLM"]
    no_leftovers = [n for n, info in capstone.loading("F").items() if not info["unexpected_keys"]]
    told = {
        ("parameters", int(table["bytes"].sum())): "Those are bytes",
        ("parameters", len(table)): "how many tensors",
        ("parameters", capstone.loading("F")["AutoModel"]["parameters"]): "the body alone",
        ("parameters", round(int(table["numbers"].sum()), -5)): "not a rounded one",
        ("trained", tuple(fits)): "To fit is not to be trained",
    }
    assert whole["missing_keys"] == set() and no_leftovers
    for (part, answer), words in told.items():
        assert words in capstone.grade({"F": {part: answer}}).text, (part, answer)


def test_outputs_read_in_the_wrong_place_are_recognised():
    right, wrong = capstone.runs.outputs("AutoModelForMaskedLM", str(capstone.folders()["F"]))
    other = next(iter(wrong))
    assert "another position" in capstone.grade({"F": {"output": other}}).text
    right, wrong = capstone.runs.outputs("AutoModelForCausalLM", str(capstone.folders()["E"]))
    prompt = next(text for text in wrong if text.startswith("Once upon a time"))
    assert "cut it off" in capstone.grade({"E": {"output": prompt}}).text
    spoken = next(
        iter(capstone.runs.outputs("AutoModelForCausalLM", str(capstone.folders()["F"]))[0])
    )
    assert (
        "not what this checkpoint was trained for" in capstone.grade({"F": {"output": spoken}}).text
    )


@pytest.mark.parametrize("answers", [None, [1], {"A": 3}, {"G": {}}, {"A": {"typ": "bert"}}])
def test_another_form_of_answers_gets_one_sentence(answers):
    with pytest.raises(CourseError, match="table of tables|is not asked"):
        capstone.grade(answers)


def test_a_place_that_cannot_be_written_is_said_once(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    assert capstone.grade({"A": {"type": "bert"}}).result["score"] == 0
    assert "cannot be saved" in capsys.readouterr().out


def test_an_output_that_nobody_foresaw_is_wrong_and_loses_nothing():
    answers = {letter: {"output": "something else"} for letter in capstone.MADE_FROM}
    report = capstone.grade(answers)
    states = {letter: parts["output"] for letter, parts in report.result["folders"].items()}
    assert set(states.values()) == {"wrong"}


def test_leaving_automodel_out_is_said_to_be_that():
    trained = sorted(set(capstone.complete("A")) - {"AutoModel"})
    assert trained and "a body counts" in capstone.grade({"A": {"trained": trained}}).text
