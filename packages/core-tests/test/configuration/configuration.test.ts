import { isPatchbayError } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type LampCall, lampConnector, laterLamp } from './lamp-connector.ts';
import { type LampProcess, type LampStage, type LampTenant, lampStage, light, settle } from './lamp-stage.ts';

let stage: LampStage;
let office: LampProcess;
let acme: LampTenant;

beforeEach(async () => {
  stage = lampStage();
  office = stage.process();
  ({ handle: acme } = await settle(office));
});
afterEach(() => stage.close());

const ada = { kind: 'user', id: 'ada' } as const;
const refusalOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'no refusal',
    (error: unknown) => (isPatchbayError(error) ? `${error.code}: ${error.message}` : `a raw error: ${String(error)}`),
  );

describe('what a tenant has not set', () => {
  it('is as the connector says', async () => {
    expect(await acme.configuration.get('lamp')).toEqual({
      connector: 'lamp',
      revision: 0,
      values: {},
      effective: { room: 'hall' },
      fault: null,
      off: { actions: [], events: [] },
      updatedAt: null,
    });
    expect(await acme.configuration.history('lamp')).toEqual({ items: [], cursor: null });
    expect(await light(office)).toMatchObject({ status: 'succeeded', output: { room: 'hall' } });
    expect(office.calls).toEqual([{ at: 'light', configuration: { room: 'hall' }, flags: { dimming: false, night_mode: true } }]);
  });
});

describe('what a tenant puts', () => {
  it('is handed to actions, looks, health checks and triggers, with the defaults of the schema', async () => {
    await acme.configuration.put('lamp', { brightness: 40 });
    await acme.flags.set('lamp', { dimming: true, night_mode: false });
    await light(office);
    await acme.actions.execute('lamp.look', { connection: 'main', input: {} });
    await office.settled();
    await acme.connections.test('main');
    const given = { configuration: { room: 'hall', brightness: 40 }, flags: { dimming: true, night_mode: false } };
    expect(office.calls).toEqual(
      expect.arrayContaining([
        { at: 'light', ...given },
        { at: 'look', ...given },
        { at: 'health', ...given },
      ]),
    );
    for (const { at: _, ...rest } of office.calls) expect(rest).toEqual(given);
  });

  it('is stored as it was given, and the same content changes nothing', async () => {
    const first = await acme.configuration.put('lamp', { room: 'kitchen' });
    expect(first).toMatchObject({ revision: 1, values: { room: 'kitchen' }, effective: { room: 'kitchen' } });
    const before = await stage.storage.configuration.revision('acme');
    expect(await acme.configuration.put('lamp', { room: 'kitchen' })).toEqual(first);
    expect(await acme.configuration.put('lamp', { room: 'kitchen' }, { ifRevision: 7 })).toEqual(first);
    expect(await stage.storage.configuration.revision('acme')).toEqual(before);
    expect((await acme.configuration.history('lamp')).items).toHaveLength(1);
  });

  it('replaces all that was there, and leaves flags and switches', async () => {
    await acme.flags.set('lamp', { dimming: true });
    await acme.configuration.turnOff({ action: 'lamp.look' });
    await acme.configuration.put('lamp', { room: 'kitchen', brightness: 3 });
    expect(await acme.configuration.put('lamp', { brightness: 4 })).toMatchObject({
      values: { brightness: 4 },
      effective: { room: 'hall', brightness: 4 },
      off: { actions: ['lamp.look'] },
      revision: 4,
    });
    expect(await acme.flags.isOn('lamp', 'dimming')).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['a wrong type', { brightness: 'canary-value' }, 'brightness'],
    ['a value out of range', { brightness: 4_711 }, 'brightness'],
    ['an unknown property', { 'canary-value': 1 }, 'It has: room, brightness, owner_note.'],
    ['a property by the name of a prototype', JSON.parse('{"__proto__":{"room":"canary-value"}}'), 'It has: room'],
    ['no object', ['canary-value'], 'plain object'],
    ['nothing', undefined, 'plain object'],
    ['what JSON cannot say', { brightness: 1n }, 'plain object'],
    ['more than is held', { room: 'canary-value'.repeat(4_000) }, 'longer than 32768 bytes'],
  ])('is refused where it is %s, without the value, and nothing is written', async (_, values, said) => {
    const before = await stage.storage.configuration.revision('acme');
    const refusal = await refusalOf(acme.configuration.put('lamp', values as never));
    expect(refusal).toMatch(/^invalid_argument: /);
    expect(refusal).toContain(said);
    expect(refusal).not.toMatch(/canary-value|4711|4_711/);
    expect(await stage.storage.configuration.revision('acme')).toEqual(before);
  });

  it('is refused for a connector without configuration and for one that nobody knows', async () => {
    expect(await refusalOf(acme.configuration.put('plain', {} as never))).toMatch(/^invalid_argument: .* has no configuration/);
    expect(await refusalOf(acme.configuration.put('nobody' as 'lamp', {}))).toMatch(/^unknown_connector: /);
    expect(await refusalOf(acme.configuration.get('nobody' as 'lamp'))).toMatch(/^unknown_connector: /);
  });

  it('cannot be changed by the connector that is handed it', async () => {
    await acme.configuration.put('lamp', { room: 'kitchen' });
    await light(office);
    const [call] = office.calls;
    Object.assign(call?.configuration ?? {}, { room: 'changed' });
    expect(await light(office)).toMatchObject({ output: { room: 'kitchen' } });
  });

  it('touches no other tenant', async () => {
    await settle(office, 'globex');
    await acme.configuration.put('lamp', { room: 'kitchen' });
    await acme.configuration.turnOff({ action: 'lamp.look' });
    await acme.flags.set('lamp', { dimming: true });
    const globex = office.hub.tenant('globex');
    expect(await globex.configuration.get('lamp')).toMatchObject({ revision: 0, values: {}, off: { actions: [] } });
    expect(await globex.configuration.history('lamp')).toEqual({ items: [], cursor: null });
    expect(await globex.flags.isOn('lamp', 'dimming')).toBe(false);
    expect(await globex.configuration.list()).toEqual([]);
    expect(await acme.configuration.list()).toEqual([{ connector: 'lamp', revision: 3, updatedAt: stage.clock.now() }]);
    expect(await light(office, 'globex')).toMatchObject({ output: { room: 'hall' } });
  });
});

