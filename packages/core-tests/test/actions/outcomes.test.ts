import { type IdempotencyClass, isPatchbayError, type Json, PatchbayError, path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DepotRun } from '../gateway/depot-connector.ts';
import { anything, type DepotHub, type DepotStage, depotStage } from '../gateway/depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const classes: readonly IdempotencyClass[] = ['read', 'idempotent', 'keyed', 'reconcilable', 'unsafe'];
const post: DepotRun = ({ http }) => http.post(path`/items`, { json: {}, response: anything });

/** One turn of a call, and how it stands then. */
async function once(hub: DepotHub, idempotency: IdempotencyClass) {
  const call = await hub.call(idempotency);
  await hub.test.hub.work();
  const { status, reason, error, attempts, output } = await call.look();
  return { status, reason, error, outcomes: attempts.map(({ outcome }) => outcome), output, look: call.look };
}

describe('what an answer to a write comes to, by class', () => {
  const cases: readonly [string, () => void, Readonly<Record<IdempotencyClass, string>>][] = [
    ['a refusal', () => stage.answer(() => ({ status: 422, json: {} })), all('dead')],
    ['a redirect that was not followed', () => stage.answer(() => ({ status: 307, json: {} })), all('dead')],
    ['an answer that is somewhere else', () => stage.answer(() => ({ status: 303, json: {} })), unknown('dead')],
    ['a rate limit', () => stage.provider.failNext(1, { kind: 'rate_limit', retryAfter: 60 }), all('pending rate_limited')],
    ['a service that is away', () => stage.provider.failNext(1, { kind: 'answer', status: 503 }), all('pending retry')],
    ['a failure at the service', () => stage.provider.failNext(1, { kind: 'answer', status: 500 }), unknown('pending retry')],
    ['a connection that breaks', () => stage.provider.failNext(1, { kind: 'reset', when: 'after_effect' }), unknown('pending retry')],
    ['more than may be read', () => stage.provider.failNext(1, { kind: 'huge_body', bytes: 20_000_000 }), unknown('dead')],
    [
      'a success that cannot be read',
      () => stage.provider.failNext(1, { kind: 'malformed' }),
      { read: 'dead', idempotent: 'dead', keyed: 'dead', reconcilable: 'pending unknown', unsafe: 'dead' },
    ],
  ];

  it.each(cases)('%s', async (_what, prepare, expected) => {
    const hub = await stage.hub({ run: post });
    const found: Record<string, string> = {};
    for (const each of classes) {
      prepare();
      const { status, reason } = await once(hub, each);
      found[each] = status === 'pending' ? `pending ${reason}` : status;
      // A rate limit closes the lane for the next one.
      await hub.clock.advance(61_000);
      await hub.test.hub.work();
    }
    expect(found).toEqual(expected);
  });
});

function all(status: string): Record<IdempotencyClass, string> {
  return { read: status, idempotent: status, keyed: status, reconcilable: status, unsafe: status };
}

/** Each writing class goes its own way after an unknown outcome. */
function unknown(read: string): Record<IdempotencyClass, string> {
  return { read, idempotent: 'pending unknown', keyed: 'pending unknown', reconcilable: 'pending unknown', unsafe: 'held' };
}

