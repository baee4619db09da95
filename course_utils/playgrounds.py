"""Playgrounds: labelled controls, named presets, and a drawing that follows.

A playground is content: a pure function from values to a `Drawing`, the values each control can
take, and a few contrasting presets. The presets are drawn once, when the playground is made, and
travel with the widget as plain HTML and text for readers who cannot run it.
"""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets

from course_models.language import tr
from course_utils import lessons
from course_utils.drawings import Drawing
from course_utils.static_widget import show_with_static

OWN = "your own values"  # the last of the presets
_WIDE = {"layout": {"width": "min(100%, 560px)"}, "style": {"description_width": "130px"}}


@dataclass(frozen=True)
class Control:
    """One thing to vary.

    Attributes:
        label: what it is, in a few words; a screen reader says it.
        values: all values it can take: a `range` or `steps` for a slider, else choices for a list.
    """

    label: str
    values: Sequence[Any]

    def widget(self, value: Any) -> ipywidgets.ValueWidget:
        kinds = {int: ipywidgets.IntSlider, float: ipywidgets.FloatSlider}
        kind = kinds.get(type(self.values[0]))
        if kind is None:
            return ipywidgets.Dropdown(
                description=self.label,
                options=[
                    (tr(one) if isinstance(one, str) else str(one), one) for one in self.values
                ],
                value=value,
                **_WIDE,
            )
        first, second, *_ = self.values
        limits = {"min": first, "max": self.values[-1], "step": second - first}
        return kind(description=self.label, value=value, **limits, **_WIDE)


def steps(low: float, high: float, count: int) -> list[float]:
    """`count` evenly spaced numbers from low to high, both included, for a slider."""
    return [round(low + (high - low) * i / (count - 1), 6) for i in range(count)]


class Playground:
    """Controls above a drawing; a notebook shows it as a cell's last expression.

    Attributes:
        inputs: the control widgets by name.
        preset: the list of presets, a widget too.
        output: the widget that holds the drawing, or the error that drawing raised.
        static: all presets as one drawing, for readers without a running kernel.
    """

    def __init__(
        self,
        title: str,
        draw: Callable[..., Drawing],
        controls: Mapping[str, Control],
        presets: Mapping[str, Sequence[Any]],
    ):
        """Draw all presets, and build the widgets with the first of them.

        Args:
            title: name of the playground.
            draw: takes one value per control, by name.
            controls: name of an argument of `draw` → what it can be.
            presets: name → one value per control, in the order of `controls`.

        Raises:
            Exception: whatever `draw` raises for a preset.
        """
        self.draw, self.controls = draw, controls
        self.presets = {name: dict(zip(controls, values)) for name, values in presets.items()}
        drawings = {name: draw(**values) for name, values in self.presets.items()}
        self.static = self._all_presets(title, drawings)
        first = next(iter(self.presets))
        self.inputs = {
            name: control.widget(self.presets[first][name]) for name, control in controls.items()
        }
        self.preset = Control(tr("Preset"), [*self.presets, OWN]).widget(first)
        self.output = ipywidgets.Output(outputs=(_shown(drawings[first]),))
        self._moving = False
        self.preset.observe(self._choose, "value")
        for widget in self.inputs.values():
            widget.observe(self._move, "value")
        self.box = ipywidgets.VBox([self.preset, *self.inputs.values(), self.output])

    def _ipython_display_(self) -> None:
        show_with_static(self.box, self.static.html, self.static.text)

    def _choose(self, change: Mapping[str, Any]) -> None:
        if self._moving or change["new"] == OWN:
            return
        self._moving = True  # else each control would draw anew
        try:
            for name, value in self.presets[change["new"]].items():
                self.inputs[name].value = value
        finally:
            self._moving = False
        self._draw()

    def _move(self, change: Mapping[str, Any]) -> None:
        if self._moving:
            return
        values = {name: widget.value for name, widget in self.inputs.items()}
        self._moving = True
        try:
            same = (name for name, preset in self.presets.items() if preset == values)
            self.preset.value = next(same, OWN)
        finally:
            self._moving = False
        self._draw()

    def _draw(self) -> None:
        try:
            drawing = self.draw(**{name: widget.value for name, widget in self.inputs.items()})
        except Exception as error:
            # Shown here because a kernel only logs what a callback raises; raised as well, so that
            # a headless run that moves a control ends there.
            self.output.outputs = (_failed(error),)
            raise
        self.output.outputs = (_shown(drawing),)

    def _all_presets(self, title: str, drawings: Mapping[str, Drawing]) -> Drawing:
        head = tr("{title}: its presets", title=title)
        html, text = [f"<p><b>{escape(head)}</b></p>"], [head]
        for name, drawing in drawings.items():
            values = ", ".join(
                f"{control.label} = {tr(str(self.presets[name][key]))}"
                for key, control in self.controls.items()
            )
            html.append(f"<p><b>{escape(name)}</b> ({escape(values)})</p>{drawing.html}")
            text.append(f"\n{name} ({values})\n{drawing.text}")
        return Drawing(f"<section>{''.join(html)}</section>", "\n".join(text))


def _shown(drawing: Drawing) -> dict[str, Any]:
    data = {"text/html": drawing.html, "text/plain": drawing.text}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _failed(error: Exception) -> dict[str, Any]:
    lines = traceback.format_exception_only(error)
    return {
        "output_type": "error",
        "ename": type(error).__name__,
        "evalue": str(error),
        "traceback": [line.rstrip("\n") for line in lines],
    }


def playground(lesson: str, *arguments: Any) -> Playground:
    """The playground of a lesson.

    Args:
        lesson: number of the notebook, such as "04".
        arguments: what this playground works on, for most a model and its tokenizer: see
            `course_lessons/lesson_NN_topic/playground.py`.

    Raises:
        CourseError: there is no such lesson, or it has no playground.
    """
    return lessons.content(lesson, "playground").playground(*arguments)
