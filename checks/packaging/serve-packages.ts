import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { PackedPackage } from './packed-packages.ts';
import { runCommand } from './run-command.ts';

/** Packed packages as npm finds them. */
export interface ServedPackages {
  /** `http://127.0.0.1:{port}/` */
  readonly address: string;
  close(): Promise<void>;
}

interface Served {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly bytes: Buffer;
}

/** Serves packed packages on a free port of this machine, as if they were published. */
export async function servePackages(packages: readonly PackedPackage[], cwd: string): Promise<ServedPackages> {
  const served = new Map(await Promise.all(packages.map(async (entry) => [entry.name, await read(entry, cwd)] as const)));
  let address = '';
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://packages');
    const name = decodeURIComponent(pathname.slice(1));
    const archive = served.get(name.replace(/^-\//, ''));
    if (archive === undefined) response.writeHead(404).end('{}');
    else if (name.startsWith('-/')) response.end(archive.bytes);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(documentOf(archive, address)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}/`;
  return { address, close: () => new Promise((resolve) => void server.close(() => resolve()).closeAllConnections()) };
}

/** What is published stands in the archive: the manifest in the repository names its neighbours otherwise. */
async function read({ archive }: PackedPackage, cwd: string): Promise<Served> {
  const text = await runCommand('tar', ['-xzOf', archive, 'package/package.json'], { cwd });
  return { manifest: JSON.parse(text), bytes: readFileSync(archive) };
}

function documentOf({ manifest, bytes }: Served, address: string): object {
  const { name, version } = manifest;
  const dist = { integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`, tarball: `${address}-/${name}` };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