describe('racers', () => {
  it('that set different flags lose none, and make one chain of changes', async () => {
    const others = [office, stage.process(), stage.process()];
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const { flags, configuration } = others[index % 3]?.hub.tenant('acme', { actor: { kind: 'user', id: `u${index}` } }) ?? acme;
        if (index % 3 === 0) return flags.set('lamp', { dimming: index % 2 === 0 });
        if (index % 3 === 1) return configuration.put('lamp', { brightness: index });
        return index % 2 === 0 ? configuration.turnOff({ action: 'lamp.light' }) : configuration.turnOn({ action: 'lamp.light' });
      }),
    );
    const { items } = await acme.configuration.history('lamp', { limit: 500 });
    const { revision, values, off } = await acme.configuration.get('lamp');
    expect(items.map((change) => change.revision)).toEqual(Array.from({ length: revision }, (_, index) => revision - index));
    for (const [index, { before }] of items.entries()) expect(before).toEqual(items[index + 1]?.after ?? null);
    expect(items[0]?.after).toMatchObject({ values, off: { actions: off.actions.map((name) => name.slice('lamp.'.length)) } });
    expect(revision).toBeGreaterThanOrEqual(12);
  });

  it('that say which revision they have seen: one gets through, the rest are told', async () => {
    await acme.configuration.put('lamp', { brightness: 1 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => refusalOf(acme.configuration.put('lamp', { brightness: 10 + index }, { ifRevision: 1 }))),
    );
    expect(answers.filter((answer) => answer === 'no refusal')).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('conflict: What is set for lamp is at revision 2'))).toHaveLength(9);
    expect(await refusalOf(acme.flags.set('lamp', { dimming: true }, { ifRevision: 1 }))).toMatch(/^conflict: /);
    expect(await refusalOf(acme.configuration.put('lamp', {}, { ifRevision: 0 }))).toMatch(/^conflict: /);
    expect((await acme.configuration.get('lamp')).revision).toBe(2);
  });
});

