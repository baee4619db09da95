"""Questions of 11_error_clinic."""

import inspect

import torch
from transformers import AutoModel, BertConfig, BertModel

from course_utils.quizzes import Choice, Question


def _misspelt() -> str:
    if any(
        p.kind is p.VAR_KEYWORD for p in inspect.signature(BertModel.forward).parameters.values()
    ):
        return "nothing-name"
    return "python-raises"


def _best_test() -> str:
    """Plant a forgotten mask in a tiny body, and see which of two tests notices."""
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    torch.manual_seed(0)
    config = BertConfig(vocab_size=50, intermediate_size=8, **sizes)
    model = AutoModel.from_config(config).eval()
    alone, padded = torch.tensor([[2, 20, 3]]), torch.tensor([[2, 20, 3, 0, 0]])
    with torch.no_grad():
        first, again = (model(input_ids=padded).last_hidden_state[:, 0] for _ in range(2))
        single = model(input_ids=alone).last_hidden_state[:, 0]
    if torch.equal(first, again) and not torch.allclose(first, single, atol=1e-4):
        return "same-text"
    return "second-run"


WARM_UP = (
    Question(
        id="11-swallowed",
        text="What happens if you misspell `attention_mask` in a call of a BERT?",
        choices=(
            Choice(
                "python-raises",
                "Python raises a TypeError.",
                "It did in version 4. Now `forward` ends in `**kwargs`, which takes any name.",
            ),
            Choice(
                "library-corrects",
                "The library corrects the name and warns.",
                "Nothing is printed at all.",
            ),
            Choice(
                "nothing-name",
                "Nothing: the name is swallowed, and there is no mask.",
                "And the padding is read as text (notebooks 06 and 10).",
            ),
        ),
        right="nothing-name",
        computed=_misspelt,
    ),
    Question(
        id="11-who-runs",
        text="You pass `trust_remote_code=True` to `AutoConfig.from_pretrained`. What may happen?",
        choices=(
            Choice(
                "program-from",
                "A program from the checkpoint's folder runs, with your rights.",
                "Already for the config. Refuse, read, then allow (notebook 10).",
            ),
            Choice(
                "nothing-since",
                "Nothing, since a config is only data.",
                "The config names a Python file, and reading the config imports it.",
            ),
            Choice(
                "model-runs",
                "The model runs on somebody else's machine.",
                "The code comes to you; remote is only where it came from.",
            ),
        ),
        right="program-from",
    ),
)

QUIZ = (
    Question(
        id="11-first-read",
        text="A traceback shows three errors, joined by `The above exception was the direct cause "
        "of the following exception`. Which do you read first?",
        choices=(
            Choice(
                "first-since",
                "The first, since everything began with it.",
                "It may be the deeper cause, and is the second thing to read.",
            ),
            Choice(
                "last-since",
                "The last, since it stopped the program.",
                "It is the answer of the part that you called, in its words.",
            ),
            Choice(
                "longest-since",
                "The longest, since it says the most.",
                "Length says how chatty a library is.",
            ),
        ),
        right="last-since",
    ),
    Question(
        id="11-report",
        text="A report says UNEXPECTED for `cls.predictions.bias` and MISSING for "
        "`classifier.weight`. You want to classify. What do you do?",
        choices=(
            Choice(
                "nothing-only",
                "Nothing, it is only a warning.",
                "The first row could be ignored, the second cannot.",
            ),
            Choice(
                "fix-seed",
                "Fix the seed and load again.",
                "The answers are then random in the same way every time.",
            ),
            Choice(
                "take-another",
                "Take another checkpoint, or train this one.",
                "The classifier holds random numbers.",
            ),
        ),
        right="take-another",
    ),
    Question(
        id="11-test",
        text="Which test finds a missing mask, a misspelt mask and a wrong last token alike?",
        choices=(
            Choice(
                "same-text",
                "The same text alone and in a batch with a longer one.",
                "Missing masks, misspelt masks and wrong last tokens all show there.",
            ),
            Choice(
                "second-run",
                "A second run of the same cell.",
                "A wrong computation is wrong in the same way twice.",
            ),
            Choice(
                "look-shape",
                "A look at the shape of the output.",
                "The shapes are right in all of them.",
            ),
        ),
        right="same-text",
        computed=_best_test,
    ),
)
