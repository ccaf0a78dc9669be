"""What a recompute writes, and above all what it leaves alone."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from indicators.actions import recompute_finish, recompute_scope
from indicators.actions.recompute import (
    forget_results,
    process_due_requests,
    recompute_now,
    request_opened_quarters,
    request_scope_recompute,
    request_series_recompute,
)
from indicators.actions.recompute_queue import claim
from indicators.actions.verification import verify_and_repair
from indicators.models import Attainment, RecomputeRequest, ResultState, RollUp, Target
from indicators.models.recompute_request import RequestState
from indicators.selectors.verification import find_differences
from tests.oracle import list_wrong_results, list_wrong_rollups
from tests.recompute_world import add_figures, list_open_requests, make_random_world, read_results

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_random_world(21, targets=6, quarters=5)


@pytest.fixture
def computed(world):
    recompute_now()
    return world


def read_places():
    """Return where every row of results and roll-ups lies: a row that is written anew lies elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid, ctid, xmin FROM indicators_attainment ORDER BY 1, 2")
        results = cursor.fetchall()
        cursor.execute("SELECT tableoid, ctid, xmin FROM indicators_rollup ORDER BY 1, 2")
        return results, cursor.fetchall()


def _find_cell(world):
    return RollUp.objects.by_domain().filter(programme=world.programme).first().pk


def assert_right(world):
    for programme in (world.programme, world.county_programme):
        assert list_wrong_results(programme) == []
        assert list_wrong_rollups(programme) == []


# ---- Nothing without a cause


def test_unchanged_inputs_write_nothing(computed):
    before = read_places()
    states = list(ResultState.objects.order_by("pk").values_list())
    assert recompute_now().changed == 0
    request_series_recompute(series_ids=[series.pk for series in computed.series()])
    process_due_requests()
    assert read_places() == before
    assert list(ResultState.objects.order_by("pk").values_list()) == states


def test_one_approval_writes_its_own_rows_only(computed):
    before = set(map(tuple, read_places()[0]))
    (series,) = computed.rng.sample(computed.series(), 1)
    own = Attainment.objects.filter(allocation__series=series).count()
    request_series_recompute(series_ids=add_figures(computed, [(series, computed.quarters[-1])]))
    process_due_requests()
    after = set(map(tuple, read_places()[0]))
    assert 0 < len(before - after) == len(after - before) <= own // len(computed.quarters) + 1
    assert_right(computed)


def test_a_taken_back_figure_is_not_reported_again(computed):
    from indicators.actions.approvals import add_revisions
    from indicators.engine.target import Gap
    from indicators.models import ApprovedFigure

    rated = Attainment.objects.filter(gap=0, quarter=computed.quarters[-1]).first()
    current = ApprovedFigure.objects.get(series=rated.allocation.series, quarter=computed.quarters[-1], is_current=True)
    add_revisions(
        [
            ApprovedFigure(
                series=current.series,
                quarter=current.quarter,
                revision=current.revision + 1,
                origin="demonstration",
                approved_at=current.approved_at,
            )
        ]
    )
    request_series_recompute(series_ids=[current.series_id])
    process_due_requests()
    assert Attainment.objects.get(pk=rated.pk).gap == Gap.NOT_REPORTED
    assert_right(computed)


# ---- Scopes


def test_a_region_brings_along_what_lies_below_it_and_nothing_else(computed):
    county, township = computed.regions[1], computed.regions[-1]
    inside, outside = [], []
    for series in computed.series():
        (inside if series.region_id in (county.pk, township.pk) else outside).append(series)
    add_figures(computed, [(series, computed.quarters[-1]) for series in inside + outside])
    before = read_results()[0]
    recompute_now(region=county)
    changed = {row["region_id"] for row, old in zip(read_results()[0], before, strict=True) if row != old}
    assert changed == {county.pk, township.pk}
    assert list_wrong_rollups(computed.programme) == []
    recompute_now()
    assert_right(computed)


def test_quarters_outside_the_range_stay_as_they_are(computed):
    first, last = computed.quarters[1], computed.quarters[2]
    Target.objects.filter(programme=computed.programme, level__isnull=False, level_hi=None).update(level=11)
    before = read_results()[0]
    recompute_now(programme=computed.programme, quarters=(first, last))
    changed = {row["quarter"] for row, old in zip(read_results()[0], before, strict=True) if row != old}
    assert changed == {first.ordinal, last.ordinal}
    assert list_wrong_rollups(computed.programme) == []
    recompute_now()
    assert_right(computed)


