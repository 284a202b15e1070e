import { ApiProblem } from "@/api/client";

/** Fetch a file of the API and hand it to the browser under a name. Throws `ApiProblem` when the server refuses. */
export async function download(address: string, name: string): Promise<void> {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) {
    const told = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
    throw new ApiProblem(answer.status, String(told.code ?? "error"), String(told.message ?? answer.statusText));
  }
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
