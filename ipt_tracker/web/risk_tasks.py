"""Where a task about risk is answered, and how it is said on every page."""

from flask import url_for

from ipt_tracker.services.risk_tasks import RiskTask, TaskKind
from ipt_tracker.web.page import day


def task_url(task: RiskTask) -> str:
    """Give the address of the page on which a task is answered."""
    if task.kind is TaskKind.CONTACT:
        return url_for("contact.show", course_id=task.course_id, task_id=task.id)
    return url_for("measures.acknowledge", course_id=task.course_id, prompt_id=task.id)


def task_words(task: RiskTask) -> str:
    """Say what a task is about, with its day."""
    of_what = "Visit" if task.kind is TaskKind.CONTACT else "Form"
    return f"{of_what} of {day(task.day)}. {task.text}"
