import { expect, it } from 'vitest';
import type { WebhookAnswer } from '../../connector/webhook-declaration.ts';
import { acceptedAnswer, challengeAnswer } from './sound-answer.ts';

const good: WebhookAnswer = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'challenge' };
// What plain JavaScript could hand in, past the types.
const crooked: readonly unknown[] = [
  { ...good, status: 99 },
  { ...good, status: 101 },
  { ...good, status: 600 },
  { ...good, status: '200' },
  { ...good, status: 200.5 },
  { ...good, contentType: 'text/plain\r\nset-cookie: a=1' },
  { ...good, contentType: '' },
  { ...good, contentType: undefined },
  { ...good, body: { challenge: 1 } },
  { ...good, body: 'x'.repeat(65_537) },
  'challenge',
  null,
];

it("takes the connector's answers", () => {
  expect(acceptedAnswer(good)).toBe(good);
  expect(challengeAnswer('sample', good)).toBe(good);
  expect(challengeAnswer('sample', undefined)).toBeUndefined();
  expect(acceptedAnswer(undefined)).toEqual({ status: 202, contentType: 'text/plain', body: '' });
});

it.each(crooked.map((answer) => [answer]))('does not send %j', (answer) => {
  expect(acceptedAnswer(answer as WebhookAnswer)).toEqual({ status: 202, contentType: 'text/plain', body: '' });
  expect(() => challengeAnswer('sample', answer as WebhookAnswer)).toThrow(expect.objectContaining({ code: 'internal' }));
});
