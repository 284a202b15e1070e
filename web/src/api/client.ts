/** The one way to the server: JSON in and out, problems (RFC 9457) as `ApiProblem`. */

export interface FieldProblem {
  code: string;
  message: string;
  pointer?: string;
  path?: string;
}

/** What the server says when it refuses: a stable `code`, a `message` for people, and every fault of a definition in `errors`. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: FieldProblem[] = [],
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export type Query = Record<string, string | number | boolean | undefined | null>;

export interface Call {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

function address(path: string, query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

let onSignedOut: () => void = () => {};

/** What to do when the server says that nobody is signed in (401). */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

async function ask(method: string, path: string, { query, body, signal }: Call): Promise<Response> {
  // Without this header the server refuses what a session's cookie would allow: no page of another site can send it.
  const headers: Record<string, string> = { Accept: "application/json", "X-Relance": "1" };
  if (body !== undefined && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
  const answer = await fetch(address(path, query), {
    method,
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiProblem(0, "unreachable", "The server cannot be reached.");
  });
  if (answer.ok) return answer;
  const told = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  if (told.code === "unknown_session" || told.code === "missing_key") onSignedOut();
  throw new ApiProblem(
    answer.status,
    String(told.code ?? "error"),
    String(told.message ?? told.detail ?? answer.statusText),
    (told.errors as FieldProblem[] | undefined) ?? [],
    told,
  );
}

/** Ask `path` and read the JSON answer as `T`; `undefined` for an empty one. Throws `ApiProblem`. */
export async function api<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, call: Call = {}): Promise<T> {
  const answer = await ask(method, path, call);
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
