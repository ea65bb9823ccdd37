import { handWrittenRegistrar } from '../../baselines/webhook-register/hand-written.ts';
import type { Benchmark, Case } from '../benchmark.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { patchbayRegistrar } from './patchbay-registrar.ts';
import { type RegistrationLoad, sampleRegistrations } from './sample-registrations.ts';

/** What is promised of one registration, the service's part included. */
const promisedMs = 500;

const full: RegistrationLoad = { warmUp: 100, timed: 1_000 };
const quick: RegistrationLoad = { warmUp: 10, timed: 60 };

function casesOf(server: PostgresServer, load: RegistrationLoad, baselinesOnly: boolean): readonly Case[] {
  const ours: Case = { name: 'patchbay', role: 'ours', sample: () => sampleRegistrations({ server, open: patchbayRegistrar, ...load }) };
  const inMemory: Case = {
    name: 'in memory',
    role: 'peer',
    sample: () => sampleRegistrations({ server: null, open: patchbayRegistrar, ...load }),
  };
  return [
    { name: 'the promise', role: 'limit', sample: async () => ({ value: promisedMs, cpuMicroseconds: null, notes: {} }) },
    ...(baselinesOnly ? [] : [ours, inMemory]),
    { name: 'by hand', role: 'peer', sample: () => sampleRegistrations({ server, open: handWrittenRegistrar, ...load }) },
  ];
}

/**
 * How long one registration by the service's API takes, one after another, at a stand-in of GitHub on loopback. The limit is no measurement but the 500 ms
 * that are promised; by hand and in memory stand beside it. The stand-in's own part is in the notes.
 */
export const webhookRegister: Benchmark = {
  name: 'webhook-register',
  unit: 'ms',
  title: 'a webhook registered by the API of its service, p95, a stand-in of GitHub on loopback, PostgreSQL with fsync',
  better: 'lower',
  reach: 1,
  peerReach: null,
  repetitions: { full: 5, quick: 1 },
  async prepare(settings) {
    const server = await startPostgres();
    return { cases: casesOf(server, settings.quick ? quick : full, settings.baselinesOnly), close: server.stop };
  },
};
