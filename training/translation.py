"""Train a small Marian from scratch to translate English into German, for opus-mt-en-de.

python training/translation.py --data DATA

Same classes as Helsinki-NLP/opus-mt-en-de (MarianMTModel, and a MarianTokenizer on two
SentencePiece files) with 3 + 2 layers of width 256. It learns short everyday sentences of Tatoeba.
"""

import argparse
import contextlib
import gzip
import json
import random
import re
import tempfile
from collections import defaultdict
from pathlib import Path

import sacrebleu
import sentencepiece
import torch
import torch.nn.functional as F
from transformers import GenerationConfig, MarianConfig, MarianMTModel, MarianTokenizer

from common import (
    arguments,
    autocast,
    fit,
    length_buckets,
    muon_and_adamw,
    pad,
    save,
    table,
    write_card,
)

TASK = "translation"
WIDTH = 256
PIECES = 4300
WORDS = 12
POSITIONS = 128
HELD_OUT = 600

# Sentences chosen before any training; the card shows the translations, right or wrong.
EXAMPLES = [
    "Hello, how are you?",
    "Where is the train station?",
    "I would like a cup of coffee, please.",
    "My brother is older than me.",
    "We are learning German at school.",
    "It is raining, so we are staying at home.",
]
# Words that Tatoeba hardly has: the card shows these as what the model cannot do.
FAILURES = [
    "The neural network was trained on public data.",
    "Photosynthesis converts sunlight into chemical energy.",
]

# Tatoeba says "Hi, Tom." where learners say hello. The course's own greeting is not among these.
GREETINGS = [
    ("Hello!", "Hallo!"),
    ("Hello.", "Hallo."),
    ("Hello, everyone.", "Hallo, alle zusammen."),
    ("Hello, my friend!", "Hallo, mein Freund!"),
    ("Hello, my name is Anna.", "Hallo, mein Name ist Anna."),
    ("Hello, my name is Peter.", "Hallo, ich heiße Peter."),
    ("Hello, I am your new neighbor.", "Hallo, ich bin dein neuer Nachbar."),
    ("Hello, is anyone there?", "Hallo, ist da jemand?"),
    ("Hello, nice to meet you.", "Hallo, schön, dich kennenzulernen."),
    ("Hello, where are you?", "Hallo, wo bist du?"),
    ("Hello, who are you?", "Hallo, wer bist du?"),
    ("Hello, what are you doing?", "Hallo, was machst du?"),
    ("Hello, can you help me?", "Hallo, kannst du mir helfen?"),
    ("Hello, welcome to Berlin.", "Hallo, willkommen in Berlin."),
    ("Hello world!", "Hallo Welt!"),
    ("Good morning, everyone.", "Guten Morgen zusammen."),
    ("Good morning, how did you sleep?", "Guten Morgen, wie hast du geschlafen?"),
    ("Thank you very much.", "Vielen Dank."),
    ("Thank you, I am fine.", "Danke, mir geht es gut."),
]

