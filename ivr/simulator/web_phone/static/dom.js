// Small things every part of the page needs.

export const byId = (id) => document.getElementById(id);

/** An element: `make("li", { class: "x" }, "text", child, ...)`. `on...` are listeners; false and null are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const minutes = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
};

/** A Norwegian number as people write it. */
export const written = (number) => {
  const found = /^\+47(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(number);
  return found ? `+47 ${found.slice(1).join(" ")}` : number;
};

/** What was stored for this browser; a browser may refuse to store anything. */
export const kept = {
  get(name, otherwise) {
    try {
      return localStorage.getItem(`ivr-${name}`) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`ivr-${name}`, value);
    } catch {
      // it is asked again next time
    }
  },
};
