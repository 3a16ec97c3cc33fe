"""The one error of the clinical rooms that a person at a form can put right."""


class RuleBroken(Exception):
    """A rule was not kept; the message says what is wrong and what is allowed.

    `field` names the answer that the message belongs to, where there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
