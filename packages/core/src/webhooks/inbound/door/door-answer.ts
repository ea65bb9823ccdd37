import type { WebhookAnswer } from '../../../connector/webhook-declaration.ts';

/** An answer with headers of its own. */
export interface DoorAnswer extends WebhookAnswer {
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is said back to whoever asks is text, kept nowhere, and no page: a link to it must not run what stands in the link. */
export const inertHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};
