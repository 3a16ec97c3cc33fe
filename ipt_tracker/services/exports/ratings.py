"""The rows of the table of ratings, therapist after therapist, as far as they are open.

They come from the one read model of all figures, which never hands out a sealed rating.
"""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from uuid import UUID

from ipt_tracker.exchange.table_columns import Row
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.queries import exported as query
from ipt_tracker.services.exports.choice import Choice, Which
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.facts import ALL_ROLES, RatedSession, RatingFact, sessions_of
from ipt_tracker.services.unit_of_work import UnitOfWork


def rating_pages(begin: Callable[[], UnitOfWork], choice: Choice) -> Iterator[list[Row]]:
    """Give the ratings of the actor's own sessions, or of those of each supervisee."""
    met: set[UUID] = set()
    with begin() as work:
        people = whose_sessions(work)
    for person in people:
        with begin() as work:
            found = sessions_of(work, [person], rated_by=ALL_ROLES)
            kept = [each for each in found if each.id not in met]
            rows = list(_rows(work, kept, choice))
        met.update(each.id for each in kept if each.kind is RatedKind.GROUP)
        yield rows


def count_ratings(work: UnitOfWork) -> int:
    """Count the ratings that are open to the actor."""
    found = sessions_of(work, whose_sessions(work), rated_by=ALL_ROLES)
    return sum(len(each.ratings) for each in found)


def whose_sessions(work: UnitOfWork) -> list[UUID]:
    """Give the therapists whose sessions the actor may see the ratings of."""
    actor = work.person
    return [actor.id] if actor.role is Role.THERAPIST else sorted(actor.supervisees)


def _rows(work: UnitOfWork, sessions: Sequence[RatedSession], choice: Choice) -> Iterator[Row]:
    owners = {each.owner for each in sessions}
    courses = query.whose(work.session, owners)
    open_groups = query.open_groups(work.session, owners)
    of = attrgetter("owner" if choice.disguised else "code")
    for one in sorted(sessions, key=lambda each: (of(each), each.order)):
        patient, is_open = courses.get(one.owner, (one.owner, one.owner in open_groups))
        if is_open or choice.which is Which.ALL:
            for rating in one.ratings:
                yield Row(patient, _values(one, rating))


def _values(one: RatedSession, rating: RatingFact) -> dict[str, object]:
    return {
        "patient": one.code,
        "course": one.owner,
        "rated": str(one.kind),
        "slot": one.slot,
        "number": one.number,
        "phase": one.phase,
        "held_on": one.held_on,
        "role": rating.role,
        "rater": rating.rater_name,
        "basis": rating.basis,
        "selection": rating.selection,
        "item_set": rating.item_set,
        "rated_on": rating.rated_on,
        "adherence": _short(rating.rating.adherence_pct),
        "quality": _short(rating.rating.competence),
        "proscribed": rating.rating.flagged,
        "global_competence": rating.now["global_competence"],
        "alliance": rating.now["alliance"],
    }


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
