import { describe, expect, it } from 'vitest';
import { parseAutomation } from './parse-automation.ts';

const step = { id: 'ticket', action: 'desk.file_ticket', connection: 'main', input: { title: '{{ event.data.title }}' } };
const told = { action: 'chat.say', connection: 'team', input: { text: '{{ event.data.title }}: {{ failure.step }}' }, onUnknown: 'retry' };
const sound = { trigger: { event: 'order.placed' }, steps: [step] };

/** The message with which a definition is refused. */
function faultOf(definition: unknown): string {
  try {
    parseAutomation(definition);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'automation_invalid') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('what is accepted', () => {
  it.each([
    ['the least', sound],
    ['a manual trigger', { ...sound, trigger: { manual: true } }],
    ['a trigger of one connection', { ...sound, trigger: { event: 'desk.ticket.filed', connection: 'main' } }],
    [
      'a description and a condition',
      { ...sound, description: 'Files.', when: { field: 'event.data.amount', op: 'greater_than', value: 1 } },
    ],
    ['a step without input', { ...sound, steps: [{ id: 'a', action: 'desk.list', connection: 'main' }] }],
    ['what to do when nobody can tell', { ...sound, steps: [{ ...step, onUnknown: 'retry' }] }],
    ['what a failed run sends', { ...sound, escalation: told }],
    ['fifty steps', { ...sound, steps: Array.from({ length: 50 }, (_, index) => ({ ...step, id: `s${index}` })) }],
    [
      'names computed when it runs',
      { ...sound, steps: [step, { ...step, id: 'b', input: { title: '{{ steps[event.data.which].output }}' } }] },
    ],
  ])('is %s, and comes out as it went in', (_what, definition) => {
    expect(parseAutomation(definition)).toEqual(definition);
    expect(parseAutomation(JSON.parse(JSON.stringify(definition)))).toEqual(definition);
  });

  it('is a copy that shares nothing with what was handed in', () => {
    const input = { title: 'x', list: [{ a: 1 }] };
    const parsed = parseAutomation({ ...sound, steps: [{ ...step, input }] });
    input.title = 'changed';
    Object.assign(input.list[0] ?? {}, { a: 2 });
    expect(parsed.steps[0]).toEqual({ ...step, input: { title: 'x', list: [{ a: 1 }] } });
  });

  it('has no members that are undefined, which JSON would drop', () => {
    const parsed = parseAutomation({
      description: undefined,
      trigger: { event: 'order.placed', connection: undefined },
      when: undefined,
      steps: [{ ...step, input: { title: 'x', more: undefined }, onUnknown: undefined }],
    });
    expect(JSON.parse(JSON.stringify(parsed))).toStrictEqual(parsed);
  });
});

describe('what is refused, with its place', () => {
  it.each([
    ['nothing', undefined, '(root): '],
    ['null', null, '(root): '],
    ['a text', 'x', '(root): '],
    ['a list', [sound], '(root): '],
    ['no trigger', { steps: [step] }, 'trigger: is missing'],
    ['no steps at all', { trigger: { manual: true } }, 'steps: is missing'],
    ['an unknown member', { ...sound, trigers: 1 }, '(root): Unrecognized key: "trigers"'],
    [
      'an unknown member of the trigger',
      { ...sound, trigger: { event: 'order.placed', connecton: 'x' } },
      'trigger: Unrecognized key: "connecton"',
    ],
    ['both kinds of trigger', { ...sound, trigger: { event: 'order.placed', manual: true } }, 'trigger: Unrecognized key: "event"'],
    ['a manual trigger that is false', { ...sound, trigger: { manual: false } }, 'trigger.manual: '],
    ['an event that is no type', { ...sound, trigger: { event: 'order..placed' } }, 'trigger.event: must be segments'],
    ['a pattern for a type', { ...sound, trigger: { event: 'order.*' } }, 'trigger.event: '],
    ['an empty list of steps', { ...sound, steps: [] }, 'steps: must have at least 1 item'],
    [
      'too many steps',
      { ...sound, steps: Array.from({ length: 51 }, (_, index) => ({ ...step, id: `s${index}` })) },
      'steps: must have at most 50 items',
    ],
    ['an unknown member of a step', { ...sound, steps: [{ ...step, conection: 'x' }] }, 'steps.ticket: Unrecognized key: "conection"'],
    ['an id that is none', { ...sound, steps: [{ ...step, id: '1st' }] }, 'steps.0.id: must be letters'],
    ['a step without an id', { ...sound, steps: [step, { ...step, id: undefined }] }, 'steps.1.id: is missing'],
    ['a step without an action', { ...sound, steps: [step, { ...step, id: 'b', action: undefined }] }, 'steps.b.action: is missing'],
    ['a step that is none', { ...sound, steps: ['file'] }, 'steps.0: must be an object'],
    [
      'what to do when nobody can tell, of another word',
      { ...sound, steps: [{ ...step, onUnknown: 'wait' }] },
      'steps.ticket.onUnknown: must be "hold" or "retry"',
    ],
    ['an id that leads to a prototype', { ...sound, steps: [{ ...step, id: 'constructor' }] }, 'steps: the id constructor is not allowed'],
    ['an id used twice', { ...sound, steps: [step, step] }, 'steps: the id ticket is used twice'],
    ['an action that is none', { ...sound, steps: [{ ...step, action: 'file' }] }, 'steps.ticket.action: must be {connector}.{action}'],
    [
      'a control step that is none',
      { ...sound, steps: [{ ...step, action: 'flow.repeat' }] },
      'steps.ticket: the control step flow.repeat',
    ],
    ['a condition that is none', { ...sound, when: { all: {} } }, 'when: '],
    ['an operator that is none', { ...sound, when: { field: 'event.data.a', op: 'is' } }, 'when: '],
    ['a condition on another root', { ...sound, when: { field: 'steps.ticket.output', op: 'exists' } }, 'there is no variable "steps"'],
    ['a typo deep in a condition', { ...sound, when: { all: [{ any: [{ cel: 'evnt.data.a == 1' }] }] } }, 'all[0].any[0].cel'],
    [
      'an attribute that no event has',
      { ...sound, when: { cel: 'has(event.dta.a)' } },
      'when: an event has no attribute dta; it has causation, class',
    ],
    ['a place in an event', { ...sound, when: { field: 'event[0]', op: 'exists' } }, 'when: an event has no attribute 0'],
    ['a template that is not closed', { ...sound, steps: [{ ...step, input: { title: '{{ event.data' } }] }, 'steps.ticket.input: '],
    ['an expression that is none', { ...sound, steps: [{ ...step, input: { title: '{{ event.data. }}' } }] }, 'steps.ticket.input: '],
    [
      'a later step',
      {
        ...sound,
        steps: [
          { ...step, input: { a: ['{{ steps.b.output }}'] } },
          { ...step, id: 'b' },
        ],
      },
      'steps.ticket.input: it reads steps.b, and no step comes before it',
    ],
    [
      'an unknown step',
      { ...sound, steps: [step, { ...step, id: 'b', input: '{{ steps.tcket.output }}' }] },
      'it reads steps.tcket, and before it there are ticket',
    ],
    ['an escalation with an id', { ...sound, escalation: { ...told, id: 'a' } }, 'escalation: Unrecognized key: "id"'],
    ['a control step for one', { ...sound, escalation: { ...told, action: 'flow.stop' } }, 'escalation: the control step flow.stop'],
    ['one that reads steps', { ...sound, escalation: { ...told, input: '{{ steps.ticket.output }}' } }, 'there is no variable "steps"'],
    [
      'one that reads what no failure has',
      { ...sound, escalation: { ...told, input: '{{ failure.reason }}' } },
      'escalation.input: a failure has no reason; it has step, code, message',
    ],
    ['a step that reads a failure', { ...sound, steps: [{ ...step, input: '{{ failure.code }}' }] }, 'there is no variable "failure"'],
    ['a prototype in one', { ...sound, escalation: { ...told, input: { constructor: 1 } } }, 'escalation.input: the name constructor'],
    [
      'something else of a step',
      { ...sound, steps: [step, { ...step, id: 'b', input: '{{ steps.ticket.key }}' }] },
      'it reads steps.ticket.key; what a step gave is in steps.ticket.output',
    ],
  ])('%s', (_what, definition, fault) => {
    expect(faultOf(definition)).toContain(`The automation is not valid: `);
    expect(faultOf(definition)).toContain(fault);
  });
});

describe('what is hostile', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
    return value;
  };
  const cycle: Record<string, unknown> = {};
  cycle['again'] = { cycle };

  it.each([
    ['an input without end', { ...sound, steps: [{ ...step, input: nested(100_000) }] }, 'nested more than 100 deep'],
    ['a condition without end', { ...sound, when: nested(100_000) }, 'when: '],
    ['a value of a condition without end', { ...sound, when: { field: 'event.data.a', op: 'equals', value: nested(100_000) } }, 'when: '],
    ['a trigger without end', { ...sound, trigger: nested(100_000) }, 'trigger: '],
    ['an event without end', { ...sound, trigger: { event: nested(100_000) } }, 'trigger.event: '],
    ['steps without end', { ...sound, steps: nested(100_000) }, 'steps: '],
    ['a cycle', { ...sound, steps: [{ ...step, input: cycle }] }, 'nested more than 100 deep'],
    ['more than can be stored', { ...sound, steps: [{ ...step, input: { title: 'x'.repeat(300_000) } }] }, 'longer than 262144 characters'],
    [
      'a member that leads to a prototype',
      { ...sound, steps: [{ ...step, input: JSON.parse('{"a":{"__proto__":{"b":1}}}') }] },
      'steps.ticket.input.a: the name __proto__ is not allowed',
    ],
    ['another such member', { ...sound, steps: [{ ...step, input: [{ constructor: 1 }] }] }, 'steps.ticket.input[0]: the name constructor'],
    ['a root with such a member', JSON.parse('{"trigger":{"manual":true},"steps":[],"__proto__":{"a":1}}'), '(root): '],
    ['a date', { ...sound, steps: [{ ...step, input: { at: new Date(0) } }] }, 'steps.ticket.input.at: it is not JSON'],
    ['a map', { ...sound, steps: [{ ...step, input: new Map() }] }, 'steps.ticket.input: it is not JSON'],
    ['a function', { ...sound, steps: [{ ...step, input: { toJSON: () => 'x' } }] }, 'steps.ticket.input.toJSON: it is not JSON'],
    ['a BigInt', { ...sound, steps: [{ ...step, input: { a: 1n } }] }, 'steps.ticket.input.a: it is not JSON'],
    ['no number', { ...sound, steps: [{ ...step, input: [Number.NaN] }] }, 'steps.ticket.input[0]: it is not JSON'],
    ['holes', { ...sound, steps: [{ ...step, input: new Array(2) }] }, 'steps.ticket.input[0]: it is not JSON'],
    ['a flood of values', { ...sound, steps: [{ ...step, input: Array.from({ length: 10_001 }, () => 0) }] }, 'more than 10000 values'],
  ])('is refused: %s', (_what, definition, fault) => {
    expect(faultOf(definition)).toContain(fault);
  });

  it('leaves Object.prototype as it is', () => {
    faultOf({ ...sound, steps: [{ ...step, input: JSON.parse('{"__proto__":{"polluted":true}}') }] });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('control steps', () => {
  const inner = { ...step, id: 'inner' };
  const each = { id: 'each', action: 'flow.each', list: '{{ event.data.list }}', steps: [inner] };
  const group = (steps: readonly unknown[], more: object = {}) => ({ id: 'group', action: 'flow.group', steps, ...more });
  const reading = (id: string, text: string) => ({ ...step, id, input: { title: text } });
  const nested = (depth: number): object => (depth === 0 ? inner : { id: `g${depth}`, action: 'flow.group', steps: [nested(depth - 1)] });

  it.each([
    [
      'a loop that reads item, index and what came before',
      [step, { ...each, steps: [reading('a', '{{ item }} {{ index }} {{ steps.ticket.output }}')] }],
    ],
    [
      'what a branch may have given',
      [{ id: 'b', action: 'flow.branch', branches: [{ when: { cel: 'true' }, steps: [inner] }] }, reading('c', '{{ steps.inner.output }}')],
    ],
    [
      'an error path that reads the failure',
      [{ ...step, onError: { steps: [reading('a', '{{ failure.message }}')], afterwards: 'fail' } }],
    ],
    ['variables that are set somewhere', [{ id: 'set', action: 'flow.set', vars: { a: 1 } }, reading('b', '{{ vars.a }}')]],
    [
      'a wait that reads both events',
      [{ id: 'w', action: 'flow.wait', event: 'order.paid', when: { cel: 'incoming.data.a == event.data.a' }, timeout: '30d' }],
    ],
    ['the deepest nesting', [nested(5)]],
    [
      'policies within their bounds',
      [
        {
          ...step,
          timeout: '15m',
          retry: { attempts: 20, wait: '100ms', longest: '1d' },
          concurrency: 100,
          rate: { limit: 10_000, per: '1d' },
        },
      ],
    ],
  ])('may be %s, and come out as they went in', (_what, steps) => {
    const definition = { ...sound, steps };
    expect(parseAutomation(definition)).toEqual(definition);
    expect(JSON.parse(JSON.stringify(parseAutomation(definition)))).toStrictEqual(JSON.parse(JSON.stringify(definition)));
  });

  it.each([
    ['an id used twice inside', [step, group([step])], 'steps: the id ticket is used twice'],
    ['a step that is none inside', [group([{ id: 'x' }])], 'steps.x.action: is missing'],
    ['a step without an id inside', [group([step, { action: 'desk.x', connection: 'main' }])], 'steps.group.steps.1.id: is missing'],
    ['too deep a nesting', [nested(6)], 'nested more than 6 deep'],
    [
      'too many steps in all',
      [0, 1, 2, 3, 4].map((part) => ({
        id: `g${part}`,
        action: 'flow.group',
        steps: Array.from({ length: 50 }, (_, index) => ({ ...step, id: `s${part}x${index}` })),
      })),
      'there are more than 200',
    ],
    [
      'a read of what is inside of a loop from behind it',
      [each, reading('b', '{{ steps.inner.output }}')],
      'it reads steps.inner, and before it there are each',
    ],
    ['a read of a later step inside', [{ ...each, steps: [reading('a', '{{ steps.inner.output }}'), inner] }], 'it reads steps.inner'],
    ['an item outside of a loop', [reading('a', '{{ item }}')], 'there is no variable "item"'],
    [
      'a variable that nothing sets',
      [{ id: 'set', action: 'flow.set', vars: { a: 1 } }, reading('b', '{{ vars.b }}')],
      'no flow.set sets vars.b; there are a',
    ],
    ['variables where nothing is set', [reading('b', '{{ vars.b }}')], 'there is no variable "vars"'],
    ['a failure outside of an error path', [group([step]), reading('b', '{{ failure.code }}')], 'there is no variable "failure"'],
    [
      'an incoming event that has no such attribute',
      [{ id: 'w', action: 'flow.wait', event: 'a.b', timeout: '1d', when: { cel: 'incoming.dta == 1' } }],
      'steps.w.when: an event has no attribute dta',
    ],
    ['a wait without an end', [{ id: 'w', action: 'flow.wait', event: 'a.b' }], 'steps.w.timeout: is missing'],
    [
      'a wait that is too long',
      [{ id: 'w', action: 'flow.wait', event: 'a.b', timeout: '31d' }],
      'steps.w.timeout: must be between 1s and 30d',
    ],
    ['a delay that is too long', [{ id: 'd', action: 'flow.delay', for: '31d' }], 'steps.d.for: must be a length of time'],
    ['a delay of both kinds', [{ id: 'd', action: 'flow.delay', for: '1d', until: '{{ event.time }}' }], 'steps.d: a delay has either for'],
    ['a time that is none', [{ id: 'd', action: 'flow.delay', until: 'soon' }], 'steps.d.until: must be a time'],
    ['a loop without a list', [{ ...each, list: undefined }], 'steps.each.list: is missing'],
    ['more at once than there may be', [{ ...each, concurrency: 51 }], 'steps.each.concurrency: must be at most 50'],
    ['no tries', [{ ...step, retry: { attempts: 0 } }], 'steps.ticket.retry.attempts: must be at least 1'],
    ['too long a try', [{ ...step, timeout: '1h' }], 'steps.ticket.timeout: must be between 1s and 15m'],
    ['a rate over too long a time', [{ ...step, rate: { limit: 1, per: '2d' } }], 'steps.ticket.rate.per: must be between 1s and 1d'],
    ['no variables', [{ id: 'set', action: 'flow.set', vars: {} }], 'steps.set.vars: must have 1 to 50 members'],
    [
      'a variable that leads to a prototype',
      [{ id: 'set', action: 'flow.set', vars: { constructor: 1 } }],
      'steps.set.vars: the name constructor is not allowed',
    ],
    [
      'a condition of a branch that is none',
      [{ id: 'b', action: 'flow.branch', branches: [{ steps: [inner] }] }],
      'steps.b.branches.0.when: ',
    ],
  ])('are refused for %s', (_what, steps, fault) => {
    expect(faultOf({ ...sound, steps })).toContain(fault);
  });
});
