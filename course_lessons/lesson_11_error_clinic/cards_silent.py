"""Cards of the third group: nothing is said, and the result is not what you think it is."""

import os
import subprocess
import sys
from unittest import mock

import torch
from huggingface_hub import constants
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    GPT2Config,
)

from course_lessons.lesson_11_error_clinic.broken_folders import folder, make_folder
from course_lessons.lesson_11_error_clinic.card import SILENT, Card
from course_utils.checkpoints import read_config

SIZES = {"hidden_size": 16, "num_attention_heads": 2, "num_hidden_layers": 1, "vocab_size": 66}
ENDS = {"bos_token_id": 0, "eos_token_id": 0}


def two_texts():
    tokenizer = AutoTokenizer.from_pretrained(folder("feature-extraction"))
    texts = ["It rained.", "We stayed at home and read old books."]
    return tokenizer(texts, padding=True, return_tensors="pt")


def first_row_with(**mask):
    batch = two_texts()
    model = AutoModel.from_pretrained(folder("feature-extraction"))
    words = batch["attention_mask"][0].bool()
    with torch.no_grad():
        padded = model(input_ids=batch["input_ids"], **mask).last_hidden_state[0, words]
        alone = model(input_ids=batch["input_ids"][:1, words]).last_hidden_state[0]
    return {"same as alone": torch.allclose(padded, alone, atol=1e-4)}


def typo():
    return first_row_with(atention_mask=two_texts()["attention_mask"])


def no_mask():
    return first_row_with()


def with_mask():
    return first_row_with(attention_mask=two_texts()["attention_mask"])


def no_tokenizer_files():
    path = make_folder("config-only", {"config.json": {"model_type": "bert"}})
    tokenizer = AutoTokenizer.from_pretrained(path)
    return tokenizer.decode(tokenizer("The cat sleeps.")["input_ids"])


def tokenizer_files():
    tokenizer = AutoTokenizer.from_pretrained(folder("fill-mask"))
    return tokenizer.decode(tokenizer("The cat sleeps.")["input_ids"])


def saved_body():
    path = make_folder("saved-body", {})
    AutoModel.from_pretrained(folder("feature-extraction")).save_pretrained(path)
    return {"architectures": read_config(path)["architectures"]}


def saved_whole():
    path = make_folder("saved-whole", {})
    config = AutoConfig.for_model("bert", **SIZES)
    AutoModelForSequenceClassification.from_config(config).save_pretrained(path)
    return {"architectures": read_config(path)["architectures"]}


def last_vectors(pick):
    tokenizer = AutoTokenizer.from_pretrained(folder("text-generation"), padding_side="right")
    tokenizer.pad_token = tokenizer.eos_token
    model = AutoModel.from_pretrained(folder("text-generation"))
    texts = ["The cat slept.", "One day, a little dog went to the park and played."]
    batch = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        hidden = model(**batch).last_hidden_state
        alone = model(**tokenizer(texts[0], return_tensors="pt")).last_hidden_state[0, -1]
    found = hidden[0, pick(batch["attention_mask"][0])]
    return {"same as alone": torch.allclose(found, alone, atol=1e-4)}


def last_column():
    return last_vectors(lambda mask: -1)


def last_real_token():
    return last_vectors(lambda mask: int(mask.nonzero().max()))


def similar(position):
    tokenizer = AutoTokenizer.from_pretrained(folder("text-generation"))
    model = AutoModel.from_pretrained(folder("text-generation"))
    texts = ["The cat slept in the sun.", "The old car would not start."]
    with torch.no_grad():
        first, second = (
            model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0, position]
            for text in texts
        )
    return {"identical": torch.allclose(first, second, atol=1e-4)}


def first_token():
    return similar(0)


def last_token():
    return similar(-1)


def other_order():
    """The checkpoint of a team that numbered its classes the other way: rows and names."""
    model = AutoModelForSequenceClassification.from_pretrained(folder("text-classification"))
    with torch.no_grad():
        for part in (model.classifier.weight, model.classifier.bias):
            part.copy_(part.flip(0))
    model.config.id2label = {0: "POSITIVE", 1: "NEGATIVE"}
    return model