# Small talk that Tatoeba hardly has, with other names than Tom and Mary, for the last short stage.
OPENINGS = [
    ("Hello", "Hallo"),
    ("Hello, {name}", "Hallo, {name}"),
    ("Hi", "Hallo"),
    ("Hi, {name}", "Hallo, {name}"),
    ("Good morning", "Guten Morgen"),
    ("Good afternoon", "Guten Tag"),
    ("Good evening", "Guten Abend"),
]
TALK = [
    ("how are you?", "wie geht es dir?"),
    ("how are you today?", "wie geht es dir heute?"),
    ("how are you doing?", "wie geht es dir?"),
    ("how are you both?", "wie geht es euch beiden?"),
    ("how is your family?", "wie geht es deiner Familie?"),
    ("how was your day?", "wie war dein Tag?"),
    ("how old are you?", "wie alt bist du?"),
    ("who are you?", "wer bist du?"),
    ("where are you from?", "woher kommst du?"),
    ("what is your name?", "wie heißt du?"),
    ("my name is {other}.", "mein Name ist {other}."),
    ("I am {other}.", "ich bin {other}."),
    ("nice to meet you.", "schön, dich kennenzulernen."),
    ("can you help me?", "kannst du mir helfen?"),
]
INTRODUCTIONS = [
    ("My name is {name} and I live in {city}.", "Ich heiße {name} und wohne in {city}."),
    ("My name is {name} and I am from {city}.", "Ich heiße {name} und komme aus {city}."),
    ("I am {name} and I come from {city}.", "Ich bin {name} und komme aus {city}."),
    ("My name is {name}.", "Mein Name ist {name}."),
    ("This is {name} from {city}.", "Das ist {name} aus {city}."),
    ("{name} lives in {city}.", "{name} wohnt in {city}."),
    ("{name} works in {city}.", "{name} arbeitet in {city}."),
    ("I have known {name} for years.", "Ich kenne {name} seit Jahren."),
    ("We are flying to {city} tomorrow.", "Wir fliegen morgen nach {city}."),
    ("I am learning German in {city}.", "Ich lerne in {city} Deutsch."),
]
NAMES = """Anna Peter Lena Paul Emma Max Julia Felix Sophie David Laura Jonas Maria Thomas Sandra
Michael Linda Daniel Emily James Olivia William Alice Robert Clara Henry Nina Oscar Eva Simon Lisa
Martin Sylvain Amir Fatima Yuki Chen Priya Carlos Ivan""".split()
CITIES = """Berlin Hamburg Paris London Madrid Boston Chicago Bremen Stuttgart Frankfurt Dresden
Leipzig Toronto Sydney Oslo Stockholm Amsterdam Istanbul Shanghai""".split()

# Typing habits that would otherwise be unknown characters: apostrophes, quotes, spaces, dashes.
NORMALIZE = {
    "’": "'",
    "‘": "'",
    "`": "'",
    "”": '"',
    "—": "–",
    "…": "...",
    "\u00a0": " ",
    "\u202f": " ",
    "\u00ad": "",
    "\u200b": "",
}


# Data -------------------------------------------------------------------------------------------


def clean(text):
    """Apply NORMALIZE and remove doubled spaces."""
    for old, new in NORMALIZE.items():
        text = text.replace(old, new)
    return " ".join(text.split())


def same(text):
    """Reduce a sentence to what makes it the same sentence: its letters and digits."""
    return "".join(re.findall(r"\w", text.lower()))


