"""Responsibility letters: who issues, what is kept, what an addendum lists, and that nothing issued is ever changed."""

import hashlib
from decimal import Decimal

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from departments.errors import Invalid, NotAllowed, Stale
from departments.models import AuditEntry
from departments.roles import Role
from indicators.engine.period import Quarter
from indicators.models import Allocation, Target, TargetDepartment
from indicators.models.target import Responsibility
from reports.actions.letters import ask_to_issue, issue_letters, record_letter_download
from reports.letter_page import write_letters
from reports.letters.recipients import list_own_letters
from reports.letters.standing import LetterState, list_standings, name_standings
from reports.letters.terms import Recipient, hash_of, load_terms
from reports.models import ExportJob, Letter
from reports.permissions import can_fetch
from tests.builders import Q3, make_allocation, make_department, make_programme, make_target, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def world():
    return make_world(counties=2)


def write(content, number, day):
    return f"{number} {day} {hash_of(content)}".encode()


def stand(world, recipient):
    return next(one for one in list_standings(world.programme) if one.recipient == recipient)


def issue(world, recipient, **changes):
    given = {"programme": world.programme, "recipient": recipient, "write": write, "by": world.office}
    seen = {} if "seen" in changes else {"seen": stand(world, recipient).seen}
    return issue_letters(**(given | seen | changes))[0]


def issue_all(world, **changes):
    given = {"programme": world.programme, "write": write, "by": world.office}
    seen = {} if "seen" in changes else {"seen": name_standings(list_standings(world.programme))}
    return issue_letters(**(given | seen | changes))


def county(world):
    return Recipient(region=world.counties[0])


def bureau(world):
    return Recipient(department=world.departments[0])


def target_of(world, recipient):
    """Return one target of the recipient."""
    return Target.objects.get(programme=world.programme, code=stand(world, recipient).terms[0].key)


def told(letter):
    return [(change["kind"], change["what"], change["before"], change["after"]) for change in letter.content["changes"]]


# ----------------------------------------------------------------------------- who is given what


def test_every_region_below_and_every_department_is_given_a_letter(world):
    recipients = list(load_terms(world.programme))
    assert [one.region for one in recipients if one.region] == world.counties
    assert [one.department for one in recipients if one.department] == world.departments


def test_a_letter_says_level_date_and_who_is_responsible(world):
    helper = make_department(world.city, name_zh="市配合局")
    target = make_target(world.programme, lead=world.departments[0], due_quarter=Quarter.of(2018, 4))
    TargetDepartment.objects.create(
        target=target, department=helper, responsibility=Responsibility.SUPPORTING, position=1
    )
    make_allocation(target, department=world.departments[0])
    make_allocation(target, region=world.counties[0], department=world.departments[0], level=Decimal("95.5"))
    terms = load_terms(world.programme)
    ours = {who: next((t for t in mine if t.key == target.code), None) for who, mine in terms.items()}
    given = ours[county(world)]
    assert (given.bound, given.due, given.lead, given.supporting, given.role) == (
        "≥\u00a095.5%",
        "2018年底前",
        world.departments[0].name_zh,
        "市配合局",
        "",
    )
    leading = ours[bureau(world)]
    assert (leading.role, leading.bound) == ("牵头", "≥\u00a093%")
    assert leading.parts == [[world.counties[0].name_zh, "≥\u00a095.5%"]]
    supporting = ours[Recipient(department=helper)]
    assert (supporting.role, supporting.parts) == ("配合", [])
    assert ours[Recipient(region=world.counties[1])] is None


def test_only_the_newest_version_of_a_target_counts(world):
    target = target_of(world, county(world))
    before = len(stand(world, county(world)).terms)
    target.pk, target.version, target.level = None, 2, Decimal(96)
    target.save(force_insert=True)
    make_allocation(target, region=world.counties[0], department=world.departments[0])
    terms = stand(world, county(world)).terms
    assert len(terms) == before
    assert next(term for term in terms if term.key == target.code).bound == "≥\u00a096%"


def test_an_empty_programme_has_no_letter(world):
    empty = make_programme(world.city)
    assert list_standings(empty) == []
    with pytest.raises(Invalid, match="there is nothing to issue"):
        issue_letters(programme=empty, seen=name_standings([]), write=write, by=world.office)


# ----------------------------------------------------------------------------- issuing


def test_an_issued_letter_is_kept_with_its_hashes(world):
    assert stand(world, county(world)).state is LetterState.NOT_ISSUED
    letter = issue(world, county(world))
    assert (letter.number, letter.issued_by, letter.region) == (0, world.office, world.counties[0])
    assert letter.content["recipient"]["name"] == f"{world.counties[0].name_zh}人民政府"
    assert letter.content_sha256 == hash_of(Letter.objects.get().content)
    assert (letter.file_sha256, letter.size) == (hashlib.sha256(letter.file).hexdigest(), len(letter.file))
    assert stand(world, county(world)).state is LetterState.ISSUED
    entry = AuditEntry.objects.get(event="letter_issued")
    assert entry.details == {"recipient": "县1人民政府", "number": 0, "sha256": letter.file_sha256}


