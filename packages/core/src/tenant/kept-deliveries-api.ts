import type { FullReceipt, KeptReceipt } from '../contracts/receipt-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { type KeptDeliveryFilter, receiptFilter } from './kept-delivery-filter.ts';
import { notFound } from './not-found.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { recordAct } from './record-act.ts';
import { type KeptReplayRequest, type KeptReplayResult, replayKept, replayKeptMany } from './replay-kept.ts';
import type { TenantScope } from './tenant-services.ts';

/** A verified delivery that could not become events. */
export interface KeptDelivery {
  readonly id: string;
  /** `null`: one of the tenant's receivers took it. */
  readonly connector: string | null;
  /** Registration's id, `app:{connector}`, or `receiver:{id}`. */
  readonly registration: string;
  readonly connection: string | null;
  /** The service's id of the delivery; `null` where it carried none. */
  readonly deliveryId: string | null;
  /** Why it could not become events when it came. */
  readonly error: { readonly code: string; readonly message: string };
  /** Bytes of the body. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** When it goes by itself, milliseconds since 1970. */
  readonly keptUntil: number;
}

/** A kept delivery with what came. */
export interface KeptDeliveryDetail extends KeptDelivery {
  /** Lower-case names; no credential and no signature is among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly the bytes that came. */
  readonly body: Uint8Array;
}

/** What of a tenant's was signed as it should be and could not become events: kept whole, until it is replayed, discarded, or its days have passed. */
export interface KeptDeliveriesApi {
  /** Newest first. */
  list(filter?: KeptDeliveryFilter & ListOptions): Promise<Page<KeptDelivery>>;
  get(id: string): Promise<KeptDeliveryDetail>;
  /**
   * Takes it in again with the code and the configuration of today, and keeps it no longer. It has the dedupe keys that it had when it came, so what
   * it brought then comes no second time. Throws what keeps it from becoming events; then it stays.
   */
  replay(id: string): Promise<{ readonly events: number }>;
  /** Replays many, oldest first. Capped, with a dry run; what becomes no events stays and is among the refusals. */
  replayMany(request?: KeptReplayRequest): Promise<KeptReplayResult>;
  /** Keeps it no longer. */
  discard(id: string): Promise<void>;
}

/** The kept deliveries of a tenant's webhooks. */
export function keptDeliveriesApi(scope: TenantScope): KeptDeliveriesApi {
  const { tenant, storage } = scope;
  const read = async (id: string): Promise<FullReceipt> => {
    await scope.ready();
    const receipt = isUuid(id) ? await storage.receipts.get(tenant, id) : null;
    if (!receipt) throw notFound('kept delivery');
    return receipt;
  };
  return {
    async list({ cursor = null, limit = 50, ...filter } = {}) {
      await scope.ready();
      const page = await storage.receipts.page(tenant, receiptFilter(filter), pageRequest({ cursor, limit }));
      return { items: page.items.map(viewKept), cursor: page.cursor };
    },
    async get(id) {
      const receipt = await read(id);
      if (receipt.body.codec !== 'plain') throw unread(receipt.body.codec);
      return { ...viewKept(receipt), headers: receipt.headers, body: receipt.body.bytes };
    },
    replay: async (id) => ({ events: await replayKept(scope, await read(id)) }),
    replayMany: (request = {}) => replayKeptMany(scope, request),
    async discard(id) {
      const receipt = await read(id);
      await recordAct(scope, {
        action: 'webhook.discard',
        object: { type: 'receipt', id: receipt.id },
        connection: receipt.connection,
        details: { registration: receipt.registration, code: receipt.error.code },
      });
      await storage.receipts.remove(tenant, receipt.id);
    },
  };
}

function viewKept({ id, connector, registration, connection, deliveryId, error, size, receivedAt, keptUntil }: KeptReceipt): KeptDelivery {
  return { id, connector, registration, connection, deliveryId, error, size, receivedAt, keptUntil };
}

function unread(codec: string): PatchbayError {
  return new PatchbayError({
    code: 'unsupported',
    message: `A payload is stored as ${codec}, which this version does not read. Update the package.`,
  });
}
