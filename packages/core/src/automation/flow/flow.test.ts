import { describe, expect, it } from 'vitest';
import { automationOf, eventWith, failed, play, say, succeeded } from '../__fixtures__/play.ts';
import { advance } from '../advance.ts';
import { decodeRunState } from '../run-state.ts';
import { mostOfRun } from './turn.ts';

const paths = ({ sent }: ReturnType<typeof play>): readonly string[] => sent.map(([path]) => path);

describe('a branch', () => {
  const choose = {
    id: 'choose',
    action: 'flow.branch',
    branches: [
      { when: { field: 'event.data.total', op: 'greater_than', value: 100 }, steps: [say('big')] },
      { when: { cel: 'event.data.total > 10' }, steps: [say('middle')] },
    ],
    else: [say('small')],
  };

  it.each([
    [500, 'choose/big', 0],
    [50, 'choose/middle', 1],
    [5, 'choose/small', null],
  ])('of a total of %i goes to %s, and what follows can see where', (total, path, branch) => {
    const played = play(automationOf(choose, say('last', { took: '{{ steps.choose.output.branch }}' })), { data: { total } });
    expect(played.sent).toEqual([
      [path, {}],
      ['last', { took: branch }],
    ]);
    expect(played.status).toBe('succeeded');
  });

  it('without else that fits nowhere is passed over', () => {
    const { else: _, ...without } = choose;
    expect(paths(play(automationOf(without, say('last')), { data: { total: 1 } }))).toEqual(['last']);
  });

  it('gives what its steps gave to those behind it', () => {
    const read = say('last', { key: '{{ has(steps.big.output) ? steps.big.output.path : "none" }}' });
    expect(play(automationOf(choose, read), { data: { total: 500 } }).sent.at(-1)).toEqual(['last', { key: 'choose/big' }]);
    expect(play(automationOf(choose, read), { data: { total: 5 } }).sent.at(-1)).toEqual(['last', { key: 'none' }]);
  });
});

describe('variables, values and a stop', () => {
  it('are set in their order and read as vars.name', () => {
    const { state, sent } = play(
      automationOf(
        { id: 'one', action: 'flow.set', vars: { a: 1, b: '{{ event.data.x }}' } },
        { id: 'two', action: 'flow.set', vars: { a: '{{ vars.a + 1 }}' } },
        { id: 'sum', action: 'flow.transform', value: { both: '{{ vars.a + vars.b }}', text: 'a={{ vars.a }}' } },
        say('last', { all: '{{ steps.sum.output }}' }),
      ),
      { data: { x: 40 } },
    );
    expect(sent).toEqual([['last', { all: { both: 42, text: 'a=2' } }]]);
    expect(state).toMatchObject({ vars: { a: 2, b: 40 }, steps: { one: { output: { a: 1, b: 40 } } } });
  });

  it.each([
    [undefined, 'succeeded', null],
    ['failed', 'failed', { code: 'stopped', message: 'Total 7 is too small.' }],
  ])('end the run as %s, and nothing follows', (as, status, error) => {
    const stop = {
      id: 'stop',
      action: 'flow.stop',
      ...(as === undefined ? {} : { as }),
      message: 'Total {{ event.data.total }} is too small.',
    };
    const played = play(automationOf(say('first'), stop, say('never')), { data: { total: 7 } });
    expect(played).toMatchObject({ status, error });
    expect(paths(played)).toEqual(['first']);
  });

  it('cannot be worked out where an expression errs, which fails the step by its name', () => {
    const played = play(automationOf({ id: 'sum', action: 'flow.transform', value: '{{ event.data.a.b }}' }, say('never')), { data: {} });
    expect(played).toMatchObject({ status: 'failed', error: { code: 'expression_failed', message: expect.stringContaining('Step sum') } });
  });
});

