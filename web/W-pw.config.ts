import { defineConfig } from "@playwright/test";
export default defineConfig({ testDir: "e2e", outputDir: "/tmp/w/Wdemo.VRAo/pw", workers: 1, timeout: 300_000, expect: { timeout: 60_000 }, reporter: [["list"]],
  use: { baseURL: "http://127.0.0.1:8462", viewport: { width: 1440, height: 900 }, launchOptions: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu","--disable-quic"] } } });
