import { readFileSync } from 'node:fs';
import { z } from 'zod';

const manifest = z.object({ devDependencies: z.record(z.string(), z.string().regex(/^\d+\.\d+\.\d+$/)) });

/** The exact version of a peer, as this package's manifest pins it. */
export function peerVersion(name: string): string {
  const { devDependencies } = manifest.parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
  const version = devDependencies[name];
  if (version === undefined) throw new RangeError(`No version of ${name} is pinned. Add it to the package's devDependencies.`);
  return version;
}
