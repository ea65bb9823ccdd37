import { expect, it } from 'vitest';
import { systemClock } from '../clock/system-clock.ts';
import { stopWork } from './stop-work.ts';

it('takes back what is under way with a reason that promises nothing about whether it was sent', async () => {
  const abort = new AbortController();
  const watch = { all: () => [{ abort }], close: async () => undefined } as unknown as Parameters<typeof stopWork>[0]['watch'];
  await stopWork({
    clock: systemClock,
    figures: { graceMs: 1_000, leaseMs: 1_000 },
    watch,
    giveUp: new AbortController(),
    isBusy: () => false,
    nextChange: async () => undefined,
  });
  // What may have happened follows this sentence, and tells a person to decide.
  expect(abort.signal.reason).toMatchObject({ code: 'aborted', message: 'The hub stopped while this was under way.' });
});
