import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Sample } from '../benchmark.ts';
import { percentile } from '../percentile.ts';
import { type DeliveryTemplate, deliveryTemplate, firstIssueNumber } from '../pipeline-memory/github-delivery.ts';
import { type SubjectSettings, subjectReady, subjectState } from '../pipeline-memory/messages.ts';
import { openWebhookConnection, type WebhookConnection } from '../pipeline-memory/webhook-connection.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';
import { startChild } from '../start-child.ts';

/** How one receiver is measured. */
export interface ReceiptSettings {
  readonly server: PostgresServer;
  /** The receiver's program. */
  readonly module: URL;
  readonly deliveries: number;
  readonly warmUp: number;
  /** Deliveries a second, whether or not the last ones were answered; null: as fast as `connections` lanes get their answers. */
  readonly perSecond: number | null;
  readonly connections: number;
}

/** What a pass gave. */
interface Pass {
  readonly seconds: number;
  /** From when each delivery was due until its answer, milliseconds. */
  readonly answerMs: readonly number[];
}

const patienceMs = 120_000;
const bodyBytes = 2_048;

/** Sends deliveries, each over a connection that is free; one that finds none is late, and its lateness counts. */
async function send(pass: {
  readonly template: DeliveryTemplate;
  readonly connections: readonly WebhookConnection[];
  readonly firstNumber: number;
  readonly count: number;
  readonly perSecond: number | null;
}): Promise<Pass> {
  const { template, connections, count, perSecond } = pass;
  const deliveries = Array.from({ length: count }, (_, index) => template.prepare(pass.firstNumber + index));
  const answerMs: number[] = [];
  const begun = performance.now();
  let next = 0;
  const lane = async (connection: WebhookConnection): Promise<void> => {
    const buffer = template.newBuffer();
    for (let index = next++; index < count; index = next++) {
      const delivery = deliveries[index];
      if (delivery === undefined) throw new RangeError('A lane ran past the deliveries.');
      const dueAt = perSecond === null ? performance.now() : begun + (index * 1_000) / perSecond;
      const early = dueAt - performance.now();
      if (early > 0) await pause(early);
      template.write(buffer, delivery);
      // A timer may be late by a millisecond, which is not the receiver's.
      const from = early > 0 ? performance.now() : dueAt;
      const status = await connection.post(buffer);
      if (status !== 202) throw new Error(`A webhook was answered ${status}.`);
      answerMs.push(performance.now() - from);
    }
  };
  await Promise.all(connections.map(lane));
  return { seconds: (performance.now() - begun) / 1_000, answerMs };
}

/** Measures one receiver in a database of its own. Throws unless everything that it acknowledged is committed. */
export async function sampleReceipts(settings: ReceiptSettings): Promise<Sample> {
  const { server, module, deliveries, warmUp, perSecond } = settings;
  const url = await server.newDatabase();
  const secret = randomBytes(24).toString('base64url');
  const argument: SubjectSettings = { sinkOrigin: 'http://127.0.0.1:9', secret, databaseUrl: url, joins: null };
  const subject = startChild({ name: 'receiver', module, argument });
  const connections: WebhookConnection[] = [];
  const faults: Error[] = [];
  try {
    const { port, path } = await subject.hear(subjectReady, patienceMs);
    const template = deliveryTemplate({ port, path, secret, withText: true, bodyBytes });
    for (let index = 0; index < settings.connections; index += 1)
      connections.push(await openWebhookConnection(port, (error) => void faults.push(error)));
    const stateNow = async () => {
      subject.tell({ type: 'state' });
      return await subject.hear(subjectState, patienceMs);
    };
    await send({ template, connections, firstNumber: firstIssueNumber, count: warmUp, perSecond });
    const before = await stateNow();
    const pass = await send({ template, connections, firstNumber: firstIssueNumber + warmUp, count: deliveries, perSecond });
    const after = await stateNow();
    if (faults[0] !== undefined) throw faults[0];
    if (after.completed !== warmUp + deliveries) throw new Error(`${after.completed} of ${warmUp + deliveries} deliveries are committed.`);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(pass.answerMs, share));
    const rate = deliveries / pass.seconds;
    return {
      value: perSecond === null ? rate : (p95 ?? Number.NaN),
      cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / deliveries,
      notes: { 'p50 ms': p50 ?? 0, 'p95 ms': p95 ?? 0, 'p99 ms': p99 ?? 0, 'a second': rate },
    };
  } finally {
    for (const connection of connections) connection.close();
    await subject.stop();
    await server.dropDatabase(url);
  }
}
