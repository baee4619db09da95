"""Pictures carry their numbers as text and follow the reader's theme."""

import re
from base64 import b64decode
from xml.etree import ElementTree

import torch
from torch import nn
from transformers import BertConfig, BertForMaskedLM, BertModel, GPT2Config, GPT2LMHeadModel

from course_utils import drawings, heads, pictures
from course_utils.checkpoints import SEVEN

SAMPLES = {
    "bars": drawings.bars({"paris": 0.8, "<rome>": 0.1}, "Top & best"),
    "grid": drawings.grid([[1, None], [0.5, 2]], ["a", "b"], ["x", "y"], "Scores", best=(1, 1)),
    "spans": drawings.spans("I live in London.", [(10, 16, "LOC")], "Entities"),
    "facts": drawings.facts({"head": "classifier", "<b>": "none"}, "Facts"),
    "code": drawings.code_columns({"A": [("x = 1", False), ("y = 2", True)]}, "Two"),
}


def test_every_picture_has_a_title_in_html_and_in_text():
    for drawing, title in zip(
        SAMPLES.values(), ["Top & best", "Scores", "Entities", "Facts", "Two"], strict=True
    ):
        assert repr(drawing).splitlines()[0] == title
        assert re.search(r"<(caption|figcaption)", drawing._repr_html_())


def test_the_text_says_what_the_picture_shows():
    assert "paris  80.0%" in repr(SAMPLES["bars"])
    assert "b: x 0.50, y 2.00 ★" in repr(SAMPLES["grid"])
    assert "x 1.00, y -" in repr(SAMPLES["grid"])
    assert "I live in [London LOC]." in repr(SAMPLES["spans"])
    assert "head: classifier\n<b>: none" in repr(SAMPLES["facts"])
    both = drawings.stack(SAMPLES["bars"], SAMPLES["facts"])
    assert repr(both) == f"{SAMPLES['bars']!r}\n{SAMPLES['facts']!r}"
    assert "≠ y = 2" in repr(SAMPLES["code"]) and "≠ x = 1" not in repr(SAMPLES["code"])


def test_a_readers_text_is_escaped():
    assert "<rome>" not in SAMPLES["bars"]._repr_html_()


def test_the_pages_own_text_colour_is_left_so_dark_and_light_both_work():
    for drawing in SAMPLES.values():
        styles = re.findall(r"(?<![-\w])color:([^;\"]+)", drawing._repr_html_())
        assert set(styles) <= {"inherit"}


def test_an_untrusted_notebook_shows_them_too():
    for drawing in SAMPLES.values():
        assert "color-mix" not in drawing._repr_html_() and "<svg" not in drawing._repr_html_()


def test_percentages_share_one_scale():
    widths = [
        int(re.search(r"width:(\d+)px", drawings.bars({"a": value}, "t").html)[1])
        for value in (0.1, 0.5, 1.0)
    ]
    assert widths[0] * 5 == widths[1] and widths[1] * 2 == widths[2]


def test_the_picture_of_body_and_heads_says_all_of_it():
    drawing = pictures.body_and_heads("AutoModelForMaskedLM")
    assert all(name in drawing.text for name in SEVEN)
    assert "AutoModelForMaskedLM (this lesson)" in drawing.text
    assert re.search(r'<img alt="[^"]{100,}"', drawing.html)
    source = b64decode(re.search(r"base64,([^\"]+)", drawing.html)[1])
    root = ElementTree.fromstring(source)
    words = "".join(root.itertext())
    assert all(output in words for output in pictures.OUTPUTS.values())
    assert list(pictures.OUTPUTS)[0] == "AutoModel" and set(pictures.OUTPUTS) == set(SEVEN)


def test_empty_pictures_do_not_fail():
    drawings.bars({}, "Nothing")
    drawings.grid([], [], [], "Nothing")
    assert repr(drawings.spans("", [], "Nothing")) == "Nothing\n"


def _bert():
    return BertConfig(
        hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, vocab_size=9
    )


def test_the_head_is_what_is_not_body():
    assert list(heads.head_modules(BertForMaskedLM(_bert()))) == ["cls"]
    assert heads.head_modules(BertModel(_bert())) == {}


def test_a_tied_head_adds_no_parameters():
    model = GPT2LMHeadModel(GPT2Config(n_embd=8, n_layer=1, n_head=1, vocab_size=9, n_positions=4))
    table = heads.parameter_table(model).set_index("block")
    assert table.parameters["lm_head"] == 0 and table.part["lm_head"] == "head"
    assert table.parameters.sum() == model.num_parameters()


def test_differences_in_source_are_marked():
    class One:
        def __init__(self):
            self.body = nn.Identity()
            self.head = torch.nn.Linear(1, 1)

    class Two:
        def __init__(self):
            self.body = nn.Identity()
            self.other = torch.nn.Linear(1, 2)

    text = repr(heads.compare_sources({"One": One.__init__, "Two": Two.__init__}, "Inits"))
    assert "≠     self.head" in text and "≠     self.other" in text
    assert "≠     self.body" not in text and "≠ def" not in text
