"""A line that gives back what it hears: Twilio Media Streams in both directions. The key 9 ends it.

uvicorn echo_bot:app
"""

import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Connect, VoiceResponse


async def voice(request: Request) -> Response:
    """What Twilio asks when somebody calls."""
    answer = VoiceResponse()
    answer.say("Say something, and hear it again.")
    connect = Connect()
    connect.stream(url=str(request.url_for("echo")))
    answer.append(connect)
    answer.say("Goodbye.")
    return Response(str(answer), media_type="text/xml")


async def echo(socket: WebSocket) -> None:
    """The call's audio, 20 ms at a time, and back."""
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
    if not validator.validate(str(socket.url), {}, socket.headers.get("x-twilio-signature", "")):
        await socket.close()  # before it was accepted: the handshake is answered with 403
        return
    await socket.accept()
    async for message in socket.iter_json():
        match message["event"]:
            case "media":
                payload = message["media"]["payload"]
                await socket.send_json(
                    {"event": "media", "streamSid": message["streamSid"], "media": {"payload": payload}}
                )
            case "dtmf" if message["dtmf"]["digit"] == "9":
                await socket.close()
                return
            case "stop":
                return


app = Starlette(routes=[Route("/voice", voice, methods=["POST"]), WebSocketRoute("/echo", echo, name="echo")])
