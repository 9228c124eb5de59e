import { defineConfig } from 'vite';

/** The console is served by the service itself, below `/console`. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  publicDir: 'public',
  build: {
    emptyOutDir: true,
    sourcemap: false,
    // A data: URL for a small file would need a looser policy than the pages have.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    modulePreload: { polyfill: false },
  },
});
