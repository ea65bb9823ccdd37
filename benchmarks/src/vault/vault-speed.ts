import type { z } from 'zod';
import type { Benchmark, Case, Sample } from '../benchmark.ts';
import { startChild } from '../start-child.ts';
import { vaultDone, type vaultSettings } from './messages.ts';

type Settings = z.infer<typeof vaultSettings>;

const module = new URL('vault-subject.ts', import.meta.url);

/** Milliseconds for one sample, after which it is given up. */
const sampleMs = 120_000;

async function sampleVault(name: string, argument: Settings): Promise<Sample> {
  const child = startChild({ name, module, argument });
  try {
    const { milliseconds, cpuMicroseconds, p99, p999 } = await child.hear(vaultDone, sampleMs);
    return { value: (argument.calls / milliseconds) * 1_000, cpuMicroseconds, notes: { 'p99 us': p99, 'p99.9 us': p999 } };
  } finally {
    await child.stop();
  }
}

/** One verb of the vault over 1 KB, one call after another, against AES-256-GCM alone with a prepared key. */
const vaultSpeed = (verb: Settings['verb']): Benchmark => ({
  name: `vault-${verb}`,
  unit: 'calls/s',
  title: `${verb} of 1 KB with key hierarchy, commitment and bound place, against AES-256-GCM of node:crypto with a prepared key`,
  better: 'higher',
  reach: 0.35,
  peerReach: null,
  repetitions: { full: 7, quick: 1 },
  async prepare({ quick, baselinesOnly }) {
    const calls = quick ? 20_000 : 200_000;
    const measured = (role: Case['role'], name: string, contestant: Settings['contestant']): Case => ({
      name,
      role,
      sample: () => sampleVault(name, { contestant, verb, calls }),
    });
    return {
      cases: [
        measured('limit', 'node:crypto', 'raw'),
        ...(baselinesOnly ? [] : [measured('ours', 'the vault', 'vault')]),
        measured('control', 'node:crypto again', 'raw'),
      ],
      close: async () => {},
    };
  },
});

/** Sealing. */
export const vaultSeal: Benchmark = vaultSpeed('seal');

/** Opening, with the tenant's data key in memory. */
export const vaultOpen: Benchmark = vaultSpeed('open');
