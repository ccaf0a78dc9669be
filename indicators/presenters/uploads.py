"""What the pages about returned workbooks show: the differences, the findings, and what to do next."""

from collections import Counter
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.actions.figures import describe_conflict
from indicators.answers import write_answer
from indicators.excel.places import read_cell_name
from indicators.finding_words import describe_finding as describe_check
from indicators.models import ApprovedFigure, Figure, Indicator, UploadState, WorkbookUpload
from indicators.selectors.workbook_upload import Comparison, Difference
from indicators.workbook_rows import Fault, Finding, FormRow
from indicators.workbook_words import describe_finding
from qscounty.web.formats import ABSENT, format_number, format_quarter
from qscounty.web.sentences import join_clauses

_ALTERED = {
    Fault.SEAL_BROKEN,
    Fault.ALTERED,
    Fault.HEADER_MOVED,
    Fault.FOREIGN_ROW,
    Fault.ROW_MISSING,
    Fault.DUPLICATE_ROW,
}
_MOST_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """One line of the preview. `problem` stands against importing it; `notes` only want a word."""

    place: str
    name: str
    region: str
    before: str
    after: str
    explanation: str
    problem: str
    notes: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadView:
    """One upload. `mark` is the letter of its style, `word` its state, `wait` says why it cannot be applied here."""

    upload: WorkbookUpload
    place: str
    mark: str
    word: str
    lede: str
    findings: list[str] = field(default_factory=list)
    more: str = ""
    differences: list[DifferenceView] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    can_apply: bool = False
    wait: str = ""
    url: str = ""


def present_upload(
    upload: WorkbookUpload, comparison: Comparison | None, *, may_apply: bool, is_open: bool
) -> UploadView:
    """Return the upload as the pages show it; `comparison` absent for what is not waiting.

    `may_apply`: the person applies this department's workbooks; `is_open`: the form takes figures now.
    """
    findings = sorted((Finding.load(stored) for stored in upload.findings), key=place_of)
    mark, word = _judge(upload, comparison, findings)
    is_clear = comparison is not None and comparison.is_clear
    return UploadView(
        upload=upload,
        place=write_place(upload),
        mark=mark,
        word=word,
        lede=_write_lede(upload, comparison, len(findings)),
        findings=[describe_finding(finding) for finding in findings[:_MOST_SHOWN]],
        more=_write_more(len(findings) - 1),
        differences=_present_all(comparison) if comparison else [],
        empty=[f"{row.series.indicator.name} · {row.series.region.short_name}" for row in comparison.empty]
        if comparison
        else [],
        can_apply=is_clear and may_apply and is_open,
        wait=_write_wait(upload, may_apply=may_apply, is_open=is_open) if is_clear else "",
        url=reverse("indicators:upload-detail", args=[upload.pk]),
    )


def place_of(finding: Finding) -> tuple[str, int, int]:
    """Return where a finding stands, to go through a workbook as one reads it: what has no cell comes first."""
    if finding.cell.isdecimal():
        return finding.sheet, int(finding.cell), 0
    row, column = read_cell_name(finding.cell) or (0, 0)
    return finding.sheet, row, column


def write_place(upload: WorkbookUpload) -> str:
    """Return programme, department and quarter of an upload; a dash where it says none."""
    submission = upload.submission
    if submission is None:
        return ABSENT
    quarter = format_quarter(submission.quarter.year, submission.quarter.number)
    return f"{submission.programme.short_name} · {submission.department.short_name} · {quarter}"


def summarise(views: list[UploadView]) -> str:
    """Return the sentence over many uploads."""
    if not views:
        return _("No workbook has been sent here yet.")
    counts = Counter(view.mark for view in views)
    parts = [
        ngettext("%(count)d workbook", "%(count)d workbooks", len(views)) % {"count": len(views)},
        _("%(count)d ready") % {"count": sum(view.word == _ready() for view in views)},
        _("%(count)d incomplete") % {"count": counts["A"]},
        _("%(count)d that cannot be imported") % {"count": counts["R"]},
    ]
    return _("%(clauses)s.") % {"clauses": join_clauses(parts)}


def write_entered(entered: FormRow | Figure | ApprovedFigure | None, indicator: Indicator) -> str:
    """Return a figure as one reads it: 480 / 500, 95%, none this quarter; a dash for nothing."""
    if entered is None:
        return ABSENT
    if entered.nothing_occurred:
        return _("none this quarter")
    if entered.value is not None:
        return write_answer(indicator, entered.value) or format_number(entered.value)
    if entered.numerator is None and entered.denominator is None:
        return ABSENT
    return f"{format_number(entered.numerator)} / {format_number(entered.denominator)}"


