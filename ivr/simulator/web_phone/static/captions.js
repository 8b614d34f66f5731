// What is heard, in writing: the prompt that is spoken now with the part spoken so far, and everything before it.

import { byId, make, minutes } from "./dom.js";
import { languageOf, t } from "./texts.js";

export class Captions {
  #lines = new Map(); // by the event's number
  #now = null;
  #until = 0;
  #hint = "";

  constructor(nameOf, stage) {
    this.nameOf = nameOf;
    this.stage = stage;
  }

  /** One sentence about this moment, which stands where the prompt would stand while nothing is said. */
  hint(text) {
    if (text === this.#hint) return;
    this.#hint = text;
    this.stage.hint(text);
    if (!this.#now) this.#show(null);
  }

  clear() {
    this.stage.clear();
    byId("log").replaceChildren();
    this.#lines.clear();
    this.#show(null);
  }

  /** An event of the call begins, or is complete. */
  event(number, event) {
    const line = this.#lines.get(number);
    if (line) this.#finish(line, event);
    else this.#begin(number, event);
  }

  /** Call time has come to `now`; the present sound is expected to last until `until`. */
  expect(until) {
    this.#until = until;
  }

  tick(now) {
    if (!this.#now) return;
    const { begun, text, said, rest } = this.#now;
    const length = Math.max(this.#until - begun, 0.1);
    const share = Math.min(Math.max((now - begun) / length, 0), 1);
    const cut = share >= 1 ? text.length : text.lastIndexOf(" ", Math.floor(text.length * share)) + 1;
    if (said.textContent.length === cut) return;
    said.textContent = text.slice(0, cut);
    rest.textContent = text.slice(cut);
    byId("now-heard").textContent = sentenceAt(text, cut);
  }

  #begin(number, event) {
    const written = this.#written(event);
    if (!written) return;
    const line = make("li", { class: written.kind, value: number });
    line.append(make("time", {}, minutes(event.t)), make("span", { class: "text" }, ...written.parts));
    this.#lines.set(number, line);
    const log = byId("log");
    log.append(line);
    log.parentElement.scrollTop = log.scrollHeight;
    if (event.event === "say") this.#show(event);
  }

  #finish(line, event) {
    if (event.cut) line.querySelector(".text").append(" ", make("em", {}, t("cut")));
    if (this.#now?.begun === event.t && event.event === "say") this.#show(null);
  }

  #written(event) {
    const whisper = event.leg ? make("em", {}, `${t("whisper_to", { who: this.nameOf(event.leg) })} `) : null;
    switch (event.event) {
      case "say":
        return { kind: event.leg ? "whisper" : "said", parts: [whisper, chip(event.language), make("span", { lang: event.language }, event.text)] };
      case "play":
        return { kind: "said", parts: [t("recording")] };
      case "key":
        return event.leg ? null : { kind: "key", parts: [t("pressed", { digit: event.digit }), event.heard ? null : make("em", {}, ` ${t("unheard")}`)] };
      case "gather":
        if (event.leg) return null;
        if (event.speech) return { kind: "key", parts: [t("said", { text: event.speech })] };
        return event.ended_by === "timeout" && !event.digits ? { kind: "quiet", parts: [t("silent")] } : null;
      case "ended":
        return { kind: "quiet", parts: [t(`status_${event.status}`)] };
      case "error":
      case "warning":
        return { kind: event.event, parts: [folded(event)] };
      default:
        return null;
    }
  }

  #show(event) {
    const panel = byId("caption");
    panel.replaceChildren();
    byId("now-heard").textContent = event ? sentenceAt(event.text, 0) : this.#hint;
    this.#now = null;
    if (!event) {
      this.stage.silent();
      panel.append(make("p", { class: "empty" }, this.#hint));
      return;
    }
    const said = make("span", { class: "so-far" });
    const rest = make("span", { class: "to-come" }, event.text);
    panel.append(chip(event.language), make("p", { lang: event.language }, said, rest));
    this.stage.says(event);
    this.#now = { begun: event.t, text: event.text, said, rest };
    this.#until = event.t + event.text.split(/\s+/).length * 0.4;
  }
}

/** A warning or an error in one line; the whole of it, tokens and all, behind a click. */
function folded({ code, message }) {
  const text = `${code || ""} ${message}`.trim();
  const short = text.replaceAll(/https?:\/\/[^\s/]+([^\s?:]*)(\?[^\s:,;]*)?/g, "$1");
  return make("details", {}, make("summary", { lang: "en-GB" }, short), make("p", { lang: "en-GB" }, text));
}

/** The sentence in which a place of the text lies: a narrow page has room for one. */
function sentenceAt(text, place) {
  const sentences = text.split(/(?<=[.!?]) /);
  let end = 0;
  return sentences.find((each) => place < (end += each.length + 1)) ?? sentences.at(-1);
}

const chip = (language) => {
  const short = languageOf(language)?.short ?? language.slice(0, 2).toUpperCase();
  return make("abbr", { class: "chip", title: language }, short);
};
