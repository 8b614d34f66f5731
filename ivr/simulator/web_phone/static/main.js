// The page: one phone, and its parts, each of which is told what the call tells.

import { config as readConfig, Phone } from "./api.js";
import { Captions } from "./captions.js";
import { CallClock } from "./clock.js";
import { byId, minutes, written } from "./dom.js";
import { Flow } from "./flow.js";
import { Webhooks } from "./webhooks.js";
import { keypad } from "./keypad.js";
import { Legs } from "./legs.js";
import { Setup } from "./setup.js";
import { Stage } from "./stage.js";
import { stateOf } from "./state.js";
import { Tasks } from "./tasks.js";
import { settle, t } from "./texts.js";
import { Voice } from "./voice.js";

const config = await readConfig();
settle(redraw);
const phone = await Phone.make();
const names = new Map(config.centres.map(({ number, name }) => [number, name]));
const clock = new CallClock();
const voice = new Voice(config.speech ? (number) => phone.file(`speech/${number}.wav`) : null);
const legs = new Legs((asked) => phone.act(asked), names);
const stage = new Stage(config.texts, config.digits);
const captions = new Captions((sid) => legs.nameOf(sid), stage);
const flow = new Flow(config.flow ?? null, (titles) => stage.way(titles));
const webhooks = new Webhooks((asked) => phone.act(asked));
const setup = new Setup(config, (name) => place({ prepared: name }));
const tasks = new Tasks(config.tasks, (name) => place({ task: name, ...setup.pacing }), (number) => names.get(number) ?? written(number));
const keys = keypad(press, () => byId("shortcuts").checked);
// `left`: the person has hung up, and the call is over as soon as no webhook is waited for. `asks`: since when one is.
const call = { under: false, left: false, asks: 0, status: "", paused: false, scripted: false, patient: false, listens: false, runs: false, speech: false };
let unsaid = null; // a prompt that is spoken once it is known how long the call takes over it

async function place(order) {
  voice.wake();
  const asked = order.prepared ? { ...order, speed: setup.pacing.speed } : { ...order, ...setup.pacing };
  const { error } = await phone.call(asked);
  if (error) byId("status").textContent = t("refused", { error });
}

function press(digit) {
  voice.key(digit);
  byId("typed").textContent = (byId("typed").textContent + digit).slice(-14);
  if (call.under) phone.act({ do: "key", digit });
}

// What the call tells.

const told = {
  placed({ from, to, task }) {
    Object.assign(call, { from, to, under: true, left: false, status: "ringing", paused: false, listens: false });
    for (const part of [captions, legs, webhooks, flow]) part.clear();
    tasks.placed({ task });
    byId("typed").textContent = "";
    scrollTo(0, 0);
    who(from, to);
    clock.set({ t: 0, speed: 1, runs: false });
  },
  event({ i, event }) {
    captions.event(i, event);
    legs.event(event);
    webhooks.event(event);
    if (event.event === "status") call.status = event.status;
    if (event.event === "key" && !event.leg && call.scripted) keys.flash(event.digit);
    if (event.event === "say") {
      if (event.until == null) unsaid = { i, event };
      else if (event.cut) voice.stop();
    }
  },
  pass(message) {
    clock.set(message);
    captions.expect(message.until);
    Object.assign(call, { listens: message.keys || message.speech, speech: message.speech, runs: message.runs });
    if (unsaid && message.speed === 1 && message.runs) voice.speak(unsaid.i, unsaid.event.text, unsaid.event.language);
    unsaid = null;
  },
  control(message) {
    Object.assign(call, { paused: message.state === "paused", scripted: message.scripted, patient: message.patient });
    if (call.paused) voice.stop();
    byId("speed").value = String(message.speed);
  },
  asking(message) {
    clock.stop();
    call.asks = performance.now();
    webhooks.asking(message);
  },
  exchange(message) {
    call.asks = 0;
    webhooks.exchange(message);
  },
  node: ({ node, way }) => flow.at(node, way),
  over({ t: at }) {
    Object.assign(call, { under: false, asks: 0, listens: false, speech: false });
    flow.over();
    clock.set({ t: at, runs: false });
    if (call.left) voice.stop();
  },
  result: (message) => tasks.over(message),
  broken({ message }) {
    byId("asking").textContent = message;
  },
};

