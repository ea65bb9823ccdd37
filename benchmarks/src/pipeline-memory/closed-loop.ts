import type { Arrivals } from './arrivals.ts';
import type { DeliveryTemplate, GithubDelivery } from './github-delivery.ts';
import type { WebhookConnection } from './webhook-connection.ts';

/** How long one pass took, and the time from each webhook's first byte to its effect, in milliseconds, sorted. */
export interface PassResult {
  readonly seconds: number;
  readonly effectMs: Float64Array;
}

/**
 * Sends all deliveries, one lane per connection: a lane's next webhook leaves only when the previous one was answered
 * with a 2xx and its downstream call has arrived.
 */
export async function closedLoop(pass: {
  readonly deliveries: readonly GithubDelivery[];
  readonly template: DeliveryTemplate;
  readonly connections: readonly WebhookConnection[];
  readonly arrivals: Arrivals;
}): Promise<PassResult> {
  const effectMs = new Float64Array(pass.deliveries.length);
  let next = 0;
  const lane = async (connection: WebhookConnection): Promise<void> => {
    const buffer = pass.template.newBuffer();
    while (next < pass.deliveries.length) {
      const position = next;
      next += 1;
      const delivery = pass.deliveries[position];
      if (delivery === undefined) throw new RangeError('A lane ran past the deliveries.');
      pass.template.write(buffer, delivery);
      const begun = performance.now();
      const arrival = pass.arrivals.expect(delivery.issueNumber).then(() => {
        effectMs[position] = performance.now() - begun;
      });
      const [status] = await Promise.all([connection.post(buffer), arrival]);
      if (status < 200 || status > 299) throw new Error(`The webhook of issue ${delivery.issueNumber} was answered ${status}.`);
    }
  };
  const begun = performance.now();
  await Promise.all(pass.connections.map(lane));
  return { seconds: (performance.now() - begun) / 1_000, effectMs: effectMs.sort() };
}
