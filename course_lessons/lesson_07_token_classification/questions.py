"""Questions of 07_token_classification."""

from torch import nn

from course_utils.quizzes import Question


def _ignored_target() -> str:
    if nn.CrossEntropyLoss().ignore_index == -100:
        return "The loss ignores this value, so the model is not judged there."
    return "They are negative examples."


WARM_UP = (
    Question(
        id="07-offsets",
        text="An answer spans tokens 5 to 7. How do you get its text exactly as the author wrote "
        "it?",
        choices={
            "Join the tokens 5 to 7.": "No: tokens may be in lower case, cut into pieces, and "
            "have lost their spaces.",
            "Decode the ids 5 to 7.": "No: decoding has to guess where spaces were, and capitals "
            "that the tokenizer dropped are gone.",
            "Cut the text from the first token's start to the last one's end.": "Yes: offsets "
            "lead back to the characters of the original (notebook 06).",
        },
    ),
    Question(
        id="07-shape",
        text="Fill-mask returned logits of shape (texts, tokens, vocabulary). Over which axis does "
        "softmax go there, and in every task with one choice per token?",
        choices={
            "the first one, the texts": "No: then the texts of a batch would compete with each "
            "other.",
            "the middle one, the tokens": "No: that asks which token fits best, as in question "
            "answering, where there is one start for the whole text.",
            "the last one, the choices": "Yes: for each token the choices share a total of one "
            "(notebook 04).",
        },
    ),
)

QUIZ = (
    Question(
        id="07-outside",
        text="What does the label `O` mean?",
        choices={
            "The model is not sure.": "No: doubt shows in the probabilities, and `O` can be very "
            "certain.",
            "The token is outside any entity.": "Yes: most tokens of a text are in no name.",
            "The token is a special token.": "No: special tokens get some label like every "
            "position, and it means nothing.",
        },
    ),
    Question(
        id="07-strategy",
        text="Which aggregation strategy may cut one word into two entities?",
        choices={
            "`simple`": "Yes: it joins neighbouring pieces of the same type and knows nothing "
            "about words.",
            "`first`": "No: it gives the whole word one label, that of its first piece.",
            "`max`": "No: it also decides once per word, by its loudest piece.",
        },
    ),
    Question(
        id="07-ignored",
        text="Why are special tokens and later pieces labelled `-100` for training?",
        choices={
            "It is the number of the label `O`.": "No: `O` has an ordinary number in `label2id`.",
            "They are negative examples.": "No: a negative example would still count in the loss.",
            "The loss ignores this value, so the model is not judged there.": "Yes: PyTorch's "
            "cross entropy skips targets of `-100`.",
        },
        computed=_ignored_target,
    ),
)
