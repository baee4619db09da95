"""Exercises of 11_error_clinic: the reader repairs what the cards show broken."""

import torch
from transformers import AutoConfig, AutoModel

from course_lessons import fixtures
from course_utils import registry
from course_utils.verdicts import Exercise, Mistake


def bottom_line(traceback):
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
)


def rosetta():
    return {
        "torch_dtype=torch.float16": "dtype=torch.float16",
        "use_auth_token=token": "token=token",
        "tokenizer.encode_plus(text)": "tokenizer(text)",
        "AutoModelForVision2Seq": "AutoModelForImageTextToText",
        "load_in_8bit=True": "quantization_config=config",
        "config.max_length = 50": "model.generation_config.max_length = 50",
    }


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


def fitting(model_type, wanted):
    return [name for name in wanted if name in registry.concrete_classes(model_type)]


def _concrete_names(model_type, wanted):
    classes = registry.concrete_classes(model_type)
    return [classes[name] for name in wanted if name in classes]


def _others(model_type, wanted):
    return [name for name in wanted if name not in registry.concrete_classes(model_type)]


def _all_of_them(model_type, wanted):
    return list(registry.concrete_classes(model_type))


_WANTED = ["AutoModelForCausalLM", "AutoModelForSeq2SeqLM", "AutoModelForQuestionAnswering"]


def unknown_names(forward, inputs):
    import inspect

    return sorted(set(inputs) - set(inspect.signature(forward).parameters))


def _kwargs_take_all(forward, inputs):
    import inspect

    parameters = inspect.signature(forward).parameters
    return [] if "kwargs" in parameters else sorted(set(inputs) - set(parameters))


def _not_passed(forward, inputs):
    import inspect

    return sorted(set(inspect.signature(forward).parameters) - set(inputs))


def _known_names(forward, inputs):
    import inspect

    return sorted(set(inputs) & set(inspect.signature(forward).parameters))


def _typo_cases():
    forward = fixtures.tiny("BertModel").forward
    good = {"input_ids": [[5, 6]], "attention_mask": [[1, 1]]}
    return [
        (forward, good),
        (forward, {"input_ids": [[5, 6]], "atention_mask": [[1, 1]]}),
        (forward, good | {"head_mask": None, "decoder_ids": [[1]]}),
    ]


def batch_for_writing(tokenizer, texts):
    tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "left"
    return tokenizer(texts, padding=True)["input_ids"]


def _right_side(tokenizer, texts):
    tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "right"
    return tokenizer(texts, padding=True)["input_ids"]


def _no_token(tokenizer, texts):
    return tokenizer(texts, padding=True)["input_ids"]


def _no_padding(tokenizer, texts):
    return tokenizer(texts)["input_ids"]


def _cut(tokenizer, texts):
    rows = tokenizer(texts)["input_ids"]
    return [row[: min(map(len, rows))] for row in rows]


def _writing_cases():
    texts = ["Once upon a time", "One day, a little dog went to the park and", "Hi"]
    return [(fixtures.tokenizer("text-generation"), texts)]


@torch.no_grad()
def first_scores(model, input_ids):
    start = torch.full((len(input_ids), 1), model.config.decoder_start_token_id)
    return model(input_ids=input_ids, decoder_input_ids=start).logits[:, 0]


@torch.no_grad()
def _source_as_target(model, input_ids):
    return model(input_ids=input_ids, decoder_input_ids=input_ids).logits[:, 0]


@torch.no_grad()
def _from_the_end_token(model, input_ids):
    start = torch.full((len(input_ids), 1), model.config.eos_token_id)
    return model(input_ids=input_ids, decoder_input_ids=start).logits[:, 0]


@torch.no_grad()
def _nothing(model, input_ids):
    return model(input_ids=input_ids).logits[:, 0]


def _translation_cases():
    model, tokenizer = fixtures.model("translation"), fixtures.tokenizer("translation")
    texts = ["Good morning.", "The weather is nice today."]
    return [(model, tokenizer(text, return_tensors="pt")["input_ids"]) for text in texts]


def last_vectors(hidden, mask):
    places = torch.arange(mask.shape[1]).expand_as(mask)
    last = (places * mask).argmax(dim=1)
    return hidden[torch.arange(len(hidden)), last]


def _last_column(hidden, mask):
    return hidden[:, -1]


def _by_length(hidden, mask):
    return hidden[torch.arange(len(hidden)), mask.sum(dim=1) - 1]


def _one_too_far(hidden, mask):
    last = mask.sum(dim=1).clamp(max=mask.shape[1] - 1)
    return hidden[torch.arange(len(hidden)), last]


