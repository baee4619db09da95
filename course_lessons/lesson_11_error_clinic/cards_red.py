"""Cards of red errors, at which Python stops; those of beginners are in cards_red_beginners."""

from unittest import mock

import torch
from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    MarianTokenizer,
    pipeline,
)
from transformers.utils import import_utils

from course_lessons.lesson_11_error_clinic.broken_folders import folder, hub_answers, make_folder
from course_lessons.lesson_11_error_clinic.card import RED, Card

BERT = {"model_type": "bert", "hidden_size": 16, "num_attention_heads": 2, "vocab_size": 66}


def wrong_family():
    return AutoModelForSeq2SeqLM.from_pretrained(folder("fill-mask"))


def right_family():
    return type(AutoModelForMaskedLM.from_pretrained(folder("fill-mask"))).__name__


def auto_called():
    return AutoModel()


def auto_loaded():
    return type(AutoModel.from_pretrained(folder("feature-extraction"))).__name__


def body_generates():
    model = AutoModel.from_pretrained(folder("text-generation"))
    return model.generate(torch.tensor([[10, 20, 30]]))


def head_generates():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    return tuple(model.generate(torch.tensor([[10, 20, 30]]), max_new_tokens=4).shape)


def body_logits():
    model = AutoModel.from_pretrained(folder("fill-mask"))
    return model(torch.tensor([[10, 20, 30]])).logits


def head_logits():
    model = AutoModelForMaskedLM.from_pretrained(folder("fill-mask"))
    return tuple(model(torch.tensor([[10, 20, 30]])).logits.shape)


def dead_class():
    from transformers import AutoModelWithLMHead

    return AutoModelWithLMHead


def living_classes():
    from transformers import AutoModelForCausalLM, AutoModelForMaskedLM

    return AutoModelForCausalLM.__name__, AutoModelForMaskedLM.__name__


def unknown_type():
    return AutoModel.from_pretrained(make_folder("new", {"config.json": {"model_type": "gpt99"}}))


def known_type():
    return AutoConfig.from_pretrained(make_folder("known", {"config.json": BERT})).model_type


def adapter():
    note = {"peft_type": "LORA", "base_model_name_or_path": "openai-community/gpt2"}
    return AutoConfig.from_pretrained(make_folder("my-lora", {"adapter_config.json": note}))


def base_of_adapter():
    return AutoConfig.from_pretrained(folder("text-generation")).model_type


def no_weights():
    return AutoModel.from_pretrained(make_folder("no-weights", {"config.json": BERT}))


def blank_model():
    config = AutoConfig.from_pretrained(make_folder("no-weights", {"config.json": BERT}))
    return type(AutoModel.from_config(config)).__name__, "random numbers"


def pointer_file():
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 548105171\n"
    files = {"config.json": BERT, "model.safetensors": pointer}
    return AutoModel.from_pretrained(make_folder("cloned", files))


def real_file():
    with open(f"{folder('fill-mask')}/model.safetensors", "rb") as file:
        length = int.from_bytes(file.read(8), "little")  # then the header, as JSON
        return file.read(1), length < 100_000


def no_folder():
    return AutoModel.from_pretrained("./my_modle")


def a_folder():
    return AutoModel.from_pretrained(folder("feature-extraction")).config.model_type


def not_cached():
    return AutoModel.from_pretrained("someone/never-downloaded", local_files_only=True)


def local_folder():
    name = folder("feature-extraction")
    return type(AutoModel.from_pretrained(name, local_files_only=True)).__name__


def gated():
    with hub_answers(GatedRepoError, 401):
        return AutoConfig.from_pretrained("meta-llama/Llama-3.2-1B")


def no_such_repo():
    with hub_answers(RepositoryNotFoundError, 401):
        return AutoConfig.from_pretrained("bert-base-uncassed")


CODE = {"model_type": "greeter", "auto_map": {"AutoConfig": "configuration_greeter.Greeter"}}


def remote_code():
    files = {"config.json": CODE, "configuration_greeter.py": "print('!!! remote code ran !!!')"}
    return AutoConfig.from_pretrained(make_folder("greeter", files), trust_remote_code=False)


def own_code():
    files = {"config.json": CODE | BERT, "configuration_greeter.py": "print('!!! it ran !!!')"}
    known = make_folder("known-greeter", files)  # a type that the library has code for
    return type(AutoConfig.from_pretrained(known, trust_remote_code=False)).__name__


def other_device():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    elsewhere = torch.zeros(1, 3, model.config.hidden_size, device="meta")
    return model(inputs_embeds=elsewhere)


def same_device():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    here = torch.zeros(1, 3, model.config.hidden_size).to(model.device)
    return tuple(model(inputs_embeds=here).logits.shape)


def in_8bit():
    return AutoModel.from_pretrained(folder("feature-extraction"), load_in_8bit=True)