def test_a_removed_allocation_takes_its_results_and_sums_along(computed):
    gone = computed.allocations[0]
    Attainment.objects.get(allocation=gone, quarter=computed.quarters[0])
    results = Attainment.objects.filter(allocation_id=gone.pk)
    states = ResultState.objects.filter(allocation_id=gone.pk)
    gone.delete()
    assert results.exists(), "they wait for the recompute"
    recompute_now()
    assert not results.exists()
    assert not states.exists()
    assert_right(computed)


def test_a_quarter_that_opens_asks_for_itself(computed):
    assert request_opened_quarters() == 0
    window = computed.programme.reporting_quarters.get(quarter=computed.quarters[-1] + 1)
    type(window).objects.filter(pk=window.pk).update(opens_on="2016-01-01")
    assert request_opened_quarters() == 1
    process_due_requests()
    assert request_opened_quarters() == 0
    assert Attainment.objects.filter(quarter=window.quarter).exists()
    assert list_wrong_results(computed.programme) == []


def test_a_programme_whose_first_quarter_has_not_opened_has_no_results(world):
    world.programme.reporting_quarters.update(opens_on="2098-01-01", due_on="2098-02-01", closes_on="2098-03-01")
    assert recompute_now(programme=world.programme).state is RequestState.DONE
    assert not Attainment.objects.exists()
    assert not RollUp.objects.exists()


# ---- Large and small


@pytest.mark.parametrize("part_rows", [1, 30, 10_000])
def test_parts_of_any_size_come_to_the_same(world, monkeypatch, part_rows):
    monkeypatch.setattr(recompute_scope, "PART_ROWS", part_rows)
    recompute_now()
    assert_right(world)


def test_a_swapped_partition_holds_the_same_rows(computed, monkeypatch):
    expected = read_results()
    monkeypatch.setattr(recompute_finish, "SWAPPED_FROM_ROWS", 1)
    for _twice in range(2):
        forget_results()
        recompute_now()
        assert read_results() == expected
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^indicators_.*_[rn][0-9]+$'")
        assert cursor.fetchall() == []


@pytest.mark.parametrize("is_swapped", [True, False])
@pytest.mark.parametrize("is_whole", [True, False])
def test_approvals_during_a_full_recompute_are_not_undone(world, monkeypatch, is_swapped, is_whole):
    """Between the parts and the swap results move on: the staged ones are older and must not win."""
    monkeypatch.setattr(recompute_finish, "SWAPPED_FROM_ROWS", 1 if is_swapped else 10**9)
    recompute_now()
    if is_whole:
        forget_results()
    else:
        Target.objects.filter(programme=world.programme, level__isnull=False, level_hi=None).update(level=22)
    request = request_scope_recompute(programme=world.programme)
    (claimed,) = claim(within=request.pk)
    recompute_scope.part_regions(request=claimed)
    while part := claim(within=request.pk):
        if part[0].kind != "part":
            break
        recompute_scope.compute_part(request=part[0])
    approved = add_figures(world, [(series, world.quarters[-1]) for series in world.series()[:6]])
    request_series_recompute(series_ids=approved)
    process_due_requests(limit=6)
    recompute_finish.put_in_place(request=part[0])
    process_due_requests()
    assert list_open_requests() == []
    assert list_wrong_results(world.programme) == []
    assert list_wrong_rollups(world.programme) == []


def test_without_looking_again_the_older_results_would_win(world, monkeypatch):
    """Negative control of the test above."""
    monkeypatch.setattr(recompute_finish, "_list_overtaken", lambda cursor, **_: recompute_finish.np.array([], "i8"))
    recompute_now()
    forget_results()
    request = request_scope_recompute(programme=world.programme)
    (claimed,) = claim(within=request.pk)
    recompute_scope.part_regions(request=claimed)
    (part,) = claim(within=request.pk)
    recompute_scope.compute_part(request=part)
    request_series_recompute(
        series_ids=add_figures(world, [(series, world.quarters[-1]) for series in world.series()[:6]])
    )
    process_due_requests(limit=6)
    recompute_finish.put_in_place(request=claim(within=request.pk)[0])
    process_due_requests()
    assert list_wrong_results(world.programme) != []


def stage_another_level(world):
    """Stage a region's results under another level, take the level back, and recompute the programme meanwhile."""
    recompute_now()
    held = Target.objects.filter(programme=world.programme, level__isnull=False, level_hi=None)
    levels = dict(held.values_list("pk", "level"))
    held.update(level=22)
    request = request_scope_recompute(programme=world.programme, region=world.regions[0])
    (claimed,) = claim(within=request.pk)
    recompute_scope.part_regions(request=claimed)
    (part,) = claim(within=request.pk)
    assert recompute_scope.compute_part(request=part)
    for pk, level in levels.items():
        held.filter(pk=pk).update(level=level)
    recompute_now(programme=world.programme)
    recompute_finish.put_in_place(request=claim(within=request.pk)[0])
    return request


