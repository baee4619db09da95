"""Cards of red errors that beginners meet first: what is passed in, what the machine has."""

import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel

from course_lessons.lesson_11_error_clinic.broken_folders import folder
from course_lessons.lesson_11_error_clinic.card import RED, Card

SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}


def lists_of_ids():
    tokenizer = AutoTokenizer.from_pretrained(folder("feature-extraction"))
    model = AutoModel.from_pretrained(folder("feature-extraction"))
    return model(**tokenizer("A text."))


def tensors_of_ids():
    tokenizer = AutoTokenizer.from_pretrained(folder("feature-extraction"))
    model = AutoModel.from_pretrained(folder("feature-extraction"))
    return tuple(model(**tokenizer("A text.", return_tensors="pt")).last_hidden_state.shape)


def one_row_without_a_batch():
    model = AutoModel.from_pretrained(folder("feature-extraction"))
    return model(input_ids=torch.tensor([2, 51, 3]))


def one_row_in_a_batch():
    model = AutoModel.from_pretrained(folder("feature-extraction"))
    return tuple(model(input_ids=torch.tensor([[2, 51, 3]])).last_hidden_state.shape)


def text_for_the_model():
    return AutoModel.from_pretrained(folder("feature-extraction"))("A text.")


def unpacked_output():
    hidden, pooled = BertModel(BertConfig(vocab_size=60, **SMALL))(torch.tensor([[2, 3]]))
    return nn.Linear(16, 2)(pooled)


def output_by_name():
    outputs = BertModel(BertConfig(vocab_size=60, **SMALL))(torch.tensor([[2, 3]]))
    return tuple(nn.Linear(16, 2)(outputs.pooler_output).shape)


def widths_differ():
    return nn.Linear(768, 2)(torch.zeros(1, 384))


def widths_agree():
    model = AutoModel.from_pretrained(folder("feature-extraction"))
    return tuple(nn.Linear(model.config.hidden_size, 2)(torch.zeros(1, 384)).shape)


def no_text():
    return AutoTokenizer.from_pretrained(folder("feature-extraction"))([None, "A text."])


def only_texts():
    table = [None, "A text."]
    tokenizer = AutoTokenizer.from_pretrained(folder("feature-extraction"))
    return len(tokenizer([text for text in table if isinstance(text, str)]).input_ids)


def no_pooler():
    model = AutoModel.from_pretrained(folder("question-answering"))
    return model(torch.tensor([[2, 51, 3]])).pooler_output


def pooled_by_hand():
    model = AutoModel.from_pretrained(folder("question-answering"))
    return tuple(model(torch.tensor([[2, 51, 3]])).last_hidden_state.mean(dim=1).shape)


def other_vocabulary():
    saved = BertModel(BertConfig(vocab_size=60, **SMALL)).state_dict()
    return BertModel(BertConfig(vocab_size=66, **SMALL)).load_state_dict(saved)


def same_vocabulary():
    saved = BertModel(BertConfig(vocab_size=60, **SMALL)).state_dict()
    return str(BertModel(BertConfig(vocab_size=60, **SMALL)).load_state_dict(saved))


def memory_is_full():
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 508.00 MiB.")


def smaller_batches():
    texts = ["A text."] * 100
    return max(len(texts[start : start + 8]) for start in range(0, len(texts), 8))


def no_such_row():
    raise RuntimeError("CUDA error: device-side assert triggered")


def row_by_row_on_the_cpu():
    try:
        nn.Embedding(10, 4)(torch.tensor([10]))
    except IndexError as error:
        return str(error)


def no_cuda():
    raise AssertionError("Torch not compiled with CUDA enabled")


def device_that_is_there():
    return str(torch.zeros(1, device="cuda" if torch.cuda.is_available() else "cpu").device)


def no_certificate():
    raise OSError(
        "HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded (Caused by "
        "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')))"
    )


def embedded_folder():
    return AutoModel.from_pretrained(folder("feature-extraction")).config.model_type


def too_many_requests():
    raise OSError("429 Client Error: Too Many Requests for url: https://huggingface.co/api/models")


