"""Playground about a config: which keys make a model larger, and where its parameters are."""

import torch
from transformers import AutoModel, GPT2Config

from course_lessons.lesson_02_config_and_parameters.pictures import DEEPEST, WIDEST, blocks
from course_models.language import tr
from course_utils.drawings import Drawing, bars, facts, stack
from course_utils.playgrounds import Control, Playground


def _count(*modules: torch.nn.Module) -> int:
    return sum(p.numel() for module in modules for p in module.parameters())


def playground() -> Playground:
    """Width, layers and heads of a GPT-2 against its shapes and its parameters, block by block."""

    def draw(n_embd: int, n_layer: int, n_head: int) -> Drawing:
        title = tr(
            "GPT-2 with n_embd={n_embd}, n_layer={n_layer}, n_head={n_head}",
            n_embd=n_embd,
            n_layer=n_layer,
            n_head=n_head,
        )
        drawn = blocks(n_embd, n_layer, n_head)
        try:
            with torch.device("meta"):  # shapes without numbers
                # All layers are alike, so one is built and counted n_layer times.
                body = AutoModel.from_config(GPT2Config(n_embd=n_embd, n_layer=1, n_head=n_head))
        except ValueError as error:
            return stack(drawn, facts({tr("refused"): str(error)}, title))
        layer = body.h[0]
        parts = {
            tr("wte: token table"): _count(body.wte),
            tr("wpe: position table"): _count(body.wpe),
            tr("attention, all layers"): n_layer * _count(layer.attn),
            tr("MLP, all layers"): n_layer * _count(layer.mlp),
            tr("layer norms"): n_layer * _count(layer.ln_1, layer.ln_2) + _count(body.ln_f),
        }
        shapes = {
            tr("parameters"): f"{sum(parts.values()):,}",
            "wte.weight": str(tuple(body.wte.weight.shape)),
            "h.0.attn.c_attn.weight": str(tuple(layer.attn.c_attn.weight.shape)),
        }
        largest = 8 * WIDEST**2 * DEEPEST  # the weights of all MLPs, where the sliders end
        counted = bars(parts, tr("Parameters by block"), form=",", full=largest)
        return stack(drawn, facts(shapes, title), counted)

    return Playground(
        tr("Config and shapes"),
        draw,
        {
            "n_embd": Control(tr("n_embd (width)"), range(192, WIDEST + 1, 96)),
            "n_layer": Control("n_layer", range(2, DEEPEST + 1, 2)),
            "n_head": Control("n_head", range(1, 17)),
        },
        {
            "GPT-2 small": (768, 12, 12),
            tr("half as wide"): (384, 12, 12),
            tr("half as deep"): (768, 6, 12),
            tr("half as many heads"): (768, 12, 6),
            tr("heads that do not fit"): (768, 12, 7),
        },
    )
