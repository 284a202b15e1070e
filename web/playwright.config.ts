import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

// Workers read this file again: the port is chosen once, and handed on by the environment.
const choose =
  "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })";
process.env.RELANCE_E2E_PORT ??= execFileSync(process.execPath, ["-e", choose]).toString().trim();
const port = process.env.RELANCE_E2E_PORT;
// A smaller shop than `relance demo` opens: the same story for the same seed, there in half the time.
const demo =
  "import relance.demo.shop as shop; shop.CUSTOMERS = 420; shop.VISITS_PER_DAY = 190.0; from relance.cli import main; main()";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: 1,
  retries: 2, // a busy machine may take longer than any patience; what is broken is so three times
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  forbidOnly: true,
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.RELANCE_TEST_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
      ],
    },
  },
  webServer: {
    command: `../.venv/bin/python -c '${demo}' demo --no-browser --port ${port} --data .e2e-data --seed 7 --speed 600`,
    url: `http://127.0.0.1:${port}/readyz`,
    timeout: 240_000,
    gracefulShutdown: { signal: "SIGINT", timeout: 20_000 },
  },
});
