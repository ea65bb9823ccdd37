import { type Connector, defineAction, defineConnector, defineTrigger, hmacSha256, type Json, path } from '@patchbay/core';
import { z } from 'zod';
import { type FakeProvider, startFakeProvider } from '../../providers/fake-provider.ts';
import type { ProviderHandler } from '../../providers/provider-reply.ts';
import { signWebhook } from '../../providers/sign-webhook.ts';
import type { ConnectorSubject } from '../connector-subject.ts';

/** What can be wrong with sources of choices and of content. */
export const sourceDefects = [
  'lists_without_end',
  'lists_a_place_twice',
  'changes_while_it_lists',
  'searches_for_nothing',
  'leaves_a_source_out',
  'reads_without_end',
  'reads_twice',
  'reads_all_again',
  'takes_failure_for_the_end',
  'writes_while_it_reads',
  'forgets_what_is_gone',
  'never_says_what_is_gone',
  'takes_nothing_out_of_events',
] as const;

/** One of {@link sourceDefects}. */
export type SourceDefect = (typeof sourceDefects)[number];

type Has = (defect: SourceDefect) => boolean;

const token = 'token-of-the-shelves';
const scheme = hmacSha256({ header: 'x-signature' });
const book = z.object({ id: z.string(), shelf: z.string(), text: z.string(), at: z.number(), gone: z.boolean() });
const from = z.number().catch(0);

/** A service of shelves and the books on them. */
export interface ShelfService extends FakeProvider {
  write(): string;
  burn(): string;
}

async function startShelfService(): Promise<ShelfService> {
  const books: z.infer<typeof book>[] = [];
  const put = (shelf: string): string => {
    books.push({ id: `book-${books.length + 1}`, shelf, text: 'Once upon a time.', at: books.length + 1, gone: false });
    return `book-${books.length}`;
  };
  put('b2');
  put('a1');
  const guarded =
    (handler: ProviderHandler): ProviderHandler =>
    (request) =>
      request.headers['authorization'] === `Bearer ${token}` ? handler(request) : { status: 401, json: {} };
  const provider = await startFakeProvider({
    routes: {
      'GET /shelves': guarded(() => ({ json: ['a1', 'b2', 'c3'] })),
      'GET /places': guarded(({ query }) => ({ json: [1, 2].map((place) => `${query.get('shelf')}-${place}`) })),
      'GET /books': guarded(({ query }) => ({ json: books.filter(({ at }) => at > Number(query.get('after'))) })),
      'POST /log': guarded(() => ({ json: {}, effect: true })),
    },
  });
  return {
    ...provider,
    write: () => put('a1'),
    burn() {
      const last = books.findLast(({ shelf }) => shelf === 'a1');
      if (!last) throw new Error('There is no book on the shelf.');
      books.splice(books.indexOf(last), 1, { ...last, gone: true, at: books.length + 1 });
      return last.id;
    },
  };
}

const resources = { shelf: { title: 'Shelf', example: 'a1', pattern: '[a-z][0-9]' } } as const;

const optionsOf = (has: Has): NonNullable<Connector['definition']['options']> => ({
  shelves: {
    title: 'Shelves',
    resource: 'shelf',
    searches: has('searches_for_nothing'),
    async list({ http, cursor }) {
      if (has('changes_while_it_lists')) await http.post(path`/log`, { json: {}, response: z.unknown() });
      const shelves = await http.get(path`/shelves`, { response: z.array(z.string()) });
      const at = has('lists_without_end') ? 0 : from.parse(cursor);
      const value = shelves[has('lists_a_place_twice') ? 0 : at] ?? '';
      return { options: [{ value, label: `Shelf ${value}` }], ...(at + 1 < shelves.length ? { cursor: at + 1 } : {}) };
    },
  },
  places: {
    title: 'Places',
    needs: ['shelf'],
    resources: { shelf: [{ fields: ['shelf'] }] },
    async list({ http, given }) {
      const places = await http.get(path`/places`, { query: { shelf: String(given['shelf']) }, response: z.array(z.string()) });
      return { options: places.map((value) => ({ value, label: value })) };
    },
  },
});

