"""Danger to life: the 113 instruction comes first, is one key away, cannot be cut, and stands before every ring."""

from collections.abc import Iterator

from ivr.base.ids import NO_PROMPT, LanguageCode, NodeId
from ivr.line.flow.actions import LONGEST_SPEECH, SPEECH_PAUSE, ListenAction, Prompt
from ivr.line.flow.events import Keys, Lost, Moment
from ivr.line.flow.model import NodeInput
from ivr.line.flow.state import CallState
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.situations import Move, Situation
from ivr.proof.check.spoken_patterns import Deed, search
from ivr.proof.check.stimuli import Did

FIRST_SECONDS = 6.0  # within which the first instruction has been said
REACHED_SECONDS = 15.0  # from pressing 9 until the instruction has been said
MOST_AFTER = 12  # letters after the instruction: " now."
GONE = NodeId("gone")  # of a node that no flow has


def first_words(subject: Subject) -> Iterator[Found]:
    """What is said first, in the flow's first language, and in each other one that is said to all before anything
    listens. Who speaks one that is not understands one that is."""
    start = next(iter(subject.walk.starts.values()), None)
    for index, code in enumerate(subject.said_to_all):
        told = subject.told(start, code) if start else None
        if told is None:
            message = f"the line does not begin with the 113 instruction in {code!r}, before anything listens"
            yield Found(("node", subject.flow.start), message)
        elif index == 0 and told > FIRST_SECONDS:
            message = f"the first 113 instruction is over after {told:.1f} s; at most {FIRST_SECONDS:.0f}"
            yield Found(("node", subject.flow.start), message)


def one_key_away(subject: Subject) -> Iterator[Found]:
    """Key 9 in a menu; `*9` in an entry, or `*` and then 9 where the `*` ends it."""
    for situation in subject.states:
        if situation.listen:
            for code in subject.languages(situation):
                told = _worst(subject, situation, code)
                if told is None:
                    yield Found(("flow", "red_flag"), f"key 9 in {situation.node!r}: no 113 instruction in {code!r}")
                elif told > REACHED_SECONDS:
                    message = f"key 9 in {situation.node!r}: 113 is said after {told:.1f} s in {code!r}"
                    yield Found(("flow", "red_flag"), f"{message}; at most {REACHED_SECONDS:.0f}")


def _worst(subject: Subject, situation: Situation, code: LanguageCode) -> float | None:
    """As `seconds_to_danger`; where speech is listened to, also for who presses 9 when somebody has just begun to
    speak: that key is lost, and the next one is heard when the speech is over, whatever it is taken for."""
    times = [seconds_to_danger(subject, situation, code)]
    if situation.listen and situation.listen.speech:
        for move in (*situation.on(Did.SPOKEN), *situation.on(Did.MISHEARD)):
            before = LONGEST_SPEECH + SPEECH_PAUSE + subject.speech.total(move.to.spoken(code), uncut_only=True)
            after = seconds_to_danger(subject, move.to, code)
            times.append(None if after is None else before + after)
    told = [each for each in times if each is not None]
    return max(told) if len(told) == len(times) else None


def seconds_to_danger(subject: Subject, situation: Situation, code: LanguageCode) -> float | None:
    """Until the instruction has been said, uncut; the keys are pressed at once, so waits do not count. A `*9` inside
    an entry that goes on is only read when the wait for more digits is over."""
    if subject.flow.nodes[situation.node].hears is not NodeInput.ENTRY:
        return _told(subject, situation.on(Did.KEY, "9"), code)
    within = _told(subject, situation.on(Did.KEY, "*9"), code)
    listen = situation.listen
    if within is None or listen is None or listen.finish_on != "*":
        return None if within is None or listen is None else within + listen.seconds
    left = next(situation.on(Did.STAR), None)
    if left is None:
        return None
    before = subject.speech.total(left.to.spoken(code), uncut_only=True)
    after = _told(subject, left.to.on(Did.KEY, "9"), code)
    return None if after is None else before + after


def _told(subject: Subject, moves: Iterator[Move], code: LanguageCode) -> float | None:
    return next((subject.told(move.to, code) for move in moves), None)


def keys_of_one_meaning(subject: Subject) -> Iterator[Found]:
    """9 raises the red flag and 0 rings a person, wherever one key is awaited."""
    flow = subject.flow
    if flow.person not in flow.ringing:
        yield Found(("flow", "person"), f"key 0 leads to {flow.person!r}, which rings nobody")
    for situation in subject.menus():
        for key, wanted in (("9", flow.red_flag), ("0", flow.person)):
            for move in situation.on(Did.KEY, key):
                if wanted not in move.passed:
                    yield Found(("node", situation.node), f"key {key} does not lead to {wanted!r} here")


