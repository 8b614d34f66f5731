"""`send_number`: send the number of the centre to the caller's phone as a text message, and go on as a menu.

    send_number: {type: send_number, message: [MESSAGE_113, MESSAGE_NUMBER],
                  message_in_practice: [MESSAGE_113, MESSAGE_PRACTICE, MESSAGE_NUMBER],
                  say: [TEXT_SENT, TEXT_MENU], choices: {"1": connect}, silence: [connect], back: read}

`message`: ids under `messages` of the prompts, sent as one. Only the `text_message` of a menu leads here. It is sent
when a call comes here, not when the menu is told again, nor to who comes back from the red flag.
"""

from dataclasses import dataclass, replace

from ivr.base.ids import NodeId, PromptKey
from ivr.line.flow.describe import Description, Reads
from ivr.line.flow.model import Entry, Go
from ivr.line.flow.nodes.fields import Fields, Parser
from ivr.line.flow.nodes.menu import Menu
from ivr.line.flow.turn import Turn


@dataclass(frozen=True)
class SendNumber(Menu):
    message: tuple[PromptKey, ...]
    message_in_practice: tuple[PromptKey, ...]

    @classmethod
    def parse(cls, node_id: NodeId, fields: Fields) -> "SendNumber":
        menu = Menu.parse(node_id, fields)
        message, in_practice = fields.messages("message"), fields.messages("message_in_practice")
        return cls(**vars(menu), message=message, message_in_practice=in_practice)

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        if entry is Entry.FIRST and not turn.from_red_flag:
            turn.send(self.message_in_practice if turn.flow.practice else self.message)
        return super().enter(turn, entry)

    def describe(self) -> Description:
        menu = super().describe()
        messages = {"message": self.message, "message_in_practice": self.message_in_practice}
        return replace(menu, reads=menu.reads | {Reads.AREA}, messages=messages)


PARSER: Parser = SendNumber.parse
