import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let acme: DeskTenant;

beforeEach(async () => {
  stage = deskStage();
  acme = stage.process().hub.tenant('acme');
  await connect(acme);
});
afterEach(() => stage.close());

const [ticket, tell] = orderAutomation.steps;
const says = (text: string) => ({ ...tell, input: { text } });
const off = { id: 'off', action: 'flow.wait', event: 'order.cancelled', timeout: '1h' } as const;

it.each([
  [
    'a field that the event never has',
    { when: { field: 'event.data.amout', op: 'exists' } },
    /when: .*at field: event\.data has no member "amout"; did you mean "amount"/,
  ],
  [
    'a value that the field never has',
    { when: { field: 'event.data.amount', op: 'equals', value: 'ten' } },
    /when: .*a number, and this looks for a string/,
  ],
  ['a formula', { when: { cel: 'event.data.number > 3' } }, /when: .*line 1, column 1.*a string and a number have no common order/],
  [
    'a template',
    { steps: [{ ...ticket, input: { title: 'Order {{ event.data.numbr }}' } }] },
    /steps\.ticket\.input: .*did you mean "number"/,
  ],
  [
    "an earlier step's output",
    { steps: [ticket, { ...tell, input: { text: '{{ steps.ticket.output.keys }}' } }] },
    /steps\.tell\.input: .*did you mean "key"/,
  ],
  [
    'the condition of a branch',
    { steps: [{ id: 'b', action: 'flow.branch', branches: [{ when: { field: 'event.data.amout', op: 'exists' }, steps: [ticket] }] }] },
    /steps\.b\.branches\.0\.when: .*did you mean "amount"/,
  ],
  [
    'what a control step works out',
    { steps: [{ id: 't', action: 'flow.transform', value: '{{ event.data.numbr }}' }] },
    /steps\.t\.value: .*did you mean "number"/,
  ],
  [
    'what a control step gives',
    { steps: [off, { ...tell, input: { text: '{{ steps.off.output.timedout }}' } }] },
    /steps\.tell\.input: .*did you mean "timedOut"/,
  ],
  [
    'what a wait reads of the event that comes',
    { steps: [{ ...off, when: { cel: 'incoming.data.numbr == event.data.number' } }] },
    /steps\.off\.when: .*incoming\.data has no member "numbr"; did you mean "number"/,
  ],
  [
    'the output of a step inside of another',
    {
      steps: [
        { id: 'g', action: 'flow.group', steps: [ticket] },
        { ...tell, input: { text: '{{ steps.ticket.output.keys }}' } },
      ],
    },
    /steps\.tell\.input: .*did you mean "key"/,
  ],
  [
    'the answer of a form',
    {
      trigger: { form: { title: 'A', schema: { type: 'object', properties: { what: { type: 'string' } } } } },
      steps: [says('{{ event.data.wat }}')],
    },
    /steps\.tell\.input: .*did you mean "what"/,
  ],
  [
    'what was filled in at a button',
    {
      trigger: { button: { label: 'A', input: { type: 'object', properties: { reason: { type: 'string' } } } } },
      steps: [says('{{ event.data.input.reson }}')],
    },
    /steps\.tell\.input: .*did you mean "reason"/,
  ],
  [
    "a schedule's time",
    { trigger: { schedule: { cron: '0 9 * * *' } }, steps: [says('{{ event.data.scheduled }}')] },
    /steps\.tell\.input: .*it has scheduledFor, local, timezone, late, missed/,
  ],
  ['an ordering key', { ordering: { key: '{{ event.data.nmber }}' } }, /ordering\.key: .*did you mean "number"/],
])('%s is refused when it is put and when it is parsed, with its place and what was perhaps meant', async (_what, change, fault) => {
  const definition = { ...orderAutomation, ...change };
  const refusal = expect.objectContaining({ code: 'automation_invalid', message: expect.stringMatching(fault) });
  expect(() => acme.automations.parse(definition)).toThrow(refusal);
  await expect(acme.automations.put('order', definition as typeof orderAutomation)).rejects.toThrow(refusal);
  expect(await acme.automations.list()).toEqual([]);
});

it('is put where the data keeps what its schema does not name: the events of a connector', async () => {
  const steps = [{ ...tell, input: { text: '{{ event.data.key }} {{ event.data.anything.else }}' } }] as const;
  await acme.automations.put('filed', { trigger: { event: 'desk.ticket.filed' }, steps });
  expect(await acme.automations.list()).toHaveLength(1);
});

it('is put where it may be: what is handed in by hand, set, made for each item, or given to a run', async () => {
  const steps = [
    { id: 'set', action: 'flow.set', vars: { any: '{{ event.data.any.thing }}' } },
    {
      id: 'rows',
      action: 'flow.each',
      list: '{{ event.data.rows }}',
      collect: '{{ item.name }}',
      steps: [says('{{ item.any }} {{ vars.any }}')],
    },
    { id: 'first', action: 'flow.transform', value: '{{ steps.rows.output.items[0].any }}' },
    { id: 'run', action: 'flow.run', automation: 'other', onError: { steps: [{ ...ticket, input: { title: '{{ failure.message }}' } }] } },
    { id: 'last', action: 'flow.transform', value: '{{ steps.run.output.outputs.any.thing }} {{ steps.first.output.any }}' },
  ];
  const definition = acme.automations.parse({ trigger: { manual: true }, steps });
  await acme.automations.put('order', definition);
  expect(await acme.automations.list()).toHaveLength(1);
});

it('is put where it may be: what is open, what is optional, and now', async () => {
  const when = {
    cel: 'event.data.more.deep == 1 || (has(event.data.amount) && event.data.amount > 3) || now > timestamp("2026-01-01T00:00:00Z")',
  };
  await acme.automations.put('order', { ...orderAutomation, when });
  expect(await acme.automations.list()).toHaveLength(1);
});
