import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { note, notebookName, notePage } from '../acme-notes-schemas.ts';

/** Adds a note. It carries the hub's key as its reference, by which it is found where the answer was lost. */
export const createNote = defineAction({
  title: 'Create note',
  description: 'Adds a note to a notebook.',
  idempotency: 'reconcilable',
  settlesWithin: 10_000,
  scopes: [{ scope: 'notes:write', reason: 'To add the note.' }],
  resources: { notebook: [{ fields: ['notebook'] }] },
  input: z.strictObject({ notebook: notebookName, text: z.string().min(1).max(10_000) }),
  output: note,
  async run({ input: { notebook, text }, http, key }) {
    return await http.post(path`/notebooks/${notebook}/notes`, { json: { text, reference: key.value }, response: note });
  },
  async reconcile({ input: { notebook }, http, key }) {
    const { notes } = await http.get(path`/notebooks/${notebook}/notes`, { query: { reference: key.value }, response: notePage });
    const [found] = notes;
    return found ? { answer: 'found', output: found } : { answer: 'absent' };
  },
});
