import { PatchbayError, path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anything, type DepotHub, type DepotStage, depotStage, token } from './depot-stage.ts';

let stage: DepotStage;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeEach(async () => {
  stage = await depotStage();
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});
afterEach(async () => {
  process.off('unhandledRejection', onUnhandled);
  await stage.close();
});

type Options = NonNullable<Parameters<DepotStage['hub']>[0]>;
type Run = NonNullable<Options['run']>;

const fails = (): never => {
  throw new Error('looked at');
};
const traps = { get: fails, has: fails, getPrototypeOf: fails, ownKeys: fails, getOwnPropertyDescriptor: fails };
const brand = Symbol.for('patchbay.error');
const branded = (members: object): object => Object.defineProperty(members, brand, { value: true });

/** What a connector's code may throw or reject with, none of which a careful one would. */
const thrown: readonly (readonly [string, () => unknown])[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a number', () => 7],
  ['a symbol', () => Symbol('x')],
  ['a frozen proxy that throws at every look', () => Object.freeze(new Proxy(Object.freeze({}), traps))],
  ['an error whose name throws', () => Object.defineProperty(new Error('x'), 'name', { get: fails })],
  [
    'an error of the hub whose code throws',
    () =>
      branded({
        get code() {
          return fails();
        },
      }),
  ],
  ['an error of the hub with a code that is none', () => branded({ code: 'nonsense', message: 'x', details: {} })],
  [
    'an error of the hub whose details throw',
    () =>
      branded({
        code: 'network',
        message: 'x',
        get details() {
          return fails();
        },
      }),
  ],
  [
    'an error of the hub whose wait is no number',
    () => branded({ code: 'rate_limited', message: 'x', details: {}, retryable: true, retryAfterMs: 'soon' }),
  ],
  [
    'one that says that a breaker held it',
    () => new PatchbayError({ code: 'overloaded', message: 'x', retryable: true, sent: 'no', details: { heldBy: 'breaker' } }),
  ],
];

const ended: ReadonlySet<string> = new Set(['dead', 'pending']);

/** Another tenant's action, of the same connector. */
async function neighbourWorks(depot: DepotHub): Promise<void> {
  const globex = depot.test.tenant('globex');
  const { dispatchId } = await globex.actions.execute('depot.idempotent', { connection: 'main', input: { well: true } });
  await depot.test.settled({ withinMs: 500 });
  expect(await globex.dispatches.get(dispatchId)).toMatchObject({ status: 'succeeded' });
}

async function hubWith(run: Run, more: Omit<Options, 'run'> = {}): Promise<DepotHub> {
  const depot = await stage.hub({
    ...more,
    run: (context) => (Object(context.input)['well'] === true ? context.http.get(path`/items`, { response: anything }) : run(context)),
  });
  await depot.test.tenant('globex').connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
  return depot;
}

