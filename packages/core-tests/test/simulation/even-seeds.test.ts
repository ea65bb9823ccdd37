import { expect, it, vi } from 'vitest';
import { liveThrough, patienceMs, seedsOf } from './live-through.ts';

vi.mock('../../../core/src/net/create-network.ts', () => import('./network-of-clock.ts'));
vi.mock('../../../core/src/gateway/limits/permit-line.ts', () => import('./line-at-once.ts'));

// Two files, because each is run by a worker of its own.
const { seeds, forMs } = seedsOf(process.env, 0);

it('keeps every promise in every history of an even seed', { timeout: patienceMs }, async ({ skip }) => {
  if (seeds.length === 0) {
    const elsewhere = 'PATCHBAY_SEED names an odd seed, which odd-seeds.test.ts plays.';
    process.stdout.write(`Skipped: ${elsewhere}
`);
    skip(elsewhere);
  }
  expect(await liveThrough(seeds, forMs)).toBeGreaterThan(0);
});
