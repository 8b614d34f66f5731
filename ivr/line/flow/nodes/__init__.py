"""One file per node type. A node knows its own fields, its keys and where they lead; nothing about other nodes."""

from collections.abc import Callable

from ivr.line.flow.model import Node
from ivr.line.flow.nodes.after_failure import AfterFailure
from ivr.line.flow.nodes.ask_place import AskPlace
from ivr.line.flow.nodes.by_caller import ByCaller
from ivr.line.flow.nodes.by_hours import ByHours
from ivr.line.flow.nodes.choose_language import ChooseLanguage
from ivr.line.flow.nodes.confirm_place import ConfirmPlace
from ivr.line.flow.nodes.connect import Connect
from ivr.line.flow.nodes.end import End
from ivr.line.flow.nodes.fields import Fields
from ivr.line.flow.nodes.menu import Menu
from ivr.line.flow.nodes.pick_place import PickPlace
from ivr.line.flow.nodes.red_flag import RedFlagNode
from ivr.line.flow.nodes.ring_later import RingLater
from ivr.line.flow.nodes.ring_next import RingNext
from ivr.line.flow.nodes.say import SayNode
from ivr.line.flow.nodes.send_number import SendNumber

NODE_TYPES: dict[str, Callable[[str, Fields], Node]] = {
    "after_failure": AfterFailure.parse,
    "ask_place": AskPlace.parse,
    "by_caller": ByCaller.parse,
    "by_hours": ByHours.parse,
    "choose_language": ChooseLanguage.parse,
    "confirm_place": ConfirmPlace.parse,
    "connect": Connect.parse,
    "end": End.parse,
    "menu": Menu.parse,
    "pick_place": PickPlace.parse,
    "red_flag": RedFlagNode.parse,
    "ring_later": RingLater.parse,
    "ring_next": RingNext.parse,
    "say": SayNode.parse,
    "send_number": SendNumber.parse,
}

__all__ = ["NODE_TYPES", "Fields"]
