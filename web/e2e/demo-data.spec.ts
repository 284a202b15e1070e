import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as plain } from "@playwright/test";
import { expect, look } from "./fixtures";

// An installation of its own, by the real clock and with nothing in it; the shop is a small one.
const SERVE =
  "import relance.demo.shop as shop; shop.CUSTOMERS = 60; shop.VISITS_PER_DAY = 12.0; from relance.cli import main; main()";
const PASSWORD = "slow mornings every day";

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

interface Place {
  url: string;
  /** What lets the first admin in. */
  token: string;
  close: () => Promise<void>;
}

async function open(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "relance-e2e-"));
  const port = await freePort();
  const args = ["-c", SERVE, "serve", "--port", String(port), "--data", join(folder, "data")];
  // What the tests are told by the environment is no setting of an installation's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("RELANCE_")));
  const server: ChildProcess = spawn("../.venv/bin/python", args, { env, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const close = async () => {
    server.kill("SIGINT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  let told = "";
  const token = await new Promise<string>((resolve, reject) => {
    server.once("exit", () => reject(new Error(told)));
    server.stderr?.on("data", (data) => {
      told += String(data);
      const found = /welcome#(\S+)/.exec(told)?.[1];
      if (found) resolve(found);
    });
  });
  return { url: `http://127.0.0.1:${port}`, token, close };
}

plain("an empty workspace takes the demo data by one click, and is empty again by two", async ({ page }) => {
  plain.setTimeout(180_000);
  const place = await open();
  try {
    await page.addInitScript(() => window.localStorage.setItem("relance.language", "en"));
    await page.request.put(`${place.url}/api/v1/session/link`, {
      headers: { "X-Relance": "1" },
      data: { token: place.token, email: "ana@shop.example", name: "Ana", password: PASSWORD },
    });
    await page.goto(place.url);
    await expect(page.getByRole("link", { name: "Make a write key" })).toBeVisible();
    const load = page.getByRole("button", { name: "Look around with demo data" });
    await expect(load).toBeVisible();
    await look(page, "home-empty");
    await load.click();
    const line = page.getByText("This workspace holds made people of a demo shop.");
    await expect(page.getByRole("progressbar").or(line).first()).toBeVisible(); // it may be done between two looks
    await expect(line).toBeVisible({ timeout: 90_000 });
    await look(page, "home-demo-data");
    await page
      .getByRole("main")
      .getByRole("link", { name: /^People · \d+$/ })
      .click();
    await expect(
      page
        .getByRole("table", { name: "People" })
        .getByText(/^demo-c\d+$/)
        .first(),
    ).toBeVisible();
    await page.goto(`${place.url}/journeys`);
    await expect(page.getByText("Abandoned cart", { exact: true })).toBeVisible();

    await page.goto(place.url);
    await page.getByRole("button", { name: "Remove the demo data…" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText(/made people are erased with all their events/)).toBeVisible();
    await look(page, "demo-data-removal");
    await dialog.getByRole("button", { name: "Remove the demo data" }).click();
    await expect(page.getByText(/^Removed: \d+ made people and \d+ definitions\.$/)).toBeVisible({ timeout: 60_000 });
    await expect(load).toBeVisible();
    expect((await (await page.request.get(`${place.url}/api/v1/segments`)).json()).people).toBe(0);
  } finally {
    await place.close();
  }
});
