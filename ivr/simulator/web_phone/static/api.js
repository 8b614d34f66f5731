// What this page asks of its server, which is the only one that it ever asks.

const post = async (path, asked) => {
  const reply = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
  });
  return reply.json();
};

export const config = async () => (await fetch("config")).json();

/** One phone, for this page alone. Acts reach it in the order in which they were done. */
export class Phone {
  #last = Promise.resolve({});

  constructor(id) {
    this.id = id;
  }

  /** `written`: its line has the words of a text chat. */
  static async make({ written = false } = {}) {
    return new Phone((await post("phones", { written })).id);
  }

  get #path() {
    return `phones/${encodeURIComponent(this.id)}`;
  }

  call(order) {
    return this.#then(() => post(`${this.#path}/call`, order));
  }

  act(asked) {
    return this.#then(() => post(`${this.#path}/act`, asked));
  }

  #then(next) {
    this.#last = this.#last.then(next, next);
    return this.#last;
  }

  /** `tell` is called with each message; `lost` with whether the server is out of reach. */
  listen(tell, lost) {
    const source = new EventSource(`${this.#path}/events`);
    source.addEventListener("message", (event) => tell(JSON.parse(event.data)));
    source.addEventListener("open", () => lost(false));
    source.addEventListener("error", () => lost(true));
  }

  file(name) {
    return `${this.#path}/${name}`;
  }
}
