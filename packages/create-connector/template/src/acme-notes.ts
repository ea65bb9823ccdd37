import { defineConnector, path } from '@patchbay/core';
import { acmeNotesAuth } from './acme-notes-auth.ts';
import { acmeNotesError } from './acme-notes-error.ts';
import { acmeNotesResources } from './acme-notes-resources.ts';
import { account } from './acme-notes-schemas.ts';
import { createNote } from './actions/create-note.ts';
import { listNotes } from './actions/list-notes.ts';
// #if polling
import { noteChanged } from './triggers/note-changed.ts';
// #end
// #if webhooks
import { noteCreated } from './triggers/note-created.ts';
import { acmeNotesWebhook } from './webhook.ts';
// #end

/** Where Acme Notes is. */
export interface AcmeNotesOptions {
  /** @default 'https://api.acme-notes.example' */
  readonly origin?: string;
}

/** The connector of Acme Notes. */
export const acmeNotes = ({ origin = 'https://api.acme-notes.example' }: AcmeNotesOptions = {}) =>
  defineConnector({
    id: 'acme-notes',
    name: 'Acme Notes',
    description: 'Notebooks and notes.',
    docsUrl: 'https://api.acme-notes.example/docs',
    version: '1.0.0',
    category: 'custom',
    auth: acmeNotesAuth(origin),
    origin,
    resources: acmeNotesResources,
    requestIdHeader: 'x-request-id',
    actions: { create_note: createNote, list_notes: listNotes },
    triggers: {
      // #if polling
      'note.changed': noteChanged,
      // #end
      // #if webhooks
      'note.created': noteCreated,
      // #end
    },
    // #if webhooks
    webhook: acmeNotesWebhook,
    // #end
    mapError: acmeNotesError,
    async healthCheck({ http }) {
      return { healthy: true, account: await http.get(path`/me`, { response: account }) };
    },
  });