phone.listen(
  (message) => {
    told[message.type]?.(message);
    draw();
  },
  (lost) => {
    if (lost && call.under) byId("asking").textContent = t("lost");
  },
);

// What the page shows.

function who(from, to) {
  const whole = (number) => written(number).replaceAll(" ", "\u00a0"); // a number stays on one line
  byId("who").textContent = t("calls_to", { from: from === "anonymous" ? t("withheld") : whole(from), to: whole(to) });
}

function whoWould() {
  const { from, to } = call.under ? call : setup.order;
  who(from, to);
}

function draw() {
  document.body.dataset.state = call.under ? "live" : call.status ? "over" : "idle";
  const { name, slots } = stateOf(call, legs.present);
  const text = t(name, slots);
  if (byId("status").textContent !== text) byId("status").textContent = text;
  captions.hint(t(`hint_${name}`, slots));
  const danger = call.under && flow.isDanger;
  document.body.dataset.danger = danger ? "yes" : "no";
  byId("danger").hidden = !danger;
  byId("call").disabled = call.under && !call.left;
  byId("hang-up").disabled = byId("pause").disabled = !call.under || call.left;
  byId("take-over").disabled = !(call.under && call.scripted) || call.left;
  byId("pause").setAttribute("aria-pressed", String(call.paused));
  byId("pause").textContent = t(call.paused ? "go_on" : "pause");
  byId("say").hidden = !call.speech;
  byId("save-scenario").disabled = byId("save-trace").disabled = !call.status;
}

function tick() {
  const now = clock.now;
  const time = minutes(now);
  if (byId("time").textContent !== time) byId("time").textContent = time;
  captions.tick(now);
  webhooks.tick();
  if (call.asks) draw();
}

function redraw() {
  document.title = t("title");
  setup.draw();
  tasks.draw();
  legs.draw();
  webhooks.drawFaults();
  flow.redraw();
  whoWould();
  draw();
}

function save(name, file) {
  const link = document.createElement("a");
  link.href = phone.file(name);
  link.download = file;
  link.click();
}

byId("call").addEventListener("click", () => place(setup.order));
byId("hang-up").addEventListener("click", () => {
  call.left = true;
  draw();
  phone.act({ do: "hang_up" });
});
byId("pause").addEventListener("click", () => phone.act({ do: call.paused ? "go_on" : "pause" }));
byId("take-over").addEventListener("click", () => phone.act({ do: "take_over" }));
byId("speed").addEventListener("change", () => call.under && phone.act({ do: "pace", ...setup.pacing }));
byId("patient").addEventListener("change", () => call.under && phone.act({ do: "pace", ...setup.pacing }));
byId("sound").addEventListener("change", (event) => {
  voice.on = event.target.checked;
  if (!voice.on) voice.stop();
});
function recognised() {
  const heard = byId("heard-as").value.trim();
  return { confidence: Number(byId("confidence").value), ...(heard && { heard_as: heard }) };
}
byId("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("say-text").value.trim();
  byId("say-text").value = "";
  if (text) phone.act({ do: "say", text, ...recognised() });
});
byId("noise").addEventListener("click", () => phone.act({ do: "noise", seconds: 3, ...recognised() }));
byId("save-scenario").addEventListener("click", () => save("scenario.yaml", "call.yaml"));
byId("save-trace").addEventListener("click", () => save("trace.jsonl", "call.jsonl"));
for (const tab of document.querySelectorAll(".tabs button")) {
  tab.addEventListener("click", () => {
    document.body.dataset.tab = tab.dataset.tab;
    scrollTo(0, 0);
    for (const other of document.querySelectorAll(".tabs button")) other.setAttribute("aria-pressed", String(other === tab));
  });
}

if (config.url) {
  byId("line").textContent = new URL(config.url).host;
  byId("chat").hidden = true;
}
redraw();
byId("setup").addEventListener("change", whoWould);
setInterval(tick, 100);
document.body.dataset.ready = "yes";
