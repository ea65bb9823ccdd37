import { expect, it } from 'vitest';
import { guardLogger } from './guard-logger.ts';
import { type LogFields, silentLogger } from './logger.ts';

it('hands everything on, with the logger as this', () => {
  const lines: unknown[] = [];
  const host = {
    ...silentLogger,
    lines,
    warn(message: string, fields?: LogFields) {
      this.lines.push([message, fields]);
    },
  };
  guardLogger(host).warn('x', { code: 'network' });
  guardLogger(host).warn('y');
  expect(lines).toEqual([
    ['x', { code: 'network' }],
    ['y', undefined],
  ]);
});

it('leaves out what has no listed name, and says how many those were', () => {
  const lines: unknown[] = [];
  const host = { ...silentLogger, error: (_message: string, fields?: LogFields) => void lines.push(fields) };
  guardLogger(host).error('x', { tenant: 'acme', token: 'secret', body: 'secret' });
  expect(lines).toEqual([{ tenant: 'acme', unlisted: 2 }]);
});

it('lets nothing come back of a logger that throws or rejects', async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listen);
  const fail = () => {
    throw new Error('The disk is full.');
  };
  const reject = async () => fail();
  const logger = guardLogger({ debug: fail, info: reject, warn: reject, error: fail });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) expect(logger[level]('x')).toBeUndefined();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', listen);
  expect(unhandled).toEqual([]);
});
