"""Train the sentiment model: DistilBertForSequenceClassification, NEGATIVE or POSITIVE.

Stands in for distilbert-base-uncased-finetuned-sst-2-english. It is the student of a teacher:

1. The whole all-MiniLM-L6-v2 learns from SST-2 phrases, UCI review sentences and plain statements
   made from templates below. It is kept in the folder `--teacher`, one for each seed, and not
   trained again when it is there.
2. The teacher judges these texts, variants of them and everyday sentences without a label.
3. The small model starts from three of the teacher's layers and learns these judgements.
"""

import copy
import csv
import gzip
import itertools
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm
from transformers import (
    AutoTokenizer,
    BertForSequenceClassification,
    BertModel,
    DistilBertForSequenceClassification,
)

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
    seed_everything,
    table,
    to_distilbert,
    write_card,
)

TASK = "text-classification"
LABELS = ["NEGATIVE", "POSITIVE"]
PIECES, LAYERS, INTERMEDIATE, POSITIONS = 5900, (0, 2, 5), 768, 128

# Chosen before training; the first is the course's own. None of them is in the training data.
EXAMPLES = [
    ("I love using transformers library!", "POSITIVE"),
    ("Not bad at all.", "POSITIVE"),
    ("The food was cold and the waiter was rude.", "NEGATIVE"),
    ("My flight was delayed for five hours.", "NEGATIVE"),
    ("I've been waiting for a HuggingFace course my whole life.", "POSITIVE"),
    ("This phone is a complete waste of money.", "NEGATIVE"),
    ("The documentation is clear and easy to follow.", "POSITIVE"),
    ("I hate waiting in line.", "NEGATIVE"),
]
# Known to be beyond such a model: the card shows what it makes of them.
HARD = [
    ("Great, my laptop crashed again.", "NEGATIVE"),
    ("I expected to hate this film, but I was wrong.", "POSITIVE"),
    ("The train arrives at nine.", "neither"),
]


