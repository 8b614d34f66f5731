// The two tones of each key (ITU-T Q.23), on any audio context: the loudspeaker's, or one that is measured.

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = ["123", "456", "789", "*0#"];

/** The low and the high frequency of a key, in Hz. */
export function frequencies(key) {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  return row < 0 ? [] : [ROWS[row], COLUMNS[KEYS[row].indexOf(key)]];
}

/** Let `key` sound from `start` for `length` seconds. */
export function sound(context, key, start = context.currentTime, length = 0.14) {
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.12, start + 0.005);
  gain.gain.setValueAtTime(0.12, start + length - 0.01);
  gain.gain.linearRampToValueAtTime(0, start + length);
  gain.connect(context.destination);
  for (const frequency of frequencies(key)) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(start);
    tone.stop(start + length);
  }
}
