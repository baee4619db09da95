"""Train a small Marian from scratch to translate English into German, for opus-mt-en-de.

python training/translation.py --data DATA

Same classes as Helsinki-NLP/opus-mt-en-de (MarianMTModel, and a MarianTokenizer on two
SentencePiece files) with 3 + 2 layers of width 256. It learns short everyday sentences of Tatoeba
and from everyday_german.py.
"""

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
    probe_section,
    read_probes,
    save,
    table,
    write_card,
)
from everyday_german import CITIES, MEN, PHRASES, WOMEN, everyday_pairs, lines, some_name

TASK = "translation"
WIDTH = 256
PIECES = 4300
WORDS = 12  # of an English sentence that tests the model
LONGEST = 14  # and of one that trains it
MADE = 12000  # pairs from templates in a pass
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
# What can be written: all letters of German, those of names from elsewhere, digits, signs.
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüáàâãåæçéèêëíìîïñóòôõøœúùûýōū"
CHARACTERS = LETTERS + LETTERS.upper() + "ß0123456789 .,;:!?'\"„“«»()[]/%&@#+*=<>_–-$€£°"


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
    """Read the pairs, each once."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        pairs = [tuple(map(clean, line.split("\t"))) for line in file]
    return list(dict.fromkeys(pairs))


def hold_out(pairs, count, seed):
    """Keep `count` English sentences of 3 to WORDS words with all their translations apart."""
    by_source = defaultdict(list)
    for pair in pairs:
        by_source[same(pair[0])].append(pair)
    short = {key: group for key, group in by_source.items() if words_of(group) <= WORDS}
    keys = [key for key, group in short.items() if words_of(group) >= 3]
    chosen = random.Random(seed).sample(keys, count)
    apart = set(chosen)
    rest = [group for key, group in by_source.items() if key not in apart]
    return rest, [by_source[key] for key in chosen]


def words_of(group):
    """Count the words of the English sentence of a group of translations."""
    return len(group[0][0].split())


def rename(english, german, rng):
    """Give Tom, Mary and Boston other names, so that names are learnt to be copied."""
    for old, known in (("Tom", MEN), ("John", MEN), ("Mary", WOMEN), ("Boston", CITIES)):
        pattern = rf"\b{old}\b"
        count = len(re.findall(pattern, english))
        if count and count == len(re.findall(pattern, german)) and rng.random() < 0.6:
            if re.search(rf"\b{old}s\b", german) or f"{old}'" in english or f"{old}'" in german:
                continue  # a genitive changes with the name
            new = some_name(rng, known)
            english, german = re.sub(pattern, new, english), re.sub(pattern, new, german)
    return english, german


def renumber(english, german, rng):
    """Exchange a number that both sides write in digits."""
    numbers = re.findall(r"\b\d+\b", english)
    if len(numbers) == 1 and re.findall(r"\b\d+\b", german) == numbers and rng.random() < 0.5:
        digits = len(numbers[0])
        new = str(rng.randint(max(2, 10 ** (digits - 1)), 10**digits - 1))
        return english.replace(numbers[0], new), german.replace(numbers[0], new)
    return english, german


def carelessly(english, rng):
    """Type an English sentence as people do: in lower case, without the full stop."""
    if rng.random() < 0.15:
        english = english.lower()
        if rng.random() < 0.3:
            english = english.replace("'", "")
    if rng.random() < 0.15:
        english = english.rstrip(".?!") or english
    return english


def vary(groups, rng):
    """Make the pairs of one pass: one translation of each sentence, other names and numbers."""
    varied = []
    for group in groups:
        english, german = renumber(*rename(*rng.choice(group), rng), rng)
        varied.append((carelessly(english, rng), german))
    return varied


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
                character_coverage=1.0,
                required_chars=CHARACTERS.replace(" ", ""),
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
    options = arguments(__doc__.splitlines()[0], TASK, epochs=3.0)
    pairs = read_pairs(options.data / "translation" / "tatoeba_en_de.tsv.gz")
    groups, held_out = hold_out(pairs, HELD_OUT, seed=0)
    tested = EXAMPLES + FAILURES + [sentence for sentence, *_ in read_probes(TASK)]
    forbidden = {same(group[0][0]) for group in held_out} | set(map(same, tested))

    def everyday(rng):
        phrases, made = everyday_pairs(MADE, rng)
        return [[pair] for pair in phrases * 4 + made if same(pair[0]) not in forbidden]

    rng = random.Random(options.seed)
    groups = [
        group
        for group in groups
        if same(group[0][0]) not in forbidden
        and words_of(group) <= LONGEST
        and all(set("".join(pair)) <= set(CHARACTERS) for pair in group)
    ]
    tokenizer = make_tokenizer(vary(groups + everyday(rng), rng))

    def encode(pairs):
        sources = tokenizer([source for source, _ in pairs])["input_ids"]
        targets = tokenizer(text_target=[target for _, target in pairs])["input_ids"]
        return list(zip(sources, targets))

    def make_batches(numpy_rng):
        rng = random.Random(int(numpy_rng.integers(2**31)))
        examples = encode(vary(groups + everyday(rng), rng))
        lengths = [max(map(len, example)) for example in examples]
        batches = length_buckets(lengths, 3072, numpy_rng)
        return [[examples[index] for index in batch] for batch in batches]

    def checkpoint():
        right, wrong = source_use(model, unseen)
        print(f"\nloss with the right source {right:.3f}, with another {wrong:.3f}")
        print(evaluate(model, tokenizer, held_out[:200], num_beams=1, max_length=40))
        print(translate(model, tokenizer, EXAMPLES, num_beams=1, max_length=40))
        save(model, tokenizer, options.out)

    unseen = encode([group[0] for group in held_out])
    model = make_model(tokenizer)
    # For sentences this short the plain attention is much faster to train than the fused one.
    model.set_attn_implementation("eager")
    optimizers = muon_and_adamw(
        model, lambda name: ".layers." in name, muon_lr=4e-3, adamw_lr=2e-3, weight_decay=0.1
    )
    passes = fit(
        model,
        make_batches,
        lambda batch: translation_loss(model, batch),
        options,
        optimizers,
        checkpoint=checkpoint,
    )
    losses = source_use(model, unseen)
    save(model, tokenizer, options.out)
    report(held_out, losses, len(groups), passes, options)


def report(held_out, losses, sentences, passes, options):
    """Score the saved model with its own generation settings and write its card."""
    tokenizer = MarianTokenizer.from_pretrained(options.out)
    model = MarianMTModel.from_pretrained(options.out).to(options.device)
    scores = evaluate(model, tokenizer, held_out)
    shown = EXAMPLES + FAILURES
    rows = list(zip(shown, translate(model, tokenizer, shown)))
    print(scores, losses, *rows, sep="\n")
    probes = read_probes(TASK)
    found = translate(model, tokenizer, [sentence for sentence, _ in probes])
    everyday = probe_section(
        TASK,
        "whose translation is believable",
        [bool(re.fullmatch(right, text)) for (_, right), text in zip(probes, found)],
        [f"{sentence} → {text}" for (sentence, _), text in zip(probes, found)],
    )
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
            f"{sentences:,} English sentences of up to {LONGEST} words with their translations, "
            "from [Tatoeba](https://tatoeba.org), CC BY 2.0 FR, by way of "
            "[manythings.org/anki](https://www.manythings.org/anki/). In more than half of the "
            "pairs about Tom, Mary or Boston each pass sets other names; some sentences lose "
            f"their capitals or full stop. {len(lines(PHRASES))} everyday phrases, four times, "
            f"and {MADE:,} template-made pairs a pass are `training/everyday_german.py`'s own. "
            "The vocabulary holds every letter of German.",
        ),
        (
            "Training",
            "From scratch by `python training/translation.py --data DATA "
            f"--epochs {passes:.3g} --seed {options.seed}`: passes over all sentences, each time "
            "with one of their translations, with Muon for the hidden matrices and AdamW for the "
            "rest, label smoothing 0.1. The file holds fp16 numbers and loads as float32.",
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
            f"{len(FAILURES)} are of a kind it cannot do. They are in no training data.\n\n"
            + table(["English", "German by the model"], rows),
        ),
        ("Everyday sentences", everyday),
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
