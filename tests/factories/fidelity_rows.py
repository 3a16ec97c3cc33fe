"""A row in every table of fidelity and supervision, written past the services."""

from datetime import date, datetime
from uuid import uuid4

from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import (
    FidelityItemSet,
    FidelityRating,
    MeetingAction,
    MeetingAttendee,
    MeetingCase,
    PortfolioText,
    RatingAmendment,
    RatingFeedback,
    RatingRequest,
    RatingWaiver,
    SampleDraw,
    SamplingPlan,
    SessionRecord,
    SupervisionMeeting,
)
from tests.factories.clinic import Made


def of_fidelity(record: SessionRecord, made: Made, now: datetime) -> list[Base]:
    """Give the rows in the order in which they can be written."""
    supervisor, therapist = made.supervisor.id, made.therapist.id
    plan = SamplingPlan(
        id=uuid4(), therapist_id=therapist, edition=1, content={}, set_by=supervisor, set_at=now
    )
    draw = SampleDraw(
        id=uuid4(),
        therapist_id=therapist,
        plan_id=plan.id,
        seed=2207,
        window_from=now.date(),
        window_to=now.date(),
        frame=[],
        drawn=[],
        drawn_by=supervisor,
        drawn_at=now,
    )
    request = RatingRequest(
        id=uuid4(),
        session_id=record.id,
        rater_id=supervisor,
        role="supervisor",
        selection="random",
        draw_id=draw.id,
        asked_by=supervisor,
        asked_at=now,
        withdrawn_at=now,
        withdrawn_reason="recording lost",
    )
    rating = FidelityRating(
        id=uuid4(),
        session_id=record.id,
        role="supervisor",
        rater="SUP-01",
        rater_id=supervisor,
        item_set="ipt-tracker-14@1",
        basis="part_recording",
        portion="middle third",
        minutes_heard=15,
        selection="random",
        request_id=request.id,
        items={},
        proscribed={},
        global_competence=3,
        alliance=4,
        remark="warm",
        submitted_at=now,
    )
    return [
        FidelityItemSet(
            key="own", version="1", name="Own", content={}, loaded_by=supervisor, loaded_at=now
        ),
        plan,
        draw,
        request,
        rating,
        RatingAmendment(
            rating_id=rating.id,
            place=1,
            field="items.F01.q",
            old=3,
            new=4,
            author_id=supervisor,
            amended_on=now.date(),
            recorded_at=now,
        ),
        RatingWaiver(session_id=record.id, account_id=supervisor, reason="heard it", waived_at=now),
        RatingFeedback(
            rating_id=rating.id,
            keep_doing="the pauses",
            written_by=supervisor,
            sent_at=now,
            acknowledged_by=therapist,
            acknowledged_at=now,
        ),
        *_of_supervision(made, now.date(), now),
    ]


def _of_supervision(made: Made, today: date, now: datetime) -> list[Base]:
    supervisor, therapist = made.supervisor.id, made.therapist.id
    meeting = SupervisionMeeting(
        id=uuid4(),
        supervisor_id=supervisor,
        held_on=today,
        minutes=50,
        form="individual",
        recorded_at=now,
        struck_at=now,
        struck_reason="wrong day",
    )
    of = {"meeting_id": meeting.id, "therapist_id": therapist}
    return [
        meeting,
        MeetingAttendee(**of),
        MeetingCase(place=1, course_id=made.course.id, **of),
        MeetingAction(place=1, text="bring a recording", **of),
        PortfolioText(
            therapist_id=therapist,
            edition=1,
            text="two cases",
            written_by=supervisor,
            written_at=now,
        ),
    ]


def of_a_whole_group(meeting_id: object, made: Made, now: datetime) -> list[Base]:
    """Give a rating and a waiver of a whole group session."""
    by = made.supervisor.id
    return [
        FidelityRating(
            group_session_id=meeting_id,
            role="supervisor",
            rater="SUP-01",
            rater_id=by,
            item_set="ipt-tracker-14@1",
            items={},
            proscribed={},
            submitted_at=now,
        ),
        RatingWaiver(group_session_id=meeting_id, account_id=by, reason="led it", waived_at=now),
    ]