describe('the history', () => {
  it('says who, when, before and after, newest first and in pages', async () => {
    const byAda = office.hub.tenant('acme', { actor: ada });
    await byAda.configuration.put('lamp', { room: 'kitchen' });
    await stage.clock.advance(5_000);
    await acme.flags.set('lamp', { dimming: true });
    await byAda.configuration.turnOff({ action: 'lamp.look' });
    await byAda.configuration.turnOff({ event: 'lamp.broken' });
    const nothing = { values: {}, flags: {}, off: { actions: [], triggers: [] } };
    const { items } = await acme.configuration.history('lamp');
    expect(items.map(({ changed, actor }) => [...changed, actor.id])).toEqual([
      ['off.triggers.broken', 'ada'],
      ['off.actions.look', 'ada'],
      ['flags.dimming', ''],
      ['values.room', 'ada'],
    ]);
    const [, , flags, put] = items;
    expect(put).toEqual({
      ...{ connector: 'lamp', revision: 1, at: stage.clock.now() - 5_000, actor: ada, before: null },
      ...{ after: { ...nothing, values: { room: 'kitchen' } }, changed: ['values.room'] },
    });
    expect(flags).toMatchObject({ before: put?.after, at: stage.clock.now(), actor: { kind: 'host' } });

    const first = await acme.configuration.history('lamp', { limit: 3 });
    const second = await acme.configuration.history('lamp', { limit: 3, cursor: first.cursor });
    expect([...first.items, ...second.items]).toEqual(items);
    expect(second.cursor).toBeNull();
    for (const cursor of ['x', '0', '-1', '1e3', 'lamp/1'])
      expect(await refusalOf(acme.configuration.history('lamp', { cursor }))).toMatch(/^invalid_argument: /);
  });

  it('keeps the last 100 changes of a connector', async () => {
    for (let index = 1; index <= 103; index += 1) await acme.configuration.put('lamp', { room: `room-${index}` });
    const { items, cursor } = await acme.configuration.history('lamp', { limit: 500 });
    expect(cursor).toBeNull();
    expect([items.length, items[0]?.revision, items.at(-1)?.revision]).toEqual([100, 103, 4]);
    expect(items.at(-1)?.before?.values).toEqual({ room: 'room-3' });
    const { rows } = await stage.storage.configuration.list('acme', 'connector_change', { cursor: null, limit: 500 });
    expect(rows).toHaveLength(100);
  });

  it('shows of a sensitive value that it was changed, and keeps none anywhere but where it is used', async () => {
    await acme.configuration.put('lamp', { owner_note: 'the-owner-note', room: 'kitchen' });
    await acme.configuration.put('lamp', { owner_note: 'the-second-note', room: 'kitchen' });
    const { items } = await acme.configuration.history('lamp');
    expect(items.map(({ changed }) => changed)).toEqual([['values.owner_note'], ['values.owner_note', 'values.room']]);
    expect(items[0]).toMatchObject({
      before: { values: { owner_note: '[redacted]', room: 'kitchen' } },
      after: { values: { owner_note: '[redacted]', room: 'kitchen' } },
    });
    const { rows } = await stage.storage.configuration.list('acme', 'connector_change', { cursor: null, limit: 500 });
    expect(JSON.stringify([rows, await acme.audit.list({ limit: 500 })])).not.toMatch(/owner-note|second-note/);
    expect(await acme.configuration.get('lamp')).toMatchObject({ values: { owner_note: 'the-second-note' } });
  });

  it('stands in the chain of the tenant, with names and no value', async () => {
    const byAda = office.hub.tenant('acme', { actor: ada });
    await byAda.configuration.put('lamp', { room: 'a-secret-room', brightness: 7 });
    await byAda.flags.set('lamp', { dimming: true });
    const { items } = await acme.audit.list({ object: { type: 'connector_configuration' } });
    expect(items.map(({ action, actor, object, details }) => ({ action, actor, object, details }))).toEqual([
      {
        ...{ action: 'connector_configuration.change', actor: ada, object: { type: 'connector_configuration', id: 'lamp' } },
        details: { revision: 2, changed: ['flags.dimming'] },
      },
      {
        ...{ action: 'connector_configuration.create', actor: ada, object: { type: 'connector_configuration', id: 'lamp' } },
        details: { revision: 1, changed: ['values.room', 'values.brightness'] },
      },
    ]);
    const all = await acme.audit.list({ limit: 500 });
    expect(JSON.stringify(all)).not.toMatch(/a-secret-room|"brightness":/);
    expect(all.items.filter(({ action }) => action.startsWith('connector_change'))).toEqual([]);
  });
});

