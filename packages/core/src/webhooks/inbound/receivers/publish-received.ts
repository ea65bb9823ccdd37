import type { DeliveryPlace } from '../delivery-place.ts';
import { mayPass } from '../may-pass.ts';
import { partOf, publishDelivery } from '../publish-delivery.ts';
import type { PublishDeliveryOptions } from '../publish-one.ts';
import { settleInParts } from '../settle-in-parts.ts';
import type { SignedRequest } from '../signatures/signed-request.ts';
import type { CompiledReceiver } from './compile-receiver.ts';

/** A verified request on its way to its receiver. */
export interface ArrivedRequest {
  readonly receiver: CompiledReceiver;
  readonly request: Pick<SignedRequest, 'headers' | 'body'>;
  /** When it came, milliseconds since 1970, where that is not now. */
  readonly receivedAt?: number;
}

/**
 * Publishes what a request tells of, each event once by its own id. Resolves after the commit with how many those are. An event that cannot be
 * published keeps none of the others out; where the store is away or behind, the rest is left to the repeat.
 */
export async function publishReceived(options: PublishDeliveryOptions, place: DeliveryPlace, arrived: ArrivedRequest): Promise<number> {
  const { receiver, receivedAt } = arrived;
  const unverified = receiver.definition.dangerouslyUnverified !== undefined;
  const received = receiver.read(arrived.request);
  const size = Math.min(...received.map(({ verified }) => partOf(verified)), 64);
  const results = await settleInParts({
    items: received,
    size,
    work: ({ verified, event }) => {
      const delivered = { ...verified, unverified, ...(receivedAt === undefined ? {} : { receivedAt }) };
      return publishDelivery(options, place, delivered, [event]);
    },
    isOver: (settled) => reasonsOf(settled).some(mayPass),
  });
  const reasons = reasonsOf(results);
  if (reasons.length > 0) throw reasons.find(mayPass) ?? reasons[0];
  return received.length;
}

function reasonsOf(results: readonly PromiseSettledResult<unknown>[]): readonly unknown[] {
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
}
