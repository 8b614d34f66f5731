// The interface's own words, in each language that has a page.yaml. What the line says is the line's, and stands in no list
// here.

import { kept, make } from "./dom.js";
import { languages } from "./languages.js"; // made by the server, from ivr/simulator/languages

const others = languages.find((each) => each.for_others);
const known = (code) => languages.find((each) => each.code === code && each.texts);

export const language = {
  get now() {
    return known(document.documentElement.lang) ?? others;
  },
};

/** The language of a tag such as a <Say> has. */
export const languageOf = (tag) => {
  const first = tag.split("-")[0].toLowerCase();
  return languages.find((each) => each.code === first) ?? languages.find((each) => each.tags.includes(first));
};

/** A text of the interface, with its slots filled. */
export function t(name, slots = {}) {
  const text = language.now.texts[name] ?? name;
  return text.replaceAll(/\{(\w+)\}/g, (_, slot) => slots[slot] ?? "");
}

export const preparedTitle = (name, english) => language.now.prepared[name] ?? english;

export const taskTitle = (name, english) => language.now.tasks[name] ?? english;

/** Write every text of the page that has a name in `data-t`, or in `data-t-label` for its accessible name. */
export function translate(root = document) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
}

/** The language and the colours that the person chose, here or the last time. `changed`: after a new language. */
export function settle(changed) {
  const root = document.documentElement;
  const speaks = navigator.languages?.map(languageOf).find((each) => each?.texts && !each.for_others) ?? others;
  const lang = document.getElementById("language");
  const spoken = languages.filter((each) => each.texts);
  lang.replaceChildren(...spoken.map((each) => make("option", { value: each.code, lang: each.code }, each.name)));
  lang.value = (known(kept.get("language", speaks.code)) ?? speaks).code;
  root.lang = lang.value;
  lang.addEventListener("change", () => {
    root.lang = lang.value;
    kept.set("language", lang.value);
    translate();
    changed();
  });
  const theme = document.getElementById("theme");
  theme.value = kept.get("theme", "auto");
  root.dataset.theme = theme.value;
  theme.addEventListener("change", () => {
    root.dataset.theme = theme.value;
    kept.set("theme", theme.value);
  });
  translate();
}
