import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anything, type DepotHub, type DepotStage, depotStage } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

type Run = NonNullable<NonNullable<Parameters<DepotStage['hub']>[0]>['run']>;
type Idempotency = Parameters<DepotHub['call']>[0];

const read: Run = async ({ http }) => http.get(path`/items`, { response: anything });
const write: Run = async ({ http, key }) => http.post(path`/items`, { json: { key: key.value }, response: anything });
const withRetries = { retry: { baseMs: 1_000, maximumAttempts: 3, quickRetries: 2 } };

/** Lets the clock run on, a little at a time, until what is asked for has come. */
async function inTime<Result>(depot: DepotHub, asked: Promise<Result>): Promise<Result> {
  let isOver = false;
  const settled = asked.then(
    () => undefined,
    () => undefined,
  );
  void settled.then(() => {
    isOver = true;
  });
  while (!isOver) await depot.clock.advance(50);
  return asked;
}

const sent = (): number => stage.provider.requests.length;

async function act(run: Run, idempotency: Idempotency, faults: number, how: 'away' | 'lost') {
  const depot = await stage.hub({ run }, withRetries);
  const { look } = await depot.call(idempotency);
  if (how === 'away') stage.provider.failNext(faults, { kind: 'answer', status: 503 });
  else stage.provider.failNext(faults, { kind: 'reset', when: 'after_effect' });
  await inTime(depot, depot.test.hub.work({ deadline: 10_000 }));
  return look();
}

describe("an action's request", () => {
  it('that reads is sent again within its attempt, and the ledger sees one success', async () => {
    expect(await act(read, 'read', 2, 'away')).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'succeeded' }] });
    expect(sent()).toBe(3);
  });

  it.each<Idempotency>(['unsafe', 'reconcilable', 'keyed', 'idempotent'])(
    'that writes, of class %s, is sent once in an attempt, so that each has its outcome in the ledger',
    async (idempotency) => {
      expect(await act(write, idempotency, 1, 'away')).toMatchObject({ status: 'pending', attempts: [{ outcome: 'failed' }] });
      expect([sent(), stage.provider.effects().length]).toEqual([1, 0]);
    },
  );

  it.each<Idempotency>(['unsafe', 'reconcilable'])(
    'that writes, of class %s, is sent once where its answer was lost',
    async (idempotency) => {
      expect(await act(write, idempotency, 1, 'lost')).toMatchObject({ attempts: [{ outcome: 'unknown' }] });
      expect(sent()).toBe(1);
    },
  );
});

describe('a request of the host', () => {
  it('is sent again where it reads', async () => {
    const depot = await stage.hub({}, withRetries);
    stage.provider.failNext(1, { kind: 'answer', status: 502 });
    stage.provider.failNext(1, { kind: 'reset', when: 'after_reading' });
    expect((await inTime(depot, depot.get())).status).toBe(200);
    expect(sent()).toBe(3);
  });

  it('ends with the last answer where the service goes on failing', async () => {
    const depot = await stage.hub({}, withRetries);
    stage.provider.failNext(3, { kind: 'answer', status: 500, body: { error: 'broken' } });
    const answer = await inTime(depot, depot.get());
    expect([answer.status, JSON.parse(Buffer.from(answer.body).toString())]).toEqual([500, { error: 'broken' }]);
    expect(sent()).toBe(3);
  });

  it('is sent once where it writes, and where the host says so', async () => {
    const depot = await stage.hub({}, withRetries);
    stage.provider.failNext(2, { kind: 'answer', status: 503 });
    expect((await inTime(depot, depot.post())).status).toBe(503);
    const once = depot.acme.request('main', { method: 'GET', path: path`/items`, retry: false });
    expect((await inTime(depot, once)).status).toBe(503);
    expect(sent()).toBe(2);
  });

  it('is not sent again beyond its time', async () => {
    const depot = await stage.hub({}, withRetries);
    stage.provider.failNext(3, { kind: 'answer', status: 503 });
    expect((await inTime(depot, depot.get({ timeoutMs: 400 }))).status).toBe(503);
    expect(sent()).toBe(2);
  });

  it('is not sent to a service whose breaker has opened meanwhile', async () => {
    const depot = await stage.hub({}, withRetries);
    stage.answer(() => ({ status: 503 }));
    for (let turn = 0; turn < 5; turn += 1) await inTime(depot, depot.get()).catch(() => undefined);
    expect(sent()).toBe(10);
  });
});
