import {
  type Connector,
  createHub,
  defineAction,
  defineConnector,
  defineTrigger,
  type HubOptions,
  hmacSha256,
  localKeys,
  type Notices,
  path,
} from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import {
  type FakeClock,
  type FakeProvider,
  fakeClock,
  type MemorySearchIndex,
  memorySearchIndex,
  type ProviderHandler,
  signWebhook,
  startFakeProvider,
} from '@patchbay/testing';
import { z } from 'zod';

const token = 'token-of-the-wiki';
const secret = 'a secret of the wiki';
const scheme = hmacSha256({ header: 'x-signature' });

/** Pages of one answer. */
const pageSize = 2;

const article = z.object({ id: z.string(), space: z.string(), text: z.string(), at: z.number(), isGone: z.boolean() });

/** A service of pages in spaces: it lists what has changed after a number, some at a time, and tells of what is gone by webhook or there. */
export interface Wiki extends FakeProvider {
  readonly asked: string[];
  /** Writes a page, or writes it anew. */
  write(id: string, text: string, space?: string): void;
  /** Has the numbers of what is written go on there. */
  skipTo(at: number): void;
  /** Takes a page away; lists tell of it only where `isListed`. */
  burn(id: string, options?: { readonly isListed?: boolean }): void;
  /** Called before each list is answered, after its content has been worked out. */
  between: (() => Promise<void>) | null;
}

/** Opens one. */
export async function openWiki(): Promise<Wiki> {
  let articles: z.infer<typeof article>[] = [];
  let at = 0;
  const asked: string[] = [];
  const guarded =
    (handler: ProviderHandler): ProviderHandler =>
    (request) =>
      request.headers['authorization'] === `Bearer ${token}` ? handler(request) : { status: 401, json: {} };
  const provider = await startFakeProvider({
    routes: {
      'GET /pages': guarded(async ({ query }) => {
        const spaces = query.getAll('space');
        asked.push(`${query.get('after')}${spaces.length === 0 ? '' : ` ${spaces.join()}`}`);
        const found = articles.filter(
          ({ at: changed, space }) => changed > Number(query.get('after')) && (spaces.length === 0 || spaces.includes(space)),
        );
        const answer = { pages: found.slice(0, pageSize), more: found.length > pageSize };
        await wiki.between?.();
        return { json: answer };
      }),
    },
  });
  const wiki: Wiki = {
    ...provider,
    asked,
    between: null,
    skipTo(next) {
      at = next;
    },
    write(id, text, space = 'home') {
      at += 1;
      articles = [...articles.filter((each) => each.id !== id), { id, space, text, at, isGone: false }];
    },
    burn(id, { isListed = false } = {}) {
      const found = articles.find((each) => each.id === id);
      articles = articles.filter((each) => each.id !== id);
      at += 1;
      if (found && isListed) articles.push({ ...found, at, isGone: true });
    },
  };
  return wiki;
}

