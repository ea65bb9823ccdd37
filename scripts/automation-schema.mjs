// Writes docs/automation.schema.json and docs/automation-template.schema.json from the parsers' own shapes, as core was last built.
// usage: npm run exec -- node scripts/automation-schema.mjs [--check]; with --check it writes nothing and exits with 1 if the file is stale.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const dist = new URL('packages/core/dist/', root);

if (!existsSync(new URL('index.js', dist))) {
  console.error('The packages are not built. Run npm run build, then this again.');
  process.exit(1);
}
const { automationJsonSchema } = await import(new URL('index.js', dist).href);
const { automationTemplateJsonSchema } = await import(new URL('host.js', dist).href);

for (const [name, schema] of [
  ['automation', automationJsonSchema()],
  ['automation-template', automationTemplateJsonSchema()],
]) {
  const file = fileURLToPath(new URL(`docs/${name}.schema.json`, root));
  const current = JSON.stringify(schema, null, 2);
  const written = existsSync(file) ? JSON.stringify(JSON.parse(readFileSync(file, 'utf8')), null, 2) : '';
  if (current === written) console.log(`${file} is current`);
  else if (process.argv.includes('--check')) {
    console.error(`docs/${name}.schema.json is stale. Run npm run exec -- node scripts/automation-schema.mjs and commit the file.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, `${current}\n`);
    const biome = fileURLToPath(new URL('node_modules/@biomejs/biome/bin/biome', root));
    spawnSync(process.execPath, [biome, 'format', '--write', file], { stdio: 'inherit' });
    console.log(`wrote ${file}`);
  }
}
