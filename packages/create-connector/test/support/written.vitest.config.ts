import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const packages = fileURLToPath(new URL('../../../', import.meta.url));

// What was written, run against the sources of this repository instead of packages from a registry.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@patchbay\/([a-z0-9-]+)$/, replacement: `${packages}$1/src/index.ts` },
      { find: /^@patchbay\/([a-z0-9-]+)\/([a-z0-9-]+)$/, replacement: `${packages}$1/src/$2.ts` },
    ],
  },
  test: { include: ['*/src/**/*.test.ts'] },
});
