// The line as a text chat (EN 301 549, 6.4): the same call, read and typed. It waits for its reader as long as it takes.

import { config as readConfig, Phone } from "./api.js";
import { byId, make, written } from "./dom.js";
import { choicesIn, unmarked } from "./choices.js";
import { settle, t } from "./texts.js";

const LEGS = { "*": "answer" };

const config = await readConfig();
settle(() => {
  document.title = t("chat_title");
  draw();
});
const phone = await Phone.make({ written: true });
const names = new Map(config.centres.map(({ number, name }) => [number, name]));
const call = { under: false, begun: false, listens: false, waits: false };
const choices = new Map(); // key to what it is for and its language, since the last answer
let unfinished = null; // the line that is being written: its element, and its text so far

function line(kind, who, text, language) {
  const item = make("li", { class: kind }, who ? make("b", {}, who) : null, make("span", { lang: language ?? null }, text));
  const talk = byId("talk");
  talk.append(item);
  talk.parentElement.scrollTop = talk.scrollHeight;
  unfinished = null;
  return item;
}

/** A sentence comes in pieces where a name in it is of another language: they are one line, and it may offer keys. The
 *  texts of somebody else's webhook stay as they are. */
function writes({ text, language }) {
  if (config.url) {
    line("line", t("chat_line"), text, language);
    return;
  }
  if (unfinished && !/[.!?]$/.test(unfinished.text)) {
    unfinished.text += ` ${text}`;
    unfinished.item.append(" ", make("span", { lang: language }, unmarked(text)));
  } else {
    unfinished = { item: line("line", t("chat_line"), unmarked(text), language), text };
  }
  for (const { key, label } of choicesIn(unfinished.text)) choices.set(key, { label, language });
}

function send(keys) {
  line("you", t("chat_you"), keys);
  choices.clear();
  for (const digit of keys) phone.act({ do: "key", digit });
  draw();
  byId("typed").focus();
}

const told = {
  placed() {
    Object.assign(call, { under: true, begun: true, listens: false, waits: false });
    byId("talk").replaceChildren();
    choices.clear();
    unfinished = null;
  },
  event({ event }) {
    if (event.event === "say" && event.until == null && !event.leg) writes(event);
    if (event.event === "leg") {
      const who = names.get(event.to) ?? written(event.to);
      if (event.status === "ringing") line("note", "", t("chat_rings", { who }));
      else if (event.status === "in-progress") line("note", "", t("chat_connected", { who }));
      else if (event.status !== "initiated") line("note", "", `${who}: ${t(`leg_${event.status}`, { seconds: event.duration })}`);
    }
    if (event.event === "key" && event.heard && !event.leg) choices.clear(); // what is written from here on is the answer to it
    if (event.event === "ended") line("note", "", t(`status_${event.status}`));
    if (event.event === "error") line("note", "", `${event.code || ""} ${event.message}`);
  },
  pass(message) {
    call.listens = message.keys;
    call.waits = message.keys && !message.runs;
  },
  over() {
    Object.assign(call, { under: false, listens: false, waits: false });
  },
};

phone.listen(
  (message) => {
    told[message.type]?.(message);
    draw();
  },
  () => {},
);

function draw() {
  const focused = document.activeElement === byId("typed");
  byId("start").disabled = call.under;
  byId("start").textContent = t(call.begun ? "chat_again" : "chat_start");
  byId("end").disabled = !call.under;
  document.body.dataset.call = call.under ? "yes" : "no";
  byId("typed").disabled = byId("send").disabled = !call.under;
  byId("nothing").disabled = !call.waits;
  drawChoices();
  const turn = !call.under ? "" : t(call.waits ? "chat_waits" : "chat_busy");
  if (byId("turn").textContent !== turn) byId("turn").textContent = turn;
  if (focused && call.under) byId("typed").focus();
}

/** A button for each key that the line offers. It stays the same element while its words do, so that it keeps the focus. */
function drawChoices() {
  const offered = call.under ? [...choices] : [];
  const drawn = offered.map(([key, { label }]) => `${key} ${label}`).join("\n");
  const group = byId("choices");
  if (group.dataset.drawn === drawn) return;
  group.dataset.drawn = drawn;
  const button = ([key, { label, language }]) =>
    make("button", { type: "button", class: key === "9" ? "bad" : null, "data-key": key, lang: language, onclick: () => send(key) },
      make("b", {}, key), ` ${label}`);
  group.replaceChildren(...offered.map(button));
  const log = byId("talk").parentElement;
  log.scrollTop = log.scrollHeight; // the buttons take room from the lines, and the last one must not be hidden
}

byId("start").addEventListener("click", async () => {
  const { error } = await phone.call({ legs: LEGS, patient: true, at_once: true });
  if (error) {
    byId("wrong").textContent = t("refused", { error });
    return;
  }
  call.under = true;
  draw();
  byId("typed").focus();
});
byId("end").addEventListener("click", () => phone.act({ do: "hang_up" }));
byId("nothing").addEventListener("click", () => {
  line("you", t("chat_you"), t("chat_silent"));
  choices.clear();
  phone.act({ do: "silent" });
  call.waits = false; // until the line says again that it waits: silence is kept once
  draw();
  byId("typed").focus();
});
byId("typing").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = byId("typed").value.replaceAll(/\s/g, "");
  const right = /^[0-9*#]+$/.test(typed);
  byId("wrong").textContent = right || !typed ? "" : t("chat_wrong");
  if (!right || !call.under) return;
  byId("typed").value = "";
  send(typed);
});

document.title = t("chat_title");
draw();
document.body.dataset.ready = "yes";
