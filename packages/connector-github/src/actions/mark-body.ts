import type { IdempotencyKey } from '@patchbay/core';

/** How far GitHub's clock and ours may be apart when something is looked for by its time, in milliseconds. */
export const clockTolerance = 300_000;

const marker = (key: IdempotencyKey): string => `<!-- patchbay:${key.value} -->`;

/**
 * Puts the key into a body as a comment that GitHub does not show. It stands first, where no text of the input can forge it, and
 * where no open code fence or comment of the input can swallow it.
 */
export function markBody(key: IdempotencyKey, body = ''): string {
  return body === '' ? marker(key) : `${marker(key)}\n\n${body}`;
}

/** Was this body made with the key? Only its very beginning counts, so a body that quotes another's marker is none. */
export function isMarked(key: IdempotencyKey, body: string | null | undefined): boolean {
  return body?.startsWith(marker(key)) ?? false;
}
