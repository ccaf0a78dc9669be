"""What a page is about: programme, quarter and basis from its address, within what the person may see."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from departments.errors import Invalid
from departments.models import Department, Region, User
from departments.permissions import Scope, scope_of
from departments.roles import Permission
from indicators.engine.period import Quarter
from indicators.models import Programme
from indicators.models.rollup import RollUp
from indicators.selectors.calendar import list_opened_quarters
from indicators.selectors.programmes import is_whole_programme_visible, list_programmes
from qscounty.web.addresses import find_address
from qscounty.web.formats import format_quarter
from reports.catalogue_copies import CatalogueCopy, load_copy
from reports.editions import list_published
from reports.models import Publication
from reports.stamps import Moment, read_moment, recall

APPROVED = "approved"
_EDITION = re.compile(r"publication-([1-9][0-9]{0,3})")


@dataclass(frozen=True, kw_only=True)
class PageContext:
    """Everything that the header chooses, and what of it the person sees.

    `department_ids` None stands for every department; otherwise only these exist. `root` is the region at
    which the person's view begins: the programme's own, or the one of the person's department.
    `quarters` are those with results, oldest first. `editions` are the quarter's publications, newest first;
    `publication` is the one that the page shows, None for approved figures as they stand.
    """

    user: User
    scope: Scope
    programmes: list[Programme]
    programme: Programme
    quarters: list[Quarter]
    quarter: Quarter
    basis: str
    root: Region
    department_ids: frozenset[int] | None = None
    departments: list[Department] = field(default_factory=list)
    editions: list[Publication] = field(default_factory=list)
    publication: Publication | None = None
    frozen: CatalogueCopy | None = None
    moment: Moment | None = None

    @property
    def snapshot(self) -> str:
        """How the database stood when the page was asked for; "" where that is not known, or not to be relied on."""
        return self.moment.snapshot if self.moment else ""

    @cached_property
    def state(self) -> dict[str, str]:
        """The query string that every link keeps."""
        return {"programme": self.programme.code, "quarter": str(self.quarter), "basis": self.basis}

    def link(self, name: str, *args: object, **query: object) -> str:
        """Return the address of a page with the header's state, and with `query` beside it."""
        path = find_address(name, args)
        if not query:
            return f"{path}?{self._query}"
        if not self.state.keys() & query.keys():
            return f"{path}?{self._query}&{urlencode(query)}"
        pairs = self.state | {key: str(value) for key, value in query.items()}
        if pairs["quarter"] != self.state["quarter"] and "basis" not in query:
            pairs["basis"] = APPROVED  # an edition is one of its own quarter
        return f"{path}?{urlencode(pairs)}"

    @cached_property
    def _query(self) -> str:
        return urlencode(self.state)

    @property
    def copy(self) -> CatalogueCopy:
        """The catalogue that the edition was published with; only where there is a publication."""
        if self.frozen is None:
            raise ValueError("Approved figures are read with the catalogue as it stands.")
        return self.frozen

    @property
    def sees_all(self) -> bool:
        """Whether the person sees every department of the programme."""
        return self.department_ids is None

    @property
    def quarter_before(self) -> Quarter:
        """The quarter with which changes compare."""
        return self.quarter - 1


