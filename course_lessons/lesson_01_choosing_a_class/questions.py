"""Questions of 01_choosing_a_class."""

from course_models import registry
from course_utils.quizzes import Choice, Question


def _refuses_bert() -> str:
    names = ("AutoModelForMaskedLM", "AutoModelForQuestionAnswering", "AutoModelForSeq2SeqLM")
    classes = registry.auto_classes()
    return next(n for n in names if "bert" not in registry.model_types(classes[n]))


def _writes_captions() -> str:
    config = {"model_type": "llava", "architectures": ["LlavaForConditionalGeneration"]}
    choices = ("AutoModelForImageClassification", "AutoModelForVision2Seq")
    choices += ("AutoModelForImageTextToText",)
    return next(name for name in registry.asked_for(config) if name in choices)


WARM_UP = (
    Question(
        id="01-refused",
        text="Three classes, one BERT checkpoint. Which class refuses it?",
        choices=(
            Choice(
                "AutoModelForMaskedLM",
                "AutoModelForMaskedLM",
                "Filling blanks is what BERT was made for.",
            ),
            Choice(
                "AutoModelForQuestionAnswering",
                "AutoModelForQuestionAnswering",
                "It loads. The head may be random, but the kind of model has such a class.",
            ),
            Choice(
                "AutoModelForSeq2SeqLM",
                "AutoModelForSeq2SeqLM",
                "It needs an encoder and a decoder, and no class of the kind `bert` has both.",
            ),
        ),
        right="AutoModelForSeq2SeqLM",
        computed=_refuses_bert,
    ),
    Question(
        id="01-where-from",
        text="You load a fill-in-the-blank checkpoint with a classification head. Which numbers "
        "come from the file?",
        choices=(
            Choice(
                "head-only",
                "Those of the head only.",
                "This head is not in the file, it is filled with random numbers.",
            ),
            Choice(
                "body-only",
                "Those of the body only.",
                "The body is the same under every class; the new head found nothing in the "
                "file and is random.",
            ),
            Choice(
                "all",
                "All of them.",
                "The file holds another head. The classification head has to be trained first.",
            ),
        ),
        right="body-only",
    ),
)

QUIZ = (
    Question(
        id="01-which-line",
        text="A load report says MISSING for `classifier.weight` and UNEXPECTED for "
        "`cls.predictions.bias`. Which of them makes the answers meaningless?",
        choices=(
            Choice(
                "unexpected",
                "UNEXPECTED: the model contains numbers that do not belong there.",
                "An unexpected tensor stays in the file. The model contains nothing of it.",
            ),
            Choice(
                "missing",
                "MISSING: the classifier was filled with random numbers.",
                "The model has a classifier, and the file has nothing to fill it with.",
            ),
            Choice(
                "both",
                "Both: either of them means that the checkpoint is damaged.",
                "Both only compare names in the file with names in the model. Such a report "
                "is normal when you change the head.",
            ),
        ),
        right="missing",
    ),
    Question(
        id="01-bert-as-causal",
        text="Why does a BERT checkpoint load with `AutoModelForCausalLM` without a missing "
        "tensor?",
        choices=(
            Choice(
                "same-tensors",
                "Its table has a class for `bert` with the same tensors as the file.",
                "`BertLMHeadModel` has the same parts under the same names. Loading compares "
                "names and shapes, not purposes.",
            ),
            Choice(
                "trained-for-it",
                "BERT was also trained to continue text.",
                "It was trained with both sides of each gap visible, and without "
                "`is_decoder=True` it still looks at both.",
            ),
            Choice(
                "accepts-all",
                "`AutoModelForCausalLM` accepts every kind of model.",
                "Many kinds are not in its table; those are refused.",
            ),
        ),
        right="same-tensors",
    ),
    Question(
        id="01-caption",
        text="A model gets a photo and writes a caption for it. Which class loads it?",
        choices=(
            Choice(
                "AutoModelForImageClassification",
                "AutoModelForImageClassification",
                "Out comes one score per label, not a sentence.",
            ),
            Choice(
                "AutoModelForVision2Seq",
                "AutoModelForVision2Seq",
                "This class did it in older versions; the name is gone in version 5.",
            ),
            Choice(
                "AutoModelForImageTextToText",
                "AutoModelForImageTextToText",
                "A picture (and text) goes in, new text comes out.",
            ),
        ),
        right="AutoModelForImageTextToText",
        computed=_writes_captions,
    ),
)
