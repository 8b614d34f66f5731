// What is heard: tones, and prompts in the browser's own voice, or the server's, or none. Nothing ever waits for a voice.

import { languageOf } from "./texts.js";
import { sound } from "./tones.js";

export class Voice {
  #context = null;
  #source = null;
  #latest = 0;

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

  /** `seconds`: how long the call takes over it. */
  speak(number, text, language, seconds) {
    this.stop();
    if (!this.on || !this.#context) return;
    const voice = this.#voiceFor(language);
    if (voice) this.#speakHere(text, voice);
    else if (this.served) this.#speakServed(number, seconds);
  }

  stop() {
    this.#latest += 1;
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

  #speakHere(text, voice) {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    speechSynthesis.speak(utterance);
  }

  async #speakServed(number, seconds) {
    const mine = this.#latest;
    try {
      const bytes = await (await fetch(this.served(number))).arrayBuffer();
      if (mine !== this.#latest || bytes.byteLength < 100) return;
      const buffer = await this.#context.decodeAudioData(bytes);
      if (mine !== this.#latest) return;
      this.#source = this.#context.createBufferSource();
      this.#source.buffer = buffer;
      this.#source.playbackRate.value = Math.min(Math.max(buffer.duration / Math.max(seconds, 0.5), 1), 1.2);
      this.#source.connect(this.#context.destination);
      this.#source.start();
    } catch {
      // silent, with captions
    }
  }
}
