import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startReceiver } from '../endpoints/receiver.ts';
import { type AlertProcess, type AlertStage, alertStage, deadRule, filing, hour, minute } from './alert-stage.ts';

let stage: AlertStage;
let process: AlertProcess;
beforeEach(async () => {
  stage = alertStage();
  process = stage.process({ loopbackOnly: true });
  await filing(process);
});
afterEach(() => stage.close());

const lost = new PatchbayError({ code: 'provider_rejected', message: 'The pager has no such person. Name one.', retryable: false });

describe('a channel of the host', () => {
  it('that is away is tried again until it takes the alert, with one key', async () => {
    await process.acme.alerts.put('dead letters', deadRule());
    stage.failWith(new TypeError('away'));
    await stage.refuse(process, 1);
    await process.settled(1_000);
    expect(stage.said()).toEqual([]);
    stage.failWith(undefined);
    await process.settled(10 * minute);
    expect(stage.said()).toEqual(['pager opened dead letters']);
    expect((await process.acme.alerts.open())[0]).toMatchObject({ occurrences: 1 });
  });

  it('is named where a rule is put, or the rule is refused', async () => {
    const rule = deadRule({ levels: [{ channels: [{ host: 'nobody' }] }] });
    await expect(process.acme.alerts.put('dead letters', rule)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('an endpoint', () => {
  it('receives a signed event for the opening and one for the end', async () => {
    const receiver = await startReceiver();
    const endpoint = { url: `${receiver.url}/alerts`, events: ['nothing.else'], verification: 'dangerouslyWaived' } as const;
    await process.acme.endpoints.put('ops', endpoint);
    await process.acme.alerts.put('dead letters', deadRule({ levels: [{ channels: [{ endpoint: 'ops' }] }] }));
    await stage.refuse(process, 1);
    await process.settled(3 * hour);
    const bodies = receiver.requests.map(({ body }): { type: string; data: { status: string; rule: string } } => JSON.parse(body));
    expect(bodies.map(({ type, data }) => [type, data.status, data.rule])).toEqual([
      ['patchbay.alert.opened', 'open', 'dead letters'],
      ['patchbay.alert.resolved', 'resolved', 'dead letters'],
    ]);
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
    expect(receiver.requests.every(({ headers }) => String(headers['webhook-signature']).startsWith('v1,'))).toBe(true);
    await receiver.close();
  });
});

describe('an action', () => {
  it('is called with the input that its template makes of the alert', async () => {
    const say = {
      ...{ action: 'chat.say', connection: 'team' },
      input: { text: '{{ alert.severity }}: {{ alert.rule }} {{ alert.occurrences }} {{ alert.code }}' },
    };
    await process.acme.alerts.put('dead letters', deadRule({ levels: [{ channels: [say] }], tellResolved: false }));
    await stage.refuse(process, 1);
    await process.settled(3 * hour);
    expect(stage.desk.callsOf('say').map(({ input }) => input)).toEqual([{ text: 'critical: dead letters 1 provider_rejected' }]);
  });

  it('of no connector, through a connection that is not there, or with a template that cannot be read is refused', async () => {
    const say = { action: 'chat.say', connection: 'team', input: { text: 'x' } };
    for (const [channel, code] of [
      [{ ...say, action: 'chat.sing' }, 'unknown_action'],
      [{ ...say, connection: 'nobody' }, 'not_found'],
      [{ ...say, connection: 'desk/main' }, 'invalid_argument'],
      [{ ...say, input: { text: '{{ event.data }}' } }, 'template_invalid'],
      [{ endpoint: 'nobody' }, 'not_found'],
    ] as const)
      await expect(process.acme.alerts.put('dead letters', deadRule({ levels: [{ channels: [channel] }] }))).rejects.toMatchObject({
        code,
      });
    expect(await process.acme.alerts.list()).toEqual([]);
  });
});

describe('an alert that cannot be told', () => {
  it('goes to the operator once, and one of the operator that cannot be told goes nowhere', async () => {
    const chief = [{ channels: [{ host: 'chief' }] }] as const;
    await process.operator.alerts.put('lost alerts', { on: 'alert.undelivered', severity: 'critical', levels: chief });
    const say = { action: 'chat.say', connection: 'team', input: { text: 'x' } };
    await process.acme.alerts.put('dead letters', deadRule({ levels: [{ channels: [say] }] }));
    // It watches everything that dies, its own tellings too.
    await process.acme.alerts.put('everything', deadRule({ per: 'rule', levels: [{ channels: [say] }] }));
    const refused = (): never => {
      throw lost;
    };
    stage.desk.next('say', ...Array.from({ length: 20 }, () => refused));
    await stage.refuse(process, 1);
    await process.settled(30 * minute);
    expect(stage.said()).toEqual(['chief opened lost alerts']);
    expect(stage.told[0]?.alert).toMatchObject({ tenant: 'acme', subject: { kind: 'tenant', id: 'acme' }, code: 'provider_rejected' });
    expect(await process.acme.alerts.open()).toHaveLength(2);
    expect((await process.acme.alerts.open()).map(({ occurrences }) => occurrences)).toEqual([1, 1]);
    const tellings = process.noticesOf('dispatch.dead').filter(({ connectionId }) => connectionId !== null);
    expect(tellings.length).toBeLessThanOrEqual(3);
  });

  it('stops at the operator: a channel of theirs that refuses makes no further alert', async () => {
    const both = [{ channels: [{ host: 'chief' }] }] as const;
    await process.operator.alerts.put('all', { on: ['alert.undelivered', 'dispatch.dead'], per: 'rule', levels: both });
    stage.failWith(lost);
    await stage.refuse(process, 1);
    await process.settled(30 * minute);
    const dead = process.noticesOf('dispatch.dead').map(({ tenant, handler }) => `${tenant}/${handler}`);
    expect(dead).toEqual(['acme/action:desk@1', '/notification:chief']);
    expect(await process.operator.alerts.open()).toMatchObject([{ rule: 'all', occurrences: 1, tenant: 'acme' }]);
  });
});

describe("an operator's rule", () => {
  it('sees all tenants, and no tenant sees it', async () => {
    await process.operator.alerts.put('dead anywhere', deadRule({ per: 'tenant', levels: [{ channels: [{ host: 'chief' }] }] }));
    const other = { ...process, acme: process.hub.tenant('globex') };
    await filing(other);
    await stage.refuse(process, 1);
    await stage.refuse(other, 2);
    await process.settled(minute);
    expect(stage.told.map(({ alert }) => [alert.subject.id, alert.occurrences]).sort()).toEqual([
      ['acme', 1],
      ['globex', 2],
    ]);
    expect([await process.acme.alerts.list(), await process.acme.alerts.open()]).toEqual([[], []]);
    const { items } = await process.acme.alerts.history();
    expect(items).toEqual([]);
    const [alert] = await process.operator.alerts.open();
    await expect(process.acme.alerts.acknowledge(alert?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
    expect(await process.operator.alerts.acknowledge(alert?.id ?? '')).toMatchObject({ acknowledged: { by: 'operator:grace' } });
  });

  it('is told to functions of the host alone, and only it watches lost alerts', async () => {
    const ops = [{ channels: [{ endpoint: 'ops' }] }];
    await expect(process.operator.alerts.put('x', deadRule({ levels: ops }))).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(process.acme.alerts.put('x', deadRule({ on: 'alert.undelivered' }))).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(process.acme.alerts.put('x', deadRule({ where: { tenant: 'globex' } }))).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });
});
