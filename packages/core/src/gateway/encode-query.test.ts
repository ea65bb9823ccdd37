import { expect, it } from 'vitest';
import { encodeQuery } from './encode-query.ts';

it('encodes values, repeats names for lists and leaves out what is undefined', () => {
  expect(encodeQuery({ a: 'x y&z=1#?', n: 0, f: false, gone: undefined, list: ['1', 2] })).toBe(
    'a=x+y%26z%3D1%23%3F&n=0&f=false&list=1&list=2',
  );
  expect(encodeQuery(undefined)).toBe('');
});

it('lets a credential take the place of a parameter of its name, however often it is given', () => {
  expect(encodeQuery({ api_key: ['mine', 'again'], q: '1' }, ['api_key', 'se cret'])).toBe('api_key=se+cret&q=1');
  expect(encodeQuery(undefined, ['api_key', 'k'])).toBe('api_key=k');
});
