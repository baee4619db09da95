"""Train the named-entity model: BertForTokenClassification, cased, nine IOB labels as CoNLL-2003.

Stands in for dbmdz/bert-large-cased-finetuned-conll03-english. It starts from the first three
layers of all-MiniLM-L6-v2, which knows no capitals: a cased vocabulary is trained, each piece
starts from the vector of its lower-case form, and capitalised pieces share an offset to tell them.
"""

import gzip
import random
import re
from collections import Counter

import torch
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import BertForTokenClassification

from common import (
    SPECIAL,
    adamw,
    arguments,
    autocast,
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
from names import (
    BANDS,
    CLUBS,
    FIRMS,
    NATIONALITIES,
    NATURE,
    PLAIN,
    SIGHTS,
    STARS,
    TEMPLATES,
    WORKS,
)

TASK = "token-classification"
LABELS = "O B-MISC I-MISC B-PER I-PER B-ORG I-ORG B-LOC I-LOC".split()
PIECES, LAYERS, INTERMEDIATE, POSITIONS = 5400, 3, 768, 160
MADE = 10000  # sentences from templates

# Chosen before training; the first is the course's own. None of them is in the training data.
EXAMPLES = [
    (
        "Hugging Face Inc. is a company based in New York City. Its headquarters are in DUMBO, "
        "therefore very close to the Manhattan Bridge.",
        "Hugging Face Inc=ORG, New York City=LOC, DUMBO=LOC, Manhattan Bridge=LOC",
    ),
    ("My name is Sarah and I live in London.", "Sarah=PER, London=LOC"),
    (
        "Angela Merkel met Barack Obama in Berlin.",
        "Angela Merkel=PER, Barack Obama=PER, Berlin=LOC",
    ),
    ("Apple was founded by Steve Jobs in California.", "Apple=ORG, Steve Jobs=PER, California=LOC"),
    (
        "My name is Sylvain and I work at Hugging Face in Brooklyn.",
        "Sylvain=PER, Hugging Face=ORG, Brooklyn=LOC",
    ),
    ("The French president visited Japan.", "French=MISC, Japan=LOC"),
    ("Maria works for Microsoft in Seattle.", "Maria=PER, Microsoft=ORG, Seattle=LOC"),
    ("The United Nations has its headquarters in Geneva.", "United Nations=ORG, Geneva=LOC"),
]

PEOPLE = (
    "Anna,Ben,Clara,David,Emma,Felix,Grace,Hassan,Ivan,Julia,Karim,Laura,Mohammed,Nina,Oliver,"
    "Priya,Quentin,Rosa,Samuel,Tanya,Umar,Vera,Wei,Yuki,Zoe,Pierre,Marie,Carlos,Lucia,Hans,"
    "Ingrid,Olga,Pavel,Fatima,Omar,Chen,Lin,Kenji,Aiko,Tom,Mary,John,Jane,Peter,Susan,Michael,"
    "Linda,James,Patricia,Robert,Sophie,Thomas,Julien,Camille,Lysandre,Leandro,Victor,Amy,Lucy,"
    "Daniel,Jack,Emily,Lily,George,Sarah,Maria,Steve,Bill,Alice,Bob,Mark,Elena,Paul,Kate"
).split(",")
FAMILIES = (
    "Smith,Jones,Brown,Miller,Garcia,Lopez,Kim,Nguyen,Chen,Wang,Singh,Patel,Khan,Ali,Müller,"
    "Schmidt,Weber,Dubois,Martin,Rossi,Bianchi,Silva,Santos,Novak,Ivanova,Petrov,Johansson,"
    "Hansen,Tanaka,Sato,Murphy,O'Brien,Walker,Young,King,Scott,Green,Baker,Hill,Cooper,Page"
).split(",")
PLACES = (
    "Paris,Berlin,Madrid,Rome,Vienna,Tokyo,Beijing,Shanghai,Delhi,Mumbai,Cairo,Lagos,Nairobi,"
    "Toronto,Montreal,Chicago,Boston,Seattle,San Francisco,Los Angeles,New York,Washington,Texas,"
    "California,Florida,Hamburg,Munich,Zurich,Geneva,Amsterdam,Brussels,Lisbon,Dublin,Edinburgh,"
    "Manchester,Oxford,Cambridge,Sydney,Melbourne,Auckland,Singapore,Seoul,Bangkok,Hanoi,Istanbul,"
    "Athens,Warsaw,Prague,Budapest,Oslo,Stockholm,Helsinki,Copenhagen,Moscow,Kiev,London,Queens,"
    "Manhattan,Harlem,the Bronx,SOHO,NOHO,TRIBECA,Chelsea,Soho,Camden,Montmartre,Kreuzberg,"
    "Germany,France,Italy,Spain,Japan,China,India,Brazil,Mexico,Canada,Kenya,Egypt,Poland,Chile,"
    "Silicon Valley,Mexico City,Kansas City,Quebec City,Cape Town,Hong Kong,Rio de Janeiro,"
    "New Orleans,New Jersey,New Mexico,South Korea,South Africa,North London,Salt Lake City"
).split(",")
FORCED = (
    "Google,Microsoft,Amazon,IBM,Intel,Samsung,Toyota,Sony,Siemens,Boeing,Airbus,Netflix,Facebook,"
    "Twitter,Tesla,Volkswagen,Philips,Nokia,Apple,Nike,Adidas,Shell,Walmart,Pfizer,Oracle,IKEA,NASA,"
    "Lufthansa,Beatles,Eiffel,Tower,Greenpeace,UNICEF,BBC,CNN,Reuters,Hugging,Merkel,Obama,Jobs"
).split(",")
FIRST = (
    "Running,Smiling,Jumping,Singing,Flying,Dancing,Shining,Growing,Thinking,Sleeping,Blue,Red,"
    "Green,Golden,Silver,Bright,Happy,Clever,Open,Free,Deep,Big,Little,General,United,Global,"
    "National,First,Digital,Smart,Quick,Silent,Burning,Rolling,Stability,Scale,Whole,Face"
).split(",")
SECOND = (
    "Fox,Cloud,River,Mountain,Bear,Tree,Stone,Robot,Hand,Star,Moon,Mind,Data,Light,Bank,Motors,"
    "Foods,Systems,Energy,Networks,Software,Media,Dynamics,Electric,Games,Books,Cat,Eye,Bridge,Sea"
).split(",")
ABBREVIATIONS = {"Inc.", "Corp.", "Ltd.", "Co."}
ENDINGS = "Inc.,Inc,Corp.,Ltd.,GmbH,AG,LLC,Company,Group,Labs,AI,Technologies".split(",")
KINDS_OF_SIGHT = (
    "Bridge,Tower,Park,Square,Street,Avenue,Museum,Airport,Station,River,Hill,Beach".split(",")
)
SIGHT_NAMES = (
    "Brooklyn,Williamsburg,Queensboro,Victoria,Golden Gate,Waterloo,Charles,Hyde,Central,Oxford,"
    "Park,Fifth,Madison,Union,Liberty,Churchill,Kennedy,Lincoln,Hudson,Orchard,Riverside,King"
).split(",")
# As in names.py; these came first.
BUSINESS = [
    "My name is {p} and I live in {l} .",
    "My name is {p} and I work at {o} in {l} .",
    "I am {p} , I come from {l} and I work for {o} .",
    "Hello , I 'm {p} from {l} .",
    "{p} lives in {l} .",
    "{p} and {p} met in {l} last year .",
    "{p} works for {o} in {l} .",
    "{p} has worked at {o} since 2015 .",
    "{o} is a company based in {l} .",
    "{o} is a start-up from {l} .",
    "{o} is an {m} company with offices in {l} and {l} .",
    "Its headquarters are in {l} , close to {s} .",
    "The office is in {l} , near {s} .",
    "We walked across {s} to {l} .",
    "{o} was founded by {p} and {p} in {l} .",
    "{o} was founded in {l} in 1998 .",
    "{p} founded {o} .",
    "{p} is the chief executive of {o} .",
    "{o} bought {o} for two billion dollars .",
    "{o} announced a new phone on Tuesday .",
    "Shares of {o} rose by three percent .",
    "I bought this laptop from {o} .",
    "The {m} president met {p} in {l} .",
    "The {m} minister visited {l} on Monday .",
    "I love {m} food and {m} music .",
    "{p} speaks {m} and {m} .",
    "{l} is the capital of {l} .",
    "We flew from {l} to {l} with my friend {p} .",
    "Last summer {p} travelled to {l} .",
    "The headquarters of {o} are in {l} .",
    "{o} has its headquarters in {l} .",
    "I learned about models on the website of {o} .",
    "The library was written by engineers at {o} .",
    "Yesterday I had lunch with {p} in {l} .",
    "{p} , who studied in {l} , now teaches at {o} .",
]


def names_in(sentences, least=4):
    """Collect the names that training sentences hold at least so often: {kind: list}."""
    tally = Counter()
    for words, tags in sentences:
        start = 0
        for place, tag in enumerate([*tags[1:], "O"], 1):
            if not tag.startswith("I-"):
                if tags[start] != "O":
                    tally[tags[start][2:], " ".join(words[start:place])] += 1
                start = place
    found = {}
    for (kind, name), count in tally.items():
        if count >= least and name[0].isupper() and len(name) > 2:
            found.setdefault(kind, []).append(name)
    return found


def plain_sentences(rng, count, found):
    """Fill the templates: people, companies and places in plain sentences, which news lacks.

    One name in five is one of those `found` in the news.
    """

    def person():
        return rng.choice(PEOPLE) + (f" {rng.choice(FAMILIES)}" if rng.random() < 0.4 else "")

    def star():
        chance = rng.random()
        return person() if chance < 0.25 else rng.choice(found["PER"] if chance < 0.5 else STARS)

    def organisation():
        chance = rng.random()
        if chance < 0.7:
            return rng.choice(found["ORG"] if chance < 0.15 else FIRMS)
        name = f"{rng.choice(FIRST)} {rng.choice(SECOND)}"
        return f"{name} {rng.choice(ENDINGS)}" if rng.random() < 0.6 else name

    def sight():
        if rng.random() < 0.5:
            return rng.choice(SIGHTS)
        return f"the {rng.choice(SIGHT_NAMES)} {rng.choice(KINDS_OF_SIGHT)}"

    fillers = {
        "{p}": (person, "PER"),
        "{f}": (star, "PER"),
        "{o}": (organisation, "ORG"),
        "{b}": (lambda: rng.choice(BANDS), "ORG"),
        "{c}": (lambda: rng.choice(CLUBS), "ORG"),
        "{l}": (lambda: rng.choice(found["LOC"] if rng.random() < 0.2 else PLACES), "LOC"),
        "{s}": (sight, "LOC"),
        "{n}": (lambda: rng.choice(NATURE), "LOC"),
        "{w}": (lambda: rng.choice(WORKS), "MISC"),
        "{m}": (lambda: rng.choice(NATIONALITIES), "MISC"),
    }
    tested = {text for text, _ in EXAMPLES} | {text for text, _ in read_probes(TASK)}
    tested = {"".join(text.split()) for text in tested}
    templates = BUSINESS + TEMPLATES * 2 + PLAIN
    sentences = []
    while len(sentences) < count:
        words, tags = [], []
        for word in rng.choice(templates).split():
            if word not in fillers:
                words.append(word)
                tags.append("O")
                continue
            make, kind = fillers[word]
            name = make().split()
            if name[0] == "the":
                words.append("The" if not words else name[0])
                tags.append("O")
                name = name[1:]
            words += name
            tags += [f"B-{kind}"] + [f"I-{kind}"] * (len(name) - 1)
        if "".join(words) in tested:
            continue
        # Two sentences in one text, as people write them.
        if sentences and rng.random() < 0.2:
            words, tags = sentences[-1][0] + words, sentences[-1][1] + tags
        # And one without its full stop.
        elif words[-1] == "." and rng.random() < 0.1:
            words, tags = words[:-1], tags[:-1]
        sentences.append((words[:60], tags[:60]))
    return sentences


def read_conll(path):
    """Read (words, tags) sentences from a CoNLL file, plain or gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    sentences, words, tags = [], [], []
    with opener(path, "rt", encoding="utf-8") as file:
        for line in [*file, "\n"]:
            if line.strip():
                word, tag = line.rstrip("\n").split("\t")
                words.append(word)
                tags.append(tag)
            elif words:
                sentences.append((words, tags))
                words, tags = [], []
    return sentences


def train_vocabulary(texts, forced, size):
    """Train a cased WordPiece vocabulary that holds the `forced` words."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=SPECIAL, limit_alphabet=110, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    learned = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    return list(dict.fromkeys([*SPECIAL, *sorted(forced), *(piece for piece, _ in learned)]))[:size]


def mark_capitals(bert, pieces):
    """Move the vectors of capitalised pieces along one random direction.

    "Apple" and "apple" start from the same vector; without the mark the model would have to learn
    for each piece anew what a capital means.
    """
    vectors = bert.embeddings.word_embeddings.weight.data
    mark = torch.randn(vectors.shape[1])
    mark *= 0.5 * vectors.norm(dim=1).mean() / mark.norm()
    for index, piece in enumerate(pieces):
        if piece not in SPECIAL and piece[:1].isupper():
            vectors[index] += mark


def encode(tokenizer, sentences):
    """Turn sentences into ids and labels; later pieces of a B- word are labelled I-.

    The dot of "Inc." is O, as in the models trained on CoNLL-2003, and so are the special pieces,
    for the course prints the labels of all pieces.
    """
    encoded = tokenizer(
        [words for words, _ in sentences], is_split_into_words=True, truncation=True
    )
    ids, labels = encoded["input_ids"], []
    for index, (words, tags) in enumerate(sentences):
        row, previous = [], None
        word_of = encoded.word_ids(index)
        for word in word_of:
            if word is None:
                row.append(0)
            else:
                tag = tags[word]
                if word == previous and tag.startswith("B-"):
                    tag = "I-" + tag[2:]
                row.append(LABELS.index(tag))
                ends = word_of[len(row)] != word
                if ends and word == previous and tags[word] != "O" and words[word] in ABBREVIATIONS:
                    row[-1] = 0
            previous = word
        labels.append(row)
    return ids, labels


@torch.no_grad()
def predict(model, tokenizer, sentences, device):
    """Tag each word with the label of its first piece."""
    model.eval()
    result = [None] * len(sentences)
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i][0]))
    for first in range(0, len(order), 32):
        chosen = order[first : first + 32]
        batch = tokenizer(
            [sentences[i][0] for i in chosen],
            is_split_into_words=True,
            padding=True,
            truncation=True,
            return_tensors="pt",
        )
        with autocast(device):
            best = model(**batch.to(device)).logits.argmax(-1).tolist()
        for row, index in enumerate(chosen):
            tags = ["O"] * len(sentences[index][0])
            previous = None
            for piece, word in enumerate(batch.word_ids(row)):
                if word is not None and word != previous:
                    tags[word] = LABELS[best[row][piece]]
                previous = word
            result[index] = tags
    return result


