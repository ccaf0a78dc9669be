"""The pages of layouts: the versions of a programme, and one version with what would be written where."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from qscounty.web.formats import format_number
from qscounty.web.times import format_instant
from reports.export_page import KeyForm, make_key
from reports.layouts.places import Place
from reports.layouts.vocabulary import WORDS
from reports.models import OwnLayout
from reports.own_layouts import find_used_layout
from reports.permissions import check_user_can_set_layout
from reports.scopes import PageContext


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version in the list."""

    name: str
    file_name: str
    url: str
    uploaded: str
    state: str
    code: str


@dataclass(frozen=True, kw_only=True)
class LayoutList:
    """Everything that the list shows; `problems` are those of the file that was refused last."""

    lede: str
    rows: list[VersionRow]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One name: its meaning, its cell, and whether it is the head of a column."""

    name: str
    meaning: str
    place: str
    is_column: bool


@dataclass(frozen=True, kw_only=True)
class LayoutDetail:
    """Everything that the page of one version shows; `use` is None where it is in use."""

    layout: OwnLayout
    lede: str
    sub: str
    rows: list[PlaceRow]
    key: KeyForm
    use: KeyForm | None
    file_url: str


def list_layouts(page: PageContext) -> QuerySet[OwnLayout]:
    """Return the versions of the page's programme, newest first, without their files. Raises NotAllowed."""
    check_user_can_set_layout(page.user, page.programme)
    found = OwnLayout.objects.filter(programme=page.programme).defer("file")
    return found.select_related("programme__region", "programme__office", "uploaded_by", "used_by")


def get_layout_or_404(page: PageContext, pk: int) -> OwnLayout:
    """Return a version of the page's programme; Http404 where there is none. Raises NotAllowed."""
    found = list_layouts(page).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def make_layout_list(page: PageContext, *, problems: list[str] | None = None) -> LayoutList:
    """Return the versions; two queries. Raises NotAllowed for those who may not set a layout."""
    layouts, used = list(list_layouts(page)), find_used_layout(page.programme)
    return LayoutList(
        lede=_write_lede(layouts, used),
        rows=[_make_row(page, layout, used) for layout in layouts],
        problems=problems or [],
    )


def make_layout_detail(page: PageContext, layout: OwnLayout) -> LayoutDetail:
    """Return one version, with the cells of its names sheet by sheet, as one reads them."""
    places = [Place.load(stored) for stored in layout.places]
    is_used = find_used_layout(page.programme) == layout
    words = {"version": layout.version, "count": len(places)}
    lede = _("Version %(version)d is in use: %(count)d cells and columns are filled.") if is_used else ""
    return LayoutDetail(
        layout=layout,
        lede=(lede or _("Version %(version)d would fill %(count)d cells and columns; look, then use it.")) % words,
        sub=f"{layout.file_name} · {layout.uploaded_by} · {format_instant(layout.uploaded_at)}",
        rows=[_show_place(place) for place in _order(places)],
        key=make_key(),
        use=None if is_used else make_key(),
        file_url=page.link("reports:layout-file", layout.pk),
    )


def _order(places: list[Place]) -> list[Place]:
    """Return the places by sheet, row and column; the sheets in the order in which the vocabulary first names them."""
    sheets = list(dict.fromkeys(place.sheet for place in places))
    return sorted(places, key=lambda place: (sheets.index(place.sheet), place.row, place.column))


def _show_place(place: Place) -> PlaceRow:
    word = WORDS[place.name]
    return PlaceRow(place.name, word.meaning, f"{place.sheet}!{place.cell}", bool(word.block))


def _write_lede(layouts: list[OwnLayout], used: OwnLayout | None) -> str:
    if used is not None:
        words = {"version": used.version, "time": format_instant(used.used_at)}
        return _("Version %(version)d is in use since %(time)s.") % words
    if layouts:
        return _("No layout is in use yet; look at the newest version and use it.")
    return _("No layout of your own yet; download the example, put your names in your sheet and upload it.")


def _make_row(page: PageContext, layout: OwnLayout, used: OwnLayout | None) -> VersionRow:
    state = _("Not used")
    if layout.used_at is not None:
        use = _("In use") if layout == used else _("Used before")
        state = f"{use} · {layout.used_by}"
    return VersionRow(
        name=_("Version %(version)d") % {"version": layout.version},
        file_name=f"{layout.file_name} · {format_number(layout.size / 1000, 0)} kB",
        url=page.link("reports:layout", layout.pk),
        uploaded=f"{layout.uploaded_by} · {format_instant(layout.uploaded_at)}",
        state=state,
        code=layout.sha256,
    )