describe('a loop', () => {
  const each = (more: object = {}) => ({
    id: 'each',
    action: 'flow.each',
    list: '{{ event.data.list }}',
    steps: [say('make', { n: '{{ item }}', at: '{{ index }}' }), say('check', { made: '{{ steps.make.output.path }}' })],
    ...more,
  });

  it('does its steps for each item, one item after the other, each with what its own steps gave', () => {
    const played = play(automationOf(say('first'), each(), say('last', { all: '{{ steps.each.output }}' })), {
      data: { list: ['a', 'b'] },
    });
    expect(played.sent).toEqual([
      ['first', {}],
      ['each[0]/make', { n: 'a', at: 0 }],
      ['each[0]/check', { made: 'each[0]/make' }],
      ['each[1]/make', { n: 'b', at: 1 }],
      ['each[1]/check', { made: 'each[1]/make' }],
      ['last', { all: { count: 2, items: [] } }],
    ]);
    expect(Object.keys(played.state.steps)).toEqual(['first', 'each', 'last']);
  });

  it('has as many items under way as it says, and collects in the order of the list', () => {
    const loop = each({ concurrency: 3, collect: '{{ string(item) + "!" }}' });
    let most = 0;
    const played = play(automationOf(loop, say('last', { all: '{{ steps.each.output }}' })), {
      data: { list: [1, 2, 3, 4, 5] },
      pick: (count) => {
        most = Math.max(most, count);
        return count - 1;
      },
    });
    expect(most).toBe(3);
    expect(played.sent.at(-1)).toEqual(['last', { all: { count: 5, items: ['1!', '2!', '3!', '4!', '5!'] } }]);
  });

  it('of an empty list is over at once', () => {
    expect(paths(play(automationOf(each(), say('last')), { data: { list: [] } }))).toEqual(['last']);
  });

  it.each([
    ['no list', { list: 'abc' }, 'It is no list'],
    ['more items than it takes', { list: Array.from({ length: 101 }, (_, index) => index) }, 'It has 101 items, and the step takes 100'],
  ])('fails over %s', (_what, data, message) => {
    expect(play(automationOf(each()), { data })).toMatchObject({ status: 'failed', error: { message: expect.stringContaining(message) } });
  });

  it('that has a failed item begins no more, waits for what is under way, and fails with the first by its place', () => {
    const order: string[] = [];
    const played = play(automationOf(each({ concurrency: 3 })), {
      data: { list: [0, 1, 2, 3, 4] },
      pick: (count) => count - 1,
      result: ({ path }) => {
        order.push(path);
        return path === 'each[1]/make' || path === 'each[2]/make' ? failed(path) : succeeded({ path });
      },
    });
    expect(order).toEqual(['each[2]/make', 'each[1]/make', 'each[0]/make', 'each[0]/check']);
    expect(played).toMatchObject({ status: 'failed', error: { message: 'each[1]/make' } });
  });

  it('goes on at the item that is tried again after it has failed', () => {
    const automation = automationOf(each(), say('last'));
    const data = { list: ['a', 'b', 'c'] };
    const stopped = play(automation, { data, result: ({ path }) => (path === 'each[1]/make' ? failed() : succeeded({ path })) });
    expect(stopped.status).toBe('failed');
    const again = advance({
      automation,
      event: eventWith(data),
      state: stopped.state,
      path: 'each[1]/make',
      result: succeeded({ path: 'x' }),
    });
    expect(again).toMatchObject({ status: 'running', intents: [{ path: 'each[1]/check', input: '{"made":"x"}' }] });
  });

  it('inside of a loop has items of its own, and what is set in an item stays in it', () => {
    const inner = {
      id: 'inner',
      action: 'flow.each',
      list: '{{ item.rows }}',
      steps: [say('row', { of: '{{ vars.order }}', row: '{{ item }}' })],
    };
    const outer = {
      id: 'outer',
      action: 'flow.each',
      list: '{{ event.data.orders }}',
      concurrency: 2,
      steps: [{ id: 'keep', action: 'flow.set', vars: { order: '{{ item.id }}' } }, inner],
    };
    const played = play(
      automationOf({ id: 'first', action: 'flow.set', vars: { order: 'none' } }, outer, say('last', { order: '{{ vars.order }}' })),
      {
        data: {
          orders: [
            { id: 'A', rows: [1, 2] },
            { id: 'B', rows: [3] },
          ],
        },
      },
    );
    expect(Object.fromEntries(played.sent)).toEqual({
      'outer[0]/inner[0]/row': { of: 'A', row: 1 },
      'outer[0]/inner[1]/row': { of: 'A', row: 2 },
      'outer[1]/inner[0]/row': { of: 'B', row: 3 },
      last: { order: 'none' },
    });
  });

  it('with a stop in it begins no more, and the run ends when what is under way has', () => {
    const loop = {
      id: 'each',
      action: 'flow.each',
      list: [0, 1, 2, 3],
      concurrency: 2,
      steps: [
        say('make'),
        { id: 'when', action: 'flow.branch', branches: [{ when: { cel: 'index == 1' }, steps: [{ id: 'stop', action: 'flow.stop' }] }] },
        say('more'),
      ],
    };
    const played = play(automationOf(loop, say('never')), { pick: (count) => count - 1 });
    expect(paths(played)).toEqual(['each[0]/make', 'each[1]/make']);
    expect(played).toMatchObject({ status: 'succeeded', state: { stop: { as: 'succeeded' } } });
  });
});

