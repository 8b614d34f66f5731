// The keys: mouse, touch, and the keyboard wherever nobody is typing.

import { byId, make } from "./dom.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const LETTERS = { 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ", 0: "+" };
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** `press` is called with each key; `shortcuts` says whether the keyboard dials. */
export function keypad(press, shortcuts) {
  const buttons = new Map();
  for (const key of KEYS) {
    const letters = make("small", { "aria-hidden": "true" }, LETTERS[key] ?? "");
    const button = make("button", { type: "button", "data-key": key, "aria-label": key, onclick: () => press(key) }, key, letters);
    buttons.set(key, button);
    byId("keypad").append(button);
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !shortcuts()) return;
    if (!buttons.has(event.key) || event.target.closest?.(TYPING)) return;
    event.preventDefault();
    press(event.key);
    flash(buttons.get(event.key));
  });
  return { flash: (key) => flash(buttons.get(key)) };
}

function flash(button) {
  if (!button) return;
  button.classList.remove("pressed");
  void button.offsetWidth; // the same key again begins its light anew
  button.classList.add("pressed");
  button.addEventListener("animationend", () => button.classList.remove("pressed"), { once: true });
}
