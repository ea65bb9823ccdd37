import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from './connector/create-registry.ts';
import { type DiscoverOptions, discoverConnectors } from './discover.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'patchbay-discover-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A connector without any library: a package of somebody who never saw this repository. */
const makeConnector = `const make = (id, changes = {}) => {
  const definition = { id, name: id, description: id, version: '1.0.0', category: 'custom', auth: [{ type: 'none' }],
    origin: 'https://api.example.com', actions: {}, triggers: {}, healthCheck: async () => ({ healthy: true }), ...changes };
  const manifest = { ...definition, specVersion: 1, hub: '>=0.1.0 <1.0.0', dependencies: {}, logo: null, docsUrl: null, actions: [], triggers: [], webhook: null };
  const nothing = async () => undefined;
  return { id, manifest, definition, actions: {}, triggers: {}, initialize: nothing, healthCheck: definition.healthCheck, executeAction: nothing,
    reconcileAction: nothing, getActions: () => [], getTriggers: () => [], shutdown: nothing };
};
`;

interface Written {
  readonly code: string;
  readonly manifest?: object;
}

function write(folder: string, { code, manifest = {} }: Written): void {
  const place = join(root, folder);
  mkdirSync(place, { recursive: true });
  const name = folder.replace(/^.*?node_modules\//, '');
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name, type: 'module', exports: './index.js', ...manifest }));
  writeFileSync(join(place, 'index.js'), makeConnector + code);
}
const install = (name: string, written: Written): void => write(`node_modules/${name}`, written);
const named = (connector: string): object => ({ patchbay: { connector } });
const discover = (request: Omit<DiscoverOptions, 'from'>) => discoverConnectors({ from: root, ...request });
const idsOf = async (request: Omit<DiscoverOptions, 'from'>): Promise<readonly string[]> =>
  (await discover(request)).connectors.map(({ manifest }) => manifest.id);

describe('a package', () => {
  it('gives the export that its package.json names, called with its options', async () => {
    const code = `export const helper = () => { throw new Error('called') }; export const acme = (options) => make(options.id);`;
    install('@acme/connector', { code, manifest: named('acme') });
    expect(await idsOf({ packages: ['@acme/connector'], options: { '@acme/connector': { id: 'acme' } } })).toEqual(['acme']);
  });

  it('gives its single connector where it names no export, whatever functions it has', async () => {
    install('one', {
      code: `export const one = make('one'); export default one; export const helper = () => { throw new Error('called') };`,
    });
    expect(await idsOf({ packages: ['one'] })).toEqual(['one']);
  });

  it('gives what its single function returns where it has no connector', async () => {
    install('two', {
      code: `export const version = '1'; export const two = async (...given) => make('two', { name: String(given.length) });`,
    });
    const { connectors } = await discover({ packages: ['two', 'two'] });
    expect(connectors).toMatchObject([{ id: 'two', manifest: { name: '0' } }]);
  });

  it('is found from a module, by URL, as that module would find it', async () => {
    install('near', { code: `export const near = make('far');` });
    write('nested/node_modules/near', { code: `export const near = make('near');` });
    const from = pathToFileURL(join(root, 'nested/main.js'));
    for (const place of [from, from.href, join(root, 'nested/main.js'), join(root, 'nested')]) {
      expect((await discoverConnectors({ from: place, packages: ['near'] })).connectors).toMatchObject([{ id: 'near' }]);
    }
  });

  it('can be registered without a change in core', async () => {
    install('three', { code: `export const three = make('three');` });
    const { connectors } = await discover({ packages: ['three'] });
    const registry = createRegistry({ hubVersion: '0.1.0' });
    for (const connector of connectors) registry.register(connector);
    expect(registry.get('three')).toBe(connectors[0]);
  });

  it.each<[fault: string, written: Written]>([
    [
      'its package.json names the export acme, and its exports are other',
      { code: `export const other = make('x');`, manifest: named('acme') },
    ],
    ['its package.json names the export acme, and its exports are none', { code: '', manifest: named('acme') }],
    ['none of its exports is a connector', { code: `export const version = '1';` }],
    ['it is not clear which of a, b is the connector', { code: `export const a = () => make('a'); export const b = () => make('b');` }],
    ['it is not clear which of a, b is the connector', { code: `export const a = make('a'); export const b = make('b');` }],
    ['the field patchbay of its package.json does not name an export', { code: '', manifest: { patchbay: 'acme' } }],
    ['the field patchbay of its package.json does not name an export', { code: '', manifest: named('') }],
    ['its package.json names no entry inside the package', { code: '', manifest: { exports: undefined } }],
    ['its package.json names no entry inside the package', { code: '', manifest: { exports: './../other/index.js' } }],
    ['its export acme gives no connector (Not a connector: a string', { code: `export const acme = () => 'acme';` }],
    ['its export acme gives no connector (The connector Acme cannot be used: its id', { code: `export const acme = make('Acme');` }],
    ['it cannot be loaded (SyntaxError)', { code: 'export const = 1;' }],
  ])('is refused because %s', async (fault, written) => {
    install('faulty', written);
    await expect(discover({ packages: ['faulty'] })).rejects.toMatchObject({
      code: 'connector_invalid',
      message: expect.stringContaining(`The package faulty cannot be used: ${fault}`),
    });
  });

  it('is refused with the code of the reason, such as another contract', async () => {
    install('newer', {
      code: `const newer = make('newer'); export const later = { ...newer, manifest: { ...newer.manifest, specVersion: 2 } };`,
    });
    await expect(discover({ packages: ['newer'] })).rejects.toMatchObject({ code: 'connector_incompatible' });
  });

  it('is refused without the words of its factory, which could repeat a secret of its options', async () => {
    install('leaky', { code: `export const leaky = ({ token }) => { throw new TypeError('bad token ' + token); };` });
    const error = await discover({ packages: ['leaky'], options: { leaky: { token: 'hunter2' } } }).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('its export leaky gives no connector (TypeError)');
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('hunter2');
  });

  it('that is a finished connector takes no options', async () => {
    install('done', { code: `export const done = make('done');` });
    await expect(discover({ packages: ['done'], options: { done: {} } })).rejects.toThrow(/finished connector and takes no options/);
  });

  it('that is not installed is named', async () => {
    await expect(discover({ packages: ['absent'] })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('The package absent'),
    });
  });

  it.each(['../evil', '/etc/evil', './evil', 'file:///evil.js', 'data:text/javascript,1', 'node:fs', '@acme', 'a/b', 'A', ''])(
    'cannot be given by the path %j',
    async (name) => {
      await expect(discover({ packages: [name] })).rejects.toMatchObject({ code: 'invalid_argument' });
    },
  );
});

