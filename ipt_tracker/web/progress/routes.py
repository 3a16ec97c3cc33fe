"""Views of this area."""

from flask import Blueprint

progress = Blueprint("progress", __name__)
