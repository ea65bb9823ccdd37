import { isUuid } from '../../../id/is-uuid.ts';
import type { DoorAnswer } from '../door/door-answer.ts';
import { MethodError } from '../door/door-errors.ts';
import { findChallenge } from '../door/find-challenge.ts';
import type { InboundRequest } from '../inbound-request.ts';
import type { ReceiveOptions } from '../receive-options.ts';
import { isTakenFrom } from './is-taken-from.ts';

/** A host name of two labels or more, the last of which is no number: neither an address nor the `null` of a page. */
const hostName = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Answers whether somebody may send CloudEvents to a receiver, as Azure Event Grid asks before it does: whoever names a host may, because what it sends is
 * verified all the same. Throws {@link MethodError} for everything else, so that a receiver of another format looks like one that is not there.
 */
export async function answerHandshake(options: ReceiveOptions, inbound: InboundRequest, id: string): Promise<DoorAnswer> {
  const origin = inbound.headers['webhook-request-origin'] ?? '';
  const origins = hostName.test(origin) ? [origin] : [];
  const answer = findChallenge([{ kind: 'cloudevents', origins }], inbound)?.answer;
  if (!answer) throw new MethodError();
  // Whoever asks has signed nothing, so what is answered counts too.
  options.door.limits.enter({ url: `hooks/${id}`, address: inbound.address });
  if (!isUuid(id) || !(await takesCloudEvents(options, inbound, id))) throw new MethodError();
  return answer;
}

async function takesCloudEvents(
  { cache, locateReceiver, receivers }: ReceiveOptions,
  { address }: InboundRequest,
  id: string,
): Promise<boolean> {
  const tenant = await locateReceiver(id);
  const row = tenant === null ? undefined : (await cache.current(tenant)).receiver(id);
  if (row === undefined) return false;
  const receiver = receivers.of(row);
  return receiver.definition.format === 'cloudevents' && isTakenFrom(receiver, address);
}
