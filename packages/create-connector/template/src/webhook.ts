import { hmacSha256, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';

const outline = z.object({ note: z.object({ id: z.string() }) });

/** How the service signs what it sends, and what becomes of it. The hub has checked the signature before `toEvents` is asked. */
export const acmeNotesWebhook: WebhookDeclaration<'note.created'> = {
  scheme: hmacSha256({ header: 'x-acme-notes-signature', prefix: 'sha256=' }),
  deliveryId: 'x-acme-notes-delivery',
  toEvents({ headers, body }) {
    if (headers['x-acme-notes-event'] !== 'note.created') return [];
    const subject = outline.safeParse(body).data?.note.id;
    return [{ trigger: 'note.created', data: body, ...(subject === undefined ? {} : { subject }) }];
  },
};