describe('a stored value that a newer schema does not take', () => {
  const wanting = laterLamp(z.strictObject({ floor: z.number(), room: z.string().optional() }));

  it('is handed to nobody: what needs it is refused, and the refusal says what to do', async () => {
    await acme.configuration.put('lamp', { room: 'the-room', brightness: 4 });
    const later = stage.later(wanting).tenant('acme');
    const { effective, fault, values } = await later.configuration.get('lamp');
    expect([effective, values]).toEqual([null, { room: 'the-room', brightness: 4 }]);
    expect(fault).toMatch(/floor: .*tenant\.configuration\.put\('lamp', …\)/);
    expect(fault).not.toContain('the-room');
    expect(await later.connections.test('main')).toMatchObject({ healthy: false, message: fault });
    const call = await later.actions.execute('lamp.light', { connection: 'main', input: {} });
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status: 'pending' });
  });

  it('ends a dispatch for good until it is put anew, and then the dispatch can be tried again', async () => {
    await acme.configuration.put('lamp', { room: 'the-room' });
    const hub = stage.later(wanting);
    const later = hub.tenant('acme');
    const call = await later.actions.execute('lamp.light', { connection: 'main', input: {} });
    await hub.work();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status: 'dead', error: { code: 'configuration_invalid' } });
    await later.configuration.put('lamp', { floor: 2 });
    expect((await later.configuration.history('lamp')).items[0]).toMatchObject({
      before: { values: { room: 'the-room' } },
      after: { values: { floor: 2 } },
    });
    await later.dispatches.retry(call.dispatchId);
    await hub.work();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status: 'succeeded' });
  });

  it('shows nothing in the history that the schema names no more', async () => {
    await acme.configuration.put('lamp', { brightness: 47 });
    const later = stage.later(wanting).tenant('acme');
    await later.configuration.put('lamp', { floor: 2 });
    expect((await later.configuration.history('lamp')).items[0]?.before?.values).toEqual({ brightness: '[redacted]' });
  });

  it('is also what is missing where nothing was set and something must be', async () => {
    const hub = stage.later(wanting);
    const later = hub.tenant('acme');
    expect(await later.configuration.get('lamp')).toMatchObject({ revision: 0, effective: null, fault: expect.stringContaining('floor') });
    const call = await later.actions.execute('lamp.light', { connection: 'main', input: {} });
    await hub.work();
    expect(await call.outcome({ waitMs: 0 })).toMatchObject({ status: 'dead', error: { code: 'configuration_invalid' } });
  });

  it('lies idle where the connector has no configuration any more', async () => {
    await acme.configuration.put('lamp', { room: 'the-room' });
    const later = stage.later(laterLamp(undefined)).tenant('acme');
    expect(await later.configuration.get('lamp')).toMatchObject({ values: { room: 'the-room' }, effective: {}, fault: null });
  });
});

it('an operator sees that something is set, and no value', async () => {
  await acme.configuration.put('lamp', { room: 'the-room', brightness: 77 });
  await acme.flags.set('lamp', { dimming: true });
  const operated = office.hub.operator({ actor: 'olga', reason: 'ticket 7' }).tenant('acme');
  const seen = await operated.configurations();
  expect(seen).toEqual([{ connector: 'lamp', revision: 2, updatedAt: expect.any(Number) }]);
  const [act] = (await acme.audit.list({ actor: { kind: 'operator' } })).items;
  expect(act).toMatchObject({ action: 'operator.list_configurations', details: { reason: 'ticket 7' } });
});

it('a harness hands a connector under test what its tenant would have set', async () => {
  const calls: LampCall[] = [];
  const connector = lampConnector((call) => calls.push(call));
  const options = { connector, credential: { type: 'none' }, configuration: { brightness: 5 }, flags: { dimming: true } } as const;
  const harness = createConnectorHarness(options);
  expect(await harness.execute({ action: 'light', input: {} })).toEqual({ output: { room: 'hall' } });
  expect(await harness.reconcile({ action: 'look', input: {}, since: 0 })).toEqual({ answer: 'found', output: {} });
  expect(await harness.checkHealth()).toEqual({ healthy: true, message: 'hall' });
  const given = { configuration: { room: 'hall', brightness: 5 }, flags: { dimming: true, night_mode: true } };
  expect(calls).toEqual(['light', 'reconcile', 'health'].map((at) => ({ at, ...given })));
  await harness.close();
  const wrong = createConnectorHarness({ ...options, configuration: { brightness: 'dark' } });
  expect(await refusalOf(wrong.execute({ action: 'light', input: {} }))).toMatch(/^configuration_invalid: /);
  await wrong.close();
});