describe('an error path', () => {
  const broken = ({ path }: { readonly path: string }) =>
    path === 'ticket' || path.endsWith('/ticket') ? failed('Away.') : succeeded({ path });

  it('sees what has failed, and the run goes on behind the step, whose output is null', () => {
    const ticket = say('ticket', {}, { onError: { steps: [say('tell', { step: '{{ failure.step }}', why: '{{ failure.message }}' })] } });
    const played = play(automationOf(ticket, say('last', { key: '{{ steps.ticket.output }}', told: '{{ steps.tell.output.path }}' })), {
      result: broken,
    });
    expect(played).toMatchObject({ status: 'succeeded', error: null });
    expect(played.sent.slice(1)).toEqual([
      ['ticket:error/tell', { step: 'ticket', why: 'Away.' }],
      ['last', { key: null, told: 'ticket:error/tell' }],
    ]);
  });

  it('that says so fails the run all the same, after its steps', () => {
    const ticket = say('ticket', {}, { onError: { steps: [say('tell')], afterwards: 'fail' } });
    const played = play(automationOf(ticket, say('never')), { result: broken });
    expect(paths(played)).toEqual(['ticket', 'ticket:error/tell']);
    expect(played).toMatchObject({ status: 'failed', error: { message: 'Away.' } });
    const automation = automationOf(ticket, say('never'));
    expect(advance({ automation, event: eventWith({}), state: played.state, path: 'ticket', result: succeeded() })).toBeNull();
  });

  it('of a group is for all that is inside of it, but not for what fails in itself', () => {
    const group = {
      id: 'both',
      action: 'flow.group',
      steps: [say('first'), say('ticket')],
      onError: { steps: [say('undo', { of: '{{ failure.step }}' })] },
    };
    const played = play(automationOf(group, say('last')), { result: broken });
    expect(played.sent.slice(2)).toEqual([
      ['both:error/undo', { of: 'both/ticket' }],
      ['last', {}],
    ]);
    const worse = play(automationOf(group, say('never')), { result: ({ path }) => (path === 'both/first' ? succeeded() : failed(path)) });
    expect(worse).toMatchObject({ status: 'failed', error: { message: 'both:error/undo' } });
  });

  it('inside of a loop lets the others go on', () => {
    const loop = {
      id: 'each',
      action: 'flow.each',
      list: [0, 1, 2],
      collect: '{{ steps.ticket.output }}',
      steps: [say('ticket', {}, { onError: {} })],
    };
    const played = play(automationOf(loop, say('last', { all: '{{ steps.each.output.items }}' })), {
      result: ({ path }) => (path === 'each[1]/ticket' ? failed() : succeeded(path)),
    });
    expect(played.sent.at(-1)).toEqual(['last', { all: ['each[0]/ticket', null, 'each[2]/ticket'] }]);
  });

  it('is not taken by what cannot go on: a run with too many actions', () => {
    const many = (id: string, steps: readonly unknown[]) => ({
      id,
      action: 'flow.each',
      list: '{{ event.data.list }}',
      limit: 1_000,
      concurrency: 50,
      steps,
      onError: {},
    });
    const list = Array.from({ length: 100 }, (_, index) => index);
    const played = play(automationOf(many('outer', [many('inner', [say('make')])])), { data: { list } });
    expect(played.sent.length).toBe(mostOfRun.actions);
    expect(played).toMatchObject({ status: 'failed', error: { code: 'fuel_exhausted', message: expect.stringContaining('1000 actions') } });
  });

  it('is not taken by a run with too many steps, which ends at once', () => {
    const many = (id: string, steps: readonly unknown[]) => ({
      id,
      action: 'flow.each',
      list: '{{ event.data.list }}',
      limit: 1_000,
      steps,
      onError: {},
    });
    const list = Array.from({ length: 1_000 }, () => 0);
    const played = play(automationOf(many('outer', [many('inner', [{ id: 'x', action: 'flow.transform', value: 1 }])])), {
      data: { list },
    });
    expect(played).toMatchObject({ status: 'failed', error: { code: 'fuel_exhausted' }, sent: [] });
  });
});

