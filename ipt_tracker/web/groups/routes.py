"""Groups: the list, one of them, and the forms that start it and change who belongs to it."""

from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.governance.access import OF_THE_CLINIC, Permission
from ipt_tracker.services import group_members as members_service
from ipt_tracker.services import groups as service
from ipt_tracker.services.appointments import book_group
from ipt_tracker.services.group_doors import leaders_on, open_group, require_leader
from ipt_tracker.services.group_page import list_groups, read_group, standing, usual_meeting
from ipt_tracker.services.people import therapists
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.groups.changes import changed, form_page, kept
from ipt_tracker.web.groups.forms import (
    BookForm,
    GroupForm,
    LeadersForm,
    LeaveForm,
    MembersForm,
    NewGroupForm,
)
from ipt_tracker.web.groups.page import Row, called, group_page
from ipt_tracker.web.groups.rows import (
    legend,
    list_row,
    meeting_rows,
    member_rows,
    protocol_name,
)
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, given

groups = Blueprint("groups", __name__, url_prefix="/groups")


@groups.route("", methods=["GET"])
@needs(Permission.SEE_CASELOAD)
def list_all() -> ResponseReturnValue:
    """List the groups that one leads, or whose leaders one supervises."""
    with begin_reading() as work:
        rows = [list_row(each) for each in list_groups(work)]
        may_start = Permission.START_GROUP in OF_THE_CLINIC[work.person.role]
        return render_template("groups/list_all.html", rows=rows, may_start=may_start)


@groups.route("/new", methods=["GET", "POST"])
@needs(Permission.START_GROUP)
def new() -> ResponseReturnValue:
    """Start a group that one leads."""
    form = NewGroupForm()
    with begin_reading() as work:
        form.offer(therapists(work), work.person.id)
    group_id = kept(form, lambda work: service.start_group(work, form.entry()).id)
    if group_id is not None:
        flash("The group is started. Take in its members next.", "success")
        return _to_group(group_id)
    if not form.is_submitted():
        form.started_on.data = given().today()
    return render_template("groups/new.html", form=form), form.http_status


@groups.route("/<uuid:group_id>", methods=["GET"])
@needs(Permission.OPEN_GROUP)
def show(group_id: UUID) -> ResponseReturnValue:
    """Show where a group stands, its members by session, and its sessions."""
    with begin_reading() as work:
        found = read_group(work, open_group(work, group_id, Permission.OPEN_GROUP))
        return group_page(
            work,
            "groups/show.html",
            found.standing,
            members=member_rows(found),
            meetings=meeting_rows(found),
            legend=legend(),
            appointment=found.appointment,
            protocol=protocol_name(found.standing.group.protocol),
        )


@groups.route("/<uuid:group_id>/edit", methods=["GET", "POST"])
@needs(Permission.RECORD_GROUP)
def edit(group_id: UUID) -> ResponseReturnValue:
    """Add to the norms, or say when the group met last."""
    form = GroupForm()
    if changed(form, group_id, lambda w, g: service.change_group(w, g, form.change())):
        flash("The group is changed.", "success")
        return _to_group(group_id)

    def prepare(_: UnitOfWork, group: Row) -> None:
        form.prepare(group, ended_on=group.ended_on)

    return form_page("groups/edit.html", form, group_id, prepare)


@groups.route("/<uuid:group_id>/leaders", methods=["GET", "POST"])
@needs(Permission.RECORD_GROUP)
def leaders(group_id: UUID) -> ResponseReturnValue:
    """Lead the group with somebody else from a day on, or alone. For its leader."""
    form = LeadersForm()
    with begin_reading() as work:
        form.offer(therapists(work), work.person.id)

    def change(work: UnitOfWork, group: Row) -> None:
        service.change_co_leader(work, group, form.account_id, form.day.data)

    if changed(form, group_id, change):
        flash("The co-leader is changed. Who led before stays readable.", "success")
        return _to_group(group_id)

    def prepare(work: UnitOfWork, group: Row) -> None:
        require_leader(work, group)
        others = [e for e in leaders_on(work, group) if e.account_id != work.person.id]
        now = str(others[0].account_id) if others else ""
        form.prepare(group, day=work.today, co_leader=now)

    return form_page("groups/leaders.html", form, group_id, prepare)


@groups.route("/<uuid:group_id>/members/new", methods=["GET", "POST"])
@needs(Permission.RECORD_GROUP)
def add_members(group_id: UUID) -> ResponseReturnValue:
    """Take courses of one's own into the group."""
    form = MembersForm()
    with begin_reading() as work:
        own = members_service.eligible(work)
        form.offer(own)

    def change(work: UnitOfWork, group: Row) -> None:
        members_service.add_members(work, group, form.course_ids, form.joined_on.data)

    if changed(form, group_id, change):
        flash("The members are taken in.", "success")
        return _to_group(group_id)

    def prepare(work: UnitOfWork, group: Row) -> None:
        form.prepare(group, joined_on=max(work.today, group.started_on))

    return form_page("groups/add_members.html", form, group_id, prepare, own=own)


@groups.route("/<uuid:group_id>/members/<uuid:member_id>/leave", methods=["GET", "POST"])
@needs(Permission.RECORD_GROUP)
def leave(group_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """Let a member leave; their record stays."""
    form = LeaveForm()

    def change(work: UnitOfWork, group: Row) -> None:
        member = members_service.find_member(group, member_id)
        reason = form.reason.data
        members_service.leave_group(work, group, member, form.left_on.data, reason)

    if changed(form, group_id, change):
        flash("The member has left the group. Their record stays as it is.", "success")
        return _to_group(group_id)
    more: dict[str, object] = {}

    def prepare(work: UnitOfWork, group: Row) -> None:
        member = members_service.find_member(group, member_id)
        more["name"] = called(member, by_name=True)
        form.prepare(group, left_on=work.today)

    return form_page("groups/leave.html", form, group_id, prepare, naming=more)


@groups.route("/<uuid:group_id>/appointments/new", methods=["GET", "POST"])
@needs(Permission.RECORD_GROUP)
def book(group_id: UUID) -> ResponseReturnValue:
    """Book the next time that the group meets."""
    form = BookForm()
    if changed(form, group_id, lambda w, g: book_group(w, g.id, form.entry())):
        flash("The next session is booked for everybody.", "success")
        return _to_group(group_id)

    def prepare(work: UnitOfWork, group: Row) -> None:
        form.prepare(group, **asdict(usual_meeting(standing(work, group))))

    return form_page("groups/book.html", form, group_id, prepare)


def _to_group(group_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("groups.show", group_id=group_id), 303)