def _vector_cases():
    hidden = torch.arange(24.0).reshape(2, 4, 3)
    right, left = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 1]]), torch.tensor([[0, 0, 1, 1]] * 2)
    return [(hidden, right), (hidden, left)]


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


@torch.no_grad()
def attention_shapes(config, input_ids):
    model = AutoModel.from_config(config, attn_implementation="eager")
    return [tuple(a.shape) for a in model(input_ids, output_attentions=True).attentions]


@torch.no_grad()
def _fast(config, input_ids):
    model = AutoModel.from_config(config)
    found = model(input_ids, output_attentions=True).attentions
    return [tuple(a.shape) for a in found or ()]  # None on transformers 5.0, later an empty tuple


@torch.no_grad()
def _not_asked_for(config, input_ids):
    model = AutoModel.from_config(config, attn_implementation="eager")
    return [tuple(a.shape) for a in model(input_ids).attentions]


@torch.no_grad()
def _hidden_states(config, input_ids):
    model = AutoModel.from_config(config)
    return [tuple(h.shape) for h in model(input_ids, output_hidden_states=True).hidden_states]


def _attention_cases():
    sizes = {"hidden_size": 16, "num_attention_heads": 4, "intermediate_size": 16}
    config = AutoConfig.for_model("bert", **sizes, num_hidden_layers=2, vocab_size=66)
    return [(config, torch.tensor([[5, 6, 7], [8, 9, 10]]))]


def encode_pairs(tokenizer, questions, context):
    return tokenizer(questions, [context] * len(questions), padding=True)["input_ids"]


def _one_list(tokenizer, questions, context):
    return tokenizer([*questions, context], padding=True)["input_ids"]


def _joined(tokenizer, questions, context):
    return tokenizer([f"{q} {context}" for q in questions], padding=True)["input_ids"]


def _context_first(tokenizer, questions, context):
    return tokenizer([context] * len(questions), questions, padding=True)["input_ids"]


def _ragged(tokenizer, questions, context):
    return [tokenizer(question, context)["input_ids"] for question in questions]


_QUESTIONS = ["Where does Anna live?", "Who?"]

