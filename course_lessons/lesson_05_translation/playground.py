"""Playground about beam search: which beginnings of a translation are kept at each step."""

from collections.abc import Sequence

import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutput

from course_lessons.lesson_05_translation.pictures import Node, beam_tree
from course_models.language import tr
from course_utils.drawings import Drawing
from course_utils.playgrounds import Control, Playground

STEPS = 5
WIDEST = 4
SENTENCES = ("Everyone likes her.", "What time is it?", "I love you.")


def playground(model: nn.Module, tokenizer, sentences: Sequence[str] = SENTENCES) -> Playground:
    """The first steps of a beam search as a tree: what is kept, and the best of what is dropped.

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
        beams, nodes = [((start,), 0.0)], []
        for step in range(1, STEPS + 1):
            ask(sentence, [ids for ids, _ in beams if ids[-1] != end])
            grown = []  # (ids, score, rank of the parent)
            for rank, (ids, score) in enumerate(beams):
                if ids[-1] == end:
                    grown.append((ids, score, rank))
                else:
                    more = known[sentence, ids]
                    grown += [((*ids, token), score + plus, rank) for token, plus in more]
            grown.sort(key=lambda one: -one[1])
            for rank, (ids, score, parent) in enumerate(grown[: width + 2]):
                text = tokenizer.decode(ids, skip_special_tokens=True)
                token = tokenizer.convert_ids_to_tokens(ids[-1])
                kept = rank < width
                nodes.append(Node(step, rank, parent, text, token, score, kept, ids[-1] == end))
            beams = [(ids, score) for ids, score, _ in grown[:width]]
        title = tr(
            "Width {width}: kept (★) and dropped (✗) beginnings of {sentence!r}",
            width=width,
            sentence=sentence,
        )
        return beam_tree(nodes, title)

    return Playground(
        tr("Beam tree"),
        draw,
        {
            "sentence": Control(tr("sentence"), list(sentences)),
            "width": Control(tr("beams (width)"), range(1, WIDEST + 1)),
        },
        {
            tr("greedy"): (sentences[0], 1),
            tr("two beams"): (sentences[0], 2),
            tr("four beams"): (sentences[0], 4),
        },
    )
