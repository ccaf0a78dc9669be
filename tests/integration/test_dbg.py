import pytest

from tests.integration.test_recompute_against_oracle import *


@pytest.mark.django_db
def test_x():
    world = make_random_world(1, targets=4, quarters=3)
    recompute_now()
    for row in RollUp.objects.overall()[:3]:
        print(row.pk, row.__dict__)
