import { createReceiptDays } from './receipt-days.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { createAskConnector } from './webhooks/inbound/ask-connector.ts';
import { createTenantLocator } from './webhooks/inbound/locate-tenant.ts';
import type { ReceiveOptions } from './webhooks/inbound/receive-options.ts';
import { createWebhookKeys, type WebhookKeysOptions } from './webhooks/inbound/webhook-keys.ts';

/** What receiving stands on besides the resolved options. */
export interface ReceivingParts extends Pick<ReceiveOptions, 'registry' | 'cache' | 'appKeys' | 'publisher' | 'counts' | 'notify'> {
  readonly vault: WebhookKeysOptions['vault'];
}

/** What takes webhooks in. */
export function receiving(resolved: ResolvedOptions, parts: ReceivingParts): ReceiveOptions {
  const { storage, clock, generateId } = resolved;
  return {
    ...parts,
    clock,
    generateId,
    store: storage.configuration,
    receipts: storage.receipts,
    receiptDays: createReceiptDays(resolved),
    locateTenant: createTenantLocator({ store: storage.configuration, clock }),
    keys: createWebhookKeys({ vault: parts.vault, clock }),
    askConnector: createAskConnector(clock),
  };
}