describe('a folder', () => {
  it('gives the sub-folders whose package.json has the field, by name, and passes over the others', async () => {
    write('connectors/zeta', { code: `export const zeta = () => make('zeta');`, manifest: named('zeta') });
    write('connectors/alpha', { code: `export const alpha = make('alpha');`, manifest: named('alpha') });
    write('connectors/other', { code: `throw new Error('imported');`, manifest: { exports: undefined } });
    write('connectors/.hidden', { code: `throw new Error('imported');`, manifest: named('hidden') });
    write('connectors/node_modules', { code: `throw new Error('imported');`, manifest: named('installed') });
    mkdirSync(join(root, 'connectors/empty'));
    writeFileSync(join(root, 'connectors/README.md'), '');
    expect(await idsOf({ folders: ['connectors'] })).toEqual(['alpha', 'zeta']);
    expect(await idsOf({ folders: [join(root, 'connectors')] })).toEqual(['alpha', 'zeta']);
  });

  it('comes after the packages, and its packages take options by their names', async () => {
    install('first', { code: `export const first = make('first');` });
    write('connectors/second', {
      code: `export const second = (options) => make(options.id);`,
      manifest: { name: '@acme/second', ...named('second') },
    });
    const request = { folders: ['connectors'], packages: ['first'], options: { '@acme/second': { id: 'second' } } };
    expect(await idsOf(request)).toEqual(['first', 'second']);
  });

  it('that is not there is named', async () => {
    await expect(discover({ folders: ['missing'] })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(join(root, 'missing')),
    });
  });

  it('refuses a package.json that is not JSON', async () => {
    write('connectors/broken', { code: '' });
    writeFileSync(join(root, 'connectors/broken/package.json'), '{');
    await expect(discover({ folders: ['connectors'] })).rejects.toThrow(
      /broken cannot be used: its package.json is not readable JSON \(SyntaxError\)/,
    );
  });
});

describe('discovery', () => {
  it('finds nothing where nothing is asked for', async () => {
    expect(await discover({})).toEqual({ connectors: [], refused: [] });
  });

  it('collects what it refuses where that is asked for, and goes on', async () => {
    install('good', { code: `export const good = make('good');` });
    install('bad', { code: `throw new Error('at import');` });
    write('connectors/worse', { code: '', manifest: { patchbay: 1 } });
    const request = { packages: ['bad', 'absent', 'good'], folders: ['connectors', 'missing'], onRefused: 'collect' } as const;
    const { connectors, refused } = await discover(request);
    expect(connectors.map(({ id }) => id)).toEqual(['good']);
    expect(refused).toMatchObject([
      { name: 'bad', error: { code: 'connector_invalid' } },
      { name: 'absent', error: { code: 'not_found' } },
      { name: join(root, 'connectors/worse'), error: { code: 'connector_invalid' } },
      { name: 'missing', error: { code: 'not_found' } },
    ]);
  });

  it('refuses options for a package that is not among what was found, before anything is imported', async () => {
    install('one', { code: `globalThis.imported = true; export const one = make('one');` });
    const request = { packages: ['one'], options: { '@acme/oen': {} } };
    await expect(discover(request)).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('@acme/oen') });
    expect(globalThis).not.toHaveProperty('imported');
  });

  it.each(['.', 'app/main.js', 'https://example.com/main.js'])('refuses %j as the place to look from', async (from) => {
    await expect(discoverConnectors({ from })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('takes a place that does not exist by its form', async () => {
    write('app/node_modules/one', { code: `export const one = make('one');` });
    expect((await discoverConnectors({ from: join(root, 'app/missing.js'), packages: ['one'] })).connectors).toHaveLength(1);
    expect((await discoverConnectors({ from: `${join(root, 'app')}/`, packages: ['one'] })).connectors).toHaveLength(1);
  });
});
