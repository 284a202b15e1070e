import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The server that `npm run dev` speaks to; `relance demo` stands there unless told otherwise.
const server = process.env.RELANCE_URL ?? "http://127.0.0.1:8420";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: { outDir: "../src/relance/web/dist", emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 1200 },
  server: { host: "127.0.0.1", proxy: { "/api": server, "/v1": server } },
  test: { environment: "jsdom", include: ["src/**/*.test.ts", "src/**/*.test.tsx"], globals: false },
});
