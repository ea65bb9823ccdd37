import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { automationJsonSchema } from './automation-json-schema.ts';
import { parseAutomation } from './parse-automation.ts';

const bySchema = new Ajv2020({ strict: true }).compile(automationJsonSchema());

function byParser(value: unknown): boolean {
  try {
    parseAutomation(value);
    return true;
  } catch (error) {
    if (isPatchbayError(error)) return false;
    throw error;
  }
}

const text = fc.constantFrom('main', 'x', '', 'x'.repeat(200), 'x'.repeat(201));
const eventType = fc.constantFrom('order.placed', 'desk.ticket.filed', 'single', 'order..placed', 'order.*', '', 'x.'.repeat(150), 7);
const trigger = fc.oneof(
  fc.record({ event: eventType, connection: text }, { requiredKeys: ['event'] }),
  fc.constantFrom(
    { manual: true },
    { manual: false },
    {},
    { manual: true, event: 'order.placed' },
    { event: 'order.placed', more: 1 },
    null,
    'order.placed',
  ),
);
const input = fc.oneof(
  fc.constantFrom('{{ event.data.a }}', { title: 'x', list: [1, null, { deep: true }] }, {}, 7, null),
  fc.constantFrom(JSON.parse('{"__proto__":1}'), { a: [{ constructor: 1 }] }, { prototype: {} }),
);
const stepShape = {
  action: fc.constantFrom('desk.file_ticket', 'desk-2.list', 'file', 'Desk.file', 'desk.file.more', 7),
  connection: text,
  input,
  onUnknown: fc.constantFrom('hold', 'retry', 'ignore'),
  extra: fc.constant(1),
};
const sound = fc.record({ action: fc.constant('desk.file_ticket'), connection: fc.constant('main'), input: fc.constant({ title: 'x' }) });
const inner = (id: string) => [{ id, action: 'desk.file_ticket', connection: 'main' }];
const control = fc.constantFrom<object[]>(
  { action: 'flow.branch', branches: [{ when: { cel: 'true' }, steps: inner('inner_1') }], else: inner('inner_2') },
  { action: 'flow.branch', branches: [] },
  { action: 'flow.branch', branches: [{ steps: inner('inner_1') }] },
  { action: 'flow.branch', branches: [{ when: { cel: 'true' }, steps: [] }] },
  { action: 'flow.each', list: '{{ event.data.a }}', steps: inner('inner_1'), concurrency: 3, limit: 7, collect: '{{ item }}' },
  { action: 'flow.each', list: [1, 2], steps: [{ id: 'inner_1', action: 'flow.each' }] },
  { action: 'flow.each', steps: inner('inner_1') },
  { action: 'flow.each', list: [1], steps: inner('inner_1'), concurrency: 51 },
  { action: 'flow.group', steps: inner('inner_1'), onError: { steps: inner('inner_2'), afterwards: 'fail' } },
  { action: 'flow.group', steps: inner('inner_1'), onError: { afterwards: 'stop' } },
  { action: 'flow.group' },
  { action: 'flow.delay', for: '15m' },
  { action: 'flow.delay', until: '{{ event.data.a }}' },
  { action: 'flow.delay' },
  { action: 'flow.delay', for: '15m', until: '{{ event.data.a }}' },
  { action: 'flow.wait', event: 'order.paid', when: { cel: 'incoming.data.a == event.data.a' }, timeout: '2d', onTimeout: 'continue' },
  { action: 'flow.wait', event: 'order.paid' },
  { action: 'flow.wait', event: 'order.*', timeout: '2d' },
  { action: 'flow.wait', event: 'order.paid', timeout: 'soon' },
  { action: 'flow.set', vars: { a: 1, b: '{{ event.data.a }}' } },
  { action: 'flow.set', vars: {} },
  { action: 'flow.set', vars: { '1a': 1 } },
  { action: 'flow.transform', value: { a: '{{ event.data.a }}' } },
  { action: 'flow.transform' },
  { action: 'flow.stop', as: 'failed', message: 'No.' },
  { action: 'flow.stop', onError: {} },
  { action: 'flow.run', automation: 'billing', input: { a: 1 }, wait: false, timeout: '1h' },
  { action: 'flow.run' },
  { action: 'flow.repeat' },
  { action: 'flow.each', connection: 'main' },
  {
    action: 'desk.file_ticket',
    connection: 'main',
    timeout: '30s',
    retry: { attempts: 3, wait: '1s' },
    concurrency: 2,
    rate: { limit: 5, per: '1m' },
  },
  { action: 'desk.file_ticket', connection: 'main', retry: { attempts: 0 } },
  { action: 'desk.file_ticket', connection: 'main', rate: { limit: 5 } },
  { action: 'desk.file_ticket', connection: 'main', onError: { steps: inner('inner_3') } },
);
/** Ids inside of a step differ from those inside of others. */
const withOwnIds = <Step extends object>(step: Step, index: number): Step =>
  JSON.parse(JSON.stringify(step).replaceAll('"inner_', `"inner_${index}_`)) as Step;
