import type { Payload } from './dispatch-records.ts';
import type { HistoryPage, PageRequest } from './history-store.ts';

/** What is said of a receipt that is kept: a verified delivery, or something that was polled, that could not become events. */
export interface KeptReceipt {
  readonly tenant: string;
  /** uuid v7. */
  readonly id: string;
  /** Connector that would have read it; `null` where one of the tenant's receivers took it. */
  readonly connector: string | null;
  /** Registration's id, `app:{connector}`, `receiver:{id}`, or `poll:{trigger}` for what a look has found. */
  readonly registration: string;
  /** `null`: it came through none. */
  readonly connection: string | null;
  /** `null` where it carried none. */
  readonly deliveryId: string | null;
  /** Says which delivery of whose it is, 1 to 200 characters: of one guard one receipt is kept. */
  readonly guard: string;
  /** Why it could not become events. */
  readonly error: { readonly code: string; readonly message: string };
  /** Bytes of the body. */
  readonly size: number;
  /** On the clock of the process that received it, milliseconds since 1970. */
  readonly receivedAt: number;
  /** When it goes by itself, milliseconds since 1970 on the store's clock. */
  readonly keptUntil: number;
}

/** A kept receipt with what came. */
export interface FullReceipt extends KeptReceipt {
  /** Lower-case names; no credential and no signature is among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly the bytes that came. */
  readonly body: Payload;
}

/** A receipt to be kept. */
export interface KeepRequest extends Omit<FullReceipt, 'size' | 'keptUntil'> {
  /** Milliseconds for which it is kept. */
  readonly forMs: number;
  /** Most receipts of the tenant, and most bytes of their bodies, with this one. */
  readonly most: { readonly receipts: number; readonly bytes: number };
}

/** `kept` names the receipt of the guard, which may have been kept before; `full`: nothing was stored, because the tenant has no room. */
export type KeepVerdict = { readonly status: 'kept'; readonly id: string } | { readonly status: 'full' };

/** Which receipts; every field narrows. */
export interface ReceiptFilter {
  readonly registration?: string;
  readonly connection?: string;
  /** Code of the error. */
  readonly code?: string;
}

/** What a tenant has in it. */
export interface ReceiptCount {
  readonly receipts: number;
  readonly bytes: number;
}

/**
 * Receipts that could not become events, whole. Takes the tenant first; a receipt of another tenant, and one that is past its time, is not
 * there. They are no configuration: the revision stays as it is. What was never kept is never taken away for what comes later.
 */
export interface ReceiptStore {
  /**
   * Keeps a receipt whole or not at all. Of racers with one guard one is kept, and all get its id; no race passes `most`. The same guard again changes
   * nothing and finds room where there is none.
   */
  keep(receipt: KeepRequest): Promise<KeepVerdict>;
  get(tenant: string, id: string): Promise<FullReceipt | null>;
  /** In order of ids. */
  page(tenant: string, filter: ReceiptFilter, page: PageRequest): Promise<HistoryPage<KeptReceipt>>;
  /** Takes one away; one that is not there is taken away already. */
  remove(tenant: string, id: string): Promise<void>;
  count(tenant: string): Promise<ReceiptCount>;
}
