"""Train a small GPT-2 from scratch on children's stories, in place of the hub's gpt2.

python training/text_generation.py --data DATA

Same class as gpt2 (GPT2LMHeadModel) with 4 layers of width 256, a context of 256 tokens and a
byte-level BPE vocabulary of 4,096 tokens of its own, so that it fits into a wheel. Stories in very
simple English (TinyStories) are what a network of this size can learn to tell.
"""

import gzip
import json
import math

import torch
import torch.nn.functional as F
from tokenizers import ByteLevelBPETokenizer
from transformers import GPT2Config, GPT2LMHeadModel, GPT2Tokenizer

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

TASK = "text-generation"
END = "<|endoftext|>"
CONTEXT = 256
HELD_OUT = 400

# Beginnings chosen before any training; the card shows how the model goes on.
EXAMPLES = [
    "Once upon a time",
    "One day, a little dog named Max",
    "Lily wanted to bake a cake",
    "It was raining, so Tom and his sister",
]
# Not stories: the card shows these as what the model cannot do.
FAILURES = ["The capital of France is", "To install the library, you"]


def read_stories(path):
    """Read the stories of a file, which a line with the end token separates."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        stories = [story.strip() for story in file.read().split(END)]
    return [story for story in stories if story]


def make_tokenizer(stories):
    """Train a byte-level BPE tokenizer like gpt2's: one special token and no padding token."""
    trainer = ByteLevelBPETokenizer()
    trainer.train_from_iterator(stories, vocab_size=4096, special_tokens=[END])
    vocabulary = trainer.get_vocab()
    merges = json.loads(trainer.to_str())["model"]["merges"]
    merges = [tuple(merge) for merge in merges]
    return GPT2Tokenizer(vocab=vocabulary, merges=merges, model_max_length=CONTEXT)


def encode(tokenizer, texts):
    """Turn texts of any length into lists of token ids."""
    return [tokenizer.encode(text, truncation=False, verbose=False) for text in texts]


def make_model(tokenizer):
    """Make the untrained network."""
    end = tokenizer.eos_token_id
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=CONTEXT,
        n_embd=256,
        n_layer=4,
        n_head=4,
        bos_token_id=end,
        eos_token_id=end,
        # A few passes over the stories do not overfit a network of this size.
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
    )
    return GPT2LMHeadModel(config)


def make_rows(stories, end, rng):
    """Cut tokenized stories into the rows of one pass, of at most CONTEXT + 1 tokens.

    Most rows are one story from its beginning, as a learner's prompt will be, half of them after
    the end token; long stories go on in further rows. A fifth of the stories is joined to a
    stream instead, so that the model also knows what follows the end of a story.
    """
    width = CONTEXT + 1
    texts, stream = [], []
    for index in rng.permutation(len(stories)):
        text = [*stories[index], end]
        if rng.random() < 0.2:
            stream += text
        else:
            texts.append([end, *text] if rng.random() < 0.5 else text)
    texts.append(stream)
    rows = [text[first : first + width] for text in texts for first in range(0, len(text), CONTEXT)]
    return [row for row in rows if len(row) > 8]


def next_token_loss(model, rows, end):
    """Compute the mean loss of predicting each token of the rows from those before it."""
    device = model.device
    inputs = pad([row[:-1] for row in rows], end, device)
    targets = pad([row[1:] for row in rows], -100, device)
    logits = model(input_ids=inputs, use_cache=False).logits
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)


