"""Anchors: what a chain alone cannot show, a rewritten or an older whole, is found by comparison. Cases T21, T52."""

import json
import logging
from io import StringIO

import pgtrigger
import pytest
from django.core.management import call_command

from departments.actions import audit
from departments.actions.acts import act
from departments.actions.anchors import anchor_after_commit, anchor_audit
from departments.anchors import Anchor, append_anchors, list_files, read_anchors
from departments.chain import NO_PREVIOUS, digest_of
from departments.models import AuditChain, AuditEntry
from departments.selectors.trail import find_anchor_breaks, find_chain_breaks
from departments.tasks import anchor_audit as anchor_task
from tests.builders import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory(tmp_path, settings):
    settings.ANCHOR_DIRECTORY = tmp_path / "anchors"
    return settings.ANCHOR_DIRECTORY


@act
def record(count: int, department_id: int | None = None) -> None:
    for number in range(count):
        audit.record(audit.Act(event=f"event_{number}", department_id=department_id))


def read(directory) -> list[Anchor | str]:
    return [line for path in list_files(directory) for line in read_anchors(path)]


def read_sound(directory) -> list[Anchor]:
    found = read(directory)
    assert all(isinstance(line, Anchor) for line in found)
    return found


def rewrite(*, from_position: int) -> None:
    """Do what the owner of the database can: change an entry, and chain everything behind it anew."""
    with pgtrigger.ignore():
        for chain in AuditChain.objects.all():
            previous = NO_PREVIOUS
            for entry in AuditEntry.objects.filter(chain=chain).order_by("position"):
                if entry.position >= from_position:
                    entry.event = "nothing_happened"
                    entry.digest = digest_of(entry, previous=previous)
                    entry.save()
                previous = entry.digest
            AuditChain.objects.filter(pk=chain.pk).update(head=previous)


def restore(*, length: int) -> None:
    """Put the trail back to an earlier state, as restoring a backup does."""
    with pgtrigger.ignore():
        for chain in AuditChain.objects.all():
            AuditEntry.objects.filter(chain=chain, position__gt=length).delete()
            head = AuditEntry.objects.get(chain=chain, position=length).digest
            AuditChain.objects.filter(pk=chain.pk).update(head=head, length=length)


def test_each_chain_that_moved_is_anchored_once(directory):
    record(3)
    record(2, make_department().pk)
    assert anchor_audit() == 2
    assert anchor_audit() == 0
    record(1)
    assert anchor_audit() == 1
    assert [anchor.length for anchor in read_sound(directory)] == [3, 2, 4]
    assert list(find_anchor_breaks(read_sound(directory))) == []


@pytest.mark.parametrize(
    ("tamper", "word"),
    [
        (lambda: rewrite(from_position=1), "rewritten"),
        (lambda: rewrite(from_position=5), "rewritten"),
        (lambda: restore(length=4), "older"),
        (lambda: restore(length=1), "older"),
    ],
    ids=["all rewritten", "the last rewritten", "one entry fewer", "much older"],
)
def test_a_rewritten_or_restored_trail_holds_by_itself_and_differs_from_its_anchors(directory, tamper, word):
    record(5)
    anchor_audit()
    tamper()
    assert list(find_chain_breaks()) == [], "negative control: without anchors nothing is noticed"
    (sentence,) = find_anchor_breaks(read_sound(directory))
    assert word in sentence
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_audit", stdout=StringIO())


def test_what_was_written_after_the_anchor_may_be_rewritten_unnoticed(directory):
    """The bound of the method, and why it is anchored every ten minutes and at each publication."""
    record(3)
    anchor_audit()
    record(2)
    rewrite(from_position=4)
    assert list(find_anchor_breaks(read_sound(directory))) == []


def test_a_chain_that_is_gone_is_found(directory):
    record(2)
    anchor_audit()
    with pgtrigger.ignore():
        AuditEntry.objects.all().delete()
        AuditChain.objects.all().delete()
    assert len(list(find_anchor_breaks(read_sound(directory)))) == 1


def alter(lines: list[bytes]) -> list[bytes]:
    changed = json.loads(lines[1]) | {"length": 1}
    return [lines[0], json.dumps(changed, sort_keys=True, separators=(",", ":")).encode(), *lines[2:]]


@pytest.mark.parametrize(
    ("tamper", "word"),
    [
        (alter, "line 3 does not follow"),
        (lambda lines: lines[:1] + lines[2:], "line 2 does not follow"),
        (lambda lines: lines[1:], "line 1 does not follow"),
        (lambda lines: [*lines[:2], lines[2][:20]], "line 3 cannot be read"),
        (lambda lines: [lines[0], b"[]", *lines[2:]], "line 2 cannot be read"),
    ],
    ids=["altered", "one taken out", "the first taken out", "torn", "another thing"],
)
def test_a_file_that_was_tampered_with_says_so_itself(directory, tamper, word):
    for _round in range(3):
        record(1)
        anchor_audit()
    (path,) = list_files(directory)
    path.write_bytes(b"\n".join(tamper(path.read_bytes().splitlines())) + b"\n")
    assert any(isinstance(line, str) and word in line for line in read(directory))


def test_writing_goes_on_behind_a_torn_line(directory):
    record(1)
    anchor_audit()
    (path,) = list_files(directory)
    path.write_bytes(path.read_bytes() + b'{"at":"20')
    record(1)
    anchor_audit()
    found = read(directory)
    assert [type(line) for line in found] == [Anchor, str, Anchor]
    assert found[1].endswith("line 2 cannot be read.")


def test_two_files_hold_two_months(tmp_path):
    first = Anchor(at="2026-11-30T23:59:59+00:00", chain=1, length=1, head="a" * 64)
    append_anchors(tmp_path / "audit-2026-11.jsonl", [first])
    append_anchors(tmp_path / "audit-2026-12.jsonl", [first])
    assert read(tmp_path) == [first, first]


def test_anchors_go_to_the_journal_too(caplog):
    record(2)
    with caplog.at_level(logging.INFO, logger="departments.actions.anchors"):
        anchor_task()
    chain = AuditChain.objects.get()
    assert f"{chain.pk}:2:{chain.head}" in caplog.text


def test_verify_audit_says_what_it_compared_with(directory, tmp_path):
    record(2)
    told = StringIO()
    call_command("verify_audit", stdout=told)
    assert "No anchors in" in told.getvalue()
    call_command("anchor_audit", stdout=told)
    call_command("verify_audit", stdout=told)
    assert "1 anchors hold too" in told.getvalue()
    copied = tmp_path / "elsewhere"
    directory.rename(copied)
    restore(length=1)
    with pytest.raises(SystemExit):
        call_command("verify_audit", anchors=copied, stdout=told)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fails", [False, True])
def test_an_act_is_anchored_after_its_commit_and_only_then(directory, fails):
    @act
    def publish():
        record(1)
        anchor_after_commit()
        assert list_files(directory) == []
        if fails:
            raise ValueError("undone")

    if fails:
        with pytest.raises(ValueError, match="undone"):
            publish()
        assert list_files(directory) == []
    else:
        publish()
        assert [anchor.length for anchor in read_sound(directory)] == [1]


@pytest.mark.django_db(transaction=True)
def test_a_directory_that_cannot_be_written_fails_no_act(directory, caplog):
    directory.write_text("a file is in the way")

    @act
    def publish():
        record(1)
        anchor_after_commit()

    publish()
    assert AuditEntry.objects.count() == 1
    assert "anchor_audit" in caplog.text
