"""Exercises of 11_error_clinic: the reader repairs what the cards show broken."""

from course_lessons import fixtures
from course_utils.verdicts import Exercise, Mistake


def bottom_line(traceback):
    lines = traceback.strip().splitlines()
    names = [line.partition(":")[0] for line in lines]
    last = max(i for i, name in enumerate(names) if name.replace(".", "").isidentifier())
    first = lines[last].partition(": ")[2]
    return names[last], "\n".join([first, *lines[last + 1 :]])


def _last_line(traceback):
    last = [line for line in traceback.splitlines() if line and not line.startswith(" ")][-1]
    name, _, message = last.partition(": ")
    return name, message


def _top_line(traceback):
    return traceback.splitlines()[0].rstrip(":"), ""


def _first_error(traceback):
    for line in traceback.splitlines():
        if line and not line.startswith((" ", "Traceback")):
            name, _, message = line.partition(": ")
            return name, message


def _split_everywhere(traceback):
    name, message, *_ = traceback.strip().splitlines()[-1].split(": ")
    return name, message


_TRACEBACKS = (
    "Traceback (most recent call last):\n"
    '  File "story.py", line 7, in <module>\n'
    "    model.generate(ids)\n"
    "AttributeError: 'GPT2Model' object has no attribute 'generate'\n",
    "Traceback (most recent call last):\n"
    '  File "hub.py", line 31, in fetch\n'
    "    raise NotFound(url)\n"
    "NotFound: no such file\n"
    "\n"
    "The above exception was the direct cause of the following exception:\n"
    "\n"
    "Traceback (most recent call last):\n"
    '  File "train.py", line 3, in <module>\n'
    "    load(name)\n"
    "OSError: cannot load: config.json is missing\n",
    "Traceback (most recent call last):\n"
    '  File "load.py", line 2, in <module>\n'
    "    AutoModel.from_pretrained(name)\n"
    "huggingface_hub.errors.LocalEntryNotFoundError: nothing is in the cache.\n"
    "Check your connection: is the network there?\n",
)


def what_to_do():
    return {"MISSING": "train", "UNEXPECTED": "nothing", "MISMATCH": "check num_labels"}


