"""From a returned workbook to working figures: the preview, all or nothing, the same file twice."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from departments.errors import Invalid, Locked, NotAllowed
from departments.models import AuditEntry, Membership, User
from departments.roles import Role
from indicators.actions.figures import Entry, StaleFigures, save_figure, save_figures
from indicators.actions.submissions import approve_submission, submit_submission
from indicators.actions.workbook_upload import apply_upload
from indicators.excel.layout import Column
from indicators.models import Figure, Submission, UploadState, WorkbookUpload
from indicators.selectors.workbook_upload import compare_upload
from indicators.workbook_rows import Fault
from tests.excel.upload_world import give_out, locate, send, send_and_apply
from tests.integration.entry_world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """The small city of the entry tests."""
    return make_world()


@pytest.fixture
def filled(world: World) -> bytes:
    """The form with every figure filled in."""
    return give_out(world, fill(world))


def fill(world: World, **cells: object) -> dict[str, object]:
    """Return the cells of all three figures."""
    return {
        locate(world, world.rate, Column.NUMERATOR): 480,
        locate(world, world.rate, Column.DENOMINATOR): 500,
        locate(world, world.small_rate, Column.NOTHING): "是",
        locate(world, world.count, Column.VALUE): 12,
        **cells,
    }


def figures() -> dict[int, Figure]:
    """Return every working figure by series."""
    return {figure.series_id: figure for figure in Figure.objects.all()}


def test_a_filled_form_becomes_figures(world, filled):
    upload = send(world, filled)
    assert upload.state == UploadState.READY
    assert not Figure.objects.exists(), "nothing counts before it is confirmed"
    done = apply_upload(upload=upload, by=world.clerk)
    assert (done.state, done.changed, done.applied_by) == (UploadState.APPLIED, 3, world.clerk)
    saved = figures()
    assert (saved[world.rate.pk].numerator, saved[world.rate.pk].denominator) == (480, 500)
    assert saved[world.small_rate.pk].nothing_occurred
    assert saved[world.count.pk].value == 12
    assert {figure.entered_by for figure in saved.values()} == {world.clerk}


def test_the_preview_names_every_difference(world, filled):
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=Decimal(9)), by=world.clerk)
    content = give_out(world, fill(world))
    comparison = compare_upload(send(world, content))
    said = {difference.row.series_id: difference for difference in comparison.differences}
    assert said.keys() == {world.rate.pk, world.small_rate.pk, world.count.pk}
    assert said[world.count.pk].before.value == 9
    assert said[world.count.pk].row.value == 12
    assert comparison.is_clear
    assert not comparison.empty


def test_what_nobody_filled_in_is_counted(world):
    cell = locate(world, world.count, Column.VALUE)
    comparison = compare_upload(send(world, give_out(world, {cell: 12})))
    assert {row.series.pk for row in comparison.empty} == {world.rate.pk, world.small_rate.pk}
    assert comparison.is_clear, "a part may be sent; the check list asks for the rest"


@pytest.mark.parametrize("pause", [False, True], ids=["before", "after someone changed a figure"])
def test_the_same_file_twice_changes_nothing(world, filled, pause):
    send_and_apply(world, filled)
    if pause:
        entry = Entry(value=Decimal(13), version_seen=1)
        save_figure(submission=world.submission, series=world.count, entry=entry, by=world.second_clerk)
    before = {pk: (figure.version, figure.value) for pk, figure in figures().items()}
    second = send(world, filled)
    assert second.state == UploadState.REPEATED
    apply_upload(upload=second, by=world.clerk)
    assert {pk: (figure.version, figure.value) for pk, figure in figures().items()} == before
    assert WorkbookUpload.objects.filter(state=UploadState.APPLIED).count() == 1


def test_two_uploads_of_one_file_apply_once(world, filled):
    first, second = send(world, filled), send(world, filled)
    assert (first.state, second.state) == (UploadState.READY, UploadState.READY)
    assert apply_upload(upload=first, by=world.clerk).state == UploadState.APPLIED
    assert apply_upload(upload=second, by=world.clerk).state == UploadState.REPEATED
    assert {figure.version for figure in figures().values()} == {1}


def test_applying_twice_is_once(world, filled):
    upload = send(world, filled)
    for _ in range(2):
        assert apply_upload(upload=upload, by=world.clerk).state == UploadState.APPLIED
    assert {figure.version for figure in figures().values()} == {1}


def test_a_file_saved_again_with_the_same_figures_changes_nothing(world, filled):
    send_and_apply(world, filled)
    again = send(world, give_out(world, {}, change=lambda book, sheet: None))
    comparison = compare_upload(again)
    assert comparison.differences == []
    assert apply_upload(upload=again, by=world.clerk).changed == 0
    assert {figure.version for figure in figures().values()} == {1}


def test_a_figure_changed_meanwhile_stops_the_whole_file(world, filled):
    upload = send(world, filled)
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=Decimal(9)), by=world.second_clerk)
    comparison = compare_upload(upload)
    assert [difference.row.series_id for difference in comparison.stale] == [world.count.pk]
    with pytest.raises(StaleFigures, match="Zhao Yan"):
        apply_upload(upload=upload, by=world.clerk)
    assert [figure.value for figure in figures().values()] == [9]
    assert WorkbookUpload.objects.get(pk=upload.pk).state == UploadState.READY


def test_an_untouched_row_never_takes_a_newer_figure_back(world):
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=Decimal(9)), by=world.clerk)
    cells = fill(world)
    cells.pop(locate(world, world.count, Column.VALUE))
    content = give_out(world, cells)
    entry = Entry(value=Decimal(10), version_seen=1)
    save_figure(submission=world.submission, series=world.count, entry=entry, by=world.second_clerk)
    done = send_and_apply(world, content)
    assert done.changed == 2
    assert figures()[world.count.pk].value == 10


def test_a_meanwhile_equal_figure_is_no_conflict(world, filled):
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=Decimal(12)), by=world.second_clerk)
    assert send_and_apply(world, filled).changed == 2


def test_an_emptied_cell_empties_the_figure(world):
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=Decimal(9)), by=world.clerk)
    content = give_out(world, {locate(world, world.count, Column.VALUE): None})
    assert send_and_apply(world, content).changed == 1
    assert figures()[world.count.pk].is_empty


def test_a_zero_is_a_figure(world):
    send_and_apply(world, give_out(world, {locate(world, world.count, Column.VALUE): 0}))
    assert figures()[world.count.pk].value == 0


def test_what_could_not_be_saved_is_never_said_to_be_imported(world, monkeypatch):
    monkeypatch.setattr("indicators.actions.workbook_upload.save_figures", lambda **_given: {})
    upload = send(world, give_out(world, {locate(world, world.count, Column.VALUE): 5}))
    with pytest.raises(Invalid, match="could not be saved"):
        apply_upload(upload=upload, by=world.clerk)
    assert WorkbookUpload.objects.get(pk=upload.pk).state == UploadState.READY


def test_the_explanation_comes_along(world):
    cells = {locate(world, world.rate, Column.EXPLANATION): "=抽查面扩大\r\n第二行"}
    send_and_apply(world, give_out(world, fill(world, **cells)))
    assert figures()[world.rate.pk].explanation == "=抽查面扩大\n第二行"


@pytest.mark.parametrize(
    ("numerator", "denominator", "said"),
    [(510, 500, "1.02"), (480, None, "half"), (5, 0, "nothing")],
    ids=["part above the whole", "half of the counts", "cases of nothing"],
)
def test_a_figure_that_cannot_be_stops_the_whole_file(world, numerator, denominator, said):
    cells = fill(world)
    cells[locate(world, world.rate, Column.NUMERATOR)] = numerator
    cells[locate(world, world.rate, Column.DENOMINATOR)] = denominator
    upload = send(world, give_out(world, cells))
    assert [difference.row.series_id for difference in compare_upload(upload).blocked] == [world.rate.pk], said
    with pytest.raises(Invalid, match="Nothing was imported"):
        apply_upload(upload=upload, by=world.clerk)
    assert not Figure.objects.exists()


def test_a_refused_file_cannot_be_applied(world):
    upload = send(world, give_out(world, {locate(world, world.count, Column.VALUE): "12,3"}))
    assert upload.state == UploadState.REFUSED
    assert upload.rows == []
    with pytest.raises(Invalid, match="refused"):
        apply_upload(upload=upload, by=world.clerk)


@pytest.mark.parametrize("who", ["reviewer", "foreign_clerk"])
def test_only_a_clerk_of_the_department_or_the_office_applies(world, filled, who):
    upload = send(world, filled)
    with pytest.raises(NotAllowed):
        apply_upload(upload=upload, by=getattr(world, who))
    assert not Figure.objects.exists()
    assert apply_upload(upload=upload, by=world.second_clerk).changed == 3


def test_what_the_office_applies_is_the_departments_and_still_wants_four_eyes(world, filled):
    upload = apply_upload(upload=send(world, filled, by=world.office), by=world.office)
    assert (upload.state, upload.changed, upload.applied_by) == (UploadState.APPLIED, 3, world.office)
    figures = Figure.objects.all()
    assert {(figure.submission_id, figure.entered_by) for figure in figures} == {(world.submission.pk, world.office)}
    entry = AuditEntry.objects.get(event="figures_saved")
    assert (entry.by, entry.details["from_workbook"]) == (world.office, True)
    submission = Submission.objects.get(pk=world.submission.pk)
    assert submission.status == "draft"
    with pytest.raises(NotAllowed):
        submit_submission(submission=submission, version_seen=1, by=world.office)
    Membership.objects.create(user=world.office, role=Role.REVIEWER, department=world.department)
    reviewing_office = User.objects.get(pk=world.office.pk)
    Figure.objects.filter(series=world.count).update(explanation="按计划推进", version=F("version") + 1)
    submit_submission(submission=submission, version_seen=1, by=world.clerk)
    with pytest.raises(NotAllowed, match="entered"):
        approve_submission(submission=submission, version_seen=2, by=reviewing_office)
    assert approve_submission(submission=submission, version_seen=2, by=world.reviewer).status == "approved"


def test_the_office_types_nothing_by_hand(world, filled):
    entries = {world.count.pk: Entry(value=Decimal(5))}
    with pytest.raises(NotAllowed):
        save_figures(submission=world.submission, entries=entries, by=world.office)
    assert not Figure.objects.exists()


def test_the_office_sends_in_and_the_clerk_confirms(world, filled):
    upload = send(world, filled, by=world.office)
    assert (upload.state, upload.submission) == (UploadState.READY, world.submission)
    assert apply_upload(upload=upload, by=world.clerk).changed == 3


@pytest.mark.parametrize("who", ["reviewer"])
def test_others_do_not_send_in(world, filled, who):
    with pytest.raises(NotAllowed, match="clerk of this department"):
        send(world, filled, by=getattr(world, who))


def test_another_departments_form_is_unknown(world, filled):
    upload = send(world, filled, by=world.foreign_clerk)
    assert upload.submission is None
    assert [finding["fault"] for finding in upload.findings] == [Fault.UNKNOWN_FORM]


def test_a_form_sent_to_another_page_names_where_it_belongs(world, filled):
    other = Submission.objects.create(
        programme=world.programme, department=world.other, quarter=world.submission.quarter
    )
    upload = send(world, filled, by=world.office, into=other)
    assert upload.state == UploadState.REFUSED
    assert [finding["fault"] for finding in upload.findings] == [Fault.OTHER_FORM]
    assert "部门" in upload.findings[0]["piece"] or "Department" in upload.findings[0]["piece"]


def test_a_form_that_asks_for_other_figures_by_now_is_refused(world, filled):
    place = locate(world, world.count, Column.INDICATOR)
    world.count.allocations.all().delete()
    upload = send(world, filled)
    assert [(finding["fault"], finding["cell"]) for finding in upload.findings] == [(Fault.CHANGED_FORM, place)]


@pytest.mark.parametrize("closed", ["submitted", "closed"])
def test_a_locked_form_takes_nothing(world, filled, closed):
    upload = send(world, filled)
    if closed == "closed":
        world.close()
    else:
        save_figure(
            submission=world.submission, series=world.count, entry=Entry(value=Decimal(12)), by=world.second_clerk
        )
        Submission.objects.filter(pk=world.submission.pk).update(status="submitted", version=2)
    with pytest.raises(Locked):
        apply_upload(upload=upload, by=world.clerk)
    assert Figure.objects.filter(version__gt=1).count() == 0


def test_what_was_read_is_never_changed(world, filled):
    upload = send(world, filled)
    for fields in ({"rows": []}, {"digest": "0"}, {"state": UploadState.REFUSED}):
        with pytest.raises(Exception, match=r"Cannot update|Invalid transition|constraint"), transaction.atomic():
            WorkbookUpload.objects.filter(pk=upload.pk).update(**fields)


def test_the_database_takes_one_file_once(world, filled):
    done = send_and_apply(world, filled)
    copy = WorkbookUpload.objects.get(pk=done.pk)
    copy.pk = None
    with pytest.raises(IntegrityError, match="applied_once"), transaction.atomic():
        copy.save(force_insert=True)


def test_every_step_is_in_the_trail(world, filled):
    send_and_apply(world, filled)
    events = list(AuditEntry.objects.order_by("id").values_list("event", flat=True))
    assert events == ["workbook_uploaded", "figures_saved", "workbook_applied"]
    entry = AuditEntry.objects.get(event="workbook_applied")
    assert entry.details["changed"] == 3
    assert len(entry.details["sha256"]) == 64


def test_an_applied_form_can_be_submitted(world, filled):
    send_and_apply(world, filled)
    Figure.objects.all()
    submission = Submission.objects.get(pk=world.submission.pk)
    assert submit_submission(submission=submission, version_seen=submission.version, by=world.clerk).status
