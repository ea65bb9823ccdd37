import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, inject, it } from 'vitest';
import { findDoorFaults } from '../architecture/doors.ts';
import { findSocketFaults } from '../architecture/sockets.ts';
import { repositoryRoot } from '../architecture/source-tree.ts';

/** A bundle names the source of each of its parts in a comment; what stands before the first of them is the bundle's own. */
const partBegins = /^\/\/ (src\/[^\n]+)\.(?:js|ts)$/m;

/** The parts of what is published of a package, by the path of the source that they were built from. */
function builtParts(folder: string): Map<string, string> {
  const dist = join(folder, 'dist');
  const place = relative(repositoryRoot, folder).replaceAll('\\', '/');
  const parts = new Map<string, string>();
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))) {
    const [head = '', ...rest] = readFileSync(join(dist, name), 'utf8').split(partBegins);
    parts.set(`${place}/src/bundle/${name.replace(/\.js$/, '.ts')}`, head);
    for (let index = 0; index < rest.length; index += 2) {
      const path = `${place}/${rest[index]}.ts`;
      parts.set(path, `${parts.get(path) ?? ''}${rest[index + 1]}`);
    }
  }
  return parts;
}

const built = inject('packedPackages').map(({ name, folder }) => [name, builtParts(folder)] as const);

it.each(built)('what is published of %s opens sockets in net alone, and has no way around it', (_name, parts) => {
  expect(parts.size).toBeGreaterThan(1);
  expect([...findSocketFaults(parts), ...findDoorFaults(parts)]).toEqual([]);
});

it('reads the build, part by part', () => {
  const all = new Map(built.flatMap(([, parts]) => [...parts]));
  const opener = all.get('packages/core/src/net/dial-addresses.ts') ?? '';
  expect(opener).toMatch(/from "(node:)?net"/);
  const moved = findSocketFaults(new Map([['packages/connector-jira/src/jira.ts', opener]]));
  expect(moved).toEqual([expect.stringMatching(/^packages\/connector-jira\/src\/jira\.ts: only net opens sockets/)]);
});
