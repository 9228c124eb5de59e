import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The page becomes three files with plain names, which Zendesk serves from wherever it puts the app's assets. */
export default defineConfig({
  root: join(import.meta.dirname, 'page'),
  base: './',
  publicDir: false,
  build: {
    emptyOutDir: true,
    sourcemap: false,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: join(import.meta.dirname, 'page/iframe.html'),
      output: { entryFileNames: 'app.js', assetFileNames: 'app[extname]' },
    },
  },
});
