import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;
let acme: DeskTenant;

const input = {
  type: 'object',
  properties: { reason: { type: 'string', minLength: 3 }, amount: { type: 'integer', minimum: 1 } },
  required: ['reason'],
} as const;
const steps = [{ ...orderAutomation.steps[0], input: { title: '{{ event.data.pressedBy }}: {{ event.data.input.reason }}' } }] as const;
const refund = { trigger: { button: { label: 'Refund', input } }, steps } as const;

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
  await connect(acme);
  await acme.automations.put('refund', refund);
});
afterEach(() => stage.close());

it('runs when it is pressed, with who pressed and what was filled in', async () => {
  const { runId, eventId } = await acme.automations.press('refund', { reason: 'broken', amount: 2 }, { user: 'ada' });
  await office.settled();
  expect(await acme.runs.get(runId ?? '')).toMatchObject({ status: 'succeeded' });
  expect((await acme.events.get(eventId)).event).toMatchObject({
    type: 'button.pressed',
    subject: 'refund',
    data: { pressedBy: 'ada', input: { reason: 'broken', amount: 2 } },
  });
  expect(stage.desk.callsOf('file_ticket').map((call) => call.input)).toEqual([{ title: 'ada: broken' }]);
});

it('knows the person of the handle, and records who it was', async () => {
  const bob = office.hub.tenant('acme', { actor: { kind: 'user', id: 'bob' } });
  const { eventId } = await bob.automations.press('refund', { reason: 'late' });
  expect((await acme.events.get(eventId)).event.data).toMatchObject({ pressedBy: 'bob' });
  const { items } = await acme.audit.list({ action: 'automation.press' });
  expect(items).toMatchObject([{ actor: { kind: 'user', id: 'bob' }, details: { user: 'bob' } }]);
});

it('is pressed once for a key', async () => {
  const press = () => acme.automations.press('refund', { reason: 'broken' }, { user: 'ada', idempotencyKey: 'k' });
  const first = await press();
  expect(await press()).toEqual(first);
  expect((await acme.events.list({ type: 'button.pressed' })).items).toHaveLength(1);
});

it.each([
  ['nobody', { reason: 'broken' }, {}, 'A button is pressed by somebody'],
  ['with something missing', {}, { user: 'ada' }, 'reason: is missing'],
  [
    'with something wrong',
    { reason: 'x', amount: 0 },
    { user: 'ada' },
    'reason: must have at least 3 characters; amount: must be at least 1',
  ],
  ['with something that it does not ask for', { reason: 'broken', more: 1 }, { user: 'ada' }, 'Unrecognized key: "more"'],
])('is refused where it is pressed by or %s', async (_what, data, options, message) => {
  await expect(acme.automations.press('refund', data, options)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  expect((await acme.events.list()).items).toEqual([]);
});

it('names each field that it does not take', async () => {
  await expect(acme.automations.press('refund', { reson: 'broken' }, { user: 'ada' })).rejects.toMatchObject({
    code: 'invalid_event',
    details: { faults: expect.arrayContaining([{ field: 'reason', message: 'is missing' }]) },
  });
});

it('is refused where it is disabled, no button or of another tenant', async () => {
  await acme.automations.disable('refund');
  await expect(acme.automations.press('refund', { reason: 'broken' }, { user: 'ada' })).rejects.toMatchObject({ code: 'invalid_argument' });
  await acme.automations.put('other', orderAutomation);
  await expect(acme.automations.press('other', {}, { user: 'ada' })).rejects.toMatchObject({ code: 'invalid_argument' });
  await expect(acme.automations.run('refund')).rejects.toMatchObject({ code: 'invalid_argument' });
  const { id } = await acme.automations.get('refund');
  await expect(office.hub.tenant('beta').automations.press(id, {}, { user: 'ada' })).rejects.toMatchObject({ code: 'not_found' });
});
