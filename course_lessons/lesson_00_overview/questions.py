"""Questions of 00_overview."""

from transformers import AutoModel

from course_models import registry
from course_utils.quizzes import Choice, Question

WARM_UP = (
    Question(
        id="00-from-pretrained",
        text="Before we start: what does `from_pretrained(name)` do?",
        choices=(
            Choice(
                "trains",
                "It trains a model on the data called `name`.",
                "Nothing is trained. Training has happened long before, and its result lies "
                "in a file.",
            ),
            Choice(
                "builds-and-fills",
                "It builds a model and fills it with numbers that were saved earlier.",
                "A description of the model and its numbers are read from a folder.",
            ),
            Choice(
                "connects",
                "It opens a connection to a model that runs on a server.",
                "The model runs on your machine, in this very process.",
            ),
        ),
        right="builds-and-fills",
    ),
    Question(
        id="00-logits",
        text="A model returns `logits` of shape (1, 3) for one text. What are these three numbers?",
        choices=(
            Choice(
                "scores",
                "Scores for three labels; the largest wins.",
                "Any numbers are possible, larger means more plausible. If you knew this and "
                "the answer before, skim this notebook for the words body and head, and go "
                "straight to its exercises.",
            ),
            Choice(
                "probabilities",
                "Probabilities for three labels.",
                "Logits need not be positive or add up to one. A softmax turns them into "
                "probabilities; notebook 08 does it step by step.",
            ),
            Choice(
                "token-ids",
                "The numbers of the three most probable words.",
                "Those would be ids, whole numbers. Logits are scores, and one of them "
                "belongs to each possible answer.",
            ),
        ),
        right="scores",
    ),
)

QUIZ = (
    Question(
        id="00-decides",
        text="What decides which concrete class `AutoModel.from_pretrained(x)` returns?",
        choices=(
            Choice(
                "checkpoint-name",
                "The name `x`, for example the letters bert in it.",
                "Our folders are called `fill-mask` and `translation`, and were still loaded "
                "with the right classes. The name only says where to find the files.",
            ),
            Choice(
                "model-type",
                "The key `model_type` in the checkpoint's `config.json`.",
                "The Auto class looks this word up in its own table.",
            ),
            Choice(
                "tensor-names",
                "The names of the tensors in the weights file.",
                "The weights are read only after the class has been chosen. They decide "
                "whether all parts of it can be filled.",
            ),
        ),
        right="model-type",
    ),
    Question(
        id="00-random-part",
        text="You load a checkpoint that was trained to fill blanks with "
        "`AutoModelForSequenceClassification`. Which part of the model is random?",
        choices=(
            Choice(
                "whole-model",
                "The whole model, because it is a different class.",
                "The body's numbers come from the file, exactly as with every other class. "
                "You compared them.",
            ),
            Choice(
                "nothing",
                "None: the class would be refused if something were missing.",
                "A class is refused only if the kind of model has no such head. A head that "
                "merely is not in the file is filled with random numbers.",
            ),
            Choice(
                "head",
                "The classification head (and, for this BERT, the pooler before it).",
                "Those are the tensors that the list of missing keys named.",
            ),
        ),
        right="head",
    ),
    Question(
        id="00-type",
        text="What is `type(AutoModel.from_pretrained(x)).__name__` for a BERT checkpoint?",
        choices=(
            Choice(
                "BertModel",
                "BertModel",
                "The Auto class hands over to the concrete class, here the body without a head.",
            ),
            Choice(
                "AutoModel",
                "AutoModel",
                "No object of type `AutoModel` ever exists.",
            ),
            Choice(
                "AutoBertModel",
                "AutoBertModel",
                "No class is made for the occasion. An Auto class returns one that the "
                "library already has, and no Auto class is among its parents.",
            ),
        ),
        right="BertModel",
        computed=lambda: registry.concrete_class(AutoModel, "bert"),
    ),
)
