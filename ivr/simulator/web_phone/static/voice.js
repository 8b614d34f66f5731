// What is heard: tones, and prompts in the server's voice, or the browser's own, or none. A prompt begins when the one
// before it has ended: only a key, a pause or the end of the call stops one.

import { languageOf } from "./texts.js";
import { sound } from "./tones.js";

export class Voice {
  #context = null;
  #source = null;
  #latest = 0; // prompts of an earlier number are not begun any more
  #before = Promise.resolve();

  /** `served`: the address of a prompt's WAV by the event's number, or null where the server has no voice. */
  constructor(served) {
    this.served = served;
    this.on = true;
  }

  /** Browsers let a page sound only after the person has done something. */
  wake() {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") this.#context.resume().catch(() => {});
  }

  key(digit) {
    if (!this.on) return;
    this.wake();
    sound(this.#context, digit);
  }

  /** Speak it after what is being spoken. */
  speak(number, text, language) {
    if (!this.on || !this.#context) return;
    const mine = this.#latest;
    this.#before = this.#before.then(async () => {
      const sound = this.served && mine === this.#latest ? await this.#fetched(number) : null;
      if (mine !== this.#latest) return;
      if (sound) await this.#play(sound);
      else this.#speakHere(text, this.#voiceFor(language));
    });
  }

  stop() {
    this.#latest += 1;
    this.#before = Promise.resolve();
    this.#source?.stop();
    this.#source = null;
    if (globalThis.speechSynthesis?.speaking) speechSynthesis.cancel();
  }

  /** Only voices that live on this machine: others would send the text away. */
  #voiceFor(language) {
    const names = languageOf(language)?.tags ?? [language.slice(0, 2).toLowerCase()];
    const voices = globalThis.speechSynthesis?.getVoices() ?? [];
    return voices.find((voice) => voice.localService && names.includes(voice.lang.slice(0, 2).toLowerCase()));
  }

  /** The browser keeps these in a queue of its own. */
  #speakHere(text, voice) {
    if (!voice) return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    speechSynthesis.speak(utterance);
  }

  /** The server's voice, or null where it has none for this prompt. */
  async #fetched(number) {
    try {
      const bytes = await (await fetch(this.served(number))).arrayBuffer();
      return bytes.byteLength < 100 ? null : await this.#context.decodeAudioData(bytes);
    } catch {
      return null; // silent, with captions
    }
  }

  /** Resolves when it has been heard to its end, or was stopped. */
  #play(sound) {
    return new Promise((ended) => {
      this.#source = this.#context.createBufferSource();
      this.#source.buffer = sound;
      this.#source.addEventListener("ended", ended);
      this.#source.connect(this.#context.destination);
      this.#source.start();
    });
  }
}