def in_16bit():
    return AutoModel.from_pretrained(folder("feature-extraction"), dtype=torch.bfloat16).dtype


def no_sentencepiece():
    message = import_utils.BACKENDS_MAPPING["sentencepiece"][1]
    absent = {"sentencepiece": (lambda: False, message)}  # as if it were not installed
    with mock.patch.dict(import_utils.BACKENDS_MAPPING, absent):
        import_utils.requires_backends(MarianTokenizer, "sentencepiece")


def with_sentencepiece():
    tokenizer = AutoTokenizer.from_pretrained(folder("translation"))
    return type(tokenizer).__name__, "input_ids" in tokenizer("Good morning.")


def old_encode():
    tokenizer = AutoTokenizer.from_pretrained(folder("question-answering"))
    return tokenizer.encode_plus("Who?", "Anna works in Berlin.")


def new_encode():
    tokenizer = AutoTokenizer.from_pretrained(folder("question-answering"))
    return tokenizer.decode(tokenizer("Who?", "Anna works.")["input_ids"])


def old_target():
    tokenizer = AutoTokenizer.from_pretrained(folder("translation"))
    with tokenizer.as_target_tokenizer():
        return tokenizer("Guten Morgen.")


def new_target():
    tokenizer = AutoTokenizer.from_pretrained(folder("translation"))
    return sorted(tokenizer("Good morning.", text_target="Guten Morgen."))


def old_pipeline():
    return pipeline("summarization", model=folder("translation"))


def by_hand():
    tokenizer = AutoTokenizer.from_pretrained(folder("translation"))
    model = AutoModelForSeq2SeqLM.from_pretrained(folder("translation"))
    output = model.generate(**tokenizer("Good morning.", return_tensors="pt"))
    return tokenizer.decode(output[0], skip_special_tokens=True)


TWO = ["Once upon a time", "One day, a little dog went to the"]


def no_pad_token():
    tokenizer = AutoTokenizer.from_pretrained(folder("text-generation"))
    return tokenizer(TWO, padding=True, return_tensors="pt")


def with_pad_token():
    tokenizer = AutoTokenizer.from_pretrained(folder("text-generation"), padding_side="left")
    tokenizer.pad_token = tokenizer.eos_token
    return tokenizer(TWO, padding=True, return_tensors="pt")["attention_mask"].tolist()[0]


def small_classifier(**settings):
    sizes = {"n_embd": 16, "n_head": 2, "n_layer": 1, "vocab_size": 66}
    ends = {"bos_token_id": 0, "eos_token_id": 0}
    config = AutoConfig.for_model("gpt2", **sizes, **ends, **settings)
    return AutoModelForSequenceClassification.from_config(config)


def no_pad_id():
    return small_classifier()(torch.tensor([[5, 6, 7], [5, 6, 1]]))


def with_pad_id():
    ids = torch.tensor([[5, 6, 7], [5, 6, 1]])
    model = small_classifier(pad_token_id=1)
    return tuple(model(ids, attention_mask=(ids != 1).long()).logits.shape)


def ragged():
    tokenizer = AutoTokenizer.from_pretrained(folder("question-answering"))
    return tokenizer(["Who?", "Anna works in Berlin."], return_tensors="pt")


def pair():
    tokenizer = AutoTokenizer.from_pretrained(folder("question-answering"))
    return tuple(tokenizer("Who?", "Anna works in Berlin.", return_tensors="pt")["input_ids"].shape)


def too_long():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    return model(torch.ones(1, model.config.n_positions + 1, dtype=torch.long))


def just_fits():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    return model(torch.ones(1, model.config.n_positions, dtype=torch.long)).logits.shape[1]


