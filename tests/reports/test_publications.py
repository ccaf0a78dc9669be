"""Publishing: two people, a reason, everything frozen; nothing that was published is ever changed."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import override

from departments.errors import Invalid, Locked, NotAllowed, Stale
from departments.models import AuditEntry
from departments.roles import Role
from indicators.actions.recompute import request_scope_recompute, request_series_recompute
from indicators.engine.attainment import RULE_VERSION
from indicators.engine.target import Rating
from indicators.models import Attainment, RecomputeRequest, RollUp, Source
from indicators.models.fields import NarrowKey
from reports.actions.freezing import FROZEN_QUARTERS
from reports.actions.publications import ask_to_publish, verify_publication
from reports.catalogue_copies import read_catalogue, write_catalogue
from reports.changes import find_changed, list_frozen, list_live
from reports.editions import find_state, list_published_quarters
from reports.models import Publication, PublishedPart, PublishedResult, PublishedRollUp
from tests.builders import Q3, make_department, make_figure, make_programme, make_region, make_result, make_user
from tests.reports.publication_world import make_publishing_world
from tests.taken_back import taken_back

pytestmark = pytest.mark.django_db

FROZEN = [Publication, PublishedResult, PublishedRollUp, PublishedPart]


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def city():
    return make_publishing_world()


def test_an_edition_names_who_asked_and_who_published_and_why(city):
    edition = city.publish()
    assert (edition.edition, edition.basis) == (1, "publication-1")
    assert (edition.asked_by, edition.published_by) == (city.asker, city.publisher)
    assert edition.reason == "三季度数据已审核。"
    assert edition.published_at is not None
    assert edition.rule_version == RULE_VERSION


def test_the_same_person_cannot_ask_and_publish(city):
    asked = city.ask()
    with pytest.raises(NotAllowed, match="another person"):
        city.publish(asked, by=city.asker)
    assert city.publish(asked).published_by == city.publisher


def test_the_database_refuses_one_person_for_both(city):
    asked = city.ask()
    with pytest.raises(IntegrityError, match="publication_two_people"), transaction.atomic():
        Publication.objects.filter(pk=asked.pk).update(
            published_by=city.asker,
            published_at=F("asked_at"),
            rule_version=1,
            inputs_revision=1,
            as_of=F("asked_at"),
            manifest={"results": {}},
            anchor="x",
        )


@pytest.mark.parametrize("role", [Role.LEADER, Role.CLERK, Role.REVIEWER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR])
def test_only_the_leadership_office_asks_and_publishes(city, role):
    at = {Role.LEADER: city.world.city, Role.CLERK: make_department(), Role.REVIEWER: make_department()}.get(role)
    person = make_user(role, at=at)
    with pytest.raises(NotAllowed, match="leadership office"):
        city.ask(by=person)
    with pytest.raises(NotAllowed, match="leadership office"):
        city.publish(by=person)


def test_the_office_of_another_region_publishes_nothing_here(city):
    with pytest.raises(NotAllowed):
        city.ask(by=make_user(Role.OFFICE, at=make_region("3301")))


@pytest.mark.parametrize(("reason", "said"), [("", "write why"), ("  \n", "write why"), ("长" * 501, "at most 500")])
def test_a_reason_is_needed(city, reason, said):
    with pytest.raises(Invalid, match=said):
        city.ask(reason=reason)


def test_a_quarter_without_results_is_refused(city):
    with pytest.raises(Invalid, match="has not been opened"):
        city.ask(quarter=Q3 + 1)
    Attainment.objects.filter(programme=city.programme).delete()
    with pytest.raises(Invalid, match="has no results"):
        city.ask()


def test_work_that_is_due_or_parked_is_waited_for(city):
    request_series_recompute(series_ids=[city.world.allocations[0].series_id])
    with pytest.raises(Invalid, match="1 recompute is under way"):
        city.ask()
    request_scope_recompute(programme=city.programme)
    with pytest.raises(Invalid, match="2 recomputes are under way"):
        city.ask()
    RecomputeRequest.objects.update(parked_at=F("requested_at"))
    with pytest.raises(Invalid, match="2 recomputes have failed"):
        city.ask()
    RecomputeRequest.objects.update(done_version=F("requested_version"))
    assert city.ask().edition == 1


def test_work_for_another_programme_is_no_hindrance(city):
    request_scope_recompute(programme=make_programme(make_region("3301")))
    assert city.publish().edition == 1


def test_work_over_everything_is_one(city):
    request_scope_recompute()
    with pytest.raises(Invalid, match="under way"):
        city.ask()


def test_results_that_moved_on_are_looked_at_again(city):
    seen = find_state(programme=city.programme, quarter=Q3).seen
    asked = city.ask(seen=seen)
    city.correct()
    with pytest.raises(Stale, match="look again"):
        city.publish(asked, seen=seen)
    with pytest.raises(Stale, match="look again"):
        city.ask(seen=seen)
    assert city.publish(asked).edition == 1


def test_asking_again_replaces_the_question(city):
    first = city.ask()
    second = city.ask(reason="补充说明。", by=city.publisher)
    assert first.pk == second.pk
    assert (second.reason, second.asked_by) == ("补充说明。", city.publisher)
    with pytest.raises(NotAllowed):
        city.publish(first)  # its object still names the first asker; the row decides
    assert city.publish(second, by=city.asker).published_by == city.asker


def test_an_edition_is_published_once(city):
    asked = city.ask()
    city.publish(asked)
    with pytest.raises(Locked, match="published already"):
        city.publish(asked)


def test_an_edition_that_says_the_same_is_refused(city):
    city.publish()
    with pytest.raises(Invalid, match="Nothing has changed since edition 1"):
        city.ask()
    city.correct()
    assert city.publish().edition == 2


def test_a_changed_wording_is_reason_enough(city):
    city.publish()
    indicator = city.world.allocations[0].target.indicator
    type(indicator).objects.filter(pk=indicator.pk).update(name_zh="改名后的指标")
    assert city.publish().edition == 2


def test_every_result_and_roll_up_is_copied_value_by_value(city):
    edition = city.publish()
    names = [field.attname for field in Attainment._meta.concrete_fields if field.column]
    live = Attainment.objects.filter(programme=city.programme).order_by("quarter", "allocation_id")
    frozen = PublishedResult.objects.filter(publication=edition).order_by("quarter", "allocation_id")
    assert list(frozen.values_list(*names)) == list(live.values_list(*names))
    names = [field.attname for field in RollUp._meta.concrete_fields if field.column]
    order = ("quarter", "region_id", "domain", "department_id")
    frozen_cells = PublishedRollUp.objects.filter(publication=edition).order_by(*order)
    assert list(frozen_cells.values_list(*names)) == list(RollUp.objects.order_by(*order).values_list(*names))
    assert frozen.count() == 2 * len(city.world.allocations)


@pytest.mark.parametrize(("live", "frozen"), [(Attainment, PublishedResult), (RollUp, PublishedRollUp)])
def test_frozen_tables_have_the_columns_of_the_live_ones(live, frozen):
    """A column added to the results later must be frozen as well, in the same kind; a narrow key as a whole one."""
    kinds = {field.column: field.db_type(connection) for field in frozen._meta.concrete_fields}
    for field in live._meta.concrete_fields:
        if field.column:
            wanted = "bigint" if isinstance(field, NarrowKey) else field.db_type(connection)
            assert kinds.get(field.column) == wanted, field.name


def test_the_quarter_and_the_seven_before_it_are_frozen(city):
    for lag in range(2, 10):
        make_result(city.world.allocations[0], Q3 - lag)
    make_result(city.world.allocations[0], Q3 + 1)
    edition = city.publish()
    quarters = PublishedResult.objects.filter(publication=edition).values_list("quarter", flat=True).distinct()
    assert sorted(quarters.order_by("quarter")) == [Q3 - lag for lag in range(FROZEN_QUARTERS - 1, -1, -1)]


def test_places_are_those_of_the_workbook(city):
    edition = city.publish()
    frozen = list_frozen(edition).order_by("place").values_list("allocation_id", flat=True)
    live = list_live(city.programme, Q3).order_by(
        "region__position", "region__code", "target__position", "allocation_id"
    )
    assert list(frozen) == list(live.values_list("allocation_id", flat=True))


@pytest.mark.parametrize("model", FROZEN)
@pytest.mark.parametrize("act", ["update", "delete", "truncate"])
def test_nothing_that_was_published_is_changed_deleted_or_emptied(city, model, act):
    """Source: trust case T15. The negative control is the row that is only asked for, below."""
    city.publish()
    table = model._meta.db_table
    column = "reason" if model is Publication else "publication_id"
    statement = {
        "update": f"UPDATE {table} SET {column} = {column}",  # noqa: S608  fixed names
        "delete": f"DELETE FROM {table}",  # noqa: S608
        "truncate": f"TRUNCATE {table} CASCADE",
    }[act]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL empties nothing while checks wait
        with pytest.raises(DatabaseError, match=r"Cannot|is kept"), transaction.atomic():
            cursor.execute(statement)
    assert model.objects.exists()


@pytest.mark.parametrize("model", FROZEN)
def test_a_table_without_anything_published_may_be_emptied(model):
    """Tests with transactions of their own empty every table behind them."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


