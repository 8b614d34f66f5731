// What is chosen before a call: who calls, when, how far ends behave; and the calls that play by themselves.

import { byId, make } from "./dom.js";
import { preparedTitle, t } from "./texts.js";

const CALLERS = [
  ["+4791234567", () => t("caller_mobile")],
  ...[["+4755123456", "Bergen"], ["+4722123456", "Oslo"], ["+4773123456", "Trondheim"], ["+4777612345", "Tromsø"], ["+4738123456", "Kristiansand"]].map(
    ([number, place]) => [number, () => t("caller_fixed", { place })],
  ),
  ["+46701234567", () => t("caller_foreign", { country: t("sweden") })],
  ["+447700900123", () => t("caller_foreign", { country: t("britain") })],
  ["anonymous", () => t("caller_withheld")],
  ["", () => t("caller_other")],
];
const CLOCKS = [
  ["now", "clock_now"],
  ["2026-03-03T20:00", "clock_evening"],
  ["2026-03-03T03:00", "clock_night"],
  ["2026-03-03T22:58", "clock_duty"],
  ["2026-05-17T12:00", "clock_holiday"],
  ["2026-12-31T23:58", "clock_new_year"],
  ["2026-10-25T02:30", "clock_back"],
  ["2026-03-29T01:58", "clock_forward"],
  ["", "clock_other"],
];
const LISTS = ["try", "tasks"];
const PARTS = [...LISTS, "setup"];
const BEHAVIOURS = ["decide", "answer", "busy", "no-answer", "failed", "machine"];

export class Setup {
  constructor(config, play) {
    this.config = config;
    this.play = play;
    this.draw();
    this.#offer(config.from, config.to);
    byId("from").addEventListener("change", () => this.#others());
    byId("clock").addEventListener("change", () => this.#others());
    byId("setup").addEventListener("submit", (event) => event.preventDefault());
    for (const list of LISTS) {
      byId(list).addEventListener("scroll", () => this.#more());
      new ResizeObserver(() => this.#more()).observe(byId(list));
    }
    for (const part of PARTS) byId(`show-${part}`).addEventListener("click", () => this.#show(part));
    if (!config.has_clock) without("clock", "clock-other");
    if (config.url) {
      byId("show-try").hidden = byId("show-tasks").hidden = true;
      without("except-who", "except-does");
      this.#show("setup");
    }
  }

  draw() {
    choices("from", CALLERS.map(([value, text]) => [value, text()]));
    choices("clock", CLOCKS.map(([value, name]) => [value, t(name)]));
    choices("far", BEHAVIOURS.map((name) => [name, t(`far_${name}`)]));
    choices("except-does", BEHAVIOURS.slice(1).map((name) => [name, t(`one_${name}`)]), "busy");
    choices("except-who", [["", t("nobody")], ...this.config.centres.map(({ number, name }) => [number, name])]);
    const items = this.config.prepared.map(({ name, title }) =>
      make("li", {}, make("button", { type: "button", "data-prepared": name, onclick: () => this.play(name) }, preparedTitle(name, title))),
    );
    byId("try").replaceChildren(...items);
    this.#more();
    this.#others();
  }

  /** What the server is asked for when a call is placed. */
  get order() {
    const legs = { "*": byId("far").value };
    if (byId("except-who").value) legs[byId("except-who").value] = byId("except-does").value;
    const clock = byId("clock").value;
    return {
      from: byId("from").value || byId("from-other").value,
      to: byId("to").value,
      moment: clock === "now" ? "" : clock || byId("clock-other").value,
      legs,
    };
  }

  get pacing() {
    return { speed: Number(byId("speed").value), patient: byId("patient").checked };
  }

  /** The numbers of the command line are chosen first. */
  #offer(from, to) {
    if (to) byId("to").value = to;
    if (!from) return;
    byId("from").value = CALLERS.some(([number]) => number === from) ? from : "";
    if (!byId("from").value) byId("from-other").value = from;
    this.#others();
  }

  #others() {
    for (const name of ["from", "clock"]) {
      const other = byId(name).value === "" && !byId(name).hidden;
      byId(`${name}-other`).hidden = !other;
      document.querySelector(`label[for=${name}-other]`).hidden = !other;
    }
  }

  /** How many calls or tasks lie below the edge of their list. */
  #more() {
    const list = LISTS.map(byId).find((each) => !each.hidden);
    const edge = list?.getBoundingClientRect().bottom;
    const below = list ? [...list.children].filter((item) => item.getBoundingClientRect().top > edge - 8).length : 0;
    byId("try-more").textContent = below ? t("more_below", { count: below }) : "";
  }

  #show(name) {
    for (const part of PARTS) {
      byId(part).hidden = part !== name;
      byId(`show-${part}`).setAttribute("aria-pressed", String(part === name));
    }
    this.#more();
  }
}

function without(...ids) {
  for (const id of ids) {
    byId(id).hidden = true;
    document.querySelector(`label[for=${id}]`).hidden = true;
  }
}

function choices(id, options, chosen) {
  const select = byId(id);
  const before = select.options.length ? select.value : (chosen ?? options[0][0]);
  select.replaceChildren(...options.map(([value, text]) => make("option", { value }, text)));
  select.value = before;
}
