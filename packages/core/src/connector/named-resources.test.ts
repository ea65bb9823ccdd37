import { describe, expect, it } from 'vitest';
import { canonicalResource } from './canonical-resource.ts';
import { leavesConfinement } from './leaves-confinement.ts';
import { namedResources } from './named-resources.ts';
import type { ResourceKind } from './resource-kind.ts';

const repository: ResourceKind = { title: 'Repository', example: 'octo/hello', pattern: '[a-z0-9-]+/[a-z0-9._-]+', letters: 'lower' };
const project: ResourceKind = { title: 'Project', example: 'OPS', pattern: '[A-Z][A-Z0-9_]+', letters: 'upper' };
const folder: ResourceKind = { title: 'Folder', example: 'Café', pattern: '.+' };

describe('the one writing of a name', () => {
  it.each([
    ['Octo/HELLO', 'octo/hello'],
    ['octo/hello', 'octo/hello'],
  ])('of %s is %s', (name, canonical) => expect(canonicalResource(repository, name)).toBe(canonical));

  it.each([
    ['a Kelvin sign for a k', 'octo/\u212Ait'],
    ['a letter that looks like another', 'oct\u043E/hello'],
    ['full-width letters', 'octo/\uFF48ello'],
    ['a zero-width space', 'octo/hel\u200Blo'],
    ['an encoded slash', 'octo%2Fhello'],
    ['a further segment', 'octo/hello/x'],
    ['a line break at its end', 'octo/hello\n'],
    ['a space before', ' octo/hello'],
    ['nothing', ''],
    ['a list', ['octo/hello']],
    ['an object that prints as a name', { toString: (): string => 'octo/hello' }],
    ['null', null],
    ['too many characters', `octo/${'a'.repeat(300)}`],
  ])('is none for %s', (_, name) => expect(canonicalResource(repository, name)).toBeUndefined());

  it('does not take another normal form for the same name', () => {
    expect(canonicalResource(folder, 'Cafe\u0301')).not.toBe(canonicalResource(folder, 'Caf\u00E9'));
  });

  it('takes whole numbers for names, and no others', () => {
    expect(canonicalResource(folder, 17)).toBe('17');
    expect([1.5, Number.NaN, 2 ** 60, true].map((name) => canonicalResource(folder, name))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what an input names', () => {
  const inParts = [{ fields: ['owner', 'repo'] }] as const;

  it('may be in several fields, which are joined', () => {
    expect(namedResources(repository, inParts, { owner: 'Octo', repo: 'Hello' })).toEqual(['octo/hello']);
  });

  it.each([
    ['a part is missing', { owner: 'octo' }],
    ['a part is empty', { owner: 'octo', repo: '' }],
    ['a part holds the separator', { owner: 'octo/hello', repo: 'x' }],
    ['both parts together would be read otherwise', { owner: 'octo', repo: 'hello/x' }],
    ['a part is a list', { owner: ['octo'], repo: 'hello' }],
    ['a part is inherited', Object.assign(Object.create({ owner: 'octo' }), { repo: 'hello' })],
    ['there is nothing', {}],
    ['there is no object', 'octo/hello'],
  ])('cannot be told where %s', (_, input) => expect(namedResources(repository, inParts, input)).toBe('unknown'));

  it('is each value of a list, and cannot be told of an empty one or one with a single stranger', () => {
    const use = [{ fields: ['to.repositories'] }] as const;
    expect(namedResources(repository, use, { to: { repositories: ['octo/a', 'OCTO/b'] } })).toEqual(['octo/a', 'octo/b']);
    for (const repositories of [[], ['octo/a', 'b'], ['octo/a', ['octo/b']], ['octo/a', null]])
      expect(namedResources(repository, use, { to: { repositories } }), JSON.stringify(repositories)).toBe('unknown');
  });

  it('may be a part of a value, by which a value without that part says nothing', () => {
    const use = [{ fields: ['issue'], within: '(.+)-\\d+' }] as const;
    expect(namedResources(project, use, { issue: 'ops-1' })).toEqual(['OPS']);
    for (const issue of ['10001', 'OPS', 'OPS-1/../SEC-1', 'OPS-1\nSEC-2', 10_001, '-1'])
      expect(namedResources(project, use, { issue }), String(issue)).toBe('unknown');
  });

  it('is all that any of its places names, and one that is not given names nothing', () => {
    const use = [{ fields: ['project'] }, { fields: ['parent'], within: '(.+)-\\d+' }] as const;
    expect(namedResources(project, use, { project: 'OPS', parent: 'SEC-1' })).toEqual(['OPS', 'SEC']);
    expect(namedResources(project, use, { project: 'OPS', parent: null })).toEqual(['OPS']);
    expect(namedResources(project, use, { project: 'OPS', parent: '10001' })).toBe('unknown');
  });

  it('is what the author says of an action that names none', () => {
    expect(namedResources(project, 'untouched', {})).toBe('untouched');
    expect([namedResources(project, 'any', {}), namedResources(project, undefined, {})]).toEqual(['unknown', 'unknown']);
  });
});

describe('a confinement is left', () => {
  const kinds = { repository, project };
  const left = (confinedTo: Record<string, readonly string[]> | undefined, names: ReturnType<typeof namedResources>) =>
    leavesConfinement(kinds, confinedTo, () => names);

  it.each<[string, Record<string, readonly string[]> | undefined, ReturnType<typeof namedResources>, string | undefined]>([
    ['never by what is not confined', undefined, 'unknown', undefined],
    ['not by what is named', { repository: ['octo/a'] }, ['octo/a'], undefined],
    ['not by what touches none', { repository: ['octo/a'] }, 'untouched', undefined],
    ['by another', { repository: ['octo/a'] }, ['octo/b'], 'repository'],
    ['by another among those that are named', { repository: ['octo/a'] }, ['octo/a', 'octo/b'], 'repository'],
    ['by what cannot be told', { repository: ['octo/a'] }, 'unknown', 'repository'],
    ['by everything where the list is empty', { repository: [] }, ['octo/a'], 'repository'],
    ['by everything of a kind that is not declared any more', { folder: ['a'] }, ['a'], 'folder'],
    ['by everything of a kind that is no own one', { constructor: ['a'] }, ['a'], 'constructor'],
    ['in one of two kinds', { project: ['octo/a'], repository: ['OPS'] }, ['octo/a'], 'repository'],
  ])('%s', (_, confinedTo, names, kind) => expect(left(confinedTo, names)).toBe(kind));
});
