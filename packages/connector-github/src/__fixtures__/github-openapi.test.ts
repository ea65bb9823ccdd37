import { describe, expect, it } from 'vitest';
import { faultsOf } from './github-openapi.ts';

const create = {
  method: 'POST',
  path: '/repos/octocat/Hello-World/issues',
  body: JSON.stringify({ title: 'Found a bug', labels: ['bug'] }),
};

// The negative control of every test that holds a request against the description.
describe("the check against GitHub's description", () => {
  it('takes a request that fits', () => {
    expect(faultsOf(create)).toEqual([]);
  });

  it('objects to a required field that is missing', () => {
    expect(faultsOf({ ...create, body: JSON.stringify({ labels: ['bug'] }) })).toEqual(["body  must have required property 'title'"]);
  });

  it('objects to a field of another name', () => {
    expect(faultsOf({ ...create, body: JSON.stringify({ title: 'x', label: ['bug'] }) })).toEqual(['body label is not described']);
  });

  it('objects to a field of another type', () => {
    expect(faultsOf({ ...create, body: JSON.stringify({ title: 'x', assignees: 'octocat' }) })).toEqual(['body /assignees must be array']);
  });

  it('looks at what a schema only refers to', () => {
    const ask = { method: 'POST', path: '/app/installations/1/access_tokens', body: JSON.stringify({ permissions: { issues: 'write' } }) };
    expect(faultsOf(ask)).toEqual([]);
    expect(faultsOf({ ...ask, body: JSON.stringify({ permissions: { issues: 'admin' } }) })).toEqual([
      'body /permissions/issues must be equal to one of the allowed values',
    ]);
  });

  it('objects to a method that the path does not have, and to a path that is none', () => {
    expect(faultsOf({ ...create, method: 'PUT' })).toEqual(['no operation PUT /repos/octocat/Hello-World/issues']);
    expect(faultsOf({ ...create, path: '/repos/octocat/issues/new/one/two' })).toHaveLength(1);
  });

  it('objects to a query parameter that is not described or has another value', () => {
    const list = { method: 'GET', path: '/repos/octocat/Hello-World/issues?state=all', body: '' };
    expect(faultsOf(list)).toEqual([]);
    expect(faultsOf({ ...list, path: `${list.path}&order=desc` })).toEqual(['query order is not described']);
    expect(faultsOf({ ...list, path: `${list.path}&sort=number` })).toEqual(['query sort  must be equal to one of the allowed values']);
    expect(faultsOf({ ...list, path: `${list.path}&per_page=many` })).toEqual(['query per_page  must be integer']);
  });

  it('objects to a path value of another type', () => {
    expect(faultsOf({ method: 'GET', path: '/repos/octocat/Hello-World/issues/first/comments', body: '' })).toEqual([
      'path issue_number  must be integer',
    ]);
  });
});
