"""Show a widget together with the same content as plain HTML.

A widget lives only while its kernel runs. GitHub, an exported page and a notebook that has not been
run again show the HTML instead, if it comes in the same output.
"""

from IPython.display import display
from ipywidgets import DOMWidget


def show_with_static(widget: DOMWidget, html: str, text: str) -> None:
    """Display a widget, with a static rendering for viewers that cannot run it.

    Args:
        widget: what a running notebook shows.
        html: the same content without controls; it must not need scripts.
        text: the same content as plain text.
    """
    # One raw bundle works on ipywidgets 7 and 8; the widget's own hook differs between them.
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    bundle = {"application/vnd.jupyter.widget-view+json": view, "text/html": html}
    display(bundle | {"text/plain": text}, raw=True)
