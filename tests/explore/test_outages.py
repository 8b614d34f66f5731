from ivr.line.directory import Directory
from ivr.line.flow.state import CallState
from ivr.proof.explore.outages import outages
from tests.conftest import EVENING


def test_who_is_rung_or_spoken_of_is_out_of_service_alone_with_the_next_and_with_all(directory: Directory) -> None:
    centre = directory.default_centre
    ladder = [each.id for each in (centre, *directory.backups(centre))]
    sets = outages(directory, CallState("connect", centre=centre.id), EVENING)
    assert [[each.centre for each in out] for out in sets] == [ladder[:1], ladder[:1], ladder[:2], ladder]
    assert [out[0].kind for out in sets] == ["fault", "closed", "fault", "fault"]
    assert all(each.until > EVENING for out in sets for each in out)


def test_who_was_rung_in_vain_is_not_out_of_service_but_who_rings_now_is(directory: Directory) -> None:
    centre = directory.default_centre
    first, second, *_ = directory.backups(centre)
    tried = (centre.id, first.id)
    ringing = CallState("backup", centre=centre.id, dialled=first.id, tried=tried)
    assert [each.centre for each in outages(directory, ringing, EVENING)[2]] == [first.id, second.id]


def test_a_call_that_knows_of_no_centre_meets_no_outage(directory: Directory) -> None:
    assert outages(directory, CallState("main"), EVENING) == ()
