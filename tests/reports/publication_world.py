"""A small city with results of two quarters that can be published, and two people of its leadership office."""

from dataclasses import dataclass

from departments.models import User
from departments.roles import Role
from indicators.engine.target import Rating
from indicators.models import Attainment, Programme
from indicators.models.attainment import ResultState
from reports.actions.publications import ask_to_publish, publish
from reports.editions import name_results
from reports.models import Publication
from tests.builders import Q3, World, fill, make_figure, make_user, make_window, make_world, roll_up

MIXED = [Rating.GREEN, Rating.AMBER, Rating.RED, Rating.GREEN, Rating.GREY]


@dataclass
class PublishingWorld:
    """The city, and the office's two people: `asker` and `publisher`."""

    world: World
    asker: User
    publisher: User

    @property
    def programme(self) -> Programme:
        """The city's programme."""
        return self.world.programme

    def ask(self, **changes: object) -> Publication:
        """Ask for an edition of the third quarter."""
        given = {"programme": self.programme, "quarter": Q3, "reason": "三季度数据已审核。", "by": self.asker}
        return ask_to_publish(**(given | {"seen": name_results(self.programme)} | changes))

    def publish(self, publication: Publication | None = None, **changes: object) -> Publication:
        """Publish what was asked for, asking first where nothing was."""
        given = {"publication": publication or self.ask(), "by": self.publisher}
        return publish(**(given | {"seen": name_results(self.programme)} | changes))

    def correct(self, place: int = 0, **numbers: object) -> Attainment:
        """Make a result say something else, as a recompute after a correction does."""
        allocation = self.world.allocations[place]
        found = Attainment.objects.filter(programme=self.programme, allocation=allocation, quarter=Q3)
        found.update(**({"measured": 90.0, "ratio": 0.97, "rating": Rating.AMBER.value, "gap": 0} | numbers))
        ResultState.objects.filter(allocation=allocation).update(version=2, fingerprint=99)
        roll_up(self.programme)
        return found.get()


def make_publishing_world() -> PublishingWorld:
    """Return the city, ready to be published."""
    world = make_world(counties=2)
    make_window(world.programme)
    fill(world, ratings=MIXED)
    fill(world, Q3 - 1, ratings=[Rating.GREEN])
    make_figure(world.allocations[0].series, explanation="三季度新增抽检。")
    for allocation in world.allocations:
        ResultState.objects.create(
            allocation=allocation,
            programme=world.programme,
            version=1,
            fingerprint=allocation.pk,
            rule_version=1,
            computed_at=world.programme.attainments.latest("computed_at").computed_at,
        )
    roll_up(world.programme)
    return PublishingWorld(
        world=world,
        asker=make_user(Role.OFFICE, at=world.city, full_name="刘问"),
        publisher=make_user(Role.OFFICE, at=world.city, full_name="陈发"),
    )
