"""What the session form says about risk: asked or not, the screener, what was done, who knows."""

from typing import Any

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.clinical.suicide_screen import Question
from ipt_tracker.services.session_entries import RiskEntry
from ipt_tracker.services.session_risk import NOT_SAID, broken_risk, screened
from ipt_tracker.web.sessions.fields import NO, YES

MORE = (
    "risk_detail",
    "override_band",
    "override_reason",
    "action",
    "told_who",
    "told_on",
    "supervisor_told_on",
)
SCREEN = tuple(str(each) for each in Question)
SAID = {YES: True, NO: False}


class RiskAnswers:
    """The part of the session form about risk. Its fields stand in the form, in their order."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- a field of the form
        """Give a field of the form."""
        return super().__getitem__(name)  # type: ignore[misc] # -- the form beside it has it

    @property
    def screen(self) -> tuple[Any, ...]:
        """The questions of the screener."""
        return tuple(self[name] for name in SCREEN)

    @property
    def uses_screen(self) -> bool:
        """Whether something of the screener was answered, so that it must not be folded away."""
        own = (*self.screen, self["override_band"], self["override_reason"])
        return any(field.data or field.errors for field in own)

    @property
    def says_what_was_done(self) -> bool:
        """Whether it was said what was done or who knows."""
        return any(self[name].data or self[name].errors for name in MORE[3:])

    @property
    def screen_words(self) -> str:
        """What the answers to the screener come to."""
        return screened(RiskEntry("", answers=self._answers())).words

    def risk_is_said(self) -> bool:
        """Check what was said about risk; a record that is changed may leave it as it was."""
        entry = self.risk_entry()
        more = any(self[name].data for name in (*MORE, *SCREEN))
        if entry is None and self["version"].data is not None and not more:
            return True
        said = entry or (self._said("") if more else None)
        found = broken_risk(self.attended, said, self.start.today)  # type: ignore[attr-defined] # -- of the form
        if said and not said.answer and not any(each.field == "risk" for each in found):
            found = (RuleBroken(NOT_SAID, "risk"), *found)
        for broken in found:
            self.reject(broken)  # type: ignore[attr-defined] # -- of the form
        return not found

    def risk_entry(self) -> RiskEntry | None:
        """Give what was entered about risk; nothing where it was not said whether it was asked."""
        return self._said(self["risk"].data) if self["risk"].data else None

    def _said(self, answer: str) -> RiskEntry:
        more = {name: self[name].data or None for name in MORE[1:]}
        detail = self["risk_detail"].data
        return RiskEntry(answer, detail, answers=self._answers(), **more)

    def _answers(self) -> dict[str, bool | None]:
        return {name: SAID.get(self[name].data) for name in SCREEN}
