import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { note, notebookName, notePage } from '../acme-notes-schemas.ts';

/** Reads page by page, up to the bound of `http.pages`. */
export const listNotes = defineAction({
  title: 'List notes',
  description: 'Lists the notes of a notebook.',
  idempotency: 'read',
  paginated: true,
  scopes: [{ scope: 'notes:read', reason: 'To read the notes.' }],
  resources: { notebook: [{ fields: ['notebook'] }] },
  input: z.strictObject({ notebook: notebookName }),
  output: z.object({ notes: z.array(note) }),
  async run({ input: { notebook }, http }) {
    const pages = http.pages(path`/notebooks/${notebook}/notes`, {
      response: notePage,
      items: ({ notes }) => notes,
      next: ({ next }) => (next === undefined ? undefined : { page: next }),
    });
    const notes: z.output<typeof note>[] = [];
    for await (const each of pages) notes.push(each);
    return { notes };
  },
});
