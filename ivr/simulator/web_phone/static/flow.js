// The flow: the picture with the present node lit and the way so far drawn, and the same as a list.

import { byId, make } from "./dom.js";
import { language, t } from "./texts.js";

const NUMBERS = /-?\d+(?:\.\d+)?/g;
const SVG = "http://www.w3.org/2000/svg";
const SMALLEST = 260; // width of what is shown, in the picture's own units

export class Flow {
  #boxes = new Map();
  #lines = [];
  #view = null;
  #whole = null;
  #node = "";
  #way = [];
  #follows = true;
  #over = false;

  /** `plan`: null when the page is in front of somebody else's webhook. `walked` is called with the titles so far. */
  constructor(plan, walked) {
    this.plan = plan;
    this.walked = walked;
    if (!plan) {
      document.body.dataset.flow = "none";
      byId("picture").replaceChildren(make("p", { class: "empty" }, t("no_flow")));
      for (const id of ["flow-form", "zooms"]) byId(id).hidden = true;
      return;
    }
    this.#draw();
    this.#handle();
    this.list();
  }

  clear() {
    this.#over = false;
    this.at("", []);
    if (!this.plan) return;
    this.#follows = true;
    this.#centre(this.plan.start);
  }

  get #words() {
    const { words } = this.plan;
    return words[language.now.code] ?? Object.values(words)[0];
  }

  title(node) {
    return this.#words.titles[node] ?? node;
  }

  #label(way) {
    return this.#words.labels[this.plan.ways.indexOf(way)];
  }

  /** After a new language: the picture in its words, at the same place. */
  redraw() {
    if (!this.plan) return;
    const view = this.#view;
    this.#draw();
    this.#show(view);
    this.at(this.#node, this.#way);
  }

  /** Whether the caller is where signs of danger to life are told. */
  get isDanger() {
    return this.#kind(this.#node) === "danger";
  }

  /** The call is over where it is now. */
  over() {
    this.#over = true;
    this.here();
  }

  /** The call is at `node`, and has come by `way`. */
  at(node, way) {
    if (!this.plan) return;
    this.#node = node;
    this.#way = way;
    const been = new Set(way);
    for (const [name, box] of this.#boxes) {
      box.classList.toggle("here", name === node);
      box.classList.toggle("been", been.has(name) && name !== node);
    }
    const steps = new Set(way.slice(1).map((end, index) => `${way[index]}>${end}`));
    for (const { path, start, end } of this.#lines) {
      path.classList.toggle("been", steps.has(`${start}>${end}`));
      path.classList.toggle("next", start === node);
    }
    this.#jumps(way);
    this.walked(way.map((each) => this.title(each)));
    this.here();
    this.list();
    if (node && this.#follows) this.#centre(node);
  }

  /** The keys that lead on from here, in words. */
  here() {
    const place = byId("here");
    if (!this.plan || !this.#node) {
      place.replaceChildren(make("span", { class: "empty" }, t("no_node")));
      return;
    }
    const chips = this.#onward(this.#node).map(([label, end]) =>
      make("span", { class: "onward" }, make("b", {}, label), ` ${this.title(end)}`),
    );
    if (this.#over) {
      place.replaceChildren(t("ended_at"), " ", make("b", { class: "node" }, this.title(this.#node)), ".");
      return;
    }
    place.replaceChildren(t("you_are_at"), " ", make("b", { class: "node" }, this.title(this.#node)), ". ", make("span", { class: "hidden" }, t("keys_lead")), " ", ...chips);
  }

  #onward(node) {
    const { ways, red_flag: red, person } = this.plan;
    const found = ways.filter((way) => way.start === node).map((way) => [this.#label(way) || "→", way.end]);
    const kind = this.#kind(node);
    if (["menu", "entry", "danger"].includes(kind)) found.push([kind === "entry" ? "*9" : "9", red], [kind === "entry" ? "*0" : "0", person]);
    return found;
  }

  #kind(node) {
    return this.plan?.nodes.find((each) => each.id === node)?.kind;
  }

  // The list, for those who do not see the picture.

  list() {
    if (!this.plan) return;
    const been = new Set(this.#way);
    const items = this.plan.nodes.map(({ id, kind }) => {
      const here = id === this.#node;
      const marks = [t(`kind_${kind}`), here ? t("now_here") : been.has(id) ? t("visited") : null].filter(Boolean).join(", ");
      const onward = this.plan.ways.filter((way) => way.start === id);
      return make(
        "li",
        { "aria-current": here ? "step" : null, class: here ? "here" : been.has(id) ? "been" : null },
        make("b", {}, this.title(id)),
        ` (${marks})`,
        onward.length ? make("ul", {}, ...onward.map((way) => make("li", {}, `${this.#label(way) || "→"}: ${this.title(way.end)}`))) : null,
      );
    });
    const global = make("p", {}, `9: ${this.title(this.plan.red_flag)}, 0: ${this.title(this.plan.person)} (${t("from_everywhere")})`);
    byId("flow-list").replaceChildren(global, make("ol", {}, ...items));
    if (!byId("flow-list").hidden) byId("flow-list").querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  }

  // The picture.

  #draw() {
    const drawn = new DOMParser().parseFromString(this.#words.svg, "image/svg+xml").documentElement;
    const svg = document.importNode(drawn, true);
    svg.setAttribute("aria-hidden", "true");
    svg.removeAttribute("role");
    svg.querySelector("title")?.remove();
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    this.#whole = { x: 0, y: 0, width, height };
    for (const group of svg.querySelectorAll("g[id]")) {
      this.#boxes.set(group.id, group);
      group.id = `node-${group.id}`;
      group.classList.add("box");
    }
    this.svg = svg;
    this.#lines = [...svg.querySelectorAll("path[marker-end]")].map((path) => ({ path, ...this.#ends(path) }));
    this.jumps = document.createElementNS(SVG, "g");
    svg.append(this.jumps);
    byId("picture").replaceChildren(svg);
    for (const [name, value] of Object.entries({ markerUnits: "userSpaceOnUse", markerWidth: 9, markerHeight: 9 })) svg.querySelector("marker").setAttribute(name, value);
    this.#fit();
    this.#centre(this.plan.start);
  }

  /** A line leaves the lower edge of one box and meets the upper edge of another. */
  #ends(path) {
    const numbers = path.getAttribute("d").match(NUMBERS).map(Number);
    const at = (x, y, edge) => {
      for (const [name, box] of this.#boxes) {
        const place = rectangle(box);
        const there = edge === "lower" ? place.y + place.height : place.y;
        if (Math.abs(there - y) < 2 && x >= place.x - 1 && x <= place.x + place.width + 1) return name;
      }
      return "";
    };
    return { start: at(numbers[0], numbers[1], "lower"), end: at(numbers.at(-2), numbers.at(-1), "upper") };
  }

  /** Steps of the way that the picture has no line for (keys 9 and 0, ways back) are drawn as bows. */
  #jumps(way) {
    this.jumps.replaceChildren();
    way.slice(1).forEach((end, index) => {
      const start = way[index];
      if (start === end || this.#lines.some((line) => line.start === start && line.end === end)) return;
      const [from, to] = [rectangle(this.#boxes.get(start)), rectangle(this.#boxes.get(end))];
      const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y + from.height / 2, to.x + to.width / 2, to.y + to.height / 2];
      const bow = document.createElementNS(SVG, "path");
      bow.setAttribute("d", `M${x1} ${y1}Q${(x1 + x2) / 2 + (y2 - y1) / 5} ${(y1 + y2) / 2 - (x2 - x1) / 5} ${x2} ${y2}`);
      bow.setAttribute("class", "jump");
      this.jumps.append(bow);
    });
  }

  // Zoom and pan: the picture's viewBox.

  #show(view) {
    const { width, height } = this.#whole;
    const shape = byId("picture").clientHeight / Math.max(byId("picture").clientWidth, 1) || height / width;
    const wide = Math.min(Math.max(view.width, SMALLEST), Math.max(width, height / shape));
    const high = wide * shape;
    const inside = (at, size, all) => (size >= all ? (all - size) / 2 : Math.min(Math.max(at, 0), all - size));
    this.#view = { x: inside(view.x, wide, width), y: inside(view.y, high, height), width: wide, height: high };
    const { x, y } = this.#view;
    this.svg.setAttribute("viewBox", `${x} ${y} ${wide} ${high}`);
  }

  #fit() {
    this.#follows = true;
    this.#show({ ...this.#whole, width: Infinity });
  }

  zoom(factor, centre) {
    const { x, y, width, height } = this.#view;
    const at = centre ?? { x: x + width / 2, y: y + height / 2 };
    const next = width * factor;
    this.#show({ x: at.x - ((at.x - x) * next) / width, y: at.y - ((at.y - y) * next) / width, width: next, height: (height * next) / width });
  }

  #move(across, down) {
    this.#follows = false;
    const { x, y, width } = this.#view;
    this.#show({ x: x + across, y: y + down, width });
  }

  #centre(node) {
    const place = rectangle(this.#boxes.get(node));
    const readable = Math.max(byId("picture").clientWidth * 1.15, 400);
    const width = Math.min(this.#view.width, readable);
    const shape = this.#view.height / this.#view.width;
    this.#show({ x: place.x + place.width / 2 - width / 2, y: place.y + place.height / 2 - (width * shape) / 2, width });
  }

  #handle() {
    const frame = byId("picture");
    byId("zoom-in").addEventListener("click", () => this.zoom(0.75));
    byId("zoom-out").addEventListener("click", () => this.zoom(1.34));
    byId("zoom-fit").addEventListener("click", () => this.#fit());
    byId("flow-form").addEventListener("click", () => this.#swap());
    new ResizeObserver(() => this.#show(this.#view)).observe(frame);
    frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.#drag(event));
    const step = () => this.#view.width / 8;
    const moves = {
      ArrowLeft: () => this.#move(-step(), 0),
      ArrowRight: () => this.#move(step(), 0),
      ArrowUp: () => this.#move(0, -step()),
      ArrowDown: () => this.#move(0, step()),
      "+": () => this.zoom(0.75),
      "-": () => this.zoom(1.34),
    };
    frame.addEventListener("keydown", (event) => {
      if (!moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      moves[event.key]();
    });
  }

  #wheel(event) {
    event.preventDefault();
    const frame = byId("picture").getBoundingClientRect();
    const { x, y, width, height } = this.#view;
    const at = { x: x + ((event.clientX - frame.left) / frame.width) * width, y: y + ((event.clientY - frame.top) / frame.height) * height };
    this.zoom(event.deltaY > 0 ? 1.15 : 0.87, at);
  }

  #drag(event) {
    const frame = byId("picture");
    let [x, y] = [event.clientX, event.clientY];
    const unit = this.#view.width / Math.max(frame.clientWidth, 1);
    frame.setPointerCapture(event.pointerId);
    const move = (moved) => {
      this.#move((x - moved.clientX) * unit, (y - moved.clientY) * unit);
      [x, y] = [moved.clientX, moved.clientY];
    };
    frame.addEventListener("pointermove", move);
    const end = () => frame.removeEventListener("pointermove", move);
    frame.addEventListener("pointerup", end, { once: true });
    frame.addEventListener("pointercancel", end, { once: true });
  }

  #swap() {
    const list = byId("flow-list");
    const picture = !list.hidden;
    list.hidden = picture;
    byId("picture").hidden = byId("zooms").hidden = !picture;
    byId("flow-form").setAttribute("aria-pressed", String(!picture));
    if (!picture) this.list();
  }
}

const rectangle = (box) => {
  const rect = box.querySelector("rect");
  const number = (name) => Number(rect.getAttribute(name));
  return { x: number("x"), y: number("y"), width: number("width"), height: number("height") };
};
