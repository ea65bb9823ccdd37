import { createHub, type Hub, localKeys } from '@patchbay/core';
import { uuidGenerator } from '@patchbay/core/adapter';
import { z } from 'zod';
import type { Logger } from '../../../core/src/logger/logger.ts';
import { faultyStorage } from './faulty-storage.ts';
import { figures } from './figures.ts';
import type { LedgerWatch } from './ledger-watch.ts';
import { networkOfClock } from './network-of-clock.ts';
import { simulatedNetwork } from './simulated-network.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { SimulatedProvider } from './simulated-provider.ts';
import { simulatedService } from './simulated-service.ts';

/** What all processes share. */
export interface Surroundings {
  readonly ledger: LedgerWatch;
  readonly provider: SimulatedProvider;
}

const hostEvents = {
  'order.placed': z.object({ number: z.number(), amount: z.number() }),
};

/** The hub of a simulated process. */
export type SimulatedHub = Hub<ReturnType<typeof simulatedService>, typeof hostEvents>;

const key = Buffer.alloc(32, 7).fill(9, 16).toString('base64');

/** A real hub in a simulated process: the storage, the network, the clock and chance are the world's. */
export function simulatedHub(
  process: SimulatedProcess,
  surroundings: Surroundings,
  options: { readonly subscribes: boolean },
): SimulatedHub {
  const { ledger, provider } = surroundings;
  const { world, clock } = process;
  const { random } = world;
  const fenceOf = (idempotencyKey: string): number => ledger.fenceOf(idempotencyKey, process.holder ?? '') ?? 0;
  networkOfClock.set(clock, simulatedNetwork({ process, provider, ledger }));
  const storage = faultyStorage(ledger.storage, process);
  const fill = (bytes: Uint8Array): Uint8Array => bytes.map(() => random.between(0, 255));
  const { concurrency, leaseMs, pollMs, graceMs, maximumAttempts, maximumCrashes, baseMs, maximumMs } = figures;
  const hub = createHub({
    connectors: [simulatedService(fenceOf)],
    storage,
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'http://127.0.0.1/hub',
    events: hostEvents,
    logger: processLogger(process),
    clock,
    random: random.next,
    generateId: uuidGenerator(clock, (bytes) => {
      bytes.set(fill(bytes));
      return bytes;
    }),
    worker: { concurrency, leaseMs, pollMs, graceMs, replayShare: 0.25 },
    retry: { maximumAttempts, maximumCrashes, baseMs, maximumMs },
  });
  if (!options.subscribes) return hub;
  hub.subscribe('order.*', { name: 'index' }, async (_event, delivery) => {
    await callSubscriber({ process, provider, ledger, fenceOf }, delivery.key);
  });
  return hub;
}

/** The host's own function: it does something once per key, and fails now and then. */
async function callSubscriber(
  { process, provider, ledger, fenceOf }: Surroundings & { readonly process: SimulatedProcess; readonly fenceOf: (key: string) => number },
  idempotencyKey: string,
): Promise<void> {
  const { world } = process;
  const fence = fenceOf(idempotencyKey);
  const lease = ledger.lease(idempotencyKey);
  if (lease?.fence !== fence || lease.until <= world.now()) world.blame(`${process.name} called a subscriber under a lease that is over`);
  const { status, afterMs } = provider.take({ kind: 'call', key: idempotencyKey, fence, process: process.name, writes: true });
  await world.pause(afterMs, process);
  if (status !== 200) throw new Error('The index is not available.');
}

function processLogger({ world, name }: SimulatedProcess): Logger {
  const write = (message: string, fields?: object): void => world.log(`${name} logs: ${message} ${JSON.stringify(fields ?? {})}`);
  return { debug() {}, info() {}, warn: write, error: write };
}
