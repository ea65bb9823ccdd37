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

it('is put where it may be: what is open, what is optional, and now', async () => {
  const when = {
    cel: 'event.data.more.deep == 1 || (has(event.data.amount) && event.data.amount > 3) || now > timestamp("2026-01-01T00:00:00Z")',
  };
  await acme.automations.put('order', { ...orderAutomation, when });
  expect(await acme.automations.list()).toHaveLength(1);
});