def get_context_or_404(
    request: HttpRequest, *, programme_code: str = "", edition: int | None = None, moment: Moment | None = None
) -> PageContext:
    """Return what the page is about; `programme_code` where the page itself belongs to one programme.

    `edition` where the address itself names one of the quarter's publications, `moment` where it is known already how
    the database stands. Http404 for an edition that is not there, for a programme out of scope and where the person
    sees none; Invalid, with a sentence that names the field and the remedy, for a quarter or basis that cannot be.
    """
    user = request.user
    if not isinstance(user, User):
        raise Http404
    scope, moment = scope_of(user), moment or read_moment()
    programmes = recall(("programmes", scope), lambda: list(list_programmes(user)), moment=moment)
    programme = _choose_programme(programmes, programme_code or request.GET.get("programme", ""))
    mine = None if is_whole_programme_visible(scope, programme) else scope.departments_for(Permission.VIEW_RESULTS)
    departments = [] if mine is None else list(Department.objects.filter(pk__in=mine).select_related("region"))
    root = choose_root(programme, departments)
    quarters = recall(
        ("quarters", programme.pk, root.pk, mine),
        lambda: list_quarters(programme=programme, root=root, department_ids=mine),
        moment=moment,
    )
    quarter = _choose_quarter(request.GET.get("quarter", ""), programme=programme, quarters=quarters)
    editions = recall(
        ("editions", programme.pk, quarter), lambda: list_published(programme=programme, quarter=quarter), moment=moment
    )
    publication = _choose_edition(request.GET.get("basis", ""), editions) if edition is None else None
    if edition is not None:
        publication = _find_edition_or_404(edition, editions)
    frozen = load_copy(publication) if publication else None
    return PageContext(
        user=user,
        scope=scope,
        programmes=programmes,
        programme=frozen.programme if frozen else programme,
        quarters=quarters,
        quarter=quarter,
        basis=publication.basis if publication else APPROVED,
        editions=editions,
        publication=publication,
        frozen=frozen,
        root=frozen.regions.get(root.pk, root) if frozen else root,
        department_ids=mine,
        departments=departments,
        moment=moment,
    )


def list_quarters(*, programme: Programme, root: Region, department_ids: frozenset[int] | None) -> list[Quarter]:
    """Return the quarters in which anything was rated, oldest first."""
    rated = find_rated_quarters(programme=programme, root=root, department_ids=department_ids)
    return list(rated.order_by("quarter").values_list("quarter", flat=True))


def find_rated_quarters(
    *, programme: Programme, root: Region, department_ids: frozenset[int] | None
) -> QuerySet[RollUp, Any]:
    """Return the same unread, one row of `quarter` for each, so that several programmes' can be asked for at once."""
    rows = RollUp.objects.filter(programme=programme, region=root, domain=0)
    rows = rows.filter(department=0) if department_ids is None else rows.filter(department__in=department_ids)
    return rows.exclude(green=0, amber=0, red=0, not_computable=0).order_by().values("quarter").distinct()


def _choose_programme(programmes: list[Programme], code: str) -> Programme:
    chosen = [programme for programme in programmes if programme.code == code] if code else programmes
    if not chosen:
        raise Http404
    return chosen[0]


def choose_root(programme: Programme, departments: list[Department]) -> Region:
    """Return where the person's view of a programme begins.

    That is the department's region where it lies below the programme's: roll-ups of it begin there.
    """
    below = {d.region_id: d.region for d in departments if d.region.code.startswith(programme.region.code)}
    return next(iter(below.values())) if len(below) == 1 else programme.region


def _choose_quarter(text: str, *, programme: Programme, quarters: list[Quarter]) -> Quarter:
    first, last = programme.first_quarter, programme.last_quarter
    if not text:
        opened = quarters or [quarter for quarter in list_opened_quarters(programme) if first <= quarter <= last]
        return opened[-1] if opened else first
    try:
        quarter = Quarter.parse(text)
    except ValueError as error:
        raise Invalid(
            _("Quarter: “%(text)s” is not a quarter; write it like 2018Q3, or choose one in the header.")
            % {"text": text}
        ) from error
    if not first <= quarter <= last:
        raise Invalid(
            _("Quarter: the programme runs from %(first)s to %(last)s; choose a quarter within.")
            % {"first": format_quarter(first.year, first.number), "last": format_quarter(last.year, last.number)}
        )
    return quarter


def _choose_edition(text: str, editions: list[Publication]) -> Publication | None:
    """Return the edition that the address names, None for approved figures as they stand."""
    if text in ("", APPROVED):
        return None
    named = _EDITION.fullmatch(text)
    found = [edition for edition in editions if named and edition.edition == int(named[1])]
    if not found:
        raise Invalid(_("Basis: “%(text)s” is not known for this quarter; choose one in the header.") % {"text": text})
    return found[0]


def _find_edition_or_404(number: int, editions: list[Publication]) -> Publication:
    found = [edition for edition in editions if edition.edition == number]
    if not found:
        raise Http404
    return found[0]
