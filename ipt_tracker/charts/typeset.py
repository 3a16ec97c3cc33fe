"""Text: pinned fonts, measured widths, wrapping, spreading, and a label without text layout."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

import matplotlib as mpl
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.text import Text

from ipt_tracker.charts.style import PLAIN, Face

FAMILY = "DejaVu Sans"
KEPT_FREE = 0.96  # hinted pixels and fallback fonts run wider than the outlines
CITATION = re.compile(r"\((\S+) (\d{4})\)")
ANCHOR = {"left": 0.0, "center": 0.5, "right": 1.0}


def _file(*, bold: bool) -> Path:
    """Matplotlib's own copy of the font: another copy on the machine may measure differently."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(mpl.get_data_path(), "fonts", "ttf", name)


@lru_cache(maxsize=32)
def font(face: Face) -> FontProperties:
    weight = "bold" if face.bold else "normal"
    return FontProperties(family=FAMILY, weight=weight, size=face.size, fname=_file(bold=face.bold))


@lru_cache(maxsize=2)
def _drawable(*, bold: bool) -> frozenset[int]:
    return frozenset(get_font(_file(bold=bold)).get_charmap())


@lru_cache(maxsize=4096)
def _advance(letter: str, *, bold: bool) -> float:
    """Share of the type size that one character takes.

    Whole strings would be exact to the last kerning pair, and cost 0.2 ms each: half of a chart.
    """
    face = get_font(_file(bold=bold))
    face.set_size(100.0, 72.0)
    glyph = face.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance / 65536 / 100)


def clean(text: str) -> str:
    """Without control characters and halves of characters, which no file format can carry."""
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text)


def together(text: str) -> str:
    """A citation such as (Marx 2022) is not torn apart at the end of a line."""
    return CITATION.sub("(\\1\N{NO-BREAK SPACE}\\2)", text)


def outlined(text: str, *, bold: bool = False) -> str:
    """The text with a substitute for characters that the font cannot draw."""
    if text.isascii() and text.isprintable():
        return text
    known = _drawable(bold=bold)
    plain = clean(text)
    return "".join(c if ord(c) in known else "\N{REPLACEMENT CHARACTER}" for c in plain)


def width(text: str, face: Face = PLAIN) -> float:
    """Printed width of one line in points, measured before anything is drawn."""
    letters = outlined(text, bold=face.bold)
    return face.size * sum(_advance(letter, bold=face.bold) for letter in letters)


def _cut(word: str, room: float, face: Face) -> list[str]:
    """A word that is wider than its column, in pieces that fit."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, face) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _wrap_paragraph(text: str, room: float, face: Face) -> list[str]:
    lines, line = [], ""
    for whole in text.split(" "):
        for word in _cut(whole, room, face) if width(whole, face) > room else [whole]:
            trial = f"{line} {word}" if line else word
            if line and width(trial, face) > room:
                lines.append(line)
                line = word
            else:
                line = trial
    return [*lines, line] if line else lines


@lru_cache(maxsize=2048)
def wrap(text: str, room: float, face: Face = PLAIN) -> tuple[str, ...]:
    """Lines that fit into `room` points; a line break in the text is kept."""
    parts = (clean(part) for part in text.split("\n"))
    return tuple(n for part in parts for n in _wrap_paragraph(part, KEPT_FREE * room, face))


def spread(at: Sequence[float], sizes: Sequence[float], limits: tuple[float, float]) -> list[float]:
    """Centres moved as little as possible (least squares) so that nothing of these sizes touches.

    Pool-adjacent-violators on the positions less the room that earlier ones need.
    """
    order = sorted(range(len(at)), key=lambda i: at[i])
    offsets, used = [], 0.0
    for i in order:
        offsets.append(used + sizes[i] / 2)
        used += sizes[i]
    blocks: list[tuple[float, int]] = []
    for i, offset in zip(order, offsets, strict=True):
        total, count = at[i] - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            total, count = total + blocks[-1][0], count + blocks.pop()[1]
        blocks.append((total, count))
    low, high = limits[0], max(limits[0], limits[1] - used)
    starts = [min(max(total / count, low), high) for total, count in blocks for _ in range(count)]
    out = list(at)
    for i, start, offset in zip(order, starts, offsets, strict=True):
        out[i] = start + offset
    return out


class Label(Text):
    """One line of text on its baseline. Text's own layout would measure it again per figure."""

    def draw(self, renderer: RendererBase) -> None:
        x, y = self.get_transform().transform(self.get_unitless_position())
        text, bold = self.get_text(), self.get_fontweight() == "bold"
        pixel = cast("float", renderer.points_to_pixels(1.0))
        wide = width(text, Face(float(self.get_fontsize()), bold))
        x -= ANCHOR[self.get_horizontalalignment()] * pixel * wide
        gc = renderer.new_gc()
        gc.set_foreground(self.get_color())
        y = renderer.get_canvas_width_height()[1] - y if renderer.flipy() else y
        figure = self.get_figure(root=True)
        as_text = figure is not None and isinstance(figure.canvas, FigureCanvasSVG)
        shown = clean(text) if as_text else outlined(text, bold=bold)
        renderer.draw_text(gc, x, y, shown, self.get_fontproperties(), 0, False, self)  # noqa: FBT003 -- matplotlib takes it by place
        gc.restore()
