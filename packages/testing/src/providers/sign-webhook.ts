import { createHmac } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/core';
import { systemClock } from '@patchbay/core/adapter';

/** What is signed, and with what. */
export interface SigningInput {
  readonly secret: string;
  /** The raw body: text counts as UTF-8. */
  readonly body: string | Uint8Array;
  /** Seconds since 1970, for schemes that sign a time. @default the machine's clock */
  readonly timestamp?: number;
}

/** The headers that a provider would send with a body, by its scheme. It is written apart from the hub's checking, so that one tests the other. */
export function signWebhook(scheme: SignatureScheme, { secret, body, timestamp }: SigningInput): Record<string, string> {
  const mac = createHmac('sha256', secret);
  if (scheme.kind === 'hmac-sha256') {
    return { [scheme.header]: `${scheme.prefix}${mac.update(body).digest(scheme.encoding)}` };
  }
  const seconds = String(timestamp ?? Math.floor(systemClock.now() / 1000));
  const digest = mac.update(`${scheme.version}:${seconds}:`).update(body).digest(scheme.encoding);
  return { [scheme.header]: `${scheme.version}=${digest}`, [scheme.timestampHeader]: seconds };
}
