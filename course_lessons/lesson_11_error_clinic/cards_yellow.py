"""Cards of the second group: it goes on, and says something that is easily overlooked."""

import torch
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
)

from course_lessons.lesson_11_error_clinic.broken_folders import folder
from course_lessons.lesson_11_error_clinic.card import YELLOW, Card


def missing_head():
    return AutoModelForSequenceClassification.from_pretrained(folder("fill-mask"))


def trained_head():
    load = AutoModelForSequenceClassification.from_pretrained
    _, info = load(folder("text-classification"), output_loading_info=True)
    return {"missing": sorted(info["missing_keys"])}


def dropped_head():
    return AutoModel.from_pretrained(folder("text-classification"))


def kept_head():
    load = AutoModelForSequenceClassification.from_pretrained
    _, info = load(folder("text-classification"), output_loading_info=True)
    return {"unexpected": sorted(info["unexpected_keys"])}


ENDINGS = torch.tensor([[10, 20, 30, 40], [10, 20, 30, 50]])  # they differ in the last token only


def first_token_knows_the_last(model):
    with torch.no_grad():
        logits = model(ENDINGS).logits
    return not torch.allclose(logits[0, 0], logits[1, 0], atol=1e-4)


def bert_writes():
    model = AutoModelForCausalLM.from_pretrained(folder("fill-mask"))
    return first_token_knows_the_last(model)


def decoder_writes():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    return first_token_knows_the_last(model)


def half_translator():
    return AutoModelForCausalLM.from_pretrained(folder("translation"))


def whole_translator():
    model = AutoModelForSeq2SeqLM.from_pretrained(folder("translation"))
    return sorted(name for name, _ in model.model.named_children())


def ignored_flags():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    ids = torch.tensor([[10, 20, 30]])
    return model.generate(ids, max_new_tokens=4, do_sample=False, temperature=0.7)


def used_flags():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    ids = torch.tensor([[10, 20, 30]])
    torch.manual_seed(0)
    cold, hot = (
        model.generate(ids, max_new_tokens=8, do_sample=True, temperature=t) for t in (0.1, 9.0)
    )
    return {"temperature changes the text": cold.tolist() != hot.tolist()}


PROMPTS = [
    "Once upon a time",
    "The cat",
    "Tom was sad because",
    "One day, a little dog went to the",
]


def continuations(side):
    tokenizer = AutoTokenizer.from_pretrained(folder("text-generation"), padding_side=side)
    tokenizer.pad_token = tokenizer.eos_token
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    settings = {"max_new_tokens": 6, "pad_token_id": tokenizer.pad_token_id}
    together = model.generate(**tokenizer(PROMPTS, padding=True, return_tensors="pt"), **settings)
    alone = [model.generate(**tokenizer(p, return_tensors="pt"), **settings)[0] for p in PROMPTS]
    same = [a[-6:].tolist() == b[-6:].tolist() for a, b in zip(together, alone)]
    return {"same as alone": all(same)}


def padded_right():
    return continuations("right")


def padded_left():
    return continuations("left")


def two_lengths():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    ids = torch.tensor([[10, 20, 30]])
    return model.generate(ids, max_length=40, max_new_tokens=4).shape[1]


def one_length():
    model = AutoModelForCausalLM.from_pretrained(folder("text-generation"))
    return model.generate(torch.tensor([[10, 20, 30]]), max_new_tokens=4).shape[1]


def no_length():
    sizes = {"n_embd": 16, "n_head": 2, "n_layer": 1, "vocab_size": 66, "n_positions": 20}
    config = AutoConfig.for_model("gpt2", **sizes, bos_token_id=None, eos_token_id=None)
    return AutoModelForCausalLM.from_config(config).generate(torch.tensor([[5, 6, 7]])).shape[1]


def old_dtype():
    return AutoModelForMaskedLM.from_pretrained(folder("fill-mask"), torch_dtype=torch.float32)


def new_dtype():
    return AutoModelForMaskedLM.from_pretrained(folder("fill-mask"), dtype=torch.float32).dtype


def long_text():
    tokenizer = AutoTokenizer.from_pretrained(folder("fill-mask"), model_max_length=128)
    return len(tokenizer("rain " * 200)["input_ids"])


def cut_text():
    tokenizer = AutoTokenizer.from_pretrained(folder("fill-mask"), model_max_length=128)
    return len(tokenizer("rain " * 200, truncation=True)["input_ids"])


def wrong_config():
    return BertConfig.from_pretrained(folder("text-generation"))


def auto_config():
    return type(AutoConfig.from_pretrained(folder("text-generation"))).__name__


SIZES = {"hidden_size": 16, "num_attention_heads": 2, "num_hidden_layers": 1, "vocab_size": 66}


def attentions(**settings):
    config = AutoConfig.for_model("bert", **SIZES)
    model = AutoModel.from_config(config, **settings)
    found = model(torch.tensor([[5, 6]]), output_attentions=True).attentions
    return {"attentions": len(found or ())}


