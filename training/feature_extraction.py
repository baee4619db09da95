"""Train the feature model: BertModel whose mean-pooled output embeds sentences.

Stands in for bert-base-uncased loaded through AutoModel. It is all-MiniLM-L6-v2 with half of the
layers, a third of the feed-forward neurons and a sixth of the vocabulary, trained to give each
sentence the vector that the whole MiniLM gives it.
"""

import csv
import gzip
import json
import random
import re

import numpy as np
import torch
from scipy.stats import spearmanr
from torch.nn import functional
from tqdm import tqdm
from transformers import AutoTokenizer, BertModel

from common import (
    adamw,
    arguments,
    autocast,
    choose_pieces,
    cut_minilm,
    fit,
    length_buckets,
    make_tokenizer,
    pad,
    probe_section,
    quicken,
    read_probes,
    save,
    table,
    write_card,
)
from everyday_german import NOUNS, PEOPLE, everyday_pairs

TASK = "feature-extraction"
PIECES, LAYERS, INTERMEDIATE, POSITIONS = 4900, [0, 2, 5], 512, 128
LONGEST = 64  # pieces of a sentence in training

# Chosen before training, none of them in the training data: a sentence, one that means nearly the
# same and one that does not. The first pair must be the closer one.
EXAMPLES = [
    ("How old are you?", "What is your age?", "Where is the station?"),
    ("A man is playing the guitar.", "Someone plays an instrument.", "The stock market fell."),
    ("I love this film.", "That movie was wonderful.", "My car needs new tyres."),
    ("The weather is lovely today.", "It is sunny outside.", "He drove to the stadium."),
    ("AutoModel loads a pretrained network.", "The class gives you a model.", "I ate an apple."),
    ("The cat sat on the mat.", "A kitten was lying on a rug.", "Interest rates rose again."),
]


def read_sentences(data, rng):
    """Read sentences of many kinds: {kind: list}, and pairs that share a German translation."""

    def lines(path):
        with gzip.open(data / path, "rt", encoding="utf-8") as file:
            return [line.strip() for line in file if line.strip()]

    def column(path, name):
        with open(data / path, encoding="utf-8") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            return [row[name].strip() for row in reader]

    german = {}
    for line in lines("translation/tatoeba_en_de.tsv.gz"):
        english, translation = line.split("\t")[:2]
        german.setdefault(translation, set()).add(english)
    alike = [sorted(group) for group in german.values() if len(group) > 1]
    # "I'm tired." and "I am tired." are too easy a pair.
    alike = [group[:2] for group in alike if len(set(words(group[0])) ^ set(words(group[1]))) > 2]

    news, sentence = [], []
    for line in lines_with_blank(data / "ner/gmb_news.conll.gz"):
        if line:
            sentence.append(line.split("\t")[0])
        elif sentence:
            news.append(re.sub(r" ([.,;:?!%)]|'s)", r"\1", " ".join(sentence)))
            sentence = []
    questions = [
        json.loads(line)["question"]
        for path in ("qa/qamr.jsonl.gz", "qa/squad_dev_articles.jsonl.gz")
        for line in lines(path)
    ]
    stories = " ".join(lines("causal_lm/tinystories.txt.gz")).replace("<|endoftext|>", "")
    pairs = everyday_pairs(12000, rng)
    kinds = {
        "everyday": (lines("mlm/tatoeba_english.txt.gz"), 26000),
        "template-made": ([english for part in pairs for english, _ in part], 6000),
        "news": (news, 1500),
        "questions": (questions, 4000),
        "Wikipedia": (lines("mlm/qamr_wiki_sentences.txt.gz"), 1500),
        "reviews": (column("sentiment/uci_reviews.tsv", "sentence"), 1500),
        "film phrases": (column("sentiment/sst2_train.tsv", "sentence"), 1500),
        "stories": (re.split(r"(?<=[.!?]) (?=[A-Z])", stories), 1500),
        "facts": (lines("mlm/factbook_sentences.txt.gz"), 500),
    }
    chosen = {}
    for kind, (sentences, count) in kinds.items():
        sentences = sorted({s for s in sentences if 2 <= len(s.split()) <= 45})
        chosen[kind] = rng.sample(sentences, min(count, len(sentences)))
    rng.shuffle(alike)
    return chosen, alike


def words(text):
    """Split a sentence into lower-case words."""
    return re.findall(r"[a-z']+", text.lower())


