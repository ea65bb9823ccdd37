import { expect, it } from 'vitest';
import { nextLink } from './next-link.ts';

const next = (link: string | readonly string[]) => nextLink({ headers: { link } })?.query;

it('gives the query of the next page', () => {
  expect(next('<https://api.example.com/repositories/1/issues?page=2&per_page=100>; rel="next"')).toEqual({ page: '2', per_page: '100' });
  expect(next('<https://a.example.com/?page=1>; rel="prev", <https://a.example.com/?page=3>; rel=next')).toEqual({ page: '3' });
  expect(next('</items?cursor=a%2Cb>; title="x, y"; rel="last NEXT"')).toEqual({ cursor: 'a,b' });
});

it('gives nothing of the host or the path, whatever they are', () => {
  for (const place of ['https://evil.com/steal', '//evil.com', 'javascript:alert(1)//', 'http://user:pass@evil.com:81/x'])
    expect(next(`<${place}?page=2>; rel="next"`)).toEqual({ page: '2' });
});

it.each([
  'rel="next"',
  '<https://a.example.com/?page=2>',
  '<https://a.example.com/?page=2>; rel="nextish"',
  '<https://a.example.com/?page=2>; norel="next"',
  '<http://[>; rel="next"',
  '',
])('finds no next page in %j', (link) => {
  expect(next(link)).toBeUndefined();
});

it('finds none in a header that came twice', () => {
  expect(next(['<https://a.example.com/?page=2>; rel="next"', ''])).toBeUndefined();
});

it('is not slow on a header made to be', () => {
  for (const link of [
    `,${' '.repeat(30_000)}`,
    ', '.repeat(15_000),
    `<a>${';'.repeat(30_000)}`,
    `<a>;${' '.repeat(30_000)}`,
    '<'.repeat(30_000),
  ])
    expect(next(link)).toBeUndefined();
});

it('makes no prototype of a parameter', () => {
  const query = next('<https://a.example.com/?__proto__=1&page=2>; rel="next"');
  expect(Object.getPrototypeOf(query)).toBe(Object.prototype);
  expect(query).toMatchObject({ page: '2' });
});