def fast_attention():
    return attentions()


def eager_attention():
    return attentions(attn_implementation="eager")


CARDS = (
    Card(
        id="missing-head",
        group=YELLOW,
        title="the head holds random numbers",
        said_4="Some weights of BertForSequenceClassification were not initialized from the model "
        "checkpoint at bert-base-uncased and are newly initialized: ['classifier.bias', "
        "'classifier.weight']. You should probably TRAIN this model on a down-stream task to be "
        "able to use it for predictions and inference.",
        says_5=r"LOAD REPORT.*MISSING.*newly initialized because missing from the checkpoint. "
        r"Consider training on your downstream task",
        also=r"[Ss]ome weights of .{1,80} were not initialized|"
        r"TRAIN this model on a down-stream task|newly initialized",
        cause="The class needs tensors that the file does not have. They were filled with random "
        "numbers, so predictions are random, and differ after each load.",
        wrong_fix="fix the seed so that answers stop changing. They are then always the same "
        "random answers.",
        fix="Use a checkpoint whose architectures name this class, or train the head. Before "
        "trusting a model: output_loading_info=True, and missing_keys must be empty.",
        demo=missing_head,
        contrast=trained_head,
        confusions=(1,),
        notebook="01",
    ),
    Card(
        id="unexpected-weights",
        group=YELLOW,
        title="the file holds more than the class uses",
        said_4="Some weights of the model checkpoint at bert-base-uncased were not used when "
        "initializing BertModel: ['cls.predictions.bias']. This IS expected if you are "
        "initializing BertModel from the checkpoint of a model trained on another task",
        says_5=r"LOAD REPORT.*UNEXPECTED.*can be ignored when loading from different task/"
        r"architecture",
        also=r"were not used when initializing",
        cause="The file has tensors for which this class has no place, here the head that the "
        "body does without. Everything the class needs was found.",
        wrong_fix="train, as for MISSING. It is the opposite direction: nothing here is random.",
        fix="Nothing, if you wanted the body. If you wanted the head, load with its class.",
        demo=dropped_head,
        contrast=kept_head,
        confusions=(2,),
        notebook="01",
    ),
    Card(
        id="bert-as-causal",
        group=YELLOW,
        title="a BERT that is asked to write sees the future",
        said_4="If you want to use `BertLMHeadModel` as a standalone, add `is_decoder=True.`",
        says_5=r"If you want to use `BertLMHeadModel` as a standalone, add `is_decoder=True",
        cause="The class exists and every weight fits, so it loads. But each position still reads "
        "the words after it: it was trained to fill blanks, not to write on.",
        wrong_fix="add is_decoder=True and generate. Now it is blind to the future, and was never "
        "trained that way: the text is nonsense.",
        fix="To write, take a checkpoint trained to write. To fill blanks, AutoModelForMaskedLM.",
        demo=bert_writes,
        contrast=decoder_writes,
        confusions=(7,),
        notebook="03",
    ),
    Card(
        id="half-a-translator",
        group=YELLOW,
        title="an encoder-decoder loaded as a causal model",
        said_4="Some weights of the model checkpoint at opus-mt-en-de were not used when "
        "initializing MarianForCausalLM: ['model.encoder.layers.0.fc1.weight']",
        says_5=r"MarianForCausalLM LOAD REPORT from.*model.encoder.layers.*self_attn.*UNEXPECTED.*"
        r"can be ignored when loading from different task/architecture",
        also=r"were not used when initializing \w+ForCausalLM: .*encoder\.layers",
        cause="Some model types have a causal class besides the encoder-decoder one. It keeps the "
        "decoder and leaves the encoder, the part that reads your text, in the file.",
        wrong_fix="ignore it, since UNEXPECTED is harmless. Here it is half of the model.",
        fix="AutoModelForSeq2SeqLM for text in, other text out.",
        demo=half_translator,
        contrast=whole_translator,
        confusions=(4,),
        notebook="01",
    ),
    Card(
        id="ignored-flags",
        group=YELLOW,
        title="temperature or top_p without sampling",
        said_4="UserWarning: `do_sample` is set to `False`. However, `temperature` is set to `0.7` "
        "-- this flag is only used in sample-based generation modes. You should set "
        "`do_sample=True` or unset `temperature`.",
        says_5=r"generation flags are not valid and may be ignored.*temperature",
        cause="Without sampling the likeliest token is taken each time. Temperature changes the "
        "chances, not which one is the largest.",
        wrong_fix="raise the temperature until something happens. Nothing will.",
        fix="do_sample=True, with a seed if it should be repeatable.",
        demo=ignored_flags,
        contrast=used_flags,
        confusions=(25,),
        notebook="03",
    ),
    Card(
        id="right-padding",
        group=YELLOW,
        title="a batch for a decoder, padded on the right",
        said_4="A decoder-only architecture is being used, but right-padding was detected! For "
        "correct generation results, please set `padding_side='left'` when initializing the "
        "tokenizer.",
        says_5=r"decoder-only architecture is being used, but right-padding was detected",
        also=r"right-padding was detected",
        cause="New tokens are appended at the right end. With padding there, the model continues "
        "after the padding instead of after the prompt.",
        wrong_fix="leave out the attention mask so that the message goes. The padding stays, and "
        "now it is read as text.",
        fix="AutoTokenizer.from_pretrained(name, padding_side='left')",
        demo=padded_right,
        contrast=padded_left,
        confusions=(22,),
        notebook="03",
    ),
    Card(
        id="two-lengths",
        group=YELLOW,
        title="max_length and max_new_tokens together",
        said_4="Both `max_new_tokens` (=4) and `max_length`(=40) seem to have been set. "
        "`max_new_tokens` will take precedence.",
        says_5=r"Both `max_new_tokens`.*seem to have been set.*will take precedence",
        cause="One counts what is new, the other prompt and new tokens together. Only one can "
        "hold. The other may come from generation_config.json.",
        wrong_fix="set both to the same number. They count different things.",
        fix="Give max_new_tokens only.",
        demo=two_lengths,
        contrast=one_length,
        confusions=(23,),
        notebook="03",
    ),
    Card(
        id="default-length",
        group=YELLOW,
        title="no length given: the text ends after twenty tokens",
        said_4="UserWarning: Using the model-agnostic default `max_length` (=20) to control the "
        "generation length. We recommend setting `max_new_tokens` to control the maximum length",
        says_5=r"Using the model-agnostic default `max_length`",
        cause="Neither the call nor the checkpoint names a length, so a small number that fits no "
        "model in particular is used.",
        wrong_fix="blame the model for short answers, or ask for longer ones in the prompt.",
        fix="max_new_tokens in the call, or in model.generation_config.",
        demo=no_length,
        contrast=one_length,
        confusions=(23,),
        notebook="03",
    ),
    Card(
        id="torch-dtype",
        group=YELLOW,
        title="torch_dtype is called dtype now",
        said_4="`torch_dtype` is deprecated! Use `dtype` instead!",
        says_5=r"`torch_dtype` is deprecated! Use `dtype` instead",
        also=r"`?torch_dtype`? is deprecated",
        cause="The argument was renamed. And without it the dtype in config.json is used, "
        "where 4.x gave float32.",
        wrong_fix="delete the argument. On 5.x that is another request: take what the config says.",
        fix="dtype=torch.float32, or whichever you want.",
        demo=old_dtype,
        contrast=new_dtype,
        confusions=(17,),
        notebook="02",
    ),
    Card(
        id="long-text",
        group=YELLOW,
        title="the tokenizer warns of a text that is too long, and returns it",
        said_4="Token indices sequence length is longer than the specified maximum sequence length "
        "for this model (202 > 128). Running this sequence through the model will result in "
        "indexing errors",
        says_5=r"Token indices sequence length is longer than the specified maximum sequence",
        also=r"sequence length is longer than the specified maximum",
        cause="The tokenizer does not cut unless asked. The error comes later, in the model.",
        wrong_fix="set model_max_length higher. The tokenizer stops warning; the model has no more "
        "positions than before.",
        fix="truncation=True, or windows with return_overflowing_tokens=True.",
        demo=long_text,
        contrast=cut_text,
        confusions=(28,),
        notebook="02",
    ),
    Card(
        id="wrong-config-class",
        group=YELLOW,
        title="a config read by another model's class",
        said_4="You are using a model of type gpt2 to instantiate a model of type bert. This is "
        "not supported for all configurations of models and can yield errors.",
        says_5=r"You are using a model of type .*to instantiate a model of type",
        cause="A concrete class was named by hand, and the file belongs to another kind of model. "
        "Keys that do not fit are kept as they are, and defaults fill the rest.",
        wrong_fix="go on, since nothing stopped. You get an ordinary BERT of default size.",
        fix="AutoConfig and the Auto classes read model_type and choose the class.",
        demo=wrong_config,
        contrast=auto_config,
        confusions=(9,),
        notebook="02",
    ),
    Card(
        id="empty-attentions",
        group=YELLOW,
        title="output_attentions=True returns nothing",
        said_4="`sdpa` attention does not support `output_attentions=True`. Falling back to eager "
        "attention. outputs.attentions is empty",
        says_5=r"`sdpa` attention does not support `output_attentions=True`",
        cause="The fast attention of torch (sdpa, the default) never writes the weights down, so "
        "there is nothing to return. The notice comes once in a session.",
        wrong_fix="set model.config.output_attentions = True after loading. That stops with an "
        "error that asks for eager.",
        fix="from_pretrained(name, attn_implementation='eager'). Or ask before loading: "
        "from_pretrained(name, output_attentions=True) chooses eager itself.",
        demo=fast_attention,
        contrast=eager_attention,
        confusions=(),
        notebook="05",
    ),
)
