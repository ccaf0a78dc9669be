"""Entering figures: what is kept, what is refused, and what the database refuses by itself."""

from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, InternalError, connection, transaction

from departments.errors import Invalid, Locked, NotAllowed
from departments.models import AuditEntry
from departments.selectors.clock import read_database_time
from indicators.actions.figures import Entry, StaleFigures, describe_entered, save_figure, save_figures
from indicators.models import Figure, Submission
from tests.integration.entry_world import QUARTER, World, allocate, make_programme, make_target, make_world

D = Decimal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def counts(numerator: int, denominator: int, **more: object) -> Entry:
    return Entry(numerator=D(numerator), denominator=D(denominator), **more)  # type: ignore[arg-type]


def save(world: World, entry: Entry, **changes: object) -> Figure:
    arguments = {"submission": world.submission, "series": world.rate, "by": world.clerk} | changes
    return save_figure(entry=entry, **arguments)  # type: ignore[arg-type]


# What is kept


def test_a_figure_is_kept_with_who_and_its_version(world: World) -> None:
    figure = save(world, counts(1862, 1960))
    assert (figure.numerator, figure.denominator, figure.version) == (D(1862), D(1960), 1)
    assert figure.entered_by == world.clerk
    assert describe_entered(figure) == "1862 / 1960"


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(Entry(numerator=D(0), denominator=D(0)), id="none of none"),
        pytest.param(Entry(numerator=D(0), denominator=D(40)), id="none of forty"),
    ],
)
def test_a_zero_is_a_figure_and_not_an_empty_cell(world: World, entry: Entry) -> None:
    """0 equals False in Python: a test of "anything entered" by equality once lost it."""
    figure = save(world, entry)
    assert (figure.numerator, figure.denominator) == (entry.numerator, entry.denominator)


def test_a_change_moves_the_version_and_leaves_old_and_new_in_the_trail(world: World) -> None:
    save(world, counts(1862, 1960))
    figure = save(world, counts(1863, 1960, version_seen=1), by=world.second_clerk)
    assert figure.version == 2
    change = AuditEntry.objects.filter(event="figures_saved").order_by("position").last().details["figures"][0]
    assert (change["from"], change["to"], change["version"]) == ("1862 / 1960", "1863 / 1960", 2)


def test_sending_the_same_twice_changes_nothing(world: World) -> None:
    first = save(world, counts(1862, 1960))
    again = save(world, counts(1862, 1960))
    assert (first.version, again.version) == (1, 1)
    assert AuditEntry.objects.filter(event="figures_saved").count() == 1


def test_an_empty_cell_that_was_never_filled_makes_no_row(world: World) -> None:
    assert save_figures(submission=world.submission, entries={world.rate.pk: Entry()}, by=world.clerk) == {}
    assert not Figure.objects.exists()


def test_emptying_keeps_the_row_and_its_history(world: World) -> None:
    save(world, counts(1862, 1960))
    figure = save(world, Entry(version_seen=1))
    assert figure.is_empty
    assert Figure.pgh_event_model.objects.filter(pgh_obj=figure).count() == 2


def test_an_explanation_not_sent_stays(world: World) -> None:
    save(world, counts(90, 100, explanation="新增专项抽验"))
    figure = save(world, counts(91, 100, version_seen=1))
    assert figure.explanation == "新增专项抽验"


def test_none_this_quarter_is_kept(world: World) -> None:
    figure = save(world, Entry(nothing_occurred=True))
    assert figure.nothing_occurred
    assert describe_entered(figure) == "none"


def test_many_cells_are_one_act(world: World) -> None:
    entries = {world.rate.pk: counts(1, 2), world.count.pk: Entry(value=D(7))}
    saved = save_figures(submission=world.submission, entries=entries, by=world.clerk)
    assert len(saved) == 2
    assert len(AuditEntry.objects.get(event="figures_saved").details["figures"]) == 2


# What is refused


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        pytest.param(Entry(numerator=D(-1), denominator=D(2)), "numerator is negative", id="T45 negative numerator"),
        pytest.param(
            Entry(numerator=D(1), denominator=D(-2)), "denominator is negative", id="T45 negative denominator"
        ),
        pytest.param(Entry(value=D(95)), "enter numerator and denominator", id="the rate instead of its counts"),
        pytest.param(Entry(nothing_occurred=True, numerator=D(1)), "stands alone", id="none this quarter and a figure"),
    ],
)
def test_what_cannot_be_is_refused_by_name(world: World, entry: Entry, words: str, settings: object) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    with pytest.raises(Invalid, match=words):
        save(world, entry)
    assert not Figure.objects.exists()


def test_counts_for_a_value_are_refused(world: World) -> None:
    with pytest.raises(Invalid):
        save(world, counts(1, 2), series=world.count)


def test_t1_a_clerk_of_another_department_is_refused(world: World) -> None:
    save(world, counts(1, 2))
    with pytest.raises(NotAllowed):
        save(world, counts(2, 2, version_seen=1), by=world.foreign_clerk)
    with pytest.raises(NotAllowed):
        save(world, counts(2, 2, version_seen=1), by=world.reviewer)


