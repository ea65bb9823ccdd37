import { describe, expect, it } from 'vitest';
import { path } from './path.ts';
import type { ResourceKind } from './resource-kind.ts';
import { resourcesOfPath } from './resources-of-path.ts';

const repository: ResourceKind = {
  title: 'Repository',
  example: 'octo/hello',
  pattern: '[a-z0-9-]+/[a-z0-9._-]+',
  letters: 'lower',
  paths: [
    { path: '/repos/{}/{}', methods: ['GET'] },
    { path: '/repos/{}/{}/issues' },
    { path: '/repos/{}/{}/issues/**' },
    { path: '/repos/{}/{}/labels/*/color' },
    { path: '/rate_limit' },
  ],
};
const project: ResourceKind = {
  title: 'Project',
  example: 'OPS',
  pattern: '[A-Z]+',
  letters: 'upper',
  paths: [{ path: '/issue/{}/**', within: '(.+)-\\d+' }, { path: '/project/{}' }, { path: '/*/{}' }],
};
const get = (kind: ResourceKind, value: string, method = 'GET') => resourcesOfPath(kind, { method, path: value });

describe('what a path names', () => {
  it.each([
    ['/repos/octo/hello', ['octo/hello']],
    ['/repos/OCTO/Hello/issues', ['octo/hello']],
    ['/repos/octo/hello/issues/7/comments', ['octo/hello']],
    ['/repos/octo/hello/issues/a%2Fb', ['octo/hello']],
    ['/repos/octo/hello/labels/bug/color', ['octo/hello']],
    ['/rate_limit', 'untouched'],
  ])('%s', (value, names) => expect(get(repository, value)).toEqual(names));

  it.each([
    '/repos/octo/hello/forks',
    '/repos/octo/hello/labels//color',
    '/repos/octo',
    '/user/repos',
    '/search/issues',
    '/Repos/octo/hello',
    '/repos/octo/hello/',
    '/repos//octo/hello',
    '//repos/octo/hello',
    '/repos/octo%2Fhello',
    '/repos/octo%2Fhello/x/issues',
    '/repos/octo/hello%2F..%2Fsecret/issues',
    '/repos/octo%252Fsecret/hello/issues',
    '/repos/octo/hello;x=1/issues',
    '/repos/octo/hello/issues/..',
    '/repos/octo/hello/issues/%2e%2e/%2e%2e/%2e%2e/octo/secret',
    '/repos/octo/hello/issues/..%2f..%2f..%2focto%2fsecret',
    '/repos/octo/hello/issues/%252e%252e%252f%252e%252e',
    '/repos/octo/hello/issues/..%5c..%5csecret',
    '/repos/octo/hello/issues/..;/..;/..;/octo/secret',
    '/repos/octo/hello/issues/..%3Bx=1/secret',
    '/repos/octo/hello/issues/%252e%252e%253b/secret',
    '/repos/octo/hello/issues/%',
    '/repos/octo/hello/issues/%ff',
    '/repos/octo/hell%C3%B6/issues',
    '/repos/octo/%E2%84%AAit/issues',
    'repos/octo/hello',
    '',
  ])('cannot be told of %s', (value) => expect(get(repository, value)).toBe('unknown'));

  it('cannot be told for a method that is not named', () => {
    expect(get(repository, '/repos/octo/hello', 'DELETE')).toBe('unknown');
    expect(get(repository, '/repos/octo/hello', 'get')).toBe('unknown');
  });

  it('cannot be told where the connector says nothing of paths', () => {
    const { paths: _, ...silent } = repository;
    expect(get(silent, '/repos/octo/hello')).toBe('unknown');
  });

  it('is read from a part of a segment, and of all the rules that fit', () => {
    expect(get(project, '/issue/ops-1/comment')).toEqual(['OPS']);
    expect(get(project, '/issue/10001/comment')).toBe('unknown');
    expect(get(project, '/project/OPS')).toEqual(['OPS', 'OPS']);
    expect(get(project, '/project/ops-1')).toBe('unknown');
    const paths = [{ path: '/issue/{}', within: '(.+)-\\d+' }, { path: '/*/{}' }];
    expect(['/issue/OPS', '/board/OPS'].map((value) => get({ ...project, paths }, value))).toEqual(['unknown', ['OPS']]);
  });

  it('is what the tag has encoded', () => {
    expect(get(repository, path`/repos/${'octo'}/${'hello'}/issues`.value)).toEqual(['octo/hello']);
    expect(get(repository, path`/repos/${'octo/hello'}/${'issues'}`.value)).toBe('unknown');
    expect(get(repository, path`/repos/${'octo'}/${'hello?x=/repos/octo/secret'}`.value)).toBe('unknown');
  });
});
