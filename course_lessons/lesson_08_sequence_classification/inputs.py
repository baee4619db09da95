"""What the exercises of 08_sequence_classification pass to answers, beside loaded models."""

from types import SimpleNamespace

import torch


class EvenOrOdd(torch.nn.Module):
    """Even or odd number of tokens? Wrong as soon as padding counts."""

    config = SimpleNamespace(id2label={0: "even", 1: "odd"}, label2id={"even": 0, "odd": 1})

    def forward(self, input_ids, attention_mask=None, **_):
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        odd = mask.sum(dim=1) % 2
        return SimpleNamespace(logits=torch.stack([1.0 - odd, odd.float()], dim=1))
