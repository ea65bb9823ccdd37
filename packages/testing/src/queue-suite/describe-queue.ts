import type { Queue, Wake } from '@patchbay/core/adapter';
import { afterAll, describe, expect, it } from 'vitest';
import { skipNotes } from '../storage-suite/skip-notes.ts';

/** One queue and what a test does with it. */
export interface QueueSubject {
  readonly queue: Queue;
  /** Ends the queue, every {@link QueueSubject.second} of it, and what `create` made for it. */
  close(): Promise<void>;
  /** Another instance, as a second process has it. Absent where the queue serves one process. */
  second?(): Promise<Queue>;
}

/** Makes the queues that the suite runs on. */
export interface QueueFactory {
  create(): Promise<QueueSubject>;
}

/** Milliseconds after which a wake-up counts as lost. */
const patience = 5_000;

/** A listener whose hints can be awaited. */
function listen(queue: Queue): { readonly hints: Wake[]; readonly stop: () => void; heard(fits: (hint: Wake) => boolean): Promise<void> } {
  const hints: Wake[] = [];
  const waiting = new Set<() => void>();
  const stop = queue.onWake((hint) => {
    hints.push(hint);
    for (const look of [...waiting]) look();
  });
  const heard = (fits: (hint: Wake) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`No fitting wake-up within ${patience} ms; heard ${JSON.stringify(hints)}.`)),
        patience,
      );
      const look = (): void => {
        if (!hints.some(fits)) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { hints, stop, heard };
}

/** True for a hint that leaves the handler in: a hint may be widened on the way, never narrowed. */
const concerns =
  (handler: string) =>
  (hint: Wake): boolean =>
    hint.handlers === undefined || hint.handlers.includes(handler);

const key = { tenant: 'Zoë:"1"', root: '0198a000-0000-7000-8000-000000000001', target: 'call', replay: 0, path: 'x'.repeat(200) };

const includesKey = (hint: Wake): boolean =>
  hint.keys === undefined || hint.keys.some((one) => JSON.stringify(one) === JSON.stringify(key));

type Scenario = (title: string, body: (subject: QueueSubject, second: () => Promise<Queue>) => Promise<void>) => void;

function oneProcess(scenario: Scenario): void {
  scenario('wakes every listener of the process', async ({ queue }) => {
    const [first, second] = [listen(queue), listen(queue)];
    await queue.wake({ handlers: ['action:github@1'] });
    await Promise.all([first.heard(concerns('action:github@1')), second.heard(concerns('action:github@1'))]);
  });

  scenario('carries handlers, keys and time, or says less, never more', async ({ queue }) => {
    const listener = listen(queue);
    await queue.wake({ handlers: ['action:github@1', 'action:jira@1'], keys: [key], inMs: 1_500 });
    await listener.heard((hint) => concerns('action:jira@1')(hint) && includesKey(hint) && (hint.inMs === undefined || hint.inMs <= 1_500));
  });

  scenario('loses none of many wake-ups, though it may join them', async ({ queue }) => {
    const listener = listen(queue);
    const handlers = Array.from({ length: 100 }, (_, index) => `subscriber:${index}`);
    await Promise.all(handlers.map((handler) => queue.wake({ handlers: [handler] })));
    for (const handler of handlers) await listener.heard(concerns(handler));
  });

  scenario('does not reject because nobody listens', async ({ queue }) => {
    await expect(queue.wake({})).resolves.toBeUndefined();
  });

  scenario('wakes the others when a listener throws', async ({ queue }) => {
    queue.onWake(() => {
      throw new Error('a listener that fails');
    });
    const listener = listen(queue);
    await expect(queue.wake({ handlers: ['a'] })).resolves.toBeUndefined();
    await listener.heard(concerns('a'));
  });

  scenario('does not wait for a listener', async ({ queue }) => {
    let returned = false;
    let calledBefore = false;
    queue.onWake(() => {
      calledBefore ||= !returned;
    });
    const listener = listen(queue);
    const waking = queue.wake({});
    returned = true;
    await waking;
    await listener.heard(() => true);
    expect(calledBefore).toBe(false);
  });

  scenario('wakes a listener no more that has been taken away', async ({ queue }) => {
    const [gone, left] = [listen(queue), listen(queue)];
    gone.stop();
    gone.stop();
    await queue.wake({ handlers: ['a'] });
    await left.heard(concerns('a'));
    expect(gone.hints).toEqual([]);
  });

  scenario('closes as often as it is asked, and wakes nobody afterwards', async ({ queue }) => {
    const listener = listen(queue);
    await queue.close();
    await queue.close();
    await queue.wake({}).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(listener.hints).toEqual([]);
  });
}

function twoProcesses(scenario: Scenario): void {
  scenario('wakes the other process', async ({ queue }, second) => {
    const other = await second();
    const [here, there] = [listen(queue), listen(other)];
    await queue.wake({ handlers: ['action:github@1'], keys: [key] });
    await there.heard((hint) => concerns('action:github@1')(hint) && includesKey(hint));
    await here.heard(concerns('action:github@1'));
  });

  scenario('goes on for one process when the other closes', async ({ queue }, second) => {
    const other = await second();
    const there = listen(other);
    await queue.close();
    await other.wake({ handlers: ['a'] });
    await there.heard(concerns('a'));
  });
}

/** Declares the conformance suite of the queue contract. A queue that serves one process leaves `second` out; the tests concerned are skipped, and the reason is printed. */
export function describeQueue(name: string, factory: QueueFactory): void {
  describe(`queue contract: ${name}`, () => {
    const notes = skipNotes(`queue contract: ${name}`);
    const scenario: Scenario = (title, body) => {
      it(title, async (context) => {
        const subject = await factory.create();
        const second = async (): Promise<Queue> => {
          if (subject.second !== undefined) return subject.second();
          const reason = 'it serves one process only';
          notes.add(reason);
          return context.skip(reason);
        };
        try {
          await body(subject, second);
        } finally {
          await subject.close();
        }
      });
    };
    oneProcess(scenario);
    twoProcesses(scenario);
    afterAll(notes.print);
  });
}
