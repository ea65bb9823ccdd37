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

describe('a suppression', () => {
  it('keeps back what fits it, and what is still open at its end is told then', async () => {
    await process.acme.alerts.put('dead letters', deadRule());
    const until = stage.clock.now() + 30 * minute;
    await process.acme.alerts.suppress({ until, match: { connection: 'desk/main' }, reason: 'The desk moves.' });
    await stage.refuse(process, 1);
    await process.settled(minute);
    expect(stage.said()).toEqual([]);
    const [alert] = await process.acme.alerts.open();
    expect(alert?.heldBack).toMatch(/^suppressed:/);
    await process.settled(40 * minute);
    expect(stage.said()[0]).toBe('pager opened dead letters');
    expect((await process.acme.alerts.history({ alert: alert?.id ?? '' })).items.map(({ act }) => act)).toEqual(
      expect.arrayContaining(['opened', 'held_back']),
    );
    expect(await process.acme.alerts.suppressions()).toEqual([]);
  });

  it('lets everything else be told, and what is over by its end stays untold', async () => {
    await process.acme.alerts.put('dead letters', deadRule({ resolveAfterMs: 10 * minute }));
    await process.acme.alerts.put('others', deadRule({ levels: [{ channels: [{ host: 'chief' }] }], resolveAfterMs: null }));
    const until = stage.clock.now() + hour;
    await process.acme.alerts.suppress({ until, match: { rule: 'dead letters' }, reason: 'Known.' });
    await stage.refuse(process, 1);
    await process.settled(2 * hour);
    expect(stage.said()).toEqual(['chief opened others']);
  });

  it('ends before its time when somebody says so', async () => {
    await process.acme.alerts.put('dead letters', deadRule());
    const { id } = await process.acme.alerts.suppress({ until: stage.clock.now() + 10 * hour, reason: 'The desk moves.' });
    await stage.refuse(process, 1);
    await process.settled(0);
    await process.acme.alerts.endSuppression(id);
    await process.settled(2 * minute);
    expect(stage.said()).toEqual(['pager opened dead letters']);
    await expect(process.acme.alerts.endSuppression(id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an alert of a whole connector', () => {
  it('keeps back those of its connections while it is open', async () => {
    await process.acme.alerts.put(
      'desk',
      deadRule({ per: 'connector', resolveAfterMs: 30 * minute, levels: [{ channels: [{ host: 'chief' }] }] }),
    );
    await process.acme.alerts.put('each', deadRule({ levels: [{ afterMs: minute, channels: [{ host: 'pager' }] }], resolveAfterMs: null }));
    await stage.refuse(process, 1);
    await process.settled(10 * minute);
    expect(stage.said()).toEqual(['chief opened desk']);
    await process.settled(hour);
    expect(stage.said()).toEqual(['chief opened desk', 'chief resolved desk', 'pager opened each']);
  });
});

describe('a channel', () => {
  it('is not told more often than it can take: the rest waits until there is room', async () => {
    const narrow = stage.process({ alerts: { channels: stage.channels, mostPerChannel: { count: 2, windowMs: hour } } });
    for (const rule of ['first', 'second', 'third']) await narrow.acme.alerts.put(rule, deadRule({ resolveAfterMs: null }));
    await stage.refuse(narrow, 1);
    await narrow.settled(30 * minute);
    expect(stage.told).toHaveLength(2);
    await narrow.settled(2 * hour);
    expect(stage.said().toSorted()).toEqual(['pager opened first', 'pager opened second', 'pager opened third']);
  });
});
