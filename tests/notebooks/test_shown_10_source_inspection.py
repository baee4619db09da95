"""What a learner sees in notebook 10."""

import re

MUTATIONS = [
    ("auto-init", "AutoModelForQuestionAnswering.__init__", "AutoConfig.from_pretrained"),
    ("by-hand", "qa_outputs(hidden)", "qa_outputs(hidden.flip(1))"),
    ("then-and-now", "then - now", "now - then"),
    ("homework", "layer.in_features, layer.out_features", "layer.out_features, layer.in_features"),
    ("inside", "dim=0", "dim=1"),
    ("mini", "cls.table[model_type].from_pretrained(folder)", "BertModel.from_pretrained(folder)"),
    ("refuse", "trust_remote_code=False", "trust_remote_code=True"),
    ("strict-call", "set(inputs) - known", "known - known"),
]

RAN = "!!! a program from the checkpoint folder is running !!!"


def test_the_constructor_of_the_auto_classes_only_refuses(notebook):
    assert "Computed: refuses (raise)" in notebook.text("auto-init")
    source = notebook.text("auto-source")
    assert "raise OSError" in source and "nn." not in source and "_mapping" not in source
    message = notebook.text("auto-call")
    assert message.startswith("OSError") and "from_pretrained" in message
    assert notebook.value("auto-inits") == 1


def test_the_loaded_model_has_the_source_with_body_and_head(notebook):
    assert "self.distilbert = DistilBertModel(config)" in notebook.text("load")
    assert "self.qa_outputs = nn.Linear" in notebook.text("load")
    assert "'qa_outputs': Linear(" in notebook.text("head")
    assert notebook.value("without-weights") is True


def test_forward_is_shown_and_its_steps_by_hand_give_the_same_numbers(notebook):
    forward = notebook.text("forward")
    assert "def forward(" in forward
    assert forward.index("self.distilbert(") < forward.index("self.qa_outputs(")
    assert notebook.value("by-hand") is True


def test_another_family_has_another_forward(notebook):
    table = notebook.text("other-forwards")
    assert table.split()[:3] == ["model_type", "class", "file"]
    for family in ("DistilBert", "Bert", "GPT2"):
        assert re.search(rf" {family}ForQuestionAnswering +modeling_{family.lower()}\.py", table)


def test_the_signature_of_2024_is_no_longer_the_one_that_runs(notebook):
    changes = notebook.value("then-and-now")
    assert {"head_mask", "return_dict"} <= set(changes["gone"])
    assert "kwargs" in changes["new"]


def test_help_says_what_section_one_found_out(notebook):
    assert "class AutoModelForQuestionAnswering" in notebook.text("help")
    assert "with a question answering head" in notebook.text("help")


def test_three_constructors_side_by_side_differ_in_body_and_head_lines(notebook):
    columns = notebook.text("three-inits")
    assert re.search(r"≠ +self\.cls = BertOnlyMLMHead\(config\)", columns)
    assert re.search(r"≠ +self\.bert = BertModel\(config\)$", columns, re.MULTILINE)
    assert "Computed: the body" in notebook.text("predict-inits")
    assert columns.count("self.bert = BertModel(config, add_pooling_layer=False)") == 2
    assert columns.count("self.classifier = nn.Linear(config.hidden_size, config.num_labels)") == 2
    assert "<figure" in notebook.html("three-inits")


def test_token_and_sequence_classifiers_read_different_outputs(notebook):
    token, _, sequence = notebook.text("classifier-lines").partition("ForSequenceClassification")
    assert "outputs[0]" in token
    assert "outputs[1]" not in token
    assert "outputs[1]" in sequence


def test_the_homework_lists_each_head_with_its_sizes(notebook):
    rows = re.findall(r"^\d+ +(\w+) +(\w+) +(\d+) +(\d+)$", notebook.text("homework"), re.M)
    assert [(auto, head, int(a), int(b)) for auto, head, a, b in rows] == [
        ("AutoModelForMaskedLM", "cls", 768, 768),
        ("AutoModelForMaskedLM", "cls", 768, 30522),
        ("AutoModelForTokenClassification", "classifier", 768, 2),
        ("AutoModelForSequenceClassification", "classifier", 768, 2),
        ("AutoModelForQuestionAnswering", "qa_outputs", 768, 2),
        ("AutoModelForCausalLM", "cls", 768, 768),
        ("AutoModelForCausalLM", "cls", 768, 30522),
    ]


def test_attention_rows_add_up_to_one(notebook):
    drawn = notebook.text("inside").splitlines()[1:]
    for row in drawn:
        weights = [float(number) for number in re.findall(r" (\d\.\d\d)(?:,|$)", row)]
        assert len(weights) == len(drawn) and abs(sum(weights) - 1) < 0.06
    hidden, attentions, layers = notebook.value("layers")
    assert (hidden, attentions) == (layers + 1, layers)


def test_llamas_classifier_is_empty_and_its_code_is_found_in_a_parent(notebook):
    assert "class LlamaForSequenceClassification(" in notebook.text("llama")
    assert "def " not in notebook.text("llama")
    assert "AutoModel.from_config(config)" in notebook.text("llama-init")
    owners = notebook.value("mro")
    assert owners["__init__"] == owners["forward"] == "GenericForSequenceClassification"
    assert owners["save_pretrained"] == "PreTrainedModel"
    assert "Computed: GenericForSequenceClassification" in notebook.text("predict-llama")


def test_the_mini_auto_class_loads_the_same_and_refuses_the_unknown(notebook):
    assert notebook.value("mini-check") == (True, True)
    assert "ValueError: MiniAutoModelForQuestionAnswering" in notebook.text("mini-check")


def test_a_registered_model_loads_through_automodel(notebook):
    assert "`toy`" in notebook.text("toy-unknown")
    assert notebook.value("register") == ("ToyModel", 4, (1, 3, 4))


def test_custom_code_runs_only_after_it_was_allowed(notebook):
    assert "ValueError" in notebook.text("refuse")
    assert RAN not in notebook.text("refuse")
    assert f'print("{RAN}")' in notebook.text("read-it")
    assert "Computed: yes" in notebook.text("allow")
    assert notebook.text("allowed").startswith(RAN)
    assert notebook.value("allowed") == "GreeterConfig"
    assert notebook.value("allow-model") == ("Greeter", "transformers_modules")


def test_the_strict_call_names_what_would_be_swallowed(notebook):
    assert "would ignore ['atention_mask']" in notebook.text("strict-check")
    assert notebook.value("strict-check") is True


def test_some_model_files_are_generated(notebook):
    assert "distilbert: generated = False" in notebook.text("generated")
    assert "qwen3: generated = True" in notebook.text("generated")


def test_the_diff_marks_what_only_one_class_has(notebook):
    same, heads, bodies, inherited = notebook.text("playground").split("Two constructors")[1:]
    marked = [
        [line for line in text.splitlines()[1:] if line.startswith("≠")]
        for text in (same, heads, bodies, inherited)
    ]
    assert marked[0] == [] and 0 < len(marked[1]) < len(marked[2])
    assert any("DistilBertModel(config)" in line for line in marked[2])
    assert any("AutoModel.from_config" in line for line in marked[3])
    assert "right: LlamaForSequenceClassification" in inherited
