"""A bakery that takes orders in words and hands over to a person on request: Twilio ConversationRelay.

uvicorn relay_bot:app
"""

import json
import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Connect, VoiceResponse

BAKER = "+4755568700"
PRICES = {"bread": 45, "bun": 25, "cake": 390}


async def voice(request: Request) -> Response:
    """What Twilio asks when somebody calls."""
    answer = VoiceResponse()
    connect = Connect(action="/handover")
    connect.conversation_relay(
        url=str(request.url_for("talk")),
        welcome_greeting="Welcome to the bakery. What would you like?",
        language="en-GB",
    )
    answer.append(connect)
    return Response(str(answer), media_type="text/xml")


async def talk(socket: WebSocket) -> None:
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
    if not validator.validate(str(socket.url), {}, socket.headers.get("x-twilio-signature", "")):
        await socket.close()
        return
    await socket.accept()
    order: list[str] = []
    async for message in socket.iter_json():
        if message["type"] != "prompt":
            continue
        said = message["voicePrompt"].lower()
        if "person" in said or "baker" in said:
            await socket.send_json({"type": "end", "handoffData": json.dumps({"order": order})})
            return
        order += [thing for thing in PRICES if thing in said]
        for token in reply(order):
            await socket.send_json({"type": "text", "token": token, "last": False})
        await socket.send_json({"type": "text", "token": "", "last": True})


def reply(order: list[str]) -> list[str]:
    """Word by word, as a language model gives it."""
    if not order:
        return ["We have ", "bread, buns and cake."]
    total = sum(PRICES[thing] for thing in order)
    return ["That is ", " and ".join(order), ", ", str(total), " crowns. ", "Anything else?"]


async def handover(request: Request) -> Response:
    """The conversation is over: a person takes the call if the caller asked for one, or if the bot has failed."""
    form = await request.form()
    answer = VoiceResponse()
    if form["SessionStatus"] == "failed":
        answer.say("I am sorry, something went wrong. I am getting the baker.")
    elif form.get("HandoffData"):
        order = json.loads(str(form["HandoffData"]))["order"]
        answer.say(f"The baker will take over. Your order: {', '.join(order) or 'nothing yet'}.")
    answer.dial(BAKER)
    return Response(str(answer), media_type="text/xml")


app = Starlette(
    routes=[
        Route("/voice", voice, methods=["POST"]),
        Route("/handover", handover, methods=["POST"]),
        WebSocketRoute("/talk", talk, name="talk"),
    ]
)
