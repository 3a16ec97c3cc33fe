"""Views of this area."""

from flask import Blueprint

admin = Blueprint("admin", __name__)
