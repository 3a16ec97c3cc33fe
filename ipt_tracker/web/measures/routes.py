"""Views of this area."""

from flask import Blueprint

measures = Blueprint("measures", __name__)
