import { randomUUID } from 'node:crypto';
import type { KeepRequest } from '@patchbay/core/adapter';

/** A receipt for the store as it is, where a test does not care how it came there. */
export function keptReceipt(tenant: string, overrides: Partial<KeepRequest> = {}): KeepRequest {
  const id = randomUUID();
  return {
    ...{ tenant, id, connector: 'desk', registration: randomUUID(), connection: randomUUID(), deliveryId: null, guard: id },
    error: { code: 'body_invalid', message: 'The body is not JSON.' },
    headers: {},
    body: { codec: 'plain', bytes: Buffer.from('{') },
    receivedAt: 1_790_000_000_000,
    forMs: 86_400_000,
    most: { receipts: 1_000, bytes: 1_000_000 },
    ...overrides,
  };
}