const oddId = fc.oneof(
  { weight: 12, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom('1st', '', 'a-b', 'x'.repeat(65)) },
);
// Ids differ: that they must, no schema can say.
const steps = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 5, arbitrary: sound },
        { weight: 2, arbitrary: control },
        { weight: 1, arbitrary: fc.record(stepShape, { requiredKeys: ['action', 'connection'] }) },
      ),
      oddId,
    ),
    { maxLength: 4 },
  )
  .map((each) => each.map(([step, odd], index) => withOwnIds({ id: odd === null ? `s${index}` : odd, ...step }, index)))
  .filter((each) => new Set(each.map(({ id }) => id)).size === each.length);
const when = fc.constantFrom(
  { field: 'event.data.a', op: 'equals', value: 1 },
  { all: [] },
  { cel: 'true' },
  { any: [] },
  { field: 'a', op: 'exists' },
  'true',
);
const usualTrigger = fc.constantFrom({ event: 'order.placed' }, { manual: true }, { event: 'desk.ticket.filed', connection: 'main' });
const definition = fc.record(
  {
    description: fc.oneof(
      { weight: 5, arbitrary: fc.constant('For people.') },
      { weight: 1, arbitrary: fc.constantFrom('', 'x'.repeat(2_001), 7) },
    ),
    trigger: fc.oneof({ weight: 5, arbitrary: usualTrigger }, { weight: 1, arbitrary: trigger }),
    when,
    steps,
    escalation: fc.oneof({ weight: 12, arbitrary: sound }, { weight: 1, arbitrary: fc.record(stepShape, { requiredKeys: ['action'] }) }),
    ordering: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom({ key: '{{ event.data.a }}' }, { key: 'a {{ event.id }}', onDead: 'block' }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom({ key: '' }, { onDead: 'skip' }, { key: '{{ event.id }}', onDead: 'wait' }, 'x', { key: 7 }),
      },
    ),
    concurrency: fc.constantFrom(1, 5, 5, 100, 101),
    extra: fc.constant(1),
  },
  { requiredKeys: ['trigger', 'steps'] },
);

describe('the JSON Schema of automations', () => {
  it('accepts and refuses what the parser does', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(definition, fc.integer({ min: 0, max: 9 }), (given, keep) => {
        const { extra, ...plain } = given;
        const subject = keep === 0 ? { ...plain, extra } : plain;
        const parsed = byParser(JSON.parse(JSON.stringify(subject)));
        if (parsed) accepted += 1;
        else refused += 1;
        expect(bySchema(JSON.parse(JSON.stringify(subject))), JSON.stringify(subject)).toBe(parsed);
      }),
      { numRuns: 2_000 },
    );
    // Neither side of the agreement is empty.
    expect(Math.min(accepted, refused)).toBeGreaterThan(100);
  });

  const asked = { trigger: { manual: true } };
  const told = { action: 'notify.user', input: { user: 'ada', message: { text: 'x' } } };
  it('takes a built-in action without a connection', () => {
    const subject = { ...asked, steps: [{ id: 'a', ...told }], escalation: told };
    expect([byParser(subject), bySchema(subject)]).toEqual([true, true]);
  });

  it.each([
    ['a connector without a connection', { ...asked, steps: [{ id: 'a', action: 'desk.file_ticket', input: {} }] }],
    ['an escalation without one', { ...asked, steps: [{ id: 'a', ...told }], escalation: { action: 'desk.file_ticket' } }],
    ['a built-in action with one', { ...asked, steps: [{ id: 'a', ...told, connection: 'main' }] }],
  ])('refuses %s', (_what, subject) => {
    expect([byParser(subject), bySchema(subject)]).toEqual([false, false]);
  });

  it.each([null, [], 'x', 7, {}, { trigger: { manual: true } }, { steps: [] }])('refuses %j', (subject) => {
    expect([byParser(subject), bySchema(subject)]).toEqual([false, false]);
  });
});
