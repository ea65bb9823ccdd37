import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

const big = { ...orderAutomation, when: { field: 'event.data.amount', op: 'greater_than', value: 100 } } as const;

async function publish(amount: number): Promise<string> {
  return (await acme.events.publish('order.placed', { number: 'A-1', amount })).eventId;
}

describe('an explanation', () => {
  it('says of each automation whether it matched, why, and which run came of it', async () => {
    await acme.automations.put('big', big);
    await acme.automations.put('every', orderAutomation);
    const { automations } = await acme.events.explain(await publish(20));
    expect(automations.map(({ name, matched, reason }) => [name, matched, reason])).toEqual([
      ['big', false, 'event.data.amount: is not greater than 100, it is 20'],
      ['every', true, 'It has no condition.'],
    ]);
    expect(automations[0]?.report).toMatchObject({ kind: 'field', verdict: false, actual: { text: '20' } });
    expect((await acme.runs.get(automations[1]?.runId ?? '')).automationName).toBe('every');
  });

  it('goes by the version that was considered, whatever has been put since, deleted included', async () => {
    const { id } = await acme.automations.put('big', big);
    const eventId = await publish(20);
    await acme.automations.put('big', { ...big, when: { field: 'event.data.amount', op: 'less_than', value: 1 } });
    const reason = 'event.data.amount: is not greater than 100, it is 20';
    expect((await acme.events.explain(eventId)).automations).toMatchObject([{ name: 'big', version: 1, reason }]);
    await acme.automations.delete('big');
    expect((await acme.events.explain(eventId)).automations).toMatchObject([{ automation: id, version: 1, reason }]);
  });

  it('tells of a deleted automation by the name that its run has', async () => {
    await acme.automations.put('every', orderAutomation);
    const eventId = await publish(20);
    await acme.automations.delete('every');
    expect((await acme.events.explain(eventId)).automations).toMatchObject([{ name: 'every', matched: true }]);
  });

  it('tells why one that starts on the type was not looked at', async () => {
    await acme.automations.put('asleep', orderAutomation);
    await acme.automations.disable('asleep');
    const eventId = await publish(20);
    await acme.automations.put('late', orderAutomation);
    const { automations } = await acme.events.explain(eventId);
    expect(automations.map(({ name, considered, matched, runId }) => [name, considered, matched, runId])).toEqual([
      ['asleep', false, false, null],
      ['late', false, false, null],
    ]);
    expect(automations[0]?.reason).toMatch(/disabled/);
  });

  it('is one for an event that came through another connection than the trigger names', async () => {
    await acme.connections.put('second', { connector: 'desk', credential: { type: 'bearer', token: 'second-token' } });
    await acme.automations.put('second-only', {
      ...orderAutomation,
      trigger: { event: 'desk.ticket.filed', connection: 'second' },
      steps: [step],
    });
    // Nobody who mends the condition gets further.
    const when = { field: 'event.data.key', op: 'equals', value: 'T-8' } as const;
    await acme.automations.put('second-narrow', { trigger: { event: 'desk.ticket.filed', connection: 'second' }, when, steps: [step] });
    const registration = await acme.webhooks.register({ connection: 'main', secret: 'a-long-secret' });
    expect(registration.triggers).toEqual(['ticket.filed']);
    const response = await deliver(registration.url, '{"key":"T-9"}', 'a-long-secret');
    expect(response.status).toBe(202);
    const [stored] = (await acme.events.list({ type: 'desk.ticket.filed' })).items;
    const { automations } = await acme.events.explain(stored?.event.id ?? '');
    const reasons = automations.map(({ name, matched, reason }) => [name, matched, reason]);
    const elsewhere = 'The event came through another connection than the trigger names.';
    expect(reasons).toEqual([
      ['second-only', false, elsewhere],
      ['second-narrow', false, elsewhere],
    ]);
    const eventId = stored?.event.id ?? '';
    expect((await acme.automations.dryRun('second-narrow', { eventId })).events).toMatchObject([{ starts: false, reason: elsewhere }]);
    expect(Buffer.from(stored?.original ?? []).toString()).toBe('{"key":"T-9"}');
  });
});

const step = { id: 'tell', action: 'chat.say', connection: 'team', input: { text: '{{ event.data.key }}' } } as const;

async function deliver(url: string, body: string, secret: string): Promise<Response> {
  const { createHmac } = await import('node:crypto');
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-desk-signature': signature, 'x-desk-delivery': 'd-1' };
  return office.hub.handler(new Request(url, { method: 'POST', headers, body }));
}
