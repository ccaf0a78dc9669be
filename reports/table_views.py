"""The lists as workbooks: exactly what their pages show, of all pages."""

import tempfile

from django.http import FileResponse, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from departments.actions.account import keep_columns
from departments.errors import Invalid
from indicators.views.answers import signed_in
from qscounty.web.addresses import find_address
from qscounty.web.formats import format_quarter
from qscounty.web.sentences import drop_emphasis
from reports.actions.table_exports import export_table
from reports.export_job_views import WORKBOOK
from reports.exports import cell_table, result_table
from reports.exports.list_sheet import ListSheet, write_list_sheet
from reports.lists import SliceList, make_department_list, make_region_list
from reports.pickers import name_basis
from reports.scopes import PageContext, get_context_or_404
from reports.target_list import CHOOSABLE, COLUMNS, ResultList, make_result_list, read_columns
from reports.views import reads

LONGEST_QUERY = 500
"""Characters of the address that the trail keeps."""


@require_GET  # a HEAD would leave an entry in the trail and hand nothing out
@reads
def download_targets(request: HttpRequest) -> HttpResponseBase:
    """The list that the address names; a choice that does not exist is refused, not exported as everything."""
    page = get_context_or_404(request)
    found = make_result_list(page, request.GET)
    if not found.filter.form.is_valid():
        raise Invalid(" ".join(error for errors in found.filter.form.errors.values() for error in errors))
    return _hand_out(request, page, make_sheet(page, found))


@require_POST
def keep_target_columns(request: HttpRequest) -> HttpResponseBase:
    """Keep the columns that are named, or all again, and go back to the list; it is everybody's own choice."""
    named = () if "reset" in request.POST else read_columns(request.POST.getlist(COLUMNS))
    keep_columns(columns=() if named == CHOOSABLE else named, by=signed_in(request))
    address = QueryDict(request.POST.get("address", "")[:LONGEST_QUERY], mutable=True)
    for key in (COLUMNS, "page"):
        address.pop(key, None)
    return redirect(f"{find_address('reports:target-list')}?{address.urlencode()}")


@require_GET
@reads
def download_regions(request: HttpRequest) -> HttpResponseBase:
    """The regions, in the order that the address names."""
    page = get_context_or_404(request)
    return _hand_out(request, page, make_cell_sheet(page, make_region_list(page, request.GET)))


@require_GET
@reads
def download_departments(request: HttpRequest) -> HttpResponseBase:
    """The departments, in the order that the address names."""
    page = get_context_or_404(request)
    return _hand_out(request, page, make_cell_sheet(page, make_department_list(page, request.GET)))


def _hand_out(request: HttpRequest, page: PageContext, sheet: ListSheet) -> HttpResponseBase:
    """Answer with the file, once the act is in the trail."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    try:
        export_table(
            programme=page.programme,
            quarter=page.quarter,
            rows=len(sheet.rows),
            query=request.get_full_path()[:LONGEST_QUERY],
            write=lambda: write_list_sheet(sheet, file),
            by=page.user,
        )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{page.programme.short_name}_{page.quarter}_{sheet.name}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=WORKBOOK)


def make_sheet(page: PageContext, found: ResultList) -> ListSheet:
    """Return the sheet of a list; what stands beneath a target's name on the page has columns of its own."""
    columns: list[tuple[str, str]] = []
    for column in found.table.columns:
        columns.append((column.name, str(column.header)))
        if column.name == "name":
            columns += [("clause", pgettext("heading", "Clause")), ("bound", pgettext("fact", "Level"))]
    return ListSheet(
        name=pgettext("found", "Targets"),
        title=str(drop_emphasis(found.lede)),
        note=" · ".join([*_tell(page), *list_choices(found)]),
        columns=columns,
        rows=list(found.table.data),
        at=timezone.now(),
        cells=result_table.CELLS,
        widths=result_table.WIDTHS,
    )


def make_cell_sheet(page: PageContext, found: SliceList) -> ListSheet:
    """Return the sheet of regions or departments; what stands in one cell of the page has columns of its own."""
    columns = {column.name: str(column.header) for column in found.table.columns}
    return ListSheet(
        name=found.title,
        title=str(drop_emphasis(found.lede)),
        note=" · ".join(_tell(page)),
        columns=list(cell_table.list_columns(list(columns), list(columns.values()))),
        rows=list(found.table.data),
        at=timezone.now(),
        cells=cell_table.list_cells(list(columns)[1:]),
        widths=cell_table.WIDTHS,
    )


def _tell(page: PageContext) -> list[str]:
    return [page.programme.name, format_quarter(page.quarter.year, page.quarter.number), name_basis(page)]


def list_choices(found: ResultList) -> list[str]:
    """Return what is chosen above the list, each as “Rating: red” in the words of the page."""
    told = []
    for field in found.filter.form:
        value = found.filter.form.cleaned_data.get(field.name)
        if value:
            told.append(f"{field.label}: {dict(getattr(field.field, 'choices', ())).get(value, value)}")
    return told
