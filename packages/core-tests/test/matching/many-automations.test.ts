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

const of = (number: string) => ({ ...orderAutomation, when: { field: 'event.data.number', op: 'equals', value: number } }) as const;
const large = { ...orderAutomation, when: { field: 'event.data.amount', op: 'greater_than', value: 100 } } as const;

async function putMany(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await acme.automations.put(`of-${index}`, of(`A-${index}`));
  await acme.automations.put('large', large);
}

const publish = async (number: string, amount = 1): Promise<string> =>
  (await acme.events.publish('order.placed', { number, amount })).eventId;
const considered = async (eventId: string) => (await stage.storage.history.event('acme', eventId))?.considered ?? [];
const runsOf = async (eventId: string) =>
  (await acme.runs.list({ eventId, limit: 50 })).items.map(({ automationName }) => automationName).sort();

describe('an event of a type with many automations', () => {
  it('starts those that match, planned at the door, and writes down no more than those', async () => {
    await putMany(100);
    const eventId = await publish('A-7', 200);
    expect(await runsOf(eventId)).toEqual(['large', 'of-7']);
    expect(await considered(eventId)).toHaveLength(3);
    expect((await acme.events.get(eventId)).considered).toMatchObject([{ matched: true }, { matched: true }]);
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(2);
  });

  it('is explained as a whole and for each automation, those that were never looked at one by one among them', async () => {
    await putMany(70);
    const eventId = await publish('A-7');
    const { automations } = await acme.events.explain(eventId);
    expect(automations).toHaveLength(71);
    expect(automations.filter(({ matched }) => matched).map(({ name }) => name)).toEqual(['of-7']);
    for (const each of automations) expect(each).toMatchObject({ considered: true, version: 1 });
    const [only, ...others] = (await acme.events.explain(eventId, { automation: 'of-8' })).automations;
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      name: 'of-8',
      considered: true,
      matched: false,
      runId: null,
      reason: 'event.data.number: does not equal "A-8", it is "A-7"',
      report: { kind: 'field', verdict: false, expected: 'A-8', actual: { text: '"A-7"' } },
    });
    expect((await acme.events.explain(eventId, { automation: 'of-7' })).automations).toMatchObject([{ name: 'of-7', matched: true }]);
  });

  it('is explained by the versions of then, whatever was changed, switched off or made since', async () => {
    await putMany(70);
    const eventId = await publish('A-7');
    await stage.clock.advance(1_000);
    await acme.automations.put('of-8', of('A-7'));
    await acme.automations.disable('of-9');
    await acme.automations.put('late', of('A-7'));
    const explain = async (automation: string) => (await acme.events.explain(eventId, { automation })).automations[0];
    expect(await explain('of-8')).toMatchObject({ considered: true, matched: false, version: 1, report: { expected: 'A-8' } });
    expect(await explain('of-9')).toMatchObject({ considered: false, matched: false, report: { expected: 'A-9' } });
    expect(await explain('late')).toMatchObject({ considered: false, matched: false, reason: expect.stringContaining('was not there') });
    expect(await explain('of-10')).toMatchObject({ considered: true, matched: false, version: 1 });
  });

  it('goes on in pages, by a worker, where more match than are planned at the door', async () => {
    for (let index = 0; index < 70; index += 1) await acme.automations.put(`same-${index}`, of('A-1'));
    await putMany(20);
    const eventId = await publish('A-1');
    expect(await runsOf(eventId)).toEqual([]);
    await office.settled();
    const { items } = await acme.runs.list({ eventId, limit: 100 });
    expect(items).toHaveLength(71);
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(71);
    expect(await considered(eventId)).toHaveLength(72);
    const { automations } = await acme.events.explain(eventId);
    expect(automations).toHaveLength(91);
    expect(automations.filter(({ matched }) => matched)).toHaveLength(71);
    expect(automations.filter((each) => !each.considered)).toEqual([]);
  });

  it('counts only for automations that it came to: another connection, another registration do not', async () => {
    await acme.connections.put('second', { connector: 'desk', credential: { type: 'bearer', token: 'second-token' } });
    const step = { id: 'tell', action: 'chat.say', connection: 'team', input: { text: '{{ event.data.key }}' } } as const;
    const trigger = { event: 'desk.ticket.filed' } as const;
    for (let index = 0; index < 70; index += 1)
      await acme.automations.put(`t-${index}`, { trigger: { ...trigger, connection: index % 2 === 0 ? 'main' : 'second' }, steps: [step] });
    const registration = await acme.webhooks.register({ connection: 'main', secret: 'a-long-secret' });
    const { createHmac } = await import('node:crypto');
    const body = '{"key":"T-9"}';
    const signature = createHmac('sha256', 'a-long-secret').update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-desk-signature': signature, 'x-desk-delivery': 'd-1' };
    expect((await office.hub.handler(new Request(registration.url, { method: 'POST', headers, body }))).status).toBe(202);
    await office.settled();
    const [stored] = (await acme.events.list({ type: 'desk.ticket.filed' })).items;
    const eventId = stored?.event.id ?? '';
    expect((await acme.runs.list({ eventId, limit: 50 })).items).toHaveLength(35);
    expect((await acme.events.explain(eventId, { automation: 't-1' })).automations).toMatchObject([
      { considered: true, matched: false, reason: expect.stringContaining('another connection') },
    ]);
  });

  it('is explained for an automation that starts on something else, and for none that is not there', async () => {
    await acme.automations.put('by-hand', { ...large, trigger: { manual: true } });
    const eventId = await publish('A-7');
    expect((await acme.events.explain(eventId)).automations).toEqual([]);
    expect((await acme.events.explain(eventId, { automation: 'by-hand' })).automations).toMatchObject([
      { considered: false, matched: false, reason: 'It does not start on order.placed.', report: { kind: 'field', verdict: false } },
    ]);
    await expect(acme.events.explain(eventId, { automation: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a rule among many that is put, changed or taken away', () => {
  it('holds in every process for the next event', async () => {
    await putMany(70);
    const other = stage.process();
    const there = other.hub.tenant('acme');
    const place = async () => (await there.events.publish('order.placed', { number: 'new', amount: 1 })).eventId;
    expect(await runsOf(await place())).toEqual([]);
    await acme.automations.put('fresh', of('new'));
    expect(await runsOf(await place())).toEqual(['fresh']);
    await acme.automations.put('fresh', of('other'));
    await acme.automations.put('of-3', of('new'));
    expect(await runsOf(await place())).toEqual(['of-3']);
    await acme.automations.disable('of-3');
    expect(await runsOf(await place())).toEqual([]);
    await acme.automations.enable('of-3');
    await acme.automations.delete('fresh');
    expect(await runsOf(await place())).toEqual(['of-3']);
  });
});
