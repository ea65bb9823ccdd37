import { describe, expect, it } from 'vitest';
import { changedMembers } from './changed-members.ts';

describe('changedMembers', () => {
  it('compares by content, whatever the order inside', () => {
    const before = { a: 1, list: [1, { x: 1, y: 2 }], gone: null, same: 'x' };
    const after = { same: 'x', list: [1, { y: 2, x: 1 }], a: 2, come: null };
    expect(changedMembers(before, after)).toEqual(['a', 'come', 'gone']);
    expect(changedMembers({ list: [1, 2] }, { list: [2, 1] })).toEqual(['list']);
  });

  it('takes all members of what is new or gone', () => {
    expect(changedMembers(null, { b: 1, a: 2 })).toEqual(['a', 'b']);
    expect(changedMembers({ b: 1, a: 2 }, null)).toEqual(['a', 'b']);
    expect(changedMembers(null, null)).toEqual([]);
  });

  it('tells an absent member from a null one', () => {
    expect(changedMembers({}, { a: null })).toEqual(['a']);
  });
});
