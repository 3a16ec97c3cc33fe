"""Ready or not, in names alone: whoever asks need not have signed in."""

from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ipt_tracker.services.readiness import not_ready
from ipt_tracker.web.policy import public
from ipt_tracker.web.work import given

health = Blueprint("health", __name__)


@health.route("/readyz", methods=["GET"])
@public
def ready() -> ResponseReturnValue:
    """Answer 200 when records can be saved, else 503 with the names of what fails."""
    failing = not_ready(given().database)
    if failing:
        return {"status": "not ready", "failing": list(failing)}, HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ready"}
