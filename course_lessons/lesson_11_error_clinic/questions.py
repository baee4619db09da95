"""Questions of 11_error_clinic."""

import inspect

import torch
from transformers import AutoModel, BertConfig, BertModel

from course_utils.quizzes import Question


def _misspelt() -> str:
    if any(
        p.kind is p.VAR_KEYWORD for p in inspect.signature(BertModel.forward).parameters.values()
    ):
        return "Nothing: the name is swallowed, and there is no mask."
    return "Python raises a TypeError."


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
        return "The same text alone and in a batch with a longer one."
    return "A second run of the same cell."


WARM_UP = (
    Question(
        id="11-swallowed",
        text="What happens if you misspell `attention_mask` in a call of a BERT?",
        choices={
            "Python raises a TypeError.": "No: it did in version 4. Now `forward` ends in "
            "`**kwargs`, which takes any name.",
            "The library corrects the name and warns.": "No: nothing is printed at all.",
            "Nothing: the name is swallowed, and there is no mask.": "Yes: and the padding is read "
            "as text (notebooks 06 and 10).",
        },
        computed=_misspelt,
    ),
    Question(
        id="11-who-runs",
        text="You pass `trust_remote_code=True` to `AutoConfig.from_pretrained`. What may happen?",
        choices={
            "A program from the checkpoint's folder runs, with your rights.": "Yes: already for "
            "the config. Refuse, read, then allow (notebook 10).",
            "Nothing, since a config is only data.": "No: the config names a Python file, and "
            "reading the config imports it.",
            "The model runs on somebody else's machine.": "No: the code comes to you; remote is "
            "only where it came from.",
        },
    ),
)

QUIZ = (
    Question(
        id="11-first-read",
        text="A traceback shows three errors, joined by `The above exception was the direct cause "
        "of the following exception`. Which do you read first?",
        choices={
            "The first, since everything began with it.": "No: it may be the deeper cause, and is "
            "the second thing to read.",
            "The last, since it stopped the program.": "Yes: it is the answer of the part that you "
            "called, in its words.",
            "The longest, since it says the most.": "No: length says how chatty a library is.",
        },
    ),
    Question(
        id="11-report",
        text="A report says UNEXPECTED for `cls.predictions.bias` and MISSING for "
        "`classifier.weight`. You want to classify. What do you do?",
        choices={
            "Nothing, it is only a warning.": "No: the first row could be ignored, the second "
            "cannot.",
            "Fix the seed and load again.": "No: the answers are then random in the same way every "
            "time.",
            "Take another checkpoint, or train this one.": "Yes: the classifier holds random "
            "numbers.",
        },
    ),
    Question(
        id="11-test",
        text="Which test finds most of the silent traps?",
        choices={
            "The same text alone and in a batch with a longer one.": "Yes: missing masks, "
            "misspelt masks and wrong last tokens all show there.",
            "A second run of the same cell.": "No: a wrong computation is wrong in the same way "
            "twice.",
            "A look at the shape of the output.": "No: the shapes are right in all of them.",
        },
        computed=_best_test,
    ),
)
