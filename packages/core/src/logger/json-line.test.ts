import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLine } from './json-line.ts';
import { silentLogger } from './logger.ts';
import { warningLogger } from './warning-logger.ts';

describe('a log line', () => {
  it('is one line of JSON, whatever the message and the fields hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), (message, fields) => {
        const line = jsonLine('warn', message, fields);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/u);
        expect(JSON.parse(line)).toMatchObject({ level: 'warn', message });
      }),
    );
  });

  it('cannot be given another level or message by a field', () => {
    expect(jsonLine('error', 'true', { level: 'debug', message: 'forged', code: 'x' })).toBe(
      '{"level":"error","message":"true","code":"x"}',
    );
  });
});

it('writes warnings and errors, and nothing else', () => {
  const lines: string[] = [];
  const logger = warningLogger((line) => lines.push(line));
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    logger[level](level, { a: 1 });
    silentLogger[level](level);
  }
  expect(lines).toEqual(['{"level":"warn","message":"warn","a":1}\n', '{"level":"error","message":"error","a":1}\n']);
});
