import { expect, it } from 'vitest';
import { answerParser } from './answer-parser.ts';

function statusesOf(...chunks: string[]): number[] {
  const statuses: number[] = [];
  const parser = answerParser((status) => statuses.push(status));
  for (const chunk of chunks) parser.push(Buffer.from(chunk, 'latin1'));
  return statuses;
}

it('reports an answer with a length once its body is whole', () => {
  expect(statusesOf('HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nab')).toEqual([]);
  expect(statusesOf('HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nab', 'cd')).toEqual([202]);
});

it('reports an answer that comes in chunks at the last one', () => {
  expect(statusesOf('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n', '0\r\n\r\n')).toEqual([200]);
  expect(statusesOf('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n')).toEqual([200]);
});

it('reports one answer after another, however they are cut', () => {
  const answer = 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n';
  expect(statusesOf(answer.slice(0, 12), answer.slice(12), answer)).toEqual([401, 401]);
});

it('refuses a closing connection, an answer without a length and more than one answer', () => {
  expect(() => statusesOf('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')).toThrow('Keep connections alive');
  expect(() => statusesOf('HTTP/1.1 200 OK\r\ndate: today\r\n\r\n')).toThrow('no length');
  expect(() => statusesOf('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nabc')).toThrow('More came back');
});