def test_t3_own_and_foreign_series_together_save_nothing(world: World) -> None:
    foreign = allocate(world.rate.allocations.get().target, world.other)
    with pytest.raises(Invalid):
        save_figures(
            submission=world.submission,
            entries={world.rate.pk: counts(1, 2), foreign.pk: counts(1, 2)},
            by=world.clerk,
        )
    assert not Figure.objects.exists()


def test_t8_a_closed_quarter_takes_nothing(world: World) -> None:
    save(world, counts(1, 2))
    world.close()
    with pytest.raises(Locked):
        save(world, counts(2, 2, version_seen=1))


def test_t12_the_second_of_two_people_is_told_what_stands_there(world: World) -> None:
    save(world, counts(1, 2))
    save(world, counts(3, 4, version_seen=1), by=world.second_clerk)
    with pytest.raises(StaleFigures) as refused:
        save(world, counts(5, 6, version_seen=1))
    assert describe_entered(refused.value.current[world.rate.pk]) == "3 / 4"
    assert "Zhao Yan" in str(refused.value)
    assert describe_entered(Figure.objects.get()) == "3 / 4"


def test_t12_two_people_fill_the_same_empty_cell(world: World) -> None:
    save(world, counts(1, 2))
    with pytest.raises(StaleFigures):
        save(world, counts(3, 4), by=world.second_clerk)


def test_one_stale_cell_keeps_the_others_back_too(world: World) -> None:
    save(world, counts(1, 2))
    with pytest.raises(StaleFigures):
        save_figures(
            submission=world.submission,
            entries={world.rate.pk: counts(3, 4), world.count.pk: Entry(value=D(7))},
            by=world.clerk,
        )
    assert Figure.objects.count() == 1


def test_a_figure_shared_by_two_programmes_is_changed_in_the_form_that_holds_it(world: World) -> None:
    second = make_programme("second", region=world.programme.region, office=world.programme.office)
    allocate(make_target(second, world.rate.indicator, position=1), world.department)
    save(world, counts(1, 2))
    form = Submission.objects.create(programme=second, department=world.department, quarter=QUARTER)
    with pytest.raises(Locked, match="长治市质量强市实施方案"):
        save(world, counts(3, 4, version_seen=1), submission=form)


# What the database refuses by itself


def write(world: World, **fields: object) -> None:
    with transaction.atomic():
        Figure.objects.filter(series=world.rate).update(**fields)


def test_the_database_refuses_a_change_in_a_closed_quarter(world: World) -> None:
    save(world, counts(1, 2))
    write(world, numerator=D(2), version=2)
    world.close()
    with pytest.raises(IntegrityError, match="closed"):
        write(world, numerator=D(1), version=3)


def test_the_database_refuses_a_change_past_the_closing_date(world: World) -> None:
    save(world, counts(1, 2))
    window = world.window
    window.opens_on = window.due_on = window.closes_on = window.opens_on
    window.save()
    with pytest.raises(IntegrityError, match="closed"):
        write(world, numerator=D(2), version=2)


def test_the_database_takes_a_correction_in_a_closed_quarter(world: World) -> None:
    save(world, counts(1, 2))
    world.close()
    Submission.objects.filter(pk=world.submission.pk).update(is_correction=True, version=2)
    write(world, numerator=D(2), version=2)
    assert Figure.objects.get().numerator == D(2)


@pytest.mark.parametrize("status", ["submitted", "approved"])
def test_the_database_refuses_a_change_while_the_form_is_on_its_way(world: World, status: str) -> None:
    save(world, counts(1, 2))
    Submission.objects.filter(pk=world.submission.pk).update(
        status="submitted", submitted_by=world.clerk, submitted_at=read_database_time(), version=2
    )
    if status == "approved":
        Submission.objects.filter(pk=world.submission.pk).update(
            status="approved", decided_by=world.reviewer, decided_at=read_database_time(), version=3
        )
    with pytest.raises(IntegrityError, match="takes no changes"):
        write(world, numerator=D(2), version=2)


def test_the_database_counts_versions_by_one(world: World) -> None:
    save(world, counts(1, 2))
    with pytest.raises(IntegrityError, match="version"):
        write(world, numerator=D(2))
    with pytest.raises(IntegrityError, match="version"):
        write(world, numerator=D(2), version=3)


def test_the_database_deletes_no_figure_and_moves_none(world: World) -> None:
    save(world, counts(1, 2))
    with pytest.raises(InternalError), transaction.atomic():
        Figure.objects.all().delete()
    with pytest.raises(InternalError):
        write(world, series=world.small_rate, version=2)


def test_the_database_refuses_numbers_that_are_none(world: World) -> None:
    save(world, counts(1, 2))
    for text in ("NaN", "Infinity", "-1"):
        with pytest.raises((IntegrityError, DataError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE indicators_figure SET numerator = %s, version = 2", [text])