@pytest.mark.django_db(transaction=True)
def test_an_approval_under_way_is_named_and_nothing_is_asked():
    city, other = make_publishing_world(), connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE indicators_approvedfigure IN ROW EXCLUSIVE MODE")
            with pytest.raises(Locked, match="being approved right now"):
                city.ask()
            cursor.execute("ROLLBACK")
        with taken_back():
            assert city.ask().edition == 1  # the control: once the approval is through
            transaction.set_rollback(True)
    finally:
        other.close()


def test_what_is_only_asked_for_can_still_be_changed(city):
    asked = city.ask()
    assert Publication.objects.filter(pk=asked.pk).update(reason="另一理由") == 1


@pytest.mark.parametrize("model", [PublishedResult, PublishedRollUp])
def test_nothing_is_added_to_a_published_edition(city, model):
    edition = city.publish()
    row = model.objects.filter(publication=edition, domain__gt=0).first()
    row.quarter = Q3 - 7
    with pytest.raises(IntegrityError, match="nothing is added"), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="nothing is added"), transaction.atomic():
        PublishedPart.objects.create(publication=edition, name="more", text="{}")


def test_the_manifest_counts_and_hashes_every_part(city):
    edition = city.publish()
    assert sorted(edition.manifest) == ["catalogue", "figures", "results", "rollups"]
    assert edition.manifest["results"]["rows"] == PublishedResult.objects.count()
    assert edition.manifest["rollups"]["rows"] == PublishedRollUp.objects.count()
    assert edition.manifest["figures"]["rows"] == 1
    assert all(len(part["sha256"]) == 64 for part in edition.manifest.values())
    assert verify_publication(publication=edition) == []


