import { type Connector, defineAction, defineConnector, path } from '@patchbay/core';
import { createTestHub, type FakeProvider, type ProviderHandler, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';

const token = 'token-of-the-shelves';

/** A service of shelves with places. */
export interface Shelves extends FakeProvider {
  readonly shelves: string[];
}

/** Opens one. */
export async function openShelves(): Promise<Shelves> {
  const shelves = ['a1', 'b2', 'c3'];
  const guarded =
    (handler: ProviderHandler): ProviderHandler =>
    (request) =>
      request.headers['authorization']?.startsWith(`Bearer ${token}`) ? handler(request) : { status: 401, json: {} };
  const provider = await startFakeProvider({
    routes: {
      'GET /shelves': guarded(({ query }) => ({ json: shelves.slice(Number(query.get('from') ?? 0), Number(query.get('from') ?? 0) + 2) })),
      'GET /places': guarded(({ query }) => ({ json: [`${query.get('shelf')}-1`, `${query.get('shelf')}-2`] })),
      'GET /staff': guarded(({ query }) => ({ json: ['Ada', 'Grace'].filter((name) => name.includes(query.get('named') ?? '')) })),
    },
  });
  return { ...provider, shelves };
}

/** A connector of the service. */
export function shelfConnector(origin: string, given: { list?: () => Promise<never> } = {}): Connector {
  return defineConnector({
    id: 'shelves',
    name: 'Shelves',
    description: 'Places on shelves.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin,
    resources: { shelf: { title: 'Shelf', example: 'a1', pattern: '[a-z][0-9]', letters: 'lower' } },
    options: {
      shelves: {
        title: 'Shelves',
        resource: 'shelf',
        async list({ http, cursor }) {
          const from = typeof cursor === 'number' ? cursor : 0;
          const shelves = await http.get(path`/shelves`, { query: { from }, response: z.array(z.string()) });
          const options = shelves.map((value) => ({ value, label: `Shelf ${value}` }));
          return { options, ...(options.length === 2 ? { cursor: from + 2 } : {}) };
        },
      },
      places: {
        title: 'Places',
        needs: ['shelf'],
        scopes: ['places:read'],
        resources: { shelf: [{ fields: ['shelf'] }] },
        async list({ http, given: { shelf } }) {
          const places = await http.get(path`/places`, { query: { shelf: String(shelf) }, response: z.array(z.string()) });
          return { options: places.map((value) => ({ value, label: value })) };
        },
      },
      staff: {
        title: 'Staff',
        searches: true,
        list:
          given.list ??
          (async ({ http, search }) => {
            const names = await http.get(path`/staff`, { query: { named: search }, response: z.array(z.string()) });
            return { options: names.map((value) => ({ value, label: value })) };
          }),
      },
    },
    actions: {
      put_book: defineAction({
        title: 'Put book',
        description: 'Puts a book on a shelf.',
        idempotency: 'unsafe',
        options: { 'on.shelf': 'shelves', 'on.place': { source: 'places', from: { shelf: 'on.shelf' } }, by: 'staff' },
        input: z.strictObject({ title: z.string(), on: z.strictObject({ shelf: z.string(), place: z.string() }), by: z.string() }),
        output: z.object({}),
        run: async () => ({}),
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
}

/** A hub with a connection to the service. */
export async function shelfStage(
  options: Partial<Parameters<typeof createTestHub>[0]> = {},
  given: Parameters<typeof shelfConnector>[1] = {},
) {
  const service = await openShelves();
  const test = createTestHub({ ...options, connectors: [shelfConnector(service.origin, given)] });
  const acme = test.tenant('acme');
  const credential = { type: 'bearer', token } as const;
  await acme.connections.put('main', { connector: 'shelves', credential });
  const close = async (): Promise<void> => {
    await test.close();
    await service.close();
  };
  return { service, test, acme, credential, close };
}
