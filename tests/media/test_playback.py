"""What waits to be played: frames come in order, a mark when everything before it was played."""

from ivr.simulator.media.playback import MOST_BYTES, Playback
from ivr.simulator.media.ulaw import FRAME


def test_audio_is_played_in_frames_across_the_borders_of_what_was_sent() -> None:
    playback = Playback()
    playback.add(b"a" * 100)
    playback.add(b"b" * 100)
    assert [playback.next_frame() for _ in range(3)] == [b"a" * 100 + b"b" * 60, b"b" * 40, b""]
    assert bytes(playback.played) == b"a" * 100 + b"b" * 100


def test_a_mark_is_reached_when_the_audio_before_it_was_played() -> None:
    playback = Playback()
    playback.add(b"a" * FRAME * 2)
    playback.mark("end")
    playback.add(b"b")
    assert (playback.next_frame(), playback.reached()) == (b"a" * FRAME, [])
    assert (playback.next_frame(), playback.reached(), playback.reached()) == (b"a" * FRAME, ["end"], [])
    assert playback.is_playing


def test_a_mark_with_nothing_before_it_is_reached_at_once() -> None:
    playback = Playback()
    playback.mark("now")
    assert playback.reached() == ["now"]


def test_clear_drops_the_audio_and_gives_back_the_marks_in_order() -> None:
    playback = Playback()
    playback.add(b"a" * 5_000)
    playback.mark("one")
    playback.mark("two")
    assert playback.clear() == ["one", "two"]
    assert (playback.is_playing, playback.next_frame(), bytes(playback.played)) == (False, b"", b"")


def test_what_waits_is_bounded() -> None:
    playback = Playback()
    assert playback.has_room(b"a" * MOST_BYTES)
    playback.add(b"a" * MOST_BYTES)
    assert not playback.has_room(b"a")
    playback.next_frame()
    assert playback.has_room(b"a" * FRAME)
