"""What the seven training scripts share: arguments, the training loop, MiniLM surgery, saving.

Every script trains one small checkpoint and writes its folder whole, so that
`AutoModelForX.from_pretrained(folder)` loads it like any model from the hub.
"""

import argparse
import copy
import json
import math
import random
import shutil
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
import yaml
from tqdm import tqdm
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertModel,
    BertTokenizer,
    DistilBertConfig,
    DistilBertModel,
)

EMBEDDED = Path(__file__).resolve().parents[1] / "course_utils" / "embedded"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


# Command line -----------------------------------------------------------------------------------


def arguments(description, task, epochs, start=False, **more):
    """Read the options that all scripts have. `more` are further ones, as name=default."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the training data")
    parser.add_argument("--out", type=Path, default=EMBEDDED / task, help="checkpoint folder")
    parser.add_argument("--epochs", type=float, default=epochs, help="passes over the data")
    parser.add_argument(
        "--minutes", type=float, default=0, help="end training after that long; 0: when it is done"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of every random choice")
    parser.add_argument("--device", default=best_device(), help="cuda, mps or cpu")
    if start:
        parser.add_argument(
            "--start", type=Path, required=True, help="folder of all-MiniLM-L6-v2 to start from"
        )
    for name, default in more.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    options = parser.parse_args()
    seed_everything(options.seed)
    return options


def best_device():
    """Name the fastest device of this machine."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def seed_everything(seed):
    """Seed Python's, NumPy's and torch's random numbers."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


# Everyday probes --------------------------------------------------------------------------------


def read_probes(task, part=None):
    """Read a task's everyday probes: lines of cells, the first one "tune" or "report".

    They were written before any answer to them was seen. Choices may be made by the first part;
    the second is only reported. Neither is in any training data.
    """
    path = Path(__file__).parent / "probes" / f"{task}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [tuple(cells) for kind, *cells in rows if part in (None, kind)]


def probe_section(task, what, right, answers):
    """Write the card's lines about the everyday probes: how many are right, which are wrong.

    `right` and `answers` go with read_probes(task): the tuning part first, then the other.
    """
    border = len(read_probes(task, "tune"))
    parts = [right[:border], right[border:]]
    hits = [f"{sum(part)} of {len(part)} ({100 * sum(part) / len(part):.0f} %)" for part in parts]
    wrong = [f"- {answer}" for answer, good in zip(answers, right) if not good]
    text = (
        f"Of the sentences in `training/probes/{task}.tsv`, written before any answer was seen, "
        f"those {what}: {hits[0]} of the part by which choices may be made, {hits[1]} of the part "
        "that is only reported. The others:\n\n" + "\n".join(wrong)
    )
    print(text)
    return text


# Training loop ----------------------------------------------------------------------------------


def autocast(device):
    """Return the bf16 context of a device where bf16 is faster than float32.

    A CPU that has bf16 instructions gains 1.5 times; without them bf16 takes ten times as long.
    """
    kind = torch.device(device).type
    if kind == "mps" or kind == "cpu" and not has_bf16_instructions():
        return nullcontext()
    return torch.autocast(kind, dtype=torch.bfloat16)


def has_bf16_instructions():
    """Tell whether this machine's CPU multiplies bf16 matrices itself."""
    able = torch.cpu.get_capabilities()
    return any(able.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def length_buckets(lengths, tokens_per_batch, rng):
    """Group examples of similar length into batches of at most `tokens_per_batch` with padding.

    Returns lists of indices in random order. Similar lengths leave little padding to compute.
    """
    order = np.argsort(np.asarray(lengths) + rng.random(len(lengths)) * 2)
    batches, batch, longest = [], [], 0
    for index in order.tolist():
        longest = max(longest, lengths[index])
        if batch and longest * (len(batch) + 1) > tokens_per_batch:
            batches.append(batch)
            batch, longest = [], lengths[index]
        batch.append(index)
    if batch:
        batches.append(batch)
    return [batches[i] for i in rng.permutation(len(batches))]


def adamw(model, lr, weight_decay=0.01):
    """Make AdamW without decay on biases and layer norms."""
    matrices = [p for p in model.parameters() if p.requires_grad and p.ndim > 1]
    vectors = [p for p in model.parameters() if p.requires_grad and p.ndim <= 1]
    groups = [
        {"params": matrices, "weight_decay": weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.98), fused=True)


class Muon(torch.optim.Optimizer):
    """Make every direction of a matrix's update equally long.

    As torch.optim.Muon with adjust_lr_fn="match_rms_adamw", but in float32 where a CPU has no bf16
    instructions (there torch's needs ten times as long as all the rest of a step), and with all
    matrices of one shape at once.
    """

    def __init__(self, matrices, lr, weight_decay, momentum=0.95):
        by_shape = {}
        for matrix in matrices:
            by_shape.setdefault(matrix.shape, []).append(matrix)
        settings = {"lr": lr, "weight_decay": weight_decay, "momentum": momentum}
        super().__init__([{"params": same} for same in by_shape.values()], settings)

    @torch.no_grad()
    def step(self):
        """Update the matrices."""
        for group in self.param_groups:
            matrices = group["params"]
            gradient = torch.stack([matrix.grad for matrix in matrices])
            state = self.state[matrices[0]]
            average = state.setdefault("average", torch.zeros_like(gradient))
            average.lerp_(gradient, 1 - group["momentum"])
            update = orthogonal(gradient.lerp(average, group["momentum"]))
            rate = group["lr"] * 0.2 * max(gradient.shape[1:]) ** 0.5
            for matrix, change in zip(matrices, update):
                matrix.mul_(1 - group["lr"] * group["weight_decay"]).sub_(change, alpha=rate)


def orthogonal(matrices):
    """Bring the singular values of a stack of matrices near 1, by five Newton-Schulz steps."""
    if matrices.device.type != "cpu" or has_bf16_instructions():
        matrices = matrices.bfloat16()
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    for _ in range(5):
        square = x @ x.mT
        x = 3.4445 * x + (-4.775 * square + 2.0315 * square @ square) @ x
    return (x.mT if tall else x).float()


def muon_and_adamw(model, is_hidden, muon_lr, adamw_lr, weight_decay=0.1):
    """Make Muon for the hidden matrices, whose names `is_hidden` knows, and AdamW for the rest.

    A network trained from scratch learns about twice as much per step with Muon. It is meant for
    hidden matrices only: embeddings, biases and norms stay with AdamW.
    """
    named = list(model.named_parameters())
    hidden = [p for name, p in named if p.requires_grad and p.ndim == 2 and is_hidden(name)]
    chosen = set(map(id, hidden))
    others = [p for _, p in named if p.requires_grad and id(p) not in chosen]
    return [
        Muon(hidden, lr=muon_lr, weight_decay=weight_decay),
        torch.optim.AdamW(others, lr=adamw_lr, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]


def fit(model, make_batches, loss_of, options, optimizers, warmup=0.1, clip=1.0, checkpoint=None):
    """Train `model` for `options.epochs` passes (0.5 is half a pass) or `options.minutes`.

    make_batches(rng) gives the batches of one pass, loss_of(batch) the loss of one of them.
    All rates rise over the first `warmup` part of the training, then fall to zero on a cosine.
    checkpoint(), if given, runs after each whole pass but the last. Returns the passes made, which
    are fewer than `options.epochs` if the time was over first.
    """
    rng = np.random.default_rng(options.seed)
    batches = make_batches(rng)
    steps = max(1, round(options.epochs * len(batches)))
    model.to(options.device).train()
    began = time.monotonic()
    average = None
    position = 0
    passes = 0.0
    bar = tqdm(range(steps), desc="training", unit="step", mininterval=5, smoothing=0.05)
    for step in bar:
        done = step / steps
        if options.minutes:
            done = max(done, (time.monotonic() - began) / 60 / options.minutes)
        if done >= 1:
            break
        if position == len(batches):
            if checkpoint:
                checkpoint()
                model.train()
            batches, position = make_batches(rng), 0
        with autocast(options.device):
            loss = loss_of(batches[position])
        position += 1
        passes += 1 / len(batches)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        share = cosine(done, warmup)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group.setdefault("full_lr", group["lr"])
                group["lr"] = share * group["full_lr"]
            optimizer.step()
            optimizer.zero_grad()
        # Reading the loss every step would make a GPU wait.
        if step % 10 == 0:
            value = loss.item()
            average = value if average is None else 0.95 * average + 0.05 * value
            bar.set_postfix(loss=f"{average:.3f}", refresh=False)
    model.eval()
    return passes


def cosine(done, warmup):
    """Give the share of the full rate when that part of the training is done."""
    if done < warmup:
        return (done + 1e-3) / (warmup + 1e-3)
    return 0.5 + 0.5 * math.cos(math.pi * (done - warmup) / (1 - warmup))


def quicken(model):
    """Train about 1.5 times as fast on a CPU: no dropout, plain attention.

    Random numbers for dropout take a third of the time, and with so few passes it helps little.
    Only the dropout on the embeddings stays. The saved config keeps the usual settings.
    """
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Dropout) and "embeddings" not in name:
            module.p = 0.0
    model.set_attn_implementation("eager")


def pad(rows, value, device="cpu"):
    """Stack lists of different lengths into one tensor, filled up with `value`."""
    width = max(map(len, rows))
    return torch.tensor([row + [value] * (width - len(row)) for row in rows], device=device)


# MiniLM surgery ---------------------------------------------------------------------------------


def choose_pieces(start, texts, size, forced=()):
    """Choose the `size` word pieces that a small vocabulary keeps.

    The special tokens, all single ASCII characters and every `forced` word that MiniLM has as one
    piece come first; the rest are the most frequent pieces of `texts`. Frequency alone would
    drop rare pieces that the course's examples need.
    """
    tokenizer = AutoTokenizer.from_pretrained(start)
    known = tokenizer.get_vocab()
    counts = Counter()
    for text in texts:
        counts.update(tokenizer.tokenize(text))
    characters = [chr(code) for code in range(33, 127)]
    wanted = [*SPECIAL, *characters, *(f"##{c}" for c in characters if c.isalnum())]
    wanted += [word.lower() for word in forced]
    wanted += [piece for piece, _ in counts.most_common()]
    return list(dict.fromkeys(piece for piece in wanted if piece in known))[:size]


def make_tokenizer(pieces, lower=True, length=512):
    """Make the BERT tokenizer of a vocabulary."""
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    return BertTokenizer(vocab=vocabulary, do_lower_case=lower, model_max_length=length)


def cut_minilm(start, layers, pieces, positions, intermediate=None, sample=()):
    """Cut all-MiniLM-L6-v2 to the chosen `layers` (indices), to `pieces` and to `positions`.

    A piece that MiniLM does not have starts from its lower-case form, or else from the mean of
    the pieces MiniLM would split it into. With `intermediate`, each feed-forward layer keeps only
    that many neurons: those that move the output most on the `sample` sentences.
    """
    teacher = BertModel.from_pretrained(start).eval()
    tokenizer = AutoTokenizer.from_pretrained(start)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=teacher.config.hidden_size,
        num_hidden_layers=len(layers),
        num_attention_heads=teacher.config.num_attention_heads,
        intermediate_size=intermediate or teacher.config.intermediate_size,
        max_position_embeddings=positions,
        pad_token_id=pieces.index("[PAD]"),
    )
    keep = None
    if intermediate:
        keep = active_neurons(teacher, tokenizer, intermediate, sample)

    state = teacher.state_dict()
    cut = {}
    for name, tensor in state.items():
        if name.startswith("encoder.layer."):
            layer = int(name.split(".")[2])
            if layer not in layers:
                continue
            if keep is not None and ".intermediate.dense." in name:
                tensor = tensor[keep[layer]]
            elif keep is not None and ".output.dense.weight" in name and "attention" not in name:
                tensor = tensor[:, keep[layer]]
            name = name.replace(f"layer.{layer}.", f"layer.{layers.index(layer)}.")
        cut[name] = tensor.clone()
    positions_name = "embeddings.position_embeddings.weight"
    cut[positions_name] = state[positions_name][:positions].clone()
    words = state["embeddings.word_embeddings.weight"]
    known = tokenizer.get_vocab()
    cut["embeddings.word_embeddings.weight"] = torch.stack(
        [words[piece_ids(tokenizer, known, piece)].mean(0) for piece in pieces]
    )
    model = BertModel(config)
    missing = model.load_state_dict(cut, strict=False)
    assert not missing.missing_keys, missing
    return model


