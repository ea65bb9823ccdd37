import { isPatchbayError } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LampProcess, type LampStage, type LampTenant, lampStage, light, settle } from './lamp-stage.ts';

let stage: LampStage;
let office: LampProcess;
let acme: LampTenant;
let url: string;

beforeEach(async () => {
  stage = lampStage();
  office = stage.process();
  ({ handle: acme, url } = await settle(office));
});
afterEach(() => stage.close());

const refusalOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'no refusal',
    (error: unknown) => (isPatchbayError(error) ? `${error.code}: ${error.message}` : `a raw error: ${String(error)}`),
  );
const lightNow = () => acme.actions.execute('lamp.light', { connection: 'main', input: {} });
const typesOf = async (tenant: LampTenant = acme): Promise<readonly string[]> =>
  (await tenant.events.list()).items.map(({ event }) => event.type).toReversed();

describe('flags', () => {
  it('are as the connector says until a tenant sets them, and again when it lets go of them', async () => {
    expect(await acme.flags.list('lamp')).toEqual([
      { name: 'dimming', description: 'Dims the lamp slowly.', on: false, isSet: false },
      { name: 'night_mode', description: 'Keeps it warm at night.', on: true, isSet: false },
    ]);
    const set = await acme.flags.set('lamp', { dimming: true, night_mode: false });
    expect(set.map(({ on, isSet }) => [on, isSet])).toEqual([
      [true, true],
      [false, true],
    ]);
    expect([await acme.flags.isOn('lamp', 'dimming'), await acme.flags.isOn('lamp', 'night_mode')]).toEqual([true, false]);
    await acme.flags.set('lamp', { night_mode: null });
    expect(await acme.flags.list('lamp')).toMatchObject([
      { on: true, isSet: true },
      { on: true, isSet: false },
    ]);
    expect((await acme.configuration.history('lamp')).items.map(({ changed }) => changed)).toEqual([
      ['flags.night_mode'],
      ['flags.dimming', 'flags.night_mode'],
    ]);
  });

  it('that nobody declares, and settings that are neither on nor off, are refused', async () => {
    for (const flags of [{ nothing: true }, { toString: true }, { dimming: 'on' }, { dimming: 1 }])
      expect(await refusalOf(acme.flags.set('lamp', flags as never))).toMatch(/^invalid_argument: /);
    expect(await refusalOf(acme.flags.set('plain', { dimming: true } as never))).toMatch(/Its flags: none\./);
    expect(await refusalOf(acme.flags.isOn('lamp', 'nothing' as never))).toMatch(/^invalid_argument: .*dimming, night_mode/);
    await acme.flags.set('lamp', { dimming: undefined } as never);
    expect((await acme.configuration.get('lamp')).revision).toBe(0);
  });
});

describe('an action that is turned off', () => {
  it('is refused at the call with an error that says so, and goes again when it is turned on', async () => {
    await acme.configuration.turnOff({ action: 'lamp.light' });
    expect((await acme.configuration.get('lamp')).off).toEqual({ actions: ['lamp.light'], events: [] });
    expect(await refusalOf(lightNow())).toBe(
      "turned_off: The tenant has turned lamp.light off, so nothing was sent. Turn it on again: tenant.configuration.turnOn({ action: 'lamp.light' }).",
    );
    expect((await acme.dispatches.list()).items).toEqual([]);
    await acme.configuration.turnOff({ action: 'lamp.light' });
    expect((await acme.configuration.get('lamp')).revision).toBe(1);
    await acme.configuration.turnOn({ action: 'lamp.light' });
    expect(await light(office)).toMatchObject({ status: 'succeeded' });
  });

  it('fails the runs that come to it, with the reason, and no other step', async () => {
    await acme.automations.put('lights', {
      trigger: { manual: true },
      steps: [{ id: 'light', action: 'lamp.light', connection: 'main', input: {} }],
    });
    await acme.configuration.turnOff({ action: 'lamp.light' });
    const { eventId } = await acme.automations.run('lights');
    await office.settled();
    const [run] = (await acme.runs.list({ eventId })).items;
    expect(run).toMatchObject({ status: 'failed', error: { code: 'turned_off' } });
    expect(office.calls).toEqual([]);
  });

  it('is not done either by what was queued before, which can be tried again', async () => {
    const { dispatchId } = await lightNow();
    await acme.configuration.turnOff({ action: 'lamp.light' });
    await office.settled();
    expect(office.calls).toEqual([]);
    expect(await acme.dispatches.get(dispatchId)).toMatchObject({ status: 'dead', error: { code: 'turned_off' } });
    await acme.configuration.turnOn({ action: 'lamp.light' });
    await acme.dispatches.retry(dispatchId);
    await office.settled();
    expect(await acme.dispatches.get(dispatchId)).toMatchObject({ status: 'succeeded' });
  });

  it('can be one of a connector that has nothing else to set', async () => {
    await acme.connections.put('simple', { connector: 'plain', credential: { type: 'none' } });
    await acme.configuration.turnOff({ action: 'plain.act' });
    expect(await refusalOf(acme.actions.execute('plain.act', { connection: 'simple', input: {} }))).toMatch(/^turned_off: /);
  });

  it('must be one that there is', async () => {
    expect(await refusalOf(acme.configuration.turnOff({ action: 'lamp.nothing' as 'lamp.light' }))).toMatch(/^unknown_action: /);
    expect(await refusalOf(acme.configuration.turnOff({ event: 'lamp.nothing' as 'lamp.lit' }))).toMatch(/^unknown_trigger: /);
    expect(await refusalOf(acme.configuration.turnOff({ action: 'nobody.light' as 'lamp.light' }))).toMatch(/^unknown_connector: /);
    for (const what of [{}, { action: 1 }, { action: 'lamp' }])
      expect(await refusalOf(acme.configuration.turnOff(what as never))).toMatch(/^(invalid_argument|unknown_action): /);
  });
});

