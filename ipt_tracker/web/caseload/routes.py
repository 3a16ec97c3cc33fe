"""Views of this area."""

from flask import Blueprint

caseload = Blueprint("caseload", __name__)