def test_a_scope_overtaken_by_another_one_begins_anew(world):
    """The second scope left the results as they are, so their versions tell nothing."""
    request = stage_another_level(world)
    assert list_open_requests() == [request]
    process_due_requests()
    assert list_open_requests() == []
    assert_right(world)


def test_a_scope_that_did_not_look_at_others_would_bring_the_past_back(world, monkeypatch):
    """Negative control of the test above."""
    monkeypatch.setattr(recompute_finish, "_is_another_done", lambda request: False)
    stage_another_level(world)
    process_due_requests()
    assert list_wrong_results(world.programme) != []


def test_threads_share_the_parts_of_a_scope(transactional_db, monkeypatch):
    world = make_random_world(22, targets=5, quarters=4)
    monkeypatch.setattr(recompute_scope, "PART_ROWS", 20)
    seen = []
    request = recompute_now(workers=3, on_progress=lambda request: seen.append(request.progress_done))
    assert request.state is RequestState.DONE
    assert seen == sorted(seen)
    assert_right(world)


# ---- Commands and the nightly check


def test_the_command_recomputes_and_says_how_much(world, capsys):
    call_command("recompute", programme=world.programme.code)
    out = capsys.readouterr()
    assert "allocations changed" in out.out
    assert "#" in out.err
    call_command("recompute")
    call_command("recompute", region=world.regions[1].code, quarters="2015Q1-2015Q2")
    call_command("recompute", anew=True, workers=2)
    assert_right(world)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"programme": "nowhere"}, "no programme with the code nowhere"),
        ({"region": "99"}, "no region with the code 99"),
        ({"quarters": "2015"}, "2015"),
        ({"quarters": "2016Q1-2015Q1"}, "."),
    ],
)
def test_the_command_names_what_it_does_not_know(world, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("recompute", **options)


def test_the_command_says_why_it_did_not_finish(world, monkeypatch):
    def fail(**_kwargs):
        raise ZeroDivisionError("a bad rule row")

    monkeypatch.setattr("indicators.actions.recompute_queue.BACKOFF_SECONDS", 0.0)
    monkeypatch.setattr("indicators.actions.recompute.compute_part", fail)
    with pytest.raises(CommandError, match="a bad rule row"):
        call_command("recompute", programme=world.programme.code)


def test_verification_passes_over_right_results(computed, capsys):
    call_command("verify_attainments")
    assert "what the figures say" in capsys.readouterr().out


def test_verification_lists_every_difference_and_fails(computed, capsys):
    row = Attainment.objects.filter(programme=computed.programme, gap=0).first()
    Attainment.objects.filter(pk=row.pk).update(ratio=0.123)
    missing = Attainment.objects.filter(programme=computed.programme).exclude(pk=row.pk).first()
    Attainment.objects.filter(pk=missing.pk).delete()
    RollUp.objects.by_domain().filter(programme=computed.programme, pk=_find_cell(computed)).update(green=99)
    with pytest.raises(CommandError, match="3 values differ"):
        call_command("verify_attainments", programme=computed.programme.code)
    told = capsys.readouterr().out
    assert f"allocation_id {row.allocation_id}" in told
    assert "ratio is 0.123" in told
    assert "row is None, should be 1" in told
    assert "green is 99" in told


def test_verification_names_an_unknown_programme(computed):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("verify_attainments", programme="nowhere")


def test_verification_writes_nothing(computed):
    before = read_places()
    assert list(find_differences(programme_id=computed.programme.pk)) == []
    assert read_places() == before


def test_the_nightly_check_tells_and_repairs(computed, caplog):
    assert verify_and_repair(programme_id=computed.programme.pk) == 0
    row = Attainment.objects.filter(programme=computed.programme, gap=0).first()
    Attainment.objects.filter(pk=row.pk).update(ratio=0.123)
    RollUp.objects.by_domain().filter(programme=computed.programme, pk=_find_cell(computed)).update(red=77)
    assert verify_and_repair(programme_id=computed.programme.pk) == 2
    assert "ratio is 0.123" in caplog.text
    assert RecomputeRequest.objects.waiting().exists()
    assert verify_and_repair(programme_id=computed.programme.pk) == 0, "it waits for the repair"
    process_due_requests()
    assert_right(computed)
    assert verify_and_repair(programme_id=computed.programme.pk) == 0