def test_an_alteration_behind_the_triggers_is_found(city):
    """Negative control of the manifest: somebody with the owner's rights switches the triggers off."""
    edition = city.publish()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_publishedresult DISABLE TRIGGER USER")
        cursor.execute("UPDATE reports_publishedresult SET rating = 4 WHERE rating = 2")
        cursor.execute("ALTER TABLE reports_publishedresult ENABLE TRIGGER USER")
    assert verify_publication(publication=edition) == ["results"]


def test_later_corrections_leave_the_edition_as_it_was(city):
    edition = city.publish()
    series = city.world.allocations[0].series
    series.approved_figures.update(is_current=False)
    make_figure(series, revision=2, explanation="更正。")
    city.correct()
    Attainment.objects.filter(programme=city.programme, quarter=Q3 - 1).delete()
    assert verify_publication(publication=edition) == []
    assert list_frozen(edition).get(allocation=city.world.allocations[0]).rating == Rating.GREEN


def test_the_trail_keeps_asking_and_publishing_and_the_edition_names_its_entry(city):
    edition = city.publish()
    asked, published = AuditEntry.objects.filter(event__in=["publication_asked", "published"]).order_by("position")
    assert (asked.by, published.by) == (city.asker, city.publisher)
    assert published.reason == edition.reason
    assert published.details["manifest"] == edition.manifest
    assert edition.anchor == published.digest


