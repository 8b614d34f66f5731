// The plain application of benchmarks/yardsticks.py, as a guide for Node would have it: signature checked, one menu.
const express = require("express");
const twilio = require("twilio");

const port = Number(process.argv[2]);
const token = process.env.YARDSTICK_TOKEN;
const app = express();
app.use(express.urlencoded({ extended: false }));
app.post("/voice/main", (request, response) => {
  const url = `http://127.0.0.1:${port}${request.originalUrl}`;
  if (!twilio.validateRequest(token, request.header("X-Twilio-Signature") || "", url, request.body)) {
    return response.status(403).end();
  }
  const voice = new twilio.twiml.VoiceResponse();
  const gather = voice.gather({
    numDigits: 1, action: "/voice/main", method: "POST", timeout: 7, actionOnEmptyResult: true,
  });
  gather.say(
    { language: "en-GB", voice: "Polly.Amy-Neural" },
    "Press 1 to be connected to an out-of-hours clinic. Press 2 to hear a number. Press 9 in an emergency.",
  );
  voice.redirect({ method: "POST" }, "/voice/main");
  response.type("text/xml").send(voice.toString());
});
app.listen(port, "127.0.0.1");
