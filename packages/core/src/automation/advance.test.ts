import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HubEvent } from '../event/hub-event.ts';
import type { Json } from '../json/json.ts';
import { advance, beginRun } from './advance.ts';
import type { AutomationDefinition } from './automation-definition.ts';
import { compileAutomation } from './compile-automation.ts';
import { decodeRunState, encodeRunState, newRunState } from './run-state.ts';

const event = (data: Json): HubEvent => ({
  specversion: '1.0',
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  source: '/tenants/acme',
  type: 'order.placed',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  data,
  tenant: 'acme',
  correlation: '01890a5d-ac96-774b-bcce-b302099a8057',
  class: 'custom',
  severity: 'info',
});

const compiled = (...inputs: readonly Json[]) => {
  const steps = inputs.map((input, index) => ({ id: `s${index}`, action: 'desk.file', connection: 'main', input }));
  const definition: AutomationDefinition = { trigger: { event: 'order.placed' }, steps };
  return compileAutomation({ id: 'a', name: 'order', version: 1, definition });
};
/** Any JSON but what rendering leaves behind: members of names that lead to prototypes. */
const renderable = fc.jsonValue().filter((value) => !/"(__proto__|constructor|prototype)":/.test(JSON.stringify(value)));
const succeeded = (output: Json) => ({ ended: 'succeeded', output }) as const;
const error = { code: 'provider_rejected', message: 'No.' };

describe('a run', () => {
  it('begins with its first step, rendered, and keeps what it began with', () => {
    const begun = beginRun(
      compiled({ title: '{{ event.data.title }}' }),
      event({ title: 'x' }),
      newRunState({ majors: { desk: 2 }, replayKey: 'k' }),
    );
    expect(begun).toMatchObject({ status: 'running', error: null, state: { at: 0, steps: {}, majors: { desk: 2 }, replayKey: 'k' } });
    expect(begun.intents.map(({ path, input }) => [path, input])).toEqual([['s0', '{"title":"x"}']]);
  });

  it('fails before anything is sent where its first input errs', () => {
    const begun = beginRun(compiled({ title: '{{ event.data.title.first }}' }), event({ title: 'x' }), newRunState());
    expect(begun).toMatchObject({
      status: 'failed',
      intents: [],
      error: { code: 'expression_failed', message: expect.stringContaining('The input of step s0') },
    });
  });

  it('goes on with the outputs of all that has ended, and succeeds after the last', () => {
    const automation = compiled({}, { got: '{{ steps.s0.output }}' }, { both: ['{{ steps.s0.output.a }}', '{{ steps.s1.output }}'] });
    const first = advance({ automation, event: event({}), state: newRunState(), path: 's0', result: succeeded({ a: [1, null] }) });
    expect(first?.intents.map(({ input }) => input)).toEqual(['{"got":{"a":[1,null]}}']);
    const second = first && advance({ automation, event: event({}), state: first.state, path: 's1', result: succeeded('b') });
    expect(second?.intents.map(({ input }) => input)).toEqual(['{"both":[[1,null],"b"]}']);
    const third = second && advance({ automation, event: event({}), state: second.state, path: 's2', result: succeeded(null) });
    expect(third).toMatchObject({ status: 'succeeded', error: null, intents: [], state: { at: 3 } });
    const state = third?.state ?? newRunState();
    expect(advance({ automation, event: event({}), state, path: 's2', result: succeeded(null) })).toBeNull();
  });

  it('fails with its step, and stands there so that the step can be tried again', () => {
    const automation = compiled({}, {});
    const failed = advance({ automation, event: event({}), state: newRunState(), path: 's0', result: { ended: 'failed', error } });
    expect(failed).toMatchObject({ status: 'failed', error, intents: [], state: { at: 0 } });
    expect(failed?.state).not.toHaveProperty('escalations');
    const again = failed && advance({ automation, event: event({}), state: failed.state, path: 's0', result: succeeded(1) });
    expect(again).toMatchObject({ status: 'running', intents: [{ path: 's1' }] });
  });

  it.each(['s1', 's9', '', '__proto__'])('is not changed by the result of %j, which is not under way', (path) => {
    expect(advance({ automation: compiled({}, {}), event: event({}), state: newRunState(), path, result: succeeded(1) })).toBeNull();
  });

  it('gives the same answer for the same definition, state and result, and changes neither', () => {
    fc.assert(
      fc.property(renderable, renderable, (data, output) => {
        const automation = compiled({ a: '{{ event.data }}' }, { b: '{{ steps.s0.output }}', c: '{{ event.data }}' });
        const state = Object.freeze(newRunState());
        const go = () => advance({ automation, event: event(data as Json), state, path: 's0', result: succeeded(output as Json) });
        expect(JSON.stringify(go())).toBe(JSON.stringify(go()));
        expect(go()?.intents[0]?.input).toBe(JSON.stringify({ b: output, c: data }));
      }),
    );
  });
});

it('keeps its state over its text, whatever the outputs hold', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'constructor', 'toString'), fc.jsonValue()), fc.string(), (outputs, replayKey) => {
      const steps = Object.fromEntries(
        Object.entries(outputs).map(([id, output]) => [id, { output: JSON.parse(JSON.stringify(output)) as Json }]),
      );
      const state = { ...newRunState({ majors: { desk: 1 }, replayKey }), at: 1, steps };
      expect(decodeRunState(encodeRunState(state))).toEqual(state);
    }),
  );
});