def test_no_change_no_addendum_and_it_says_so(world):
    issue(world, county(world))
    with pytest.raises(Invalid, match="Nothing has changed since the letter of"):
        issue(world, county(world))
    assert Letter.objects.count() == 1


def test_a_change_makes_an_addendum_that_lists_exactly_it(world):
    target = target_of(world, county(world))
    issue(world, county(world))
    Target.objects.filter(pk=target.pk).update(level=Decimal(95), due_quarter=Quarter.of(2019, 4))
    found = stand(world, county(world))
    assert (found.state, len(found.changes)) == (LetterState.CHANGED, 2)
    letter = issue(world, county(world))
    assert letter.number == 1
    assert told(letter) == [
        ("调整", "目标值", "≥\u00a093%", "≥\u00a095%"),
        ("调整", "完成时限", "2020年底前", "2019年底前"),
    ]
    assert letter.content["since"] == timezone.localdate(letter.issued_at).isoformat()
    with pytest.raises(Invalid, match="Nothing has changed"):
        issue(world, county(world))


def test_a_second_addendum_lists_what_changed_since_the_first(world):
    target = target_of(world, county(world))
    issue(world, county(world))
    for number, level in enumerate((95, 97), start=1):
        Target.objects.filter(pk=target.pk).update(level=Decimal(level))
        letter = issue(world, county(world))
        assert letter.number == number
    assert told(letter) == [("调整", "目标值", "≥\u00a095%", "≥\u00a097%")]


def test_added_removed_and_given_to_another_department(world):
    first, second = [Target.objects.get(code=term.key) for term in stand(world, county(world)).terms[:2]]
    issue(world, county(world))
    Allocation.objects.filter(target=first, series__region=world.counties[0]).delete()
    moved = Allocation.objects.get(target=second, series__region=world.counties[0])
    was = moved.series.department
    other = next(one for one in world.departments if one != was)
    moved.delete()
    make_allocation(second, region=world.counties[0], department=other)
    added = make_target(world.programme, lead=other)
    make_allocation(added, region=world.counties[0], department=other)
    assert told(issue(world, county(world))) == [
        ("调整", "牵头部门", was.name_zh, other.name_zh),
        ("新增", "新增", "", "≥\u00a093%；2020年底前"),
        ("取消", "取消", "≥\u00a093%；2020年底前", ""),
    ]


def test_who_is_given_nothing_any_more_gets_an_addendum_that_says_so(world):
    letter = issue(world, county(world))
    Allocation.objects.filter(series__region=world.counties[0]).delete()
    found = stand(world, county(world))
    assert (found.terms, found.state) == ([], LetterState.CHANGED)
    assert {change.kind for change in found.changes} == {"取消"}
    assert len(issue(world, county(world)).content["changes"]) == len(letter.content["terms"])


def test_a_departments_letter_follows_what_its_regions_are_given(world):
    recipient = bureau(world)
    issue(world, recipient)
    allocation = Allocation.objects.filter(
        series__department=world.departments[0], series__region=world.counties[1]
    ).first()
    Allocation.objects.filter(pk=allocation.pk).update(level=Decimal(98))
    assert told(issue(world, recipient)) == [
        ("调整", f"分解到地区的目标值（{world.counties[1].name_zh}）", "≥\u00a093%", "≥\u00a098%")
    ]


def test_a_change_of_one_region_leaves_the_other_letters_alone(world):
    issue_all(world)
    allocation = Allocation.objects.filter(series__region=world.counties[1]).first()
    Allocation.objects.filter(pk=allocation.pk).update(level=Decimal(98))
    changed = {one.recipient for one in list_standings(world.programme) if one.state is LetterState.CHANGED}
    assert changed == {
        Recipient(region=world.counties[1]),
        Recipient(department=allocation.series.department),
    }
    assert [letter.number for letter in issue_all(world)] == [1, 1]


def test_all_are_issued_at_once_and_then_none_is_due(world):
    issue(world, county(world))
    letters = issue_all(world)
    assert len(letters) == len(list_standings(world.programme)) - 1
    with pytest.raises(Invalid, match="there is nothing to issue"):
        issue_all(world)


def test_all_or_none(world):
    def fail(content, number, day):
        if Letter.objects.count() == 2:
            raise RuntimeError("disk full")
        return write(content, number, day)

    with pytest.raises(RuntimeError, match="disk full"):
        issue_all(world, write=fail)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("act", [issue, lambda world, _recipient, **more: issue_all(world, **more)], ids=["one", "all"])
def test_what_moved_on_is_not_issued_unseen(world, act):
    seen = {"one": stand(world, county(world)).seen, "all": name_standings(list_standings(world.programme))}
    Target.objects.filter(pk=target_of(world, county(world)).pk).update(level=Decimal(95))
    for word in seen.values():
        with pytest.raises(Stale, match="look again"):
            act(world, county(world), seen=word)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("who", ["leader", "clerk", "reviewer", "auditor", "stranger"])
