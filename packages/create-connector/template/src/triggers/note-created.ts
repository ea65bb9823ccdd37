import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { note } from '../acme-notes-schemas.ts';

/** Told by webhook. */
export const noteCreated = defineTrigger({
  title: 'Note created',
  description: 'A note was added to a notebook.',
  kind: 'created',
  delivery: 'webhook',
  resources: { notebook: [{ fields: ['note.notebook'] }] },
  payload: z.object({ note }),
});
