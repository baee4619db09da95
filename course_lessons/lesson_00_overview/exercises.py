"""Exercises of 00_overview."""

from course_lessons.fixtures import tiny
from course_models import registry
from course_utils.verdicts import Exercise, Mistake


def shapes():
    texts, tokens, width, vocabulary = 2, 5, 16, 66
    return {
        "AutoModel": (texts, tokens, width),
        "ForMaskedLM": (texts, tokens, vocabulary),
        "ForSequenceClassification": (texts, 3),
        "ForTokenClassification": (texts, tokens, 9),
        "ForQuestionAnswering": (texts, tokens),
    }


def head_names(model):
    return [name for name, child in model.named_children() if child is not model.base_model]


def _all_children(model):
    return [name for name, _ in model.named_children()]


def _last_child(model):
    return [name for name, _ in model.named_children()][-1:]


def _with_parameters(model):
    children = model.named_children()
    heads = [(name, child) for name, child in children if child is not model.base_model]
    return [name for name, child in heads if any(True for _ in child.parameters())]


def _all_but_the_first(model):
    return [name for name, _ in model.named_children()][1:]


def concrete(auto_class, model_type):
    return registry.concrete_class(auto_class, model_type)


def _auto_name(auto_class, model_type):
    return auto_class.__name__


def _glued_name(auto_class, model_type):
    return model_type.capitalize() + auto_class.__name__.removeprefix("AutoModel")


def _concrete_cases():
    classes = registry.auto_classes()
    return [
        (classes["AutoModelForCausalLM"], "bert"),
        (classes["AutoModel"], "gpt2"),
        (classes["AutoModelForSeq2SeqLM"], "marian"),
        (classes["AutoModelForQuestionAnswering"], "distilbert"),
        (classes["AutoModelForSeq2SeqLM"], "t5"),
    ]


EXERCISES = (
    Exercise(
        id="00-shapes",
        prompt="""A BERT body with hidden size 16 and a vocabulary of 66 pieces reads a batch
of 2 texts, 5 tokens each. For every class, write the shape of the tensor that comes out, as a
tuple. The sequence classifier has 3 labels, the token classifier 9. For question answering,
give the shape of `start_logits` alone. Think of what each task needs: a number per text, per
token, or per token and vocabulary entry?""",
        stub="""shapes = {
    "AutoModel": ...,
    "ForMaskedLM": ...,
    "ForSequenceClassification": ...,
    "ForTokenClassification": ...,
    "ForQuestionAnswering": ...,
}""",
        reference=shapes,
        value=True,
        mistakes=(
            Mistake(
                "one-label-a-token",
                lambda: {"ForSequenceClassification": (2, 5, 3)},
                "A sequence classifier gives one row of label scores per text, not one per token: "
                "the head looks at a summary of the text.",
            ),
            Mistake(
                "one-label-a-text",
                lambda: {"ForTokenClassification": (2, 9)},
                "A token classifier labels every token, so the token axis stays in the shape.",
            ),
            Mistake(
                "glued-scores",
                lambda: {"ForQuestionAnswering": (2, 5, 2)},
                "The head does compute two numbers per token, but they are handed out separately: "
                "start_logits and end_logits, one number per token each.",
            ),
            Mistake(
                "one-row-a-text",
                lambda: {"ForMaskedLM": (2, 66)},
                "A masked language model scores the vocabulary at every position, masked or not.",
            ),
            Mistake(
                "pooled-body",
                lambda: {"AutoModel": (2, 16)},
                "AutoModel returns one vector per token: turning them into one per "
                "text is pooling, which is left to you.",
            ),
        ),
        hints=(
            "Write (texts, tokens, …) first and ask which of the two axes the task still needs.",
            "One label per text drops the token axis; one label per token keeps it.",
            "Only the masked language model has the vocabulary size as its last axis.",
        ),
        why="The body always gives (texts, tokens, hidden size); the head decides what is left.",
    ),
    Exercise(
        id="00-head-names",
        prompt="""Write `head_names(model)`: the list of attribute names of the model's direct
children that are *not* its body. `model.named_children()` gives pairs of name and module, and
`model.base_model` is the body itself. It will be tried on models you have not seen, among them
one whose head is made of more than one module, so do not count on position or on a name.""",
        stub="""def head_names(model):
    # Replace the dots by your code.
    return ...""",
        reference=head_names,
        cases=lambda: [
            (tiny("BertForMaskedLM"),),
            (tiny("BertForSequenceClassification"),),
            (tiny("GPT2LMHeadModel"),),
            (tiny("DistilBertForMaskedLM"),),  # its body is not the first child
        ],
        mistakes=(
            Mistake(
                "all-children",
                _all_children,
                "The body is in your list: it is a child like any other, so leave out the one that "
                "is model.base_model.",
            ),
            Mistake(
                "all-but-the-first",
                _all_but_the_first,
                "You left out the first child, but the body is not the first one in each class: "
                "compare each child with model.base_model.",
            ),
            Mistake(
                "with-parameters",
                _with_parameters,
                "A child without parameters, such as dropout or an activation, belongs to the head "
                "as well: it is a child, and it is not the body.",
            ),
            Mistake(
                "last-child",
                _last_child,
                "You took the last child only; a head can be several modules (dropout and a "
                "classifier, for example).",
            ),
        ),
        hints=(
            "Compare each child with model.base_model, using `is`.",
            "A list comprehension with an `if child is not model.base_model` is all it takes.",
        ),
        why="Whatever is not the body is the head: that is the whole difference between AutoModel "
        "and AutoModelForXxx.",
    ),
    Exercise(
        id="00-concrete",
        prompt="""Write `concrete(auto_class, model_type)`: the name of the class that
`auto_class.from_pretrained` would return for a checkpoint of that `model_type`, for example
`"GPT2LMHeadModel"` for `AutoModelForCausalLM` and `"gpt2"`. Do not guess from the spelling:
look it up with `course_models.registry`, which reads the installed library's own tables.""",
        stub="""def concrete(auto_class, model_type):
    # Replace the dots by your code.
    return ...""",
        reference=concrete,
        cases=_concrete_cases,
        mistakes=(
            Mistake(
                "auto-name",
                _auto_name,
                "You returned the Auto class itself. It is only the dispatcher: what comes back is "
                "an ordinary model class, never an instance of AutoModelForXxx.",
            ),
            Mistake(
                "glued-name",
                _glued_name,
                "Gluing names together works for some models only: the library keeps a table, "
                "because many classes are named differently.",
            ),
        ),
        hints=(
            "registry.concrete_class(auto_class, model_type) answers exactly this question.",
            "registry.model_types(auto_class) is the table as a dictionary.",
        ),
        why="model_type from config.json plus the Auto class's own table give the concrete class.",
    ),
)
