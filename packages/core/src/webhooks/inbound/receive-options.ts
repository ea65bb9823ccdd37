import type { Clock } from '../../clock/clock.ts';
import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import type { ConnectorRegistry } from '../../connector/create-registry.ts';
import type { ConfigurationStore } from '../../contracts/configuration-store.ts';
import type { ReceiptStore } from '../../contracts/receipt-store.ts';
import type { Publisher } from '../../events/create-publisher.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { Network } from '../../net/create-network.ts';
import type { Notify } from '../../notices/notices.ts';
import type { AppKeys } from './app-keys.ts';
import type { AskConnector } from './ask-connector.ts';
import type { DeliveryCounts } from './count-deliveries.ts';
import type { DoorPolicy } from './door/door-policy.ts';
import type { ReceiverCompiler } from './receivers/receiver-compiler.ts';
import type { SnsCertificates } from './signatures/sns-certificates.ts';
import type { WebhookKeys } from './webhook-keys.ts';

/** What receiving needs. */
export interface ReceiveOptions {
  readonly registry: ConnectorRegistry;
  readonly cache: ConfigurationCache;
  readonly store: Pick<ConfigurationStore, 'locateAccount'>;
  /** Tenant of a registration, from memory where it was asked before: a registration never changes hands. */
  readonly locateTenant: (registration: string) => Promise<string | null>;
  /** Tenant of a receiver, in the same way. */
  readonly locateReceiver: (receiver: string) => Promise<string | null>;
  readonly receivers: ReceiverCompiler;
  readonly keys: WebhookKeys;
  /** Keys of apps with one URL. */
  readonly appKeys: AppKeys;
  readonly certificates: SnsCertificates;
  /** Where the hub is reached from outside, without a trailing slash: what services sign of a URL begins with it. */
  readonly publicUrl: string;
  readonly publisher: Publisher;
  readonly receipts: Pick<ReceiptStore, 'keep'>;
  /** Days that a tenant's delivery is kept that could not become events. Never rejects. */
  readonly receiptDays: (tenant: string) => Promise<number>;
  readonly askConnector: AskConnector;
  readonly door: DoorPolicy;
  /** Keeps a secret that a service offers; resolves with whether it is kept. */
  readonly keepOffered: (place: { readonly tenant: string; readonly registration: string }, secret: string) => Promise<boolean>;
  /** The way out, for confirmations. */
  readonly network: Pick<Network, 'request'>;
  readonly counts: DeliveryCounts;
  readonly clock: Clock;
  readonly generateId: GenerateId;
  readonly notify: Notify;
}