describe('code of others', () => {
  it('that throws what it likes fails for good, without a word of it', async () => {
    for (const thrown of [
      new TypeError('private words'),
      'private words',
      undefined,
      null,
      { code: 'rate_limited', message: 'private words' },
    ]) {
      const hub = await stage.hub({
        run: async () => {
          throw thrown;
        },
      });
      const { status, error } = await once(hub, 'unsafe');
      expect([status, error?.code]).toEqual(['dead', 'internal']);
      expect(JSON.stringify(error)).not.toContain('private words');
    }
  });

  it('that throws after a successful write is not made to write again, and is looked up where it can be', async () => {
    const run: DepotRun = async (context) => {
      await post(context);
      throw new TypeError('x');
    };
    const found: Json = { found: true };
    const hub = await stage.hub({ run, reconcile: async () => ({ answer: 'found', output: found }) });
    for (const each of ['idempotent', 'keyed', 'unsafe'] as const) {
      const { status, error } = await once(hub, each);
      expect([status, error?.message]).toEqual(['dead', expect.stringContaining('answered with success, so it is not repeated')]);
    }
    const call = await hub.call('reconcilable');
    await hub.test.settled();
    expect(await call.look()).toMatchObject({ status: 'succeeded', output: found });
    expect(stage.provider.effects()).toHaveLength(4);
  });

  it('that gives what is no output fails, and not as if nothing had been written', async () => {
    const hub = await stage.hub({
      run: async (context) => {
        await post(context);
        return (() => 1) as unknown as Json;
      },
    });
    expect(await once(hub, 'unsafe')).toMatchObject({
      status: 'dead',
      error: { code: 'invalid_output', message: expect.stringContaining('so it is not repeated') },
    });
  });

  it('that never settles is given up a second after its time, with an attempt', async () => {
    const hub = await stage.hub({ run: () => new Promise(() => undefined), timeoutMs: 5_000 });
    const call = await hub.call('unsafe');
    const working = hub.test.hub.work();
    await hub.clock.advance(5_999);
    expect((await call.look()).status).toBe('leased');
    await hub.clock.advance(1);
    await working;
    expect(await call.look()).toMatchObject({
      status: 'pending',
      reason: 'retry',
      error: { code: 'timeout' },
      attempts: [{ outcome: 'failed' }],
    });
  });

  it('that takes too long to read uses attempts, and is not tried again for ever', async () => {
    stage.provider.failNext(9, { kind: 'hang' });
    const hub = await stage.hub({ run: ({ http }) => http.get(path`/items`, { response: anything }), timeoutMs: 5_000 });
    const call = await hub.call('read');
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const working = hub.test.hub.work();
      await stage.arrived(attempt);
      await hub.clock.advance(5_000);
      await working;
      await hub.clock.advance(60_000);
    }
    expect(await call.look()).toMatchObject({ status: 'dead', error: { code: 'timeout' }, attemptCount: 3 });
    expect(stage.provider.requests).toHaveLength(3);
  });

  it('that swallows the abort and goes on sends nothing more', async () => {
    stage.provider.failNext(1, { kind: 'hang' });
    const errors: unknown[] = [];
    const run: DepotRun = async ({ http, key }) => {
      const first = await http.post(path`/items`, { json: {}, response: anything }).catch((error: unknown) => error);
      const second = await http
        .post(path`/items`, { json: {}, response: anything, key: key.child('second') })
        .catch((error: unknown) => error);
      errors.push(first, second);
      return 'all is well';
    };
    const hub = await stage.hub({ run, timeoutMs: 5_000 });
    const call = await hub.call('unsafe');
    const working = hub.test.hub.work();
    await stage.arrived(1);
    await hub.clock.advance(5_000);
    await working;
    expect(errors).toMatchObject([
      { code: 'aborted', sent: 'maybe' },
      { code: 'aborted', sent: 'no' },
    ]);
    // It says that it did what it should: who wrote it knows better than we do.
    expect(await call.look()).toMatchObject({ status: 'succeeded', output: 'all is well' });
    expect(stage.provider.requests).toHaveLength(1);
  });

  it('that leaves something behind sends nothing when the call has ended', async () => {
    const left: Promise<unknown>[] = [];
    const gate = Promise.withResolvers<void>();
    const run: DepotRun = async ({ http }) => {
      left.push(gate.promise.then(() => http.post(path`/late`, { json: {}, response: anything })).catch((error: unknown) => error));
      return 'done';
    };
    const hub = await stage.hub({ run });
    expect(await once(hub, 'unsafe')).toMatchObject({ status: 'succeeded' });
    gate.resolve();
    expect(await left[0]).toMatchObject({ code: 'aborted', sent: 'no' });
    expect(stage.provider.requests).toEqual([]);
  });

  it('that fails while a write of its own is under way leaves the outcome unknown', async () => {
    stage.provider.failNext(1, { kind: 'hang', effect: true, match: /slow/ });
    stage.answer(({ path: target }) => (target.includes('refused') ? { status: 422, json: {} } : { json: {}, effect: true }));
    const run: DepotRun = async ({ http, key }) => {
      const slow = http.post(path`/slow`, { json: {}, response: anything });
      await stage.arrived(1);
      await Promise.all([slow, http.post(path`/refused`, { json: {}, response: anything, key: key.child('refused') })]);
      return null;
    };
    const hub = await stage.hub({ run });
    expect(await once(hub, 'unsafe')).toMatchObject({ status: 'held', outcomes: ['unknown'] });
    expect(stage.provider.effects()).toHaveLength(1);
  });

  it('cannot write twice with one key, one after the other or at a time', async () => {
    const errors: unknown[] = [];
    const run: DepotRun = async ({ http, key }) => {
      const write = (name?: string) =>
        http.put(path`/items`, { json: {}, response: anything, ...(name === undefined ? {} : { key: key.child(name) }) });
      const results = await Promise.allSettled([write(), write(), write('a'), write('a'), write('b')]);
      errors.push(
        ...results.map((result) => (result.status === 'rejected' && isPatchbayError(result.reason) ? result.reason.code : 'written')),
      );
      return null;
    };
    await once(await stage.hub({ run }), 'idempotent');
    expect(errors).toEqual(['written', 'invalid_argument', 'written', 'invalid_argument', 'written']);
    expect(stage.provider.requests).toHaveLength(3);
  });

  it('that says it was aborted, when nobody did, uses an attempt', async () => {
    const hub = await stage.hub({
      run: async () => {
        throw new PatchbayError({ code: 'aborted', message: 'Not really.', retryable: true });
      },
    });
    const call = await hub.call('read');
    await hub.test.settled();
    expect(await call.look()).toMatchObject({ status: 'dead', attemptCount: 3 });
  });

  const noText = 'The connector warned with something that is no text.';
  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'a long list of warnings',
      Array.from({ length: 100 }, (_, number) => `${number} ${'x'.repeat(1_000)}`),
      Array.from({ length: 20 }, (_, number) => `${number} ${'x'.repeat(1_000)}`.slice(0, 500)),
    ],
    [
      'strange warnings',
      [7, null, undefined, { a: 1 }, Object.create(null), Symbol('c')],
      ['7', 'null', 'undefined', noText, noText, 'Symbol(c)'],
    ],
  ])('that gives %s succeeds, and they are kept as short texts', async (_what, given, kept) => {
    const run: DepotRun = async ({ warn }) => {
      for (const warning of given) warn(warning as string);
      return null;
    };
    const { status, look } = await once(await stage.hub({ run }), 'read');
    expect(status).toBe('succeeded');
    expect((await look()).attempts).toMatchObject([{ outcome: 'succeeded', warnings: kept }]);
  });

  it('that names the header of the request id has that id in its attempt, cut to 200 characters, and none where none came', async () => {
    const hub = await stage.hub({ run: post, changes: { requestIdHeader: 'x-request-id' } });
    const ids: unknown[] = [];
    for (const id of ['r-17', 'r'.repeat(300), undefined]) {
      stage.answer(() => ({ json: {}, effect: true, headers: id === undefined ? {} : { 'x-request-id': id } }));
      const { attempts } = await (await once(hub, 'keyed')).look();
      ids.push(...attempts.map(({ providerRequestId }) => providerRequestId));
    }
    expect(ids).toEqual(['r-17', 'r'.repeat(200), null]);
  });
});