EXERCISES = (
    Exercise(
        id="11-bottom-line",
        prompt="""Write `bottom_line(traceback)`: from a pasted traceback (one string with several
lines) return a pair: the name of the error that finally stopped the program, and its message.
Lines that belong to the stack begin with a space or with `Traceback`; the error stands alone at
the left margin. When one error was caused by another, a traceback holds both, in the order in
which they happened. A message may itself contain a colon.""",
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
                "split-everywhere",
                _split_everywhere,
                "A message may contain ': ' itself. Split once, at the first one.",
            ),
        ),
        hints=(
            "Which lines do not begin with a space? The last of them is the one.",
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
        id="11-rosetta",
        prompt="""Old code, new library. Each key is something that worked on transformers 4.x;
write what stands in its place on 5.x, as a string, in the same style. Keep the values (such as
`torch.float16`, `token`, `text` and `50`) as they are. For the 8-bit line assume that a variable
`config` already holds a `BitsAndBytesConfig`. The cards `torch-dtype`, `gated`, `encode-plus`,
`dead-class`, `load-in-8bit` and `inert-settings` have all the answers.""",
        stub="""new_words = {
    "torch_dtype=torch.float16": ...,
    "use_auth_token=token": ...,
    "tokenizer.encode_plus(text)": ...,
    "AutoModelForVision2Seq": ...,
    "load_in_8bit=True": ...,
    "config.max_length = 50": ...,
}""",
        reference=rosetta,
        mistakes=(
            Mistake(
                "unchanged-dtype",
                lambda: {"torch_dtype=torch.float16": "torch_dtype=torch.float16"},
                "It still runs, with a notice that it is deprecated: the name has become shorter.",
            ),
            Mistake(
                "private-method",
                lambda: {"tokenizer.encode_plus(text)": "tokenizer._encode_plus(text)"},
                "That is what the error message suggests, but a leading underscore means private: "
                "call the tokenizer itself.",
            ),
            Mistake(
                "still-the-config",
                lambda: {"config.max_length = 50": "model.config.max_length = 50"},
                "That is the same object as before; on 5.x nothing reads a length from it. "
                "Settings for writing live in generation_config.",
            ),
            Mistake(
                "renamed-by-guess",
                lambda: {"AutoModelForVision2Seq": "AutoModelForSeq2SeqLM"},
                "That class takes text only. The new name says it all: image and text to text.",
            ),
        ),
        hints=(
            "Look the cards up: card('torch-dtype') and so on.",
            "The tokenizer is called like a function; the token's argument is just token.",
        ),
        why="Few names changed, but they are those that old code uses most.",
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
        id="11-fitting",
        prompt="""The error says *Unrecognized configuration class*. Write
`fitting(model_type, wanted)`: those names of the list `wanted` (names of Auto classes) that
accept this kind of model, in the same order. Ask the installed library and do not type a table:
`registry.concrete_classes(model_type)` is a dictionary from Auto class name to the name of the
concrete class. Import it with `from course_utils import registry`. The list may come out empty.""",
        stub="""def fitting(model_type, wanted):
    # Replace the dots by your code.
    return ...""",
        reference=fitting,
        cases=lambda: [(kind, _WANTED) for kind in ("marian", "gpt2", "bert", "vit")],
        mistakes=(
            Mistake(
                "concrete-names",
                _concrete_names,
                "Those are the classes that would come out. Asked for are the Auto classes that "
                "you may write: the keys.",
            ),
            Mistake(
                "others", _others, "You kept those that are refused; keep those that are accepted."
            ),
            Mistake(
                "all-of-them",
                _all_of_them,
                "Return only names that are also in `wanted`, in its order.",
            ),
        ),
        hints=(
            "`name in registry.concrete_classes(model_type)` is the question to ask.",
            "A list comprehension over `wanted` keeps the order.",
        ),
        why="The registry knows every pair that exists, so no attempt has to fail first.",
    ),
    Exercise(
        id="11-typo",
        prompt="""The model's call swallows misspelled arguments (card `typo`). Write the check that
it lacks: `unknown_names(forward, inputs)` returns the sorted list of keys of the dictionary
`inputs` that the function `forward` does not name among its parameters.
`inspect.signature(forward).parameters` is a mapping whose keys are the parameter names. Mind that
one of these names is the bag for all the rest.""",
        stub="""def unknown_names(forward, inputs):
    # Replace the dots by your code.
    return ...""",
        reference=unknown_names,
        cases=_typo_cases,
        mistakes=(
            Mistake(
                "kwargs-take-all",
                _kwargs_take_all,
                "You let **kwargs excuse everything. That is what the model does too, and why the "
                "typo goes unnoticed: only names that are written out count.",
            ),
            Mistake(
                "not-passed",
                _not_passed,
                "Those are parameters that were not passed, and most of them need not be. Asked "
                "for is the other difference: passed, but not known.",
            ),
            Mistake(
                "known-names", _known_names, "Those names are right. Return the ones that are not."
            ),
        ),
        hints=(
            "Two sets of names: the keys of inputs, and the parameters. One minus the other.",
            "sorted(set(inputs) - set(...))",
        ),
        why="One line before the call makes a silent error loud.",
    ),
    Exercise(
        id="11-padding",
        prompt="""Repair the batch of card `right-padding`. Write
`batch_for_writing(tokenizer, texts)` for a decoder's tokenizer that has no padding token yet:
give it one, put the padding on the side where it does no harm to a model that continues texts,
and return the `input_ids` of all texts as a list of equally long lists. Change the tokenizer you
are given; it is a fresh one for each call.""",
        stub="""def batch_for_writing(tokenizer, texts):
    # Replace the dots by your code.
    return ...""",
        reference=batch_for_writing,
        cases=_writing_cases,
        mistakes=(
            Mistake(
                "right-side",
                _right_side,
                "The padding is on the right, between the prompt and what the model would write. "
                "Set tokenizer.padding_side = 'left'.",
            ),
            Mistake(
                "no-token",
                _no_token,
                "It stops with 'Asking to pad': GPT-2 has no padding token. Borrow one that it "
                "has, such as tokenizer.eos_token.",
            ),
            Mistake(
                "no-padding", _no_padding, "The rows have different lengths: ask for padding=True."
            ),
            Mistake("cut", _cut, "You cut all texts to the shortest; the prompts must stay whole."),
        ),
        hints=(
            "Two attributes of the tokenizer: pad_token and padding_side.",
            "tokenizer.pad_token = tokenizer.eos_token; then padding=True.",
        ),
        why="New tokens are appended on the right, so padding belongs on the left.",
    ),
    Exercise(
        id="11-decoder-start",
        prompt="""Repair the call of card `no-decoder-ids`. Write `first_scores(model, input_ids)`
for an encoder-decoder model: the logits for the *first* word of the translation, a tensor of
shape (texts, vocabulary). The decoder must be given a beginning, one token for each text, and
only one token is right for it: the model's config names it. `input_ids` has shape (texts,
tokens).""",
        stub="""def first_scores(model, input_ids):
    # Replace the dots by your code.
    return ...""",
        reference=first_scores,
        cases=_translation_cases,
        mistakes=(
            Mistake(
                "source-as-target",
                _source_as_target,
                "You gave the decoder the source text, as if the model had already written that. "
                "It runs without complaint and answers another question.",
            ),
            Mistake(
                "from-the-end-token",
                _from_the_end_token,
                "You began with the end token. The model was trained to begin with another one: "
                "model.config.decoder_start_token_id.",
            ),
            Mistake(
                "nothing",
                _nothing,
                "Without decoder_input_ids the model refuses. The message speaks of two things "
                "given at once; in truth none was.",
            ),
        ),
        hints=(
            "decoder_input_ids of shape (texts, 1), filled with decoder_start_token_id.",
            "torch.full((len(input_ids), 1), token), then .logits[:, 0].",
        ),
        why="generate does exactly this for you; forward leaves it to the caller.",
    ),
    Exercise(
        id="11-last-token",
        prompt="""Repair the vectors of card `last-column`. Write `last_vectors(hidden, mask)`:
for each text the vector of its last *real* token. `hidden` has shape (texts, tokens, width),
`mask` has shape (texts, tokens) with 1 for text and 0 for padding. Your function must be right
whichever side the padding is on; it will be tried with both. Return a tensor of shape
(texts, width).""",
        stub="""def last_vectors(hidden, mask):
    # Replace the dots by your code.
    return ...""",
        reference=last_vectors,
        cases=_vector_cases,
        mistakes=(
            Mistake(
                "last-column",
                _last_column,
                "The last column is padding in every shorter text of a right-padded batch.",
            ),
            Mistake(
                "by-length",
                _by_length,
                "The number of real tokens is a position only if the text begins at column 0. "
                "With padding on the left it does not.",
            ),
            Mistake(
                "one-too-far",
                _one_too_far,
                "Counting starts at 0: the last of n tokens is at n - 1.",
            ),
        ),
        hints=(
            "Find in each row the largest column where the mask is 1.",
            "(torch.arange(mask.shape[1]) * mask).argmax(dim=1), then index row by row.",
        ),
        why="Ask the mask where the text ends, and the side of the padding no longer matters.",
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
    Exercise(
        id="11-attentions",
        prompt="""Repair the empty result of card `empty-attentions`. Write
`attention_shapes(config, input_ids)`: build a model with `AutoModel.from_config` in such a way
that it can show its attention, call it on `input_ids`, and return the list of the attentions'
shapes as tuples, one for each layer. Every shape is (texts, heads, tokens, tokens). Two things
have to be asked for, one when building and one when calling.""",
        stub="""def attention_shapes(config, input_ids):
    # Replace the dots by your code.
    return ...""",
        reference=attention_shapes,
        cases=_attention_cases,
        mistakes=(
            Mistake(
                "fast",
                _fast,
                "Your list is empty: the default attention never writes its weights down. Ask for "
                "attn_implementation='eager' when the model is built.",
            ),
            Mistake(
                "not-asked-for",
                _not_asked_for,
                "The output has no attentions: a model that can show them (built with "
                "attn_implementation='eager') still has to be asked, output_attentions=True in the "
                "call.",
            ),
            Mistake(
                "hidden-states",
                _hidden_states,
                "Those are hidden states: vectors of tokens. Attentions have two axes of tokens.",
            ),
        ),
        hints=(
            "from_config and from_pretrained take attn_implementation.",
            "model(input_ids, output_attentions=True).attentions",
        ),
        why="The fast code and the code that shows its work are different; choose when loading.",
    ),
    Exercise(
        id="11-pairs",
        prompt="""Repair the call of card `ragged`. Write
`encode_pairs(tokenizer, questions, context)`: several questions about *one* context, as
`input_ids` for a model that quotes answers: one row for each question, every row a pair of
question and context in this order, all rows padded to the same length. The tokenizer takes two
lists of equal length and pairs them up.""",
        stub="""def encode_pairs(tokenizer, questions, context):
    # Replace the dots by your code.
    return ...""",
        reference=encode_pairs,
        cases=lambda: [
            (fixtures.tokenizer("question-answering"), _QUESTIONS, "Anna lives in Berlin.")
        ],
        mistakes=(
            Mistake(
                "one-list",
                _one_list,
                "One list means separate texts: question, question and context stand in rows of "
                "their own, and no row can answer anything.",
            ),
            Mistake(
                "joined",
                _joined,
                "Joined strings are one text: no [SEP] between question and context, so the model "
                "cannot tell them apart.",
            ),
            Mistake(
                "context-first",
                _context_first,
                "The order is reversed: the model was trained with the question first.",
            ),
            Mistake(
                "ragged",
                _ragged,
                "The rows have different lengths: encode all in one call, padded.",
            ),
        ),
        hints=(
            "tokenizer(first_list, second_list, padding=True)",
            "The context must be repeated: [context] * len(questions).",
        ),
        why="Two arguments are pairs, two lists are several pairs, one list is no pair at all.",
    ),
)