def _present_all(comparison: Comparison) -> list[DifferenceView]:
    """Return the lines of the preview, those that stand against importing it first."""
    views = [_present(difference) for difference in comparison.differences]
    return sorted(views, key=lambda view: not view.problem)


def _present(difference: Difference) -> DifferenceView:
    series, grid = difference.row, difference.grid
    indicator = grid.series.indicator
    notes = [
        describe_check(found.code, indicator=indicator, numbers=found.numbers)
        for found in grid.noticed
        if not found.is_blocking
    ]
    blocks = [
        describe_check(found.code, indicator=indicator, numbers=found.numbers)
        for found in grid.noticed
        if found.is_blocking
    ]
    stale = describe_conflict(difference.stale) if difference.stale is not None else ""
    before = difference.before
    return DifferenceView(
        place=_("row %(row)s") % {"row": series.row},
        name=indicator.name,
        region=grid.series.region.short_name,
        before=write_entered(before, indicator),
        after=write_entered(series, indicator),
        explanation=series.explanation if series.explanation != (before.explanation if before else "") else "",
        problem=" ".join([stale, *blocks]).strip(),
        notes=notes,
    )


def _ready() -> str:
    return pgettext("upload", "Ready")


def _judge(upload: WorkbookUpload, comparison: Comparison | None, findings: list[Finding]) -> tuple[str, str]:
    """Return the style's letter and the word of an upload's state."""
    if findings:
        is_altered = any(finding.fault in _ALTERED for finding in findings)
        return "R", pgettext("upload", "Altered form") if is_altered else pgettext("upload", "Refused")
    if comparison is None or upload.state != UploadState.READY:
        return "N", str(UploadState(upload.state).label)
    if comparison.stale:
        return "R", pgettext("upload", "Out of date")
    if comparison.blocked:
        return "R", pgettext("upload", "Impossible figures")
    return ("A", pgettext("upload", "Incomplete")) if comparison.empty else ("G", _ready())


def _write_lede(upload: WorkbookUpload, comparison: Comparison | None, findings: int) -> str:
    named = {"file": upload.file_name, "count": findings}
    if findings:
        words = ngettext(
            "%(count)d problem in “%(file)s”; nothing was imported.",
            "%(count)d problems in “%(file)s”; nothing was imported.",
            findings,
        )
        return words % named
    if upload.state == UploadState.APPLIED:
        named |= {"count": upload.changed, "person": str(upload.applied_by)}
        words = ngettext(
            "“%(file)s” was imported by %(person)s: %(count)d figure changed.",
            "“%(file)s” was imported by %(person)s: %(count)d figures changed.",
            upload.changed,
        )
        return words % named
    if upload.state == UploadState.REPEATED or comparison is None:
        return _("“%(file)s” was imported before; sending it again changes nothing.") % named
    return _write_waiting(comparison)


def _write_waiting(comparison: Comparison) -> str:
    changed, stale, blocked = map(len, (comparison.differences, comparison.stale, comparison.blocked))
    if stale:
        words = ngettext(
            "%(count)d figure was changed by someone else after the form was given out; nothing can be imported.",
            "%(count)d figures were changed by someone else after the form was given out; nothing can be imported.",
            stale,
        )
        return words % {"count": stale}
    if blocked:
        words = ngettext(
            "%(count)d figure cannot be right; nothing can be imported.",
            "%(count)d figures cannot be right; nothing can be imported.",
            blocked,
        )
        return words % {"count": blocked}
    if not changed:
        return _("The workbook says what stands here already; there is nothing to import.")
    words = ngettext(
        "%(count)d figure would change, %(empty)d would stay empty; nothing has been imported yet.",
        "%(count)d figures would change, %(empty)d would stay empty; nothing has been imported yet.",
        changed,
    )
    return words % {"count": changed, "empty": len(comparison.empty)}


def _write_more(count: int) -> str:
    if count < 1:
        return ""
    return ngettext("and %(count)d more", "and %(count)d more", count) % {"count": count}


def _write_wait(upload: WorkbookUpload, *, may_apply: bool, is_open: bool) -> str:
    """Return why a clear upload cannot be applied here."""
    if upload.submission is None or (may_apply and is_open):
        return ""
    if not may_apply:
        return _("Waits for a clerk of %(department)s, who sees it here and confirms it.") % {
            "department": upload.submission.department.name
        }
    return _("The form takes no figures now: it has been submitted, or its quarter is closed.")
