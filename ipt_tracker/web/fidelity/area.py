"""The area of ratings: its views are spread over the modules beside this one."""

from flask import Blueprint

fidelity = Blueprint("fidelity", __name__, url_prefix="/fidelity")
