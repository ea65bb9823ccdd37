import type { SignatureScheme, TimestampedHmacScheme } from './signature-scheme.ts';
import type { WebhookDeclaration } from './webhook-declaration.ts';

const schemes: Readonly<Record<SignatureScheme['kind'], true>> = { 'hmac-sha256': true, 'timestamped-hmac-sha256': true };

/** Milliseconds for which every store keeps a dedupe key: 30 days. A service that sends again later would make a second event. */
const dedupeHorizonMs = 2_592_000_000;

/** Seconds for which a signature may be good: a longer time lets whoever has seen a request send it again, and a day's is as good as none. */
const tolerance = { least: 1, most: 3_600 };

/** What keeps a webhook declaration from working, or `undefined`. A scheme that this hub does not know is one: unsigned is no fallback. */
export function webhookFault(webhook: WebhookDeclaration): string | undefined {
  const { deliveryId, scheme } = webhook;
  if (typeof scheme !== 'object' || scheme === null || !Object.hasOwn(schemes, scheme.kind)) {
    return `the signature scheme of its webhooks is none that this hub knows (${Object.keys(schemes).join(', ')})`;
  }
  if (scheme.header === '') return 'the signature header of its webhooks has no name';
  const timeFault = scheme.kind === 'timestamped-hmac-sha256' ? timestampFault(scheme) : undefined;
  if (timeFault !== undefined) return timeFault;
  if (typeof webhook.toEvents !== 'function') return 'its webhook declaration has no toEvents function';
  const { redeliveryHorizonMs = 0 } = webhook;
  if (!(redeliveryHorizonMs >= 0 && redeliveryHorizonMs <= dedupeHorizonMs)) {
    return `its service may send a delivery again after ${redeliveryHorizonMs} ms, and dedupe keys are kept for ${dedupeHorizonMs} ms (30 days)`;
  }
  const field = typeof deliveryId === 'object' && deliveryId !== null ? Object.values(deliveryId)[0] : deliveryId;
  return typeof field === 'string' && field !== '' ? undefined : 'its webhook declaration does not say where the delivery id is';
}

function timestampFault({ timestampHeader, toleranceSeconds }: TimestampedHmacScheme): string | undefined {
  if (typeof timestampHeader !== 'string' || timestampHeader === '') return 'the timestamp header of its webhooks has no name';
  const isSane = typeof toleranceSeconds === 'number' && toleranceSeconds >= tolerance.least && toleranceSeconds <= tolerance.most;
  return isSane
    ? undefined
    : `the toleranceSeconds of its webhooks must be a number of seconds from ${tolerance.least} to ${tolerance.most}`;
}
