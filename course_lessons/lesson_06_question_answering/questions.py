"""Questions of 06_question_answering."""

import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer, DistilBertConfig

from course_utils.checkpoints import CHECKPOINTS
from course_utils.quizzes import Question


def _pair_or_list() -> str:
    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINTS["question-answering"].folder)
    pair, two = tokenizer("a", "b")["input_ids"], tokenizer(["a", "b"])["input_ids"]
    if isinstance(pair[0], int) and len(two) == 2:
        return "The first gives one sequence with two parts, the second two sequences."
    return "None; the second is the newer spelling."


def _outputs_per_token() -> str:
    sizes = {"dim": 8, "hidden_dim": 8, "n_layers": 1, "n_heads": 1, "vocab_size": 50}
    with torch.device("meta"):
        model = AutoModelForQuestionAnswering.from_config(DistilBertConfig(**sizes))
    return str(model.qa_outputs.out_features)


WARM_UP = (
    Question(
        id="06-two-blanks",
        text="A sentence has two blanks. Does a fill-mask model choose the two words together?",
        choices={
            "No, each blank is filled without knowing the other's word.": "Yes: all rows are "
            "computed in one pass (notebook 04).",
            "Yes, it looks for the best pair.": "No: there is a row of scores per blank, and no "
            "score for a pair.",
            "Yes, from left to right.": "No: that is how a causal model writes. Here both are "
            "filled at once.",
        },
    ),
    Question(
        id="06-decoder-ids",
        text="You call a translation model, `model(input_ids=...)`, with an English sentence. What "
        "is missing?",
        choices={
            "Nothing: it returns the translation.": "No: a plain call returns scores, and this one "
            "raises an error before that.",
            "The language to translate into.": "No: this checkpoint knows one pair of languages; "
            "nothing has to be said.",
            "The decoder's input: the German tokens so far.": "Yes: `generate` supplies them step "
            "by step, a plain call does not (notebook 05).",
        },
    ),
)

QUIZ = (
    Question(
        id="06-softmax",
        text="Why do we apply softmax to the start scores and to the end scores separately?",
        choices={
            "They answer two questions, and each has exactly one right token.": "Yes: one "
            "distribution says where the answer begins, another says where it ends.",
            "Softmax works only on one-dimensional tensors.": "No: it works along any dimension "
            "of any tensor.",
            "The end must come after the start.": "No: that is true of answers, but softmax does "
            "nothing about it; it is the work of the legal cells.",
        },
    ),
    Question(
        id="06-outputs",
        text="How many numbers does the question-answering head return for each token?",
        choices={
            "1": "No: one number could say how well the token fits, but not where the answer ends.",
            "2": "Yes: one for the start, one for the end. The best start and the best end may "
            "belong to different answers, which is why not every pair is legal.",
            "as many as the vocabulary has entries": "No: then it could write. This head can only "
            "point at what stands in its input.",
        },
        computed=_outputs_per_token,
    ),
    Question(
        id="06-pair",
        text='What is the difference between `tokenizer("a", "b")` and `tokenizer(["a", "b"])`?',
        choices={
            "None; the second is the newer spelling.": "No: they return different numbers of "
            "rows, and for question answering only the pair makes sense.",
            "The first gives two sequences, the second gives one.": "No: it is the other way "
            "round. Count the rows when you are in doubt.",
            "The first gives one sequence with two parts, the second two sequences.": "Yes: two "
            "arguments are a pair and are joined; a list is a batch of separate texts.",
        },
        computed=_pair_or_list,
    ),
)