describe('an action that throws', () => {
  it.each(thrown)('%s fails alone, with an attempt and an error that can be shown', async (_what, make) => {
    const depot = await hubWith(() => {
      throw make();
    });
    const { look } = await depot.call('read');
    await depot.test.settled({ withinMs: 0 });
    const seen = await look();
    expect(ended.has(seen.status)).toBe(true);
    expect(seen.attempts).toMatchObject([{ outcome: 'failed', error: { code: expect.any(String), message: expect.any(String) } }]);
    await neighbourWorks(depot);
  });

  it.each(thrown)('%s before it has written is known not to have happened', async (_what, make) => {
    const depot = await hubWith(() => {
      throw make();
    });
    const { look } = await depot.call('unsafe');
    await depot.test.settled();
    expect((await look()).status).toBe('dead');
  });

  it.each(thrown)('%s after it has written is held or dead, and never written twice', async (_what, make) => {
    const depot = await hubWith(async ({ http }) => {
      await http.post(path`/items`, { json: {}, response: anything });
      throw make();
    });
    const { look } = await depot.call('unsafe');
    await depot.test.settled();
    expect((await look()).status).toMatch(/^(held|dead)$/);
    expect(stage.provider.effects().filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

/** Built by its name, because an object that can be awaited is seldom meant. */
const thenable = (then: PropertyDescriptor): never => Object.defineProperty({}, 'then', then) as never;

describe('an action that gives back', () => {
  it.each<[string, Run]>([
    ['a thenable that throws', () => thenable({ get: fails })],
    [
      'a thenable that settles twice',
      () =>
        thenable({
          value: (well: (value: unknown) => void, bad: (error: unknown) => void) => {
            well(1);
            bad(2);
          },
        }),
    ],
    ['an output that throws as JSON', async () => ({ toJSON: fails }) as never],
    [
      'an output that holds itself',
      async () => {
        const own: Record<string, unknown> = {};
        own['own'] = own;
        return own as never;
      },
    ],
    ['a proxy', async () => new Proxy({}, traps) as never],
  ])('%s harms nobody else', async (_what, run) => {
    const depot = await hubWith(run);
    const { look } = await depot.call('read');
    await depot.test.settled({ withinMs: 0 });
    expect((await look()).attempts).toHaveLength(1);
    await neighbourWorks(depot);
  });

  it('nothing, ever, is given up after its time, and others go on meanwhile', async () => {
    const depot = await hubWith(() => new Promise(() => undefined), { timeoutMs: 5_000 });
    const { look } = await depot.call('read');
    await depot.test.hub.start();
    const globex = depot.test.tenant('globex');
    const { dispatchId } = await globex.actions.execute('depot.idempotent', { connection: 'main', input: { well: true } });
    for (let turn = 0; turn < 10; turn += 1) await depot.clock.advance(200);
    expect(await globex.dispatches.get(dispatchId)).toMatchObject({ status: 'succeeded' });
    expect(await look()).toMatchObject({ attempts: [] });
    for (let turn = 0; turn < 30; turn += 1) await depot.clock.advance(200);
    expect((await look()).attempts).toMatchObject([{ outcome: 'failed', error: { code: 'timeout' } }]);
    for (let turn = 0; turn < 150; turn += 1) await depot.clock.advance(200);
  });

  it('a promise and leaves requests behind, ends no process: what they were is handled', async () => {
    const depot = await hubWith(async ({ http }) => {
      void http.get(path`/missing`, { response: anything });
      void http.post(path`/missing`, { json: {}, response: anything });
      return null;
    });
    stage.answer(() => ({ status: 404, json: {} }));
    const { look } = await depot.call('read');
    await depot.test.settled({ withinMs: 0 });
    expect(await look()).toMatchObject({ status: 'succeeded' });
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });
});

describe("a connector's reading of answers", () => {
  it.each<[string, () => unknown]>([
    ['throws', fails],
    ['gives a proxy that throws', () => new Proxy({}, traps)],
    [
      'gives a fault whose code throws',
      () => ({
        get code() {
          return fails();
        },
      }),
    ],
    ['gives a fault that is none', () => ({ code: 'nonsense', message: '', retryable: 'yes' })],
  ])('that %s is passed over, and the status stands', async (_what, mapError) => {
    const depot = await stage.hub({ changes: { mapError: mapError as never } });
    stage.answer(() => ({ status: 404, json: {} }));
    expect((await depot.get()).status).toBe(404);
  });

  it.each<[string, () => unknown]>([
    [
      'throws nothing',
      () => {
        throw undefined;
      },
    ],
    ['rejects with a proxy', () => Promise.reject(new Proxy({}, traps))],
    ['gives a proxy', async () => new Proxy({}, traps)],
    ['gives nothing', async () => undefined],
  ])('and its health check that %s says that it is not known, or not well', async (_what, healthCheck) => {
    const depot = await stage.hub({ changes: { healthCheck: healthCheck as never } });
    expect(await depot.acme.connections.test('main')).toMatchObject({ healthy: false, message: expect.any(String) });
    const globex = depot.test.tenant('globex');
    await globex.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });
    expect((await globex.request('main', { method: 'GET', path: path`/items` })).status).toBe(200);
  });
});

it('a flood of huge answers is cut off at the bound, one by one', async () => {
  const depot = await hubWith(({ http }) => http.get(path`/huge`, { response: anything }), {});
  stage.provider.failNext(3, { kind: 'huge_body', bytes: 11_000_000, match: /huge/ });
  const calls = await Promise.all([depot.call('read'), depot.call('read'), depot.call('read')]);
  await depot.test.settled({ withinMs: 0 });
  for (const { look } of calls) expect((await look()).attempts).toMatchObject([{ error: { code: 'response_too_large' } }]);
  await neighbourWorks(depot);
});