describe('events', () => {
  it('of a trigger that is turned off are acknowledged and dropped, for that tenant alone', async () => {
    const globex = await settle(office, 'globex');
    await acme.configuration.turnOff({ event: 'lamp.broken' });
    for (const to of [url, globex.url]) expect(await office.deliver(to, { trigger: 'broken' })).toBe(202);
    expect(await office.deliver(url, { trigger: 'lit' })).toBe(202);
    expect(await typesOf()).toEqual(['lamp.lit']);
    expect(await typesOf(globex.handle)).toEqual(['lamp.broken']);
    await acme.configuration.turnOn({ event: 'lamp.broken' });
    await office.deliver(url, { trigger: 'broken' });
    expect(await typesOf()).toEqual(['lamp.lit', 'lamp.broken']);
  });

  it('that a trigger does not accept by what the tenant has set make no event', async () => {
    await acme.configuration.put('lamp', { room: 'kitchen' });
    expect([await office.deliver(url, { room: 'hall' }), await office.deliver(url, { room: 'kitchen' })]).toEqual([202, 202]);
    expect((await acme.events.list()).items.map(({ event }) => event.data)).toEqual([{ room: 'kitchen' }]);
    expect(office.calls[0]).toEqual({ at: 'accepts', configuration: { room: 'kitchen' }, flags: { dimming: false, night_mode: true } });
  });

  it('are kept while what is set does not fit the connector, and come in with a replay once it does', async () => {
    const row = { values: { room: 7 }, flags: {}, off: { actions: [], triggers: [] }, revision: 1 };
    await stage.storage.configuration.write('acme', [
      { put: 'connector_configuration', id: 'lamp', name: 'lamp', expect: 'absent', value: row },
    ]);
    expect(await office.deliver(url, { id: 'd-1' })).toBe(202);
    expect(office.failed).toMatchObject([{ tenant: 'acme', error: { code: 'configuration_invalid' } }]);
    expect(await office.deliver(url, { trigger: 'broken' })).toBe(202);
    await expect(acme.webhooks.kept.replayMany()).resolves.toMatchObject({ replayed: 0, refused: 1, codes: { configuration_invalid: 1 } });
    await acme.configuration.put('lamp', {});
    await expect(acme.webhooks.kept.replayMany()).resolves.toMatchObject({ replayed: 1, events: 1 });
    expect(await typesOf()).toEqual(['lamp.broken', 'lamp.lit']);
  });
});

