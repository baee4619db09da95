"""Questions of 07_token_classification."""

from torch import nn

from course_utils.quizzes import Choice, Question


def _ignored_target() -> str:
    if nn.CrossEntropyLoss().ignore_index == -100:
        return "not-judged"
    return "negative-examples"


WARM_UP = (
    Question(
        id="07-offsets",
        text="An answer spans tokens 5 to 7. How do you get its text exactly as the author wrote "
        "it?",
        choices=(
            Choice(
                "join-tokens",
                "Join the tokens 5 to 7.",
                "Tokens may be in lower case, cut into pieces, and have lost their spaces.",
            ),
            Choice(
                "decode-ids",
                "Decode the ids 5 to 7.",
                "Decoding has to guess where spaces were, and capitals that the tokenizer "
                "dropped are gone.",
            ),
            Choice(
                "cut-text",
                "Cut the text from the first token's start to the last one's end.",
                "Offsets lead back to the characters of the original (notebook 06).",
            ),
        ),
        right="cut-text",
    ),
    Question(
        id="07-shape",
        text="Fill-mask returned logits of shape (texts, tokens, vocabulary). Over which axis does "
        "softmax go there, and in every task with one choice per token?",
        choices=(
            Choice(
                "texts",
                "the first one, the texts",
                "Then the texts of a batch would compete with each other.",
            ),
            Choice(
                "tokens",
                "the middle one, the tokens",
                "That asks which token fits best, as in question answering, where there is "
                "one start for the whole text.",
            ),
            Choice(
                "choices",
                "the last one, the choices",
                "For each token the choices share a total of one (notebook 04).",
            ),
        ),
        right="choices",
    ),
)

QUIZ = (
    Question(
        id="07-outside",
        text="What does the label `O` mean?",
        choices=(
            Choice(
                "not-sure",
                "The model is not sure.",
                "Doubt shows in the probabilities, and `O` can be very certain.",
            ),
            Choice(
                "outside",
                "The token is outside any entity.",
                "Most tokens of a text are in no name.",
            ),
            Choice(
                "special",
                "The token is a special token.",
                "Special tokens get a label like every position, but they stand for no word.",
            ),
        ),
        right="outside",
    ),
    Question(
        id="07-strategy",
        text="Which aggregation strategy may cut one word into two entities?",
        choices=(
            Choice(
                "simple",
                "`simple`",
                "It joins neighbouring pieces of the same type and knows nothing about words.",
            ),
            Choice(
                "first",
                "`first`",
                "It gives the whole word one label, that of its first piece.",
            ),
            Choice(
                "max",
                "`max`",
                "It also decides once per word, by its loudest piece.",
            ),
        ),
        right="simple",
    ),
    Question(
        id="07-ignored",
        text="Why are special tokens and later pieces labelled `-100` for training?",
        choices=(
            Choice(
                "number-of-o",
                "It is the number of the label `O`.",
                "`O` has an ordinary number in `label2id`.",
            ),
            Choice(
                "negative-examples",
                "They are negative examples.",
                "A negative example would still count in the loss.",
            ),
            Choice(
                "not-judged",
                "The loss ignores this value, so the model is not judged there.",
                "PyTorch's cross entropy skips targets of `-100`.",
            ),
        ),
        right="not-judged",
        computed=_ignored_target,
    ),
)