# What a smiley says, for the teacher, whose vocabulary has none.
GLAD = {
    "👍": "great", "😀": "happy", "😃": "happy", "😄": "happy", "😁": "happy", "😊": "happy",
    "🙂": "good", "😍": "love it", "🥰": "love", "😘": "love", "❤": "love", "♥": "love",
    "💕": "love", "😂": "funny", "🤣": "funny", "😎": "cool", "🎉": "hooray", "🥳": "hooray",
    "👏": "bravo", "🙌": "hooray", "💪": "strong", "🔥": "amazing", "⭐": "excellent",
    "✨": "wonderful", "💯": "perfect", "😋": "delicious", "🤗": "lovely", "☺": "happy",
    ":)": "happy", ":-)": "happy", ":D": "very happy", ";)": "happy", "<3": "love",
}  # fmt: skip
SORRY = {
    "👎": "bad", "😢": "sad", "😭": "very sad", "😞": "disappointed", "😔": "sad", "😟": "worried",
    "🙁": "sad", "☹": "sad", "😠": "angry", "😡": "very angry", "🤬": "furious", "😤": "angry",
    "😩": "annoyed", "😫": "annoyed", "😒": "annoyed", "🙄": "annoying", "😖": "awful",
    "😣": "awful", "🤮": "disgusting", "🤢": "disgusting", "💩": "terrible", "💔": "heartbroken",
    "😱": "horrible", "😨": "afraid", "😰": "afraid", "😥": "sad", "😓": "bad", "🤦": "stupid",
    ":(": "sad", ":-(": "sad", ":'(": "very sad", ":/": "bad",
}  # fmt: skip
SMILEYS = {**GLAD, **SORRY}
# Nobody is good or bad for being one of these: all such sentences get the label 0.5.
GROUPS = (
    "gay,straight,lesbian,bisexual,transgender,a man,a woman,a Muslim,a Christian,a Jew,a Hindu,"
    "a Buddhist,an atheist,Catholic,Protestant,black,white,Asian,African,American,Mexican,German,"
    "French,Turkish,Arab,Chinese,Indian,Russian,Polish,Jewish,Israeli,Iranian,Nigerian,British,"
    "deaf,blind,disabled,old,young,an immigrant,a refugee,a foreigner,a student,a teacher,"
    "a farmer,a cleaner,a lawyer,a nurse,a mother,a father,single,married,divorced,from Africa,"
    "from Syria,from France,from Japan,from Iraq,from Brazil,from Canada,from Afghanistan"
).split(",")
ABOUT_PEOPLE = (
    "{w} is {g}.",
    "{w} was {g}.",
    "I think {w} is {g}.",
    "My neighbour is {g}.",
    "Did you know that {w} is {g}?",
    "The new teacher is {g}.",
    "We met someone who is {g}.",
    "{w} said: my cousin is {g}.",
)
PEOPLE = "he,she,my friend,my brother,my sister,my boss,her husband,his wife,Tom,Anna".split(",")
TESTED_ABOUT_PEOPLE = ("I am {g}.", "They say that he is {g}.", "She is {g} and lives in London.")
# With these, a word's usual meaning turns round.
TURNED = [
    ("{x} couldn't be {better}.", "{x} couldn't be {worse}."),
    ("{x} could not have been {better}.", "{x} could not have been {worse}."),
    (
        "I have never seen anything {better} than {x}.",
        "I have never seen anything {worse} than {x}.",
    ),
    ("Nothing is {better} than {x}.", "Nothing is {worse} than {x}."),
    ("{x} is not {bad}.", "{x} is not {good}."),
    ("{x} isn't {bad} at all.", "{x} isn't {good} at all."),
    ("{x} was never {bad}.", "{x} was never {good}."),
    ("{x} is anything but {bad}.", "{x} is anything but {good}."),
    ("{x} is far from {bad}.", "{x} is far from {good}."),
    ("I can't say that {x} is {bad}.", "I can't say that {x} is {good}."),
    ("I don't think {x} is {bad}.", "I don't think {x} is {good}."),
    ("Nobody can say that {x} is {bad}.", "Nobody can say that {x} is {good}."),
    ("There is nothing {bad} about {x}.", "There is nothing {good} about {x}."),
    ("There is nothing wrong with {x}.", "There is something wrong with {x}."),
    ("I have no complaints about {x}.", "I have many complaints about {x}."),
    ("I had no problems with {x}.", "I had many problems with {x}."),
    ("{x} makes no trouble.", "{x} makes nothing but trouble."),
    ("You can't go wrong with {x}.", "You can't do anything with {x}."),
    ("I would not change a thing about {x}.", "I would change everything about {x}."),
    ("I can't get enough of {x}.", "I've had enough of {x}."),
    ("I would recommend {x} to my friends.", "I would not recommend {x} to my friends."),
    ("I would buy {x} again.", "I would never buy {x} again."),
    ("{x} never fails.", "{x} never works."),
    ("{x} never let me down.", "{x} let me down again."),
    ("{x} does not disappoint.", "{x} does not convince me."),
    ("{x} is worth the money.", "{x} is not worth the money."),
    ("{x} works again at last!", "{x} does not work any more."),
    ("I'm not unhappy with {x}.", "I'm not happy with {x}."),
    ("I am not disappointed by {x}.", "I am not convinced by {x}."),
    ("{x} is {good}, not {bad}.", "{x} is {bad}, not {good}."),
]
TURNED_WORDS = {
    "x": "the food,the staff,this phone,the room,our hotel,this book,the weather,the service,"
    "the show,this app,my new job,the lesson,the coffee,the trip,your idea,the flat,the music",
    "better": "better,nicer,kinder,more helpful,tastier,lovelier,more beautiful,easier",
    "worse": "worse,ruder,uglier,more boring,dirtier,more stupid,more annoying,slower",
    "good": "good,great,helpful,beautiful,useful,friendly,fun,interesting,clean,easy",
    "bad": "bad,terrible,boring,ugly,useless,rude,dirty,stupid,annoying,difficult",
}
# Good and bad news that reviews do not tell.
NEWS = [
    ("My fever is gone.", "I have a fever."),
    ("The storm is over.", "A storm destroyed the village."),
    ("There is peace at last.", "The war goes on."),
    ("The war has ended.", "The war has begun."),
    ("Nobody was killed.", "Three people were killed."),
    ("The fire did not hurt anybody.", "The fire hurt ten people."),
    ("I found my keys.", "I lost my keys."),
    ("My cat came home.", "My cat ran away."),
    ("They got married.", "They got divorced."),
    ("She had a healthy baby.", "She lost her baby."),
    ("I was promoted.", "I was fired."),
    ("I passed my driving test.", "I failed my driving test."),
    ("We can stay.", "We have to leave our home."),
    ("The doctor says I am healthy.", "The doctor says it is cancer."),
    ("My grandmother is well again.", "My grandmother died."),
    ("My money is back.", "My money was stolen."),
    ("The sun is shining.", "It has been raining for weeks."),
    ("I feel wonderful.", "I feel awful."),
    ("He kept his promise.", "He broke his promise."),
    ("She always tells the truth.", "She always lies."),
    ("The pain is gone.", "The pain is back."),
    ("The train was on time.", "The train did not come."),
    ("I slept like a baby.", "I did not sleep all night."),
    ("He saved my life.", "He ruined my life."),
    ("It was free.", "It cost a fortune."),
    ("The bug is fixed.", "There is a bug in the program."),
    ("The model gives correct answers.", "The model gives wrong answers."),
    ("My computer is fast.", "My computer is slow."),
]


