import { describe, expect, it, vi } from 'vitest';
import { echo, sampleConnector, sampleDefinition, thingCreated } from './__fixtures__/sample-connector.ts';
import { createRegistry } from './create-registry.ts';

const emptyRegistry = () => createRegistry({ hubVersion: '0.1.0' });
const registryOf = (...versions: readonly string[]) => {
  const registry = emptyRegistry();
  for (const version of versions) registry.register(sampleConnector({ version }));
  return registry;
};

describe('look-up', () => {
  it('finds the newest major, or the one that is asked for', () => {
    const registry = registryOf('1.9.0', '10.0.0', '2.0.0-beta.1');
    expect(registry.find('sample')?.manifest.version).toBe('10.0.0');
    expect(registry.find('sample', 2)?.manifest.version).toBe('2.0.0-beta.1');
    expect(registry.find('sample', 3)).toBeUndefined();
    expect(registry.find('other')).toBeUndefined();
    expect(registry.get('sample', 1).manifest.version).toBe('1.9.0');
  });

  it('names what exists where something does not', () => {
    expect(() => emptyRegistry().get('sample')).toThrow('There is no connector sample. None is registered.');
    const registry = registryOf('1.0.0', '2.0.0');
    expect(() => registry.get('smaple')).toThrow('There is no connector smaple. Registered: sample@1, sample@2.');
    expect(() => registry.get('sample', 3)).toThrow(
      expect.objectContaining({ code: 'unknown_connector', message: expect.stringContaining('sample@3') }),
    );
  });

  it('lists in the order of registration, as a copy', () => {
    const registry = registryOf('2.0.0', '1.0.0');
    const list = registry.list();
    expect(list.map(({ manifest }) => manifest.version)).toEqual(['2.0.0', '1.0.0']);
    registry.register(sampleConnector({ version: '3.0.0' }));
    expect(list).toHaveLength(2);
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for a name like any other', (name) => {
    const registry = registryOf('1.0.0');
    expect(registry.find(name)).toBeUndefined();
    expect(registry.findTrigger(`sample.${name}`)).toBeUndefined();
    expect(() => registry.resolve(`sample.${name}`)).toThrow(expect.objectContaining({ code: 'unknown_action' }));
  });
});

describe('resolve', () => {
  it('gives connector, major, name and definition of an action', () => {
    const registry = registryOf('1.0.0');
    expect(registry.resolve('sample.echo')).toEqual({ connector: registry.get('sample'), major: 1, action: 'echo', definition: echo });
  });

  it('throws at run time for an action that the connector does not have, naming its actions', () => {
    const registry = registryOf('1.0.0');
    expect(() => registry.resolve('sample.nope')).toThrow('The connector sample@1 has no action nope. Its actions: echo, create_thing.');
    expect(() => registry.resolve('sample')).toThrow(/has no action \(empty name\)/);
    expect(() => registry.resolve('jira.create_issue')).toThrow(expect.objectContaining({ code: 'unknown_connector' }));
  });

  it('never falls back to another major, and says which has the action', () => {
    const registry = registryOf('1.0.0');
    registry.register(sampleConnector({ version: '2.0.0', actions: {} }));
    expect(() => registry.resolve('sample.echo')).toThrow('The connector sample@2 has no action echo. Its actions: none. Major 1 has it.');
    expect(registry.resolve('sample.echo', 1).major).toBe(1);
  });
});

describe('triggers', () => {
  it('are found by event type, in the newest major that has them', () => {
    const registry = registryOf('1.0.0');
    const newer = registry.register(sampleConnector({ version: '2.0.0', triggers: { 'thing.deleted': thingCreated } }));
    expect(registry.findTrigger('sample.thing.created')).toMatchObject({ major: 1, trigger: 'thing.created', definition: thingCreated });
    expect(registry.resolveTrigger('sample.thing.deleted').connector).toBe(newer);
    expect(registry.findTrigger('sample.thing.created', 2)).toBeUndefined();
    expect(registry.findTrigger('order.placed')).toBeUndefined();
  });

  it('that do not exist are refused by name', () => {
    const registry = registryOf('1.0.0');
    expect(() => registry.resolveTrigger('sample.thing.exploded')).toThrow(
      'The connector sample@1 has no trigger thing.exploded. Its triggers: thing.created.',
    );
    expect(() => registry.resolveTrigger('other.thing')).toThrow(expect.objectContaining({ code: 'unknown_connector' }));
    expect(() => registry.resolveTrigger('sample')).toThrow(expect.objectContaining({ code: 'unknown_trigger' }));
  });

  it('make up the event types, sorted and each once', () => {
    const registry = registryOf('2.0.0', '1.0.0');
    registry.register(sampleConnector({ id: 'another' }));
    expect(registry.eventTypes()).toEqual(['another.thing.created', 'sample.thing.created']);
  });
});

