import { expect, it } from 'vitest';
import { answerHeaders } from './answer-headers.ts';

it('keeps what describes the answer', () => {
  const headers = { 'content-type': 'a/b', etag: '"1"', link: '<x>; rel="next"', 'x-list': ['a', 'b'], 'content-length': '3' };
  expect(answerHeaders(headers)).toEqual(headers);
});

it.each([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'http2-settings', 'set-cookie', 'set-cookie2', 'www-authenticate', 'authentication-info', 'authorization', 'cookie'],
])('leaves %s out', (name) => {
  expect(answerHeaders({ [name]: 'x', kept: '1' })).toEqual({ kept: '1' });
});

it('leaves out what the connection lists as its own', () => {
  expect(answerHeaders({ connection: 'close, X-Hop ,x-other', 'x-hop': '1', 'x-other': '2', kept: '3' })).toEqual({ kept: '3' });
});

it.each([
  ['https://api.example.com/items/5', 'https://api.example.com/items/5'],
  ['/items?page=2&api-version=2026-01-01', '/items?page=2&api-version=2026-01-01'],
  ['https://a.example.com/x?X-Amz-Signature=abc&part=1', 'https://a.example.com/x?X-Amz-Signature=[withheld]&part=1'],
  ['/cb?code=123&access_token=4#id_token=5', '/cb?code=[withheld]&access_token=[withheld]#[withheld]'],
  ['https://user:secret@a.example.com/x', 'https://[withheld]@a.example.com/x'],
  [`/x?p=${'y'.repeat(41)}`, '/x?p=[withheld]'],
  [`/x?${'y'.repeat(41)}`, '/x?[withheld]'],
  ['0; url=https://a.example.com/?sid=1&token=2', '0; url=https://a.example.com/?sid=1&token=[withheld]'],
])('takes what looks like a token out of a place: %s', (given, expected) => {
  expect(answerHeaders({ location: given, 'content-location': [given], refresh: given })).toEqual({
    location: expected,
    'content-location': [expected],
    refresh: expected,
  });
});
