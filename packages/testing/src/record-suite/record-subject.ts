import type { JsonObject } from '@patchbay/core';
import type { RecordAdapter } from '@patchbay/core/host';

/** Samples of one type of records. */
export interface RecordSample {
  readonly type: string;
  /** Data of a new record; other data each time, so that records do not stand in each other's way. */
  create(): JsonObject;
  /** Members to set, to other values than `create` gives. @default the type is not updated */
  readonly update?: JsonObject;
}

/** A change as it was told. */
export interface SeenTelling {
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly causation: string | null;
}

/** An adapter with what the suite needs to try it. */
export interface RecordSubject {
  readonly adapter: RecordAdapter;
  /** One sample of each type that is tried. A link is tried where both of its ends are among them. */
  readonly samples: readonly RecordSample[];
  /** Two tenants that the adapter knows. */
  readonly tenants: readonly [string, string];
  /** Makes a record and answers its id, as the host's own code would. @default the adapter's `create` */
  readonly make?: (tenant: string, type: string, data: JsonObject) => Promise<string>;
  /** Makes an event of the tenant and answers its id: what a write may name as its cause. @default a made-up id */
  readonly cause?: (tenant: string) => Promise<string>;
  /** What was told of a record so far, in order. Needed where `writesToldBy` is `adapter`. */
  readonly told?: (tenant: string, type: string, id: string) => Promise<readonly SeenTelling[]>;
  readonly close?: () => Promise<void>;
}