def test_only_the_leadership_office_issues(world, who):
    issue(world, county(world))  # the control: the office may
    person = getattr(world, who)
    asked = {"programme": world.programme, "quarter": Q3, "seen": "x", "by": person}
    acts = (
        lambda: issue(world, bureau(world), by=person),
        lambda: issue_all(world, by=person),
        lambda: ask_to_issue(**asked),
    )
    for act in acts:
        with pytest.raises(NotAllowed, match="Only the leadership office issues"):
            act()
    assert (Letter.objects.count(), ExportJob.objects.count()) == (1, 0)


FETCHED = [
    # who; whether the city's first bureau's, its second bureau's, the first county's, the second county's
    ("office", (1, 1, 1, 1)),
    ("leader", (1, 1, 1, 1)),
    ("clerk", (1, 0, 0, 0)),
    ("reviewer", (1, 0, 0, 0)),
    ("auditor", (0, 0, 0, 0)),
    ("stranger", (0, 0, 0, 0)),
    ("county_leader", (0, 0, 1, 0)),
    ("county_office", (0, 0, 1, 0)),
    ("county_clerk", (0, 0, 0, 0)),
]


@pytest.mark.parametrize(("who", "expected"), FETCHED)
def test_a_letter_is_handed_to_its_recipient_and_those_above(world, who, expected):
    issue_all(world)
    county_one = world.counties[0]
    world.county_leader, world.county_office = (make_user(role, at=county_one) for role in (Role.LEADER, Role.OFFICE))
    world.county_clerk = make_user(Role.CLERK, at=make_department(county_one, code="dc"))
    person = getattr(world, who)
    recipients = [*({"department": one} for one in world.departments), *({"region": one} for one in world.counties)]
    letters = [Letter.objects.get(**recipient) for recipient in recipients]
    for letter, may in zip(letters, expected, strict=True):
        assert can_fetch(person, letter) == bool(may)
        if may:
            assert record_letter_download(letter=letter, by=person) == bytes(letter.file)
        else:
            with pytest.raises(NotAllowed, match="no letter of this recipient"):
                record_letter_download(letter=letter, by=person)
    assert AuditEntry.objects.filter(event="letter_downloaded").count() == sum(expected)
    assert set(list_own_letters(person)) == {one for one, may in zip(letters, expected, strict=True) if may}


# ----------------------------------------------------------------------------- what was issued stays

CHANGES = {
    "number": 7,
    "content": {"terms": []},
    "content_sha256": "0" * 64,
    "file": b"x",
    "file_sha256": "0" * 64,
    "size": 1,
}


@pytest.mark.parametrize("column", CHANGES)
def test_nothing_issued_is_changed_by_anybody(world, column):
    letter = issue(world, county(world))
    change = {column: CHANGES[column]}
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)
    with pgtrigger.ignore("reports.Letter:never_changed"):  # the control: it is the guard that refuses
        assert Letter.objects.filter(pk=letter.pk).update(**change) == 1


def test_nothing_issued_is_removed_by_anybody(world):
    letter = issue(world, county(world))
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="is kept"), transaction.atomic():
            cursor.execute("TRUNCATE reports_letter")
    with pgtrigger.ignore("reports.Letter:never_changed"):
        assert Letter.objects.filter(pk=letter.pk).delete()[0] == 1


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"department": "a department"}, "letter_to_one_recipient"),
        ({"region": None}, "letter_to_one_recipient"),
        ({}, "letter_number_unique_for_region"),
        ({"number": 1, "file_sha256": ""}, "letter_with_hashes"),
    ],
)
def test_the_database_keeps_the_promises(world, changes, constraint):
    letter = issue(world, county(world))
    if changes.get("department"):
        changes = {"department": world.departments[0], "number": 1}
    values = {field.name: getattr(letter, field.name) for field in Letter._meta.concrete_fields if field.name != "id"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Letter.objects.create(**(values | changes))


# ----------------------------------------------------------------------------- the sentence of the page

NOT, DONE, MOVED = LetterState.NOT_ISSUED, LetterState.ISSUED, LetterState.CHANGED


@pytest.mark.parametrize(
    ("states", "english", "chinese"),
    [
        (
            [],
            "This programme gives no target to anybody yet; there is no letter to issue.",
            "本方案尚未分解目标，无责任书可签。",
        ),
        ([NOT], "1 recipient: 1 not issued.", "共 1 个责任单位：1 个未签发。"),
        (
            [DONE, DONE],
            "2 recipients: 2 issued. Nothing has changed since; no addendum is needed.",
            "共 2 个责任单位：2 个已签发。签发后目标均无变化，无须签补充责任书。",
        ),
        (
            [DONE, MOVED, NOT],
            "3 recipients: 1 issued, [[1 changed since and in need of an addendum]] and 1 not issued.",
            "共 3 个责任单位：1 个已签发，[[1 个目标有变，需签补充责任书]]，1 个未签发。",
        ),
    ],
)
def test_the_page_says_where_the_letters_stand(states, english, chinese):
    assert write_letters(states) == english
    with override("zh-hans"):
        assert write_letters(states) == chinese
