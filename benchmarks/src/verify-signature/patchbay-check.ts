import { signatures } from '@patchbay/core';
import { verificationKey } from '../../../packages/core/src/webhooks/inbound/signatures/verification-key.ts';
import { verifySignature } from '../../../packages/core/src/webhooks/inbound/verify-signature.ts';
import type { SignatureContestant } from './signature-contestant.ts';

/** The hub's own check: the scheme as data, its key as the hub keeps it, and the clock's time. */
export function patchbayCheck(secret: string): SignatureContestant {
  const scheme = signatures.known.github;
  const keys = [verificationKey(secret, scheme)];
  const url = 'https://app.example.com/hub/webhooks/github/0192d9c5-9f4c-7000-8000-000000000001';
  return ({ headers, body }) => verifySignature({ method: 'POST', url, headers, body }, { scheme, keys, now: 1_790_000_000_000 });
}
