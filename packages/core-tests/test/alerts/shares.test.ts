import { PatchbayError } from '@patchbay/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AlertProcess, type AlertStage, alertStage, filing, minute } from './alert-stage.ts';

let stage: AlertStage;
let first: AlertProcess;
let second: AlertProcess;
beforeEach(async () => {
  stage = alertStage();
  [first, second] = [stage.process(), stage.process()];
  await filing(first);
  await first.acme.alerts.put('failing', {
    on: 'action.executed',
    threshold: { share: 0.5, minimum: 10, windowMs: 10 * minute },
    minimumOpenMs: 0,
    levels: [{ channels: [{ host: 'pager' }] }],
  });
});
afterEach(() => stage.close());

async function file(process: AlertProcess, { failing, well }: { readonly failing: number; readonly well: number }): Promise<void> {
  const refused = (): never => {
    throw new PatchbayError({ code: 'provider_rejected', message: 'The desk refused it. Correct it.', retryable: false });
  };
  stage.desk.next('file_ticket', ...Array.from({ length: failing }, () => refused));
  for (let index = 0; index < failing + well; index += 1) await process.acme.events.publish('order.placed', { number: `A-${index}` });
  await process.settled(0);
}

const later = async (ms: number): Promise<void> => {
  await stage.clock.advance(ms);
  await first.settled(0);
  await second.settled(0);
};

it('a share of failed calls opens an alert, and ends it when it has fallen to half', async () => {
  await file(first, { failing: 8, well: 4 });
  await later(minute);
  expect(stage.said()).toEqual(['pager opened failing']);
  await file(first, { failing: 0, well: 30 });
  await later(minute);
  expect(stage.said()).toEqual(['pager opened failing', 'pager resolved failing']);
  expect(stage.told[1]?.alert.resolved).toMatchObject({ why: 'recovered' });
});

it('a share counts what went well in other processes, and says nothing below its minimum', async () => {
  await file(first, { failing: 8, well: 0 });
  await later(minute);
  expect(stage.said()).toEqual([]);
  await file(second, { failing: 0, well: 20 });
  await file(first, { failing: 2, well: 0 });
  await later(minute);
  await later(minute);
  expect(stage.said()).toEqual([]);
  await file(first, { failing: 15, well: 0 });
  await later(minute);
  expect(stage.said()).toEqual(['pager opened failing']);
});
