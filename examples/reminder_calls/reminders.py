"""An application that reminds people of their appointments: it calls them, and writes to those who do not answer.

    flask --app reminders run --port 5000

`POST /remind` starts it, as a timer would every evening.
"""

import os

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.voice_response import Gather, VoiceResponse

ACCOUNT = os.environ.get("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000000")
TOKEN = os.environ.get("TWILIO_AUTH_TOKEN", "fedcba9876543210fedcba9876543210")
LINE = "+4721000000"
APPOINTMENTS = {"+4791111111": "nine", "+4792222222": "ten", "+4793333333": "eleven"}

app = Flask(__name__)
client = Client(ACCOUNT, TOKEN)
if "TWILIO_API_BASE_URL" in os.environ:  # a local account in place of Twilio
    client.api.base_url = os.environ["TWILIO_API_BASE_URL"]


@app.before_request
def only_twilio() -> Response | None:
    if request.path == "/remind":
        return None
    validator = RequestValidator(TOKEN)
    signature = request.headers.get("X-Twilio-Signature", "")
    if validator.validate(request.url, request.form, signature):
        return None
    return Response("wrong signature", 403)


@app.post("/remind")
def remind() -> str:
    for number in APPOINTMENTS:
        client.calls.create(
            to=number,
            from_=LINE,
            url=request.host_url + "call",
            status_callback=request.host_url + "status",
            machine_detection="DetectMessageEnd",
        )
    return f"{len(APPOINTMENTS)} calls\n"


@app.post("/call")
def call() -> str:
    when = APPOINTMENTS[request.form["To"]]
    answer = VoiceResponse()
    if request.form.get("AnsweredBy", "").startswith("machine"):
        answer.say(f"You have an appointment tomorrow at {when}. Please call us back.")
        return str(answer)
    question = Gather(num_digits=1, action="/answer", timeout=5)
    question.say(f"You have an appointment tomorrow at {when}. Press 1 if you come, 2 if not.")
    answer.append(question)
    answer.say("We did not hear a key. Goodbye.")
    return str(answer)


@app.post("/answer")
def answered() -> str:
    answer = VoiceResponse()
    comes = request.form["Digits"] == "1"
    answer.say("Thank you. See you tomorrow." if comes else "Thank you. Your appointment is cancelled.")
    return str(answer)


@app.post("/status")
def status() -> str:
    """A call is over; who was not reached gets a text message."""
    if request.form["CallStatus"] != "completed":
        number = request.form["To"]
        client.messages.create(to=number, from_=LINE, body=f"Your appointment is tomorrow at {APPOINTMENTS[number]}.")
    return ""
