import { describe, expect, it } from 'vitest';
import { packageEntry } from './package-entry.ts';

describe('packageEntry', () => {
  it.each<[string, object, string | undefined]>([
    ['one path', { exports: './a.js', main: './b.js' }, './a.js'],
    ['conditions', { exports: { types: './a.d.ts', default: './a.js' } }, './a.js'],
    ['the first condition that holds', { exports: { require: './a.cjs', default: './a.js', import: './b.js' } }, './a.js'],
    ['nested conditions', { exports: { '.': { browser: './b.js', node: { require: './a.cjs', import: './a.js' } } } }, './a.js'],
    ['conditions that lead nowhere', { exports: { '.': { node: { require: './a.cjs' }, default: './a.js' } } }, './a.js'],
    ['paths without the package itself', { exports: { './other': './a.js' } }, undefined],
    ['an entry for require alone', { exports: { require: './a.cjs' } }, undefined],
    ['a path that is none of the package', { exports: '../a.js' }, undefined],
    ['another package', { exports: { '.': 'other' } }, undefined],
    ['null', { exports: { '.': null } }, undefined],
    ['main alone', { main: 'dist/a.js' }, 'dist/a.js'],
    ['a main that is no text', { main: 7 }, undefined],
    ['nothing', {}, undefined],
  ])('understands %s', (_what, manifest, entry) => {
    expect(packageEntry({ ...manifest })).toBe(entry);
  });
});