def sentiment(read):
    tokenizer = AutoTokenizer.from_pretrained(folder("text-classification"))
    inputs = tokenizer("What a wonderful film!", return_tensors="pt")
    this = AutoModelForSequenceClassification.from_pretrained(folder("text-classification"))
    return {
        name: read(model, int(model(**inputs).logits.argmax()))
        for name, model in (("this order", this), ("the other order", other_order()))
    }


def typed_labels():
    return sentiment(lambda model, best: ["NEGATIVE", "POSITIVE"][best])


def config_labels():
    return sentiment(lambda model, best: model.config.id2label[best])


def architectures():
    files = {"config.json": {"model_type": "bert", "architectures": ["TotallyWrong"], **SIZES}}
    config = AutoConfig.from_pretrained(make_folder("totally-wrong", files))
    return type(AutoModel.from_config(config)).__name__


def model_type():
    files = {"config.json": {"model_type": "distilbert", "architectures": ["BertModel"], **SIZES}}
    config = AutoConfig.from_pretrained(make_folder("another-type", files))
    return type(AutoModel.from_config(config)).__name__


def half_file():
    path = make_folder("half", {})
    AutoModel.from_config(AutoConfig.for_model("bert", **SIZES)).half().save_pretrained(path)
    return path


def dtype_of_file():
    return str(AutoModel.from_pretrained(half_file()).dtype)


def dtype_asked_for():
    return str(AutoModel.from_pretrained(half_file(), dtype=torch.float32).dtype)


def sizes_of(*auto_classes):
    config = AutoConfig.for_model("gpt2", **SIZES, **ENDS)
    return [auto_class.from_config(config).num_parameters() for auto_class in auto_classes]


def tied_head():
    body, full = sizes_of(AutoModel, AutoModelForCausalLM)
    return {"numbers added by the head": full - body}


def own_head():
    body, full = sizes_of(AutoModel, AutoModelForSequenceClassification)
    return {"numbers added by the head": full - body}


def twice(make):
    first, second = make(), make()
    same = torch.equal(*(next(model.parameters()) for model in (first, second)))
    return {"same weights twice": same, "training": first.training}


def from_config():
    config = AutoConfig.from_pretrained(folder("feature-extraction"))
    return twice(lambda: AutoModel.from_config(config))


def from_pretrained():
    return twice(lambda: AutoModel.from_pretrained(folder("feature-extraction")))


TOKENS = ["[CLS]", "Anna", "met", "Ben", "[SEP]"]
START = torch.tensor([0.0, 2.0, 0.1, 2.1, 0.0])
END = torch.tensor([0.0, 2.2, 0.1, 0.3, 0.0])


def two_argmaxes():
    return TOKENS[START.argmax() : END.argmax() + 1]


def best_pair():
    legal = (START[:, None] + END[None, :]).masked_fill(~torch.ones(5, 5).triu().bool(), -1e9)
    start, end = divmod(int(legal.argmax()), 5)
    return TOKENS[start : end + 1]


NAME = "Anna Schwarzenegger-Nowak lives in Reykjavik."


def token_labels():
    tokenizer = AutoTokenizer.from_pretrained(folder("token-classification"))
    return {"words": len(NAME.split()), "labels": len(tokenizer(NAME)["input_ids"])}


def word_labels():
    tokenizer = AutoTokenizer.from_pretrained(folder("token-classification"))
    words = tokenizer(NAME.split(), is_split_into_words=True).word_ids()
    return {"words": len(NAME.split()), "labels": len(set(words) - {None})}


def generated():
    tokenizer = AutoTokenizer.from_pretrained(folder("text-generation"))
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    inputs = tokenizer("Once upon a time", return_tensors="pt")
    output = model.generate(**inputs, max_new_tokens=5, pad_token_id=tokenizer.eos_token_id)
    return inputs["input_ids"].shape[1], output[0], tokenizer


def prompt_again():
    _, output, tokenizer = generated()
    return tokenizer.decode(output).startswith("Once upon a time")


def new_text():
    prompt, output, tokenizer = generated()
    return tokenizer.decode(output[prompt:]).startswith("Once upon a time")


def two_rows():
    tokenizer = AutoTokenizer.from_pretrained(folder("question-answering"))
    return len(tokenizer(["Who?", "Anna works."], padding=True)["input_ids"])


def one_row():
    tokenizer = AutoTokenizer.from_pretrained(folder("question-answering"))
    return len(tokenizer("Who?", "Anna works.", return_tensors="pt")["input_ids"])