const contentOf = (has: Has): NonNullable<Connector['definition']['content']> => ({
  books: {
    title: 'Books',
    description: 'Books with their text.',
    intervalMs: 60_000,
    resource: 'shelf',
    ...(has('never_says_what_is_gone')
      ? {}
      : { deletedBy: { 'book.burnt': (data: Json) => (has('takes_nothing_out_of_events') ? [] : [String(data)]) } }),
    async read({ http, cursor, containers }) {
      const after = has('reads_all_again') ? 0 : from.parse(cursor);
      if (has('writes_while_it_reads')) await http.post(path`/log`, { json: {}, response: z.unknown() });
      const asked = http.get(path`/books`, { query: { after }, response: z.array(book) });
      const all = await (has('takes_failure_for_the_end') ? asked.catch(() => []) : asked);
      const [next, ...rest] = all;
      const isWhole = has('reads_all_again');
      const most = isWhole ? all : [next, ...(has('reads_twice') && after === 0 ? rest.slice(0, 1) : [])];
      const seen = most
        .filter((one) => one !== undefined && (containers.length === 0 || containers.includes(one.shelf)))
        .filter((one) => one !== undefined);
      return {
        documents: seen
          .filter(({ gone }) => !gone)
          .map(({ id, shelf, text, at }) => ({ id, kind: 'book', title: id, text, url: null, updatedAt: at, container: shelf })),
        deleted: has('forgets_what_is_gone') ? [] : seen.filter(({ gone }) => gone).map(({ id }) => id),
        cursor: next?.at ?? after,
        more: (rest.length > 0 && !isWhole) || has('reads_without_end'),
      };
    },
  },
});

function createShelves(origin: string, has: Has): Connector {
  return defineConnector({
    id: 'shelves',
    name: 'Shelves',
    description: 'Books on shelves.',
    docsUrl: 'https://example.com/',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin,
    resources,
    options: optionsOf(has),
    content: contentOf(has),
    actions: {
      put_book: defineAction({
        title: 'Put book',
        description: 'Puts a book on a shelf.',
        idempotency: 'unsafe',
        options: { shelf: 'shelves', place: 'places' },
        input: z.strictObject({ shelf: z.string(), place: z.string() }),
        output: z.object({}),
        run: async () => ({}),
      }),
    },
    triggers: {
      'book.burnt': defineTrigger({
        title: 'Book burnt',
        description: 'A book is gone.',
        kind: 'deleted',
        delivery: 'webhook',
        payload: z.string(),
      }),
    },
    webhook: { scheme, deliveryId: 'x-delivery', toEvents: () => [{ trigger: 'book.burnt', data: 'book-1' } as const] },
    healthCheck: async () => ({ healthy: true }),
  });
}

/** A connector of shelves, sound or with one defect. */
export function shelfSubject(defect?: SourceDefect): ConnectorSubject<ShelfService> {
  const has: Has = (one) => one === defect;
  return {
    create: (origin) => createShelves(origin, has),
    startProvider: startShelfService,
    credential: { type: 'bearer', token },
    wrongCredential: { type: 'bearer', token: 'another-token' },
    actions: [],
    deliveries: [
      {
        title: 'burnt',
        trigger: 'book.burnt',
        make: ({ secret }) => ({ body: '{}', headers: { 'x-delivery': 'd1', ...signWebhook(scheme, { secret, body: '{}' }) } }),
      },
    ],
    options: [
      { action: 'put_book', field: 'shelf', confinedTo: { shelf: ['a1'] } },
      ...(has('leaves_a_source_out')
        ? []
        : [{ action: 'put_book', field: 'place', input: () => ({ shelf: 'a1' }), confinedTo: { shelf: ['a1'] } }]),
    ],
    content: [
      {
        source: 'books',
        containers: ['a1'],
        change: (service) => service.write(),
        ...(has('never_says_what_is_gone') ? {} : { remove: (service: ShelfService) => service.burn() }),
      },
    ],
  };
}
