"""Views of this area."""

from flask import Blueprint

courses = Blueprint("courses", __name__)
