import { defineAction, defineConnector, path } from '@patchbay/core';
import { z } from 'zod';

const output = z.object({ done: z.boolean() });

/** An action that posts its input to the library. */
const shared = { title: 'Act', description: 'Acts on books.', idempotency: 'unsafe', output } as const;

const shelf = z.string().min(1);

/** A library whose connections can be confined to shelves, which have capitals and small letters for the same, and to readers. */
export function libraryConnector(origin: string) {
  return defineConnector({
    id: 'library',
    name: 'Library',
    description: 'Lends books.',
    version: '1.0.0',
    category: 'documentation',
    auth: [{ type: 'bearer' }],
    origin,
    resources: {
      shelf: {
        title: 'Shelf',
        example: 'hall/poems',
        pattern: '[a-z]+/[a-z]+',
        letters: 'lower',
        paths: [{ path: '/shelves/{}/{}/books/**' }, { path: '/shelves/{}/{}', methods: ['GET'] }, { path: '/hours' }],
      },
      reader: { title: 'Reader', example: '17', pattern: '\\d+' },
    },
    actions: {
      add_book: defineAction({
        ...shared,
        resources: { shelf: [{ fields: ['hall', 'shelf'] }], reader: 'untouched' },
        input: z.strictObject({ hall: shelf, shelf, title: z.string() }),
        run: ({ input, http }) => http.post(path`/shelves/${input.hall}/${input.shelf}/books`, { json: input, response: output }),
      }),
      move_books: defineAction({
        ...shared,
        resources: { shelf: [{ fields: ['from'] }, { fields: ['to'] }], reader: 'untouched' },
        input: z.strictObject({ from: z.union([shelf, z.array(shelf)]), to: shelf.optional() }),
        run: ({ input, http }) => http.post(path`/moves`, { json: input, response: output }),
      }),
      // What comes in is not what goes out: an alias is resolved by the schema.
      dust: defineAction({
        ...shared,
        resources: { shelf: [{ fields: ['shelf'] }], reader: 'untouched' },
        input: z.strictObject({ shelf: shelf.transform((name) => (name === 'hall/poems' ? 'cellar/secrets' : name)) }),
        run: ({ input, http }) => http.post(path`/dust`, { json: input, response: output }),
      }),
      ring_bell: defineAction({
        ...shared,
        resources: { shelf: 'untouched', reader: 'untouched' },
        input: z.strictObject({}),
        run: ({ http }) => http.post(path`/bell`, { json: {}, response: output }),
      }),
      search: defineAction({
        ...shared,
        resources: { shelf: 'any', reader: 'untouched' },
        input: z.strictObject({}),
        run: ({ http }) => http.post(path`/search`, { json: {}, response: output }),
      }),
      count_books: defineAction({
        ...shared,
        input: z.strictObject({}),
        run: ({ http }) => http.post(path`/count`, { json: {}, response: output }),
      }),
      lend: defineAction({
        title: 'Lend',
        description: 'Lends a book, and can look whether it has.',
        idempotency: 'reconcilable',
        settlesWithin: 0,
        resources: { shelf: [{ fields: ['shelf'] }], reader: [{ fields: ['reader'] }] },
        input: z.strictObject({ shelf, reader: z.number() }),
        output,
        run: ({ input, http }) => http.post(path`/loans`, { json: input, response: output }),
        reconcile: async ({ http }) => ({ answer: 'found', output: await http.get(path`/loans`, { response: output }) }),
      }),
    },
    triggers: {},
    healthCheck: async ({ http }) => {
      await http.get(path`/me`, { response: z.unknown() });
      return { healthy: true };
    },
  });
}
