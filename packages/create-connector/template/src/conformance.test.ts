// #if webhooks
import { hmacSha256 } from '@patchbay/core';
// #end
import { describeConnector } from '@patchbay/testing';
// #if webhooks
import { type DeliveryCase, signWebhook } from '@patchbay/testing';
// #end
// #if oauth2
import { app } from './__fixtures__/acme-notes-login.ts';
// #end
import { credential, wrongCredential } from './__fixtures__/acme-notes-login.ts';
import { startAcmeNotes } from './__fixtures__/acme-notes-service.ts';
import { acmeNotes } from './acme-notes.ts';

// #if webhooks
// As the service's documentation says it signs, not as the connector thinks it does.
const scheme = hmacSha256({ header: 'x-acme-notes-signature', prefix: 'sha256=' });

const delivery = (event: string, trigger: string | null): DeliveryCase => ({
  title: event,
  trigger,
  make({ secret }) {
    const body = JSON.stringify({ note: { id: 'n1', notebook: 'plans', text: 'Buy paper', changed: 1 } });
    return { body, headers: { 'x-acme-notes-event': event, 'x-acme-notes-delivery': 'd1', ...signWebhook(scheme, { secret, body }) } };
  },
});
// #end

describeConnector({
  create: (origin) => acmeNotes({ origin }),
  startProvider: startAcmeNotes,
  credential,
  wrongCredential,
  state: (service) => service.notes(),
  // #if oauth2
  oauth: { app, tokens: (service) => service.tokens() },
  // #end
  actions: [
    {
      name: 'create_note',
      input: () => ({ notebook: 'plans', text: 'Buy paper' }),
      refused: [{ notebook: '../..', text: 'x' }],
    },
    {
      name: 'list_notes',
      input(service) {
        service.add('plans', 'Buy paper');
        return { notebook: 'plans' };
      },
      pages: {
        make: (number) => ({
          json: { notes: [{ id: `n${number}`, notebook: 'plans', text: 'One of many', changed: number }], next: `page-${number + 1}` },
        }),
      },
    },
  ],
  deliveries: [
    // #if webhooks
    delivery('note.created', 'note.created'),
    delivery('note.read', null),
    // #end
  ],
  // #if polling
  polls: [
    {
      trigger: 'note.changed',
      happen(service) {
        service.add('plans', 'A note of somebody else');
      },
    },
  ],
  // #end
});
