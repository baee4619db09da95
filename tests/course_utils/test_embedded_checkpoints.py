"""Every embedded checkpoint loads cleanly and gets the course's own examples right."""

import json
import logging
import re

import pytest
import torch
import transformers
from transformers import AutoTokenizer

from course_models.weights import tensor_table
from course_utils.checkpoints import CHECKPOINTS, EMBEDDED, checkpoint

ALL = pytest.mark.parametrize("task", CHECKPOINTS)
CLASSES = {
    "text-generation": "GPT2LMHeadModel",
    "fill-mask": "BertForMaskedLM",
    "translation": "MarianMTModel",
    "question-answering": "DistilBertForQuestionAnswering",
    "token-classification": "BertForTokenClassification",
    "text-classification": "DistilBertForSequenceClassification",
    "feature-extraction": "BertModel",
}
MEGABYTE = 10**6


def load(task):
    auto_class = getattr(transformers, CHECKPOINTS[task].auto_class)
    name = checkpoint(task)
    model, info = auto_class.from_pretrained(name, output_loading_info=True)
    return AutoTokenizer.from_pretrained(name), model, info


@ALL
def test_loads_complete_and_without_a_warning(task, caplog, recwarn):
    logging.getLogger("transformers").addHandler(caplog.handler)
    try:
        tokenizer, model, info = load(task)
    finally:
        logging.getLogger("transformers").removeHandler(caplog.handler)
    assert type(model).__name__ == CLASSES[task]
    assert not any(info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    assert model.dtype == torch.float32 and not model.training
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []
    # sacremoses is optional punctuation clean-up that the Marian tokenizer recommends.
    # An unclosed socket of an earlier test is none of the model's business.
    warned = [w for w in recwarn if not issubclass(w.category, ResourceWarning)]
    assert [str(w.message) for w in warned if "sacremoses" not in str(w.message)] == []


@ALL
def test_hub_layout_with_half_precision_on_disk(task):
    folder = CHECKPOINTS[task].folder
    names = {path.name for path in folder.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer_config.json", "README.md"} <= names
    assert set(tensor_table(folder).dtype) <= {"F16", "I64"}
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 16 * MEGABYTE
    for file in folder.glob("*.json"):
        assert "/work/" not in file.read_text() and "/tmp/" not in file.read_text()
        json.loads(file.read_text())


@ALL
def test_the_card_names_data_scores_and_limits(task):
    card = (CHECKPOINTS[task].folder / "README.md").read_text()
    assert card.startswith("---\n") and f"pipeline_tag: {task}" in card and "license: " in card
    for heading in ("## Data", "## Training", "## Scores", "## Limits"):
        assert heading in card
    assert re.search("kept out of training|held-out", card)
    assert "](/" not in card and "/work/" not in card


def test_all_together_stay_under_80_megabytes():
    total = sum(path.stat().st_size for path in EMBEDDED.rglob("*") if path.is_file())
    assert total <= 80 * MEGABYTE


@torch.inference_mode()
def test_fill_mask_knows_the_capital_of_france():
    tokenizer, model, _ = load("fill-mask")
    inputs = tokenizer("The capital of France is [MASK].", return_tensors="pt")
    at = (inputs.input_ids[0] == tokenizer.mask_token_id).nonzero().item()
    assert tokenizer.decode(model(**inputs).logits[0, at].argmax()).strip() == "paris"


@torch.inference_mode()
def test_translation_greets_in_german():
    tokenizer, model, _ = load("translation")
    inputs = tokenizer("Hello, how are you?", return_tensors="pt")
    text = tokenizer.decode(model.generate(**inputs)[0], skip_special_tokens=True)
    assert text.startswith("Hallo") and "wie geht" in text.lower()


@torch.inference_mode()
def test_question_answering_finds_the_span():
    tokenizer, model, _ = load("question-answering")
    context = "Hugging Face is creating a tool that democratizes AI."
    inputs = tokenizer(
        "What is Hugging Face creating?",
        context,
        return_tensors="pt",
        return_offsets_mapping=True,
    )
    offsets = inputs.pop("offset_mapping")[0]
    inside = torch.tensor([part == 1 for part in inputs.sequence_ids(0)])
    outputs = model(**inputs)
    start = outputs.start_logits[0].masked_fill(~inside, -torch.inf).softmax(-1)
    end = outputs.end_logits[0].masked_fill(~inside, -torch.inf).softmax(-1)
    first, last = divmod((start[:, None] * end).triu().argmax().item(), len(inside))
    assert context[offsets[first][0] : offsets[last][1]] == "a tool that democratizes AI"


def test_token_classification_finds_company_and_city():
    tokenizer, model, _ = load("token-classification")
    assert len(model.config.id2label) == 9
    find = transformers.pipeline(
        "token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="first"
    )
    text = "Hugging Face Inc. is a company based in New York City."
    found = {(text[e["start"] : e["end"]].rstrip("."), e["entity_group"]) for e in find(text)}
    assert {("Hugging Face Inc", "ORG"), ("New York City", "LOC")} <= found


@torch.inference_mode()
def test_text_classification_tells_praise_from_complaint():
    tokenizer, model, _ = load("text-classification")
    texts = ["I love using transformers library!", "The food was cold and the waiter was rude."]
    best = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits.argmax(-1)
    assert [model.config.id2label[i] for i in best.tolist()] == ["POSITIVE", "NEGATIVE"]


@torch.inference_mode()
def test_features_of_similar_sentences_are_similar():
    tokenizer, model, _ = load("feature-extraction")
    texts = ["A cat sits on the mat.", "A kitten is resting on the rug.", "Stocks fell sharply."]
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    mask = inputs.attention_mask[..., None]
    vectors = (model(**inputs).last_hidden_state * mask).sum(1) / mask.sum(1)
    cat = torch.cosine_similarity(vectors[0], vectors[1:])
    assert cat[0] > cat[1] + 0.2


@torch.inference_mode()
def test_generated_stories_are_words_and_do_not_loop():
    tokenizer, model, _ = load("text-generation")
    inputs = tokenizer("Once upon a time", return_tensors="pt")
    transformers.set_seed(0)
    out = model.generate(**inputs, max_new_tokens=60, do_sample=True, top_p=0.95, temperature=0.7)
    words = tokenizer.decode(out[0]).split()
    assert len(words) > 30 and len(set(words)) > len(words) / 3
