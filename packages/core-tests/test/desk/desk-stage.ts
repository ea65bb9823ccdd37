import { createHub, type Hub, type HubOptions, localKeys, type NoticeName, type Notices, type TenantHandle } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock } from '@patchbay/testing';
import { z } from 'zod';
import { type Desk, makeDesk } from './desk-connectors.ts';

/** The host's own event types in these tests. */
export const hostEvents = {
  'order.placed': z.object({ number: z.string(), amount: z.number().optional(), more: z.unknown().optional(), json: z.json().optional() }),
  'order.cancelled': z.object({ number: z.string() }),
};

type DeskConnectors = Desk['connectors'];

/** A hub over the desk's connectors. */
export type DeskHub = Hub<DeskConnectors[number], typeof hostEvents>;

/** A tenant of such a hub. */
export type DeskTenant = TenantHandle<DeskConnectors[number], typeof hostEvents>;

/** A notice as it was given. */
export interface GivenNotice {
  readonly name: NoticeName;
  readonly notice: Notices[NoticeName];
}

/** One process: a hub with what it has said and logged. */
export interface DeskProcess {
  readonly hub: DeskHub;
  readonly notices: readonly GivenNotice[];
  noticesOf<Name extends NoticeName>(name: Name): readonly Notices[Name][];
  readonly logged: readonly string[];
  /** Does everything that is due within so many milliseconds of the clock. @default an hour */
  settled(withinMs?: number): Promise<number>;
}

/** Options of a process beside what the stage decides. */
export type ProcessOptions = Partial<Omit<HubOptions<DeskConnectors, typeof hostEvents>, 'clock' | 'keys'>>;

/** Several processes over one store, with a clock that stands still. */
export interface DeskStage {
  readonly desk: Desk;
  readonly storage: Storage<never>;
  readonly clock: FakeClock;
  /** `clock` is the process's own where it goes wrong; the store's stays as it is. */
  process(options?: ProcessOptions, clock?: FakeClock): DeskProcess;
  close(): Promise<void>;
}

const keys = { k1: Buffer.alloc(32, 3).fill(5, 16).toString('base64') };

const observed: readonly NoticeName[] = [
  'connection.connected',
  'connection.disconnected',
  'connection.scopes_missing',
  'webhook.received',
  'webhook.failed',
  'event.published',
  'action.executed',
  'subscriber.called',
  'run.finished',
  'dispatch.retrying',
  'dispatch.dead',
  'dispatch.held',
  'dispatch.fenced',
];

/** Makes a stage. */
export function deskStage(): DeskStage {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const desk = makeDesk();
  const hubs: DeskHub[] = [];
  return {
    desk,
    storage,
    clock,
    process(options = {}, own = clock) {
      const made = makeProcess({ desk, storage, clock: own }, options);
      hubs.push(made.hub);
      return made;
    },
    async close() {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await storage.close();
    },
  };
}

function makeProcess(stage: Pick<DeskStage, 'desk' | 'storage' | 'clock'>, options: ProcessOptions): DeskProcess {
  const { clock } = stage;
  const logged: string[] = [];
  const log = (message: string): void => {
    logged.push(message);
  };
  const hub: DeskHub = createHub({
    connectors: stage.desk.connectors,
    storage: stage.storage,
    events: hostEvents,
    publicUrl: 'https://host.example.com/hub',
    random: () => 0.5,
    // They wait on the clock, which moves when it is told.
    retry: { quickRetries: 0 },
    // Nothing goes out that the test has not asked for.
    health: { checkEveryMs: null },
    logger: { debug() {}, info() {}, warn: log, error: log },
    ...options,
    clock,
    keys: localKeys({ active: 'k1', keys }),
  });
  const notices: GivenNotice[] = [];
  for (const name of observed) hub.on(name, (notice) => notices.push({ name, notice }));
  return {
    hub,
    notices,
    // A notice is recorded under its own name.
    noticesOf: <Name extends NoticeName>(name: Name) =>
      notices.filter((each) => each.name === name).map(({ notice }) => notice as Notices[Name]),
    logged,
    settled: (withinMs = 3_600_000) => settle(hub, clock, withinMs),
  };
}

async function settle(hub: DeskHub, clock: FakeClock, withinMs: number): Promise<number> {
  const end = clock.now() + withinMs;
  let executed = 0;
  for (let turn = 0; turn < 1_000; turn += 1) {
    const result = await hub.work({ deadline: withinMs + 1 });
    executed += result.executed;
    if (result.nextDueMs === null || clock.now() + result.nextDueMs > end) return executed;
    await clock.advance(Math.max(1, result.nextDueMs));
  }
  throw new Error('The hub is not settled after 1000 turns.');
}

/** Connects both services for a tenant. */
export async function connect(tenant: DeskTenant): Promise<void> {
  await tenant.connections.put('main', { connector: 'desk', credential: { type: 'bearer', token: 'desk-token' } });
  await tenant.connections.put('team', { connector: 'chat', credential: { type: 'bearer', token: 'chat-token' } });
}

/** Files a ticket for an order and says its key. */
export const orderAutomation = {
  trigger: { event: 'order.placed' },
  steps: [
    { id: 'ticket', action: 'desk.file_ticket', connection: 'main', input: { title: 'Order {{ event.data.number }}' } },
    { id: 'tell', action: 'chat.say', connection: 'team', input: { text: 'Filed {{ steps.ticket.output.key }}' } },
  ],
} as const;