/** A connector of the service. */
export function wikiConnector(origin: string, changes: { readonly rereadMs?: number; readonly needsContainers?: boolean } = {}): Connector {
  return defineConnector({
    id: 'wiki',
    name: 'Wiki',
    description: 'Pages in spaces.',
    version: '1.0.0',
    category: 'documentation',
    auth: [{ type: 'bearer' }],
    origin,
    resources: { space: { title: 'Space', example: 'home', pattern: '[a-z]+', letters: 'lower' } },
    content: {
      pages: {
        title: 'Pages',
        description: 'Pages with their text.',
        intervalMs: 60_000,
        resource: 'space',
        scopes: ['pages:read'],
        ...changes,
        deletedBy: { 'page.burnt': (data) => [z.object({ id: z.string() }).parse(data).id] },
        async read({ http, cursor, containers }) {
          const after = z.number().catch(0).parse(cursor);
          const shape = z.object({ pages: z.array(article), more: z.boolean() });
          const { pages, more } = await http.get(path`/pages`, { query: { after, space: [...containers] }, response: shape });
          return {
            documents: pages
              .filter(({ isGone }) => !isGone)
              .map(({ id, space, text, at }) => ({
                id,
                kind: 'page',
                title: `Page ${id}`,
                text,
                url: null,
                updatedAt: at,
                container: space,
              })),
            deleted: pages.filter(({ isGone }) => isGone).map(({ id }) => id),
            cursor: pages.at(-1)?.at ?? after,
            more,
          };
        },
      },
    },
    actions: {
      look: defineAction({
        title: 'Look',
        description: 'Looks.',
        idempotency: 'read',
        input: z.strictObject({}),
        output: z.object({}),
        run: async () => ({}),
      }),
    },
    triggers: {
      'page.burnt': defineTrigger({
        title: 'Page burnt',
        description: 'A page is gone.',
        kind: 'deleted',
        delivery: 'webhook',
        payload: z.object({ id: z.string() }),
        resources: { space: 'untouched' },
      }),
    },
    webhook: { scheme, deliveryId: { bodyField: 'delivery' }, toEvents: ({ body }) => [{ trigger: 'page.burnt', data: body } as const] },
    healthCheck: async () => ({ healthy: true }),
  });
}

type Changes = Partial<Pick<HubOptions<[], Record<never, never>>, 'plans' | 'searchIndex' | 'storage'>> &
  Parameters<typeof wikiConnector>[1] & { readonly hasIndex?: boolean };

/** One process that keeps the index in step. */
export type WikiHub = ReturnType<typeof wikiHub>;

const keys = { k1: Buffer.alloc(32, 9).fill(4, 16).toString('base64') };

/** A service, a store, an index and a clock. */
export interface WikiStage {
  readonly wiki: Wiki;
  readonly clock: FakeClock;
  readonly storage: Storage<never>;
  readonly index: MemorySearchIndex;
}

/** Sets one. */
export async function wikiStage(): Promise<WikiStage> {
  const clock = fakeClock();
  return { wiki: await openWiki(), clock, storage: memoryStorage({ clock }), index: memorySearchIndex() };
}

/** A hub over the service. */
export function wikiHub(stage: WikiStage, changes: Changes = {}) {
  const { rereadMs, needsContainers, hasIndex = true, ...options } = changes;
  const connector = wikiConnector(stage.wiki.origin, {
    ...(rereadMs === undefined ? {} : { rereadMs }),
    ...(needsContainers === undefined ? {} : { needsContainers }),
  });
  const hub = createHub({
    connectors: [connector],
    publicUrl: 'https://host.example.com/hub',
    random: () => 0.5,
    retry: { quickRetries: 0 },
    health: { checkEveryMs: null },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    loopbackOnly: true,
    storage: stage.storage,
    ...(hasIndex ? { searchIndex: stage.index } : {}),
    ...options,
    clock: stage.clock,
    keys: localKeys({ active: 'k1', keys }),
  });
  const failures: Notices['content.failed'][] = [];
  hub.on('content.failed', (notice) => failures.push(notice));
  const acme = hub.tenant('acme');
  const connect = (confinedTo: Readonly<Record<string, readonly string[]>> | null = null, tenant = acme) =>
    tenant.connections.put('main', { connector: 'wiki', credential: { type: 'bearer', token }, confinedTo });
  /** Tells the hub by webhook that a page is gone. */
  const tellBurnt = async (id: string, delivery: string): Promise<void> => {
    const [known] = await acme.webhooks.list();
    const registration = known ?? (await acme.webhooks.register({ connection: 'wiki/main', secret }));
    const body = JSON.stringify({ id, delivery });
    const response = await hub.handler(
      new Request(registration.url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...signWebhook(scheme, { secret, body }) },
      }),
    );
    if (response.status !== 202) throw new Error(`The delivery was answered ${response.status}.`);
  };
  return { hub, acme, failures, connect, tellBurnt };
}

/** Works until nothing is due within the time. */
export async function workFor({ hub }: Pick<WikiHub, 'hub'>, clock: FakeClock, withinMs: number): Promise<void> {
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