describe('a change made in one process', () => {
  let other: LampProcess;
  let there: LampTenant;
  beforeEach(async () => {
    other = stage.process();
    there = other.hub.tenant('acme');
    await light(other);
    await other.deliver(url, { id: 'before' });
    await other.settled();
    other.calls.length = 0;
  });

  it('holds in another for the very next call of an action, without a restart and without time passing', async () => {
    await acme.configuration.put('lamp', { room: 'kitchen' });
    await acme.flags.set('lamp', { dimming: true });
    expect(await light(other)).toMatchObject({ output: { room: 'kitchen' } });
    expect(other.calls).toEqual([{ at: 'light', configuration: { room: 'kitchen' }, flags: { dimming: true, night_mode: true } }]);
    await stage.clock.advance(1_000);
    expect(await there.flags.isOn('lamp', 'dimming')).toBe(true);
  });

  it('holds in another that executes what was queued after it, however lately that has looked', async () => {
    await lightNow();
    await other.settled();
    await acme.configuration.put('lamp', { room: 'kitchen' });
    const { dispatchId } = await lightNow();
    await other.settled();
    expect(await acme.dispatches.get(dispatchId)).toMatchObject({ status: 'succeeded', output: { room: 'kitchen' } });
    expect(other.calls.map(({ configuration }) => configuration)).toEqual([{ room: 'hall' }, { room: 'kitchen' }]);
  });

  it('holds in another for the very next delivery: what is turned off or not accepted makes no event', async () => {
    await acme.configuration.put('lamp', { room: 'kitchen' });
    await other.deliver(url, { room: 'hall' });
    await other.deliver(url, { room: 'kitchen' });
    await acme.configuration.turnOff({ event: 'lamp.lit' });
    await other.deliver(url, { room: 'kitchen' });
    await acme.configuration.turnOn({ event: 'lamp.lit' });
    await other.deliver(url, { room: 'kitchen' });
    expect(await typesOf()).toEqual(['lamp.lit', 'lamp.lit', 'lamp.lit']);
  });

  it('holds in another for the very next call, also where it is turned on again', async () => {
    const call = () => there.actions.execute('lamp.light', { connection: 'main', input: {} });
    await acme.configuration.turnOff({ action: 'lamp.light' });
    expect(await refusalOf(call())).toMatch(/^turned_off: /);
    await acme.configuration.turnOn({ action: 'lamp.light' });
    expect(await light(other)).toMatchObject({ status: 'succeeded' });
  });

  it('holds where what is set did not fit, as soon as it is put anew', async () => {
    const [row, change] = await acme.configuration
      .put('lamp', { room: 'kitchen' })
      .then(() => stage.storage.configuration.snapshot('acme', ['connector_configuration']))
      .then(({ rows }) => [rows.connector_configuration?.[0], { put: 'connector_configuration', id: 'lamp', name: 'lamp' }] as const);
    const broken = { values: { room: 7 }, flags: {}, off: { actions: [], triggers: [] }, revision: 1 };
    await stage.storage.configuration.write('acme', [{ ...change, expect: row?.version ?? 0, value: broken }]);
    expect(await other.deliver(url, {})).toBe(202);
    expect((await there.webhooks.kept.list()).items).toMatchObject([{ error: { code: 'configuration_invalid' } }]);
    await acme.configuration.put('lamp', { room: 'hall' });
    expect(await other.deliver(url, {})).toBe(202);
    expect((await there.webhooks.kept.list()).items).toHaveLength(1);
    expect(await light(other)).toMatchObject({ output: { room: 'hall' } });
  });

  it('holds in another for the very next event that would begin a step', async () => {
    await acme.automations.put('relight', {
      trigger: { event: 'lamp.broken' },
      steps: [{ id: 'light', action: 'lamp.light', connection: 'main', input: {} }],
    });
    await other.deliver(url, { trigger: 'broken' });
    await acme.configuration.turnOff({ action: 'lamp.light' });
    await other.deliver(url, { trigger: 'broken' });
    const runs = (await acme.runs.list()).items.toReversed();
    expect(runs.map(({ status, error }) => [status, error?.code])).toEqual([
      ['running', undefined],
      ['failed', 'turned_off'],
    ]);
  });
});

describe('what it costs', () => {
  /** Counts what the store is asked of the configuration. */
  function counted(storage: Storage<never>): { readonly storage: Storage<never>; readonly asked: string[] } {
    const asked: string[] = [];
    const configuration = new Proxy(storage.configuration, {
      get:
        (of, name) =>
        (...given: unknown[]) => {
          asked.push(String(name));
          return Reflect.apply(Reflect.get(of, name), of, given);
        },
    });
    return { storage: { ...storage, configuration }, asked };
  }

  /** Publishes and executes in one started process, and says what the store was asked meanwhile. */
  async function askedBy(action: 'lamp.light' | 'plain.act'): Promise<readonly string[]> {
    const { storage, asked } = counted(stage.storage);
    const worker = stage.process({ storage });
    const tenant = worker.hub.tenant('acme');
    await tenant.connections.put('simple', { connector: 'plain', credential: { type: 'none' } });
    await tenant.automations.put('act', {
      trigger: { event: 'lamp.broken' },
      steps: [{ id: 'act', action, connection: action === 'plain.act' ? 'simple' : 'main', input: {} }],
    });
    await worker.hub.start();
    const deliverOne = async () => {
      await worker.deliver(url, { trigger: 'broken' });
      await worker.settled();
    };
    await deliverOne();
    asked.length = 0;
    for (let index = 0; index < 3; index += 1) await deliverOne();
    const made = [...asked];
    expect((await tenant.runs.list({ limit: 4 })).items.map(({ status }) => status)).toEqual(Array(4).fill('succeeded'));
    return made;
  }

  it('is nothing for what a process executes that has planned it: neither with configuration nor without', async () => {
    expect(await askedBy('plain.act')).toEqual([]);
    expect(await askedBy('lamp.light')).toEqual([]);
    await acme.configuration.put('lamp', { room: 'kitchen' });
    expect(await askedBy('lamp.light')).toEqual([]);
  });
});
