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
}

const KEY = ["session"];

/** Who is signed in, asked once; the shell shows nothing else before it is known. */
export function useSession() {
  return useQuery({ queryKey: KEY, queryFn: () => api<Session>("GET", "/api/v1/session"), staleTime: 60_000 });
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

/** Take up that somebody signed in, or (null) that nobody is signed in any more; what the one before saw is forgotten. */
export function setUser(queries: QueryClient, user: User | null): void {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
  queries.setQueryData<Session>(KEY, (before) =>
    before ? { ...before, user, first: user ? false : before.first } : before,
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