def flag_before_ring(subject: Subject) -> Iterator[Found]:
    """In the step that raises the red flag the instruction is said, uncut; and that step rings nobody."""
    for situation in subject.walk.states:
        for move in situation.moves:
            if move.flagged:
                for code in subject.languages(situation):
                    told = subject.told(move.to, code)
                    if told is None or not isinstance(move.to.wait, ListenAction):
                        message = f"the red flag is raised in {situation.node!r} without the 113 instruction, uncut"
                        yield Found(("flow", "red_flag"), f"{message}, in {code!r}")


def before_every_ring(subject: Subject) -> Iterator[Found]:
    """While a centre rings no key is heard, so the instruction comes before; and it is the last word of a call."""
    for situation in subject.situations:
        over = subject.node(situation).ends
        if situation.dial or over:
            for code in subject.languages(situation):
                if subject.told(situation, code) is None:
                    what = "the call ends" if over else "a centre is rung"
                    where = ("node", situation.node, "say")
                    yield Found(where, f"{what} without the words 'hang up and dial 113' in {code!r}")


def resumed(subject: Subject) -> Iterator[Found]:
    """A call whose state cannot be used, and one at a node that is gone, go on with 113 and something to do."""
    moment = Moment(subject.now)
    for code in subject.codes:
        for event, state in ((Lost(), CallState(GONE, language=code)), (Keys("1"), CallState(GONE, language=code))):
            actions = subject.walk.engine.step(event, state, moment).actions
            told = subject.speech.danger_told(actions, code)
            if told is None or not any(isinstance(action, ListenAction) for action in actions):
                yield Found(("flow", "resume"), f"a call that lost its way hears no 113 instruction in {code!r}")


def raised_on_purpose(subject: Subject) -> Iterator[Found]:
    """The red flag is raised by key 9, or by a choice whose words speak of danger; nothing else leads to it."""
    for situation in subject.situations:
        for move in situation.moves:
            if not move.flagged or (move.doing.did is Did.KEY and move.doing.key.endswith("9")):
                continue
            for code in subject.languages(situation):
                clause = _clause(subject, situation, move.doing.key, code)
                words = rf"{subject.words[code].danger}|{subject.words[code].deeds[Deed.DANGER]}"
                if not search(words, clause):
                    message = f"{move.doing} raises the red flag, and no words in {code!r} say so"
                    yield Found(("node", situation.node), message)


def _clause(subject: Subject, situation: Situation, key: str, code: LanguageCode) -> str:
    """What the menu says that this key is for; "" for what is no key of its."""
    return next((each.clause for each in subject.announced(situation, code) if each.key == key), "")


def resumes_at_the_top(subject: Subject) -> Iterator[Found]:
    """Who lost the way goes on where a call goes on whose language was just chosen."""
    tops = {
        move.to.node
        for situation in subject.walk.states
        if subject.chooses_language(situation)
        for move in situation.moves
        if move.doing.did is Did.KEY and move.to.node != situation.node and not move.flagged and not move.to.dial
    }
    here = subject.walk.engine.step(Lost(), CallState(GONE, language=subject.codes[0]), Moment(subject.now)).state.node
    if tops and here not in tops:
        yield Found(
            ("flow", "resume"), f"a call that lost its way goes on in {here!r}, not in {' or '.join(sorted(tops))}"
        )


def fault_reply(subject: Subject) -> Iterator[Found]:
    """What is said when something of ours breaks."""
    actions = subject.walk.engine.fault()
    for code in subject.said_to_all:
        if subject.speech.danger_told(actions, code) is None:
            yield Found(("flow", "fault", "say"), f"the fail-safe reply has no 113 instruction in {code!r}")


def signs(subject: Subject) -> Iterator[Found]:
    """The first words behind key 9 are the instruction itself, in every language."""
    node = subject.flow.nodes[subject.flow.red_flag]
    key = next(iter(node.prompts()), NO_PROMPT)
    for code in subject.codes:
        text = subject.speech.text(Prompt(key, code)) if key and not subject.catalogue.slots(key) else ""
        end = subject.speech.instruction_end(text, code)
        if end is None or len(text) - end > MOST_AFTER:
            where = ("prompt", code, key) if key else ("flow", "red_flag")
            yield Found(where, f"behind key 9 the first words are not 'hang up and dial 113' in {code!r}")
