import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anything, type DepotHub, type DepotStage, depotStage, token } from './depot-stage.ts';

let stage: DepotStage;
let answers: number;

beforeEach(async () => {
  stage = await depotStage();
  answers = 0;
  stage.answer(() => {
    answers += 1;
    return { json: { answer: answers } };
  });
});
afterEach(() => stage.close());

const minute = 60_000;
const options = {
  degraded: { maximumAgeMs: 10 * minute },
  run: async ({ http }: Parameters<NonNullable<NonNullable<Parameters<DepotStage['hub']>[0]>['run']>>[0]) =>
    http.get(path`/items`, { response: anything }),
};
const down = (): void => stage.answer(() => ({ status: 503, json: {} }));

async function read(depot: DepotHub, tenant = 'acme', input: { readonly [name: string]: string } = { id: 'one' }, connection = 'main') {
  const { dispatchId } = await depot.test.tenant(tenant).actions.execute('depot.read', { connection, input });
  await depot.test.settled({ withinMs: 500 });
  const { status, output, attempts } = await depot.test.tenant(tenant).dispatches.get(dispatchId);
  return { status, output, warnings: attempts.at(-1)?.warnings ?? [] };
}

describe('an action that allows its last good answer', () => {
  it('gives it while the service is down, and says so with its time', async () => {
    const depot = await stage.hub(options);
    const at = new Date(depot.clock.now()).toISOString().slice(0, 19);
    expect(await read(depot)).toEqual({ status: 'succeeded', output: { answer: 1 }, warnings: [] });
    down();
    const second = await read(depot);
    expect(second).toMatchObject({ status: 'succeeded', output: { answer: 1 } });
    expect(second.warnings).toEqual([expect.stringMatching(new RegExp(`^degraded: .*${at}`))]);
    stage.provider.failNext(1, { kind: 'reset', when: 'after_reading' });
    expect(await read(depot)).toMatchObject({ status: 'succeeded', output: { answer: 1 } });
    // Also while the breaker is open, and nothing is asked.
    for (let turn = 0; turn < 10; turn += 1) await depot.get().catch(() => undefined);
    expect(await depot.acme.connections.breakerStatus('main')).toMatchObject([{ state: 'open' }]);
  });

  it('gives none that is older than it allows', async () => {
    const depot = await stage.hub(options);
    await read(depot);
    down();
    await depot.clock.advance(10 * minute - 5_000);
    expect(await read(depot)).toMatchObject({ status: 'succeeded' });
    await depot.clock.advance(5_001);
    expect(await read(depot)).toMatchObject({ status: 'pending' });
  });

  it('gives no answer to another input, connection, credential or tenant', async () => {
    const depot = await stage.hub(options);
    await read(depot);
    const credential = { type: 'bearer', token: `${token}-2` } as const;
    await depot.acme.connections.put('other', { connector: 'depot', credential });
    const globex = depot.test.tenant('globex');
    await globex.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
    down();
    expect(await read(depot, 'acme', { id: 'two' })).toMatchObject({ status: 'pending' });
    expect(await read(depot, 'acme', { id: 'one' }, 'other')).toMatchObject({ status: 'pending' });
    expect(await read(depot, 'globex')).toMatchObject({ status: 'pending' });
    await depot.acme.connections.put('main', { connector: 'depot', credential });
    expect(await read(depot)).toMatchObject({ status: 'pending' });
  });

  it('gives none where the service refuses', async () => {
    const depot = await stage.hub(options);
    await read(depot);
    for (const status of [400, 403, 404]) {
      stage.answer(() => ({ status, json: {} }));
      expect((await read(depot)).status).toBe('dead');
    }
  });
});

it('no action gives one that does not say so', async () => {
  const depot = await stage.hub({ run: options.run });
  await read(depot);
  down();
  expect(await read(depot)).toMatchObject({ status: 'pending' });
});
