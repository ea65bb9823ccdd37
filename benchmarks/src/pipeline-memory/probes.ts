import { once } from 'node:events';
import { connect } from 'node:net';
import type { Arrivals } from './arrivals.ts';
import { type DeliveryTemplate, deliveryTemplate } from './github-delivery.ts';
import type { LoaderSettings } from './messages.ts';
import type { WebhookConnection } from './webhook-connection.ts';

/** How many issue numbers `runProbes` uses, counted from the one it is given. */
export const probeCount = 4;

function expectStatus(what: string, status: number, lowest: number): void {
  if (status < lowest || status > lowest + 99) throw new Error(`${what} was answered ${status}, not ${lowest} to ${lowest + 99}.`);
}

/** Sends a request over a connection of its own, which the subject may close: a refusal may end it. */
async function statusOf(port: number, request: Buffer): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    socket.write(request);
    const [head] = await once(socket, 'data');
    return Number(String(head).slice(9, 12));
  } finally {
    socket.destroy();
  }
}

async function tryTampered(port: number, template: DeliveryTemplate, issueNumber: number): Promise<void> {
  const request = template.newBuffer();
  template.write(request, { ...template.prepare(issueNumber), issueNumber: issueNumber + 1 });
  expectStatus('A delivery whose body was changed after signing', await statusOf(port, request), 400);
}

/** Sends one true delivery twice; the loader's own watch and the sink's final count see to it that it has one effect. */
async function tryRepeated(
  connection: WebhookConnection,
  template: DeliveryTemplate,
  issueNumber: number,
  arrivals: Arrivals,
): Promise<void> {
  const request = template.newBuffer();
  template.write(request, template.prepare(issueNumber));
  const [first] = await Promise.all([connection.post(request), arrivals.expect(issueNumber)]);
  expectStatus('A true delivery', first, 200);
  expectStatus('A repeated delivery', await connection.post(request), 200);
}

/**
 * Outside the timed part: the condition that is false has no effect, and, of a subject that says so, the signature is
 * checked and a repeated delivery dropped. An effect that must not be is caught by `listenForArrivals`.
 */
export async function runProbes(probe: {
  readonly connection: WebhookConnection;
  readonly template: DeliveryTemplate;
  readonly arrivals: Arrivals;
  readonly settings: LoaderSettings;
  readonly port: number;
  readonly firstNumber: number;
}): Promise<void> {
  const { connection, template, arrivals, settings, port, firstNumber } = probe;
  if (settings.verifies) {
    await tryTampered(port, template, firstNumber);
    await tryRepeated(connection, template, firstNumber + 2, arrivals);
  }
  const withoutText = deliveryTemplate({ ...settings, port, withText: false });
  const refused = withoutText.newBuffer();
  withoutText.write(refused, withoutText.prepare(firstNumber + 3));
  expectStatus('A delivery whose condition is false', await connection.post(refused), 200);
}
