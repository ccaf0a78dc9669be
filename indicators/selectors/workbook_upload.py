"""Uploads as a person may see them, and what each would change now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q, QuerySet
from django.http import Http404

from departments.models import User
from departments.permissions import scope_of
from departments.roles import Permission
from indicators.models import ApprovedFigure, Figure, Submission, UploadState, WorkbookUpload
from indicators.selectors.entry import load_grid
from indicators.selectors.grid_rows import Grid, GridRow
from indicators.selectors.series import list_series
from indicators.workbook_rows import FormRow

MOST_LISTED = 200


def list_uploads(user: User) -> QuerySet[WorkbookUpload]:
    """Return the person's own uploads and those into the forms that the person fills in, newest first."""
    mine = scope_of(user).departments_for(Permission.ENTER_FIGURES)
    seen = Q(uploaded_by=user) | Q(submission__department__in=mine) & ~Q(state=UploadState.REFUSED)
    return WorkbookUpload.objects.filter(seen).select_related(
        "submission__programme__region", "submission__department__region", "uploaded_by", "applied_by"
    )


def get_upload_or_404(user: User, pk: int) -> WorkbookUpload:
    """Return an upload that the person may see; Http404 otherwise."""
    upload = list_uploads(user).filter(pk=pk).first()
    if upload is None or (upload.submission is not None and not sees_submission(user, upload.submission)):
        raise Http404
    return upload


def sees_submission(user: User, submission: Submission) -> bool:
    """Return whether the person sees the form."""
    return scope_of(user).allows(
        Permission.VIEW_ENTRY, department_id=submission.department_id, region_code=submission.programme.region.code
    )


def find_submission(user: User, pk: int) -> Submission | None:
    """Return the form that a workbook names, if there is one and the person sees it."""
    rows = Submission.objects.select_related("programme__region", "department__region")
    submission = rows.filter(pk=pk).first()
    return submission if submission is not None and sees_submission(user, submission) else None


def find_applied(submission: Submission, digest: str) -> WorkbookUpload | None:
    """Return the upload by which this very file was applied to the form before."""
    rows = WorkbookUpload.objects.filter(submission=submission, digest=digest, state=UploadState.APPLIED)
    return rows.select_related("applied_by").first()


def list_foreign(submission: Submission, rows: Iterable[FormRow]) -> list[FormRow]:
    """Return the rows for figures that the form does not ask for, or no longer."""
    known = {series.pk for series in list_series(submission)}
    return [row for row in rows if row.series_id not in known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure that the workbook would change. `before` is what stands now; `grid` as if it were applied.

    `stale`: someone else changed the figure after the form was given out.
    """

    row: FormRow
    grid: GridRow
    before: Figure | ApprovedFigure | None
    stale: Figure | None = None

    @property
    def is_blocked(self) -> bool:
        """Whether the figure cannot be."""
        return self.grid.is_blocked


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What an upload would change in its form, and what it leaves open."""

    upload: WorkbookUpload
    grid: Grid
    differences: list[Difference] = field(default_factory=list)
    empty: list[GridRow] = field(default_factory=list)

    @cached_property
    def stale(self) -> list[Difference]:
        """The figures that someone else changed meanwhile."""
        return [difference for difference in self.differences if difference.stale is not None]

    @cached_property
    def blocked(self) -> list[Difference]:
        """The figures that cannot be."""
        return [difference for difference in self.differences if difference.is_blocked]

    @property
    def is_clear(self) -> bool:
        """Whether nothing stands against applying it."""
        return self.upload.state == UploadState.READY and not self.stale and not self.blocked


def read_rows(upload: WorkbookUpload) -> list[FormRow]:
    """Return the rows of an upload."""
    return [FormRow.load(stored) for stored in upload.rows]


def compare_upload(upload: WorkbookUpload) -> Comparison:
    """Return what the upload would change now, judged by the engine as if it were applied.

    A row that nobody touched since the form was given out never changes anything, whatever stands there now.
    """
    if upload.submission is None:
        raise ValueError(upload.pk)
    rows = {row.series_id: row for row in read_rows(upload)}
    touched = {pk: row for pk, row in rows.items() if row.is_touched}
    grid = load_grid(upload.submission, unsaved=touched)
    differences = [
        _compare(touched[pk], row) for pk, row in grid.by_series.items() if pk in touched and _differs(touched[pk], row)
    ]
    return Comparison(
        upload=upload,
        grid=grid,
        differences=sorted(differences, key=lambda difference: difference.row.row),
        empty=[row for pk, row in grid.by_series.items() if _stays_empty(rows, pk, row)],
    )


def _compare(row: FormRow, grid: GridRow) -> Difference:
    version = grid.figure.version if grid.figure else 0
    stale = grid.figure if version != row.version else None
    return Difference(row=row, grid=grid, before=grid.shown, stale=stale)


def _differs(row: FormRow, grid: GridRow) -> bool:
    """Return whether the row says anything else than what stands there now."""
    shown = grid.shown
    if shown is None:
        return not row.is_empty or bool(row.explanation)
    names = ("value", "numerator", "denominator", "nothing_occurred")
    return any(getattr(shown, name) != getattr(row, name) for name in names) or grid.explanation != row.explanation


def _stays_empty(rows: Mapping[int, FormRow], pk: int, grid: GridRow) -> bool:
    row = rows.get(pk)
    if row is not None and row.is_touched:
        return row.is_empty
    return not grid.is_filled
