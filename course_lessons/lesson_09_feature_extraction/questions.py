"""Questions of 09_feature_extraction."""

import torch
from transformers import AutoModel, BertConfig, GPT2Config

from course_utils.quizzes import Question


def _shape() -> str:
    sizes = {"hidden_size": 384, "num_hidden_layers": 1, "num_attention_heads": 1}
    model = AutoModel.from_config(BertConfig(vocab_size=50, intermediate_size=8, **sizes))
    return str(tuple(model(torch.zeros(2, 9, dtype=torch.long)).last_hidden_state.shape))


def _sees_the_sentence() -> str:
    """Change one token of a GPT-2 text, and see which position's vector does not care."""
    sizes = {"n_embd": 8, "n_layer": 1, "n_head": 1, "vocab_size": 50, "n_positions": 8}
    torch.manual_seed(0)
    config = GPT2Config(**sizes, bos_token_id=0, eos_token_id=0)
    model = AutoModel.from_config(config).eval()
    with torch.no_grad():
        one, two = (model(torch.tensor([[1, n, 3]])).last_hidden_state[0] for n in (2, 20))
    first, last = (not torch.allclose(one[i], two[i], atol=1e-6) for i in (0, -1))
    return "The last real token's." if last and not first else "The first token's."


WARM_UP = (
    Question(
        id="09-mode",
        text="`from_pretrained` returned a model. Is dropout active?",
        choices={
            "No, the model is in evaluation mode.": "Yes: so the same text gives the same result "
            "twice. `from_config` returns one in training mode (notebook 08).",
            "Yes, until you write `torch.no_grad()`.": "No: that switch is about gradients, and "
            "leaves dropout alone.",
            "Yes, until you call `model.eval()`.": "No: that is needed after `from_config` or "
            "after training.",
        },
    ),
    Question(
        id="09-label-zero",
        text="A classifier answers `LABEL_1`. What does this suggest?",
        choices={
            "The text belongs to the second-best class.": "No: it is simply the class with the "
            "number 1.",
            "The answer is POSITIVE; number 1 always is.": "No: the order belongs to the "
            "checkpoint, as two teams showed in notebook 08.",
            "Nobody named the labels, and perhaps nobody trained the head.": "Yes: such names are "
            "made up by the config class. Look at the missing keys.",
        },
    ),
)

QUIZ = (
    Question(
        id="09-shape",
        text="Two texts of five and nine tokens go through a body with `hidden_size` 384 in one "
        "batch. What is the shape of `last_hidden_state`?",
        choices={
            "(2, 384)": "No: that would be one vector per text, after pooling.",
            "(2, 9, 384)": "Yes: both rows are padded to the length of the longer one.",
            "(14, 384)": "No: the batch stays a batch; texts are not joined.",
        },
        computed=_shape,
    ),
    Question(
        id="09-mask",
        text="Why do you need the attention mask for the average?",
        choices={
            "Without it padding is averaged in, and the result depends on the batch.": "Yes: "
            "every position has a vector, padding too.",
            "Without it `[CLS]` would count twice.": "No: `[CLS]` is a real token for the mask and "
            "counts once.",
            "It makes the computation faster.": "No: the mask changes the result, not the speed.",
        },
    ),
    Question(
        id="09-decoder",
        text="Which vector of a GPT-like body can stand for the whole sentence?",
        choices={
            "The first token's.": "No: the first token has seen nothing but itself.",
            "That of `pooler_output`.": "No: such bodies have no pooler.",
            "The last real token's.": "Yes: it is the only position that has seen all the others; "
            "find it with the mask.",
        },
        computed=_sees_the_sentence,
    ),
)
