import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHub, defineConnector, defineTrigger, type HubOptions, localKeys, type NoticeName, type Notices, path } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock } from '@patchbay/testing';
import { z } from 'zod';

/** A letter at the service. */
export interface Letter {
  readonly id: string;
  readonly number: number;
  /** What the connector declares is text; a service can change its mind. */
  readonly text: string | number;
}

/** A service that tells of nothing by itself: it lists what came after a number, some at a time. */
export interface PostOffice {
  readonly origin: string;
  readonly letters: Letter[];
  /** Numbers after which was asked, in order. */
  readonly asked: number[];
  /** What is answered instead of letters. */
  trouble: { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | null;
  post(...texts: readonly string[]): void;
  close(): Promise<void>;
}

/** Letters of one answer. */
const pageSize = 3;

/** Opens one. */
export async function openPostOffice(): Promise<PostOffice> {
  const letters: Letter[] = [];
  const asked: number[] = [];
  const server = createServer((request, response) => {
    const after = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('after'));
    asked.push(after);
    if (office.trouble) return response.writeHead(office.trouble.status, office.trouble.headers).end('{}');
    const found = letters.filter(({ number }) => number > after);
    const body = { letters: found.slice(0, pageSize), more: found.length > pageSize };
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const office: PostOffice = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letters,
    asked,
    trouble: null,
    post: (...texts) => {
      for (const text of texts) letters.push({ id: `letter-${letters.length + 1}`, number: letters.length + 1, text });
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return office;
}

const page = z.object({
  letters: z.array(z.object({ id: z.string(), number: z.number(), text: z.union([z.string(), z.number()]) })),
  more: z.boolean(),
});

/** A connector of the service. */
export function postConnector(
  origin: string,
  { begins, takesNumbers = false }: { readonly begins?: 'now' | 'everything'; readonly takesNumbers?: boolean } = {},
) {
  return defineConnector({
    id: 'post',
    name: 'Post',
    description: 'Letters come.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin,
    actions: {},
    triggers: {
      'letter.came': defineTrigger({
        title: 'Letter came',
        description: 'A letter came.',
        kind: 'created',
        delivery: 'polling',
        payload: z.object({ text: takesNumbers ? z.union([z.string(), z.number()]) : z.string() }),
        polling: {
          intervalMs: 60_000,
          ...(begins ? { begins } : {}),
          async poll({ cursor, http }) {
            const after = typeof cursor === 'number' ? cursor : 0;
            const body = await http.get(path`/letters`, { query: { after }, response: page });
            const events = body.letters.map(({ id, text }) => ({ id, data: { text }, subject: id }));
            return { events, cursor: body.letters.at(-1)?.number ?? after, more: body.more };
          },
        },
      }),
    },
    healthCheck: async () => ({ healthy: true }),
  });
}

/** One process that polls. */
export type PostHub = ReturnType<typeof postHub>;

const keys = { k1: Buffer.alloc(32, 9).fill(4, 16).toString('base64') };

type Changes = Partial<Pick<HubOptions<[], Record<never, never>>, 'storage' | 'random'>> & Parameters<typeof postConnector>[1];

/** A hub over the service. */
export function postHub(
  stage: { readonly office: PostOffice; readonly clock: FakeClock; readonly storage: Storage<never> },
  changes: Changes = {},
) {
  const { begins, takesNumbers = false, ...options } = changes;
  const hub = createHub({
    connectors: [postConnector(stage.office.origin, { takesNumbers, ...(begins ? { begins } : {}) })],
    publicUrl: 'https://host.example.com/hub',
    random: () => 0.5,
    retry: { quickRetries: 0 },
    health: { checkEveryMs: null },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    loopbackOnly: true,
    storage: stage.storage,
    ...options,
    clock: stage.clock,
    keys: localKeys({ active: 'k1', keys }),
  });
  const failures: Notices['poll.failed'][] = [];
  hub.on('poll.failed' satisfies NoticeName, (notice) => failures.push(notice));
  return { hub, acme: hub.tenant('acme'), failures };
}

/** Works until nothing is due within the time. */
export async function workFor({ hub }: Pick<PostHub, 'hub'>, clock: FakeClock, withinMs: number): Promise<void> {
  const end = clock.now() + withinMs;
  for (let turns = 0; turns < 2_000; turns += 1) {
    const { nextDueMs } = await hub.work({ deadline: withinMs + 1 });
    if (nextDueMs === null || clock.now() + nextDueMs > end) {
      await clock.advance(end - clock.now());
      return;
    }
    await clock.advance(Math.max(1, nextDueMs));
  }
  throw new Error('The hub is not settled after 2000 turns.');
}

/** A service, a store and a clock. */
export async function postStage() {
  const clock = fakeClock();
  return { office: await openPostOffice(), clock, storage: memoryStorage({ clock }) };
}
