// Call time between two messages: it runs on at the call's speed, or stands.

export class CallClock {
  #at = 0;
  #since = 0;
  #speed = 1;
  #runs = false;

  set({ t, speed = this.#speed, runs }) {
    this.#at = t;
    this.#since = performance.now();
    this.#speed = speed;
    this.#runs = runs;
  }

  stop() {
    this.set({ t: this.now, runs: false });
  }

  get speed() {
    return this.#speed;
  }

  get now() {
    return this.#runs ? this.#at + ((performance.now() - this.#since) / 1000) * this.#speed : this.#at;
  }
}
