// The presentation view, for a projector: the phone, one large caption with its translation, and the way so far.

import { byId, make } from "./dom.js";

const SLOT = /\{(\w+)\}/g;
const LONG = 180; // characters: a smaller type from here on
const plain = (text) => text.replaceAll(/\s+/g, " ").replaceAll(/ ([.,:?!])/g, "$1").trim();

export class Stage {
  #known;
  #sentence = null; // what is being said: its text so far, and the language of its first piece
  #hint = "";

  /** `translations`: texts with slots, by language. `digits`: the spoken digits of each language. */
  constructor(translations, digits) {
    this.#known = translations.flatMap((texts) => Object.entries(texts).map(([code, text]) => ({ code, texts, pattern: pattern(text, digits[code]) })));
    this.#known.sort((one, other) => other.pattern.words - one.pattern.words); // "{centre}." would match anything
    this.digits = digits;
    byId("present").addEventListener("click", () => this.#turn(document.body.dataset.view !== "present"));
    document.addEventListener("fullscreenchange", () => !document.fullscreenElement && this.#turn(false));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#turn(false));
  }

  #turn(on) {
    if (on === (document.body.dataset.view === "present")) return;
    document.body.dataset.view = on ? "present" : "";
    byId("present").setAttribute("aria-pressed", String(on));
    if (on) document.documentElement.requestFullscreen?.().catch(() => {}); // without it, the window is the stage
    else if (document.fullscreenElement) document.exitFullscreen();
  }

  hint(text) {
    this.#hint = text;
    if (!this.#sentence) this.#show(text);
  }

  /** A prompt begins. A sentence comes in pieces where a name in it is of another language. */
  says({ text, language }) {
    const goes_on = this.#sentence && !/[.!?]$/.test(this.#sentence.text);
    this.#sentence = goes_on ? { ...this.#sentence, text: `${this.#sentence.text} ${text}` } : { text, language };
    const said = plain(this.#sentence.text);
    this.#show(said, this.#sentence.language, this.#translated(said));
  }

  /** Nothing is said any more. */
  silent() {
    if (this.#sentence && !/[.!?]$/.test(this.#sentence.text)) return; // its next piece comes at once
    this.#sentence = null;
    this.#show(this.#hint);
  }

  clear() {
    this.#sentence = null;
    this.way([]);
  }

  /** Titles of the nodes so far, the present one last. */
  way(titles) {
    const steps = titles.map((title, place) => make("li", { "aria-current": place === titles.length - 1 ? "step" : null }, title));
    byId("way").replaceChildren(...steps);
    byId("way").lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  #show(text, language = null, other = null) {
    const stage = byId("stage");
    stage.dataset.size = text.length > LONG ? "small" : "large";
    const change = (id, words, lang) => {
      if (byId(id).textContent !== words) byId(id).textContent = words;
      if (lang) byId(id).lang = lang;
      else byId(id).removeAttribute("lang");
    };
    change("big-caption", text, language);
    change("big-other", other?.text ?? "", other?.code);
  }

  /** Every sentence in the other language, or null where one of them is not known. */
  #translated(text) {
    const whole = this.#sentenceIn(text);
    if (whole) return whole;
    const parts = text.split(/(?<=[.!?])\s+/).map((each) => this.#sentenceIn(each));
    return parts.length > 1 && parts.every(Boolean) ? { code: parts[0].code, text: parts.map((each) => each.text).join(" ") } : null;
  }

  #sentenceIn(text) {
    for (const { code, texts, pattern: { regex, slots } } of this.#known) {
      const match = regex.exec(text);
      const other = Object.keys(texts).find((each) => each !== code);
      if (!match || !other) continue;
      const values = Object.fromEntries(slots.map((slot, place) => [slot, this.#digits(match[place + 1], code, other)]));
      return { code: other, text: texts[other].replaceAll(SLOT, (_, slot) => values[slot] ?? "") };
    }
    return null;
  }

  /** Digits as the other language says them; anything else is a name, and stays. */
  #digits(words, from, to) {
    const numbers = words.split(" ").map((word) => this.digits[from].indexOf(word));
    return numbers.includes(-1) ? words : numbers.map((number) => this.digits[to][number]).join(" ");
  }
}

/** `digits`: the words that a slot of digits (`{d1}`) may hold; any other slot is a name. */
function pattern(text, digits) {
  const slots = [];
  const digit = `(?:${digits.join("|")})`;
  const source = plain(text)
    .replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replaceAll(SLOT, (_, slot) => {
      slots.push(slot);
      return /^d\d$/.test(slot) ? `(${digit}(?: ${digit})*)` : "([^.!?]+?)";
    });
  return { regex: new RegExp(`^${source}$`), slots, words: text.replaceAll(SLOT, "").length };
}
