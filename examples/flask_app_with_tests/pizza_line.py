"""A pizza order by telephone: an application for Twilio as many write it, with Flask and Twilio's own library.

It knows nothing of the simulator that it is tested with.
"""

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

PIZZAS = {"1": "Margherita", "2": "Capricciosa"}
MESSAGE_SECONDS = 30

line = Blueprint("line", __name__)


def create_app(auth_token: str, kitchen: str) -> Flask:
    """`kitchen`: the number that rings when a caller wants to talk to somebody."""
    app = Flask(__name__)
    app.config.update(AUTH_TOKEN=auth_token, KITCHEN=kitchen)
    app.register_blueprint(line)
    return app


@line.before_request
def only_twilio() -> None:
    validator = RequestValidator(current_app.config["AUTH_TOKEN"])
    if not validator.validate(request.url, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)


@line.post("/voice")
def welcome() -> Response:
    reply = VoiceResponse()
    with reply.gather(num_digits=1, action=url_for(".chosen")) as menu:
        menu.say("Welcome to the pizza line.")
        for key, pizza in PIZZAS.items():
            menu.say(f"For a {pizza}, press {key}.")
        menu.say("To talk to the kitchen, press 0.")
    reply.say("We heard nothing.")
    reply.redirect(url_for(".kitchen"))
    return _twiml(reply)


@line.post("/chosen")
def chosen() -> Response:
    key = request.form["Digits"]
    reply = VoiceResponse()
    if key == "0":
        reply.redirect(url_for(".kitchen"))
    elif key in PIZZAS:
        ask = Gather(input="speech", action=url_for(".ordered", pizza=key))
        ask.say(f"One {PIZZAS[key]}. Where do you live?")
        reply.append(ask)
        reply.redirect(url_for(".kitchen"))
    else:
        reply.say(f"There is nothing on key {key}.")
        reply.redirect(url_for(".welcome"))
    return _twiml(reply)


@line.post("/ordered")
def ordered() -> Response:
    pizza, address = PIZZAS[request.args["pizza"]], request.form["SpeechResult"]
    reply = VoiceResponse()
    reply.say(f"Your {pizza} will be at {address} in half an hour. Goodbye.")
    return _twiml(reply)


@line.post("/kitchen")
def kitchen() -> Response:
    reply = VoiceResponse()
    reply.dial(current_app.config["KITCHEN"], timeout=20, action=url_for(".talked"))
    return _twiml(reply)


@line.post("/talked")
def talked() -> Response:
    reply = VoiceResponse()
    if request.form["DialCallStatus"] == "completed":
        reply.say("Thank you. Goodbye.")
        return _twiml(reply)
    reply.say("The kitchen is busy. Leave a message after the tone.")
    reply.record(max_length=MESSAGE_SECONDS, finish_on_key="#", action=url_for(".recorded"))
    return _twiml(reply)


@line.post("/recorded")
def recorded() -> Response:
    reply = VoiceResponse()
    reply.say(f"We have your message of {request.form['RecordingDuration']} seconds. Goodbye.")
    return _twiml(reply)


def _twiml(reply: VoiceResponse) -> Response:
    return Response(str(reply), mimetype="text/xml")