def lines_with_blank(path):
    """Read the lines of a gzipped text, empty ones too."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file]


def embed(model, inputs, mask):
    """Average the output over the real pieces and scale to length 1, as all-MiniLM does."""
    hidden = model(input_ids=inputs, attention_mask=mask).last_hidden_state.float()
    weights = mask.unsqueeze(-1).float()
    return functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)


@torch.no_grad()
def vectors(model, tokenizer, texts, device, name=None):
    """Embed texts, similar lengths together."""
    model.to(device).eval()
    ids = tokenizer(texts, truncation=True, max_length=LONGEST)["input_ids"]
    result = np.zeros((len(texts), model.config.hidden_size), dtype=np.float32)
    rng = np.random.default_rng(0)
    batches = length_buckets([len(row) for row in ids], 2048, rng)
    for batch in tqdm(batches, desc=name, disable=name is None, mininterval=5):
        inputs = pad([ids[i] for i in batch], tokenizer.pad_token_id, device)
        with autocast(device):
            output = embed(model, inputs, (inputs != tokenizer.pad_token_id).long())
        result[batch] = output.cpu().numpy()
    return result


def main():
    """Train, evaluate and write the checkpoint folder."""
    options = arguments(__doc__, TASK, epochs=3.0, start=True)
    rng = random.Random(options.seed)
    kinds, alike = read_sentences(options.data, rng)
    examples = {text for row in EXAMPLES for text in row}
    held = {kind: sentences[:200] for kind, sentences in kinds.items()}
    held_pairs = alike[:800]
    probed = {text for row in read_probes(TASK) for cell in row for text in cell.split("|")}
    unseen = examples.union(probed, *held.values(), *held_pairs)
    texts = [text for sentences in kinds.values() for text in sentences if text not in unseen]
    texts += [text for pair in alike[800:2800] for text in pair if text not in unseen]
    texts = sorted(set(texts))

    teacher = BertModel.from_pretrained(options.start, attn_implementation="eager")
    teacher_tokenizer = AutoTokenizer.from_pretrained(options.start)
    forced = words(" ".join(examples) + NOUNS + PEOPLE)
    pieces = choose_pieces(options.start, texts, PIECES, forced)
    tokenizer = make_tokenizer(pieces, length=POSITIONS)
    model = cut_minilm(
        options.start, LAYERS, pieces, POSITIONS, INTERMEDIATE, rng.sample(texts, 1000)
    )

    goal = vectors(teacher, teacher_tokenizer, texts, options.device, "teacher")
    goal = torch.from_numpy(goal)
    ids = tokenizer(texts, truncation=True, max_length=LONGEST)["input_ids"]
    lengths = [len(row) for row in ids]

    def loss_of(batch):
        inputs = pad([ids[i] for i in batch], tokenizer.pad_token_id, options.device)
        found = embed(model, inputs, (inputs != tokenizer.pad_token_id).long())
        wanted = goal[batch].to(options.device)
        # Both the vectors and the similarities between the sentences of a batch shall agree.
        distance = (found - wanted).square().sum(1).mean()
        similarity = (found @ found.T - wanted @ wanted.T).square().mean()
        return distance + 20 * similarity

    quicken(model)
    passes = fit(
        model,
        lambda rng: length_buckets(lengths, 1536, rng),
        loss_of,
        options,
        [adamw(model, 1e-3)],
        warmup=0.05,
    )
    counts = (len(texts), passes)
    report(model.to(options.device), tokenizer, teacher, held, held_pairs, counts, options)


def first_choices(space, groups):
    """Find the nearest other sentence of each sentence within its group (rows of `space`)."""
    found = []
    for rows in groups:
        cosines = space[rows] @ space[rows].T
        np.fill_diagonal(cosines, -1)
        found += [rows[best] for best in cosines.argmax(1)]
    return np.array(found)


def report(model, tokenizer, teacher, held, held_pairs, counts, options):
    """Score the model, save it and write its card."""
    size, passes = counts
    rng = random.Random(options.seed)
    teacher_tokenizer = AutoTokenizer.from_pretrained(options.start)
    everything = [text for sentences in held.values() for text in sentences]
    within = [tuple(rng.sample(sentences, 2)) for sentences in held.values() for _ in range(150)]
    across = [tuple(rng.sample(everything, 2)) for _ in range(800)]
    tests = {
        "two random sentences": across,
        "two sentences of one kind": within,
        "two with a common German translation": [tuple(pair) for pair in held_pairs],
    }
    tests = {"all pairs": [pair for pairs in tests.values() for pair in pairs], **tests}
    unique = sorted({text for pair in tests["all pairs"] for text in pair})
    probes = read_probes(TASK)
    unique += sorted({text for row in EXAMPLES for text in row})
    unique += everything
    unique += [text for text, near, far in probes for text in (text, near, *far.split("|"))]
    unique = list(dict.fromkeys(unique))
    place = {text: i for i, text in enumerate(unique)}
    small = vectors(model, tokenizer, unique, options.device)
    large = vectors(teacher, teacher_tokenizer, unique, options.device)
    rows = []
    for name, pairs in tests.items():
        left, right = ([place[pair[side]] for pair in pairs] for side in (0, 1))
        cosines = [(space[left] * space[right]).sum(1) for space in (small, large)]
        score = spearmanr(*cosines).statistic
        rows.append((name, len(pairs), f"{score:.3f}"))
    scores = table(["pairs", "number", "Spearman"], rows)
    groups = [[place[text] for text in sentences] for sentences in held.values()]
    groups.append([place[text] for pair in held_pairs for text in pair])
    same = first_choices(small, groups) == first_choices(large, groups)
    scores += (
        f"\n\nOf {len(same):,} of these sentences, {100 * same.mean():.1f} % have the same nearest "
        "neighbour among the others of their kind as by the whole model."
    )
    print(scores)

    def closer(space, text, near, far):
        one, *others = (space[place[text]] @ space[place[o]] for o in (near, *far.split("|")))
        return one > max(others)

    everyday = probe_section(
        TASK,
        "for which the right text is nearer than all others",
        [closer(small, *probe) for probe in probes],
        [f"{text} → not {near} ({far})" for text, near, far in probes],
    )
    everyday += f"\n\nThe whole model has {sum(closer(large, *probe) for probe in probes)} right."
    rows = []
    for text, near, far in EXAMPLES:
        first = small[place[text]] @ small[place[near]]
        second = small[place[text]] @ small[place[far]]
        right = "yes" if first > second else "**no**"
        rows.append((text, near, f"{first:.2f}", far, f"{second:.2f}", right))
    examples = table(["sentence", "near", "cosine", "far", "cosine", "right"], rows)
    print(examples)
    save(model, tokenizer, options.out)
    header = {
        "license": "cc-by-sa-4.0",
        "pipeline_tag": TASK,
        "base_model": "sentence-transformers/all-MiniLM-L6-v2",
        "tags": ["sentence-similarity"],
        "metrics": ["spearmanr"],
    }
    write_card(
        options.out,
        header,
        "Sentence features, small",
        [
            (
                "",
                "Gives each piece of an English text a vector of 384 numbers; their average over "
                "the pieces (by the attention mask) stands for the sentence, and the cosine of two "
                "such averages tells how close in meaning two sentences are. In the course it "
                "stands in for `all-MiniLM-L6-v2` loaded with `AutoModel`: the same class, "
                f"`BertModel`, with {model.num_parameters() / 1e6:.1f} million parameters instead "
                "of 22.7 million.",
            ),
            (
                "Data",
                f"{size:,} sentences without labels; the goal is what all-MiniLM-L6-v2 "
                "(Apache-2.0) makes of them:\n\n"
                "- Tatoeba (tatoeba.org, CC BY 2.0 FR, via manythings.org/anki)\n"
                "- GMB news (the Kaggle copy is under ODbL)\n"
                "- questions of SQuAD (CC BY-SA 4.0) and QAMR (MIT)\n"
                "- Wikipedia sentences of QAMR (CC BY-SA, CC BY)\n"
                "- Sentiment Labelled Sentences (CC BY 4.0), SST-2 phrases (no explicit licence)\n"
                "- TinyStories (CDLA-Sharing-1.0), The World Factbook (CC0)\n"
                "- English sentences made by `training/everyday_german.py`",
            ),
            (
                "Training",
                f"`training/feature_extraction.py`, {passes:.3g} passes, seed "
                f"{options.seed}. Layers {', '.join(str(i + 1) for i in LAYERS)} of MiniLM's six, "
                f"{len(tokenizer):,} word pieces, {INTERMEDIATE} of 1,536 feed-forward neurons, "
                f"{POSITIONS} positions (trained on up to {LONGEST}). Trained to agree with "
                "MiniLM's mean-pooled vectors and with the cosines between the sentences of a "
                "batch. The file holds fp16 numbers and loads as float32.",
            ),
            (
                "Scores",
                "Rank correlation (Spearman) of this model's cosines with those of the whole "
                "all-MiniLM-L6-v2, on sentences kept out of training:\n\n"
                + scores
                + "\n\nSentences chosen before training:\n\n"
                + examples,
            ),
            ("Everyday sentences", everyday),
            (
                "Limits",
                "- The pooler (`pooler_output`) is MiniLM's own and was trained for nothing that "
                "the course does. Use the averaged `last_hidden_state`, not the `[CLS]` vector.\n"
                "- It agrees with its teacher, mistakes included: “I like it” and “I do not like "
                "it” come out close.\n"
                "- Rare words and names fall into pieces it knows little about; English only; "
                f"texts beyond {LONGEST} pieces were never seen.",
            ),
        ],
    )


if __name__ == "__main__":
    main()