@torch.no_grad()
def bits_per_character(model, stories, texts, end):
    """Measure how many bits each character of unseen stories costs; 8 would be no knowledge.

    Stories longer than the context are read in windows that overlap by half, so that every token
    but the first few has at least half a context before it.
    """
    nats = 0.0
    for story in stories:
        tokens = [end, *story]
        done = 1
        for first in range(0, len(tokens), CONTEXT // 2):
            window = torch.tensor([tokens[first : first + CONTEXT]], device=model.device)
            with autocast(model.device):
                logits = model(input_ids=window, use_cache=False).logits[0].float()
            new = done - first - 1
            nats += F.cross_entropy(logits[new:-1], window[0, new + 1 :], reduction="sum").item()
            done = first + window.shape[1]
            if done == len(tokens):
                break
    return nats / math.log(2) / sum(map(len, texts))


@torch.no_grad()
def continue_text(model, tokenizer, prompt, seed):
    """Let the model go on from a prompt for at most 80 tokens, choosing among likely tokens."""
    torch.manual_seed(seed)
    inputs = tokenizer(prompt, return_tensors="pt").to(model.device)
    output = model.generate(
        **inputs,
        max_new_tokens=80,
        do_sample=True,
        temperature=0.7,
        top_k=40,
        pad_token_id=tokenizer.eos_token_id,
    )
    return tokenizer.decode(output[0], skip_special_tokens=True)


def main():
    """Train, evaluate and write the checkpoint folder."""
    options = arguments(__doc__.splitlines()[0], TASK, epochs=3.6)
    tiny = read_stories(options.data / "causal_lm" / "tinystories.txt.gz")
    # The file keeps its sources together, so the held-out stories come from all over it.
    held_out = tiny[:: len(tiny) // HELD_OUT][:HELD_OUT]
    known = set(held_out)
    texts = [story for story in tiny if story not in known]
    tokenizer = make_tokenizer(texts)
    end = tokenizer.eos_token_id
    stories = encode(tokenizer, texts)
    unseen = encode(tokenizer, held_out)
    tokens = sum(map(len, stories))
    print(f"{len(stories)} stories, {tokens} tokens")
    model = make_model(tokenizer)
    # For rows this short the plain attention is faster to train than the fused one.
    model.set_attn_implementation("eager")

    def make_batches(rng):
        rows = make_rows(stories, end, rng)
        batches = length_buckets([len(row) for row in rows], 4096, rng)
        return [[rows[index] for index in batch] for batch in batches]

    def checkpoint():
        model.eval()
        bits = bits_per_character(model, unseen[::4], held_out[::4], end)
        print(f"\nbits per character: {bits:.3f}")
        save(model, tokenizer, options.out)

    optimizers = muon_and_adamw(
        model, lambda name: ".h." in name, muon_lr=6e-3, adamw_lr=3e-3, weight_decay=0.1
    )
    fit(
        model,
        make_batches,
        lambda rows: next_token_loss(model, rows, end),
        options,
        optimizers,
        warmup=0.05,
        checkpoint=checkpoint,
    )
    save(model, tokenizer, options.out)
    report(held_out, len(stories), tokens, options)


def report(held_out, stories, tokens, options):
    """Score the saved model and write its card."""
    tokenizer = GPT2Tokenizer.from_pretrained(options.out)
    model = GPT2LMHeadModel.from_pretrained(options.out).to(options.device)
    unseen = encode(tokenizer, held_out)
    bits = bits_per_character(model, unseen, held_out, tokenizer.eos_token_id)
    characters = sum(map(len, held_out)) / sum(map(len, unseen))
    perplexity = 2 ** (bits * characters)
    print(f"bits per character {bits:.3f}, perplexity per token {perplexity:.2f}")
    examples = "\n\n".join(
        "> " + continue_text(model, tokenizer, prompt, options.seed).replace("\n", "\n>\n> ")
        for prompt in EXAMPLES
    )
    failures = "\n\n".join(
        "> " + continue_text(model, tokenizer, prompt, options.seed).replace("\n", "\n>\n> ")
        for prompt in FAILURES
    )
    print(examples, failures, sep="\n\n")
    header = {
        "license": "cdla-sharing-1.0",
        "pipeline_tag": TASK,
        "datasets": ["roneneldan/TinyStories"],
        "metrics": ["perplexity"],
    }
    sections = [
        (
            "",
            "Goes on with a story for small children in simple English. In the course it stands "
            "in for `gpt2`: the same class, `GPT2LMHeadModel`, with "
            f"{model.num_parameters() / 1e6:.1f} million parameters instead of 124 million, "
            f"{model.config.n_layer} layers instead of 12 and a context of {CONTEXT} tokens "
            "instead of 1,024. As in the original, the only special token is `<|endoftext|>` and "
            "there is no padding token.",
        ),
        (
            "Data",
            f"{stories:,} stories ({tokens:,} tokens) of TinyStories (Eldan and Li 2023), which "
            "larger models wrote in the words a child of three or four knows. Data licence: "
            "CDLA-Sharing-1.0. The byte-level BPE vocabulary comes from the same stories.",
        ),
        (
            "Training",
            "From scratch by `python training/text_generation.py --data DATA "
            f"--epochs {options.epochs:g} --seed {options.seed}`: passes over all stories with "
            "Muon for the hidden matrices and AdamW for the rest. The file holds fp16 numbers "
            "and loads as float32.",
        ),
        (
            "Scores",
            f"On {len(held_out)} stories kept out of training, every token predicted after the "
            "end token:\n\n"
            + table(
                ["measure", "value"],
                [
                    ("bits per character", f"{bits:.3f}"),
                    ("perplexity per token", f"{perplexity:.2f}"),
                    ("characters per token", f"{characters:.2f}"),
                ],
            )
            + "\n\nSampled once each (`temperature=0.7`, `top_k=40`, "
            f"`torch.manual_seed({options.seed})`, 80 tokens) from beginnings chosen before "
            "training:\n\n" + examples,
        ),
        (
            "Limits",
            "It tells children's stories and nothing else. It knows no facts and follows no "
            "instructions; any other beginning turns into a story or into nonsense:\n\n"
            + failures
            + "\n\nEven in stories, people and things change names, talk out of turn or forget "
            "what has just happened; greedy search repeats itself sooner than sampling. Children "
            "called Lily, Tim and Tom are far too frequent, as in the data. English only; other "
            "writing falls into single bytes it has hardly seen.",
        ),
    ]
    write_card(options.out, header, "Children's stories, small GPT-2", sections)


if __name__ == "__main__":
    main()
