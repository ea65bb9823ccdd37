import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type FakeProvider, startFakeProvider } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let provider: FakeProvider;

beforeEach(async () => {
  provider = await startFakeProvider({ routes: { 'PUT /notes': () => ({ status: 200, json: { id: 1 }, effect: true }) } });
});
afterEach(() => provider.close());

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Runs a host to its end and answers how it ended and what it said. */
async function live(when: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(
    process.execPath,
    ['--import', fileOf('../support/source-hooks.ts'), fileOf('../support/living-host.ts'), provider.origin, when],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { code, output: output.replaceAll(/^\(node:.*|^\(Use `node.*|^.*ExperimentalWarning.*/gm, '').trim() };
}

describe('a process whose hub has stopped', () => {
  it('ends by itself after it has worked: no timer and no socket is left', { timeout: 30_000 }, async () => {
    expect(await live('after work')).toEqual({ code: 0, output: 'succeeded\nstopped' });
    expect(provider.effects()).toHaveLength(1);
  });

  it.each(['before anything', 'during a start', 'twice'])(
    'ends by itself where the hub was stopped: %s',
    { timeout: 30_000 },
    async (when) => {
      expect(await live(when)).toEqual({ code: 0, output: 'stopped' });
    },
  );
});
