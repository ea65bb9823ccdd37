import type { AutomationTemplate } from '@patchbay/core/host';
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

const template: AutomationTemplate = {
  format: 1,
  name: 'large-orders',
  version: '1.0.0',
  parameters: { least: { type: 'number' }, greeting: { type: 'string', default: 'New order' } },
  connectors: { desk: '^1.0.0', chat: '1.x' },
  connections: { tickets: { connector: 'desk' }, people: { connector: 'chat' } },
  automation: {
    trigger: { event: 'order.placed' },
    when: { field: 'event.data.amount', op: 'greater_or_equal', value: '{{ params.least }}' },
    steps: [
      {
        id: 'ticket',
        action: 'desk.file_ticket',
        connection: 'tickets',
        input: { title: '{{ params.greeting }} {{ event.data.number }}' },
      },
      { id: 'tell', action: 'chat.say', connection: 'people', input: { text: '{{ params.greeting }}' } },
    ],
  },
};
const connections = { tickets: 'main', people: 'team' };

describe('an automation from a template', () => {
  it('does what the template says, with what was filled in', async () => {
    const made = await acme.automations.fromTemplate(template, {
      name: 'large',
      connections,
      parameters: { least: 100, greeting: '{{ event.data.number }}' },
    });
    expect(made).toMatchObject({ name: 'large', version: 1, enabled: true });
    await acme.events.publish('order.placed', { number: 'A-1', amount: 99 });
    await acme.events.publish('order.placed', { number: 'A-2', amount: 100 });
    await office.settled();
    // A value that looks like a template is text.
    expect(stage.desk.calls.map(({ input }) => input)).toEqual([
      { title: '{{ event.data.number }} A-2' },
      { text: '{{ event.data.number }}' },
    ]);
  });

  it('is a new version where the same name is filled in anew', async () => {
    const first = await acme.automations.fromTemplate(template, { name: 'large', connections, parameters: { least: 100 } });
    const same = await acme.automations.fromTemplate(template, { name: 'large', connections, parameters: { least: 100 } });
    const next = await acme.automations.fromTemplate(template, { name: 'large', connections, parameters: { least: 200 } });
    expect([first.version, same.version, next.version]).toEqual([1, 1, 2]);
  });

  it('is not made where something is missing, and all of it is named', async () => {
    const needing = { ...template, connectors: { desk: '^2.0.0', chat: '1.x' }, records: ['invoice'] };
    const { missing, definition } = await acme.templates.check(needing, {
      connections: { tickets: 'nobody', more: 'main' },
      parameters: { greeting: 7 },
    });
    expect(definition).toBeNull();
    expect(missing.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'connector desk',
      'connection more',
      'connection tickets',
      'connection people',
      'parameter least',
      'parameter greeting',
      'record invoice',
    ]);
    await expect(acme.automations.fromTemplate(needing, { name: 'x' })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('version 1.0.0 is registered, and ^2.0.0 is needed'),
    });
    expect(await acme.automations.list()).toEqual([]);
    const absent = await acme.templates.check(
      { ...template, connectors: { ...template.connectors, ghost: '1.x' } },
      { connections, parameters: { least: 1 } },
    );
    expect(absent.missing).toEqual([{ kind: 'connector', name: 'ghost', reason: 'no such connector is registered; 1.x is needed' }]);
  });

  it("takes no other tenant's connection", async () => {
    const other = office.hub.tenant('globex');
    await connect(other);
    const { id } = await other.connections.get('main');
    const { missing } = await acme.templates.check(template, { connections: { ...connections, tickets: id }, parameters: { least: 1 } });
    expect(missing).toEqual([{ kind: 'connection', name: 'tickets', reason: `there is no connection ${id} of desk` }]);
  });

  it('is what was exported, in another tenant', async () => {
    await acme.automations.put('Orders & more', { ...orderAutomation, description: 'Files orders.' });
    const exported = await acme.automations.export('Orders & more');
    expect(exported).toEqual({
      format: 1,
      name: 'orders-more',
      version: '1.0.0',
      description: 'Files orders.',
      connectors: { chat: '^1.0.0', desk: '^1.0.0' },
      connections: { desk: { connector: 'desk' }, chat: { connector: 'chat' } },
      automation: {
        description: 'Files orders.',
        trigger: { event: 'order.placed' },
        steps: [
          { ...orderAutomation.steps[0], connection: 'desk' },
          { ...orderAutomation.steps[1], connection: 'chat' },
        ],
      },
    });
    const globex = office.hub.tenant('globex');
    await connect(globex);
    const imported = globex.templates.parse(JSON.parse(JSON.stringify(exported)));
    const made = await globex.automations.fromTemplate(imported, { name: 'orders', connections: { desk: 'main', chat: 'team' } });
    expect(made.definition).toEqual({ ...orderAutomation, description: 'Files orders.' });
  });

  it('is refused with the place of a fault', async () => {
    const broken = { ...template, automation: { ...template.automation, when: { cel: 'params.' } } };
    expect(() => acme.templates.parse(broken)).toThrow(/automation\.when\.cel/);
    await expect(acme.automations.fromTemplate(broken, { name: 'x', connections })).rejects.toMatchObject({ code: 'automation_invalid' });
  });
});
