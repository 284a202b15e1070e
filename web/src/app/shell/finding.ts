import { api } from "@/api/client";

export interface Found {
  group: "pages" | "people" | "journeys" | "campaigns" | "segments" | "predictions";
  label: string;
  note: string;
  to: string;
}

interface Named {
  id: string;
  name?: string | null;
}

interface Person {
  user_id: string;
  email: string | null;
  traits: Record<string, unknown>;
}

const DEFINITIONS = [
  ["journeys", "/api/v1/states/journeys"],
  ["campaigns", "/api/v1/states/campaigns"],
  ["segments", "/api/v1/segments"],
  ["predictions", "/api/v1/predictions"],
] as const;
const MOST = 6;

/** A text as it is compared: without capitals and accents, so that "predi" finds "Prédictions". */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What a text finds: definitions by name or id, people by whatever the server searches in. One part that fails does not hide the others. */
export async function findEverywhere(text: string, signal: AbortSignal): Promise<Found[]> {
  const wanted = plain(text);
  const named = DEFINITIONS.map(async ([group, path]): Promise<Found[]> => {
    const { items } = await api<{ items: Named[] }>("GET", path, { signal });
    return items
      .filter((item) => plain(`${item.name ?? ""} ${item.id}`).includes(wanted))
      .slice(0, MOST)
      .map((item) => ({ group, label: item.name || item.id, note: item.id, to: `/${group}/${item.id}` }));
  });
  const people = api<{ items: Person[] }>("GET", "/api/v1/profiles", {
    query: { query: text, limit: MOST },
    signal,
  }).then(({ items }): Found[] =>
    items.map((person) => ({
      group: "people",
      label: personName(person) || person.user_id,
      note: person.email ?? person.user_id,
      to: `/people/${encodeURIComponent(person.user_id)}`,
    })),
  );
  const answers = await Promise.allSettled([people, ...named]);
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}

function personName({ traits }: Person): string {
  return [traits.first_name, traits.last_name].filter(Boolean).join(" ");
}
