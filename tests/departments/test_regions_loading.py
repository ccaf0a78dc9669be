"""The regions file comes into the database once, and again without a change."""

import pytest

from departments.actions.regions import REGIONS_FILE, load_regions
from departments.models import AuditEntry, Region
from departments.models.region import Level

pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing():
    count = load_regions()
    assert Region.objects.count() == count
    before = list(Region.objects.order_by("pk").values_list())
    load_regions()
    assert list(Region.objects.order_by("pk").values_list()) == before
    assert AuditEntry.objects.filter(event="regions_loaded").count() == 1


def test_a_changed_row_is_brought_in_line():
    load_regions()
    Region.objects.filter(code="1404").update(name_zh="长冶市")
    load_regions()
    assert Region.objects.get(code="1404").name_zh == "长治市"


@pytest.mark.parametrize(
    ("code", "level", "count"),
    [
        pytest.param("33", Level.CITY, 11, id="cities of Zhejiang"),
        pytest.param("33", Level.COUNTY, 90, id="counties of Zhejiang in 2012"),
        pytest.param("1404", Level.COUNTY, 13, id="counties of Changzhi in 2015"),
        pytest.param("330727", Level.TOWNSHIP, 14, id="townships of Pan'an"),
    ],
)
def test_regions_below(code, level, count):
    load_regions()
    assert Region.objects.below(code, level).count() == count


def test_parents_are_prefixes():
    load_regions()
    for region in Region.objects.select_related("parent").exclude(parent=None):
        assert region.code.startswith(region.parent.code)


def test_names_follow_the_language(settings):
    from django.utils import translation

    load_regions()
    county = Region.objects.get(code="330122")
    with translation.override("zh-hans"):
        assert (str(county), county.short_name) == ("桐庐县", "桐庐")
    with translation.override("en"):
        assert str(county) == "Tonglu County"


def test_a_broken_file_changes_nothing(tmp_path):
    text = REGIONS_FILE.read_text(encoding="utf-8").replace("3301,33,", "3301,99,", 1)
    broken = tmp_path / "regions.csv"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(KeyError):
        load_regions(path=broken)
    assert not Region.objects.exists()
