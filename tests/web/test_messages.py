"""Every message of the code has its Chinese, written as an office writes it; English is the source."""

import re

import polib
import pytest

from tests.web.collect_messages import CATALOGUE, Message, collect_messages, read_python, read_template

ENTRIES = list(polib.pofile(str(CATALOGUE)))
_HOLES = re.compile(r"%\(\w+\)[a-z0-9]+|%%|\[\[|\]\]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def wordings(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())


def test_no_message_lacks_its_chinese():
    known = {(entry.msgctxt or "", entry.msgid) for entry in ENTRIES if all(wordings(entry))}
    lacking = {
        message.text: places
        for message, places in collect_messages().items()
        if (message.context, message.text) not in known
    }
    assert not lacking, f"{len(lacking)} messages without Chinese: {dict(list(lacking.items())[:5])}"


def test_the_catalogue_has_nothing_fuzzy_twice_or_unused():
    wanted = {(message.context, message.text) for message in collect_messages()}
    keys = [(entry.msgctxt or "", entry.msgid) for entry in ENTRIES if "package" not in entry.tcomment]
    assert not [entry.msgid for entry in ENTRIES if entry.fuzzy or entry.obsolete]
    assert len(keys) == len(set(keys))
    assert not set(keys) - wanted


@pytest.mark.parametrize(
    "entry", [pytest.param(entry, id=entry.msgid[:40]) for entry in ENTRIES if "%(" in entry.msgid]
)
def test_every_hole_is_filled_in_chinese_too(entry):
    for wording in wordings(entry):
        holes = set(_HOLES.findall(wording))
        assert holes <= set(_HOLES.findall(entry.msgid + entry.msgid_plural)) | {"[[", "]]"}
        assert set(_HOLES.findall(entry.msgid)) <= holes
        assert wording.count("[[") == wording.count("]]")


def test_chinese_sentences_bear_chinese_punctuation():
    wrong = [
        wording
        for entry in ENTRIES
        for wording in wordings(entry)
        if _CHINESE.search(wording)
        and re.search(r"[\u4e00-\u9fff][,;:!?]|[,;!?][\u4e00-\u9fff]|[\u4e00-\u9fff]\.$", wording)
    ]
    assert not wrong


def test_the_collector_reads_every_form_of_call():
    source = (
        "from django.utils.translation import gettext as _, pgettext_lazy as lazy\n"
        "_('one'); lazy('where', 'two'); ngettext('a', 'many', n); npgettext('c', 's', 'p', n); _(name)"
    )
    assert set(read_python(source)) == {
        Message("", "one"),
        Message("where", "two"),
        Message("", "a", "many"),
        Message("c", "s", "p"),
    }


def test_the_collector_reads_templates():
    source = (
        "{% load i18n %}{% translate 'It (really) works' %}{% translate 'b' context 'c' %}"
        "{% blocktranslate count n=x %}one{% plural %}{{ n }} of them{% endblocktranslate %}"
    )
    assert set(read_template(source)) == {
        Message("", "It (really) works"),
        Message("c", "b"),
        Message("", "one", "%(n)s of them"),
    }
