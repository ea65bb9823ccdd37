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

const changed = { ...orderAutomation, description: 'Files what was ordered.' };
const revision = async () => (await stage.storage.configuration.revision('acme')).tenant;

/** Hands in what the types forbid. */
const putAnything = (definition: unknown) => acme.automations.put('order', definition as typeof orderAutomation);

describe('an automation', () => {
  it('gets a version for every change, and none for the same definition in another order of its members', async () => {
    const first = await acme.automations.put('order', orderAutomation);
    expect(first).toMatchObject({ name: 'order', version: 1, enabled: true, definition: orderAutomation });
    const before = await revision();
    const { trigger, steps } = orderAutomation;
    expect(await acme.automations.put('order', { steps, trigger })).toEqual(first);
    expect(await revision()).toBe(before);
    expect(await acme.automations.put('order', changed)).toMatchObject({ id: first.id, version: 2 });
    expect(await acme.automations.put('order', orderAutomation)).toMatchObject({ id: first.id, version: 3 });
    expect(await acme.automations.version('order', 1)).toEqual(orderAutomation);
    expect(await acme.automations.version(first.id, 2)).toEqual(changed);
    for (const version of [0, 4, -1, 1.5, Number.NaN, '1']) {
      await expect(acme.automations.version('order', version as number)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('is found by name and by id, and listed', async () => {
    const { id } = await acme.automations.put('order', orderAutomation);
    await acme.automations.put('other', orderAutomation);
    expect((await acme.automations.get('order')).id).toBe(id);
    expect((await acme.automations.get(id)).name).toBe('order');
    expect((await acme.automations.list()).map(({ name }) => name)).toEqual(['order', 'other']);
  });

  it('starts no run while it is disabled, keeps that over a put, and goes on when enabled', async () => {
    await acme.automations.put('order', orderAutomation);
    expect(await acme.automations.disable('order')).toMatchObject({ enabled: false, version: 1 });
    const before = await revision();
    expect(await acme.automations.disable('order')).toMatchObject({ enabled: false });
    expect(await revision()).toBe(before);
    expect(await acme.automations.put('order', changed)).toMatchObject({ enabled: false, version: 2 });
    await acme.events.publish('order.placed', { number: 'A-1' });
    await acme.automations.enable('order');
    await acme.events.publish('order.placed', { number: 'A-2' });
    await office.settled();
    expect(stage.desk.callsOf('file_ticket').map(({ input }) => input)).toEqual([{ title: 'Order A-2' }]);
  });

  it('is gone when it is deleted, and a new one of its name begins anew', async () => {
    const { id } = await acme.automations.put('order', orderAutomation);
    await acme.automations.put('order', changed);
    await acme.automations.delete('order');
    for (const call of [() => acme.automations.get('order'), () => acme.automations.get(id), () => acme.automations.delete('order')])
      await expect(call()).rejects.toMatchObject({ code: 'not_found' });
    const again = await acme.automations.put('order', orderAutomation);
    expect(again.version).toBe(1);
    expect(again.id).not.toBe(id);
  });

  it('that is put at once by many gets one version for each definition, and none is lost', async () => {
    const branch = stage.process().hub.tenant('acme');
    const puts = Array.from({ length: 8 }, (_, index) =>
      (index % 2 === 0 ? acme : branch).automations.put('order', { ...orderAutomation, description: `Variant ${index}` }),
    );
    const versions = (await Promise.all(puts)).map(({ version }) => version);
    expect(versions.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const stored = await Promise.all(versions.map((version) => acme.automations.version('order', version)));
    expect(new Set(stored.map(({ description }) => description)).size).toBe(8);
  });

  it('that is put at once with the same definition is put once', async () => {
    const puts = await Promise.all(Array.from({ length: 8 }, () => acme.automations.put('order', orderAutomation)));
    expect(new Set(puts.map(({ id, version }) => `${id} ${version}`)).size).toBe(1);
  });

  it.each(['', ' ', 'a\nb', 'x'.repeat(201), '\ud800', '01890a5d-ac96-774b-bcce-b302099a8057', null, 7])(
    'cannot be called %j',
    async (name) => {
      await expect(acme.automations.put(name as string, orderAutomation)).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(await acme.automations.list()).toEqual([]);
    },
  );

  it.each(['triage: неотложно 🚒', '__proto__', 'constructor', '..', 'a/b', 'x'.repeat(200)])('can be called %j', async (name) => {
    const { id } = await acme.automations.put(name, orderAutomation);
    expect((await acme.automations.get(name)).id).toBe(id);
  });

  it('is a copy: changing what was handed in, or what was answered, changes nothing stored', async () => {
    const input = { title: 'Order {{ event.data.number }}' };
    const put = await acme.automations.put('order', { ...orderAutomation, steps: [{ ...orderAutomation.steps[0], input }] });
    input.title = 'changed';
    Object.assign(put.definition.steps[0] ?? {}, { action: 'chat.say' });
    expect((await acme.automations.get('order')).definition.steps[0]).toMatchObject({
      action: 'desk.file_ticket',
      input: { title: 'Order {{ event.data.number }}' },
    });
  });
});

it('may wait for what starts another automation, such as a form that is sent in', async () => {
  const steps = [{ id: 'sent', action: 'flow.wait', event: 'form.submitted', timeout: '1h' }];
  expect(await putAnything({ trigger: { event: 'order.placed' }, steps })).toMatchObject({ version: 1 });
});

describe('what an automation names', () => {
  const [ticket, tell] = orderAutomation.steps;
  it.each([
    ['an unknown connector', { steps: [{ ...ticket, action: 'ghost.file' }] }, /steps\.ticket\.action: There is no connector ghost/],
    ['an unknown action', { steps: [{ ...ticket, action: 'desk.burn' }] }, /steps\.ticket\.action: .*has no action burn/],
    [
      'an unknown connection',
      { steps: [ticket, { ...tell, connection: 'ghost' }] },
      /steps\.tell\.connection: there is no connection ghost of chat/,
    ],
    ["another connector's connection", { steps: [ticket, { ...tell, connection: 'main' }] }, /steps\.tell\.connection/],
    ['an unknown event', { trigger: { event: 'order.lost' } }, /trigger\.event: nothing emits order\.lost/],
    ['an unknown trigger', { trigger: { event: 'desk.ticket.burnt' } }, /trigger\.event: nothing emits desk\.ticket\.burnt/],
    ['an unknown connection of its trigger', { trigger: { event: 'desk.ticket.filed', connection: 'ghost' } }, /trigger\.connection/],
    [
      "a connection of the host's own event",
      { trigger: { event: 'order.placed', connection: 'main' } },
      /trigger\.connection: .*own event/,
    ],
    [
      'a typo in an event',
      { trigger: { event: 'order.plcaed' } },
      /trigger\.event: nothing emits order\.plcaed; did you mean order\.placed\? Known types are /,
    ],
    ['a typo in an action', { steps: [{ ...ticket, action: 'desk.file_tickt' }] }, /file_tickt; did you mean file_ticket\? Its actions: /],
    [
      'a typo in a connection',
      { steps: [ticket, { ...tell, connection: 'taem' }] },
      /there is no connection taem of chat; put it first, or name team\./,
    ],
    [
      'a wait for an event that nothing emits',
      { steps: [{ id: 'off', action: 'flow.wait', event: 'order.canceled', timeout: '1h' }] },
      /steps\.off\.event: nothing emits order\.canceled; did you mean order\.cancelled\?/,
    ],
    [
      'a wait, inside of another step, through a connection that is not there',
      {
        steps: [
          {
            id: 'both',
            action: 'flow.group',
            steps: [{ id: 'off', action: 'flow.wait', event: 'desk.ticket.filed', connection: 'mian', timeout: '1h' }],
          },
        ],
      },
      /steps\.off\.connection: there is no connection mian of desk; put it first, or name main\./,
    ],
    [
      'a wait for a receiver that is not there, as a connection may be',
      { steps: [{ id: 'off', action: 'flow.wait', event: 'hook.shop.paid', timeout: '1h' }] },
      /steps\.off\.event: there is no receiver shop; put it first/,
    ],
    ['a control step', { steps: [{ ...ticket, action: 'flow.repeat' }] }, /steps\.ticket: the control step flow\.repeat/],
    ['a typo in its condition', { when: { field: 'evnt.data.number', op: 'exists' } }, /when: .*there is no variable "evnt"/],
    ['a typo in a formula', { when: { cel: 'size(evnt.data.number) > 1' } }, /when: .*there is no variable "evnt"/],
    ['an attribute that no event has', { when: { field: 'event.dta.number', op: 'exists' } }, /when: an event has no attribute dta/],
    [
      'a later step',
      { steps: [{ ...ticket, input: { title: '{{ steps.tell.output.said }}' } }, tell] },
      /steps\.ticket\.input: it reads steps\.tell/,
    ],
    [
      'itself',
      { steps: [{ ...ticket, input: { title: '{{ steps.ticket.output.key }}' } }] },
      /reads steps\.ticket, and no step comes before/,
    ],
    ['an output without output', { steps: [ticket, { ...tell, input: { text: '{{ steps.ticket.key }}' } }] }, /steps\.ticket\.output/],
    ['a variable that is not there', { steps: [{ ...ticket, input: { title: '{{ env.SECRET }}' } }] }, /there is no variable "env"/],
  ])('is refused with the place where it is %s, by put and what can be told without a tenant by parse', async (what, part, message) => {
    const definition = { ...orderAutomation, ...part };
    await expect(putAnything(definition)).rejects.toMatchObject({ code: 'automation_invalid', message: expect.stringMatching(message) });
    expect(await acme.automations.list()).toEqual([]);
    if (/connection/.test(what) && !/own event/.test(String(message))) return;
    expect(() => acme.automations.parse(definition)).toThrowError(message);
  });

  it('can be parsed from data and put', async () => {
    const parsed = acme.automations.parse(JSON.parse(JSON.stringify(orderAutomation)));
    expect(await acme.automations.put('order', parsed)).toMatchObject({ definition: orderAutomation });
  });

  it('may be put in another process a moment ago', async () => {
    const branch = stage.process().hub.tenant('acme');
    await branch.automations.list();
    await acme.connections.put('new', { connector: 'chat', credential: { type: 'bearer', token: 'new-token' } });
    await expect(
      branch.automations.put('order', { ...orderAutomation, steps: [{ ...tell, connection: 'new', input: { text: 'x' } }] }),
    ).resolves.toBeDefined();
  });
});

describe('what a step gives its action', () => {
  const [ticket, tell] = orderAutomation.steps;
  it.each([
    ['lacks what the action needs', [{ ...ticket, input: {} }], /steps\.ticket\.input: title: is missing/],
    [
      'is left out where the action needs some',
      [{ id: 'ticket', action: 'desk.file_ticket', connection: 'main' }],
      /steps\.ticket\.input: title/,
    ],
    ['is of another type', [ticket, { ...tell, input: { text: 7 } }], /steps\.tell\.input: text: must be text/],
    [
      'has an unknown member',
      [{ ...ticket, input: { title: 'x', tilte: 'y' } }],
      /steps\.ticket\.input: \(root\): Unrecognized key: "tilte"/,
    ],
    [
      'has an unknown member beside a template',
      [{ ...ticket, input: { title: '{{ event.data.number }}', tilte: 'y' } }],
      /steps\.ticket\.input: \(root\): Unrecognized key: "tilte"/,
    ],
    ['lacks it beside a template', [{ ...ticket, input: { details: '{{ event.data }}' } }], /steps\.ticket\.input: title: is missing/],
  ])('is refused, by put and by parse, where it %s', async (_what, steps, message) => {
    const definition = { ...orderAutomation, steps };
    await expect(putAnything(definition)).rejects.toMatchObject({ code: 'automation_invalid', message: expect.stringMatching(message) });
    expect(() => acme.automations.parse(definition)).toThrowError(message);
    expect(await acme.automations.list()).toEqual([]);
  });

  it.each([
    ['is one template', '{{ event.data }}'],
    ['has a template in every place', { title: '{{ event.data.number }}', details: '{{ event.data }}' }],
    ['has templates deep inside', { title: 'Order', details: [{ number: 'No. {{ event.data.number }}' }] }],
  ])('is taken where it %s', async (_what, input) => {
    const definition = { ...orderAutomation, steps: [{ ...ticket, input }] };
    await expect(putAnything(acme.automations.parse(definition))).resolves.toMatchObject({ version: 1 });
  });
});
