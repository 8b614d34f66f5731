// Webhooks: each webhook with what was signed, what came back and how long it took; faults at a click.

import { byId, make } from "./dom.js";
import { t } from "./texts.js";

const FAULTS = [
  { kind: "delay", value: 4 },
  { kind: "status", value: 500 },
  { kind: "timeout" },
  { kind: "duplicate" },
  { kind: "refuse", stays: true },
];

export class Webhooks {
  #rows = new Map(); // by the request's number
  #asking = null;

  constructor(act) {
    this.act = act;
    this.drawFaults();
  }

  clear() {
    this.#rows.clear();
    byId("requests").replaceChildren();
    byId("webhooks-empty").hidden = false;
    this.#answered();
    this.drawFaults();
  }

  drawFaults() {
    const group = byId("faults");
    group.querySelectorAll("button").forEach((button) => button.remove());
    for (const fault of FAULTS) {
      const text = t(`fault_${fault.kind}`);
      const label = fault.stays ? `${text}, ${t("fault_stays")}` : null;
      const toggle = (event) => this.#toggle(event.target, fault);
      group.append(make("button", { type: "button", "aria-pressed": "false", "aria-label": label, title: label, "data-fault": fault.kind, onclick: toggle }, text));
    }
  }

  #toggle(button, fault) {
    const armed = button.getAttribute("aria-pressed") !== "true";
    this.#disarm(true);
    button.setAttribute("aria-pressed", String(armed));
    this.act({ do: "fault", kind: armed ? fault.kind : null, value: fault.value ?? 0, stays: Boolean(fault.stays) });
  }

  /** A request has met the fault that was set for it. */
  #disarm(all) {
    for (const button of byId("faults").querySelectorAll("[aria-pressed=true]")) {
      if (all || button.dataset.fault !== "refuse") button.setAttribute("aria-pressed", "false");
    }
  }

  event(event) {
    switch (event.event) {
      case "request":
        this.#disarm(false);
        this.#begin(event);
        break;
      case "response":
        this.#badge(event.n, `${event.status}`, `${event.ms.toFixed(1)} ms`, event.status >= 400);
        break;
      case "warning":
      case "error":
        this.#complain(event);
        break;
    }
  }

  asking({ url, limit }) {
    this.#asking = { url: url.split("?")[0], limit, since: performance.now() };
  }

  exchange(message) {
    this.#answered();
    const row = this.#rows.get(message.n);
    if (!row) return;
    if (message.failure) this.#badge(message.n, message.failure, "", true);
    const copy = make("button", { type: "button", class: "copy", onclick: (event) => copyText(event.target, message.curl) }, t("copy_curl"));
    row.details.querySelector(".sent").append(copy);
    if (message.body) {
      row.details.append(make("h4", {}, t("what_came_back")), make("pre", { tabindex: "0", "aria-label": t("what_came_back") }, message.body));
    }
  }

  tick() {
    if (!this.#asking) return;
    const seconds = (performance.now() - this.#asking.since) / 1000;
    const { url, limit } = this.#asking;
    if (seconds > 0.8) byId("asking").textContent = t("asks", { url, seconds: Math.floor(seconds), limit: Math.round(limit * 10) / 10 });
  }

  #answered() {
    this.#asking = null;
    byId("asking").textContent = "";
  }

  #begin(event) {
    byId("webhooks-empty").hidden = true;
    const path = new URL(event.url).pathname;
    const badge = make("span", { class: "badge" }, t("no_answer_yet"));
    const ms = make("span", { class: "ms" });
    const summary = make(
      "summary",
      {},
      make("span", { class: "n" }, String(event.n)),
      make("span", { class: "path" }, `${event.method} ${path}`),
      make("span", { class: "purpose" }, t(`purpose_${event.purpose}`)),
      badge,
      ms,
    );
    const params = Object.entries(event.params).filter(([, value]) => value !== "");
    const table = make("dl", {}, ...params.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, String(value))]));
    const sent = make("div", { class: "sent" }, make("h4", {}, t("what_was_sent")));
    const where = make("p", { class: "url" }, event.url);
    const signature = make("p", { class: "url" }, `X-Twilio-Signature: ${event.signature}`);
    const details = make("details", {}, summary, sent, where, signature, table);
    const row = make("li", {}, details);
    this.#rows.set(event.n, { row, details, badge, ms });
    byId("requests").prepend(row);
  }

  #badge(n, text, ms, bad) {
    const row = this.#rows.get(n);
    if (!row) return;
    row.badge.textContent = text;
    row.badge.classList.add(bad ? "bad" : "good");
    row.ms.textContent = ms;
  }

  #complain(event) {
    const row = this.#rows.get(event.request);
    const place = event.line ? ` (${event.line}:${event.column})` : "";
    row?.row.append(make("p", { class: `complaint ${event.event}` }, make("b", {}, event.code ? String(event.code) : "!"), ` ${event.message}${place}`));
  }
}

async function copyText(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { "aria-label": t("copy_curl") });
    area.value = text;
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.dataset.copied = text;
  button.textContent = t("copied");
  setTimeout(() => (button.textContent = t("copy_curl")), 1500);
}