def no_accelerate():
    raise ValueError("Using a `device_map` … requires `accelerate`. You can install it with pip.")


def moved_by_hand():
    return str(AutoModel.from_pretrained(folder("feature-extraction")).to("cpu").device)


def torch_too_old():
    raise ValueError(
        "Due to a serious vulnerability issue in `torch.load`, even with `weights_only=True`, we "
        "now require users to upgrade torch to at least v2.6 in order to use the function."
    )


CARDS = (
    Card(
        id="plain-lists",
        group=RED,
        title="the model got lists instead of tensors",
        said_4="AttributeError: 'list' object has no attribute 'size'",
        says_5=r"'list' object has no attribute 'size'|must be Tensor, not list",
        also=r"'list' object has no attribute '(shape|dim|to|device|ne|view)'",
        cause="Without return_tensors the tokenizer gives plain Python lists; a model wants "
        "tensors.",
        wrong_fix="torch.tensor around input_ids alone. The mask stays a list, and the batch axis "
        "is missing.",
        fix="inputs = tokenizer(text, return_tensors='pt'); model(**inputs)",
        demo=lists_of_ids,
        contrast=tensors_of_ids,
        confusions=(),
        notebook="04",
    ),
    Card(
        id="no-batch-axis",
        group=RED,
        title="one row of ids without a batch axis",
        said_4="ValueError: not enough values to unpack (expected 2, got 1)",
        says_5=r"not enough values to unpack \(expected 2, got 1\)",
        also=r"too many indices for tensor of dimension [12]|expected 3, got 2\)|"
        r"Dimension out of range \(expected to be in range of \[-1, 0\], but got 1\)",
        cause="A model takes a batch: ids of shape (texts, tokens). One row alone has only one "
        "axis.",
        wrong_fix="unsqueeze the output. The call before it has failed already.",
        fix="return_tensors='pt' makes the axis; for a tensor of your own: ids[None] or "
        "ids.unsqueeze(0).",
        demo=one_row_without_a_batch,
        contrast=one_row_in_a_batch,
        confusions=(),
        notebook="04",
    ),
    Card(
        id="text-to-model",
        group=RED,
        title="the model got a text instead of ids",
        said_4="AttributeError: 'str' object has no attribute 'size'",
        says_5=r"'str' object has no attribute 'size'|"
        r"'indices' \(position 2\) must be Tensor, not str",
        also=r"'str' object has no attribute '(shape|dim|ne|view)'|"
        r"'dict' object has no attribute '(size|shape|ne|view)'|"
        r"must be Tensor, not (BatchEncoding|dict)|input_ids.{0,40}got <class 'str'>",
        cause="A model reads numbers. The tokenizer turns a text into them, and its dictionary has "
        "to be unpacked with two stars.",
        wrong_fix="model(tokenizer(text)). Without the stars the whole dictionary is taken for "
        "the ids.",
        fix="model(**tokenizer(text, return_tensors='pt')), or a pipeline, which takes texts.",
        demo=text_for_the_model,
        contrast=tensors_of_ids,
        confusions=(),
        notebook="00",
    ),
    Card(
        id="unpacked-output",
        group=RED,
        title="two variables got names instead of tensors",
        said_4="TypeError: linear(): argument 'input' (position 1) must be Tensor, not str",
        says_5=r"argument 'input' \(position 1\) must be Tensor, not str",
        also=r"dropout\(\): argument 'input'.*not str|'str' object has no attribute 'softmax'",
        cause="hidden, pooled = model(...) walks through the output's keys, which are strings: "
        "since version 4 a model returns a dictionary-like object, not a tuple.",
        wrong_fix="return_dict=False everywhere. It works, and hides which tensor is which.",
        fix="outputs = model(...), then outputs.last_hidden_state, outputs.logits …",
        demo=unpacked_output,
        contrast=output_by_name,
        confusions=(),
        notebook="09",
    ),
    Card(
        id="widths-differ",
        group=RED,
        title="a layer and its input have different widths",
        said_4="RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x384 and 768x2)",
        says_5=r"mat1 and mat2 shapes cannot be multiplied",
        also=r"mat1 dim 1 must match mat2 dim 0|size mismatch, m1: \[",
        cause="The first pair of numbers is the input's shape, the second the layer's: the inner "
        "two must be equal. 768 is the width of BERT base, not of every body.",
        wrong_fix="reshape the input until it fits. The numbers then belong to other tokens.",
        fix="Build the layer with model.config.hidden_size.",
        demo=widths_differ,
        contrast=widths_agree,
        confusions=(),
        notebook="09",
    ),
    Card(
        id="no-text",
        group=RED,
        title="the tokenizer got something that is no text",
        said_4="ValueError: text input must be of type `str` (single example), `list[str]` (batch "
        "or single pretokenized example)",
        says_5=r"text input must be of type|Input must be a string, list of strings",
        also=r"TextEncodeInput must be Union|TextInputSequence must be",
        cause="Among the texts there is a number, a None or a missing value (NaN), often from an "
        "empty cell of a table.",
        wrong_fix="str() around everything. NaN becomes the word nan, and the model reads it.",
        fix="Drop or fill the missing values first, then pass a list of strings.",
        demo=no_text,
        contrast=only_texts,
        confusions=(),
        notebook="04",
    ),
    Card(
        id="no-pooler",
        group=RED,
        title="this body has no pooler",
        said_4="AttributeError: 'BaseModelOutput' object has no attribute 'pooler_output'",
        says_5=r"object has no attribute 'pooler_output'",
        cause="Only some families (BERT, RoBERTa) have a pooler; DistilBERT, GPT-2 and T5 return "
        "last_hidden_state alone.",
        wrong_fix="load it with BertModel. The layer is then there, filled with random numbers.",
        fix="Pool yourself: the masked mean of last_hidden_state.",
        demo=no_pooler,
        contrast=pooled_by_hand,
        confusions=(),
        notebook="09",
    ),
    Card(
        id="other-vocabulary",
        group=RED,
        title="weights and config have vocabularies of different size",
        said_4="RuntimeError: size mismatch for bert.embeddings.word_embeddings.weight: copying a "
        "param with shape torch.Size([30522, 768]) from checkpoint",
        says_5=r"size mismatch for \S*(?:word_embeddings|embed_tokens|wte|shared)\.weight",
        cause="The table of word vectors in the file has another number of rows than the config "
        "asks for: tokens were added, or config and weights come from two models.",
        wrong_fix="ignore_mismatched_sizes=True. Every word then has a random vector.",
        fix="Load weights with the config they were saved with; after adding tokens call "
        "model.resize_token_embeddings(len(tokenizer)).",
        demo=other_vocabulary,
        contrast=same_vocabulary,
        confusions=(),
        notebook="02",
    ),
    Card(
        id="out-of-memory",
        group=RED,
        title="the graphics card's memory is full",
        said_4="RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB",
        says_5=r"CUDA out of memory",
        also=r"(MPS backend|HIP) out of memory|OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED",
        cause="Model, inputs and (in training) gradients together are larger than the card. What "
        "earlier cells loaded is still there.",
        wrong_fix="torch.cuda.empty_cache(). It returns what is unused; what is used stays.",
        fix="Restart the kernel, then: shorter texts, smaller batches, torch.no_grad(), "
        "dtype=torch.float16, or a smaller checkpoint.",
        demo=memory_is_full,
        contrast=smaller_batches,
        confusions=(),
        notebook="02",
        recorded=True,
    ),
    Card(
        id="device-assert",
        group=RED,
        title="the graphics card stopped at a number that is not there",
        said_4="RuntimeError: CUDA error: device-side assert triggered",
        says_5=r"device-side assert triggered",
        cause="An id or a label is larger than the table it is looked up in. The card reports it "
        "late and without saying where, and the kernel is of no use afterwards.",
        wrong_fix="run the cell again. After this error each further call on the card fails.",
        fix="Restart and run the same cell on the CPU: there the error names the place.",
        demo=no_such_row,
        contrast=row_by_row_on_the_cpu,
        confusions=(),
        notebook="02",
        recorded=True,
    ),
    Card(
        id="no-cuda",
        group=RED,
        title="there is no graphics card that torch can use",
        said_4="AssertionError: Torch not compiled with CUDA enabled",
        says_5=r"Torch not compiled with CUDA enabled",
        also=r"Found no NVIDIA driver|No CUDA GPUs are available|"
        r"CUDA driver version is insufficient",
        cause="The installed torch is a build for the CPU, or the machine has no NVIDIA card (or "
        "no driver). On Colab: no GPU runtime was chosen.",
        wrong_fix="reinstall transformers. It has nothing to do with the build of torch.",
        fix="device = 'cuda' if torch.cuda.is_available() else 'cpu'",
        demo=no_cuda,
        contrast=device_that_is_there,
        confusions=(),
        notebook="03",
        recorded=True,
    ),
    Card(
        id="no-certificate",
        group=RED,
        title="a firewall or proxy stands between you and the hub",
        said_4="requests.exceptions.SSLError: HTTPSConnectionPool(host='huggingface.co', "
        "port=443): CERTIFICATE_VERIFY_FAILED",
        says_5=r"SSLError|CERTIFICATE_VERIFY_FAILED",
        also=r"ProxyError|Tunnel connection failed|self[- ]signed certificate",
        cause="Your school or company looks into encrypted traffic with a certificate of its own, "
        "which Python does not know, or it blocks the host.",
        wrong_fix="switch verification off. Then anybody on the way can give you another model.",
        fix="Set REQUESTS_CA_BUNDLE (or SSL_CERT_FILE) to the certificate of your network, or load "
        "from a folder that somebody has downloaded.",
        demo=no_certificate,
        contrast=embedded_folder,
        confusions=(),
        notebook="11",
        recorded=True,
    ),
    Card(
        id="too-many-requests",
        group=RED,
        title="the hub asks you to slow down",
        said_4="HTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co",
        says_5=r"429 Client Error|Too Many Requests",
        also=r"rate limit",
        cause="Too many requests came from your address in a short time: a loop, or a class of "
        "thirty behind one address.",
        wrong_fix="try again at once, in a loop. That is what the limit is about.",
        fix="Wait some minutes, log in with a token, and load from the cache or a shared folder.",
        demo=too_many_requests,
        contrast=embedded_folder,
        confusions=(),
        notebook="11",
        recorded=True,
    ),
    Card(
        id="no-accelerate",
        group=RED,
        title="an argument needs the accelerate package",
        said_4="ImportError: Using `low_cpu_mem_usage=True` or a `device_map` requires Accelerate: "
        "`pip install accelerate`",
        says_5=r"requires `?[Aa]ccelerate",
        cause="device_map and loading in 8 or 4 bits spread a model over devices; transformers "
        "leaves that to another package.",
        wrong_fix="install it and run the cell again. A running kernel remembers that it was not "
        "there.",
        fix="Leave device_map out and use .to(device); or install accelerate and restart the "
        "kernel.",
        demo=no_accelerate,
        contrast=moved_by_hand,
        confusions=(),
        notebook="02",
        recorded=True,
    ),
    Card(
        id="torch-too-old",
        group=RED,
        title="the installed torch is too old for this file or library",
        said_4="ValueError: Due to a serious vulnerability issue in `torch.load`, we now require "
        "users to upgrade torch to at least v2.6",
        says_5=r"serious vulnerability issue in `torch.load`|upgrade torch to at least",
        also=r"requires the PyTorch library but it was not found|Disabling PyTorch because PyTorch",
        cause="The library wants a newer torch than it found (or found none): for .bin files, "
        "which can hold programs, it insists on a release that reads them safely.",
        wrong_fix="an older transformers. It reads the file, program and all.",
        fix="Install or update torch, or choose a checkpoint with safetensors; then restart.",
        demo=torch_too_old,
        contrast=embedded_folder,
        confusions=(),
        notebook="02",
        recorded=True,
    ),
)
