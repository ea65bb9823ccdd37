import { describe, expect, it } from 'vitest';
import { crookedConnector, sampleConnector } from '../connector/__fixtures__/sample-connector.ts';
import { parseConfinement } from './parse-confinement.ts';

const connector = crookedConnector({
  resources: {
    repository: { title: 'Repository', example: 'octo/hello', pattern: '[a-z0-9-]+/[a-z0-9._-]+', letters: 'lower' },
    branch: { title: 'Branch', example: 'main', pattern: '.+' },
  },
});

describe('a confinement', () => {
  it('is kept in one writing: letters folded, sorted, each name once', () => {
    const parsed = parseConfinement(connector, { repository: ['Octo/Hello', 'octo/a', 'octo/hello'], branch: [] });
    expect(JSON.stringify(parsed)).toBe('{"branch":[],"repository":["octo/a","octo/hello"]}');
  });

  it.each<[string, unknown]>([
    ['no object', 'repository'],
    ['a list', ['octo/hello']],
    ['nothing', {}],
    ['a kind that is not declared', { folder: ['a'] }],
    ['a kind that is no own one', { constructor: ['a'] }],
    ['names that are no list', { repository: 'octo/hello' }],
    ['a name that is not written like one', { repository: ['octo/hello/issues'] }],
    ['a wildcard', { repository: ['octo/*'] }],
    ['a name that is no text', { repository: [null] }],
    ['too many names', { repository: Array.from({ length: 1_001 }, (_, index) => `octo/r${index}`) }],
  ])('of %s is refused, and the name is not repeated', (_, confinedTo) => {
    const given = JSON.parse(JSON.stringify(confinedTo));
    expect(() => parseConfinement(connector, given)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.not.stringMatching(/issues|\*/) }),
    );
  });

  it('is refused for a connector that declares no kinds', () => {
    expect(() => parseConfinement(sampleConnector(), { repository: ['octo/hello'] })).toThrow('It has: none.');
  });
});
