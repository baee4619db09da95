"""Playground about beam search: which beginnings of a translation are kept at each step."""

from collections.abc import Sequence

import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutput

from course_utils.drawings import Drawing, code_columns
from course_utils.playgrounds import Control, Playground

STEPS = 5
WIDEST = 4
SENTENCES = ("What time is it?", "I love you.", "I do not know what you mean.")


def playground(model: nn.Module, tokenizer, sentences: Sequence[str] = SENTENCES) -> Playground:
    """The first steps of a beam search, with the candidates that are kept and those just below.

    The score is the sum of the log-probabilities. A translation that has ended stays as it is;
    `generate` also divides by the length, which matters for the last choice only.

    Args:
        model: a sequence-to-sequence model; the encoder runs once per sentence.
        tokenizer: its tokenizer.
        sentences: what to translate.
    """
    end, start = model.config.eos_token_id, model.config.decoder_start_token_id
    encoded: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
    known: dict[tuple[str, tuple[int, ...]], list[tuple[int, float]]] = {}

    def ask(sentence: str, beginnings: list[tuple[int, ...]]) -> None:
        """Learn the best next tokens of some beginnings of equal length, in one batch."""
        if sentence not in encoded:
            inputs = tokenizer(sentence, return_tensors="pt").to(model.device)
            hidden = model.get_encoder()(**inputs).last_hidden_state
            encoded[sentence] = hidden, inputs["attention_mask"]
        new = [ids for ids in beginnings if (sentence, ids) not in known]
        if not new:
            return
        hidden, mask = (one.expand(len(new), *one.shape[1:]) for one in encoded[sentence])
        ids = torch.tensor(new, device=model.device)
        outputs = model(
            encoder_outputs=BaseModelOutput(last_hidden_state=hidden),
            attention_mask=mask,
            decoder_input_ids=ids,
        )
        scores = outputs.logits[:, -1]
        scores[:, model.config.pad_token_id] = -torch.inf  # as generate does
        best = scores.log_softmax(dim=-1).topk(WIDEST)
        for row, beginning in enumerate(new):
            pairs = zip(best.indices[row].tolist(), best.values[row].tolist())
            known[sentence, beginning] = list(pairs)

    @torch.no_grad()
    def draw(sentence: str, width: int) -> Drawing:
        beams, columns = [((start,), 0.0)], {}
        for step in range(1, STEPS + 1):
            open_beams = [ids for ids, _ in beams if ids[-1] != end]
            ask(sentence, open_beams)
            grown = [(ids, score) for ids, score in beams if ids[-1] == end]
            grown += [
                ((*ids, token), score + more)
                for ids, score in beams
                if ids[-1] != end
                for token, more in known[sentence, ids]
            ]
            grown.sort(key=lambda beam: -beam[1])
            beams = grown[:width]
            columns[f"step {step}"] = [
                (f"{score:6.2f}  {_text(tokenizer, ids, end)}", place < width)
                for place, (ids, score) in enumerate(grown[: width + 2])
            ]
        title = f"Width {width}: kept (★) and dropped beginnings of {sentence!r}"
        return code_columns(columns, title, mark="★")

    return Playground(
        "Beam tree",
        draw,
        {
            "sentence": Control("sentence", list(sentences)),
            "width": Control("beams (width)", range(1, WIDEST + 1)),
        },
        {
            "greedy": (sentences[0], 1),
            "two beams": (sentences[0], 2),
            "four beams": (sentences[0], 4),
        },
    )


def _text(tokenizer, ids: tuple[int, ...], end: int) -> str:
    text = tokenizer.decode(ids, skip_special_tokens=True)
    return f"{text} (end)" if ids[-1] == end else text
