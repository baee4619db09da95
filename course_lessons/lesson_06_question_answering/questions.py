"""Questions of 06_question_answering."""

import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer, DistilBertConfig

from course_utils.checkpoints import CHECKPOINTS
from course_utils.quizzes import Choice, Question


def _pair_or_list() -> str:
    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINTS["question-answering"].folder)
    pair, two = tokenizer("a", "b")["input_ids"], tokenizer(["a", "b"])["input_ids"]
    if isinstance(pair[0], int) and len(two) == 2:
        return "first-gives-sequence"
    return "none-second"


def _outputs_per_token() -> str:
    sizes = {"dim": 8, "hidden_dim": 8, "n_layers": 1, "n_heads": 1, "vocab_size": 50}
    with torch.device("meta"):
        model = AutoModelForQuestionAnswering.from_config(DistilBertConfig(**sizes))
    return str(model.qa_outputs.out_features)


WARM_UP = (
    Question(
        id="06-two-blanks",
        text="A sentence has two blanks. Does a fill-mask model choose the two words together?",
        choices=(
            Choice(
                "each-blank",
                "No, each blank is filled without knowing the other's word.",
                "All rows are computed in one pass (notebook 04).",
            ),
            Choice(
                "looks-best",
                "Yes, it looks for the best pair.",
                "There is a row of scores per blank, and no score for a pair.",
            ),
            Choice(
                "from-left",
                "Yes, from left to right.",
                "That is how a causal model writes. Here both are filled at once.",
            ),
        ),
        right="each-blank",
    ),
    Question(
        id="06-decoder-ids",
        text="You call a translation model, `model(input_ids=...)`, with an English sentence. What "
        "is missing?",
        choices=(
            Choice(
                "nothing-returns",
                "Nothing: it returns the translation.",
                "A plain call returns scores, and this one raises an error before that.",
            ),
            Choice(
                "language-translate",
                "The language to translate into.",
                "This checkpoint knows one pair of languages; nothing has to be said.",
            ),
            Choice(
                "decoder-s",
                "The decoder's input: the German tokens so far.",
                "`generate` supplies them step by step, a plain call does not (notebook 05).",
            ),
        ),
        right="decoder-s",
    ),
)

QUIZ = (
    Question(
        id="06-softmax",
        text="Why do we apply softmax to the start scores and to the end scores separately?",
        choices=(
            Choice(
                "answer-two",
                "They answer two questions, and each has exactly one right token.",
                "One distribution says where the answer begins, another says where it ends.",
            ),
            Choice(
                "softmax-works",
                "Softmax works only on one-dimensional tensors.",
                "It works along any dimension of any tensor.",
            ),
            Choice(
                "end-must",
                "The end must come after the start.",
                "That is true of answers, but softmax does nothing about it; it is the work "
                "of the legal cells.",
            ),
        ),
        right="answer-two",
    ),
    Question(
        id="06-outputs",
        text="How many numbers does the question-answering head return for each token?",
        choices=(
            Choice(
                "1",
                "1",
                "One number could say how well the token fits, but not where the answer ends.",
            ),
            Choice(
                "2",
                "2",
                "One for the start, one for the end. The best start and the best end may "
                "belong to different answers, which is why not every pair is legal.",
            ),
            Choice(
                "many-vocabulary",
                "as many as the vocabulary has entries",
                "Then it could write. This head can only point at what stands in its input.",
            ),
        ),
        right="2",
        computed=_outputs_per_token,
    ),
    Question(
        id="06-pair",
        text='What is the difference between `tokenizer("a", "b")` and `tokenizer(["a", "b"])`?',
        choices=(
            Choice(
                "none-second",
                "None; the second is the newer spelling.",
                "They return different numbers of rows, and for question answering only the "
                "pair makes sense.",
            ),
            Choice(
                "first-gives",
                "The first gives two sequences, the second gives one.",
                "It is the other way round. Count the rows when you are in doubt.",
            ),
            Choice(
                "first-gives-sequence",
                "The first gives one sequence with two parts, the second two sequences.",
                "Two arguments are a pair and are joined; a list is a batch of separate texts.",
            ),
        ),
        right="first-gives-sequence",
        computed=_pair_or_list,
    ),
)
