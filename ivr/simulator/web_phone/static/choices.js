// Keys that a written text offers: it marks each one, as in "For English, write [2]."

const MARK = /\[([0-9*#])\]/g;

/** The text as it is read. */
export const unmarked = (text) => text.replaceAll(MARK, "$1");

/** Each key with what it is for: its sentence up to the words that name the key. */
export function choicesIn(text) {
  let from = 0;
  return [...text.matchAll(MARK)].map((mark) => {
    const sentence = text.slice(from, mark.index).split(/[.!?]\s+/).at(-1);
    from = mark.index + mark[0].length;
    const end = Math.max(sentence.lastIndexOf(","), sentence.lastIndexOf(":"));
    return { key: mark[1], label: (end > 0 ? sentence.slice(0, end) : sentence).trim() };
  });
}