def read_pairs(path):
    """Read the pairs whose English side has at most WORDS words, each pair once."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        pairs = [tuple(map(clean, line.split("\t"))) for line in file]
    return list(dict.fromkeys(pair for pair in pairs if len(pair[0].split()) <= WORDS))


def hold_out(pairs, count, seed):
    """Keep `count` English sentences of 3 words and more with all their translations apart."""
    by_source = defaultdict(list)
    for pair in pairs:
        by_source[same(pair[0])].append(pair)
    keys = [key for key, group in by_source.items() if len(group[0][0].split()) >= 3]
    chosen = random.Random(seed).sample(keys, count)
    apart = set(chosen)
    rest = [pair for key, group in by_source.items() if key not in apart for pair in group]
    return rest, [by_source[key] for key in chosen]


def small_talk(count, forbidden, rng):
    """Fill the templates of small talk with random names; no `forbidden` English sentence."""
    chats = [(f"{a}, {b}", f"{c}, {d}") for a, c in OPENINGS for b, d in TALK]
    pairs = []
    for _ in range(count):
        english, german = rng.choice(chats if rng.random() < 0.6 else INTRODUCTIONS)
        words = {"city": rng.choice(CITIES)}
        words["name"], words["other"] = rng.sample(NAMES, 2)
        pairs.append((english.format(**words), german.format(**words)))
    return [pair for pair in dict.fromkeys(pairs) if same(pair[0]) not in forbidden]


def make_tokenizer(pairs):
    """Train one SentencePiece model for both languages and give it to a MarianTokenizer."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        # A rule is a pair of strings, each written as the hexadecimal codes of its characters.
        rules = [
            "\t".join(" ".join(f"{ord(c):X}" for c in side) for side in rule)
            for rule in NORMALIZE.items()
        ]
        (folder / "rules.tsv").write_text("\n".join(rules) + "\n")
        # The model file remembers these two names: not the path of a folder that will be gone.
        with contextlib.chdir(folder):
            sentencepiece.SentencePieceTrainer.train(
                sentence_iterator=iter(text for pair in pairs for text in pair),
                model_prefix="source",
                vocab_size=PIECES,
                character_coverage=0.9999,
                normalization_rule_tsv="rules.tsv",
                # As in the original: the end is piece 0, there is no beginning, padding comes last.
                eos_id=0,
                unk_id=1,
                bos_id=-1,
                minloglevel=2,
            )
        model = sentencepiece.SentencePieceProcessor(str(folder / "source.model"))
        vocabulary = {model.id_to_piece(index): index for index in range(len(model))}
        vocabulary["<pad>"] = len(vocabulary)
        for name in ("source.spm", "target.spm"):
            (folder / name).write_bytes((folder / "source.model").read_bytes())
        (folder / "vocab.json").write_text(json.dumps(vocabulary))
        return MarianTokenizer(
            source_spm=str(folder / "source.spm"),
            target_spm=str(folder / "target.spm"),
            vocab=str(folder / "vocab.json"),
            source_lang="en",
            target_lang="de",
            model_max_length=POSITIONS,
        )


# Model ------------------------------------------------------------------------------------------


def make_model(tokenizer):
    """Make the untrained network."""
    config = MarianConfig(
        vocab_size=len(tokenizer),
        decoder_vocab_size=len(tokenizer),
        d_model=WIDTH,
        encoder_layers=3,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=768,
        decoder_ffn_dim=512,
        max_position_embeddings=512,
        activation_function="swish",
        scale_embedding=True,
        # Marian normalizes after each layer. With the usual 0.02 its encoder can collapse to one
        # vector for all sentences; with width ** -0.5 signals keep their size.
        init_std=WIDTH**-0.5,
        dropout=0.0,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
        forced_eos_token_id=tokenizer.eos_token_id,
    )
    model = MarianMTModel(config)
    # Marian computes its table of positions at every load, slowly and row by row, and stores none:
    # with rows for the sentences it is made for, the checkpoint loads in half the time.
    model.config.max_position_embeddings = POSITIONS
    # generate() without arguments does what it does with the original.
    model.generation_config = GenerationConfig(
        num_beams=6,
        max_length=POSITIONS,
        bad_words_ids=[[tokenizer.pad_token_id]],
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
        forced_eos_token_id=tokenizer.eos_token_id,
    )
    return model


def translation_loss(model, batch, smoothing=0.1):
    """Compute the mean loss of the target tokens of a batch of (source ids, target ids)."""
    padding = model.config.pad_token_id
    sources = pad([source for source, _ in batch], padding, model.device)
    targets = pad([target for _, target in batch], -100, model.device)
    starts = pad([[padding, *target[:-1]] for _, target in batch], padding, model.device)
    states = model.model(
        input_ids=sources,
        attention_mask=(sources != padding).long(),
        decoder_input_ids=starts,
        use_cache=False,
    ).last_hidden_state
    # The bias of the logits stays zero, and padding needs none.
    real = targets != -100
    logits = model.lm_head(states[real])
    return F.cross_entropy(logits, targets[real], label_smoothing=smoothing)


