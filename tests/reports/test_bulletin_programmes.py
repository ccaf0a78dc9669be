"""Every programme makes a bulletin, and LibreOffice opens what a bulletin may hold."""

import re

import pytest
from django.utils import timezone

from departments.roles import Role
from indicators.models import Programme
from reports.bulletins import words
from reports.bulletins.document import write_bulletin
from reports.bulletins.drafting import draft
from reports.exports.job_context import make_context
from reports.models import Bulletin, ExportJob
from tests.builders import make_programme, make_user
from tests.reports import export_world
from tests.reports.libreoffice_office import convert
from tests.reports.publication_world import make_publishing_world
from tests.reports.test_documents import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def write(programme, quarter, **changes):
    """Return a draft about a quarter that is not kept, and its document."""
    user = make_user(Role.OFFICE, at=programme.region)
    title, sections = draft(make_context(ExportJob(programme=programme, quarter=quarter, asked_by=user)))
    fields = {"title": title, "sections": sections, "quarter": quarter, "edited_at": timezone.now()}
    bulletin = Bulletin(programme=programme, office=programme.office, **(fields | changes))
    return bulletin, write_bulletin(bulletin)


def test_all_five_programmes_have_a_bulletin_for_their_first_and_last_quarter():
    loaded = export_world.load_programmes()
    assert len(loaded) == 5
    for programme in loaded:
        for quarter in (programme.first_quarter, programme.last_quarter):
            bulletin, file = write(programme, quarter)
            told = "\n".join([bulletin.title, *(section["text"] for section in bulletin.sections)])
            assert [section["key"] for section in bulletin.sections] == list(words.HEADINGS)
            assert not re.search(r"None|nan|\[\[|%\(|\{", told), (programme.code, told)
            assert all(section["text"] for section in bulletin.sections), programme.code
            assert file.startswith(b"PK")
            for shares in re.findall(r"达标占([\d.]+)%、接近占([\d.]+)%、落后占([\d.]+)%、未评定占([\d.]+)%", told):
                assert round(sum(map(float, shares)), 1) == 100.0, programme.code


@pytest.mark.libreoffice
def test_libreoffice_opens_it(tmp_path):
    city = make_publishing_world()
    full, file = write(city.programme, Programme.objects.get(pk=city.programme.pk).first_quarter + 2)
    hostile = [{**one, "text": "\n".join([one["text"], *HOSTILE])} for one in full.sections]
    files = {
        "full": file,
        "hostile": write(city.programme, full.quarter, sections=hostile, title=HOSTILE[2])[1],
        "empty": write(make_programme(city.world.city), full.quarter)[1],
    }
    sources = [tmp_path / f"{name}.docx" for name in files]
    for source, content in zip(sources, files.values(), strict=True):
        source.write_bytes(content)
    convert(sources, tmp_path / "pdf", form="pdf")
    for name in files:
        assert (tmp_path / "pdf" / f"{name}.pdf").read_bytes().startswith(b"%PDF"), name
