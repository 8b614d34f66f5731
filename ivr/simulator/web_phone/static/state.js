// What the page says of one moment of the call: a short status, and one sentence of what is going on and what can be done.

const PROMPT = 800; // milliseconds: an answer within them is nothing to speak of

/** The name of the state, a text of its own, and `hint_` with that name is its sentence. `far`: who rings or talks. */
export function stateOf(call, far) {
  if (!call.status) return { name: "idle" };
  if (!call.under) return { name: `status_${call.status}` };
  if (call.left) return { name: "hangs_up" };
  if (call.asks && performance.now() - call.asks > PROMPT) return { name: "asks_webhook" };
  if (call.paused) return { name: "paused" };
  if (far) return { name: far.talks ? "talking" : "rings_at", slots: { who: far.name } };
  if (call.listens && call.patient && !call.runs) return { name: "waits_for_you" };
  if (call.scripted) return { name: "plays_itself" };
  return { name: call.listens ? "listens" : `status_${call.status}` };
}
