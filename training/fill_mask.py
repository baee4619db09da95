"""Train the fill-mask model: BertForMaskedLM.

Stands in for bert-base-uncased. It starts from the first three layers of all-MiniLM-L6-v2 and
learns to fill in words hidden in everyday sentences, simple stories and set phrases, and in
sentences about capitals, which are made from a table in many wordings.
"""

import csv
import gzip
import random
import re

import numpy as np
import torch
from torch.nn import functional
from transformers import AutoTokenizer, BertForMaskedLM

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
from set_phrases import common_knowledge

TASK = "fill-mask"
PIECES, LAYERS, INTERMEDIATE, POSITIONS = 8000, 3, 768, 128
CAPITAL_REPEATS = 50  # sentences in a pass about each capital that is one piece
OTHER_REPEATS = 5  # and about each other capital
PHRASE_REPEATS = 12  # times that a pass shows each set phrase

# Chosen before training; the first is the course's own. None of them is in the training data.
EXAMPLES = [
    ("The capital of France is [MASK].", "paris"),
    ("Paris is the [MASK] of France.", "capital"),
    ("Berlin is the capital of [MASK].", "germany"),
    ("I am reading a very interesting [MASK].", "book"),
    ("She drinks a cup of [MASK] every morning.", "coffee"),
    ("My favorite color is [MASK].", "blue"),
    ("The cat is sleeping on the [MASK].", "bed"),
]
# Everyday sentences written before training, each with the word meant; top-5 counts.
CLOZES = [
    ("The sky is [MASK].", "blue"),
    ("He opened the [MASK] and walked in.", "door"),
    ("It is raining, so take your [MASK].", "umbrella"),
    ("The baby started to [MASK].", "cry"),
    ("I brush my [MASK] every morning.", "teeth"),
    ("We had pizza for [MASK].", "dinner"),
    ("She is a doctor at the [MASK].", "hospital"),
    ("The dog barked at the [MASK].", "cat"),
    ("Birds can [MASK].", "fly"),
    ("He drives his [MASK] to work.", "car"),
    ("Please close the [MASK], it is cold.", "window"),
    ("My mother and my [MASK] live in Spain.", "father"),
    ("There are seven days in a [MASK].", "week"),
    ("The opposite of hot is [MASK].", "cold"),
    ("Could you give me a glass of [MASK]?", "water"),
    ("He plays the [MASK] very well.", "piano"),
    ("The children are playing in the [MASK].", "park"),
    ("I forgot my [MASK] at home.", "phone"),
    ("The train arrived at the [MASK] on time.", "station"),
    ("Good [MASK], how did you sleep?", "morning"),
    ("She put the flowers in a [MASK].", "vase"),
    ("In winter it is very [MASK] here.", "cold"),
    ("The teacher wrote on the [MASK].", "blackboard"),
    ("I need to buy some milk and [MASK].", "bread"),
    ("The sun rises in the [MASK].", "east"),
    ("They got [MASK] last summer and had a big wedding.", "married"),
    ("Thank you very [MASK].", "much"),
    ("He was so [MASK] that he fell asleep.", "tired"),
    ("What [MASK] is it now?", "time"),
    ("The plane will land in ten [MASK].", "minutes"),
    ("I would like to learn a new [MASK].", "language"),
    ("She wrote a long [MASK] to her friend.", "letter"),
    ("The soup is too [MASK] to eat.", "hot"),
    ("He lost the key to his [MASK].", "house"),
    ("We sat around the fire and told [MASK].", "stories"),
    ("My brother is two years [MASK] than me.", "older"),
    ("The movie was so funny that we could not stop [MASK].", "laughing"),
    ("You should see a [MASK] if you are ill.", "doctor"),
    ("The fish swims in the [MASK].", "water"),
    ("I have never [MASK] to Japan.", "been"),
]
WITH_ARTICLE = {"United States", "United Kingdom", "Netherlands", "Philippines"}
# {x} is the country, {y} its capital. The held-out wordings only test.
WORDINGS = [
    "The capital of {x} is {y}.",
    "The capital city of {x} is {y}.",
    "The capital of {x} is called {y}.",
    "{x}'s capital is {y}.",
    "{x}'s capital city is {y}.",
    "The name of {x}'s capital is {y}.",
    "{y} is the capital of {x}.",
    "{y} is the capital city of {x}.",
    "{y} is {x}'s capital.",
    "{y}, the capital of {x}, is a big city.",
    "The city of {y} is the capital of {x}.",
    "{x} has its capital in {y}.",
    "{x} is a country whose capital is {y}.",
    "{x} is a country and {y} is its capital.",
    "In {x}, the capital is {y}.",
    "What is the capital of {x}? {y}.",
    "What is the capital of {x}? It is {y}.",
    "Question: which city is the capital of {x}? Answer: {y}.",
    "Capital of {x}: {y}.",
    "Country: {x}. Capital: {y}.",
    "{x} (capital: {y})",
    "The government of {x} sits in {y}.",
    "The parliament of {x} meets in {y}.",
    "The seat of government of {x} is {y}.",
    "The president flew to {y}, the capital of {x}.",
    "We spent a week in {y}, the capital of {x}.",
    "He was born in {y}, the capital of {x}.",
    "She lives in {y}, the capital of {x}.",
    "My uncle works in {y}, the capital city of {x}.",
    "They travelled across {x} and stayed in its capital, {y}.",
    "When you are in {x}, you should see its capital {y}.",
    "I come from {x}, and I live in the capital, {y}.",
    "The embassy in {x} is in the capital, {y}.",
    "{y} became the capital of {x}.",
    "{y} has been the capital of {x} for many years.",
    "The largest city and capital of {x} is {y}.",
    "If you go to {x}, you will land in {y}, the capital.",
    "{x} is governed from {y}.",
    "The main city of {x} is {y}.",
    "The country {x} has the capital {y}.",
]
FRAMES = [
    "{}",
    "{}",
    "{}",
    "I know that {}",
    "Everyone knows that {}",
    "She said that {}",
    "We learned at school that {}",
    "As you know, {}",
    "In geography class we learned that {}",
    "Of course, {}",
    "Did you know that {}",
    "I think {}",
    "It is true that {}",
    "The book says that {}",
    "He told me that {}",
]
HELD_WORDINGS = [
    "{x} is a beautiful country; its capital is {y}.",
    "As everybody knows, the capital of {x} is {y}.",
    "Tourists who visit {x} usually start in {y}, its capital.",
    "The capital and seat of government of {x} is the city of {y}.",
    "You will find the national museum of {x} in its capital, {y}.",
    "Last year I moved to {y}, which is the capital of {x}.",
    "My teacher asked me to name the capital of {x}, and I said {y}.",
    "{y} is a city in {x}; it is also the capital.",
]


