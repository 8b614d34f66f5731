"""The applications of the use cases: small, as an application of Twilio's is, with Flask and Twilio's own library."""

from collections.abc import Callable, Iterable
from email.message import EmailMessage

from flask import Flask, Response, request
from twilio.rest import Client
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

LINE, AGENTS = "+4721000000", "+4722000000"
BASE = "http://127.0.0.1:5000"


def _twiml(response: VoiceResponse) -> Response:
    return Response(str(response), mimetype="text/xml")


def warm_transfer(client: Client, expert: str) -> Flask:
    """A caller talks with the desk; the desk asks for the expert, who is called in while the caller is on hold."""
    app = Flask("warm_transfer")

    def room(label: str) -> VoiceResponse:
        response = VoiceResponse()
        dial = Dial()
        dial.conference("case", participant_label=label, end_conference_on_exit=label == "caller")
        response.append(dial)
        return response

    @app.post("/voice")
    def voice() -> Response:
        return _twiml(room("caller"))

    @app.post("/desk")
    def desk() -> Response:
        return _twiml(room("desk"))

    @app.post("/music")
    def music() -> Response:
        response = VoiceResponse()
        response.say("Please hold. We ask a colleague.")
        response.pause(30)
        return _twiml(response)

    @app.post("/ask")
    def ask() -> str:
        """The desk's screen: ask the expert."""
        case = client.conferences.list(friendly_name="case", status="in-progress")[0]
        case.participants("caller").update(hold=True, hold_url=f"{BASE}/music", hold_method="POST")
        case.participants.create(from_=LINE, to=expert, label="expert")
        return ""

    @app.post("/join")
    def join() -> str:
        """The desk's screen: the three talk."""
        client.conferences.list(friendly_name="case", status="in-progress")[0].participants("caller").update(hold=False)
        return ""

    return app


def support_queue() -> Flask:
    """Callers wait; agents who call in take one after another."""
    app = Flask("support_queue")

    @app.post("/voice")
    def voice() -> Response:
        response = VoiceResponse()
        response.enqueue("support", wait_url="/wait", action="/goodbye")
        return _twiml(response)

    @app.post("/wait")
    def wait() -> Response:
        response = VoiceResponse()
        response.say(f"You are number {request.form['QueuePosition']}.")
        response.pause(20)
        return _twiml(response)

    @app.post("/goodbye")
    def goodbye() -> Response:
        response = VoiceResponse()
        response.say("Goodbye.")
        return _twiml(response)

    @app.post("/agent")
    def agent() -> Response:
        response = VoiceResponse()
        dial = Dial(action="/agent", timeout=600)
        dial.queue("support")
        response.append(dial)
        return _twiml(response)

    return app


def reminder() -> Flask:
    """A person confirms with a key; a machine gets a message."""
    app = Flask("reminder")
    app.config["CONFIRMED"] = []

    @app.post("/reminder")
    def remind() -> Response:
        response = VoiceResponse()
        if request.form["AnsweredBy"].startswith("machine"):
            response.say("This is a message: your appointment is on Monday.")
            return _twiml(response)
        gather = Gather(num_digits=1, action="/confirm")
        gather.say("Your appointment is on Monday. Press 1 to confirm.")
        response.append(gather)
        return _twiml(response)

    @app.post("/confirm")
    def confirm() -> Response:
        app.config["CONFIRMED"].append(request.form["To"])
        response = VoiceResponse()
        response.say("Thank you.")
        return _twiml(response)

    return app


