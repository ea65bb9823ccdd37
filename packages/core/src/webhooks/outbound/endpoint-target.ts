import type { Row } from '../../contracts/configuration-store.ts';

/** Handler of deliveries to endpoints. */
export const deliveryHandler = 'delivery';

/** What the lane and the target of an endpoint are called. */
export const endpointTarget = (id: string): string => `endpoint:${id}`;

/** True for an endpoint that deliveries may go to: enabled, and known to want them. */
export function isReceiving({ value }: Pick<Row<'endpoint'>, 'value'>): boolean {
  return value.disabled === undefined && value.verification !== 'pending';
}
