// One script and one style sheet per output: the report page inlines them, so nothing may be loaded beside them.
import { build, defineConfig, type Plugin, type Rolldown } from 'vite';

const WORKER = './node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs';
const VIRTUAL = 'virtual:worker-code';

/**
 * Gives `virtual:worker-code`: MapLibre's worker as the text of one classic script. Chromium starts no module
 * worker from a blob on a page opened from disk (https://issues.chromium.org/issues/40067939).
 */
function workerCode(): Plugin {
  return {
    name: 'worker-code',
    resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : null),
    async load(id) {
      if (id !== `\0${VIRTUAL}`) return null;
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        build: {
          write: false,
          target: 'es2022',
          lib: { entry: WORKER, formats: ['iife'], name: 'maplibreWorker' },
        },
      });
      const [output] = (built as Rolldown.RolldownOutput[])[0]!.output;
      return `export default ${JSON.stringify(output.code)}`;
    },
  };
}

export default defineConfig({
  plugins: [workerCode()],
  define: { 'import.meta': '{}' }, // MapLibre asks for the address of its module only where no worker address was set
  build: {
    outDir: '../scenarios/report/assets/built',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 4000,
    lib: {
      entry: 'src/report.ts',
      formats: ['iife'],
      name: 'musterReport',
      fileName: () => 'report.js',
      cssFileName: 'report',
    },
  },
});