describe('a look at what became of it', () => {
  const after = async (finding: unknown) => {
    stage.provider.failNext(1, { kind: 'reset', when: 'after_effect' });
    const hub = await stage.hub({ run: post, reconcile: async () => finding as never });
    const call = await hub.call('reconcilable');
    await hub.test.settled();
    return call.look();
  };

  it('settles it where it is found', async () => {
    expect(await after({ answer: 'found', output: { id: 1 } })).toMatchObject({ status: 'succeeded', output: { id: 1 } });
    expect(stage.provider.effects()).toHaveLength(1);
  });

  it('tries again where it is absent', async () => {
    expect(await after({ answer: 'absent' })).toMatchObject({ status: 'succeeded', output: { ok: true } });
  });

  it.each([
    ['cannot tell', { answer: 'cannot_tell', reason: 'the list is too long' }],
    ['answers nothing', undefined],
    ['answers nonsense', { answer: 'maybe' }],
    ['answers no', false],
    ['answers an empty object', {}],
  ])('holds it for a person where the connector %s, and writes no second time', async (_what, finding) => {
    expect(await after(finding)).toMatchObject({ status: 'held' });
    expect(stage.provider.requests).toHaveLength(1);
  });
});

describe('an output', () => {
  const answering =
    (characters: number): DepotRun =>
    async ({ http }) => {
      await http.post(path`/items`, { json: {}, response: anything });
      return 'x'.repeat(characters);
    };

  it('of 1 MiB is kept', async () => {
    const { status, output } = await once(await stage.hub({ run: answering(1_048_574) }), 'unsafe');
    expect([status, JSON.stringify(output).length]).toEqual(['succeeded', 1_048_576]);
  });

  it('that is larger is not kept, and what has happened has succeeded, with a word of it', async () => {
    const { status, output, look } = await once(await stage.hub({ run: answering(1_048_575) }), 'unsafe');
    expect([status, output]).toEqual(['succeeded', null]);
    const { attempts } = await look();
    expect(attempts).toMatchObject([{ outcome: 'succeeded', warnings: [expect.stringContaining('larger than 1 MiB and was not kept')] }]);
    expect(stage.provider.requests).toHaveLength(1);
  });
});
