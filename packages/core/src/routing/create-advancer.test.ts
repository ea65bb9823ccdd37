import { describe, expect, it } from 'vitest';
import { encodeRunState, newRunState, type RunState } from '../automation/run-state.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { DispatchRecord, RunRecord } from '../contracts/dispatch-records.ts';
import { buildEvent } from '../events/build-event.ts';
import type { Json } from '../json/json.ts';
import { automationRow, configurationOf, ids, registryOf, sampleConnector } from './__fixtures__/sample-tenant.ts';
import { compiledConfigurations } from './compiled-configurations.ts';
import { createAdvancer } from './create-advancer.ts';

const look = { id: 'look', action: 'desk.look', connection: 'main' };
const say = { id: 'say', action: 'chat.look', connection: 'team', input: { text: '{{ steps.look.output.a }}' } };
const chain = { trigger: { event: 'order.placed' }, steps: [look, say] };

/** An advancer over one stored version; `now` is what the store has, `before` what this process remembers. */
function setUp(
  options: {
    readonly definition?: Json;
    readonly stored?: boolean;
    readonly before?: TenantConfiguration;
    readonly now?: TenantConfiguration;
  } = {},
) {
  const { definition = chain, stored = true, now = configurationOf([automationRow(definition)]), before = now } = options;
  const calls = { event: 0, version: 0, fresh: 0, recent: 0 };
  const built = buildEvent({
    tenant: 'acme',
    id: ids.event,
    type: 'order.placed',
    time: 0,
    class: 'custom',
    severity: 'info',
    data: new TextEncoder().encode('{"title":"x"}'),
  });
  const advancer = createAdvancer({
    storage: {
      configuration: {
        find: async () => {
          calls.version += 1;
          return stored
            ? { id: 'v', name: 'v', version: 1, updatedAt: 0, value: { automation: ids.automation, version: 1, definition, createdAt: 0 } }
            : null;
        },
      },
      history: {
        event: async () => {
          calls.event += 1;
          return { ...built, storedAt: 0, considered: [] };
        },
      },
      // The advancer reads nothing else.
    } as unknown as Parameters<typeof createAdvancer>[0]['storage'],
    cache: {
      recent: async () => {
        calls.recent += 1;
        return before;
      },
      read: async () => {
        calls.fresh += 1;
        return now;
      },
    } as unknown as Parameters<typeof createAdvancer>[0]['cache'],
    registry: registryOf(sampleConnector('desk'), sampleConnector('chat')),
    compiled: compiledConfigurations(),
  });
  const runOf = (state: Partial<RunState> = {}, status: RunRecord['status'] = 'running'): RunRecord => ({
    key: { tenant: 'acme', root: ids.event, automation: ids.automation, replay: 0 },
    automationName: 'order',
    version: 1,
    status,
    state: encodeRunState({ ...newRunState({ majors: { desk: 1, chat: 1 } }), ...state }),
    error: null,
    revision: 5,
    startedAt: 0,
    finishedAt: null,
  });
  const end = (path: string, run: RunRecord, output: Json = { a: 1 }) =>
    advancer.advance({ key: { path } } as DispatchRecord, run, { ended: 'succeeded', output: JSON.stringify(output) });
  return { advancer, calls, runOf, end };
}

describe('what follows in a run', () => {
  it('is its next step, under the revision that it was worked out from, without reading an event that nobody asks for', async () => {
    const { end, runOf, calls } = setUp();
    expect(await end('look', runOf())).toMatchObject({
      revision: 5,
      status: 'running',
      next: [{ input: '{"text":1}', connection: ids.team, version: 1 }],
    });
    await end('look', runOf());
    expect(calls).toMatchObject({ event: 0, version: 1 });
  });

  it('is its next step with the event where that is read', async () => {
    const { end, runOf, calls } = setUp({ definition: { ...chain, steps: [look, { ...say, input: { text: '{{ event.data.title }}' } }] } });
    expect(await end('look', runOf())).toMatchObject({ next: [{ input: '{"text":"x"}' }] });
    expect(calls.event).toBe(1);
  });

  it('is the end after the last step and after a failure, without asking for the configuration', async () => {
    const { advancer, end, runOf, calls } = setUp();
    expect(await end('say', runOf({ at: 1, steps: { look: { output: 1 } } }))).toMatchObject({ status: 'succeeded', next: [] });
    const error = { code: 'provider_rejected', message: 'No.' };
    expect(await advancer.advance({ key: { path: 'look' } } as DispatchRecord, runOf(), { ended: 'failed', error })).toMatchObject({
      status: 'failed',
      error,
      next: [],
    });
    expect(calls.recent).toBe(0);
  });

  it('is nothing in a cancelled run, and for a step that is not under way', async () => {
    const { end, runOf } = setUp();
    expect(await end('look', runOf({}, 'cancelled'))).toBeNull();
    expect(await end('say', runOf())).toBeNull();
  });

  it('is planned anew where its connection is not known here, as it may have been put elsewhere', async () => {
    const empty = { ...configurationOf([], { revision: 0 }), connectionNamed: () => undefined };
    const { end, runOf, calls } = setUp({ before: empty });
    expect(await end('look', runOf())).toMatchObject({ status: 'running', next: [{ connection: ids.team }] });
    expect(calls.fresh).toBe(1);
  });

  it('is a failed run with the reason where its connection is gone', async () => {
    const gone = { ...configurationOf([], { revision: 2 }), connectionNamed: () => undefined };
    const { end, runOf } = setUp({ before: gone, now: gone });
    expect(await end('look', runOf())).toMatchObject({ status: 'failed', next: [], error: { code: 'not_found' } });
  });

  it('goes by its error path where its connection is gone, and not where that is only not known here', async () => {
    const gone = { ...configurationOf([], { revision: 2 }), connectionNamed: () => undefined };
    const mend = { id: 'mend', action: 'flow.transform', value: '{{ failure.code }}' };
    const definition = { ...chain, steps: [look, { ...say, onError: { steps: [mend] } }] };
    const lost = setUp({ definition, before: gone, now: gone });
    const change = await lost.end('look', lost.runOf());
    expect(change).toMatchObject({ status: 'succeeded', error: null, next: [] });
    expect(JSON.parse(change?.state ?? '')).toMatchObject({ steps: { say: { output: null }, mend: { output: 'not_found' } } });
    const late = setUp({ definition, before: gone });
    expect(await late.end('look', late.runOf())).toMatchObject({ status: 'running', next: [{ connection: ids.team }] });
  });

  it('cannot be told where the version is stored no more, and says so for good', async () => {
    const { end, runOf } = setUp({ stored: false });
    await expect(end('look', runOf())).rejects.toMatchObject({
      code: 'internal',
      retryable: false,
      message: expect.stringContaining('order'),
    });
  });
});
