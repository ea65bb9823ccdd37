import { describe, expect, it } from 'vitest';
import { compileAutomation } from '../automation/compile-automation.ts';
import { readDefinition } from '../automation/read-definition.ts';
import { automationRow, configurationOf, ids, registryOf, sampleConnector } from './__fixtures__/sample-tenant.ts';
import { connectorMajors } from './connector-majors.ts';
import { findConnection } from './find-connection.ts';
import { planStep } from './plan-step.ts';

const registry = registryOf(sampleConnector('desk'), sampleConnector('desk', '2.0.0'), sampleConnector('chat'));
const configuration = configurationOf([]);

function plan(step: object, options: { readonly majors?: Record<string, number>; readonly replay?: number } = {}) {
  const definition = readDefinition({ trigger: { manual: true }, steps: [{ id: 'a', action: 'desk.look', connection: 'main', ...step }] });
  const automation = compileAutomation({ id: ids.automation, name: 'order', version: 3, definition });
  const [first] = automation.steps;
  if (!first) throw new Error('no step');
  return planStep({
    registry,
    configuration,
    automation,
    run: { tenant: 'acme', root: ids.event, automation: ids.automation, replay: options.replay ?? 0 },
    majors: options.majors ?? { desk: 1 },
    ordering: null,
    intent: { path: 'a', step: first, input: '{}' },
  });
}

describe('the dispatch of a step', () => {
  it('names connection, handler and place', () => {
    expect(plan({})).toEqual({
      dispatch: {
        key: { tenant: 'acme', root: ids.event, target: `automation:${ids.automation}`, replay: 0, path: 'a' },
        handler: 'action:desk@1',
        lane: `connection:${ids.main}`,
        workClass: 'live',
        operation: 'look',
        connection: ids.main,
        input: '{}',
        version: 3,
        delayMs: 0,
        mark: 'claim',
        onUnknown: 'hold',
        ordering: null,
      },
    });
  });

  it('marks an unsafe action by a write of its own, and a replay as one', () => {
    expect(plan({ action: 'desk.act', onUnknown: 'retry' }, { replay: 2 })).toMatchObject({
      dispatch: { mark: 'begin', onUnknown: 'retry', workClass: 'replay', key: { replay: 2 } },
    });
  });

  it('stays with the major that the run began with, and fails where that is gone', () => {
    expect(plan({}, { majors: { desk: 2 } })).toMatchObject({ dispatch: { handler: 'action:desk@2' } });
    expect(plan({}, { majors: { desk: 3 } })).toMatchObject({
      error: { code: 'unknown_action', message: expect.stringContaining('desk.look of major 3') },
    });
    expect(plan({}, { majors: {} })).toMatchObject({ dispatch: { handler: 'action:desk@2' } });
  });

  it.each([
    [{ action: 'ghost.look' }, 'unknown_action'],
    [{ action: 'desk.burn' }, 'unknown_action'],
    [{ action: 'desk.constructor' }, 'unknown_action'],
    [{ connection: 'team' }, 'not_found'],
    [{ connection: ids.team }, 'not_found'],
    [{ connection: ids.other }, 'not_found'],
  ])('cannot be made of %j, and says why', (step, code) => {
    expect(plan(step)).toMatchObject({ error: { code, message: expect.stringMatching(/^Step a uses .*Correct the automation\.$/) } });
  });

  it('begins with the majors that its connections are pinned to, the lowest where a record of before says none', () => {
    const rows = automationRow({
      trigger: { manual: true },
      steps: [
        { id: 'a', action: 'desk.look', connection: 'main' },
        { id: 'b', action: 'chat.look', connection: 'team' },
        { id: 'c', action: 'ghost.look', connection: 'x' },
      ],
    });
    const automation = compileAutomation({ id: 'a', name: 'n', version: 1, definition: readDefinition(rows.value.definition) });
    expect(connectorMajors({ registry, configuration, automation })).toEqual({ desk: 1, chat: 1 });
  });
});

it('finds a connection of the connector by name or id, and never one of another', () => {
  expect(findConnection(configuration, 'desk', 'main')?.id).toBe(ids.main);
  expect(findConnection(configuration, 'desk', ids.main)?.id).toBe(ids.main);
  expect(findConnection(configuration, 'chat', ids.main)).toBeUndefined();
  expect(findConnection(configuration, 'desk', 'desk/main')).toBeUndefined();
  expect(findConnection(configuration, 'desk', '')).toBeUndefined();
});