def piece_ids(tokenizer, known, piece):
    """Find the old ids whose vectors a new piece starts from."""
    for form in (piece, piece.lower()):
        if form in known:
            return [known[form]]
    text = piece.removeprefix("##").lower()
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids or [known["[UNK]"]]


@torch.no_grad()
def active_neurons(teacher, tokenizer, count, sample):
    """Find the feed-forward neurons of each layer that contribute most on `sample`."""
    weight = [0.0] * len(teacher.encoder.layer)
    hooks = []
    for index, block in enumerate(teacher.encoder.layer):
        norm = block.output.dense.weight.norm(dim=0)

        def measure(module, inputs, output, index=index, norm=norm):
            weight[index] = weight[index] + output.abs().mean(dim=(0, 1)) * norm

        hooks.append(block.intermediate.register_forward_hook(measure))
    for first in range(0, len(sample), 32):
        batch = tokenizer(
            sample[first : first + 32],
            padding=True,
            truncation=True,
            max_length=64,
            return_tensors="pt",
        )
        teacher(**batch)
    for hook in hooks:
        hook.remove()
    return [scores.topk(count).indices.sort().values for scores in weight]


def to_distilbert(bert):
    """Turn a BertModel into the DistilBertModel that computes the same.

    DistilBERT has no segments: BERT's vector of segment 0 moves into the position vectors.
    """
    config = DistilBertConfig(
        vocab_size=bert.config.vocab_size,
        dim=bert.config.hidden_size,
        n_layers=bert.config.num_hidden_layers,
        n_heads=bert.config.num_attention_heads,
        hidden_dim=bert.config.intermediate_size,
        max_position_embeddings=bert.config.max_position_embeddings,
        pad_token_id=bert.config.pad_token_id,
    )
    names = {
        "encoder.layer.": "transformer.layer.",
        "attention.self.query": "attention.q_lin",
        "attention.self.key": "attention.k_lin",
        "attention.self.value": "attention.v_lin",
        "attention.output.dense": "attention.out_lin",
        "attention.output.LayerNorm": "sa_layer_norm",
        "intermediate.dense": "ffn.lin1",
        "output.dense": "ffn.lin2",
        "output.LayerNorm": "output_layer_norm",
    }
    state = {}
    for name, tensor in bert.state_dict().items():
        if name.startswith("pooler.") or "token_type" in name:
            continue
        for old, new in names.items():
            name = name.replace(old, new)
        state[name] = tensor
    segment = bert.embeddings.token_type_embeddings.weight.data[0]
    position = "embeddings.position_embeddings.weight"
    state[position] = state[position] + segment
    model = DistilBertModel(config)
    missing = model.load_state_dict(state, strict=False)
    assert not missing.missing_keys and not missing.unexpected_keys, missing
    return model


