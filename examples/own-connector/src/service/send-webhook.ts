import { createHmac } from 'node:crypto';
import type { KeptTask } from './task-store.ts';

/** Where webhooks go, and the secret that was agreed on. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

/** Sends one signed webhook, and answers the status that came back. */
export async function sendWebhook({ url, secret }: WebhookTarget, { reference: _, ...task }: KeptTask): Promise<number> {
  const body = JSON.stringify({ task });
  const headers = {
    'content-type': 'application/json',
    'x-tasks-event': 'task.completed',
    // The same for the same thing, however often it is sent.
    'x-tasks-delivery': `completed-${task.id}`,
    'x-tasks-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const { status } = await fetch(url, { method: 'POST', headers, body });
  return status;
}
