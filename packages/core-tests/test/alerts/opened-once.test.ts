import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertStage, alertStage, deadRule, filing, hour, minute } from './alert-stage.ts';

let stage: AlertStage;
beforeEach(() => {
  stage = alertStage();
});
afterEach(() => stage.close());

describe('an alert', () => {
  it('opens once and is told once, however many processes see the same trouble at the same time', async () => {
    const processes = ['a', 'b', 'c'].map(() => stage.process({ worker: { concurrency: 2 } }));
    const [first] = processes;
    if (!first) throw new Error('There is no process.');
    await filing(first);
    await first.acme.alerts.put('dead letters', deadRule());
    await stage.refuse(first, 6);
    await Promise.all(processes.map(({ hub }) => hub.work()));
    for (const { settled } of processes) await settled(minute);
    expect(processes.map(({ noticesOf }) => noticesOf('dispatch.dead').length > 0)).toEqual([true, true, true]);
    expect(stage.said()).toEqual(['pager opened dead letters']);
    const open = await first.acme.alerts.open();
    expect(open).toMatchObject([{ rule: 'dead letters', status: 'open', occurrences: 6, code: 'provider_rejected', levels: 1 }]);
    const dispatches = (await first.acme.dispatches.list({ limit: 100 })).items.map(({ operation }) => operation);
    expect(dispatches.filter((operation) => operation === 'keep' || operation === 'pager').toSorted()).toEqual(['keep', 'pager']);
    const { items } = await first.acme.alerts.history();
    expect(items.map(({ act, alert }) => [act, alert])).toEqual([['opened', open[0]?.id]]);
  });

  it('counts over all processes, and only what lies within the window', async () => {
    const [first, second] = [stage.process(), stage.process()];
    await filing(first);
    await first.acme.alerts.put('storm', deadRule({ threshold: { count: 3, windowMs: 10 * minute } }));
    for (const each of [first, second]) {
      await stage.refuse(each, 1);
      await each.settled(minute);
    }
    await stage.clock.advance(hour);
    await stage.refuse(first, 1);
    await first.settled(minute);
    expect(stage.said()).toEqual([]);
    for (const each of [second, second]) {
      await stage.refuse(each, 1);
      await each.settled(minute);
    }
    expect(stage.said()).toEqual(['pager opened storm']);
    expect(stage.told[0]?.alert).toMatchObject({
      occurrences: 3,
      severity: 'critical',
      subject: { kind: 'connection' },
      connector: 'desk',
    });
  });

  it('is one for each thing in trouble, or one of all where the rule says so', async () => {
    const process = stage.process();
    const { acme, settled, hub } = process;
    hub.subscribe('order.*', { name: 'index' }, () => {
      throw new TypeError('a bug');
    });
    await filing(process);
    await acme.alerts.put('each', deadRule());
    await acme.alerts.put('all', deadRule({ per: 'rule', levels: [{ channels: [{ host: 'chief' }] }] }));
    await stage.refuse(process, 1);
    await settled(48 * hour);
    const opened = stage.told.filter(({ kind }) => kind === 'opened');
    expect(opened.map(({ alert }) => `${alert.rule} ${alert.subject.kind}`).sort()).toEqual([
      'all rule',
      'each connection',
      'each subscriber',
    ]);
  });

  it('carries ids, names and codes, and nothing of what was sent', async () => {
    const process = stage.process();
    await filing(process);
    await process.acme.alerts.put('dead letters', deadRule());
    await stage.refuse(process, 1);
    await process.settled(minute);
    const { items } = await process.acme.alerts.history();
    const text = JSON.stringify([stage.told, items, await process.acme.alerts.open(), await process.acme.events.list()]);
    expect(text).toContain('provider_rejected');
    for (const secret of ['hunter2', 'Order A-', 'desk-token']) expect(text).not.toContain(secret);
  });

  it('is over when nothing more comes, is told so, and another opens afterwards', async () => {
    const process = stage.process();
    await filing(process);
    await process.acme.alerts.put('dead letters', deadRule({ resolveAfterMs: 30 * minute }));
    await stage.refuse(process, 1);
    await process.settled(minute);
    await stage.clock.advance(28 * minute);
    await process.settled(0);
    expect(await process.acme.alerts.open()).toHaveLength(1);
    await process.settled(5 * minute);
    expect(stage.said()).toEqual(['pager opened dead letters', 'pager resolved dead letters']);
    expect(stage.told[1]?.alert.resolved).toMatchObject({ why: 'quiet' });
    expect(await process.acme.alerts.open()).toEqual([]);
    await stage.refuse(process, 1);
    await process.settled(minute);
    expect(stage.said().slice(2)).toEqual(['pager opened dead letters']);
    expect(new Set(stage.told.map(({ alert }) => alert.id)).size).toBe(2);
  });

  it('keeps nothing of what goes well', async () => {
    const process = stage.process();
    await filing(process);
    await process.acme.alerts.put('dead letters', deadRule());
    await process.acme.events.publish('order.placed', { number: 'A-1' });
    await process.settled(hour);
    const states = await stage.storage.states.list('acme', 'alert', { cursor: null, limit: 10 });
    expect(process.noticesOf('action.executed')).toHaveLength(1);
    expect(states.entries).toEqual([]);
  });
});

describe('what is known of alerts that are over', () => {
  const names = async () =>
    (await stage.storage.states.list('acme', 'alert', { cursor: null, limit: 100 })).entries.map(({ name }) => name);
  const upkeep = async ({ hub }: { readonly hub: { work(): Promise<unknown> } }) => {
    await stage.clock.advance(hour);
    await hub.work();
  };

  it('goes with their history, and the next one opens all the same', async () => {
    const process = stage.process();
    const { acme, settled } = process;
    await filing(process);
    await acme.alerts.put('dead letters', deadRule());
    await acme.alerts.suppress({ until: stage.clock.now() + minute, match: { rule: 'another' }, reason: 'Moves.' });
    await stage.refuse(process, 1);
    await settled(minute);
    const [alert] = await acme.alerts.open();
    await acme.alerts.resolve(alert?.id ?? '');
    await settled(10 * minute);
    expect(await acme.alerts.open()).toEqual([]);
    await stage.clock.advance(89 * 24 * hour);
    await upkeep(process);
    expect(await names()).toEqual([expect.stringMatching(/^alert:/)]);
    await stage.clock.advance(2 * 24 * hour);
    await upkeep(process);
    expect(await names()).toEqual([]);
    stage.forget();
    await stage.refuse(process, 1);
    await settled(minute);
    expect(stage.said()).toEqual(['pager opened dead letters']);
  });

  it('stays as long as the alert is open', async () => {
    const process = stage.process();
    const { acme, settled } = process;
    await filing(process);
    await acme.alerts.put('dead letters', deadRule({ resolveAfterMs: null }));
    await stage.refuse(process, 1);
    await settled(minute);
    await stage.clock.advance(100 * 24 * hour);
    await upkeep(process);
    // Nothing has ended it.
    expect((await names()).filter((name) => name.startsWith('alert:'))).toHaveLength(1);
    expect(await acme.alerts.open()).toHaveLength(1);
  });
});
