// The desk: a page with its scripts, style sheet and worker, given out by the server itself.
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/desk',
  base: './',
  build: {
    outDir: '../../../api/static',
    assetsDir: 'desk',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 4000,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
});
