import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeskHub, type DeskProcess, type DeskStage, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;

beforeEach(() => {
  stage = deskStage();
  office = stage.process();
});
afterEach(() => stage.close());

const place = (each: DeskProcess, number = 'A-1', tenant = 'acme') => each.hub.tenant(tenant).events.publish('order.placed', { number });

/** Subscribes and answers what came. */
function listen(hub: DeskHub, pattern: string, name: string): string[] {
  const seen: string[] = [];
  hub.subscribe(pattern, { name }, (event) => seen.push(`${event.tenant} ${event.type}`));
  return seen;
}

describe('a subscriber', () => {
  it('receives the events of all tenants whose type matches its pattern', async () => {
    const seen = Object.fromEntries(
      ['*', 'order.*', 'order.placed', '*.placed', '*.*', 'order', 'order.placed.*', 'orders.*', '*.*.*'].map((pattern, index) => [
        pattern,
        listen(office.hub, pattern, `s-${index}`),
      ]),
    );
    await place(office);
    await place(office, 'B-1', 'other');
    await office.settled();
    const both = ['acme order.placed', 'other order.placed'];
    expect(seen).toEqual({
      '*': both,
      'order.*': both,
      'order.placed': both,
      '*.placed': both,
      '*.*': both,
      order: [],
      'order.placed.*': [],
      'orders.*': [],
      '*.*.*': [],
    });
  });

  it.each(['order.placd', 'orders.*', 'desk.ticket'])('of %s, which nothing here emits, is told of in the log', (pattern) => {
    office.hub.subscribe(pattern, { name: 'stray' }, () => undefined);
    office.hub.subscribe('desk.ticket.*', { name: 'known' }, () => undefined);
    expect(office.logged).toEqual(['a subscriber waits for events that nothing in this process emits']);
  });

  it.each([0, -1, 1.5, Number.NaN, 86_400_001])('may not take %s milliseconds', (timeoutMs) => {
    expect(() => office.hub.subscribe('*', { name: 'odd', timeoutMs }, () => undefined)).toThrow(/timeoutMs of the subscriber odd/);
  });

  it('that fails is retried with the same key, and disturbs no other', async () => {
    const keys: [string, number][] = [];
    office.hub.subscribe('*', { name: 'shaky' }, (_event, { key, attempt }) => {
      keys.push([key, attempt]);
      if (attempt < 3) throw new TypeError('not yet');
    });
    const steady = listen(office.hub, '*', 'steady');
    await place(office);
    await office.hub.work();
    expect(steady).toHaveLength(1);
    await office.settled();
    expect(keys.map(([, attempt]) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(keys.map(([key]) => key)).size).toBe(1);
    expect(steady).toHaveLength(1);
    expect(office.noticesOf('subscriber.called').map(({ subscriber, result }) => `${subscriber} ${result}`)).toEqual([
      'shaky failed',
      'steady succeeded',
      'shaky failed',
      'shaky succeeded',
    ]);
  });

  it('that always fails is dead after as many attempts as the hub makes', async () => {
    const branch = stage.process({ retry: { maximumAttempts: 3 } });
    let calls = 0;
    branch.hub.subscribe('*', { name: 'broken' }, () => {
      calls += 1;
      throw new TypeError('never');
    });
    await place(branch);
    await branch.settled();
    expect(calls).toBe(3);
    expect((await branch.hub.tenant('acme').dispatches.list()).items).toMatchObject([
      { handler: 'subscriber:broken', status: 'dead', attemptCount: 3, crashes: 0 },
    ]);
  });

  it('that outlasts a turn of the default length goes back to the queue, 20 seconds after it began', async () => {
    const signals: AbortSignal[] = [];
    office.hub.subscribe('*', { name: 'slow' }, (_event, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const { eventId } = await place(office);
    let over = false;
    const turn = office.hub.work().finally(() => {
      over = true;
    });
    await stage.clock.advance(18_499);
    expect([signals.map(({ aborted }) => aborted), over]).toEqual([[false], false]);
    // It is taken back a second and a half before the end, and code that does not notice is given one second.
    await stage.clock.advance(1);
    expect([signals.map(({ aborted }) => aborted), over]).toEqual([[true], false]);
    await stage.clock.advance(1_500);
    expect(over).toBe(true);
    await turn;
    expect((await office.hub.tenant('acme').dispatches.list({ eventId })).items[0]?.status).not.toBe('leased');
  });

  it('whose error says that it is final is not retried, and dies alone', async () => {
    let calls = 0;
    office.hub.subscribe('*', { name: 'final' }, () => {
      calls += 1;
      throw new PatchbayError({ code: 'invalid_input', message: 'The index refuses it. Mend it.' });
    });
    await place(office);
    await office.settled();
    expect(calls).toBe(1);
    expect((await office.hub.tenant('acme').dispatches.list({ status: 'dead' })).items).toMatchObject([
      { handler: 'subscriber:final', action: null, error: { code: 'invalid_input', message: 'The index refuses it. Mend it.' } },
    ]);
  });

  it('keeps what a foreign error says out of the history', async () => {
    office.hub.subscribe('*', { name: 'leaky' }, () => {
      throw Object.assign(new Error('token=hunter2'), { name: 'hunter2 is the password' });
    });
    await place(office);
    await office.hub.work();
    const { items } = await office.hub.tenant('acme').dispatches.list();
    expect(JSON.stringify([items, office.notices, office.logged])).not.toContain('hunter2');
    expect(items[0]?.attempts).toMatchObject([{ outcome: 'failed', error: { code: 'internal' } }]);
  });

  it('is planned for by processes that do not have its function, which leave its calls alone', async () => {
    const seen = listen(office.hub, 'order.*', 'index');
    await office.hub.ready();
    const branch = stage.process();
    await branch.hub.start();
    const { eventId } = await place(branch);
    await stage.clock.advance(120_000);
    expect(seen).toEqual([]);
    const [call] = (await branch.hub.tenant('acme').dispatches.list({ eventId })).items;
    expect(call).toMatchObject({ status: 'pending', attemptCount: 0, crashes: 0, attempts: [] });
    await office.settled();
    expect(seen).toEqual(['acme order.placed']);
  });

  it('that subscribes after the start receives what is committed from then on', async () => {
    await office.hub.start();
    await place(office);
    const seen = listen(office.hub, 'order.*', 'late');
    await stage.clock.settle();
    await place(stage.process(), 'A-2');
    await stage.clock.advance(2_000);
    expect(seen).toEqual(['acme order.placed']);
  });

  it('that subscribes after the start is stored although the store is away for a while, and nobody calls the hub', async () => {
    let isAway = false;
    const { configuration } = stage.storage;
    const write: typeof configuration.write = async (tenant, changes) => {
      if (isAway) throw new PatchbayError({ code: 'storage_unavailable', message: 'Away.', retryable: true });
      return configuration.write(tenant, changes);
    };
    const worker = stage.process({ storage: { ...stage.storage, configuration: { ...configuration, write } } });
    await worker.hub.start();
    isAway = true;
    const seen = listen(worker.hub, 'order.*', 'late');
    await stage.clock.advance(2_500);
    expect(worker.logged).toContain('a subscriber could not be stored; it is tried again');
    isAway = false;
    await stage.clock.advance(1_000);
    await place(office);
    await stage.clock.advance(2_000);
    expect(seen).toEqual(['acme order.placed']);
  });

  it('is called once for an event by two processes that both have it', async () => {
    const branch = stage.process();
    const seen = [listen(office.hub, '*', 'index'), listen(branch.hub, '*', 'index')];
    await Promise.all([office.hub.start(), branch.hub.start()]);
    for (let number = 0; number < 10; number += 1) await place(number % 2 === 0 ? office : branch, `A-${number}`);
    await stage.clock.advance(5_000);
    expect(seen.flat()).toHaveLength(10);
  });

  it('takes its new pattern from the process that subscribed last', async () => {
    listen(office.hub, 'order.placed', 'index');
    await office.hub.ready();
    const branch = stage.process();
    const seen = listen(branch.hub, 'order.cancelled', 'index');
    await branch.hub.ready();
    await place(office);
    await office.hub.tenant('acme').events.publish('order.cancelled', { number: 'A-1' });
    await branch.settled();
    expect(seen).toEqual(['acme order.cancelled']);
  });

  it('that is retired receives nothing more, in any process, and may come back', async () => {
    const seen = listen(office.hub, '*', 'index');
    await place(office);
    await office.settled();
    await office.hub.retireSubscriber('index');
    await office.hub.retireSubscriber('index');
    await place(stage.process());
    await office.settled();
    expect(seen).toHaveLength(1);
    const again = listen(office.hub, '*', 'index');
    await place(office);
    await office.settled();
    expect(again).toHaveLength(1);
  });

  it('that is retired before it was stored is never stored', async () => {
    listen(office.hub, '*', 'index');
    await office.hub.retireSubscriber('index');
    expect(await stage.storage.configuration.find('', 'subscriber', 'index')).toBeNull();
  });

  it.each([
    ['no name', '*', ''],
    ['a name with a colon', '*', 'a:b'],
    ['a name with a space', '*', 'a b'],
    ['a name that is too long', '*', 'x'.repeat(101)],
    ['no pattern', '', 'ok'],
    ['a pattern with an empty segment', 'order..placed', 'ok'],
    ['a pattern with ** in it', 'order.**', 'ok'],
    ['a pattern with part of a segment', 'order.pl*', 'ok'],
  ])('is refused with %s', (_what, pattern, name) => {
    expect(() => office.hub.subscribe(pattern, { name }, () => undefined)).toThrowError(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  });

  it('is refused where this process has one of its name, and where it has no function', () => {
    listen(office.hub, '*', 'index');
    expect(() => listen(office.hub, 'order.*', 'index')).toThrowError(expect.objectContaining({ code: 'conflict' }));
    expect(() => office.hub.subscribe('*', { name: 'none' }, undefined as never)).toThrowError(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  });

  it('may publish, and what it publishes is done in the same turn', async () => {
    office.hub.subscribe('order.placed', { name: 'first' }, async (event, { key }) => {
      await office.hub.tenant(event.tenant).events.publish('order.cancelled', { number: 'A-1' }, { causation: event.id, dedupeKey: key });
    });
    const seen = listen(office.hub, 'order.cancelled', 'second');
    const { eventId } = await place(office);
    await office.hub.work();
    expect(seen).toEqual(['acme order.cancelled']);
    const { items } = await office.hub.tenant('acme').events.list({ type: 'order.cancelled' });
    expect(items[0]?.event).toMatchObject({ causation: eventId, correlation: eventId });
  });
});

describe('an observer', () => {
  it('that throws or rejects changes nothing for the hub or the others', async () => {
    const seen: string[] = [];
    office.hub.on('event.published', () => {
      throw new Error('token=hunter2');
    });
    office.hub.on('event.published', async () => {
      throw new Error('token=hunter2');
    });
    office.hub.on('event.published', (notice) => seen.push(notice.type));
    await place(office);
    await stage.clock.settle();
    expect(seen).toEqual(['order.placed']);
    expect(office.logged).toEqual(['a listener threw', 'a listener threw']);
  });

  it('cannot change what the next one sees', async () => {
    const seen: number[] = [];
    office.hub.on('event.published', (notice) => Object.assign(notice, { runs: 99 }));
    office.hub.on('event.published', (notice) => seen.push(notice.runs));
    await place(office);
    expect(seen).toEqual([0]);
  });

  it('hears nothing more once it has ended', async () => {
    const seen: string[] = [];
    const end = office.hub.on('event.published', (notice) => seen.push(notice.type));
    await place(office);
    end();
    end();
    await place(office);
    expect(seen).toHaveLength(1);
  });
});
