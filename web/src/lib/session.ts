import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

export type Role = "viewer" | "editor" | "publisher" | "admin";
export const ROLES: Role[] = ["viewer", "editor", "publisher", "admin"];

export type Scope =
  | "admin"
  | "read"
  | "definitions:draft"
  | "definitions:write"
  | "profiles:write"
  | "lists:write"
  | "keys:write";

export interface User {
  id: number;
  email: string;
  name: string;
  role: Role;
  scopes: string[];
}

export interface Session {
  user: User | null;
  /** The demo lets anybody in who sits at its machine. */
  demo: boolean;
  /** There is no user yet: the console shows the link that makes the first. */
  first: boolean;
  version: string;
  /** The session ended by itself; `user` is still whoever was at work, so that their page stays as it is until they are back. */
  lapsed?: boolean;
}

const KEY = ["session"];

/** Who is signed in, asked once; the shell shows nothing else before it is known. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ client }): Promise<Session> => {
      const told = await api<Session>("GET", "/api/v1/session");
      const user = client.getQueryData<Session>(KEY)?.user;
      return told.user || !user ? told : { ...told, user, lapsed: true };
    },
    staleTime: 60_000,
  });
}

const LEAST: Record<Scope, Role> = {
  read: "viewer",
  "definitions:draft": "editor",
  "lists:write": "editor",
  "definitions:write": "publisher",
  "profiles:write": "publisher",
  "keys:write": "admin",
  admin: "admin",
};

/** The least role that may do something. */
export const roleFor = (scope: Scope): Role => LEAST[scope];

/** Whether whoever is signed in may do something: `useMay("definitions:write")`. Show what they may not as disabled, with the reason. */
export function useMay(scope: Scope): boolean {
  return useSession().data?.user?.scopes.includes(scope) ?? false;
}

/** Take up that the server knows the session no more, though nobody signed out. */
export function lapse(queries: QueryClient): void {
  queries.setQueryData<Session>(KEY, (before) => (before?.user ? { ...before, lapsed: true } : before));
}

/**
 * Take up that somebody signed in, or (null) that they signed out; what the one before saw is forgotten.
 * Whoever comes back after the session lapsed finds the page as they left it.
 */
export function setUser(queries: QueryClient, user: User | null): void {
  const before = queries.getQueryData<Session>(KEY);
  if (user && before?.lapsed && before.user?.id === user.id) {
    queries.setQueryData<Session>(KEY, { ...before, user, lapsed: false });
    void queries.invalidateQueries();
    return;
  }
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
  queries.setQueryData<Session>(KEY, (before) =>
    before ? { ...before, user, lapsed: false, first: user ? false : before.first } : before,
  );
  void queries.invalidateQueries({ queryKey: KEY });
}

export function useSignOut(): (everywhere?: boolean) => Promise<void> {
  const queries = useQueryClient();
  return async (everywhere = false) => {
    await api("DELETE", "/api/v1/session", { query: { everywhere } });
    setUser(queries, null);
  };
}