def test_the_state_of_the_quarter(city):
    state = find_state(programme=city.programme, quarter=Q3)
    assert (state.results, state.due, state.parked, state.forms) == (len(city.world.allocations), 0, 0, 0)
    assert state.is_publishable
    assert (state.published, state.asked, state.newest) == ([], None, None)
    asked = city.ask()
    assert find_state(programme=city.programme, quarter=Q3).asked == asked
    first = city.publish(asked)
    city.correct()
    second = city.publish()
    state = find_state(programme=city.programme, quarter=Q3)
    assert (state.published, state.asked, state.newest) == ([second, first], None, second)
    assert list_published_quarters(city.programme) == [(Q3, 2)]


def test_changes_are_found_on_either_side(city):
    first = city.publish()
    city.correct(3)
    extra = make_result(city.world.allocations[0], Q3 - 3)
    Attainment.objects.filter(pk=extra.pk).update(quarter=Q3 - 2)
    gone = city.world.allocations[5]
    Attainment.objects.filter(programme=city.programme, allocation=gone, quarter=Q3).delete()
    changed = [city.world.allocations[3].pk, gone.pk]
    assert find_changed(list_frozen(first), list_live(city.programme, Q3)) == changed
    second = city.publish()
    assert find_changed(list_frozen(first), list_frozen(second)) == changed
    assert find_changed(list_frozen(second), list_live(city.programme, Q3)) == []


def test_the_time_of_computing_is_no_difference(city):
    first = city.publish()
    Attainment.objects.update(computed_at=F("computed_at") + "1 day")
    assert find_changed(list_frozen(first), list_live(city.programme, Q3)) == []


def test_the_catalogue_comes_back_as_it_was(city):
    source = Source.objects.create(title="统计公报", address="https://example.gov.cn/a")
    make_figure(city.world.allocations[1].series, origin="published", source=source)
    text = write_catalogue(programme=city.programme, quarter=Q3)
    assert text == write_catalogue(programme=city.programme, quarter=Q3)
    copy = read_catalogue(text)
    assert copy.programme.name_zh == city.programme.name_zh
    assert copy.programme.office.name_zh == city.programme.office.name_zh
    assert copy.window.due_on.year == 2099
    assert copy.sources[source.pk].title == "统计公报"
    target = city.world.allocations[0].target
    frozen = copy.targets[target.pk]
    assert (frozen.level, frozen.first_quarter, frozen.quote) == (target.level, target.first_quarter, target.quote)
    assert frozen.indicator.name_zh == target.indicator.name_zh
    assert frozen.clause.number == target.clause.number
    assert {row.department.pk for row in copy.responsibilities} == {d.pk for d in city.world.departments}


def test_reading_a_frozen_catalogue_asks_the_database_nothing(city, django_assert_num_queries):
    text = write_catalogue(programme=city.programme, quarter=Q3)
    with django_assert_num_queries(0):
        copy = read_catalogue(text)
        assert [target.indicator.name for target in copy.targets.values()]
        assert [row.department.region.name for row in copy.responsibilities]


def test_asking_names_its_arguments():
    with pytest.raises(TypeError):
        ask_to_publish("programme")