describe('the version of the hub', () => {
  it.each([
    ['0.1.0', undefined],
    ['0.1.0-beta.1', undefined],
    ['0.9.0-rc.1', undefined],
    ['0.9.0', '^0.9.0-alpha.2'],
    ['2.3.0-beta.1', '^2.0.0'],
    ['2.3.0', '>=2.0.0 <2.4.0 || 3.x'],
  ])('%s fits the range %s', (hubVersion, hub) => {
    const registry = createRegistry({ hubVersion });
    expect(() => registry.register(sampleConnector(hub === undefined ? {} : { hub }))).not.toThrow();
  });

  it.each([
    ['1.0.0', undefined],
    ['1.0.0-rc.1', undefined],
    ['0.1.0', '^0.2.0'],
    ['0.2.0-beta.1', '>=0.2.0'],
    ['3.0.0-beta.1', '^2.0.0'],
  ])('%s does not fit the range %s, and both are named', (hubVersion, hub) => {
    const registry = createRegistry({ hubVersion });
    const connector = sampleConnector(hub === undefined ? {} : { hub });
    expect(() => registry.register(connector)).toThrow(
      expect.objectContaining({
        code: 'connector_incompatible',
        message: `The connector sample 1.2.3 needs a hub ${connector.manifest.hub}, and this hub is ${hubVersion}. Install a version of the connector made for this hub, or another hub.`,
        details: { connector: 'sample', version: '1.2.3', needs: connector.manifest.hub, found: hubVersion },
      }),
    );
    expect(registry.list()).toEqual([]);
  });

  it('must be one', () => {
    expect(() => createRegistry({ hubVersion: 'latest' })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

describe('a second connector of the same id', () => {
  it('is refused with the same major, naming both versions', () => {
    const registry = registryOf('1.2.0');
    expect(() => registry.register(sampleConnector({ version: '1.3.0' }))).toThrow(
      'The connector sample is registered twice with major 1 (1.2.0 and 1.3.0). Register one of them.',
    );
    expect(registry.list()).toHaveLength(1);
  });

  it('stands beside the first with another major', () => {
    expect(registryOf('1.2.0', '2.0.0').list()).toHaveLength(2);
  });
});

describe('dependencies', () => {
  const needing = (dependencies: Readonly<Record<string, string>>) => sampleConnector({ id: 'dependent', dependencies });

  it('may be registered before or after what needs them', () => {
    const [needed, dependent] = [sampleConnector(), needing({ sample: '^1.0.0' })];
    for (const order of [
      [needed, dependent],
      [dependent, needed],
    ]) {
      const registry = emptyRegistry();
      for (const connector of order) registry.register(connector);
      expect(() => registry.check()).not.toThrow();
    }
  });

  it('may need each other', () => {
    const registry = emptyRegistry();
    registry.register(needing({ sample: '1.x' }));
    registry.register(sampleConnector({ dependencies: { dependent: '*' } }));
    expect(() => registry.check()).not.toThrow();
  });

  it('are met by any registered major, and by a prerelease of the range', () => {
    const registry = registryOf('1.4.0-beta.2', '2.0.0');
    registry.register(needing({ sample: '^1.3.0' }));
    expect(() => registry.check()).not.toThrow();
  });

  it('that do not fit are all named at once, each with what to do', () => {
    const registry = registryOf('1.0.0', '3.0.0');
    registry.register(needing({ sample: '^2.0.0', jira: '^1.0.0' }));
    const faults = [
      'The connector dependent 1.2.3 needs the connector sample ^2.0.0, and 1.0.0 and 3.0.0 is registered. Register a version of sample that fits.',
      'The connector dependent 1.2.3 needs the connector jira ^1.0.0, which is not registered. Register it.',
    ];
    expect(() => registry.check()).toThrow(
      expect.objectContaining({ code: 'connector_incompatible', message: faults.join(' '), details: { faults } }),
    );
  });
});

describe('what is registered', () => {
  it('may come from a second copy of core', async () => {
    vi.resetModules();
    const copy = await import('./define-connector.ts');
    const foreign = copy.defineConnector(sampleDefinition);
    expect(emptyRegistry().register(foreign)).toBe(foreign);
  });

  it('may be made by hand', () => {
    const { manifest, ...members } = sampleConnector();
    const plain = { ...members, manifest: { ...manifest } };
    expect(emptyRegistry().register(plain)).toBe(plain);
  });
});