def diagnose(files, config):
    if "config.json" not in files:
        return "adapter" if "adapter_config.json" in files else "wrong folder"
    if not config.get("model_type"):
        return "no model_type"
    weights = {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"}
    return "fine" if weights & set(files) else "no weights"


def _one_file_only(files, config):
    answer = diagnose(files, config)
    return "no weights" if answer == "fine" and "model.safetensors" not in files else answer


def _adapter_as_weights(files, config):
    found = [name for name in files if name.endswith((".safetensors", ".bin"))]
    answer = diagnose([*files, "model.safetensors"] if found else files, config)
    return "fine" if "config.json" not in files and found else answer


def _by_architectures(files, config):
    if "config.json" in files and not config.get("architectures"):
        return "no model_type"
    return diagnose(files, config)


_FOLDERS = (
    (["config.json", "model.safetensors"], {"model_type": "bert", "architectures": ["BertModel"]}),
    (["adapter_config.json", "adapter_model.safetensors"], {}),
    (["README.md"], {}),
    (["config.json", "model.safetensors"], {"architectures": ["GPT2Model"]}),
    (["config.json", "model.gguf"], {"model_type": "llama"}),
    (["config.json", "pytorch_model.bin"], {"model_type": "marian"}),
    (
        ["config.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors"],
        {"model_type": "llama"},
    ),
    (["config.json", "training_args.bin"], {"model_type": "bert"}),  # not every .bin is weights
)


def encode_to_fit(tokenizer, text, positions):
    return tokenizer(text, truncation=True, max_length=positions)["input_ids"]


def _words_cut(tokenizer, text, positions):
    return tokenizer(" ".join(text.split()[:positions]))["input_ids"]


def _sliced(tokenizer, text, positions):
    return tokenizer(text)["input_ids"][:positions]


def _not_cut(tokenizer, text, positions):
    return tokenizer(text)["input_ids"]


def _long_cases():
    tokenizer = fixtures.tokenizer("fill-mask")
    text = "Unbelievably, it rained all week, so we stayed at home."
    return [(tokenizer, text, 8), (tokenizer, text, 64)]


EXERCISES = (
    Exercise(
        id="11-bottom-line",
        prompt="""Write `bottom_line(traceback)`: from a pasted traceback (one string with several
lines) return a pair: the name of the error that finally stopped the program, and its message.
Lines that belong to the stack begin with a space or with `Traceback`; the error stands alone at
the left margin, as its name (one word, perhaps with dots), a colon and the message. When one error
was caused by another, a traceback holds both, in the order in which they happened. A message may
itself contain a colon, and it may go on over further lines: they belong to it.""",
        stub="""def bottom_line(traceback):
    # Replace the dots by your code.
    return ...""",
        reference=bottom_line,
        cases=lambda: [(text,) for text in _TRACEBACKS],
        mistakes=(
            Mistake(
                "top-line",
                _top_line,
                "You read from the top, as one reads a story. A traceback's news is in its last "
                "line; what stands above is the way there.",
            ),
            Mistake(
                "first-error",
                _first_error,
                "With two errors you took the first. It may be the deeper cause, but the program "
                "stopped with the last one, and that is the one to look up first.",
            ),
            Mistake(
                "last-line",
                _last_line,
                "The last line is not always where the error begins: a message can have several "
                "lines. Look for the last line that begins with a name and a colon.",
            ),
            Mistake(
                "split-everywhere",
                _split_everywhere,
                "A message may contain ': ' itself. Split once, at the first one.",
            ),
        ),
        hints=(
            "Which lines begin with one word and a colon? The last of them is the one.",
            "line.partition(': ') splits once: name, separator, rest.",
        ),
        why="Bottom line first: the error's name says what kind, its message says what about.",
    ),
    Exercise(
        id="11-report",
        prompt="""You load a checkpoint to *predict* with it, and a LOAD REPORT appears. Decide for
each status in it what has to be done before you may trust a prediction: `"nothing"`, `"train"`
(or choose another checkpoint), or `"check num_labels"`. MISSING tensors are in the model and not
in the file; UNEXPECTED ones the other way round; MISMATCH means both have it, in different
shapes.""",
        stub="""what_to_do = {
    "MISSING": ...,
    "UNEXPECTED": ...,
    "MISMATCH": ...,
}""",
        reference=what_to_do,
        mistakes=(
            Mistake(
                "missing-is-nothing",
                lambda: {"MISSING": "nothing"},
                "What is missing in the file was filled with random numbers: predictions are noise "
                "until that part is trained.",
            ),
            Mistake(
                "train-what-is-left-over",
                lambda: {"UNEXPECTED": "train"},
                "Unexpected tensors are left in the file. Nothing in the model is random because "
                "of them, so there is nothing to train.",
            ),
            Mistake(
                "mismatch-is-nothing",
                lambda: {"MISMATCH": "nothing"},
                "A tensor of another shape cannot be used: without help loading stops, and with "
                "ignore_mismatched_sizes=True the part is random.",
            ),
            Mistake(
                "train-what-does-not-fit",
                lambda: {"MISMATCH": "train"},
                "Training is right if you wanted other labels. To predict, look first whether you "
                "asked for a number of labels that the file does not have.",
            ),
        ),
        hints=(
            "Ask of each: does the model now hold random numbers?",
            "Only one of the three is harmless.",
        ),
        why="MISSING: random. UNEXPECTED: left out. MISMATCH: usually a num_labels of your own.",
        value=True,
    ),
    Exercise(
        id="11-folder",
        prompt="""A folder does not load. Write `diagnose(files, config)`: `files` is the list of
file names in it, `config` the contents of its `config.json` as a dictionary (empty if there is no
such file). Return `"adapter"` (no config.json, but an adapter_config.json), `"wrong folder"` (no
config.json otherwise), `"no model_type"`, `"no weights"`, or `"fine"`. Weights are in
`model.safetensors`, in several files listed by `model.safetensors.index.json`, or in an older
`pytorch_model.bin`.""",
        stub="""def diagnose(files, config):
    # Replace the dots by your code.
    return ...""",
        reference=diagnose,
        cases=lambda: _FOLDERS,
        mistakes=(
            Mistake(
                "one-file-only",
                _one_file_only,
                "Older checkpoints keep their weights in pytorch_model.bin, and large ones in "
                "several files with an index.",
            ),
            Mistake(
                "adapter-as-weights",
                _adapter_as_weights,
                "An adapter has a weights file too, with a few small tensors: not a model. "
                "Look for config.json first.",
            ),
            Mistake(
                "by-architectures",
                _by_architectures,
                "architectures is a note; model_type is the key that an Auto class needs.",
            ),
        ),
        hints=(
            "Ask in the library's order: config.json, then model_type, then weights.",
            "Inside the first question: is there an adapter_config.json?",
        ),
        why="Three files tell three stories; the error messages tell only that one is missing.",
    ),
    Exercise(
        id="11-too-long",
        prompt="""Repair the *index out of range* of card `too-long`. Write
`encode_to_fit(tokenizer, text, positions)`: the list of `input_ids` of one text, at most
`positions` tokens long, special tokens included: the first stays first and the last stays last,
since the model expects its `[CLS]` and `[SEP]`. A text that fits already must come out
unchanged.""",
        stub="""def encode_to_fit(tokenizer, text, positions):
    # Replace the dots by your code.
    return ...""",
        reference=encode_to_fit,
        cases=_long_cases,
        mistakes=(
            Mistake(
                "words-cut",
                _words_cut,
                "You cut words. Positions count tokens: long words are several, commas count, and "
                "two special tokens are added.",
            ),
            Mistake(
                "sliced",
                _sliced,
                "Cutting the finished list also cuts [SEP] away. Let the tokenizer cut; it leaves "
                "room for its special tokens.",
            ),
            Mistake(
                "not-cut",
                _not_cut,
                "The long text came out whole: the tokenizer cuts only when it is asked to.",
            ),
        ),
        hints=(
            "The tokenizer's call has two arguments for this.",
            "truncation=True, max_length=positions",
        ),
        why="The tokenizer cuts before it adds the special tokens, so they survive.",
    ),
)
