"""How far raters agree, in the words of the page: the plot first, kappa and ICC beside it."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from ipt_tracker.charts import export
from ipt_tracker.clinical.fidelity.agreement import Interval
from ipt_tracker.clinical.fidelity.words import (
    BUNCHED,
    CHANGING_RATERS,
    FIRST_SUBMITTED,
    SAME_RATERS,
    SELF_RUNS_HIGH,
    agreement_words,
    bias_words,
    bounds_words,
    sessions,
    strength_of,
    too_few,
)
from ipt_tracker.services.fidelity.agreement_figures import (
    Kappa,
    RaterAgreement,
    SelfAgreement,
    TwoRaters,
)
from ipt_tracker.services.fidelity.figure_charts import agreement_chart
from ipt_tracker.services.fidelity.figure_pages import AgreementPage
from ipt_tracker.web.supervision.figure_rows import PairRow, pair_rows, plus
from ipt_tracker.web.supervision.figure_words import (
    StratumLink,
    enough_pairs,
    number,
    period_words,
    sealed_words,
    stratum_links,
    stratum_query,
    stratum_remark,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a list: what it is, its value, and its interval or a remark."""

    name: str
    value: str
    remark: str


@dataclass(frozen=True, slots=True)
class SelfView:
    """Self beside supervisor: hidden under 5 pairs, and kappa only where the plot stands."""

    is_shown: bool
    words: str
    lines: tuple[Line, ...]
    pairs: tuple[PairRow, ...]
    remarks: tuple[str, ...]
    alt: str = ""


@dataclass(frozen=True, slots=True)
class RaterRow:
    """Two raters and how far they agree on the sessions that both rated."""

    names: str
    n: int
    value: str
    interval: str


@dataclass(frozen=True, slots=True)
class RatersView:
    """Two supervisors on the same sessions: one figure over all, and pair by pair."""

    is_shown: bool
    form: str
    value: str
    interval: str
    words: str
    settled: str
    rows: tuple[RaterRow, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuperviseeRow:
    """One supervisee, where their page is, and how many pairs are theirs."""

    name: str
    url: str
    pairs: int


@dataclass(frozen=True, slots=True)
class AgreementView:
    """The page of agreement."""

    links: tuple[StratumLink, ...]
    query: dict[str, str]
    remark: str
    own: SelfView
    raters: RatersView
    supervisees: tuple[SuperviseeRow, ...]
    period: str


def agreement_view(found: AgreementPage, software: str) -> AgreementView:
    """Put the page into words."""
    drawn = agreement_chart(found, software)
    return AgreementView(
        links=stratum_links(found.counts, found.stratum, "fidelity_figures.agreement"),
        query=stratum_query(found.stratum),
        remark=stratum_remark(found.stratum),
        own=self_view(found.own, export.alt(drawn)),
        raters=raters_view(found.raters),
        supervisees=tuple(
            SuperviseeRow(each.name, therapist_url(each.id), each.own_pairs)
            for each in found.supervisees
        ),
        period=period_words([each.session.held_on for each in found.own.pairs]),
    )


def therapist_url(therapist_id: UUID) -> str:
    """Give where the figures of one therapist are."""
    return url_for("fidelity_figures.therapist", therapist_id=therapist_id)


def self_view(found: SelfAgreement, alt: str) -> SelfView:
    """Put self beside supervisor into words."""
    n = found.bland_altman.n
    if not enough_pairs(n):
        few = f"Sessions rated by both: {too_few(n)}. A figure of agreement needs 5."
        return SelfView(
            is_shown=False,
            words=few,
            lines=(),
            pairs=pair_rows(found),
            remarks=_left_out(found),
        )
    return SelfView(
        is_shown=True,
        words=bias_words(found.bland_altman),
        lines=(*_bias_lines(found), *_kappa_lines(found.kappa)),
        pairs=pair_rows(found),
        remarks=(*_left_out(found), FIRST_SUBMITTED, BUNCHED, SELF_RUNS_HIGH),
        alt=alt,
    )


def _bias_lines(found: SelfAgreement) -> tuple[Line, ...]:
    one = found.bland_altman
    limits = (one.low, one.high) if one.low is not None and one.high is not None else None
    return (
        Line(
            "Self minus supervisor, quality",
            plus(one.bias),
            f"{_interval(one.bias_ci)}, {one.n} pairs",
        ),
        Line("Limits of agreement", bounds_words(limits), "about 95 % of differences"),
    )


def _kappa_lines(found: Kappa) -> tuple[Line, ...]:
    if not enough_pairs(found.n):
        return (Line("Kappa of overall competence", too_few(found.n), ""),)
    quadratic, linear = _interval(found.quadratic_ci), _interval(found.linear_ci)
    return (
        Line(
            "Kappa of overall competence, quadratic",
            number(found.quadratic),
            f"{quadratic}, {found.n} pairs",
        ),
        Line("The same, linear", number(found.linear), f"{linear}, {found.n} pairs"),
    )


def _interval(bounds: Interval | None) -> str:
    return f"95 % {bounds_words(bounds)}" if bounds else bounds_words(bounds)


def _left_out(found: SelfAgreement) -> tuple[str, ...]:
    """Say what the figure is not of."""
    said = [f"Basis of the self-ratings: {found.own_basis_words}."] if found.pairs else []
    if found.left_out:
        pairs = "1 pair has" if found.left_out == 1 else f"{found.left_out} pairs have"
        said.append(f"{pairs} a self-rating on another basis and stand apart.")
    if found.sealed:
        said.append(sealed_words(found.sealed, "rated by both"))
    return tuple(said)


def raters_view(found: RaterAgreement) -> RatersView:
    """Put two supervisors into words: the form of the figure follows from whether pairs change."""
    form = "ICC(1,1)" if found.changing else "ICC(A,1)"
    rows = tuple(map(_pair_row, found.pairs))
    if not enough_pairs(found.n):
        few = f"Sessions rated by two supervisors: {too_few(found.n)}. A figure needs 5."
        return RatersView(
            is_shown=False,
            form=form,
            value="",
            interval="",
            words=few,
            settled="",
            rows=rows,
            remarks=_sealed(found),
        )
    one = found.icc
    value = (one.one_way if found.changing else one.absolute) if one else None
    bounds = (one.one_way_ci if found.changing else one.absolute_ci) if one else None
    return RatersView(
        is_shown=True,
        form=form,
        value=number(value),
        interval=_interval(bounds),
        words=agreement_words(one, changing=found.changing),
        settled=_settled(bounds, found.n),
        rows=rows,
        remarks=(
            CHANGING_RATERS if found.changing else SAME_RATERS,
            FIRST_SUBMITTED,
            *_sealed(found),
        ),
    )


def _settled(bounds: Interval | None, n: int) -> str:
    """Say what the lower end means, and that few sessions settle nothing."""
    if bounds is None:
        return ""
    strength = strength_of(bounds[0])
    said = f"The lower end of the ICC is {strength.label}."
    few = f" {sessions(n).capitalize()} cannot settle whether the two rate alike."
    return said + few if strength.value in {"poor", "moderate"} else said


def _pair_row(pair: TwoRaters) -> RaterRow:
    names = " and ".join(pair.names)
    if not enough_pairs(pair.n) or pair.icc is None:
        return RaterRow(names, pair.n, too_few(pair.n), "")
    return RaterRow(names, pair.n, number(pair.icc.absolute), bounds_words(pair.icc.absolute_ci))


def _sealed(found: RaterAgreement) -> tuple[str, ...]:
    return (sealed_words(found.sealed, "rated by two supervisors"),) if found.sealed else ()
