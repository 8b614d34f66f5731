// The far ends: every leg as it rings, and what the person who is that far end can do at each moment.

import { byId, make, written } from "./dom.js";
import { t } from "./texts.js";

const OVER = ["completed", "busy", "no-answer", "failed", "canceled"];

export class Legs {
  #legs = new Map(); // by sid: { sid, to, status, whispers, seconds }

  constructor(act, names) {
    this.act = act;
    this.names = names;
  }

  clear() {
    this.#legs.clear();
    this.draw();
  }

  name(number) {
    return this.names.get(number) ?? written(number);
  }

  nameOf(sid) {
    return this.name(this.#legs.get(sid)?.to ?? "");
  }

  /** Who rings or talks at this moment, and which of the two; null when nobody does. */
  get present() {
    const leg = [...this.#legs.values()].findLast((each) => !OVER.includes(each.status));
    return leg ? { name: this.name(leg.to), talks: leg.status === "in-progress" && !leg.whispers } : null;
  }

  event(event) {
    if (event.event === "leg") {
      const leg = this.#legs.get(event.sid) ?? { sid: event.sid, to: event.to, whispers: false };
      Object.assign(leg, { status: event.status, seconds: event.duration });
      this.#legs.set(event.sid, leg);
    } else if (event.leg && this.#legs.has(event.leg)) {
      const leg = this.#legs.get(event.leg);
      if (event.event === "listen") leg.whispers = true;
      if (event.event === "gather") leg.whispers = false;
    } else return;
    this.draw();
  }

  draw() {
    byId("legs-empty").hidden = this.#legs.size > 0;
    document.body.dataset.far = [...this.#legs.values()].some((leg) => !OVER.includes(leg.status)) ? "there" : "";
    const legs = [...this.#legs.values()].reverse();
    fill(byId("legs"), legs.map((leg) => this.#card(leg)));
    const latest = legs.find((leg) => !OVER.includes(leg.status));
    fill(byId("far-now"), latest ? this.#buttons(latest) : []); // under the display, where the cards are out of sight
  }

  #card(leg) {
    const over = OVER.includes(leg.status);
    const talks = leg.status === "in-progress" && !leg.whispers;
    const state = leg.whispers && !over ? t("whispers") : t(talks ? "leg_talking" : `leg_${leg.status}`, { seconds: leg.seconds });
    const card = make("li", { class: over ? "over" : leg.status === "in-progress" ? "live" : "rings" });
    card.append(make("p", {}, make("b", {}, this.name(leg.to)), make("span", { class: "number" }, ` ${written(leg.to)}`)));
    card.append(make("p", { class: "state" }, state));
    const buttons = this.#buttons(leg);
    if (buttons.length) card.append(make("div", { class: "buttons" }, ...buttons));
    return card;
  }

  #buttons(leg) {
    const button = (act, text, kind) =>
      make("button", { type: "button", class: kind, "data-act": act, onclick: () => this.act({ do: "far", sid: leg.sid, act }) }, t(text));
    if (/^(conference|queue):/.test(leg.to)) return [make("span", { class: "hint" }, t("set_before"))];
    if (leg.status === "ringing") {
      const hint = make("span", { class: "hint" }, t("let_ring"));
      return [button("answer", "answer", "good"), button("busy", "busy"), button("failed", "fail"), hint];
    }
    if (leg.status !== "in-progress") return [];
    if (leg.whispers) return [button("press", "accept", "good"), button("hang-up", "refuse")];
    return [button("hang-up", "hang_up", "bad")];
  }
}

/** New content; the focus stays on a button if it was on one here. */
function fill(place, content) {
  const focused = place.contains(document.activeElement) && document.activeElement.dataset.act;
  place.replaceChildren(...content);
  if (focused) place.querySelector("button")?.focus();
}
