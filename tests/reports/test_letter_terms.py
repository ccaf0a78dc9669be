"""How a letter says each kind of target, and that every recipient of all five programmes has a letter to sign."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils.translation import override

from indicators.engine.target import Basis, Comparator, Scale
from indicators.models import Programme
from reports.documents.blocks import Grid, Paragraph, Signatures
from reports.letters.document import compose_letter
from reports.letters.terms import Recipient, freeze, freeze_terms, load_terms
from tests.builders import make_allocation, make_indicator, make_target, make_world

pytestmark = pytest.mark.django_db

COUNT = {"is_counted": False, "unit_zh": "个"}
YES_NO = {"is_counted": False, "scale": Scale.YES_NO.value, "unit_zh": "是（1）否（0）"}


@pytest.fixture
def world():
    return make_world(counties=1)


@pytest.mark.parametrize(
    ("indicator", "fields", "own", "bound"),
    [
        pytest.param({}, {}, {}, "≥ 93%", id="at least"),
        pytest.param({}, {"comparator": Comparator.ABOVE.value}, {}, "> 93%", id="above"),
        pytest.param({}, {"comparator": Comparator.AT_MOST.value}, {}, "≤ 93%", id="at most"),
        pytest.param({}, {"level": Decimal("98.50")}, {}, "≥ 98.5%", id="digits as given"),
        pytest.param({}, {}, {"level": Decimal(0)}, "≥ 0%", id="an own level of zero is a level"),
        pytest.param({}, {"level": None, "doubt_zh": "由省下达"}, {}, "待定", id="awaited"),
        pytest.param(
            {}, {"level": None, "doubt_zh": "由省下达"}, {"level": Decimal(90)}, "≥ 90%", id="awaited, given to one"
        ),
        pytest.param(
            COUNT,
            {"comparator": Comparator.BETWEEN.value, "level": Decimal(1), "level_hi": Decimal(3)},
            {},
            "1–3 个",
            id="between",
        ),
        pytest.param(COUNT, {"level": Decimal(12000)}, {}, "≥ 12 000 个", id="thousands"),
        pytest.param(YES_NO, {"level": Decimal(1)}, {}, "完成", id="done or not"),
        pytest.param(COUNT, {"basis": Basis.RANK.value, "comparator": 3, "level": Decimal(2)}, {}, "位", id="rank"),
        pytest.param(COUNT, {"basis": Basis.GROWTH.value, "level": Decimal(18)}, {}, "18%", id="growth"),
    ],
)
def test_every_kind_of_bound_is_written_as_on_the_pages(world, indicator, fields, own, bound):
    lead = world.departments[0]
    target = make_target(world.programme, lead=lead, indicator=make_indicator(**indicator), **fields)
    make_allocation(target, region=world.counties[0], department=lead, **own)
    with override("en"):  # documents are Chinese whatever the reader's language
        terms = load_terms(world.programme)[Recipient(region=world.counties[0])]
    said = re.sub("[\u00a0\u202f]", " ", next(term.bound for term in terms if term.key == target.code))
    if fields.get("basis"):
        assert bound in said
    else:
        assert said == bound


def test_frozen_terms_are_plain_text(world):
    for terms in load_terms(world.programme).values():
        for term in freeze_terms(terms):
            flag = term.pop("is_decomposed_for_show")
            parts = term.pop("parts")
            assert flag in (True, False)
            assert all(isinstance(word, str) for part in parts for word in part)
            assert all(isinstance(value, str) for value in term.values())


@pytest.mark.slow
def test_every_recipient_of_all_five_programmes_has_a_letter():
    call_command("load_programmes", stdout=io.StringIO())
    programmes = list(Programme.objects.select_related("region", "office"))
    assert len(programmes) == 5
    for programme in programmes:
        terms = load_terms(programme)
        assert terms, programme.code
        for recipient, mine in terms.items():
            content = freeze(programme=programme, recipient=recipient, terms=mine, changes=[])
            blocks = list(compose_letter(content, 0, date(2018, 10, 18)))
            numbers = [
                row[0] for block in blocks if isinstance(block, Grid) and "序号" in block.heads for row in block.rows
            ]
            assert numbers == [str(number + 1) for number in range(len(mine))], (programme.code, recipient.name_zh)
            text = " ".join(block.text for block in blocks if isinstance(block, Paragraph))
            assert not re.search(r"None|nan|\{|\}", text)
            assert isinstance(blocks[-1], Signatures)
