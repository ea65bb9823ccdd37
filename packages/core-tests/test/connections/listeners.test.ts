import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type DeskStage, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
beforeEach(() => {
  stage = deskStage();
});
afterEach(() => stage.close());

it('counts the enabled automations that start on the events of a connection, by name, by id and by its connector', async () => {
  const acme = stage.process().hub.tenant('acme');
  await connect(acme);
  const other = await acme.connections.put('other', { connector: 'desk', credential: { type: 'bearer', token: 'desk-token' } });
  const steps = [{ id: 'tell', action: 'chat.say', connection: 'team', input: { text: 'A ticket' } }] as const;
  const counts = async () => {
    const listed = (await acme.connections.list()).map(({ connector, name, activeTriggers }) => [`${connector}/${name}`, activeTriggers]);
    for (const [name, count] of listed) expect(await acme.connections.get(String(name))).toMatchObject({ activeTriggers: count });
    expect((await acme.connections.page()).items.map(({ activeTriggers }) => activeTriggers)).toEqual(listed.map(([, count]) => count));
    return Object.fromEntries(listed);
  };
  expect(await counts()).toEqual({ 'desk/main': 0, 'desk/other': 0, 'chat/team': 0 });
  await acme.automations.put('any', { trigger: { event: 'desk.ticket.filed' }, steps });
  await acme.automations.put('main', { trigger: { event: 'desk.ticket.filed', connection: 'main' }, steps });
  await acme.automations.put('other', { trigger: { event: 'desk.ticket.filed', connection: other.id }, steps });
  await acme.automations.put('asleep', { trigger: { event: 'desk.ticket.filed', connection: 'main' }, steps });
  await acme.automations.put('orders', orderAutomation);
  await acme.automations.put('by hand', { trigger: { manual: true }, steps });
  expect(await counts()).toEqual({ 'desk/main': 3, 'desk/other': 2, 'chat/team': 0 });
  await acme.automations.disable('asleep');
  await acme.automations.delete('any');
  expect(await counts()).toEqual({ 'desk/main': 1, 'desk/other': 1, 'chat/team': 0 });
});

it('counts them without a look at the store for each connection', async () => {
  const { storage } = stage;
  let asked = 0;
  const configuration = new Proxy(storage.configuration, {
    get(target, name, receiver) {
      if (typeof name === 'string' && name !== 'write') asked += 1;
      return Reflect.get(target, name, receiver);
    },
  });
  const acme = stage.process({ storage: { ...storage, configuration } }).hub.tenant('acme');
  const looks = async () => {
    asked = 0;
    await acme.connections.list();
    return asked;
  };
  await connect(acme);
  const few = await looks();
  for (let number = 0; number < 30; number += 1)
    await acme.connections.put(`desk ${number}`, { connector: 'desk', credential: { type: 'bearer', token: 'desk-token' } });
  expect(await looks()).toBe(few);
});
