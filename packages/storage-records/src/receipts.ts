import type { KeepRequest } from '@patchbay/core/adapter';
import { newId } from './records.ts';

/** A receipt to be kept, of a delivery that no other is of. */
export function keptReceipt(overrides: Partial<KeepRequest> = {}): KeepRequest {
  const id = newId();
  return {
    tenant: 'acme',
    id,
    connector: 'github',
    registration: 'registration-1',
    connection: 'connection-1',
    deliveryId: 'delivery-1',
    guard: `guard-of-${id}`,
    error: { code: 'body_invalid', message: 'The body is not JSON.' },
    headers: { 'content-type': 'application/json', 'x-note': 'a "quoted" ü' },
    body: { codec: 'plain', bytes: Uint8Array.of(0, 255, 10, 34, 0) },
    receivedAt: 1_790_000_000_000,
    forMs: 600_000,
    most: { receipts: 1_000, bytes: 1_000_000 },
    ...overrides,
  };
}
