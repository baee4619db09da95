"""Questions of 09_feature_extraction."""

import torch
from transformers import AutoModel, BertConfig, GPT2Config

from course_utils.quizzes import Choice, Question


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
    return "last-real" if last and not first else "first-token"


WARM_UP = (
    Question(
        id="09-mode",
        text="`from_pretrained` returned a model. Is dropout active?",
        choices=(
            Choice(
                "model-evaluation",
                "No, the model is in evaluation mode.",
                "So the same text gives the same result twice. `from_config` returns one in "
                "training mode (notebook 08).",
            ),
            Choice(
                "until-you",
                "Yes, until you write `torch.no_grad()`.",
                "That switch is about gradients, and leaves dropout alone.",
            ),
            Choice(
                "until-you-call",
                "Yes, until you call `model.eval()`.",
                "That is needed after `from_config` or after training.",
            ),
        ),
        right="model-evaluation",
    ),
    Question(
        id="09-label-zero",
        text="A classifier answers `LABEL_1`. What does this suggest?",
        choices=(
            Choice(
                "text-belongs",
                "The text belongs to the second-best class.",
                "It is simply the class with the number 1.",
            ),
            Choice(
                "answer-positive",
                "The answer is POSITIVE; number 1 always is.",
                "The order belongs to the checkpoint, as two teams showed in notebook 08.",
            ),
            Choice(
                "nobody-named",
                "Nobody named the labels, and perhaps nobody trained the head.",
                "Such names are made up by the config class. Look at the missing keys.",
            ),
        ),
        right="nobody-named",
    ),
)

QUIZ = (
    Question(
        id="09-shape",
        text="Two texts of five and nine tokens go through a body with `hidden_size` 384 in one "
        "batch. What is the shape of `last_hidden_state`?",
        choices=(
            Choice(
                "(2, 384)",
                "(2, 384)",
                "That would be one vector per text, after pooling.",
            ),
            Choice(
                "(2, 9, 384)",
                "(2, 9, 384)",
                "Both rows are padded to the length of the longer one.",
            ),
            Choice(
                "(14, 384)",
                "(14, 384)",
                "The batch stays a batch; texts are not joined.",
            ),
        ),
        right="(2, 9, 384)",
        computed=_shape,
    ),
    Question(
        id="09-mask",
        text="Why do you need the attention mask for the average?",
        choices=(
            Choice(
                "without-padding",
                "Without it padding is averaged in, and the result depends on the batch.",
                "Every position has a vector, padding too.",
            ),
            Choice(
                "without-cls",
                "Without it `[CLS]` would count twice.",
                "`[CLS]` is a real token for the mask and counts once.",
            ),
            Choice(
                "makes-computation",
                "It makes the computation faster.",
                "The mask changes the result, not the speed.",
            ),
        ),
        right="without-padding",
    ),
    Question(
        id="09-decoder",
        text="Which vector of a GPT-like body can stand for the whole sentence?",
        choices=(
            Choice(
                "first-token",
                "The first token's.",
                "The first token has seen nothing but itself.",
            ),
            Choice(
                "pooler-output",
                "That of `pooler_output`.",
                "GPT-2's body has no pooler.",
            ),
            Choice(
                "last-real",
                "The last real token's.",
                "It is the only position that has seen all the others; find it with the mask.",
            ),
        ),
        right="last-real",
        computed=_sees_the_sentence,
    ),
)
