import { hmacSha256, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';

const outline = z.object({ task: z.object({ id: z.string() }) });

/** How the service signs what it sends, and what becomes of it. The hub has checked the signature before `toEvents` is asked. */
export const tasksWebhook: WebhookDeclaration<'task.completed'> = {
  scheme: hmacSha256({ header: 'x-tasks-signature', prefix: 'sha256=' }),
  deliveryId: 'x-tasks-delivery',
  toEvents({ headers, body }) {
    if (headers['x-tasks-event'] !== 'task.completed') return [];
    const subject = outline.safeParse(body).data?.task.id;
    return [{ trigger: 'task.completed', data: body, ...(subject === undefined ? {} : { subject }) }];
  },
};
