"""Views of this area."""

from flask import Blueprint

sessions = Blueprint("sessions", __name__)
