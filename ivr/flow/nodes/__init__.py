"""One file per node type. A node knows its own fields, its keys and where they lead; nothing about other nodes."""

from collections.abc import Callable

from ivr.flow.model import Node
from ivr.flow.nodes.after_failure import AfterFailure
from ivr.flow.nodes.ask_place import AskPlace
from ivr.flow.nodes.by_caller import ByCaller
from ivr.flow.nodes.by_hours import ByHours
from ivr.flow.nodes.choose_language import ChooseLanguage
from ivr.flow.nodes.confirm_place import ConfirmPlace
from ivr.flow.nodes.connect import Connect
from ivr.flow.nodes.end import End
from ivr.flow.nodes.fields import Fields
from ivr.flow.nodes.menu import Menu
from ivr.flow.nodes.pick_place import PickPlace
from ivr.flow.nodes.red_flag import RedFlagNode
from ivr.flow.nodes.ring_later import RingLater
from ivr.flow.nodes.ring_next import RingNext
from ivr.flow.nodes.say import SayNode
from ivr.flow.nodes.send_number import SendNumber

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
