import type { Category, Page, Selection, Share, Steps } from "../api";

/** What a selection comes to (as the server's `panel` says it). */
export interface Panel {
  audience: number;
  selected: number;
  performers: number;
  allPerformers: number;
  others: number;
  allOthers: number;
}

export const CATEGORIES: Category[] = ["low", "medium", "high"];
export const BOUNDS: Record<Category, [number, number]> = { low: [0, 50], medium: [50, 75], high: [75, 100] };

function panelOf(selected: number, performers: number, audience: number, expected: number): Panel {
  return {
    audience,
    selected,
    performers,
    allPerformers: expected,
    others: selected - performers,
    allOthers: audience - expected,
  };
}

/** People with scores from `from` to `to`, both included; whole numbers from 0 to 100. */
export function panelOfRange(steps: Steps, from: number, to: number): Panel {
  const between = (upTo: number[], below: number[]) => (upTo[to] ?? 0) - (below[from] ?? 0);
  return panelOf(
    between(steps.people_up_to, steps.people_below),
    between(steps.expected_up_to, steps.expected_below),
    steps.people_up_to[100] ?? 0,
    steps.expected_up_to[100] ?? 0,
  );
}

export function panelOfCategories(categories: Record<Category, Share>, chosen: Category[]): Panel {
  const sum = (of: Category[], what: keyof Share) => of.reduce((n, one) => n + categories[one][what], 0);
  return panelOf(
    sum(chosen, "people"),
    sum(chosen, "expected"),
    sum(CATEGORIES, "people"),
    sum(CATEGORIES, "expected"),
  );
}

/** What is chosen on the page: a range of scores, or categories. Both are kept, so that changing back loses nothing. */
export interface Choice {
  by: "score" | "category";
  range: [number, number];
  categories: Category[];
}

export const FIRST_CHOICE: Choice = { by: "score", range: [75, 100], categories: ["high"] };

export function selectionOf(choice: Choice): Selection {
  if (choice.by === "category") return { category: CATEGORIES.filter((one) => choice.categories.includes(one)) };
  return { score: { gte: choice.range[0], lte: choice.range[1] } };
}

export function panelOfChoice(page: Page, choice: Choice): Panel | undefined {
  if (!page.steps || !page.histogram) return undefined;
  if (choice.by === "score") return panelOfRange(page.steps, ...choice.range);
  return panelOfCategories(page.histogram.categories, choice.categories);
}

/** A typed number as a bound: whole, within 0 to 100, and not past the other handle. */
export function withBound(range: [number, number], side: 0 | 1, typed: number): [number, number] {
  const whole = Math.min(100, Math.max(0, Math.round(typed)));
  return side === 0 ? [Math.min(whole, range[1]), range[1]] : [range[0], Math.max(whole, range[0])];
}