def call_back(client: Client, agents: Iterable[str]) -> Flask:
    """A caller asks for a call-back; when an agent is free, the caller is rung and the two are connected."""
    app = Flask("call_back")
    wanted: list[str] = []
    agent = next(iter(agents))

    @app.post("/voice")
    def voice() -> Response:
        response = VoiceResponse()
        gather = Gather(num_digits=1, action="/wanted")
        gather.say("All are busy. Press 1, and we call you back.")
        response.append(gather)
        return _twiml(response)

    @app.post("/wanted")
    def want() -> Response:
        wanted.append(request.form["From"])
        response = VoiceResponse()
        response.say("We call you back.")
        return _twiml(response)

    @app.post("/free")
    def free() -> str:
        """The agent's screen: ready for the next."""
        if wanted:
            client.calls.create(to=wanted.pop(0), from_=LINE, url=f"{BASE}/connect")
        return ""

    @app.post("/connect")
    def connect() -> Response:
        response = VoiceResponse()
        response.say("This is your call-back.")
        response.dial(agent)
        return _twiml(response)

    return app


def voicemail(client: Client, download: Callable[[str], bytes]) -> Flask:
    """A message is recorded, and sent on by mail with the recording attached; then Twilio keeps it no more.

    `download`: a file at an address; against Twilio, `requests.get(url).content`.
    """
    app = Flask("voicemail")
    app.config["OUTBOX"] = []

    @app.post("/voice")
    def voice() -> Response:
        response = VoiceResponse()
        response.say("Leave a message after the tone, and press the hash key.")
        response.record(
            action="/stored",
            finish_on_key="#",
            trim="do-not-trim",
            recording_status_callback="/recorded",
        )
        return _twiml(response)

    @app.post("/stored")
    def stored() -> Response:
        response = VoiceResponse()
        response.say("Thank you. We have your message.")
        return _twiml(response)

    @app.post("/recorded")
    def recorded() -> str:
        recording = client.recordings(request.form["RecordingSid"]).fetch()
        caller = client.calls(str(recording.call_sid)).fetch()
        mail = EmailMessage()
        mail["Subject"] = f"Message of {recording.duration} s from {caller._from}"
        mail.set_content(f"Recorded {recording.date_created}.")
        sound = download(f"{request.form['RecordingUrl']}.wav")
        mail.add_attachment(sound, maintype="audio", subtype="x-wav", filename=f"{recording.sid}.wav")
        app.config["OUTBOX"].append(mail)
        client.recordings(str(recording.sid)).delete()
        return ""

    return app


def coaching() -> Flask:
    """A customer and an agent talk; a coach who calls in is heard by the agent alone."""
    app = Flask("coaching")
    agents: list[str] = []

    def room(**attributes: str) -> Response:
        response = VoiceResponse()
        dial = Dial()
        dial.conference("case", **attributes)
        response.append(dial)
        return _twiml(response)

    @app.post("/voice")
    def voice() -> Response:
        return room()

    @app.post("/agent")
    def agent() -> Response:
        agents.append(request.form["CallSid"])
        return room()

    @app.post("/coach")
    def coach() -> Response:
        return room(coach=agents[-1])

    return app


def nurses(client: Client) -> Flask:
    """116 117: who has a red flag is taken before all others, whenever they came."""
    app = Flask("nurses")

    @app.post("/voice")
    def voice() -> Response:
        response = VoiceResponse()
        gather = Gather(num_digits=1, timeout=3, action="/triage")
        gather.say("For help with breathing, press 9. If it is life-threatening, hang up and dial 1 1 3.")
        response.append(gather)
        response.enqueue("others", wait_url="/wait")
        return _twiml(response)

    @app.post("/triage")
    def triage() -> Response:
        response = VoiceResponse()
        response.enqueue("red" if request.form["Digits"] == "9" else "others", wait_url="/wait")
        return _twiml(response)

    @app.post("/wait")
    def wait() -> Response:
        response = VoiceResponse()
        response.say("You wait for a nurse. If it gets worse, dial 1 1 3.")
        response.pause(15)
        return _twiml(response)

    @app.post("/nurse")
    def nurse() -> Response:
        waits = {queue.friendly_name: queue.current_size for queue in client.queues.list()}
        response = VoiceResponse()
        dial = Dial(action="/nurse", timeout=5)
        dial.queue("red" if waits.get("red") else "others")
        response.append(dial)
        return _twiml(response)

    return app
