// Tasks for a class: a list before the call, the task itself during it, and at the end what became of it.

import { byId, make, minutes } from "./dom.js";
import { t, taskTitle } from "./texts.js";

export class Tasks {
  #present = null; // the task of the call under way, or of the last one
  #result = null;

  /** `begin(name)` places the call of a task; `nameOf(number)`: who has that number. */
  constructor(tasks, begin, nameOf) {
    this.tasks = tasks;
    this.begin = begin;
    this.nameOf = nameOf;
  }

  draw() {
    const items = this.tasks.map(({ name, title }) =>
      make("li", {}, make("button", { type: "button", "data-task": name, onclick: () => this.begin(name) }, taskTitle(name, title))),
    );
    byId("tasks").replaceChildren(...items);
    this.#show();
  }

  placed({ task }) {
    this.#present = this.tasks.find(({ name }) => name === task) ?? null;
    this.#result = null;
    this.#show();
  }

  over(result) {
    this.#result = result;
    this.#show();
  }

  #show() {
    const task = this.#present;
    byId("task").hidden = !task;
    byId("task-text").textContent = task ? taskTitle(task.name, task.title) : "";
    byId("task-result").textContent = this.#result ? this.#sentence(this.#result) : "";
    byId("task").dataset.done = this.#result ? String(this.#result.done) : "";
  }

  #sentence({ done, keys, fewest, seconds, rang }) {
    if (done) return t("task_done", { keys, fewest, time: minutes(seconds) });
    return rang.length ? t("task_rang", { who: rang.map(this.nameOf).join(", ") }) : t("task_not_done");
  }
}