def small_translator():
    sizes = {"d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "vocab_size": 66}
    sizes |= {"decoder_vocab_size": 66, "max_position_embeddings": 32}
    config = AutoConfig.for_model("marian", **sizes, pad_token_id=0, decoder_start_token_id=0)
    return AutoModelForSeq2SeqLM.from_config(config)


def no_decoder_ids():
    return small_translator()(input_ids=torch.tensor([[20, 30, 40]]))


def with_decoder_ids():
    model = small_translator()
    start = torch.tensor([[model.config.decoder_start_token_id]])
    source = torch.tensor([[20, 30, 40]])
    return tuple(model(input_ids=source, decoder_input_ids=start).logits.shape)


def three_labels():
    task = folder("text-classification")
    return AutoModelForSequenceClassification.from_pretrained(task, num_labels=3)


def own_labels():
    task = folder("text-classification")
    return AutoModelForSequenceClassification.from_pretrained(task).config.id2label


def no_room():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    return model.generate(torch.arange(10, 20)[None], max_length=8)


def room():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    return tuple(model.generate(torch.arange(10, 20)[None], max_new_tokens=8).shape)[0]


CHAT = [{"role": "user", "content": "Tell me a story."}]


def no_template():
    return AutoTokenizer.from_pretrained(folder("text-generation")).apply_chat_template(CHAT)


def own_template():
    tokenizer = AutoTokenizer.from_pretrained(folder("text-generation"))
    tokenizer.chat_template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
    return tokenizer.apply_chat_template(CHAT, tokenize=False)


def misspelled():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    return model.generate(torch.tensor([[10, 20]]), max_new_token=3)


def spelled():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    return model.generate(torch.tensor([[10, 20]]), max_new_tokens=3).shape[1] - 2


def other_mask():
    fill = pipeline("fill-mask", model=folder("fill-mask"))
    return fill("Paris is the <mask> of France.")


def own_mask():
    fill = pipeline("fill-mask", model=folder("fill-mask"))
    return len(fill(f"Paris is the {fill.tokenizer.mask_token} of France."))


def two_masks():
    tokenizer = AutoTokenizer.from_pretrained(folder("fill-mask"))
    ids = tokenizer("[MASK] is the [MASK] of France.", return_tensors="pt")["input_ids"][0]
    return (ids == tokenizer.mask_token_id).nonzero().item()


def all_masks():
    tokenizer = AutoTokenizer.from_pretrained(folder("fill-mask"))
    ids = tokenizer("[MASK] is the [MASK] of France.", return_tensors="pt")["input_ids"][0]
    return (ids == tokenizer.mask_token_id).nonzero().flatten().tolist()


CARDS = (
    Card(
        id="wrong-family",
        group=RED,
        title="the library has no such head for this kind of model",
        said_4="ValueError: Unrecognized configuration class <class 'transformers.models.bert."
        "configuration_bert.BertConfig'> for this kind of AutoModel: AutoModelForSeq2SeqLM.",
        says_5=r"Unrecognized configuration class .*for this kind of AutoModel",
        also=r"Unrecognized configuration class",
        cause="An Auto class looks up your model_type in its table. For this pair of model type "
        "and class nobody wrote a model, so the table has no entry.",
        wrong_fix="add trust_remote_code=True. That looks for code in the checkpoint's folder, and "
        "an ordinary checkpoint brings none.",
        fix="Start from the output you want. registry.concrete_classes(model_type) lists the Auto "
        "classes that take this kind of model; if yours is not among them, change the checkpoint.",
        demo=wrong_family,
        contrast=right_family,
        confusions=(3, 4),
        notebook="01",
    ),
    Card(
        id="auto-called",
        group=RED,
        title="an Auto class called like an ordinary class",
        said_4="OSError: AutoModel is designed to be instantiated using the "
        "`AutoModel.from_pretrained(pretrained_model_name_or_path)` or "
        "`AutoModel.from_config(config)` methods.",
        says_5=r"AutoModel is designed to be instantiated using",
        cause="An Auto class is a switchboard. It never becomes a model; its two methods return an "
        "object of another class.",
        wrong_fix="pass the config to it: AutoModel(config). Its __init__ only raises, whatever "
        "you pass.",
        fix="AutoModel.from_pretrained(name) for trained weights, AutoModel.from_config(config) "
        "for random ones.",
        demo=auto_called,
        contrast=auto_loaded,
        confusions=(9,),
        notebook="10",
    ),
    Card(
        id="no-generate",
        group=RED,
        title="a body cannot write",
        said_4="TypeError: The current model class (GPT2Model) is not compatible with "
        "`.generate()`, as it doesn't have a language model head.",
        says_5=r"Model' object has no attribute 'generate'",
        also=r"is not compatible with `?\.?generate|has no attribute 'generate'",
        cause="AutoModel loads the body only. Writing needs a score for every next token, and "
        "those come from the head that was left out.",
        wrong_fix="call AutoModel's body in a loop and take the argmax of its output. Its numbers "
        "are features, not scores of words.",
        fix="Load the same checkpoint with AutoModelForCausalLM (or AutoModelForSeq2SeqLM).",
        demo=body_generates,
        contrast=head_generates,
        confusions=(5,),
        notebook="03",
    ),
    Card(
        id="no-logits",
        group=RED,
        title="a body has no logits",
        said_4="AttributeError: 'BaseModelOutputWithPoolingAndCrossAttentions' object has no "
        "attribute 'logits'",
        says_5=r"BaseModelOutput.*object has no attribute 'logits'",
        also=r"Output\w*' object has no attribute 'logits'",
        cause="Logits are what a head returns. The body returns last_hidden_state.",
        wrong_fix="take outputs[0] instead. It works, and is last_hidden_state: vectors, whose "
        "argmax means nothing.",
        fix="Load with the AutoModelFor... class of your task; keep AutoModel for vectors.",
        demo=body_logits,
        contrast=head_logits,
        confusions=(5,),
        notebook="09",
    ),
    Card(
        id="dead-class",
        group=RED,
        title="a class name from old code",
        said_4="FutureWarning: The class `AutoModelWithLMHead` is deprecated and will be removed "
        "in a future version. Please use `AutoModelForCausalLM` for causal language models",
        says_5=r"cannot import name 'AutoModelWithLMHead' from 'transformers'",
        also=r"cannot import name '(TF|Flax)?Auto\w+'|"
        r"cannot import name '(AdamW|top_k_top_p_filtering|BertTokenizerFast)'|"
        r"has no attribute 'AutoModelWithLMHead'",
        cause="AutoModelWithLMHead and AutoModelForVision2Seq were removed, and all TFAuto... and "
        "FlaxAuto... names with them. Some names in circulation never existed.",
        wrong_fix="install an old transformers for one import line. Then nothing newer loads.",
        fix="AutoModelForCausalLM, AutoModelForMaskedLM or AutoModelForSeq2SeqLM, by what your "
        "model does; AutoModelForImageTextToText for the vision class.",
        demo=dead_class,
        contrast=living_classes,
        confusions=(6,),
        notebook="01",
    ),
    Card(
        id="unknown-type",
        group=RED,
        title="a model type that this version does not know",
        said_4="KeyError: 'qwen3'. The checkpoint you are trying to load has model type `qwen3` "
        "but Transformers does not recognize this architecture.",
        says_5=r"has model type .*but Transformers does not recognize this architecture",
        also=r"Tokenizer class \w+ does not exist or is not currently imported|"
        r"`rope_scaling` must be a dictionary|"
        r"KeyError: '(qwen|llama|gemma|mistral|phi|mixtral)\w*'|"
        r"does not recognize this architecture",
        cause="model_type in config.json is the key that an Auto class looks up, and the installed "
        "library has no such key. Either the model is newer, or the file is not for transformers.",
        wrong_fix="change model_type in config.json to a known one. Then the tensors' names and "
        "shapes no longer fit, and most of the model is random.",
        fix="Compare transformers_version in config.json with yours and update; or read the "
        "model's card for the library that it belongs to.",
        demo=unknown_type,
        contrast=known_type,
        confusions=(10,),
        notebook="02",
    ),
    Card(
        id="adapter",
        group=RED,
        title="a folder without config.json, such as a LoRA adapter",
        said_4="OSError: my-lora does not appear to have a file named config.json.",
        says_5=r"Unrecognized model in .*Should have a `model_type` key in its config.json",
        also=r"does not appear to have a file named config\.json|"
        r"Can't load the configuration of|adapter_config\.json",
        cause="There is no config.json with a model_type. An adapter has adapter_config.json "
        "instead: it is a small addition to another model, not a model.",
        wrong_fix="copy a config.json from a similar model. It then complains about the weights, "
        "since the adapter has only a few tensors of its own.",
        fix="Read base_model_name_or_path in adapter_config.json, load that base, then put the "
        "adapter on it (package peft). If there is no adapter_config.json, you are in the wrong "
        "folder.",
        demo=adapter,
        contrast=base_of_adapter,
        confusions=(12,),
        notebook="02",
    ),
    Card(
        id="no-weights",
        group=RED,
        title="config.json without weights",
        said_4="OSError: Error no file named pytorch_model.bin, model.safetensors, "
        "tf_model.h5, model.ckpt.index or flax_model.msgpack found in directory.",
        says_5=r"no file named model.safetensors, or pytorch_model.bin, found in directory",
        also=r"No such file or directory: \S*model-\d+-of-\d+|"
        r"no file named \S*(pytorch_model|model\.safetensors)",
        cause="The description is there, the numbers are not: an interrupted download, or a "
        "repository that keeps them in another format (GGUF, adapter).",
        wrong_fix="use from_config. The error is gone because nothing is loaded: every number is "
        "random.",
        fix="List the folder; download model.safetensors again, or name the other format "
        "(gguf_file=...).",
        demo=no_weights,
        contrast=blank_model,
        confusions=(11,),
        notebook="02",
    ),
    Card(
        id="pointer-file",
        group=RED,
        title="a git-lfs pointer in place of the weights",
        said_4="UnpicklingError: invalid load key, 'v'. Unable to load weights from pytorch "
        "checkpoint file",
        says_5=r"Error while deserializing header.*header",
        also=r"Unable to load weights from pytorch checkpoint|MetadataIncompleteBuffer|"
        r"HeaderTooLarge|InvalidHeaderDeserialization|"
        r"incomplete metadata, file not fully covered|could not parse ModelProto|"
        r"invalid load key, 'v'|invalid magic number|PytorchStreamReader failed",
        cause="The weights file is a text of three lines that says where the real one is. It "
        "begins with the v of 'version', which is the key in the old message.",
        wrong_fix="reinstall torch or safetensors. They read the file correctly; it holds no "
        "tensors.",
        fix="Look at the file's size. Then `git lfs pull`, or download with `hf download`.",
        demo=pointer_file,
        contrast=real_file,
        confusions=(11,),
        notebook="02",
    ),
    Card(
        id="no-folder",
        group=RED,
        title="a path that does not exist",
        said_4="HFValidationError: Repo id must be in the form 'repo_name' or "
        "'namespace/repo_name': './my_model'. Use `repo_type` argument if needed.",
        says_5=r"Repo id must",
        also=r"HFValidationError|Repo id must (be|use)",
        cause="What is no folder is taken for a name on the hub, and './my_modle' is not a "
        "possible name. The message never says 'folder not found'.",
        wrong_fix="log in to the hub. No hub is involved.",
        fix="Check the spelling and the working directory: os.path.isdir(name).",
        demo=no_folder,
        contrast=a_folder,
        confusions=(11, 13),
        notebook="02",
    ),
    Card(
        id="not-cached",
        group=RED,
        title="offline, and not downloaded before",
        said_4="OSError: We couldn't connect to 'https://huggingface.co' to load this file, "
        "couldn't find it in the cached files",
        says_5=r"We couldn't connect to .*couldn't find them in the cached files",
        also=r"Max retries exceeded with url|ConnectTimeout|Read timed out|"
        r"Temporary failure in name resolution|Failed to establish a new connection|"
        r"LocalEntryNotFoundError|offline mode is enabled|couldn't connect to|"
        r"Connection reset by peer|getaddrinfo failed",
        cause="There is no network (or you asked for none), and the cache has no copy. The same "
        "words appear behind a firewall, only after a long wait.",
        wrong_fix="set HF_ENDPOINT or HF_HUB_OFFLINE in a later cell. They are read once, when "
        "huggingface_hub is imported.",
        fix="Download once where there is a network; or set HF_ENDPOINT before the first import; "
        "or give a folder.",
        demo=not_cached,
        contrast=local_folder,
        confusions=(13,),
        notebook="00",
    ),
    Card(
        id="gated",
        group=RED,
        title="a model whose licence must be accepted",
        said_4="OSError: You are trying to access a gated repo. Make sure to request access at "
        "https://huggingface.co/meta-llama/Llama-2-7b and pass a token having permission to this "
        "repo either by logging in with `huggingface-cli login` or by passing "
        "`use_auth_token=<your_token>`. 401 403 Forbidden",
        says_5=r"You are trying to access a gated repo.*Make sure to have access to it at",
        also=r"401 Client Error|403 Client Error|Access to model .* is restricted|gated repo",
        cause="The hub does not know that it is you. Accepting the licence in the browser and "
        "sending a token from Python are two steps.",
        wrong_fix="use_auth_token=True or `huggingface-cli login`. Both are gone from 5.x.",
        fix="In this order: accept the licence on the model's page; make a token that may read "
        "gated repositories; `hf auth login`; restart the kernel, or pass token=.",
        demo=gated,
        contrast=a_folder,
        confusions=(14,),
        notebook="00",
        recorded=True,
    ),
    Card(
        id="no-such-repo",
        group=RED,
        title="a name that the hub does not have, or does not show you",
        said_4="OSError: bert-base-uncassed is not a local folder and is not a valid model "
        "identifier listed on 'https://huggingface.co/models'",
        says_5=r"is not a local folder and is not a valid model identifier listed on",
        also=r"404 Client Error|Repository Not Found|RepositoryNotFoundError",
        cause="A spelling mistake, a missing owner ('org/name'), or a private repository: to "
        "strangers the hub answers the same for all three.",
        wrong_fix="pass a token at once. A token does not repair a spelling mistake.",
        fix="Search the name on the website and copy it, with its owner; then think of a token.",
        demo=no_such_repo,
        contrast=a_folder,
        confusions=(13, 14),
        notebook="00",
        recorded=True,
    ),
    Card(
        id="remote-code",
        group=RED,
        title="a checkpoint that brings its own Python code",
        said_4="ValueError: Loading greeter requires you to execute the configuration file in that "
        "repo on your local machine. Make sure you have read the code there to avoid malicious "
        "use, then set the option `trust_remote_code=True` to remove this error.",
        says_5=r"custom code.*trust_remote_code=True",
        also=r"trust_remote_code",
        cause="auto_map in config.json names Python files of the repository. Loading would run "
        "them with all your rights.",
        wrong_fix="trust_remote_code=True as a reflex. It works, and runs whatever stands there.",
        fix="Read the files that auto_map names, then allow it with a fixed revision=. If the "
        "library knows the model_type itself, no permission is needed.",
        demo=remote_code,
        contrast=own_code,
        confusions=(15,),
        notebook="10",
    ),
    Card(
        id="other-device",
        group=RED,
        title="model and inputs on different devices",
        said_4="RuntimeError: Expected all tensors to be on the same device, but found at least "
        "two devices, cuda:0 and cpu!",
        says_5=r"is not on the expected device|Expected all tensors to be on the same device",
        also=r"found at least two devices|Input type \(torch\.cuda|is on cpu, but expected|"
        r"should be the same.*cuda",
        cause="The model was moved to another device, the inputs were made on the CPU.",
        wrong_fix="call model.cuda() again. The model is there already; the inputs are not.",
        fix="inputs = tokenizer(..., return_tensors='pt').to(model.device)",
        demo=other_device,
        contrast=same_device,
        confusions=(16,),
        notebook="02",
    ),
    Card(
        id="load-in-8bit",
        group=RED,
        title="a keyword that from_pretrained no longer takes",
        said_4="The `load_in_4bit` and `load_in_8bit` arguments are deprecated and will be removed "
        "in the future versions. Please, pass a `BitsAndBytesConfig` object in "
        "`quantization_config` argument instead.",
        says_5=r"got an unexpected keyword argument 'load_in_8bit'",
        also=r"unexpected keyword argument '(load_in_[48]bit|use_auth_token|use_cache_dir)'|"
        r"use_fast_tokenizer",
        cause="What from_pretrained does not know it passes on to the model's __init__, which "
        "refuses. load_in_8bit, load_in_4bit and use_auth_token are no longer known.",
        wrong_fix="a GGUF file, to save memory. transformers unpacks it to full size on loading.",
        fix="quantization_config=BitsAndBytesConfig(load_in_8bit=True) on a GPU, or "
        "dtype=torch.bfloat16 anywhere; token= for use_auth_token.",
        demo=in_8bit,
        contrast=in_16bit,
        confusions=(18,),
        notebook="02",
    ),
    Card(
        id="no-sentencepiece",
        group=RED,
        title="a tokenizer that needs the sentencepiece package",
        said_4="ImportError: MarianTokenizer requires the SentencePiece library but it was not "
        "found in your environment.",
        says_5=r"MarianTokenizer requires the SentencePiece library",
        also=r"requires the SentencePiece library|"
        r"sentencepiece.{0,40}(not installed|was not found)|"
        r"(need to have|make sure you have) sentencepiece( or tiktoken)? installed"
        r"( to convert a slow tokenizer)?|"
        r"protobuf library but it was not found",
        cause="Marian's tokenizer calls a package that transformers does not install by itself. "
        "A running kernel does not notice a package that came later.",
        wrong_fix="pip install it and run the cell again. The kernel remembers that it was absent.",
        fix="`pip install sentencepiece`, then restart the kernel.",
        demo=no_sentencepiece,
        contrast=with_sentencepiece,
        confusions=(19,),
        notebook="05",
    ),
    Card(
        id="encode-plus",
        group=RED,
        title="encode_plus is gone",
        said_4="AttributeError: 'BertTokenizerFast' object has no attribute 'encode_plus' or "
        "'batch_encode_plus'",
        says_5=r"has no attribute encode_plus",
        also=r"has no attribute '?(batch_)?encode_plus|has no attribute '?_?batch_encode_plus",
        cause="encode_plus and batch_encode_plus were removed in 5.0; much code on the web still "
        "calls them.",
        wrong_fix="follow the hint 'did you mean _encode_plus'. A leading underscore marks what "
        "may change without notice.",
        fix="Call the tokenizer itself: tokenizer(text), tokenizer(first, second).",
        demo=old_encode,
        contrast=new_encode,
        confusions=(20,),
        notebook="11",
    ),
    Card(
        id="as-target",
        group=RED,
        title="as_target_tokenizer and prepare_seq2seq_batch are gone",
        said_4="UserWarning: `as_target_tokenizer` is deprecated and will be removed in v5 of "
        "Transformers. You can tokenize your labels by using the argument `text_target`. "
        "`prepare_seq2seq_batch` is deprecated",
        says_5=r"has no attribute as_target_tokenizer",
        also=r"as_target_tokenizer",
        cause="One tokenizer serves both languages, and the target text has its own argument now.",
        wrong_fix="tokenize the target like a source text. For Marian that uses the vocabulary "
        "of the wrong language.",
        fix="tokenizer(source, text_target=target) returns input_ids and labels.",
        demo=old_target,
        contrast=new_target,
        confusions=(20,),
        notebook="05",
    ),
    Card(
        id="old-pipeline",
        group=RED,
        title="a pipeline task that was removed",
        said_4="pipeline('summarization'), pipeline('translation') and "
        "pipeline('question-answering') worked; text2text-generation too",
        says_5=r"The task summarization has been removed|Unknown task summarization",
        also=r"Unknown task (question-answering|summarization|translation\w*|text2text-generation)"
        r"|task (question-answering|summarization|translation\w*|text2text-generation)"
        r" has been removed",
        cause="Version 5 dropped the pipelines for summaries, translation and question answering. "
        "The Auto classes behind them stayed.",
        wrong_fix="another pipeline with the same checkpoint, such as text-generation. It loads "
        "the wrong half of an encoder-decoder model.",
        fix="Write the few lines yourself: tokenizer, AutoModelForSeq2SeqLM, generate, decode.",
        demo=old_pipeline,
        contrast=by_hand,
        confusions=(20,),
        notebook="05",
    ),
    Card(
        id="no-pad-token",
        group=RED,
        title="padding asked of a tokenizer without a padding token",
        said_4="Using pad_token, but it is not set yet. ValueError: Asking to pad but the "
        "tokenizer does not have a padding token. Please select a token to use as `pad_token`",
        says_5=r"Asking to pad but the tokenizer does not have a padding token",
        also=r"does not have a padding token",
        cause="GPT-2 and its relatives were trained on unbroken text and have no padding token. "
        "Texts of unequal length cannot form one table without one.",
        wrong_fix="add_special_tokens({'pad_token': '[PAD]'}) alone. The new id has no row in the "
        "embeddings, and an IndexError follows.",
        fix="tokenizer.pad_token = tokenizer.eos_token; for generate also padding_side='left'.",
        demo=no_pad_token,
        contrast=with_pad_token,
        confusions=(21,),
        notebook="03",
    ),
    Card(
        id="no-pad-id",
        group=RED,
        title="a decoder that classifies does not know what is padding",
        said_4="AssertionError: Cannot handle batch sizes > 1 if no padding token is defined.",
        says_5=r"Cannot handle batch sizes > 1 if no padding token is defined",
        cause="It classifies by the last real token, and finds that by pad_token_id in its config. "
        "Setting the tokenizer's pad_token does not tell the model.",
        wrong_fix="set tokenizer.pad_token only, or send one text at a time for ever.",
        fix="model.config.pad_token_id = tokenizer.pad_token_id",
        demo=no_pad_id,
        contrast=with_pad_id,
        confusions=(21,),
        notebook="08",
    ),
    Card(
        id="ragged",
        group=RED,
        title="texts of unequal length in one tensor",
        said_4="ValueError: Unable to create tensor, you should probably activate truncation "
        "and/or padding with 'padding=True' 'truncation=True' to have batched tensors with the "
        "same length.",
        says_5=r"Unable to create tensor, you should probably activate truncation and/or padding",
        also=r"Unable to create tensor|expected sequence of length \d+ at dim 1|excessive nesting",
        cause="A list means a batch: two texts, two rows. Rows of a tensor are equally long. "
        "Often a pair was meant, which is one row.",
        wrong_fix="padding=True for a question and its context. The error goes, and so does the "
        "connection: the model reads them as two unrelated texts.",
        fix="A pair: tokenizer(question, context). A batch: tokenizer(texts, padding=True).",
        demo=ragged,
        contrast=pair,
        confusions=(27,),
        notebook="06",
    ),
    Card(
        id="too-long",
        group=RED,
        title="more tokens than the model has positions",
        said_4="IndexError: index out of range in self",
        says_5=r"index out of range in self",
        also=r"The size of tensor a \(\d{3,}\) must match the size of tensor b \(\d+\)"
        r"( at non-singleton dimension 1|\W*$)|"
        r"The expanded size of the tensor \(\d+\) must match|"
        r"RuntimeError: index \d+ is out of bounds for dimension 1 with size",
        cause="The model has one learnt vector per position, and the text has more tokens than "
        "that. The other cause is a token id beyond the vocabulary: then the model's line in the "
        "traceback says wte or word_embeddings, not wpe or position_embeddings.",
        wrong_fix="cut the text after 512 words. Positions count tokens, and 512 is not "
        "everybody's limit.",
        fix="truncation=True, max_length=tokenizer.model_max_length; or windows. (RoBERTa keeps "
        "two positions to itself, so max_position_embeddings is too large there.) After "
        "add_tokens: model.resize_token_embeddings(len(tokenizer)).",
        demo=too_long,
        contrast=just_fits,
        confusions=(28,),
        notebook="02",
    ),
    Card(
        id="no-decoder-ids",
        group=RED,
        title="an encoder-decoder called without a beginning for its decoder",
        said_4="ValueError: You have to specify either decoder_input_ids or decoder_inputs_embeds",
        says_5=r"cannot specify both decoder_input_ids|exactly one of .*input_ids"
        r"|specify either decoder_input_ids",
        also=r"have to specify either (decoder_)?input_ids|"
        r"decoder_input_ids or decoder_inputs_embeds",
        cause="You gave the source text and no target. The message is about an impossible "
        "combination because the check counts what is None; you gave too little, not too much.",
        wrong_fix="pass input_ids as decoder_input_ids. It runs, and the model believes that it "
        "already wrote the source text.",
        fix="To write: model.generate(**inputs). To score: labels=, or decoder_input_ids that "
        "begin with decoder_start_token_id.",
        demo=no_decoder_ids,
        contrast=with_decoder_ids,
        confusions=(29,),
        notebook="05",
    ),
    Card(
        id="label-count",
        group=RED,
        title="another number of labels than the file has",
        said_4="RuntimeError: Error(s) in loading state_dict: size mismatch for classifier.weight: "
        "copying a param with shape torch.Size([2, 384]) from checkpoint, the shape in current "
        "model is torch.Size([3, 384]). You may consider adding `ignore_mismatched_sizes=True`",
        says_5=r"ignore_mismatched_sizes",
        also=r"size mismatch for \S*(classifier|score|out_proj)\S*(weight|bias)|"
        r"Target \d+ is out of bounds|incompatible to the `id2label` map",
        cause="num_labels=3 makes a head with three rows, and the file has two.",
        wrong_fix="ignore_mismatched_sizes=True and then predict. The head is now random.",
        fix="To predict: leave num_labels out. To train for your own labels: "
        "ignore_mismatched_sizes=True, then train.",
        demo=three_labels,
        contrast=own_labels,
        confusions=(33,),
        notebook="08",
    ),
    Card(
        id="no-room",
        group=RED,
        title="max_length shorter than the prompt",
        said_4="Input length of input_ids is 10, but `max_length` is set to 8. This can lead to "
        "unexpected behavior. You should consider increasing `max_length` or, better yet, setting "
        "`max_new_tokens`.",
        says_5=r"Input length of input_ids is .*but `max_length` is set to",
        also=r"Input length of input_ids is",
        cause="For a decoder max_length counts the prompt as well, so nothing is left to write.",
        wrong_fix="a very large max_length. It works until the prompt grows or the positions end.",
        fix="max_new_tokens counts what is new, whatever the prompt.",
        demo=no_room,
        contrast=room,
        confusions=(23,),
        notebook="03",
    ),
    Card(
        id="no-template",
        group=RED,
        title="a chat template asked of a model that is no chat model",
        said_4="No chat template is set for this tokenizer, falling back to a default template. "
        "Cannot use apply_chat_template() because tokenizer.chat_template is not set",
        says_5=r"Cannot use chat template functions because tokenizer.chat_template is not set",
        also=r"chat_template is not set|no template argument was passed",
        cause="A base model was trained to continue text, not to answer turns of a conversation.",
        wrong_fix="borrow another model's template. The model has never seen those markers, and "
        "continues them like any text.",
        fix="Use the instruct version of the model, whose tokenizer brings its template; with a "
        "base model, write a prompt to be continued.",
        demo=no_template,
        contrast=own_template,
        confusions=(37,),
        notebook="03",
    ),
    Card(
        id="generate-typo",
        group=RED,
        title="a misspelled option of generate",
        said_4="ValueError: The following `model_kwargs` are not used by the model: "
        "['max_new_token'] (note: typos in the generate arguments will also show up in this list)",
        says_5=r"`model_kwargs` are not used by the model",
        also=r"model_kwargs` are not used by the model",
        cause="generate checks the names that it is given. This error is a kindness: the model's "
        "forward does not do that (card typo).",
        wrong_fix="put the option into the config. Configs accept any name and ignore most.",
        fix="Read the name in the message letter by letter.",
        demo=misspelled,
        contrast=spelled,
        confusions=(30,),
        notebook="03",
    ),
    Card(
        id="other-mask",
        group=RED,
        title="the mask token of another model",
        said_4="PipelineException: No mask_token ([MASK]) found on the input",
        says_5=r"No mask_token \(\[MASK\]\) found on the input",
        also=r"No mask_token",
        cause="BERT's blank is [MASK], RoBERTa's is <mask>. To the other model it is plain text.",
        wrong_fix="write MASK in capitals without brackets. It is a word like any other.",
        fix="Build the text with tokenizer.mask_token.",
        demo=other_mask,
        contrast=own_mask,
        confusions=(),
        notebook="04",
    ),
    Card(
        id="two-masks",
        group=RED,
        title="item() on more than one number",
        said_4="ValueError: only one element tensors can be converted to Python scalars",
        says_5=r"elements cannot be converted to Scalar",
        also=r"(converted|can be converted) to (Python )?[Ss]calar",
        cause="item() turns a tensor of exactly one number into a Python number. Two blanks give "
        "two positions.",
        wrong_fix="take the first one. The second blank is silently forgotten.",
        fix="Keep all positions: nonzero().flatten().tolist(), and read the logits at each.",
        demo=two_masks,
        contrast=all_masks,
        confusions=(),
        notebook="04",
    ),
)
