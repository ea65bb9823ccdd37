import { createHub, localKeys, PatchbayError } from '@patchbay/core';
import { defineFunction, type UserNotification } from '@patchbay/core/host';
import { createTestHub } from '@patchbay/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

interface Call {
  readonly name: string;
  readonly tenant: string;
  readonly input: unknown;
  readonly key: string;
  readonly attempt: number;
}

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const amount = z.strictObject({ amount: z.number() });
const receipt = z.object({ receipt: z.string() });

/** A hub whose functions do what the test says. */
function stage({ fail = () => undefined }: { readonly fail?: (call: Call) => unknown } = {}) {
  const calls: Call[] = [];
  const told: UserNotification[] = [];
  const logged: string[] = [];
  const log = (message: string, fields: unknown): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const answer = (name: string) => (given: { tenant: string; input: { amount: number }; key: { value: string }; attempt: number }) => {
    const call = { name, tenant: given.tenant, input: given.input, key: given.key.value, attempt: given.attempt };
    calls.push(call);
    const fault = fail(call);
    if (fault !== undefined) throw fault;
    return { receipt: `R-${given.input.amount}` };
  };
  const test = createTestHub({
    connectors: [],
    logger: { debug() {}, info() {}, warn: log, error: log },
    functions: {
      charge: defineFunction({ idempotency: 'keyed', input: amount, output: receipt, run: answer('charge') }),
      wire: defineFunction({ idempotency: 'unsafe', input: amount, output: receipt, run: answer('wire') }),
      quote: defineFunction({ idempotency: 'read', input: amount, output: receipt, run: answer('quote') }),
      post: defineFunction({
        idempotency: 'reconcilable',
        settlesWithin: 0,
        input: amount,
        output: receipt,
        run: answer('post'),
        reconcile: async ({ key, since }) =>
          since > 0 && calls.some((call) => call.key === key.value)
            ? { answer: 'found', output: { receipt: 'found' } }
            : { answer: 'absent' },
      }),
      odd: defineFunction({ idempotency: 'keyed', input: z.strictObject({}), output: receipt, run: () => ({ receipt: 7 }) as never }),
    },
    notifyUser: (notification) => {
      told.push(notification);
      if (notification.user === 'nobody') throw new PatchbayError({ code: 'not_found', message: 'There is no such person.' });
    },
  });
  opened.push(test);
  return { ...test, acme: test.tenant('acme'), calls, told, logged };
}

const manual = { trigger: { manual: true } } as const;