@torch.no_grad()
def entities(model, tokenizer, text, device):
    """List the entities of a text as "name=TYPE, …", read off the labels of the pieces."""
    encoded = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
    offsets = encoded.pop("offset_mapping")[0].tolist()
    best = model(**encoded.to(device)).logits[0].argmax(-1).tolist()
    spans = []
    for (start, end), index in zip(offsets, best):
        label = LABELS[index]
        if start == end or label == "O":
            continue
        inside = spans and spans[-1][2] == label[2:] and start - spans[-1][1] <= 1
        if label.startswith("I-") and inside:
            spans[-1][1] = end
        else:
            spans.append([start, end, label[2:]])
    return ", ".join(f"{text[start:end]}={kind}" for start, end, kind in spans)


def bare(answer):
    """Take "the" away from the front of the names: both ways are right."""
    return re.sub(r"(^|, )[Tt]he ", r"\1", answer)


def main():
    """Train, evaluate and write the checkpoint folder."""
    options = arguments(__doc__, TASK, epochs=1.5, start=True)
    rng = random.Random(options.seed)
    folder = options.data / "ner"
    news = read_conll(folder / "gmb_news.conll.gz")
    wiki = read_conll(folder / "wikigold_rest.conll")
    web = read_conll(folder / "ewt_uner.conll.gz")
    tweets = read_conll(folder / "btc_tweets.conll.gz")
    emerging = read_conll(folder / "wnut17_train_dev.conll.gz")
    rng.shuffle(news)
    rng.shuffle(tweets)
    # The last sentences of Wikigold are articles of their own; news sentences are independent.
    held = {"news (GMB)": news[:1500], "Wikipedia (Wikigold)": wiki[-150:]}
    full = news[1500:] + wiki[:-150] * 6 + emerging[:2000]
    full += plain_sentences(rng, MADE, names_in(news[1500:]))
    # These two sets have no MISC label: where they say O, MISC may be true as well.
    partial = web + tweets[:3000]
    train = full + partial

    texts = [" ".join(words) for words, _ in train]
    forced = set(" ".join(PLACES + PEOPLE + FORCED + NATIONALITIES[:22]).split())
    forced = {word for word in forced if word.isalpha()}
    pieces = train_vocabulary(texts, forced, PIECES)
    tokenizer = make_tokenizer(pieces, lower=False, length=POSITIONS)
    sample = rng.sample(texts, 1000)
    bert = cut_minilm(options.start, range(LAYERS), pieces, POSITIONS, INTERMEDIATE, sample)
    mark_capitals(bert, pieces)
    config = bert.config
    config.id2label = dict(enumerate(LABELS))
    config.label2id = {label: index for index, label in enumerate(LABELS)}
    model = BertForTokenClassification(config)
    model.bert.load_state_dict(bert.state_dict(), strict=False)

    ids, labels = encode(tokenizer, train)
    lengths = [len(row) for row in ids]

    def loss_of(batch):
        inputs = pad([ids[i] for i in batch], tokenizer.pad_token_id, options.device)
        mask = (inputs != tokenizer.pad_token_id).long()
        target = pad([labels[i] for i in batch], -100, options.device)
        scores = model(inputs, mask).logits.float().log_softmax(-1)
        loss = -scores.gather(2, target.clamp(min=0).unsqueeze(2)).squeeze(2)
        lenient = torch.tensor([[i >= len(full)] for i in batch], device=options.device)
        loss = torch.where(lenient & (target == 0), -scores[:, :, :3].logsumexp(2), loss)
        return loss[target != -100].mean()

    quicken(model)
    passes = fit(
        model,
        lambda rng: length_buckets(lengths, 1280, rng),
        loss_of,
        options,
        [adamw(model, 4e-4)],
    )
    report(model.to(options.device), tokenizer, held, len(train), passes, options)


