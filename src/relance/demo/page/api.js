// Ask the read interface. The key stands in the page, put there by the demo's server alone.

const meta = (name) => document.querySelector(`meta[name="relance-${name}"]`)?.content ?? "";
const key = meta("key");
export const speed = Number(meta("speed")) || 1;

/** The answer of one route, as JSON. */
export async function ask(path) {
  const answer = await fetch(`/api/v1/${path}`, { headers: { Authorization: `Bearer ${key}` }, cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Call `look` now and every `seconds`, one call at a time, and not while nobody sees the page. */
export function keepAsking(seconds, look, onTrouble) {
  let timer = 0;
  const turn = async () => {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        await look();
        onTrouble(null);
      } catch (error) {
        onTrouble(error);
      }
    }
    timer = setTimeout(turn, seconds * 1000);
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) turn(); });
  turn();
  return turn;
}
