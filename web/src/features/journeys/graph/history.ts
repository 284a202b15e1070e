/** What was before and what was taken back. Changes with one tag that follow each other closely are one to take back. */

export interface History<T> {
  past: T[];
  present: T;
  future: T[];
  tag: string;
  at: number;
}

const MOST_STEPS = 200;
const TOGETHER_MS = 1_500;

export function beginHistory<T>(present: T): History<T> {
  return { past: [], present, future: [], tag: "", at: 0 };
}

/** `tag`: what is being changed, such as one field; "" for what always stands alone. `at`: milliseconds. */
export function addToHistory<T>(history: History<T>, present: T, tag: string, at: number): History<T> {
  if (present === history.present) return history;
  const together = tag !== "" && tag === history.tag && at - history.at < TOGETHER_MS;
  const past = together ? history.past : [...history.past, history.present].slice(-MOST_STEPS);
  return { past, present, future: [], tag, at };
}

export function undo<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future], tag: "", at: 0 };
}

export function redo<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future, tag: "", at: 0 };
}