# Saving -----------------------------------------------------------------------------------------


def save(model, tokenizer, out):
    """Write the checkpoint folder anew: half the size on disk, float32 again when loaded."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    half = copy.deepcopy(model).cpu().half()
    half.save_pretrained(out)
    if tokenizer.is_fast:
        # Forget how this script last padded and cut.
        tokenizer.backend_tokenizer.no_padding()
        tokenizer.backend_tokenizer.no_truncation()
    tokenizer.save_pretrained(out)
    (out / "model.safetensors").chmod(0o644)
    config = json.loads((out / "config.json").read_text())
    # The dtype in config.json is what from_pretrained loads to, whatever the file holds.
    config["dtype"] = "float32"
    config.pop("_name_or_path", None)
    write_json(out / "config.json", config)
    path = out / "tokenizer_config.json"
    settings = json.loads(path.read_text())
    for key in ("name_or_path", "backend", "is_local", "local_files_only"):
        settings.pop(key, None)
    write_json(path, settings)


def write_json(path, value):
    """Write JSON as the hub's files are written."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def megabytes(folder):
    """Return the size of a folder's files in decimal megabytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def table(head, rows):
    """Format a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def write_card(out, header, title, sections):
    """Write the model card: the hub's YAML header, a title, then (heading, text) sections."""
    header = {"language": "en", "library_name": "transformers", **header}
    parts = ["---", yaml.safe_dump(header, sort_keys=False, allow_unicode=True).strip(), "---"]
    parts += ["", f"# {title}"]
    for heading, text in sections:
        parts += ["", f"## {heading}", "", text.strip()] if heading else ["", text.strip()]
    (out / "README.md").write_text("\n".join(parts) + "\n", encoding="utf-8")
    print(f"{out}: {megabytes(out):.2f} MB")
