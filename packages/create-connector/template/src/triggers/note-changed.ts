import { defineTrigger, path } from '@patchbay/core';
import { note, notePage } from '../acme-notes-schemas.ts';

/** Asked for once a minute: what has changed since the last look. */
export const noteChanged = defineTrigger({
  title: 'Note changed',
  description: 'A note was added or changed.',
  kind: 'updated',
  delivery: 'polling',
  resources: { notebook: [{ fields: ['notebook'] }] },
  payload: note,
  polling: {
    intervalMs: 60_000,
    async poll({ cursor, http }) {
      const since = typeof cursor === 'number' ? cursor : 0;
      const { notes, next } = await http.get(path`/notes`, { query: { since }, response: notePage });
      // The same change has the same id, however often it is seen.
      const events = notes.map((data) => ({ id: `${data.id}/${data.changed}`, data, subject: data.id, time: data.changed }));
      return { events, cursor: notes.at(-1)?.changed ?? since, more: next !== undefined };
    },
  },
});