def setting_in_config():
    config = GPT2Config(**SIZES, **ENDS, max_length=50, task_specific_params={"num_beams": 4})
    model = AutoModelForCausalLM.from_config(config)
    beams = model.generation_config.num_beams
    return {"max_length": hasattr(config, "max_length"), "num_beams": beams}


def setting_for_generation():
    model = AutoModelForCausalLM.from_config(GPT2Config(**SIZES, **ENDS))
    model.generation_config.update(max_new_tokens=3, num_beams=4)
    return {"new tokens": model.generate(torch.tensor([[5, 6]]), pad_token_id=0).shape[1] - 2}


MIRROR = "https://hf-mirror.com"


def mirror_too_late():
    with mock.patch.dict(os.environ, HF_ENDPOINT=MIRROR):
        return constants.ENDPOINT == MIRROR  # huggingface_hub was imported before


def mirror_in_time():
    script = "from huggingface_hub import constants; print(constants.ENDPOINT)"
    environment = {**os.environ, "HF_ENDPOINT": MIRROR}
    process = [sys.executable, "-c", script]
    run = subprocess.run(process, env=environment, capture_output=True, text=True, check=True)
    return run.stdout.strip() == MIRROR


CARDS = (
    Card(
        id="typo",
        group=SILENT,
        title="a misspelled argument in the model's call",
        said_4="TypeError: forward() got an unexpected keyword argument 'atention_mask' or "
        "'token_type_ids'",
        says_5=r"{'same as alone': False}",
        cause="forward ends in **kwargs since version 5, and a misspelled name falls into that "
        "bag. Superfluous ones such as token_type_ids fall there too: harmless where the model has "
        "no use for them.",
        wrong_fix="wait for the TypeError. from_pretrained and generate still raise one; the "
        "model's call does not.",
        fix="Pass what the tokenizer returned as a whole: model(**inputs). Compare names with "
        "inspect.signature(model.forward) if you write them by hand.",
        demo=typo,
        contrast=with_mask,
        confusions=(30,),
        notebook="11",
    ),
    Card(
        id="no-mask",
        group=SILENT,
        title="a padded batch without its attention mask",
        said_4="We strongly recommend passing in an `attention_mask` since your input_ids may be "
        "padded. Why does padding change my embedding?",
        says_5=r"{'same as alone': False}",
        also=r"attention mask and the pad token id were not set|"
        r"attention mask is not set and cannot be inferred|"
        r"do not provide an attention_mask|Setting `pad_token_id` to `eos_token_id`",
        cause="Without the mask the padding counts as text, and every other token reads it. On a "
        "batch of one nothing shows, so it is found late.",
        wrong_fix="pad all texts to one fixed length so that the change is always the same. It "
        "is: always wrong.",
        fix="model(**inputs): the tokenizer returns the mask.",
        demo=no_mask,
        contrast=with_mask,
        confusions=(26,),
        notebook="09",
    ),
    Card(
        id="no-tokenizer-files",
        group=SILENT,
        title="a tokenizer without a vocabulary",
        said_4="OSError: Can't load tokenizer for 'my-model'. Make sure that 'my-model' is the "
        "correct path to a directory containing all relevant files for a BertTokenizerFast "
        "tokenizer. Everything is [UNK]",
        says_5=r"\[UNK\] \[UNK\] \[UNK\]",
        also=r"Can't load (the )?tokenizer for|Couldn't instantiate the backend tokenizer",
        cause="The folder has a model and no tokenizer files (a model saved without its "
        "tokenizer). Version 5 then builds one with special tokens only.",
        wrong_fix="train longer. The model never sees a word.",
        fix="Save both: model.save_pretrained(path) and tokenizer.save_pretrained(path). Look at "
        "len(tokenizer) after loading.",
        demo=no_tokenizer_files,
        contrast=tokenizer_files,
        confusions=(11,),
        notebook="02",
    ),
    Card(
        id="lost-head",
        group=SILENT,
        title="saved with AutoModel, and the head is gone",
        said_4="I saved my model and after loading it again the classifier answers at random; "
        "architectures changed",
        says_5=r"{'architectures': \['BertModel'\]}",
        cause="AutoModel loaded the body, so the body is what save_pretrained wrote, in the file "
        "and in architectures. If the folder was the only copy, the head is lost.",
        wrong_fix="edit architectures back. The name returns, the tensors do not.",
        fix="Save with the class that has the head, and into a new folder.",
        demo=saved_body,
        contrast=saved_whole,
        confusions=(8,),
        notebook="02",
    ),
    Card(
        id="last-column",
        group=SILENT,
        title="the last column of a right-padded batch",
        said_4="hidden_states[:, -1] gives bad sentence embeddings from a decoder when batched",
        says_5=r"{'same as alone': False}",
        cause="Column -1 is the last token of the longest text only; in the other rows it is "
        "padding. With a batch of one it is right, which is why it passes every quick test.",
        wrong_fix="average over all columns. The average has the padding in it too.",
        fix="Take the last position where attention_mask is 1. Left padding gives the same vectors "
        "only if position_ids are passed that begin at each text's first token.",
        demo=last_column,
        contrast=last_real_token,
        confusions=(34,),
        notebook="09",
    ),
    Card(
        id="first-token",
        group=SILENT,
        title="the first token of a decoder as sentence vector",
        said_4="all my sentences have cosine similarity 1.0 with GPT-2 CLS embedding",
        says_5=r"{'identical': True}",
        cause="In a decoder a token sees only what stands before it. The first one has seen "
        "nothing of the sentence but itself.",
        wrong_fix="normalise or whiten the vectors. There is no information to bring out.",
        fix="An encoder with the pooling it was trained for; with a decoder the last real token "
        "or the masked mean.",
        demo=first_token,
        contrast=last_token,
        confusions=(34,),
        notebook="09",
    ),
    Card(
        id="swapped-labels",
        group=SILENT,
        title="label names typed by hand",
        said_4="LABEL_0 LABEL_1: which label is positive? Predictions are the opposite of the "
        "truth",
        says_5=r"{'this order': 'POSITIVE', 'the other order': 'NEGATIVE'}",
        cause="Which row of the output means which label was decided in training, and the names in "
        "the config are a note of that. A list that you typed does not know about it.",
        wrong_fix="swap the two names in your list. It is then wrong for the other checkpoint.",
        fix="model.config.id2label[best]. Where that says LABEL_0, read the model's card. Names "
        "can be wrong there too: try sentences whose answer you know.",
        demo=typed_labels,
        contrast=config_labels,
        confusions=(33,),
        notebook="08",
    ),
    Card(
        id="architectures",
        group=SILENT,
        title="architectures does not decide what is loaded",
        said_4="does architectures in config.json determine which class AutoModel loads? I changed "
        "architectures and nothing happened",
        says_5=r"'BertModel'",
        cause="The Auto class and model_type decide. architectures is a note about who saved the "
        "file.",
        wrong_fix="edit architectures to get another head. Nothing changes, and nothing says so.",
        fix="Name the Auto class that you want in your code.",
        demo=architectures,
        contrast=model_type,
        confusions=(9,),
        notebook="02",
    ),
    Card(
        id="file-dtype",
        group=SILENT,
        title="the numbers have the file's precision",
        said_4="why is my bf16 model loaded as float32? model loads as fp16 half precision by "
        "default",
        says_5=r"torch.float16",
        cause="On 4.x everything was loaded as float32. On 5.x a dtype that config.json "
        "names counts. Half precision is slow on many CPUs and rounds earlier.",
        wrong_fix="model.float() after loading. It works, and for a moment needs both copies.",
        fix="Say it when loading: dtype=torch.float32.",
        demo=dtype_of_file,
        contrast=dtype_asked_for,
        confusions=(17,),
        notebook="02",
    ),
    Card(
        id="tied-head",
        group=SILENT,
        title="a head that adds no parameters",
        said_4="GPT2Model and GPT2LMHeadModel have the same number of parameters 124439808, is "
        "lm_head missing?",
        says_5=r"{'numbers added by the head': 0}",
        cause="The output layer uses the table of word vectors a second time: one tensor with two "
        "names (tied weights).",
        wrong_fix="count state_dict(). It lists the tensor twice and makes the model too big.",
        fix="model.num_parameters() counts each tensor once.",
        demo=tied_head,
        contrast=own_head,
        confusions=(36,),
        notebook="02",
    ),
    Card(
        id="from-config",
        group=SILENT,
        title="from_config: the right shape, random numbers, training mode",
        said_4="prediction output is random and different every time, from_config vs "
        "from_pretrained, model.eval() dropout",
        says_5=r"{'same weights twice': False, 'training': True}",
        cause="A config describes a model and holds no weights. from_config builds it, ready to "
        "be trained, with dropout on.",
        wrong_fix="call model.eval(). Dropout stops, and the numbers are as random as before.",
        fix="from_pretrained for trained weights, which also switches to eval mode.",
        demo=from_config,
        contrast=from_pretrained,
        confusions=(35,),
        notebook="08",
    ),
    Card(
        id="two-argmaxes",
        group=SILENT,
        title="the answer's start and end chosen separately",
        said_4="question answering returns an empty answer, end before start; answer_start = "
        "torch.argmax(start_logits)",
        says_5=r"^\[\]$",
        cause="The best start and the best end may belong to two different answers. The slice "
        "between them is then empty, or lies in the question.",
        wrong_fix="swap the two when the end comes first. The span between two answers is no "
        "answer either.",
        fix="Score all pairs inside the context with start <= end and take the best.",
        demo=two_argmaxes,
        contrast=best_pair,
        confusions=(31,),
        notebook="06",
    ),
    Card(
        id="word-pieces",
        group=SILENT,
        title="one label per token is not one per word",
        said_4="NER returns ##gging as separate entities, more labels than words, "
        "aggregation_strategy grouped_entities",
        says_5=r"{'words': 5, 'labels': ..}",
        cause="Rare words are cut into pieces, and [CLS] and [SEP] are added. Each of them gets a "
        "label.",
        wrong_fix="zip words and labels. From the first long word on, every label belongs to "
        "another word.",
        fix="word_ids() says which word a token belongs to; offsets lead back to the text; or "
        "pipeline(..., aggregation_strategy='first').",
        demo=token_labels,
        contrast=word_labels,
        confusions=(32,),
        notebook="07",
    ),
    Card(
        id="prompt-again",
        group=SILENT,
        title="the output begins with the prompt",
        said_4="model.generate output includes the input prompt, the answer repeats my question",
        says_5=r"^True$",
        cause="A decoder continues a sequence, and generate returns the whole of it.",
        wrong_fix="text.replace(prompt, ''). Decoding may change spaces, and then nothing is "
        "replaced; or the text really contains the prompt twice.",
        fix="Cut by tokens: output[:, inputs['input_ids'].shape[1]:].",
        demo=prompt_again,
        contrast=new_text,
        confusions=(24,),
        notebook="03",
    ),
    Card(
        id="two-rows",
        group=SILENT,
        title="a list where a pair was meant",
        said_4="tokenizer list of two strings vs two arguments, sentence pair, token_type_ids all "
        "zero",
        says_5=r"^2$",
        cause="A list is a batch: its texts have nothing to do with each other. Two arguments are "
        "a pair, and become one row.",
        wrong_fix="join the two strings with ' [SEP] '. The parts are then not marked as first and "
        "second.",
        fix="tokenizer(question, context)",
        demo=two_rows,
        contrast=one_row,
        confusions=(27,),
        notebook="06",
    ),
    Card(
        id="inert-settings",
        group=SILENT,
        title="generation settings written into the config",
        said_4="You have modified the pretrained model configuration to control generation. This "
        "is a deprecated strategy. config.max_length task_specific_params ignored",
        says_5=r"{'max_length': False, 'num_beams': .*}",
        cause="Settings for writing have their own object, model.generation_config, and their own "
        "file. The config drops them, and nothing reads task_specific_params any more.",
        wrong_fix="edit config.json. It is accepted, kept, and not read.",
        fix="Arguments of generate(), or model.generation_config.",
        demo=setting_in_config,
        contrast=setting_for_generation,
        confusions=(25,),
        notebook="02",
    ),
    Card(
        id="mirror-too-late",
        group=SILENT,
        title="HF_ENDPOINT set after the import",
        said_4="HF_ENDPOINT=https://hf-mirror.com does not work, os.environ mirror still connects "
        "to huggingface.co",
        says_5=r"^False$",
        also=r"HF_ENDPOINT",
        cause="huggingface_hub reads its environment variables once, while it is being imported.",
        wrong_fix="set it again, or in the cell above and run that. The module is loaded already.",
        fix="Restart the kernel and set it in the first cell, before any import; or in the shell.",
        demo=mirror_too_late,
        contrast=mirror_in_time,
        confusions=(13,),
        notebook="00",
    ),
)
