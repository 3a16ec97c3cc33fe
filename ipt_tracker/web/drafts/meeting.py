"""The page on which two versions of one record meet, and one's own version kept until then."""

from flask import request

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services import drafts as service
from ipt_tracker.services.drafts import Key, NewerDraft
from ipt_tracker.services.merging import Meeting, meeting_of
from ipt_tracker.services.outline import Outline
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.drafts.kept import NEVER_KEPT, clock_words, new_key, sent_key
from ipt_tracker.web.drafts.taking_part import form_at
from ipt_tracker.web.merge_words import OF_TWO_PEOPLE, OF_TWO_WINDOWS
from ipt_tracker.web.merging import YOURS, Merge, Typed, merge, settled
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_work

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def hold_draft() -> Key | None:
    """Keep what was sent as a draft, so that it can be decided later; None where that is not so.

    Call it outside of any other unit of work.
    """
    found = form_at(request.path)
    if found is None:
        return None
    typed: Typed = settled(request.form, YOURS)
    pairs = tuple((n, v) for n, v in typed.items(multi=True) if n not in NEVER_KEPT)
    if not pairs:
        return None
    try:
        with begin_work() as work:
            found.open(work)
            key = sent_key() or new_key(work)
            draft = service.keep_draft(work, found.place, pairs, key)
            return Key(key.owner, key.window, service.seen(draft))
    except (NewerDraft, RuleBroken):
        return None


def merge_page(work: UnitOfWork, facts: Outline, form: ChangeForm, held: Key | None) -> str:
    """Show both versions of the record that a form mirrors."""
    record = form.record
    names = [f.name for f in form if hasattr(record, f.name) and f is not form.version]
    tracked = names if form.tracked else ()
    meeting = meeting_of(work, [record.id], form.seen_version or 0, record.version, tracked)

    def show_theirs() -> None:
        form.process(None, obj=record)

    merged = merge(form, names, show_theirs, meeting)
    return draw_merge(work, facts, merged, meeting, about=form.about, held=held)


def draw_merge(  # noqa: PLR0913 -- both versions, whose they are, and where they are kept
    work: UnitOfWork,
    facts: Outline,
    merged: Merge,
    meeting: Meeting,
    *,
    about: str,
    held: Key | None,
) -> str:
    """Draw the page with two versions of one record."""
    return course_page(
        work,
        "drafts/merge.html",
        facts,
        merge=merged,
        about=about,
        lead=_lead(work, merged, meeting),
        mine=work.person.display_name,
        theirs=_theirs(work, meeting),
        words=OF_TWO_WINDOWS if meeting.by_id == work.person.id else OF_TWO_PEOPLE,
        now=clock_words(work.now),
        held=held,
    )


def _lead(work: UnitOfWork, merged: Merge, meeting: Meeting) -> str:
    who = meeting.by or "Somebody"
    when = f" at {clock_words(meeting.at)}" if meeting.at else ""
    saved = f"{who} saved{when} while you were typing."
    if meeting.by_id == work.person.id:
        saved = f"You saved the other version{when}, in the other window."
    differ, same = len(merged.fields), len(merged.same)
    counted = f"{_number(differ)} {'field differs' if differ == 1 else 'fields differ'}"
    alike = f"{_number(same)} {'is' if same == 1 else 'are'} the same"
    kept = "Both versions are kept whole, whatever you choose."
    return f"{saved} {kept} {counted.capitalize()}, {alike}."


def _theirs(work: UnitOfWork, meeting: Meeting) -> str:
    said = [meeting.by or "Somebody"]
    if meeting.at:
        said.append(clock_words(meeting.at))
    if meeting.by_id == work.person.id:
        said.append("the other window")
    return ", ".join(said)


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)
