import { describe, expect, it } from 'vitest';
import { sampleConnector, sampleDefinition } from './__fixtures__/sample-connector.ts';
import { looksLikeConnector, readConnector } from './read-connector.ts';

const connector = sampleConnector();
const { manifest } = connector;
const without = (...names: readonly string[]) => Object.fromEntries(Object.entries(connector).filter(([name]) => !names.includes(name)));
const withManifest = (changes: object) => ({ ...connector, manifest: { ...manifest, ...changes } });

describe('readConnector', () => {
  it.each<[what: string, message: string, candidate: unknown]>([
    ['a factory that was not called', 'a function; call it', () => connector],
    ['a connector that was not waited for', 'a promise; await it', Promise.resolve(connector)],
    ['nothing', 'Not a connector: undefined', undefined],
    ['null', 'Not a connector: null', null],
    ['a name', 'Not a connector: a string', 'github'],
    ['a module', 'an object without a manifest', { github: () => connector }],
    ['a definition', 'an object without a manifest', sampleDefinition],
    ['a manifest that is none', 'an object without a manifest', { ...connector, manifest: 'sample' }],
    ['one without methods', 'sample, which lacks executeAction, shutdown', without('executeAction', 'shutdown')],
    ['one without parts', 'sample, which lacks actions, definition', without('actions', 'definition')],
    ['one that does not say what it needs', 'hub and dependencies in its manifest', withManifest({ hub: undefined })],
    ['one with two ids', 'differ in id or version', { ...connector, id: 'other' }],
    ['one with two versions', 'differ in id or version', withManifest({ version: '2.0.0' })],
  ])('refuses %s', (_what, message, candidate) => {
    expect(() => readConnector(candidate)).toThrow(
      expect.objectContaining({ code: 'connector_invalid', message: expect.stringContaining(message) }),
    );
  });

  it('looks at the definition again, which another version of core may have let through', () => {
    const definition = { ...sampleDefinition, id: 'a.b' };
    const crooked = { ...connector, id: 'a.b', definition, manifest: { ...manifest, id: 'a.b' } };
    expect(() => readConnector(crooked)).toThrow(/its id must be/);
  });

  it.each([
    [2, 'follows version 2 of the connector contract, and this hub speaks version 1'],
    ['1', 'follows no known version of the connector contract'],
  ])('refuses the contract %j as incompatible', (specVersion, message) => {
    expect(() => readConnector(withManifest({ specVersion }))).toThrow(
      expect.objectContaining({ code: 'connector_incompatible', message: expect.stringContaining(message) }),
    );
  });

  it('refuses one that throws when it is looked at, without its words', () => {
    const hostile = {
      get manifest() {
        throw new TypeError('the token is hunter2');
      },
    };
    expect(() => readConnector(hostile)).toThrow('A connector threw TypeError when it was looked at. Build it with defineConnector.');
  });
});

describe('looksLikeConnector', () => {
  it('tells a connector, of whatever contract, from other exports', () => {
    expect(looksLikeConnector(connector)).toBe(true);
    expect(looksLikeConnector(withManifest({ specVersion: 9 }))).toBe(true);
    expect(looksLikeConnector(sampleDefinition)).toBe(false);
    expect(looksLikeConnector(() => connector)).toBe(false);
  });
});
