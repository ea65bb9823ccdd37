import { expect, it } from 'vitest';
import { readDeprecation } from './read-deprecation.ts';

const none = { deprecatedAt: null, sunsetAt: null, link: null };
const sunset = Date.UTC(2027, 0, 31, 23, 59, 59);

it.each([
  [{ deprecation: '@1688169599' }, { ...none, deprecatedAt: 1_688_169_599_000 }],
  [{ deprecation: 'true' }, none],
  [{ deprecation: '?1' }, none],
  [{ deprecation: 'Sun, 31 Jan 2027 23:59:59 GMT' }, { ...none, deprecatedAt: sunset }],
  [{ deprecation: '2027-01-31' }, { ...none, deprecatedAt: Date.UTC(2027, 0, 31) }],
  [{ deprecation: 'version="v1"' }, none],
  [{ deprecation: '@99999999999999' }, none],
  [{ sunset: 'Sun, 31 Jan 2027 23:59:59 GMT' }, { ...none, sunsetAt: sunset }],
  [
    { deprecation: '@1688169599', sunset: 'soon', link: '<https://docs.example.com/v2>; rel="deprecation"; type="text/html"' },
    { deprecatedAt: 1_688_169_599_000, sunsetAt: null, link: 'https://docs.example.com/v2' },
  ],
  [
    { deprecation: 'true', link: '<https://a.example.com/2>; rel="successor-version", <https://a.example.com/s>; rel="sunset"' },
    { ...none, link: 'https://a.example.com/s' },
  ],
  [{ 'x-shopify-api-deprecated-reason': 'https://shopify.dev/changelog/1' }, { ...none, link: 'https://shopify.dev/changelog/1' }],
  [{ warning: '299 - "extensions/v1beta1 is deprecated"' }, none],
  [{ 'x-api-warn': 'This endpoint will be retired.' }, none],
])('reads %j', (headers, expected) => {
  expect(readDeprecation(headers)).toEqual(expected);
});

it.each([
  {},
  { deprecation: 'false' },
  { deprecation: '' },
  { sunset: 'never' },
  { sunset: '12' },
  { warning: '110 - "Response is stale"' },
  { link: '<https://a.example.com>; rel="deprecation"' },
])('finds nothing that ends in %j', (headers) => {
  expect(readDeprecation(headers)).toBeUndefined();
});

it.each([
  'javascript:alert(1)',
  'http://a.example.com',
  'https://user:pass@a.example.com',
  `https://a.example.com/${'x'.repeat(600)}`,
  '/relative',
])('tells no link to %s', (target) => {
  expect(readDeprecation({ deprecation: 'true', link: `<${target}>; rel="deprecation"` })).toEqual(none);
});
