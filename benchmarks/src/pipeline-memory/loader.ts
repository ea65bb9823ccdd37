import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { openChildPort } from '../child-port.ts';
import { listenForArrivals } from './arrivals.ts';
import { closedLoop } from './closed-loop.ts';
import { deliveryTemplate, firstIssueNumber, type GithubDelivery } from './github-delivery.ts';
import { loaderSettings } from './messages.ts';
import { probeCount, runProbes } from './probes.ts';
import { openWebhookConnection } from './webhook-connection.ts';

/** The part of GitHub, a process of its own: probes, warms up, waits for the word, sends the timed deliveries, tells how long that took. */

const fail = (error: Error): never => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
};

const port = openChildPort();
const settings = loaderSettings.parse(port.argument);
const { patienceMs, ports } = settings;
const portOf = (turn: number): number => ports[turn % ports.length] ?? 0;
const template = deliveryTemplate({ ...settings, port: portOf(0), withText: true });
const prepare = (first: number, count: number): GithubDelivery[] =>
  Array.from({ length: count }, (_, position) => template.prepare(first + position));
const warmUp = prepare(firstIssueNumber + probeCount, settings.warmUp);
const timed = prepare(firstIssueNumber + probeCount + settings.warmUp, settings.timed);

const arrivals = await listenForArrivals(settings.arrivalsPort, fail);
const connections = await Promise.all(Array.from({ length: settings.concurrency }, (_, turn) => openWebhookConnection(portOf(turn), fail)));
const [first] = connections;
if (first === undefined) throw new Error('There is no connection.');

let lastCount = -1;
const watch = (): void => {
  if (arrivals.count() === lastCount) fail(new Error(`No effect for ${patienceMs} ms after ${lastCount} effects: work was dropped.`));
  lastCount = arrivals.count();
};

async function watched<Result>(work: () => Promise<Result>): Promise<Result> {
  lastCount = -1;
  const watchdog = setInterval(watch, patienceMs);
  try {
    return await work();
  } finally {
    clearInterval(watchdog);
  }
}

const wordGiven = new Promise<void>((resolve) => {
  port.onMessage((message) => {
    z.object({ type: z.literal('go') }).parse(message);
    resolve();
  });
});

await watched(() => runProbes({ connection: first, template, arrivals, settings, port: portOf(0), firstNumber: firstIssueNumber }));
await watched(() => closedLoop({ deliveries: warmUp, template, connections, arrivals }));
port.tell({ type: 'warm' });
await wordGiven;
const { seconds, effectMs } = await watched(() => closedLoop({ deliveries: timed, template, connections, arrivals }));
// Time for an effect too many to show itself, and for what a subject does behind its effects.
await pause(200);
const percentile = (share: number): number => effectMs[Math.floor((effectMs.length - 1) * share)] ?? 0;
port.tell({ type: 'done', seconds, effects: arrivals.count(), effectP50: percentile(0.5), effectP95: percentile(0.95) });