describe('a wait, a delay and another run', () => {
  it('are dispatches of the hub with what they wait for', () => {
    const played = play(
      automationOf(
        { id: 'nap', action: 'flow.delay', for: '90s' },
        { id: 'until', action: 'flow.delay', until: '{{ event.data.at }}' },
        { id: 'paid', action: 'flow.wait', event: 'order.paid', timeout: '1d', onTimeout: 'continue' },
        { id: 'again', action: 'flow.wait', event: 'order.paid', timeout: '1d', onTimeout: 'continue' },
        { id: 'bill', action: 'flow.run', automation: 'billing', input: { total: '{{ event.data.total }}' } },
      ),
      {
        data: { at: '2026-01-31T08:00:00Z', total: 7 },
        result: ({ path }) =>
          succeeded(path === 'paid' ? { timedOut: false, event: { id: 'e1' } } : path === 'bill' ? { status: 'succeeded' } : null),
      },
    );
    const wait = { event: 'order.paid', since: null, timeoutMs: 86_400_000 };
    expect(played.sent).toEqual([
      ['nap', { for: '90s' }],
      ['until', { until: Date.parse('2026-01-31T08:00:00Z') }],
      ['paid', { ...wait, not: [] }],
      ['again', { ...wait, not: ['e1'] }],
      ['bill', { automation: 'billing', wait: true, timeoutMs: 86_400_000, data: { total: 7 } }],
    ]);
    expect(played.status).toBe('succeeded');
  });

  it.each([
    [
      'a wait whose time has passed',
      { id: 's', action: 'flow.wait', event: 'order.paid', timeout: '1d' },
      { timedOut: true, event: null },
      'timeout',
    ],
    [
      'a run that has failed',
      { id: 's', action: 'flow.run', automation: 'billing' },
      { status: 'failed', error: { code: 'provider_rejected', message: 'No.' } },
      'provider_rejected',
    ],
    ['a run that was cancelled', { id: 's', action: 'flow.run', automation: 'billing' }, { status: 'cancelled', error: null }, 'cancelled'],
  ])('fail their step: %s', (_what, step, output, code) => {
    const result = () => succeeded(output);
    expect(play(automationOf(step, say('never')), { result })).toMatchObject({ status: 'failed', error: { code } });
    const handled = { ...step, onError: { steps: [say('tell', { code: '{{ failure.code }}' })] } };
    expect(play(automationOf(handled), { result: ({ path }) => (path === 's' ? result() : succeeded()) })).toMatchObject({
      status: 'succeeded',
      sent: [
        ['s', {}],
        ['s:error/tell', { code }],
      ].map(([path, input]) => [path, path === 's' ? expect.anything() : input]),
    });
  });

  it.each(['soon', '31d', 7, null])('fail before anything is waited for where the length is %j', (length) => {
    const played = play(automationOf({ id: 'nap', action: 'flow.delay', for: '{{ event.data.length }}' }), { data: { length } });
    expect(played).toMatchObject({ status: 'failed', sent: [], error: { code: 'invalid_input' } });
  });
});

describe('a run that began before there were control steps', () => {
  it('goes on from its stored state', () => {
    const stored = '{"at":1,"steps":{"look":{"output":{"a":1}}},"majors":{"desk":1},"replayKey":null,"escalations":1}';
    const automation = automationOf(
      say('look'),
      say('tell', { a: '{{ steps.look.output.a }}' }),
      say('last', { told: '{{ steps.tell.output }}' }),
    );
    const next = advance({ automation, event: eventWith({}), state: decodeRunState(stored), path: 'tell', result: succeeded('ok') });
    expect(next).toMatchObject({
      status: 'running',
      intents: [{ path: 'last', input: '{"told":"ok"}' }],
      state: { at: 2, escalations: 1 },
    });
    expect(Object.keys(next?.state ?? {}).sort()).toEqual(['at', 'escalations', 'majors', 'replayKey', 'steps']);
  });
});
