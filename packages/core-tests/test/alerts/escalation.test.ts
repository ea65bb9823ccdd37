import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertProcess, type AlertStage, alertStage, deadRule, filing, hour, minute } from './alert-stage.ts';

let stage: AlertStage;
let process: AlertProcess;
beforeEach(async () => {
  stage = alertStage();
  process = stage.process();
  await filing(process);
});
afterEach(() => stage.close());

const levels = [{ channels: [{ host: 'pager' }] }, { afterMs: 15 * minute, channels: [{ host: 'chief' }] }];

/** Lets time pass, and has a process do what has become due. */
async function pass(ms: number, { settled }: AlertProcess): Promise<void> {
  await stage.clock.advance(ms);
  await settled(0);
}

describe('escalation', () => {
  it('goes on in the next process after the one that opened the alert has stopped', async () => {
    await process.acme.alerts.put('dead letters', deadRule({ levels }));
    await stage.refuse(process, 1);
    await process.settled(minute);
    await process.hub.stop();
    const next = stage.process();
    await pass(14 * minute, next);
    expect(stage.said()).toEqual(['pager opened dead letters']);
    await pass(2 * minute, next);
    expect(stage.said()).toEqual(['pager opened dead letters', 'chief escalated dead letters']);
    await next.settled(2 * hour);
    expect(stage.said().slice(2).toSorted()).toEqual(['chief resolved dead letters', 'pager resolved dead letters']);
  });

  it('is told once by three processes that look at the same time', async () => {
    await process.acme.alerts.put('dead letters', deadRule({ levels }));
    await stage.refuse(process, 1);
    await process.settled(minute);
    const others = [stage.process(), stage.process()];
    await stage.clock.advance(20 * minute);
    await Promise.all([process, ...others].map(({ settled }) => settled(0)));
    expect(stage.said()).toEqual(['pager opened dead letters', 'chief escalated dead letters']);
  });

  it('stops when somebody takes the alert on, who stands in the alert, the history and the audit', async () => {
    await process.acme.alerts.put('dead letters', deadRule({ levels, repeatEveryMs: 10 * minute }));
    await stage.refuse(process, 1);
    await process.settled(minute);
    const ada = process.hub.tenant('acme', { actor: { kind: 'user', id: 'ada' } });
    const [alert] = await ada.alerts.open();
    expect(await ada.alerts.acknowledge(alert?.id ?? '')).toMatchObject({ acknowledged: { by: 'user:ada' } });
    await pass(40 * minute, process);
    expect(stage.said()).toEqual(['pager opened dead letters']);
    expect((await ada.alerts.history({ act: 'acknowledged' })).items).toMatchObject([{ alert: alert?.id, details: { by: 'user:ada' } }]);
    const acts = (await ada.audit.list()).items.map(({ action, actor }) => `${action} ${actor.id}`);
    expect(acts).toContain('alert.acknowledge ada');
  });

  it('is followed by reminders of the level that was reached, each once, for as long as it takes', async () => {
    await process.acme.alerts.put('dead letters', deadRule({ levels, repeatEveryMs: 10 * minute, resolveAfterMs: null }));
    await stage.refuse(process, 1);
    await process.settled(minute);
    for (let minutes = 0; minutes < 36; minutes += 4) await pass(4 * minute, process);
    expect(stage.said()).toEqual([
      'pager opened dead letters',
      'pager reminded dead letters',
      'chief escalated dead letters',
      'chief reminded dead letters',
    ]);
  });

  it('ends when a person says that it is over, whoever slept meanwhile', async () => {
    await process.acme.alerts.put('dead letters', deadRule({ levels, resolveAfterMs: null }));
    await stage.refuse(process, 1);
    await process.settled(minute);
    const [alert] = await process.acme.alerts.open();
    await process.acme.alerts.resolve(alert?.id ?? '');
    await process.settled(0);
    expect(stage.said()).toEqual(['pager opened dead letters', 'pager resolved dead letters']);
    expect(stage.told[1]?.alert).toMatchObject({ status: 'resolved', resolved: { why: 'person' } });
    await pass(hour, process);
    expect(stage.said()).toHaveLength(2);
    await expect(process.acme.alerts.resolve(alert?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('ends without a word when its rule is disabled or deleted', async () => {
    for (const end of ['disable', 'delete'] as const) {
      await process.acme.alerts.put(end, deadRule({ levels }));
      await stage.refuse(process, 1);
      await process.settled(minute);
      await process.acme.alerts[end](end);
      await pass(16 * minute, process);
      expect([stage.said(), await process.acme.alerts.open()]).toEqual([[`pager opened ${end}`], []]);
      stage.forget();
    }
  });
});

describe('what comes and goes', () => {
  it('is one alert for its minimum time, and is over only when it has stayed away', async () => {
    const rule = { on: 'connection.status_changed', levels: [{ channels: [{ host: 'pager' }] }], minimumOpenMs: 10 * minute } as const;
    await process.acme.alerts.put('accounts', rule);
    const [connection] = await process.acme.connections.list();
    const flap = async (to: 'error' | 'active'): Promise<void> => {
      stage.desk.health.report = to === 'active' ? { healthy: true } : { healthy: false, message: 'The account is closed.' };
      await process.acme.connections.test(connection?.id ?? '');
      await process.settled(0);
    };
    for (let times = 0; times < 3; times += 1) {
      await flap('error');
      await stage.clock.advance(minute);
      await flap('active');
      await stage.clock.advance(minute);
    }
    expect(stage.said()).toEqual(['pager opened accounts']);
    await pass(minute, process);
    await flap('error');
    // What recovered before does not count any more: it has come again since.
    await pass(10 * minute, process);
    expect(stage.said()).toEqual(['pager opened accounts']);
    await flap('active');
    await process.settled(minute);
    expect(stage.said()).toEqual(['pager opened accounts', 'pager resolved accounts']);
    expect(stage.told[1]?.alert.resolved).toMatchObject({ why: 'recovered' });
  });

  it('within one look is told, and is over after its minimum time', async () => {
    await process.acme.alerts.put('accounts', {
      on: 'connection.status_changed',
      levels: [{ channels: [{ host: 'pager' }] }],
      resolveAfterMs: null,
    });
    const [connection] = await process.acme.connections.list();
    for (const report of [{ healthy: false, message: 'The account is closed.' }, { healthy: true }]) {
      stage.desk.health.report = report;
      await process.acme.connections.test(connection?.id ?? '');
    }
    await process.settled(hour);
    expect(stage.said()).toEqual(['pager opened accounts', 'pager resolved accounts']);
  });

  it('is told again when its rule is enabled again', async () => {
    await process.acme.alerts.put('dead letters', deadRule());
    await stage.refuse(process, 1);
    await process.settled(2 * hour);
    await process.acme.alerts.disable('dead letters');
    await stage.refuse(process, 1);
    await process.settled(minute);
    await process.acme.alerts.enable('dead letters');
    await stage.refuse(process, 1);
    await process.settled(minute);
    expect(stage.said()).toEqual(['pager opened dead letters', 'pager resolved dead letters', 'pager opened dead letters']);
  });
});