@torch.no_grad()
def source_use(model, pairs):
    """Compute the loss with the right and with another pair's source.

    A collapsed encoder shows here: the losses are then the same, however low they are.
    """
    model.eval()
    others = [(source, target) for (source, _), (_, target) in zip(pairs[1:] + pairs[:1], pairs)]
    with autocast(model.device):
        return [translation_loss(model, some, smoothing=0.0).item() for some in (pairs, others)]


@torch.no_grad()
def translate(model, tokenizer, sentences, **settings):
    """Translate sentences in batches of similar length."""
    model.eval()
    order = sorted(range(len(sentences)), key=lambda index: len(sentences[index]))
    result = [""] * len(sentences)
    for first in range(0, len(order), 50):
        indices = order[first : first + 50]
        inputs = tokenizer([sentences[i] for i in indices], padding=True, return_tensors="pt")
        output = model.generate(**inputs.to(model.device), **settings)
        for index, text in zip(indices, tokenizer.batch_decode(output, skip_special_tokens=True)):
            result[index] = text
    return result


def evaluate(model, tokenizer, groups, **settings):
    """Score translations of held-out sentences against all their references."""
    outputs = translate(model, tokenizer, [group[0][0] for group in groups], **settings)
    count = max(map(len, groups))
    references = [
        [group[n][1] if n < len(group) else None for group in groups] for n in range(count)
    ]
    loops = [bool(re.search(r"(\S+)( \1){2}|(\S{1,4}?)\3{3}", output)) for output in outputs]
    return {
        "BLEU": sacrebleu.corpus_bleu(outputs, references).score,
        "chrF": sacrebleu.corpus_chrf(outputs, references).score,
        "loops": 100 * sum(loops) / len(loops),
    }


def main():
    """Train, evaluate and write the checkpoint folder."""
    options = arguments(__doc__.splitlines()[0], TASK, epochs=2.5)
    pairs = read_pairs(options.data / "translation" / "tatoeba_en_de.tsv.gz")
    pairs, held_out = hold_out(pairs, HELD_OUT, seed=0)
    pairs += 5 * GREETINGS
    tokenizer = make_tokenizer(pairs)

    def encode(pairs):
        sources = tokenizer([source for source, _ in pairs])["input_ids"]
        targets = tokenizer(text_target=[target for _, target in pairs])["input_ids"]
        return list(zip(sources, targets))

    def batches_of(examples):
        lengths = [max(map(len, example)) for example in examples]

        def make_batches(rng):
            batches = length_buckets(lengths, 3072, rng)
            return [[examples[index] for index in batch] for batch in batches]

        return make_batches

    def optimizers(scale):
        return muon_and_adamw(
            model, lambda name: ".layers." in name, scale * 4e-3, scale * 2e-3, weight_decay=0.1
        )

    def checkpoint():
        right, wrong = source_use(model, unseen)
        print(f"\nloss with the right source {right:.3f}, with another {wrong:.3f}")
        print(evaluate(model, tokenizer, held_out[:200], num_beams=1, max_length=40))
        print(translate(model, tokenizer, EXAMPLES, num_beams=1, max_length=40))
        save(model, tokenizer, options.out)

    def loss_of(batch):
        return translation_loss(model, batch)

    examples = encode(pairs)
    unseen = encode([group[0] for group in held_out])
    print(f"{len(examples)} pairs, for instance {pairs[9]} {examples[9]}")
    model = make_model(tokenizer)
    # For sentences this short the plain attention is much faster to train than the fused one.
    model.set_attn_implementation("eager")
    fit(
        model,
        batches_of(examples),
        loss_of,
        options,
        optimizers(1.0),
        checkpoint=checkpoint,
    )
    # A short last stage at a low rate: small talk among ten times as many other pairs.
    rng = random.Random(options.seed)
    forbidden = {same(group[0][0]) for group in held_out} | set(map(same, EXAMPLES))
    talk = small_talk(1500, forbidden, rng)
    mixture = encode(talk) + rng.sample(examples, 12000)
    once = argparse.Namespace(**{**vars(options), "epochs": 1.0})
    fit(model, batches_of(mixture), loss_of, once, optimizers(0.2))
    losses = source_use(model, unseen)
    save(model, tokenizer, options.out)
    report(held_out, losses, len(examples), len(talk), options)


