import { expect, it } from 'vitest';
import { parseLinks } from './parse-links.ts';

it('reads targets and relations, quoted or not, several in one link and several links', () => {
  expect(parseLinks('<a>; rel=next, </b?c=1,2>;title="x, y; <z>" ; REL="prev  last",<d>')).toEqual([
    { target: 'a', relations: ['next'], isAnchored: false },
    { target: '/b?c=1,2', relations: ['prev', 'last'], isAnchored: false },
    { target: 'd', relations: [], isAnchored: false },
  ]);
});

it('takes the first of two relations, and knows what is about something else', () => {
  expect(parseLinks('<a>; rel="next"; rel="prev"; anchor="/other"')).toEqual([{ target: 'a', relations: ['next'], isAnchored: true }]);
});

it('reads quoted pairs, empty parameters and lists with holes', () => {
  expect(parseLinks(', ,<a>;;title="a \\" b";rel="next",,<b>;rel')).toEqual([
    { target: 'a', relations: ['next'], isAnchored: false },
    { target: 'b', relations: [], isAnchored: false },
  ]);
});

it('ends at what is no link', () => {
  expect(parseLinks('<a>; rel=next, b; rel=prev, <c>; rel=last')).toHaveLength(1);
  for (const header of ['', 'a', '<a', '<a b>', '< a>', ';', '"<a>"']) expect(parseLinks(header)).toEqual([]);
});

it('reads at most 200 links of 64 KiB, however the header is made', () => {
  expect(parseLinks('<a>; rel=next,'.repeat(100_000))).toHaveLength(200);
  for (const header of [`<a>${';'.repeat(100_000)}`, `<a>;x="${'\\'.repeat(100_000)}`, `<a>;x=${'"'.repeat(100_000)}`, ','.repeat(100_000)])
    expect(parseLinks(header).length).toBeLessThan(2);
});
