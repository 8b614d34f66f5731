"""Who is tried when a centre does not answer."""

from dataclasses import replace

import pytest

from ivr.base.ids import CentreId
from ivr.line.directory import Directory, distance_km
from ivr.line.directory.backups import LADDER, ladders


def test_every_ladder_has_four_other_centres_without_repeats(directory: Directory) -> None:
    for centre in directory.centres.values():
        ladder = [backup.id for backup in directory.backups(centre)]
        assert len(ladder) >= 4, centre.id
        assert len(set(ladder)) == len(ladder), centre.id
        assert centre.id not in ladder


def test_a_named_backup_comes_first(directory: Directory) -> None:
    named = {c.id: c.backup for c in directory.centres.values() if c.backup}
    assert named == {
        "haugesund_bokn": "haugesund",
        "sogn_vik": "sogn",
        "hedmarken_ringsaker": "hedmarken",
        "kvam": "voss",
        "vennesla_iveland": "kristiansand",
    }
    for identifier, backup in named.items():
        assert directory.backups(directory.centres[identifier])[0].id == backup


def test_a_centre_that_answers_part_of_the_day_stands_in_for_nobody(directory: Directory) -> None:
    standing_in = {b.id for c in directory.centres.values() for b in directory.backups(c)}
    assert not standing_in & {"kvam", "vennesla_iveland"}


def test_a_local_number_of_a_desk_stands_in_for_nobody(directory: Directory) -> None:
    standing_in = {b.id for c in directory.centres.values() for b in directory.backups(c)}
    assert not standing_in & {"haugesund_bokn", "sogn_vik", "hedmarken_ringsaker"}


def test_a_neighbour_over_land_comes_before_one_over_water(directory: Directory) -> None:
    ladder = [backup.id for backup in directory.backups(directory.centres["bergen"])]
    assert ladder[:2] == ["os_bjornafjorden", "voss"]  # Askøy is nearer, but over the water
    assert "askoy" in ladder


def test_an_island_without_neighbours_has_the_nearest_of_all(directory: Directory) -> None:
    svalbard, ladder = directory.areas["2100"], directory.backups(directory.centres["svalbard"])
    nearest = min(directory.municipalities.values(), key=lambda m: distance_km(svalbard, m))
    assert ladder[0].id == f"assumed_{nearest.number}"


def test_the_nearest_centres_are_those_that_a_sort_of_all_of_them_finds(directory: Directory) -> None:
    """For a call from any place alone, as if it had no neighbours and no backup."""
    places = directory.municipalities | directory.areas
    homes = {CentreId(f"in_{number}"): [number] for number in places}
    alone = {at: replace(directory.default_centre, id=at, backup=None) for at in homes}
    for at, ladder in ladders(alone, homes, homes.keys(), places, ()).items():
        here = places[homes[at][0]]
        far = {other: distance_km(here, places[homes[other][0]]) for other in homes if other != at}
        assert [far[each.id] for each in ladder] == pytest.approx(sorted(far.values())[:LADDER])


def test_a_distance_is_that_of_the_earth(directory: Directory) -> None:
    oslo, bergen = directory.municipalities["0301"], directory.municipalities["4601"]
    assert 295 < distance_km(oslo, bergen) < 310
    assert distance_km(oslo, oslo) == 0
