import { doorFault } from './door-fault.ts';
import { schemeFault } from './signature/scheme-fault.ts';
import type { WebhookDeclaration } from './webhook-declaration.ts';

/** Milliseconds for which every store keeps a dedupe key: 30 days. A service that sends again later would make a second event. */
const dedupeHorizonMs = 2_592_000_000;

/** Lengths of the reason for which unsigned deliveries are taken in, characters. */
const reasonLength = { least: 10, most: 500 };

/** What keeps a webhook declaration from working, or `undefined`. A scheme that this hub does not know is one: unsigned is no fallback. */
export function webhookFault(webhook: WebhookDeclaration): string | undefined {
  const { deliveryId } = webhook;
  const signed = signingFault(webhook);
  if (signed !== undefined) return signed;
  if (typeof webhook.toEvents !== 'function') return 'its webhook declaration has no toEvents function';
  const { redeliveryHorizonMs = 0, subscriptions } = webhook;
  const lacking = subscriptions && (['create', 'list', 'remove'] as const).find((name) => typeof subscriptions[name] !== 'function');
  if (lacking !== undefined) return `its webhook subscriptions have no function ${lacking}`;
  if (subscriptions?.signedBy === 'app' && webhook.appScheme === undefined)
    return 'deliveries to what it registers are signed as those of its app, and it has no appScheme';
  if (!(redeliveryHorizonMs >= 0 && redeliveryHorizonMs <= dedupeHorizonMs)) {
    return `its service may send a delivery again after ${redeliveryHorizonMs} ms, and dedupe keys are kept for ${dedupeHorizonMs} ms (30 days)`;
  }
  const atTheDoor = doorFault(webhook);
  if (atTheDoor !== undefined) return atTheDoor;
  const field: unknown = typeof deliveryId === 'object' && deliveryId !== null ? Object.values(deliveryId)[0] : deliveryId;
  const fields: readonly unknown[] = Array.isArray(field) ? field : [field];
  const isNamed = fields.length > 0 && fields.every((name) => typeof name === 'string' && name !== '');
  return isNamed ? undefined : 'its webhook declaration does not say where the delivery id is';
}

function signingFault({ accountOf, appScheme, dangerouslyUnverified: reason, scheme }: WebhookDeclaration): string | undefined {
  if (reason === undefined) return schemeFault(scheme) ?? (appScheme === undefined ? undefined : schemeFault(appScheme));
  if (scheme !== undefined || appScheme !== undefined)
    return 'its webhooks have a scheme and are dangerouslyUnverified; leave out one of the two';
  const isReason = typeof reason === 'string' && reason.trim().length >= reasonLength.least && reason.length <= reasonLength.most;
  if (!isReason)
    return `the reason why its webhooks are dangerouslyUnverified must be ${reasonLength.least} to ${reasonLength.most} characters`;
  // Its URL can be guessed, and so can accounts: anybody could send events to any tenant.
  return accountOf === undefined ? undefined : 'its webhooks are dangerouslyUnverified, and such cannot come to the URL of an app';
}
