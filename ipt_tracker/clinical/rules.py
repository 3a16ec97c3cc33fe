"""The errors of the clinical rooms that a person at a form can put right."""


class RuleBroken(Exception):
    """A rule was not kept; the message says what is wrong and what is allowed.

    `field` names the answer that the message belongs to, where there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class AskFirst(RuleBroken):
    """Something that can be right but seldom is: it passes once a person has confirmed it.

    `key` names the question; the same entry with `key` among what was confirmed is kept.
    """

    def __init__(self, message: str, field: str | None, key: str) -> None:
        super().__init__(message, field)
        self.key = key
