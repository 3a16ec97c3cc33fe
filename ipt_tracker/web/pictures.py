"""A picture as an answer: on the page, or as a file to keep."""

from flask import Response, request

from ipt_tracker.charts import export

FORMATS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
PRINT_DPI = 300
SCREEN_DPI = 150
RESOLUTIONS = {str(dpi): dpi for dpi in (SCREEN_DPI, PRINT_DPI)}
"""Pixels to the inch that a PNG can be asked for with; a picture is 7 inches wide."""


def picture(drawn: export.Picture) -> Response:
    """Give the drawing that a page shows."""
    return Response(export.svg(drawn), mimetype=FORMATS["svg"])


def attached(drawn: export.Picture, fmt: str, name: str) -> Response:
    """Give a picture as a file. Every patient's has the same name: a code would tell."""
    content = {"svg": export.svg, "pdf": export.pdf}.get(fmt, _png)(drawn)
    response = Response(content, mimetype=FORMATS[fmt])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{fmt}"'
    return response


def _png(drawn: export.Picture) -> bytes:
    """Give the pixels, 300 to the inch unless the address asks for fewer."""
    return export.png(drawn, RESOLUTIONS.get(request.args.get("dpi", ""), PRINT_DPI))
