import { expect, it } from 'vitest';
import { whereThrown } from './where-thrown.ts';

const caught = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

it('names the kind and the place of what was thrown', () => {
  expect(whereThrown(caught(() => JSON.parse('{')))).toEqual({
    error: 'SyntaxError',
    at: expect.stringMatching(/where-thrown\.test\.ts:\d+:\d+$/),
  });
  expect(whereThrown('token=hunter2')).toEqual({ error: 'string' });
  expect(whereThrown(undefined)).toEqual({ error: 'undefined' });
});

it('says nothing of the message, however it is made to look', () => {
  const secret = '/hunter2.ts:1:1';
  const error = new TypeError(`x\n    at run (${secret})\n    at ${secret}`);
  expect(JSON.stringify(whereThrown(error))).not.toContain('hunter2');
  const renamed = Object.assign(new Error('x'), { name: 'token hunter2' });
  expect(whereThrown(renamed)).toMatchObject({ error: 'Error' });
  const stack = 'Error: before\n    at /hunter2.ts:1:1\n    at after (/x.ts:1:1)\n    at /y.ts:1:1';
  const changed = Object.assign(new Error('after'), { stack });
  expect(whereThrown(changed)).toEqual({ error: 'Error' });
  expect(whereThrown(Object.assign(new Error('x'), { stack: 7 }))).toEqual({ error: 'Error' });
});