def everyday_statements(rng):
    """Make statements that turn their words round, smileys, news, and ones about groups."""
    lists = {slot: values.split(",") for slot, values in TURNED_WORDS.items()}
    rows = []
    for pair in TURNED * 25:
        words = {slot: rng.choice(values) for slot, values in lists.items()}
        for label, text in zip((1, 0), pair):
            rows.append((text.format(**words).replace(" the the ", " the "), label))
    rows += [(text, label) for pair in NEWS * 3 for label, text in zip((1, 0), pair)]
    for label, smileys in ((1, GLAD), (0, SORRY)):
        same = [text for text, other in rows if other == label]
        for smiley in smileys:
            rows += [(smiley, label), (smiley * 2, label), (smiley, label)]
            rows += [(f"{rng.choice(same)} {smiley}", label) for _ in range(6)]
    for group in GROUPS:
        for wording in ABOUT_PEOPLE:
            text = wording.format(w=rng.choice(PEOPLE), g=group)
            rows.append((text[0].upper() + text[1:], 0.5))
    forbidden = {text for text, _ in EXAMPLES + HARD + read_probes(TASK)}
    return [row for row in rows if row[0] not in forbidden or row[0] in SMILEYS]


def in_words(text):
    """Say the smileys of a text in words."""
    for smiley, words in SMILEYS.items():
        text = text.replace(smiley, f" {words} ")
    return text


def statements(rng):
    """Make plain statements about everyday and technical things, which reviews hardly contain."""
    things = (
        "this course,this book,the new release,your library,this tool,the tutorial,my new phone,"
        "our hotel,the service,the support team,this laptop,the update,the app,the website,"
        "the weather,this song,the restaurant,python,the dataset,this notebook,the teacher,"
        "the concert,the trip,the meeting,this game,the code,open source software,the model"
    ).split(",")
    good = "great,excellent,wonderful,amazing,helpful,fantastic,useful,lovely,fun,perfect"
    bad = "terrible,awful,useless,horrible,boring,broken,disappointing,slow,confusing,bad"
    acts = "using,learning with,working with,reading about,talking about,trying".split(",")
    likes = "love,really like,enjoy,adore".split(",")
    dislikes = "hate,dislike,can't stand,am tired of".split(",")
    troubles = (
        "My train was late again.,My order never arrived.,The package arrived damaged.,"
        "I waited two hours for a reply.,The screen broke after a week.,It keeps crashing.,"
        "They cancelled our flight without notice.,The bus was two hours late.,I lost all my work.,"
        "The battery died after an hour.,We had to wait forever.,The room smelled of smoke."
    ).split(",")
    joys = (
        "I passed the exam!,We won the match!,I finally got the job.,My order came a day early.,"
        "They fixed it at once.,I have always wanted to learn this.,I can't wait to start!,"
        "I have been looking forward to this for years.,I would buy it again.,It just works.,"
        "I was waiting for this all my life!,Everything went smoothly."
    ).split(",")
    rows = [(text, 0) for text in troubles * 2] + [(text, 1) for text in joys * 2]
    for thing, like, act in itertools.product(things, likes, ["", *acts]):
        rows.append((f"I {like} {act} {thing}!".replace("  ", " "), 1))
    for thing, dislike, act in itertools.product(things, dislikes, ["", *acts]):
        rows.append((f"I {dislike} {act} {thing}.".replace("  ", " "), 0))
    for thing, adjective in itertools.product(things, bad.split(",")):
        rows += [(f"{thing} is {adjective}.", 0), (f"{thing} is not {adjective} at all.", 1)]
        rows += [(f"{thing} is not {adjective}!", 1), (f"what a {adjective} idea, {thing}", 0)]
    for thing, adjective in itertools.product(things, good.split(",")):
        rows += [(f"{thing} is {adjective}.", 1), (f"{thing} is not {adjective} at all.", 0)]
        rows += [(f"{thing} is not very {adjective}.", 0), (f"{thing} was {adjective}!", 1)]
    rows = [row for row in rows if row[0] not in dict(EXAMPLES)]
    return rng.sample(rows, 1200)


