import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage } from '../desk/desk-stage.ts';

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

const onOrder = { event: 'order.placed' } as const;

it('counts the runs of an automation, how long they took, and where they failed', async () => {
  const row = { id: 'row', action: 'desk.file_ticket', connection: 'main', input: { title: '{{ item }}' } } as const;
  await acme.automations.put('orders', {
    trigger: onOrder,
    steps: [
      { id: 'nap', action: 'flow.delay', for: '{{ event.data.number }}' },
      { id: 'rows', action: 'flow.each', list: '{{ event.data.json }}', steps: [row] },
    ],
  });
  await acme.automations.put('other', { trigger: onOrder, steps: [{ ...row, input: { title: 'x' } }] });
  await acme.automations.disable('other');
  const place = (number: string, json: string[]) => acme.events.publish('order.placed', { number, json });
  for (const seconds of ['1s', '2s', '40s']) await place(seconds, []);
  await place('never', []);
  await office.settled();
  const refuse = () => {
    throw new PatchbayError({ code: 'provider_rejected', message: 'The desk refuses it. Correct it.' });
  };
  stage.desk.next('file_ticket', refuse, refuse);
  await place('2s', ['a']);
  await place('2s', ['a']);
  await office.settled();
  const told = await acme.automations.analytics('orders');
  expect(told.runs).toEqual({ running: 0, succeeded: 3, failed: 3, cancelled: 0 });
  expect(told.errors).toEqual([
    { code: 'provider_rejected', count: 2 },
    { code: 'invalid_input', count: 1 },
  ]);
  expect(told.failures).toEqual([{ step: 'rows[]/row', code: 'provider_rejected', count: 2 }]);
  // Of 0, 1, 2, 2, 2 and 40 seconds, the hub's turns aside.
  expect(Math.round((told.durationMs.p50 ?? 0) / 1_000)).toBe(2);
  expect(Math.round((told.durationMs.p95 ?? 0) / 1_000)).toBe(40);
  expect(told.cut).toBe(false);
  expect(await acme.automations.analytics('orders', { limit: 2 })).toMatchObject({ cut: true, runs: { succeeded: 0, failed: 2 } });
  const nothing = { runs: { succeeded: 0, failed: 0 }, durationMs: { p50: null, p95: null }, errors: [], failures: [], cut: false };
  expect(await acme.automations.analytics('other')).toMatchObject(nothing);
  await stage.clock.advance(8 * 86_400_000);
  expect(await acme.automations.analytics('orders')).toMatchObject(nothing);
  const { failed } = (await acme.automations.analytics('orders', { from: 0 })).runs;
  expect(failed).toBe(3);
});
