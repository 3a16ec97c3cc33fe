"""Colours, faces and page measures: each meaning has one of them, and a shape besides.

Contrast on white: ink 18.9, grey text 7.5, grey line 4.5, blue 5.2, vermillion 3.9. The pale
fills never carry a meaning alone: a line or an edge says it again.
"""

from dataclasses import dataclass

INK, MID, LINE = "#111111", "#555555", "#767676"
RULE = "#D4D4D4"  # grid, for the eye's comfort only
BLUE = "#0072B2"  # the patient
VERMILLION = "#D55E00"  # look here, always with a diamond
SHADE, BAND = "#F3F3F3", "#D6E6F2"  # every other phase, less than reliable change
BAND_ALPHA = 0.6
WHITE = "#FFFFFF"

# Points. 504 is 7 inches: it fits A4 and Letter upright, at its own size.
WIDTH, LEFT, RIGHT, MARGIN = 504.0, 58.0, 112.0, 8.0
INSIDE = WIDTH - 2 * MARGIN
PANEL = WIDTH - LEFT - RIGHT
LEADING = 10.5  # baseline to baseline of small text


@dataclass(frozen=True, slots=True)
class Face:
    """How a text looks; nothing in a chart is set smaller than 8 points."""

    size: float = 8.0
    bold: bool = False
    color: str = INK


PLAIN, STRONG, MUTED = Face(), Face(bold=True), Face(color=MID)
BODY, NAME, TITLE = Face(9.0), Face(9.0, bold=True), Face(11.0, bold=True)
