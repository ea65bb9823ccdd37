import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const packages = fileURLToPath(new URL('../../../../', import.meta.url));

// Runs the samples that are meant to fail, which no other run may pick up.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@patchbay\/([a-z0-9-]+)$/, replacement: `${packages}$1/src/index.ts` },
      { find: /^@patchbay\/([a-z0-9-]+)\/([a-z0-9-]+)$/, replacement: `${packages}$1/src/$2.ts` },
    ],
  },
  test: { include: ['defective-samples.ts', 'defective-sources.ts'], root: fileURLToPath(new URL('.', import.meta.url)) },
});
