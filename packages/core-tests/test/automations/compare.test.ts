import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';
import { dumpStorage } from '../tenancy/dump-storage.ts';

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

const say = (text: string) => ({ id: 'tell', action: 'chat.say', connection: 'team', input: { text } }) as const;
const between = (least: number, most: number) => ({ cel: `event.data.amount >= ${least} && event.data.amount <= ${most}` });
const onOrder = { event: 'order.placed' } as const;

async function place(number: string, amount: number): Promise<string> {
  return (await acme.events.publish('order.placed', { number, amount })).eventId;
}

describe('two versions of an automation', () => {
  it('are compared over stored events, and nothing happens', async () => {
    const ids = [await place('A-1', 1), await place('A-2', 5), await place('A-3', 6), await place('A-4', 9), await place('A-5', 20)];
    await acme.automations.put('orders', { trigger: onOrder, when: between(1, 6), steps: [say('{{ event.data.number }}')] });
    const text = '{{ event.data.amount > 5 ? "large" : event.data.number }}';
    await acme.automations.put('orders', { trigger: onOrder, when: between(5, 9), steps: [say(text)] });
    await office.settled();
    const before = await dumpStorage(stage.storage, ['acme']);
    const compared = await acme.automations.compare('orders', { versions: [1, 2] });
    expect(compared).toMatchObject({ versions: [1, 2], read: 5, cut: false });
    expect(compared.counts).toEqual({ neither: 1, both: 2, onlyFirst: 1, onlySecond: 1, differing: 1 });
    expect(compared.differences.map(({ eventId }) => ids.indexOf(eventId))).toEqual([3, 2, 0]);
    expect(compared.differences[0]?.verdicts).toMatchObject([
      { starts: false, first: null },
      { starts: true, first: { error: null, steps: [{ input: { text: 'large' } }] } },
    ]);
    expect(compared.differences[1]?.verdicts.map(({ first }) => first?.steps)).toEqual([
      [{ path: 'tell', action: 'chat.say', connection: 'team', input: { text: 'A-3' } }],
      [{ path: 'tell', action: 'chat.say', connection: 'team', input: { text: 'large' } }],
    ]);
    const same = await acme.automations.compare('orders', { versions: [2, 2] });
    expect(same.counts).toEqual({ neither: 2, both: 3, onlyFirst: 0, onlySecond: 0, differing: 0 });
    expect(same.differences).toEqual([]);
    expect(await office.settled()).toBe(0);
    expect(await dumpStorage(stage.storage, ['acme'])).toBe(before);
    expect(stage.desk.calls).toEqual([]);
  });

  it('are compared over the newest events of seven days, and it says where it was cut', async () => {
    await place('A-0', 1);
    await stage.clock.advance(8 * 86_400_000);
    await place('A-1', 1);
    await place('A-2', 2);
    await acme.automations.put('orders', { trigger: onOrder, steps: [say('x')] });
    const read = async (more: object) => {
      const { read, cut, counts } = await acme.automations.compare('orders', { versions: [1, 1], ...more });
      return [read, cut, counts.both];
    };
    expect(await read({})).toEqual([2, false, 2]);
    expect(await read({ limit: 1 })).toEqual([1, true, 1]);
    expect(await read({ from: 0 })).toEqual([3, false, 3]);
  });

  it('may start on different events, and one that fails at once differs', async () => {
    await place('A-1', 1);
    await acme.events.publish('order.cancelled', { number: 'A-1' });
    await acme.automations.put('orders', { trigger: onOrder, steps: [say('x')] });
    await acme.automations.put('orders', { trigger: { event: 'order.cancelled' }, steps: [say('x')] });
    await acme.automations.put('orders', { trigger: onOrder, steps: [say('{{ event.data.more.name }}')] });
    const other = await acme.automations.compare('orders', { versions: [1, 2] });
    expect(other.counts).toEqual({ neither: 0, both: 0, onlyFirst: 1, onlySecond: 1, differing: 0 });
    expect(other.differences[0]?.verdicts[1].reason).toBe('It does not start on order.placed, but on order.cancelled.');
    const failing = await acme.automations.compare('orders', { versions: [1, 3] });
    expect(failing.counts).toMatchObject({ both: 1, differing: 1 });
    expect(failing.differences[0]?.verdicts[1].first).toMatchObject({ steps: [], error: { code: 'expression_failed' } });
    await expect(acme.automations.compare('orders', { versions: [1, 9] })).rejects.toMatchObject({ code: 'not_found' });
    await expect(acme.automations.compare('orders', { versions: [1, 1], limit: 10_001 })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });
});
