import { expect, it } from 'vitest';
import { givenUrl, isGivenUrl } from './given-url.ts';
import { isRequestPath, path } from './path.ts';

it('is a path of its own for each URL, with nothing of it in its template', () => {
  const urls = ['https://files.example.com/a?sig=1', 'https://files.example.com/a?sig=2', '../../x', '', '\ud800'];
  const made = urls.map((url) => givenUrl('files', url));
  expect(new Set(made.map(({ value }) => value)).size).toBe(urls.length);
  for (const [index, each] of made.entries()) {
    expect([isRequestPath(each), isGivenUrl(each), each.template]).toEqual([true, true, '/{}']);
    expect(each.given).toEqual({ host: 'files', url: urls[index] });
  }
  expect(isGivenUrl(path`/items`)).toBe(false);
});
