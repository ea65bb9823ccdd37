import { expect, it, vi } from 'vitest';
import { simulate } from './simulate.ts';

vi.mock('../../../core/src/net/create-network.ts', async () => {
  const { networksByClock } = await import('./simulated-network.ts');
  return { createNetwork: ({ clock }: { clock: object }) => networksByClock.get(clock as never) };
});

it('runs', { timeout: 600_000 }, async () => {
  const only = process.env['PATCHBAY_SEED'];
  const count = Number(process.env['COUNT'] ?? 50);
  const from = Number(process.env['FROM'] ?? 1);
  const seeds = only ? [Number(only)] : Array.from({ length: count }, (_, i) => from + i);
  const kinds = new Map<string, number[]>();
  const since = performance.now();
  for (const seed of seeds) {
    const history = await simulate(seed);
    if (only) console.log(history.trace.join('\n'));
    for (const fault of history.faults) {
      const kind = fault.replace(/[0-9a-f]{6,}/g, 'X').replace(/\d+/g, 'N').replace(/X\/\S+/g, 'D');
      kinds.set(kind, [...(kinds.get(kind) ?? []), seed]);
    }
  }
  console.log(`${((performance.now() - since) / seeds.length).toFixed(1)} ms a seed`);
  for (const [kind, list] of [...kinds].sort((l, r) => r[1].length - l[1].length)) console.log(list.length, kind, [...new Set(list)].slice(0, 8).join(' '));
  expect(kinds.size).toBe(0);
});
