"""Why a result has its colour, as sentences written from what is stored with it. Source: attainment rules section 7."""

from django.utils.translation import gettext as _

from indicators.answers import is_question
from indicators.bounds import write_difference, write_expected, write_period, write_value
from indicators.engine.compare import CEILINGS
from indicators.engine.period import Quarter
from indicators.engine.reasons import missing_quarters
from indicators.engine.target import Accumulation, Basis, Comparator, Flag, Gap, Input, MarginKind, Rating
from indicators.models.attainment import Attainment
from qscounty.web.formats import ABSENT, format_number, format_quarter, format_ratio
from qscounty.web.sentences import join_sentences, join_words


def write_reason(result: Attainment) -> str:
    """Return what was measured, what was expected, how far apart they are, and what that makes it."""
    if result.gap != Gap.NONE:
        return join_sentences([_write_gap(result), *write_outlook(result)])
    return join_sentences([_write_measured(result), _write_miss(result), *write_outlook(result)])


def write_short_reason(result: Attainment) -> str:
    """Return the same in one line for a list: value, expectation, distance."""
    if result.gap != Gap.NONE:
        return _write_gap(result)
    return join_sentences([_write_measured(result), *(write_outlook(result) or [_write_miss(result)])])


def write_fraction(result: Attainment) -> str:
    """Return the two counts behind a ratio, “1 862 / 2 000”; empty for anything else."""
    target = result.target
    if target.accumulation != Accumulation.RATIO or target.basis != Basis.LEVEL or result.denominator is None:
        return ""
    return f"{format_number(result.numerator)} / {format_number(result.denominator)}"


def _write_measured(result: Attainment) -> str:
    value, fraction = write_value(result.measured, result.target), write_fraction(result)
    if is_question(result.target.indicator):
        return _("%(period)s: %(value)s.") % {"period": write_period(result), "value": value}
    words = {
        "period": write_period(result),
        "value": _("%(value)s = %(fraction)s") % {"value": value, "fraction": fraction} if fraction else value,
        "expected": write_expected(result),
    }
    return _("%(period)s: %(value)s, expected %(expected)s.") % words


def _write_miss(result: Attainment) -> str:
    if result.rating == Rating.GREEN:
        return _("The target is met.")
    target = result.target
    if is_question(target.indicator):
        return _("The target is not met.")
    if not result.miss:
        return _("The bound itself does not count: the target excludes this number.")
    distance = write_difference(result.miss, target)
    above = target.comparator in CEILINGS or (
        target.comparator == Comparator.BETWEEN and (result.measured or 0) > (result.expected_hi or 0)
    )
    missed = (_("%(distance)s over") if above else _("%(distance)s short")) % {"distance": distance}
    if result.margin is None:
        return _("%(missed)s; no miss is allowed.") % {"missed": missed}
    margin = {"missed": missed, "margin": write_difference(result.margin, target) + _write_share(result)}
    if result.rating == Rating.AMBER:
        return _("%(missed)s, within the margin of %(margin)s.") % margin
    return _("%(missed)s, beyond the margin of %(margin)s.") % margin


def _write_share(result: Attainment) -> str:
    """Return “ (10%)” where the target's own margin is a share of the expectation."""
    target = result.target
    if target.margin_kind != MarginKind.RELATIVE or target.margin is None:
        return ""
    return _(" (%(share)s)") % {"share": format_ratio(target.margin, 0)}


def _write_gap(result: Attainment) -> str:
    quarter = format_quarter(result.quarter.year, result.quarter.number)
    gap = Gap(result.gap)
    if gap is Gap.NOT_REPORTED:
        return _("No figure is approved for %(quarter)s.") % {"quarter": quarter}
    if gap is Gap.NOT_DUE:
        return _write_not_due(result)
    if gap is Gap.AWAITING:
        return _("Awaited: %(input)s.") % {"input": name_input(result.gap_input)}
    if gap is Gap.NOT_COMPUTABLE:
        return _("Not computable: %(input)s.") % {"input": name_input(result.gap_input, is_fault=True)}
    if result.elapsed < 1:
        return _("The target does not run yet.")
    return _("Nothing of the kind occurred in the period.")


def _write_not_due(result: Attainment) -> str:
    due = result.target.due_quarter
    words = {"quarter": format_quarter(due.year, due.number)}
    if result.measured is None:
        return _("Due in %(quarter)s.") % words
    words |= {"value": write_value(result.measured, result.target), "completion": format_ratio(result.completion)}
    if result.completion is None:
        return _("Due in %(quarter)s; now %(value)s.") % words
    return _("Due in %(quarter)s; now %(value)s, %(completion)s of the level.") % words


def name_input(code: int, *, is_fault: bool = False) -> str:
    """Return which input a gap names: what is awaited or, as a fault, what cannot be used."""
    if is_fault:
        faults = {
            Input.DENOMINATOR: _("the denominator is zero"),
            Input.BASELINE: _("the baseline is zero or absent"),
            Input.PRIOR_FIGURE: _("the figure of the year before is zero or absent"),
            Input.NUMERATOR: _("the numerator is absent"),
            Input.FIGURE: _("the figure cannot be used"),
        }
        return faults.get(Input(code), _("the numbers leave the range that can be computed"))
    awaited = {
        Input.LEVEL: _("the level, which is given from above"),
        Input.LEVEL_HI: _("the upper level, which is given from above"),
        Input.BASELINE: _("the baseline"),
        Input.BENCHMARK: _("this quarter's benchmark"),
        Input.PLACE: _("this quarter's ranking"),
        Input.SEASON: _("the shares of the quarters"),
        Input.PRIOR_FIGURE: _("the figure of the year before"),
    }
    return awaited.get(Input(code), _("data from above"))


def write_outlook(result: Attainment) -> list[str]:
    """Return what the flags say beside the rating, as sentences."""
    flags, due = result.flag_set, result.target.due_quarter
    quarter = format_quarter(due.year, due.number)
    told = []
    if Flag.OUT_OF_REACH in flags:
        told.append(_("Whatever the remaining quarters bring, the level is [[out of reach]]."))
    elif Flag.AT_RISK in flags:
        told.append(
            _("⚑ On the trend of the last eight quarters it misses the level in %(quarter)s.") % {"quarter": quarter}
        )
    if Flag.CERTAIN in flags:
        told.append(_("Whatever the remaining quarters bring, the level will be met."))
    if Flag.INCOMPLETE in flags and result.missing:
        told.append(_("Without figures for %(quarters)s.") % {"quarters": write_missing(result)})
    return told


def write_missing(result: Attainment) -> str:
    """Return the quarters of the window without a usable figure."""
    quarters = map(Quarter, missing_quarters(result.missing, quarter=result.quarter.ordinal))
    names = [format_quarter(quarter.year, quarter.number) for quarter in quarters]
    return join_words(names) or ABSENT
