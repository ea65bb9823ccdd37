// Writes docs/connectors/<id>.md and their index from the manifests of the connectors in packages/, as they were last built.
// usage: npm run exec -- node scripts/connector-docs.mjs [--check]; with --check it writes nothing and exits with 1 if a page is stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { repositoryConnectors } from './repository-connectors.mjs';

const root = new URL('../', import.meta.url);
const folder = new URL('docs/connectors/', root);
const core = (entry) => import(new URL(`packages/core/dist/${entry}.js`, root).href);

if (!existsSync(new URL('packages/core/dist/host.js', root))) {
  console.error('The packages are not built. Run npm run build, then this again.');
  process.exit(1);
}
const [{ connectorIndexMarkdown, connectorReferenceMarkdown }, connectors] = await Promise.all([core('host'), repositoryConnectors()]);
const pages = new Map([
  ['index.md', connectorIndexMarkdown(connectors.map(({ manifest }) => manifest))],
  ...connectors.map(({ id, manifest }) => [`${id}.md`, connectorReferenceMarkdown(manifest)]),
]);
const written = existsSync(folder) ? readdirSync(folder) : [];
const read = (name) => (written.includes(name) ? readFileSync(new URL(name, folder), 'utf8') : '');
const stale = [...pages].filter(([name, current]) => read(name) !== current).map(([name]) => name);
const extra = written.filter((name) => !pages.has(name));

if (stale.length + extra.length === 0) console.log(`${fileURLToPath(folder)} is current: ${connectors.length} connectors`);
else if (process.argv.includes('--check')) {
  console.error(
    `docs/connectors is stale: ${[...stale, ...extra].join(', ')}. Run npm run exec -- node scripts/connector-docs.mjs and commit.`,
  );
  process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const name of stale) writeFileSync(new URL(name, folder), pages.get(name));
  for (const name of extra) rmSync(new URL(name, folder));
  console.log(`wrote ${fileURLToPath(folder)}: ${[...stale, ...extra].join(', ')}`);
}