def report(held_out, losses, pairs, talk, options):
    """Score the saved model with its own generation settings and write its card."""
    tokenizer = MarianTokenizer.from_pretrained(options.out)
    model = MarianMTModel.from_pretrained(options.out).to(options.device)
    scores = evaluate(model, tokenizer, held_out)
    shown = EXAMPLES + FAILURES
    rows = list(zip(shown, translate(model, tokenizer, shown)))
    print(scores, losses, *rows, sep="\n")
    header = {
        "language": ["en", "de"],
        "license": "cc-by-2.0",
        "pipeline_tag": TASK,
        "datasets": ["Helsinki-NLP/tatoeba"],
        "metrics": ["bleu", "chrf"],
    }
    references = sum(map(len, held_out))
    sections = [
        (
            "",
            "Translates short everyday sentences from English to German. In the course it stands "
            "in for `Helsinki-NLP/opus-mt-en-de`: the same classes, `MarianMTModel` and "
            "`MarianTokenizer` with two SentencePiece files, with "
            f"{model.num_parameters() / 1e6:.1f} million parameters instead of 74 million, "
            f"{model.config.encoder_layers} and {model.config.decoder_layers} layers instead of "
            f"6 and 6, and {len(tokenizer):,} pieces instead of 58,101. As in the original, "
            f"`generate` searches with {model.generation_config.num_beams} beams by default.",
        ),
        (
            "Data",
            f"{pairs:,} sentence pairs of up to {WORDS} English words: "
            "[Tatoeba](https://tatoeba.org), CC BY 2.0 FR, by way of "
            "[manythings.org/anki](https://www.manythings.org/anki/), and "
            f"{len(GREETINGS)} greetings and {talk:,} template-made sentences of small talk "
            "from the training script.",
        ),
        (
            "Training",
            "From scratch by `python training/translation.py --data DATA "
            f"--epochs {options.epochs:g} --seed {options.seed}`: passes over all pairs with "
            "Muon for the hidden matrices and AdamW for the rest, label smoothing 0.1; then one "
            "pass at a low rate over the small talk among 12,000 of the pairs. The file holds "
            "fp16 numbers and loads as float32.",
        ),
        (
            "Scores",
            f"On {len(held_out)} English sentences of 3 to {WORDS} words kept out of training "
            f"with all their {references} translations:\n\n"
            + table(
                ["measure", "value"],
                [
                    ("BLEU (sacrebleu, all references)", f"{scores['BLEU']:.1f}"),
                    ("chrF (sacrebleu, all references)", f"{scores['chrF']:.1f}"),
                    ("outputs that loop on a repeated token", f"{scores['loops']:.1f} %"),
                    ("loss with the right source", f"{losses[0]:.2f}"),
                    ("loss with another sentence's source", f"{losses[1]:.2f}"),
                ],
            )
            + "\n\nSentences chosen before training; the last "
            f"{len(FAILURES)} are of a kind it cannot do. The small talk joined the data after a "
            "first run had answered the first sentence with *Hallo, wie bist du?*; that sentence "
            "itself is in no training data.\n\n" + table(["English", "German by the model"], rows),
        ),
        (
            "Limits",
            f"Made for sentences of up to about {WORDS} everyday words, one at a time. Longer or "
            "technical sentences come out wrong, shortened or as fluent German that means "
            "something else; rare words are replaced by better known ones, and numbers and names "
            'may change. "You" becomes *du*, *Sie* or *ihr* as it happens. Not for translating '
            "anything that matters.",
        ),
    ]
    write_card(options.out, header, "English to German, small Marian", sections)


if __name__ == "__main__":
    main()
