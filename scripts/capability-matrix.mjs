// Writes docs/capability-matrix.md from the manifests of the connectors in packages/, as they were last built.
// usage: npm run exec -- node scripts/capability-matrix.mjs [--check]; with --check it writes nothing and exits with 1 if the file is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { repositoryConnectors } from './repository-connectors.mjs';

const root = new URL('../', import.meta.url);
const file = new URL('docs/capability-matrix.md', root);
const core = (entry) => import(new URL(`packages/core/dist/${entry}.js`, root).href);

if (!existsSync(new URL('packages/core/dist/index.js', root))) {
  console.error('The packages are not built. Run npm run build, then this again.');
  process.exit(1);
}
const [{ capabilityMatrix, capabilityMatrixMarkdown }, connectors] = await Promise.all([core('index'), repositoryConnectors()]);
const current = capabilityMatrixMarkdown(capabilityMatrix(connectors));
const written = existsSync(file) ? readFileSync(file, 'utf8') : '';

if (current === written) console.log(`${fileURLToPath(file)} is current: ${connectors.length} connectors`);
else if (process.argv.includes('--check')) {
  console.error('docs/capability-matrix.md is stale. Run npm run exec -- node scripts/capability-matrix.mjs and commit the file.');
  process.exitCode = 1;
} else {
  writeFileSync(file, current);
  console.log(`wrote ${fileURLToPath(file)}: ${connectors.length} connectors`);
}