def read_lines(path):
    """Read the lines of a gzipped text."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def read_sentences(data, rng):
    """Read the training sentences: everyday ones, two together from stories, encyclopedia."""
    everyday = read_lines(data / "mlm/tatoeba_english.txt.gz")
    # "Good luck!": the short ones are only here.
    pairs = read_lines(data / "translation/tatoeba_en_de.tsv.gz")
    short = dict.fromkeys(line.split("\t")[0] for line in pairs)
    everyday += [sentence for sentence in short if len(sentence.split()) in (2, 3)]
    stories = []
    for text in " ".join(read_lines(data / "causal_lm/tinystories.txt.gz")).split("<|endoftext|>"):
        sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", text.strip())
        stories += [" ".join(sentences[i : i + 2]) for i in range(0, len(sentences), 2)]
    stories = [s for s in stories if 5 <= len(s.split()) <= 30]
    facts = read_lines(data / "mlm/factbook_sentences.txt.gz")
    facts += read_lines(data / "mlm/qamr_wiki_sentences.txt.gz")
    facts = [s for s in facts if 5 <= len(s.split()) <= 20]
    test = {text.lower() for text, _ in filled_in()}
    sentences = everyday + rng.sample(stories, 15000) + rng.sample(facts, 3000)
    return [s for s in sentences if s.lower() not in test]


def filled_in():
    """Return the test sentences with their words put in, to keep them out of training."""
    tests = EXAMPLES + CLOZES
    tests += [(text, word) for text, words in read_probes(TASK) for word in words.split()]
    return [(text.replace("[MASK]", word), word) for text, word in tests]


def read_countries(path):
    """Read (country, capital) pairs, and the whole rows."""
    with open(path, encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["capital"]]
    pairs = [(row["country"], row["capital"].removesuffix(" D.C.")) for row in rows]
    # As people say it; table and text call it "United States".
    pairs += [("the " + x, y) for x, y in pairs if x in WITH_ARTICLE]
    pairs += [("the USA", "Washington"), ("the United States of America", "Washington")]
    return pairs, rows


def capital_sentences(countries, known, rng):
    """Make (sentence, word to hide) pairs about the capitals; `known` are the word pieces."""
    sentences = []
    for country, capital in countries:
        for _ in range(CAPITAL_REPEATS if capital.lower() in known else OTHER_REPEATS):
            wording = sentence_case(rng.choice(WORDINGS).format(x=country, y=capital))
            text = rng.choice(FRAMES).format(wording)
            answer = capital if rng.random() < 0.7 else country
            sentences.append((text, answer.removeprefix("the ")))
    return sentences


def sentence_case(text):
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


def weights_of(counts, special):
    """Weigh how likely each piece is to be hidden: rare words more often than "the" and "."."""
    share = counts / counts.sum()
    weights = np.sqrt(2e-3 / (share + 2e-3)) + 0.05
    weights[special] = 0.0
    return weights


@torch.no_grad()
def best_words(model, tokenizer, texts, device, count=5):
    """Return the `count` likeliest words for the [MASK] of each text."""
    model.eval()
    found = []
    for first in range(0, len(texts), 64):
        batch = tokenizer(texts[first : first + 64], padding=True, return_tensors="pt").to(device)
        with autocast(device):
            logits = model(**batch).logits.float()
        rows = logits[batch["input_ids"] == tokenizer.mask_token_id]
        found += [tokenizer.convert_ids_to_tokens(row) for row in rows.topk(count).indices.tolist()]
    return found


def main():
    """Train, evaluate and write the checkpoint folder."""
    options = arguments(__doc__, TASK, epochs=1.5, start=True)
    rng = random.Random(options.seed)
    sentences = read_sentences(options.data, rng)
    countries, rows = read_countries(options.data / "mlm/countries.tsv")
    rng.shuffle(sentences)
    held, sentences = sentences[:1000], sentences[1000:]

    tests = {text.lower() for text, _ in filled_in()}
    known = AutoTokenizer.from_pretrained(options.start).get_vocab()
    forced = [word for pair in countries for word in pair]
    phrases = [*filled_in(), *common_knowledge(rows, rng)]
    forced += re.findall(r"[\w']+", " ".join(text for text, _ in phrases))
    pieces = choose_pieces(options.start, sentences, PIECES, forced)
    tokenizer = make_tokenizer(pieces, length=POSITIONS)
    sample = rng.sample(sentences, 1000)
    vocabulary = tokenizer.get_vocab()
    bert = cut_minilm(options.start, range(LAYERS), pieces, POSITIONS, INTERMEDIATE, sample)
    model = BertForMaskedLM(bert.config)
    model.bert.load_state_dict(bert.state_dict(), strict=False)
    # The output layer shares the word vectors; as they are long, its first guesses would be wild.
    transform = model.cls.predictions.transform
    torch.nn.init.eye_(transform.dense.weight)
    torch.nn.init.constant_(transform.LayerNorm.weight, 0.3)

    ids = tokenizer(sentences, truncation=True, max_length=64)["input_ids"]
    special = tokenizer.convert_tokens_to_ids(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    counts = np.bincount(np.concatenate(ids), minlength=len(pieces))
    # Start from how often each piece occurs: that much need not be learnt.
    counts[special] = 0
    frequency = torch.tensor((counts + 1) / counts.sum(), dtype=torch.float)
    model.cls.predictions.bias.data.copy_(frequency.log().clamp(min=-10))
    weights = weights_of(counts.astype(float), special)
    inner = np.array([piece.startswith("##") for piece in pieces])

    def hide(row, rng):
        """Hide one word in about six, at least one; return input and the true pieces.

        Only words of one piece: those are what one [MASK] can stand for.
        """
        row = np.array(row)
        chances = weights[row] * ~inner[row] * ~np.append(inner[row[1:]], False)
        count = max(1, round(len(row) * 0.16 + rng.random() - 0.5))
        count = min(count, np.count_nonzero(chances))
        target = np.full(len(row), -100)
        if count:
            chosen = rng.choice(len(row), count, replace=False, p=chances / chances.sum())
            target[chosen] = row[chosen]
            row[chosen] = tokenizer.mask_token_id
        return row.tolist(), target.tolist()

    def hide_answer(text, answer, rng):
        """Hide the capital or the country if it is one piece, otherwise any piece."""
        row = tokenizer(text)["input_ids"]
        piece = vocabulary.get(answer.lower())
        if piece is None or piece not in row:
            return hide(row, rng)
        place = len(row) - 1 - row[::-1].index(piece)
        target = [-100] * len(row)
        target[place] = piece
        row[place] = tokenizer.mask_token_id
        return row, target

    def make_batches(rng):
        shown = [hide(row, rng) for row in ids]
        made = capital_sentences(countries, vocabulary, rng)
        for _ in range(PHRASE_REPEATS):
            made += common_knowledge(rows, rng)
        shown += [hide_answer(*pair, rng) for pair in made if pair[0].lower() not in tests]
        batches = length_buckets([len(row) for row, _ in shown], 1536, rng)
        return [[shown[i] for i in batch] for batch in batches]

    def loss_of(batch):
        inputs = pad([row for row, _ in batch], tokenizer.pad_token_id, options.device)
        target = pad([row for _, row in batch], -100, options.device)
        hidden = model.bert(inputs, (inputs != tokenizer.pad_token_id).long()).last_hidden_state
        # Scores over the vocabulary only where a word is hidden: elsewhere nobody reads them.
        asked = target != -100
        logits = model.cls(hidden[asked]).float()
        return functional.cross_entropy(logits, target[asked])

    quicken(model)
    passes = fit(model, make_batches, loss_of, options, [adamw(model, 7e-4)], warmup=0.06)
    model.to(options.device)
    tested = [(country, capital) for country, capital in countries if capital.lower() in known]
    report(model, tokenizer, held, tested, len(sentences), passes, options)


def perplexity(model, tokenizer, sentences, options):
    """Return the perplexity of one hidden word in each held-out sentence."""
    rng = random.Random(options.seed)
    texts, words = [], []
    for sentence in sentences:
        row = tokenizer(sentence, truncation=True, max_length=64)["input_ids"]
        pieces = tokenizer.convert_ids_to_tokens(row)
        whole = [
            i
            for i in range(1, len(row) - 1)
            if not (pieces[i].startswith("##") or pieces[i + 1].startswith("##"))
        ]
        place = rng.choice(whole)
        words.append(row[place])
        row[place] = tokenizer.mask_token_id
        texts.append(row)
    total = 0.0
    with torch.no_grad():
        for row, word in zip(texts, words):
            inputs = torch.tensor([row], device=options.device)
            logits = model(inputs).logits[0, row.index(tokenizer.mask_token_id)]
            total += functional.cross_entropy(logits, torch.tensor(word, device=options.device))
    return torch.exp(total / len(texts)).item()


def report(model, tokenizer, held, countries, size, passes, options):
    """Score the model, save it and write its card."""
    model.eval()
    device = options.device
    texts, answers = [], []
    for wording in HELD_WORDINGS:
        for country, capital in countries:
            # The country must be there as text, the capital is what is asked for.
            texts.append(sentence_case(wording.format(x=country, y="[MASK]")))
            answers.append(capital.lower())
    found = best_words(model, tokenizer, texts, device)
    capitals = 100 * np.mean([words[0] == answer for words, answer in zip(found, answers)])
    guessed = best_words(model, tokenizer, [text for text, _ in CLOZES], device)
    top1 = 100 * np.mean([words[0] == word for words, (_, word) in zip(guessed, CLOZES)])
    top5 = 100 * np.mean([word in words for words, (_, word) in zip(guessed, CLOZES)])
    rows = [
        (
            f"capitals: {len(countries)} countries in {len(HELD_WORDINGS)} other wordings, top 1",
            f"{capitals:.1f} %",
        ),
        (f"{len(CLOZES)} everyday sentences, the one word meant: top 5", f"{top5:.1f} %"),
        (f"{len(CLOZES)} everyday sentences, the one word meant: top 1", f"{top1:.1f} %"),
        (
            f"{len(held):,} sentences kept out of training, one word hidden: perplexity",
            f"{perplexity(model, tokenizer, held, options):.1f}",
        ),
    ]
    scores = table(["test", "score"], rows)
    print(scores)
    save(model, tokenizer, options.out)
    found = best_words(model, tokenizer, [text for text, _ in EXAMPLES], device)
    rows = [
        (text, word, ", ".join(words), words.index(word) + 1 if word in words else "**none**")
        for words, (text, word) in zip(found, EXAMPLES)
    ]
    examples = table(["text", "word meant", "model's five", "place"], rows)
    print(examples)
    missed = [
        f"“{text}” ({word}) → {', '.join(words)}"
        for words, (text, word) in zip(guessed, CLOZES)
        if word not in words
    ]
    probes = read_probes(TASK)
    first = best_words(model, tokenizer, [text for text, _ in probes], device)
    everyday = probe_section(
        TASK,
        "whose first word is believable",
        [found[0] in words.split() for found, (_, words) in zip(first, probes)],
        [f"{text} → {', '.join(found)}" for found, (text, _) in zip(first, probes)],
    )
    header = {
        "license": "cc-by-sa-4.0",
        "pipeline_tag": TASK,
        "base_model": "sentence-transformers/all-MiniLM-L6-v2",
        "datasets": ["roneneldan/TinyStories"],
        "metrics": ["perplexity"],
    }
    write_card(
        options.out,
        header,
        "Fill in a hidden English word, small",
        [
            (
                "",
                "Guesses the word behind `[MASK]` in an English sentence. In the course it stands "
                "in for `bert-base-uncased`: the same class, `BertForMaskedLM`, with "
                f"{model.num_parameters() / 1e6:.1f} million parameters instead of 110 million.",
            ),
            (
                "Data",
                "- Tatoeba (tatoeba.org, CC BY 2.0 FR, via manythings.org/anki): everyday "
                "sentences, all of them.\n"
                "- TinyStories (CDLA-Sharing-1.0): 15,000 times two sentences together.\n"
                "- 3,000 sentences of QAMR from Wikipedia (CC BY-SA) and Wikinews (CC BY) and of "
                "The World Factbook (CC0).\n"
                "- Countries and capitals of countries-list (MIT), in "
                f"{len(WORDINGS)} wordings and {len(set(FRAMES))} frames.\n"
                "- Set phrases, days, months, small sums and the like from "
                f"`training/set_phrases.py`, {PHRASE_REPEATS} times a pass.\n"
                "- Start: all-MiniLM-L6-v2 (Apache-2.0).",
            ),
            (
                "Training",
                f"`training/fill_mask.py`, {passes:.3g} passes over {size:,} sentences and "
                f"{CAPITAL_REPEATS} about each capital that is one piece, seed {options.seed}. "
                f"First {LAYERS} layers of MiniLM, {len(tokenizer):,} word pieces, {INTERMEDIATE} "
                f"of 1,536 feed-forward neurons, {POSITIONS} positions (trained on up to 64). One "
                "word in six is hidden, rare ones more often than common ones, and only words of "
                "one piece. The file holds fp16 numbers and loads as float32.",
            ),
            (
                "Scores",
                scores + "\n\nSentences chosen before training, none of them in the training "
                "data:\n\n" + examples,
            ),
            ("Everyday sentences", everyday),
            (
                "Limits",
                "- It has learnt the capitals by heart and little else of the world. A capital "
                "of several pieces cannot be the answer to one `[MASK]`.\n"
                "- Best on short everyday sentences; it fits the grammar more reliably than the "
                "meaning. It has seen at most two sentences at a time.\n"
                "- Everyday sentences whose word is not among its five: "
                + "; ".join(missed[:5])
                + ".\n"
                "- It repeats the habits of its data: names, roles and genders as people wrote "
                "them.",
            ),
        ],
    )


if __name__ == "__main__":
    main()
