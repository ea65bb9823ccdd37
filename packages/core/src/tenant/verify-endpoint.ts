import { PatchbayError } from '../errors/patchbay-error.ts';
import { alignEndpointGate } from '../webhooks/outbound/align-endpoint-gate.ts';
import { challengeBody, isChallengeAnswered } from '../webhooks/outbound/challenge.ts';
import { type SentDelivery, sendDelivery } from '../webhooks/outbound/send-delivery.ts';
import { admitChallenge } from './admit-challenge.ts';
import { changeEndpoint } from './change-endpoint.ts';
import { endpointRow } from './endpoint-row.ts';
import { type Endpoint, toEndpoint } from './endpoint-view.ts';
import { recordAct } from './record-act.ts';
import type { TenantScope } from './tenant-services.ts';

/**
 * Sends the challenge once, signed like every delivery, and lets deliveries through where the URL answers it. Throws `connect_failed` where it does not;
 * the text is the same for a URL that is refused and one that is not there. Throws `rate_limited` where its host was sent too many of late.
 */
export async function verifyEndpoint(scope: TenantScope, reference: string): Promise<Endpoint> {
  const row = await endpointRow(scope, reference);
  const { tenant, clock, deliveries, storage } = scope;
  if (row.value.verification !== 'pending') {
    // Whoever had it verified may have been lost before its lane was opened.
    await alignEndpointGate({ store: storage.configuration, gates: storage.gates }, { tenant, id: row.id });
    return toEndpoint(row);
  }
  const challenge = Buffer.from(scope.randomBytes(24)).toString('base64url');
  await admitChallenge(scope, row.value.url);
  // Whoever can have challenges sent can have them sent to anybody.
  await recordAct(scope, { action: 'endpoint.challenge', object: { type: 'endpoint', id: row.id }, details: { name: row.name } });
  const body = challengeBody(challenge, clock.now());
  const deadline = (): number => Number.POSITIVE_INFINITY;
  const sent = await sendDelivery(deliveries, { tenant, row, id: scope.generateId(), body, deadline });
  if (!sent?.answer || !isChallengeAnswered(sent.answer, challenge)) throw unanswered(sent);
  const { url } = row.value;
  const changed = await changeEndpoint(scope, row.id, ({ value }) => {
    // It was another URL that has answered.
    if (value.url !== url) throw unanswered(null);
    return value.verification === 'pending' ? { ...value, verification: 'answered' } : null;
  });
  return toEndpoint(changed);
}

function unanswered(sent: SentDelivery | null): PatchbayError {
  const status = sent?.answer?.status;
  const why = sent?.outcome.outcome === 'failed' ? sent.outcome.error.message : 'Its answer does not hold the challenge.';
  return new PatchbayError({
    code: 'connect_failed',
    message: `The endpoint did not answer its challenge. ${why} Answer 2xx with the text of data.challenge, and verify again.`,
    retryable: true,
    details: status === undefined ? {} : { status },
  });
}
