import { describe, expect, it } from 'vitest';
import { automationOf, eventWith, play, say, succeeded } from '../__fixtures__/play.ts';
import { advance, beginRun } from '../advance.ts';
import { encodeRunState, newRunState } from '../run-state.ts';

const wide = 'x'.repeat(500_000);
const ten = Array.from({ length: 10 }, (_, index) => index);
const set = (id: string, vars: object) => ({ id, action: 'flow.set', vars });
const kept = (count: number) => Array.from({ length: count }, (_, index) => set(`set${index}`, { [`v${index}`]: '{{ event.data.wide }}' }));
const delays = {
  id: 'rows',
  action: 'flow.each',
  list: '{{ event.data.ten + event.data.ten }}',
  concurrency: 20,
  steps: [{ id: 'wait', action: 'flow.delay', for: '1h' }],
};

describe('what a run remembers', () => {
  it('is bounded: variables that each item under way would hold again are too much, and nothing is sent', () => {
    const few = beginRun(automationOf(...kept(1), say('last')), eventWith({ wide, ten }), newRunState());
    expect([few.status, few.intents.map(({ path }) => path)]).toEqual(['running', ['last']]);
    const many = beginRun(automationOf(...kept(1), delays), eventWith({ wide, ten }), newRunState());
    expect([many.status, many.error?.code, many.intents]).toEqual(['failed', 'fuel_exhausted', []]);
    expect(encodeRunState(many.state).length).toBeLessThan(1_000);
  });

  it('is bounded while a run goes on: what is under way ends, nothing further begins, and people are told where it was', () => {
    const steps = ten.map((index) => say(`do${index}`));
    const rows = { id: 'rows', action: 'flow.each', list: '{{ event.data.ten }}', concurrency: 2, steps };
    const played = play(automationOf(rows, say('last')), { data: { ten }, result: () => succeeded(wide) });
    expect([played.status, played.error?.code]).toEqual(['failed', 'fuel_exhausted']);
    // The 17th output is beyond 8 MiB; what was under way beside it ends.
    expect(played.sent).toHaveLength(18);
    expect(played.sent.at(-1)?.[0]).toBe('rows[1]/do8');
  });

  it('is bounded in steps without control as well', () => {
    const steps = Array.from({ length: 20 }, (_, index) => say(`do${index}`));
    const played = play(automationOf(...steps), { result: () => succeeded(wide) });
    expect([played.status, played.error?.code, played.sent.length]).toEqual(['failed', 'fuel_exhausted', 17]);
    expect(
      advance({ automation: automationOf(...steps), event: eventWith({}), state: played.state, path: 'do16', result: succeeded() }),
    ).toBeNull();
  });
});

it('pays for the variables that each item of a loop is given', () => {
  const many = Array.from({ length: 40 }, (_, index) =>
    set(`set${index}`, Object.fromEntries(Array.from({ length: 50 }, (__, name) => [`v${index}_${name}`, name]))),
  );
  const inner = { id: 'inner', action: 'flow.each', list: '{{ event.data.ten }}', steps: [set('own', { a: '{{ index }}' })] };
  const outer = (count: number) => ({
    id: 'outer',
    action: 'flow.each',
    limit: 1_000,
    list: Array.from({ length: count }, () => 0),
    steps: [inner],
  });
  const run = (...steps: readonly unknown[]) => play(automationOf(...steps), { data: { ten } });
  expect(run(outer(400)).status).toBe('succeeded');
  expect(run(...many, outer(10)).status).toBe('succeeded');
  expect(run(...many, outer(400)).error).toMatchObject({ code: 'fuel_exhausted', message: expect.stringContaining('worked out more') });
});
