import type { DeliverySource } from '../delivery-source.ts';
import { receiverTypes } from './event-type-of.ts';

/** A receiver as what reads a delivery: nothing is declared for it, so nothing of a connector is asked. */
export function receiverSource(name: string): DeliverySource {
  const id = receiverTypes(name);
  return { id, triggers: {}, definition: { id } };
}
