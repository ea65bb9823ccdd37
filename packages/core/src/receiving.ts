import { hasProxies } from './http/client-address.ts';
import { createReceiptDays } from './receipt-days.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { createAppKeys, type TimedKey } from './webhooks/inbound/app-keys.ts';
import { createAskConnector } from './webhooks/inbound/ask-connector.ts';
import { createDoorLimits } from './webhooks/inbound/door/door-limits.ts';
import { createTenantLocator } from './webhooks/inbound/locate-tenant.ts';
import { keepOfferedSecret, type OfferOptions } from './webhooks/inbound/offered-secret.ts';
import type { ReceiveOptions } from './webhooks/inbound/receive-options.ts';
import { createReceiverCompiler } from './webhooks/inbound/receivers/receiver-compiler.ts';
import { createSnsCertificates } from './webhooks/inbound/signatures/sns-certificates.ts';
import { createWebhookKeys, type WebhookKeysOptions } from './webhooks/inbound/webhook-keys.ts';

/** What receiving stands on besides the resolved options. */
export interface ReceivingParts extends Pick<ReceiveOptions, 'registry' | 'cache' | 'publisher' | 'counts' | 'notify'> {
  readonly vault: WebhookKeysOptions['vault'] & OfferOptions['vault'];
  /** Writes what is audited. */
  readonly configuration: OfferOptions['configuration'];
  readonly network: Parameters<typeof createSnsCertificates>[0]['network'];
  /** Keys of apps with one URL, by connector id. */
  readonly appKeys: ReadonlyMap<string, readonly TimedKey[]>;
}

/** What takes webhooks in. */
export function receiving(resolved: ResolvedOptions, parts: ReceivingParts): ReceiveOptions {
  const { storage, clock, generateId, publicUrl, proxies } = resolved;
  const { rates, ...door } = resolved.webhooks;
  const { vault, network, appKeys, configuration, ...rest } = parts;
  return {
    ...rest,
    network,
    keepOffered: (place, secret) => keepOfferedSecret({ configuration, vault, generateId }, place, secret),
    door: { ...door, limits: createDoorLimits({ rates, clock, hasProxies: hasProxies(proxies) }) },
    clock,
    generateId,
    publicUrl,
    store: storage.configuration,
    receipts: storage.receipts,
    receiptDays: createReceiptDays(resolved),
    locateTenant: createTenantLocator({ store: storage.configuration, clock }),
    locateReceiver: createTenantLocator({ store: { locateRegistration: (id) => storage.configuration.locateReceiver(id) }, clock }),
    receivers: createReceiverCompiler(resolved.webhooks),
    keys: createWebhookKeys({ vault, clock }),
    appKeys: createAppKeys(appKeys, clock),
    certificates: createSnsCertificates({ network, clock }),
    askConnector: createAskConnector(clock),
  };
}