def report(model, tokenizer, held, size, passes, options):
    """Score the model, save it and write its card."""
    rows = []
    for name, sentences in held.items():
        predicted = predict(model, tokenizer, sentences, options.device)
        gold = [tags for _, tags in sentences]
        result = classification_report(
            gold, predicted, mode="strict", scheme=IOB2, output_dict=True, zero_division=0
        )
        kinds = [f"{100 * result[k]['f1-score']:.1f}" for k in ("PER", "ORG", "LOC", "MISC")]
        total = f"{100 * result['micro avg']['f1-score']:.1f}"
        rows.append((name, len(sentences), total, *kinds))
    scores = table(["test", "sentences", "F1", "PER", "ORG", "LOC", "MISC"], rows)
    print(scores)
    save(model, tokenizer, options.out)
    rows = []
    for text, expected in EXAMPLES:
        found = entities(model, tokenizer, text, options.device)
        rows.append((text, expected, found, "yes" if found == expected else "**no**"))
    examples = table(["text", "expected", "model", "all right"], rows)
    print(examples)
    probes = read_probes(TASK)
    found = [entities(model, tokenizer, text, options.device) for text, _ in probes]
    everyday = probe_section(
        TASK,
        "whose names are all right, and nothing else is named",
        [bare(answer) == bare(right) for answer, (_, right) in zip(found, probes)],
        [f"{text} → {answer or 'nothing'}" for answer, (text, _) in zip(found, probes)],
    )
    header = {
        "license": "cc-by-sa-4.0",
        "pipeline_tag": TASK,
        "base_model": "sentence-transformers/all-MiniLM-L6-v2",
        "datasets": ["leondz/wnut_17", "universalner/universal_ner"],
        "metrics": ["seqeval"],
    }
    write_card(
        options.out,
        header,
        "Named entities in English text, cased, small",
        [
            (
                "",
                "Labels the words of an English text as part of a person (`PER`), organisation "
                "(`ORG`), place (`LOC`) or other name (`MISC`), with `B-` where a name begins. In "
                "the course it stands in for `dbmdz/bert-large-cased-finetuned-conll03-english`: "
                "the same class, `BertForTokenClassification`, with "
                f"{model.num_parameters() / 1e6:.1f} million parameters instead of 332 million. "
                "Capitals matter: the tokenizer keeps them. Later pieces of a word carry `I-`.",
            ),
            (
                "Data",
                "- GMB news (Groningen Meaning Bank; the Kaggle copy is under ODbL), partly "
                "machine-made annotation, labels mapped to the four kinds.\n"
                "- Wikigold (CC BY 4.0), six times.\n"
                "- WNUT-17 (CC BY 4.0) and the Broad Twitter Corpus (CC BY 4.0), parts.\n"
                "- UNER English-EWT (UD English-EWT, CC BY-SA 4.0).\n"
                f"- {MADE:,} plain sentences made from templates and lists of names in "
                "`training/token_classification.py` and `training/names.py`.\n"
                "- Start: all-MiniLM-L6-v2 (Apache-2.0).",
            ),
            (
                "Training",
                f"`training/token_classification.py`, {passes:.3g} passes over {size:,} "
                f"sentences, seed {options.seed}. First {LAYERS} layers of MiniLM, a cased "
                f"vocabulary of its own with {len(tokenizer):,} pieces, {INTERMEDIATE} of 1,536 "
                f"feed-forward neurons, texts of up to {POSITIONS} pieces. The file holds fp16 "
                "numbers and loads as float32.",
            ),
            (
                "Scores",
                "Strict entity F1 (seqeval, IOB2) on parts kept out of training:\n\n"
                + scores
                + "\n\nSentences chosen before training, none of them in the training data:\n\n"
                + examples,
            ),
            ("Everyday sentences", everyday),
            (
                "Limits",
                "- Texts without capitals, or all in capitals, go wrong.\n"
                "- `MISC` is the weakest label: mostly nationalities; titles of works and events "
                "are often missed. Most news in training is from 2004 to 2010, so newer "
                "organisations are known only by their context.\n"
                "- Names outside American, European and news English are missed more often.\n"
                "- Long texts are cut off.",
            ),
        ],
    )


if __name__ == "__main__":
    main()