describe('a function of the host', () => {
  it('is a step whose output later steps read', async () => {
    const { acme, calls, settled, noticesOf } = stage();
    await acme.automations.put('pay', {
      ...manual,
      steps: [
        { id: 'quote', action: 'host.quote', input: { amount: '{{ event.data.amount }}' } },
        { id: 'charge', action: 'host.charge', input: { amount: '{{ size(steps.quote.output.receipt) }}' } },
      ],
    });
    const { runId } = await acme.automations.run('pay', { amount: 125 });
    await settled();
    const run = await acme.runs.get(runId ?? '');
    expect(run).toMatchObject({ status: 'succeeded', outputs: { quote: { receipt: 'R-125' }, charge: { receipt: 'R-5' } } });
    expect(run.steps.map(({ action, handler, connection }) => [action, handler, connection])).toEqual([
      ['host.quote', 'built-in:host.quote', null],
      ['host.charge', 'built-in:host.charge', null],
    ]);
    expect(calls.map(({ name, tenant, attempt }) => [name, tenant, attempt])).toEqual([
      ['quote', 'acme', 1],
      ['charge', 'acme', 1],
    ]);
    expect(noticesOf('action.executed')).toMatchObject([
      { actionId: 'host.quote', connectionId: null, result: 'succeeded' },
      { actionId: 'host.charge', connectionId: null, result: 'succeeded' },
    ]);
  });

  it('is called again with the same key after it has thrown, and with another for a replay', async () => {
    const { acme, calls, settled } = stage({ fail: ({ attempt }) => (attempt < 3 ? new Error('secret detail') : undefined) });
    await acme.automations.put('pay', { ...manual, steps: [{ id: 'charge', action: 'host.charge', input: { amount: 1 } }] });
    const { runId } = await acme.automations.run('pay');
    await settled();
    expect(await acme.runs.get(runId ?? '')).toMatchObject({ status: 'succeeded', steps: [{ attemptCount: 3 }] });
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    await acme.runs.replay(runId ?? '');
    await settled();
    expect(new Set(calls.map(({ key }) => key)).size).toBe(2);
  });

  it('that throws an error of its own is dead where it says so, and tells nothing of what else was thrown', async () => {
    const { acme, settled, logged, noticesOf } = stage({
      fail: ({ name }) =>
        name === 'charge' ? new PatchbayError({ code: 'provider_rejected', message: 'The card was refused.' }) : new Error('canary-41'),
    });
    await acme.automations.put('pay', {
      ...manual,
      steps: [{ id: 'charge', action: 'host.charge', input: { amount: 1 } }],
      escalation: { action: 'host.quote', input: { amount: '{{ size(failure.message) }}' } },
    });
    const { runId } = await acme.automations.run('pay');
    await settled();
    const run = await acme.runs.get(runId ?? '');
    expect(run).toMatchObject({ status: 'failed', error: { code: 'provider_rejected' } });
    expect(run.steps).toMatchObject([
      { path: 'charge', status: 'dead', attemptCount: 1 },
      { path: 'escalation.1', action: 'host.quote', status: 'dead', attemptCount: 10 },
    ]);
    expect(noticesOf('dispatch.dead')).toHaveLength(2);
    expect(JSON.stringify([run, logged])).not.toContain('canary');
    expect(logged.join('\n')).toContain('a built-in action threw');
  });

  it('of class unsafe that threw is held for a person, or tried again where the automation says so', async () => {
    const { acme, calls, settled } = stage({ fail: ({ attempt }) => (attempt === 1 ? new Error('half done') : undefined) });
    await acme.automations.put('hold', { ...manual, steps: [{ id: 'wire', action: 'host.wire', input: { amount: 1 } }] });
    const held = await acme.automations.run('hold');
    await settled();
    const [step] = (await acme.runs.get(held.runId ?? '')).steps;
    expect(step).toMatchObject({ status: 'held' });
    await expect(acme.dispatches.resolve(step?.id ?? '', { as: 'succeeded', output: { wrong: 1 } })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('host.wire'),
    });
    await acme.dispatches.resolve(step?.id ?? '', { as: 'succeeded', output: { receipt: 'by hand' } });
    await settled();
    expect(await acme.runs.get(held.runId ?? '')).toMatchObject({ status: 'succeeded', outputs: { wire: { receipt: 'by hand' } } });
    expect(calls).toHaveLength(1);
    const again = { id: 'wire', action: 'host.wire', input: { amount: 2 }, onUnknown: 'retry' } as const;
    await acme.automations.put('again', { ...manual, steps: [again] });
    const retried = await acme.automations.run('again');
    await settled();
    expect(await acme.runs.get(retried.runId ?? '')).toMatchObject({ status: 'succeeded', steps: [{ attemptCount: 2 }] });
  });

  it.each([
    ['no', 'dead'],
    ['maybe', 'held'],
  ] as const)('of class unsafe that says that it has happened: %s is %s', async (sent, status) => {
    const { acme, settled } = stage({ fail: () => new PatchbayError({ code: 'provider_error', message: 'No.', sent }) });
    const call = await acme.actions.execute('host.wire', { input: { amount: 1 } });
    await settled();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status });
  });

  it('whose effect can be looked up is not repeated where it is found', async () => {
    const { acme, calls, settled } = stage({
      fail: () => new PatchbayError({ code: 'timeout', message: 'Lost.', sent: 'maybe', retryable: true }),
    });
    const call = await acme.actions.execute('host.post', { input: { amount: 1 } });
    await settled();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status: 'succeeded', output: { receipt: 'found' } });
    expect(calls).toHaveLength(1);
  });

  it('that answers what its schema does not take has failed, and is not called again', async () => {
    const { acme, settled } = stage();
    const call = await acme.actions.execute('host.odd', { input: {} });
    await settled();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({
      status: 'dead',
      attemptCount: 1,
      error: { code: 'invalid_output', message: expect.stringContaining('host.odd') },
    });
  });

  it('called directly with the same key is called once', async () => {
    const { acme, calls, settled } = stage();
    const first = await acme.actions.execute('host.charge', { input: { amount: 1 }, idempotencyKey: 'once' });
    const second = await acme.actions.execute('host.charge', { input: { amount: 1 }, idempotencyKey: 'once' });
    expect(second.dispatchId).toBe(first.dispatchId);
    await settled();
    expect(await second.outcome({ waitMs: 0 })).toMatchObject({ status: 'succeeded', output: { receipt: 'R-1' } });
    expect(calls).toHaveLength(1);
    await expect(acme.actions.execute('host.charge', { input: { amount: 2 }, idempotencyKey: 'once' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('what cannot be', () => {
  const put = (acme: ReturnType<typeof stage>['acme'], step: object) => {
    const json = { trigger: { manual: true }, steps: [{ id: 'a', ...step }] };
    return Promise.resolve().then(() => acme.automations.put('x', acme.automations.parse(json)));
  };

  it.each([
    [
      { action: 'host.refund', input: {} },
      /steps\.a\.action: There is no action host\.refund\. Of host there are: host\.charge, .*createHub\(\{ functions \}\)/,
    ],
    [
      { action: 'email.send', input: { to: 'a@example.com', subject: 'x', text: 'y' } },
      /email\.send is not configured.*createHub\(\{ email/,
    ],
    [{ action: 'script.run', input: { source: 'return 1' } }, /script\.run is not configured.*@patchbay\/script-quickjs/],
    [{ action: 'email.forward', input: {} }, /There is no action email\.forward/],
    [{ action: 'record.create', input: {} }, /There is no action record\.create/],
    [{ action: 'host.charge', connection: 'main', input: { amount: 1 } }, /steps\.a\.connection: host\.charge goes through no connection/],
    [{ action: 'desk.file', input: {} }, /steps\.a\.connection: is missing/],
    [{ action: 'host.charge', input: { amount: 'much' } }, /steps\.a\.input: amount/],
    [{ action: 'host.charge', input: { amount: '{{ event.data.n }}', tip: 1 } }, /steps\.a\.input: .*tip/],
    [
      { action: 'notify.user', input: { user: 'ada', message: { text: 'x', link: 'javascript:alert(1)' } } },
      /steps\.a\.input: message\.link/,
    ],
  ])('in an automation is refused when it is put: %j', async (step, message) => {
    const { acme } = stage();
    await expect(put(acme, step)).rejects.toMatchObject({ code: 'automation_invalid', message: expect.stringMatching(message) });
  });

  it('in a direct call is refused before anything is queued', async () => {
    const { acme, dispatches } = stage();
    const execute = acme.actions.execute as (name: string, request: object) => Promise<unknown>;
    await expect(execute('email.send', { input: {} })).rejects.toMatchObject({
      code: 'unknown_action',
      message: expect.stringContaining('email'),
    });
    await expect(execute('host.charge', { input: {} })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(execute('host.charge', { connection: 'main', input: { amount: 1 } })).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await dispatches()).toEqual([]);
  });

  it.each([
    [{ Charge: {} }, 'lower_snake_case'],
    [{ charge: {} }, 'no run'],
    [{ charge: { run: (): null => null, idempotency: 'keyed' } }, 'Standard Schemas'],
    [{ charge: { run: (): null => null, input: amount, output: receipt } }, 'idempotency'],
    [{ charge: { run: (): null => null, input: amount, output: receipt, idempotency: 'keyed', timeoutMs: 0 } }, 'timeoutMs'],
    [{ charge: { run: (): null => null, input: amount, output: receipt, idempotency: 'keyed', keyLifetime: -1 } }, 'milliseconds'],
    [{ charge: { run: (): null => null, input: amount, output: receipt, idempotency: 'reconcilable' } }, 'reconcile'],
  ])('as a function is refused when the hub is made: %#', (functions, message) => {
    const make = () => createTestHub({ connectors: [], functions: functions as never });
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }));
  });

  it('is a run in a process without the function: it fails with the reason, and the definition stands', async () => {
    const { acme, storage, clock } = stage();
    await acme.automations.put('pay', { ...manual, steps: [{ id: 'charge', action: 'host.charge', input: { amount: 1 } }] });
    const keys = localKeys({ active: 'k', keys: { k: Buffer.alloc(32, 7).fill(3, 16).toString('base64') } });
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const other = createHub({ connectors: [], logger, storage, clock, keys, publicUrl: 'https://host.example.com/hub' });
    const { runId } = await other.tenant('acme').automations.run('pay');
    expect(await acme.runs.get(runId ?? '')).toMatchObject({
      status: 'failed',
      error: { code: 'unknown_action', message: expect.stringMatching(/host\.charge.*in every process/) },
    });
    expect(await acme.automations.get('pay')).toMatchObject({
      version: 1,
      definition: { steps: [{ id: 'charge', action: 'host.charge' }] },
    });
    await other.stop();
  });
});

describe('a host user', () => {
  it('is told through the host, with a key and a place for preferences', async () => {
    const { acme, told, settled } = stage();
    await acme.automations.put('tell', {
      ...manual,
      steps: [
        {
          id: 'tell',
          action: 'notify.user',
          input: { user: '{{ event.data.who }}', message: { title: 'Paid', text: 'R-17', link: '/bills/17' }, topic: 'bills' },
        },
      ],
    });
    await acme.automations.run('tell', { who: 'ada' });
    await settled();
    expect(told).toMatchObject([
      { tenant: 'acme', user: 'ada', message: { title: 'Paid', text: 'R-17', link: '/bills/17' }, topic: 'bills', attempt: 1 },
    ]);
    expect(told[0]?.key).toMatch(/^[\w-]{32}$/);
  });

  it('that is not there ends the notification, and who sees it is another escalation', async () => {
    const { acme, told, settled } = stage();
    await acme.automations.put('tell', {
      ...manual,
      steps: [{ id: 'tell', action: 'notify.user', input: { user: 'nobody', message: { text: 'x' } } }],
      escalation: { action: 'notify.user', input: { user: 'desk', message: { text: '{{ failure.message }}' } } },
    });
    await acme.automations.run('tell');
    await settled();
    expect(told.map(({ user, message }) => [user, message.text])).toEqual([
      ['nobody', 'x'],
      ['desk', 'There is no such person.'],
    ]);
  });
});

describe('policies and control steps', () => {
  it('hold for built-in actions as for any other', async () => {
    const { acme, calls, settled } = stage({ fail: ({ name }) => (name === 'charge' ? new Error('away') : undefined) });
    await acme.automations.put('pay', {
      ...manual,
      steps: [
        {
          id: 'all',
          action: 'flow.each',
          list: '{{ event.data.amounts }}',
          steps: [{ id: 'quote', action: 'host.quote', input: { amount: '{{ item }}' } }],
        },
        {
          id: 'charge',
          action: 'host.charge',
          input: { amount: 1 },
          retry: { attempts: 2 },
          onError: { steps: [{ id: 'tell', action: 'notify.user', input: { user: 'desk', message: { text: 'no charge' } } }], afterwards: 'continue' },
        },
      ],
    });
    const { runId } = await acme.automations.run('pay', { amounts: [3, 4] });
    await settled();
    const run = await acme.runs.get(runId ?? '');
    expect(run.status).toBe('succeeded');
    expect(run.steps.map(({ path, action, status, attemptCount }) => [path, action, status, attemptCount]).sort()).toEqual([
      ['all[0]/quote', 'host.quote', 'succeeded', 1],
      ['all[1]/quote', 'host.quote', 'succeeded', 1],
      ['charge', 'host.charge', 'dead', 2],
      ['charge:error/tell', 'notify.user', 'succeeded', 1],
    ]);
    expect(calls.filter(({ name }) => name === 'charge')).toHaveLength(2);
  });

  it('end a call of a function after the time that its step gives it', async () => {
    let aborted: unknown;
    const slow = createTestHub({
      connectors: [],
      functions: {
        slow: defineFunction({
          idempotency: 'unsafe',
          input: z.strictObject({}),
          output: z.null(),
          run: ({ signal }) =>
            new Promise((_, reject) => {
              signal.addEventListener('abort', () => {
                aborted = signal.reason;
                reject(signal.reason);
              });
            }),
        }),
      },
    });
    opened.push(slow);
    const other = slow.tenant('acme');
    await other.automations.put('wait', { ...manual, steps: [{ id: 'slow', action: 'host.slow', input: {}, timeout: '2s' }] });
    const { runId } = await other.automations.run('wait');
    const working = slow.hub.work({ deadline: 60_000 });
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    await slow.clock.advance(2_500);
    await working;
    expect(aborted).toMatchObject({ code: 'timeout', message: expect.stringContaining('2000 ms') });
    expect((await other.runs.get(runId ?? '')).steps).toMatchObject([{ status: 'held', attempts: [{ outcome: 'unknown' }] }]);
  });
});
