import react from "@vitejs/plugin-react";
import type { ProxyOptions } from "vite";
import { defineConfig } from "vitest/config";

// The server that `npm run dev` speaks to; `relance demo` stands there unless told otherwise.
const server = process.env.RELANCE_URL ?? "http://127.0.0.1:8420";

/** Pages come from vite, answers from the server: what the browser says of its origin is said of the server's. */
const proxied: ProxyOptions = {
  target: server,
  changeOrigin: true,
  configure: (proxy) =>
    proxy.on("proxyReq", (request) => {
      if (request.getHeader("origin")) request.setHeader("origin", new URL(server).origin);
    }),
};

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: { outDir: "../src/relance/web/dist", emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 1200 },
  server: { host: "127.0.0.1", proxy: { "/api": proxied, "/v1": proxied } },
  test: { environment: "node", include: ["src/**/*.test.ts", "src/**/*.test.tsx"], globals: false },
});
