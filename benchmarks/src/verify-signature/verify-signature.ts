import type { z } from 'zod';
import type { Benchmark, Case, Sample } from '../benchmark.ts';
import { startChild } from '../start-child.ts';
import { signatureDone, type signatureSettings } from './messages.ts';

type Settings = z.infer<typeof signatureSettings>;

const module = new URL('signature-subject.ts', import.meta.url);

/** Milliseconds for one sample, after which it is given up. */
const sampleMs = 120_000;

async function sampleCheck(name: string, argument: Settings): Promise<Sample> {
  const child = startChild({ name, module, argument });
  try {
    const { milliseconds, cpuMicroseconds } = await child.hear(signatureDone, sampleMs);
    return { value: (argument.calls / milliseconds) * 1_000, cpuMicroseconds, notes: {} };
  } finally {
    await child.stop();
  }
}

/** The check of GitHub's signature over a body of so many KB, one after another. `calls` take about a second. */
const verifySpeed = (kilobytes: number, calls: number): Benchmark => ({
  name: `verify-signature-${kilobytes}kb`,
  unit: 'checks/s',
  title: `HMAC-SHA256 over ${kilobytes} KB with all that the hub looks at, against node:crypto alone with a prepared key`,
  better: 'higher',
  reach: 0.9,
  peerReach: 0.9,
  repetitions: { full: 7, quick: 1 },
  async prepare({ quick, baselinesOnly }) {
    const measured = (role: Case['role'], name: string, contestant: Settings['contestant']): Case => ({
      name,
      role,
      sample: () => sampleCheck(name, { contestant, bytes: kilobytes * 1_024, calls: quick ? Math.ceil(calls / 10) : calls }),
    });
    return {
      cases: [
        measured('limit', 'node:crypto', 'raw'),
        ...(baselinesOnly ? [] : [measured('ours', 'the hub', 'patchbay')]),
        measured('peer', '@octokit/webhooks-methods 6.0.0', 'octokit'),
        measured('control', 'node:crypto again', 'raw'),
      ],
      close: async () => {},
    };
  },
});

/** A body of 1 KB. */
export const verifySignature1: Benchmark = verifySpeed(1, 400_000);

/** A body of 10 KB. */
export const verifySignature10: Benchmark = verifySpeed(10, 120_000);

/** A body of 100 KB. */
export const verifySignature100: Benchmark = verifySpeed(100, 16_000);