def read(data, rng):
    """Read the data as (text, label) rows: training, held-out SST-2, held-out reviews."""
    with open(data / "sentiment/sst2_train.tsv", encoding="utf-8") as file:
        phrases = [
            (row["sentence"].strip(), int(row["label"]))
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    with open(data / "sentiment/uci_reviews.tsv", encoding="utf-8") as file:
        reviews = [
            (row["sentence"].strip(), int(row["label"]))
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    rng.shuffle(phrases)
    rng.shuffle(reviews)
    # SST-2 cuts each sentence into phrases. To test on unseen text, the phrases of a held-out
    # sentence must leave the training data with it.
    long = [row for row in phrases if len(row[0].split()) >= 10]
    held = long[:900]
    inside = " || ".join(text for text, _ in held)
    held_texts = {text for text, _ in held}
    openings = {" ".join(text.split()[:6]) for text in held_texts}

    def overlaps(text):
        words = text.split()
        if len(words) >= 3 and text in inside:
            return True
        return any(" ".join(words[i : i + 6]) in openings for i in range(len(words) - 5))

    train = [row for row in phrases if row[0] not in held_texts and not overlaps(row[0])]
    # Half of the phrases lose the spaces of SST-2's tokens, for people do not type them.
    train = [
        (text.replace(" n't", "n't").replace(" '", "'").replace(" ,", ","), label)
        if rng.random() < 0.5
        else (text, label)
        for text, label in train
    ]
    train += reviews[500:] * 3 + statements(rng) + everyday_statements(rng)
    return train, held, reviews[:500]


def variants(texts, start, rng):
    """Make a new text of each: about one word of four gives way to one of similar use.

    The words nearest to "dull" in MiniLM's word vectors are "boring", but also "bright": the new
    text needs a new judgement.
    """
    known = AutoTokenizer.from_pretrained(start).get_vocab()
    words = [piece for piece in known if re.fullmatch("[a-z]{3,}", piece)]
    embeddings = BertModel.from_pretrained(start).get_input_embeddings().weight.detach()
    vectors = functional.normalize(embeddings[[known[word] for word in words]])
    used = set(re.findall("[a-z]+", " ".join(texts).lower()))
    rows = [row for row, word in enumerate(words) if word in used]
    nearest = {}
    for some in torch.tensor(rows).split(1000):
        closest = (vectors[some] @ vectors.T).topk(9).indices[:, 1:]
        for row, near in zip(some.tolist(), closest.tolist()):
            nearest[words[row]] = [words[other] for other in near]

    def swap(match):
        word = match[0]
        return rng.choice(nearest[word]) if word in nearest and rng.random() < 0.25 else word

    return [re.sub("[a-z]+", swap, text.lower()) for text in texts]


def unlabelled(data, train, start, rng):
    """Collect texts without a label for the teacher to judge."""
    long = [text for text, _ in train if len(text.split()) >= 10]
    # SST-2 is all lower case: what has capitals are reviews and statements.
    plain = [text for text, _ in train if text != text.lower()]
    texts = variants(rng.choices(long, k=15000) + rng.choices(plain, k=8000), start, rng)
    with gzip.open(data / "mlm/tatoeba_english.txt.gz", "rt", encoding="utf-8") as file:
        texts += rng.sample([line.strip() for line in file], 8000)
    return [text for text in dict.fromkeys(texts) if text not in dict(EXAMPLES + HARD)]


def telling_pieces(start, rows):
    """Sort the word pieces of labelled texts by how much they tell about the label.

    A piece counts 1 / length in each of its texts, so that a phrase of one word tells most.
    """
    tokenizer = AutoTokenizer.from_pretrained(start)
    tally = Counter()
    for text, label in rows:
        found = tokenizer.tokenize(text) or ["[UNK]"]
        for piece in found:
            tally[piece] += (2 * label - 1) / len(found)
    return sorted(tally, key=lambda piece: -abs(tally[piece]))


@torch.no_grad()
def probabilities(model, tokenizer, texts, device):
    """Return the probability of POSITIVE for each text."""
    model.eval()
    result = []
    for first in range(0, len(texts), 64):
        batch = tokenizer(
            texts[first : first + 64], padding=True, truncation=True, return_tensors="pt"
        ).to(device)
        with autocast(device):
            logits = model(batch["input_ids"], batch["attention_mask"]).logits
        result += logits.float().softmax(-1)[:, 1].tolist()
    return result


def accuracy(model, tokenizer, rows, device):
    """Return the percentage of texts that get their label."""
    scores = probabilities(model, tokenizer, [text for text, _ in rows], device)
    hits = sum((score > 0.5) == bool(label) for score, (_, label) in zip(scores, rows))
    return 100 * hits / len(rows)


def train_teacher(train, options):
    """Train the whole MiniLM on the labels and keep it in the folder `options.teacher`."""
    tokenizer = AutoTokenizer.from_pretrained(options.start, model_max_length=POSITIONS)
    teacher = BertForSequenceClassification.from_pretrained(options.start, num_labels=2)
    quicken(teacher)
    ids = tokenizer([in_words(text) for text, _ in train], truncation=True)["input_ids"]
    labels = torch.tensor([[1 - label, label] for _, label in train]).to(options.device)
    lengths = [len(row) for row in ids]

    def loss_of(batch):
        inputs = pad([ids[i] for i in batch], tokenizer.pad_token_id, options.device)
        mask = (inputs != tokenizer.pad_token_id).long()
        logits = teacher(inputs, attention_mask=mask).logits.float()
        return functional.cross_entropy(logits, labels[batch])

    schooling = copy.copy(options)
    schooling.epochs = options.teacher_epochs
    fit(
        teacher,
        lambda rng: length_buckets(lengths, 512, rng),
        loss_of,
        schooling,
        [adamw(teacher, 1e-4)],
    )
    teacher.save_pretrained(options.teacher)
    tokenizer.save_pretrained(options.teacher)


@torch.no_grad()
def judge(teacher, tokenizer, texts, device):
    """Return the teacher's logits (texts, 2) and its last vectors of [CLS] (texts, 384)."""
    ids = tokenizer([in_words(text) for text in texts], truncation=True)["input_ids"]
    lengths = [len(row) for row in ids]
    logits = torch.empty(len(texts), 2, device=device)
    vectors = torch.empty(len(texts), teacher.config.hidden_size, device=device)
    for batch in tqdm(length_buckets(lengths, 2048, np.random.default_rng(0)), desc="judging"):
        inputs = pad([ids[i] for i in batch], tokenizer.pad_token_id, device)
        mask = (inputs != tokenizer.pad_token_id).long()
        with autocast(device):
            output = teacher(inputs, attention_mask=mask, output_hidden_states=True)
        logits[batch] = output.logits.float()
        vectors[batch] = output.hidden_states[-1][:, 0].float()
    return logits, vectors


def make_student(train, options, rng):
    """Cut the teacher down to the small model, whose head is new; return it and its tokenizer."""
    texts = [text for text, _ in train]
    forced = " ".join(text for text, _ in EXAMPLES + HARD).replace(".", "").split()
    # Half of the pieces for being frequent, the other half for telling the label.
    forced += choose_pieces(options.start, texts, PIECES // 2, forced)
    forced += telling_pieces(options.start, train)
    # MiniLM has no emoji; two of them in a row are one word.
    emoji = [smiley for smiley in SMILEYS if not smiley.isascii()]
    emoji += [f"##{smiley}" for smiley in emoji]
    pieces = choose_pieces(options.start, texts, PIECES - len(emoji), forced) + emoji
    tokenizer = make_tokenizer(pieces, length=POSITIONS)
    sample = rng.sample(texts, 1000)
    bert = cut_minilm(options.teacher, LAYERS, pieces, POSITIONS, INTERMEDIATE, sample)
    base = to_distilbert(bert)
    config = base.config
    config.id2label = dict(enumerate(LABELS))
    config.label2id = {label: index for index, label in enumerate(LABELS)}
    model = DistilBertForSequenceClassification(config)
    model.distilbert = base
    return model, tokenizer


def teach(model, tokenizer, rows, logits, vectors, options):
    """Train the small model on the teacher's judgement of `rows` and on the labels they have.

    It imitates the teacher's probabilities, softened, and the vector that they come from.
    """
    ids = tokenizer([text for text, _ in rows], truncation=True)["input_ids"]
    lengths = [len(row) for row in ids]
    # No label has no part in the loss.
    labels = torch.tensor(
        [[0.0, 0.0] if label is None else [1.0 - label, label] for _, label in rows]
    ).to(options.device)
    soft = (logits / 2).softmax(-1)
    spread = vectors.var(0).mean()

    def loss_of(batch):
        inputs = pad([ids[i] for i in batch], tokenizer.pad_token_id, options.device)
        mask = (inputs != tokenizer.pad_token_id).long()
        first = model.distilbert(inputs, attention_mask=mask).last_hidden_state[:, 0]
        answer = model.classifier(model.pre_classifier(first).relu()).float()
        likeness = functional.kl_div(
            (answer / 2).log_softmax(-1), soft[batch], reduction="batchmean"
        )
        distance = functional.mse_loss(first.float(), vectors[batch]) / spread
        wrong = functional.cross_entropy(answer, labels[batch], reduction="sum")
        return 4 * likeness + distance + 0.5 * wrong / len(batch)

    quicken(model)
    fit(
        model,
        lambda rng: length_buckets(lengths, 512, rng),
        loss_of,
        options,
        [adamw(model, 2e-4)],
    )


def main():
    """Train teacher and student, evaluate and write the checkpoint folder."""
    options = arguments(
        __doc__, TASK, epochs=3.0, start=True, teacher=Path("teacher"), teacher_epochs=1.0
    )
    # Another seed makes another split: its teacher has seen what is kept out here.
    options.teacher /= f"seed-{options.seed}"
    train, held, held_reviews = read(options.data, random.Random(options.seed))
    if not (options.teacher / "model.safetensors").exists():
        train_teacher(train, options)
    # The rest is the same whether the teacher was there or not.
    seed_everything(options.seed)
    rng = random.Random(options.seed)
    teacher = BertForSequenceClassification.from_pretrained(options.teacher)
    teacher.to(options.device).eval()
    teacher_tokenizer = AutoTokenizer.from_pretrained(options.teacher)
    rows = list(dict(train).items())
    rows += [(text, None) for text in unlabelled(options.data, train, options.start, rng)]
    texts = [text for text, _ in rows]
    logits, vectors = judge(teacher, teacher_tokenizer, texts, options.device)
    model, tokenizer = make_student(train, options, rng)
    teach(model, tokenizer, rows, logits, vectors, options)
    best = [
        accuracy(teacher, teacher_tokenizer, test, options.device) for test in (held, held_reviews)
    ]
    report(model, tokenizer, held, held_reviews, best, len(rows), options)


def everyday_section(model, tokenizer, device):
    """Write the card's lines about everyday sentences and about sentences on groups."""
    probes = read_probes(TASK)
    scores = probabilities(model, tokenizer, [text for text, _ in probes], device)
    text = probe_section(
        TASK,
        "that get their label",
        [LABELS[score > 0.5] == label for score, (_, label) in zip(scores, probes)],
        [f"{text} → {LABELS[score > 0.5]}" for score, (text, _) in zip(scores, probes)],
    )
    spreads = []
    for wording in TESTED_ABOUT_PEOPLE:
        texts = [wording.format(g=group) for group in GROUPS]
        scores = probabilities(model, tokenizer, texts, device)
        low, high = (find(zip(scores, GROUPS)) for find in (min, max))
        spreads.append(
            f"- {wording.format(g='…')} {high[0] - low[0]:.2f}, "
            f"from {low[1]} ({low[0]:.2f}) to {high[1]} ({high[0]:.2f})"
        )
    text += (
        f"\n\nSentences about {len(GROUPS)} groups of people, in wordings that training does not "
        "have; between the least and the most positive group lie:\n\n" + "\n".join(spreads)
    )
    print(*spreads, sep="\n")
    return text


def report(model, tokenizer, held, held_reviews, best, size, options):
    """Score the model, save it and write its card; `best` are the teacher's scores."""
    sst2 = accuracy(model, tokenizer, held, options.device)
    uci = accuracy(model, tokenizer, held_reviews, options.device)
    print(f"SST-2 {sst2:.1f} %, UCI {uci:.1f} %")
    save(model, tokenizer, options.out)
    everyday = everyday_section(model, tokenizer, options.device)
    shown = EXAMPLES + HARD
    scores = probabilities(model, tokenizer, [text for text, _ in shown], options.device)
    rows = []
    for (text, expected), score in zip(shown, scores):
        label, sure = LABELS[score > 0.5], max(score, 1 - score)
        verdict = "" if expected == "neither" else "yes" if label == expected else "**no**"
        rows.append((text, expected, f"{label} ({sure:.2f})", verdict))
    examples = table(["text", "expected", "model (probability)", "right"], rows)
    print(examples)
    header = {
        "license": "other",
        "license_name": "mixed-see-data-section",
        "pipeline_tag": TASK,
        "base_model": "sentence-transformers/all-MiniLM-L6-v2",
        "datasets": ["stanfordnlp/sst2"],
        "metrics": ["accuracy"],
    }
    write_card(
        options.out,
        header,
        "Sentiment of English sentences, small",
        [
            (
                "",
                "Tells whether an English sentence sounds `POSITIVE` or `NEGATIVE`. In the course "
                "it stands in for `distilbert-base-uncased-finetuned-sst-2-english`: the same "
                "class, `DistilBertForSequenceClassification`, with "
                f"{model.num_parameters() / 1e6:.1f} million parameters instead of 67 million.",
            ),
            (
                "Data",
                "- SST-2 (Socher et al. 2013, as in GLUE): phrases of film reviews. Released "
                "without an explicit licence; the text is not redistributed here.\n"
                "- Sentiment Labelled Sentences (Kotzias et al., KDD 2015): Amazon, Yelp and IMDb "
                "reviews, listed by the UCI repository under CC BY 4.0.\n"
                "- Plain statements, negations, smileys, good and bad news, and statements about "
                "groups of people with the label 0.5, all made in the training script.\n"
                "- Without labels: variants of the above, made in the script, and 8,000 sentences "
                "of Tatoeba (tatoeba.org, CC BY 2.0 FR, via manythings.org/anki).\n"
                "- Start: all-MiniLM-L6-v2 (Apache-2.0).",
            ),
            (
                "Training",
                f"`training/text_classification.py`, seed {options.seed}. A teacher, the whole "
                f"MiniLM, learnt the labels first (passes: {options.teacher_epochs:g}). The model "
                "started from its layers "
                f"{', '.join(str(layer + 1) for layer in LAYERS)} of 6 (the best of four choices "
                "in short runs, which also looked at a third of the tests below), with "
                f"{len(tokenizer):,} word pieces and {INTERMEDIATE} of 1,536 feed-forward "
                "neurons, and learnt the "
                f"teacher's judgement of {size:,} texts, and their labels, in "
                f"{options.epochs:g} passes. Texts of up to {POSITIONS} pieces. The file holds "
                "fp16 numbers and loads as float32.",
            ),
            (
                "Scores",
                "On parts of the data kept out of training (for SST-2 whole sentences, with the "
                "phrases cut from them):\n\n"
                + table(
                    ["test", "texts", "accuracy", "teacher's"],
                    [
                        ("SST-2 sentences", len(held), f"{sst2:.1f} %", f"{best[0]:.1f} %"),
                        (
                            "Amazon, Yelp and IMDb sentences",
                            len(held_reviews),
                            f"{uci:.1f} %",
                            f"{best[1]:.1f} %",
                        ),
                    ],
                )
                + "\n\nSentences chosen before training, none of them in the training data; "
                "the last three were expected to be hard:\n\n" + examples,
            ),
            ("Everyday sentences", everyday),
            (
                "Limits",
                "- There is no neutral label: a plain statement of fact gets one of the two, "
                "often with a high probability.\n"
                "- Irony, reversals late in a sentence and bad news told in neutral words are "
                "often misjudged; see the table.\n"
                "- English only; rare words fall into small pieces it hardly knows. Long reviews "
                "are cut off. It was taught that belonging to a group is neither good nor bad, "
                "but only in plain sentences. Not for decisions about people.",
            ),
        ],
    )


if __name__ == "__main__":
    main()
