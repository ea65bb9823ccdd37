import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createSecret, isSecret } from './create-secret.ts';

const value = 'xoxb-4815162342-hunter2';

function printed(write: (console: Console) => void): string {
  let text = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  write(new Console(sink, sink));
  return text;
}

describe('createSecret', () => {
  it('gives the value back for a purpose', () => {
    expect(createSecret(value).reveal('attach to request')).toBe(value);
    expect(createSecret('').reveal('attach to request')).toBe('');
  });

  it('refuses to reveal without a purpose, and the refusal holds no value', () => {
    for (const purpose of ['', '   ']) {
      expect(() => createSecret(value).reveal(purpose)).toThrow(TypeError);
      expect(() => createSecret(value).reveal(purpose)).not.toThrow(value);
    }
  });

  it.each<[string, (secret: object) => unknown]>([
    ['String()', (secret) => String(secret)],
    ['a template literal', (secret) => `${secret}`],
    ['toString', (secret) => secret.toString()],
    ['toLocaleString', (secret) => secret.toLocaleString()],
    ['JSON.stringify', (secret) => JSON.parse(JSON.stringify(secret))],
    ['JSON.stringify inside a record', (secret) => JSON.parse(JSON.stringify({ token: secret })).token],
    ['util.inspect', (secret) => inspect(secret)],
    ['util.format %s', (secret) => format('%s', secret)],
    ['util.format %o', (secret) => format('%o', secret)],
    ['an array join', (secret) => [secret].join()],
  ])('prints as [redacted] through %s', (_name, print) => {
    expect(print(createSecret(value))).toBe('[redacted]');
  });

  it.each<[string, (secret: object) => unknown]>([
    ['inspect without custom printers', (secret) => inspect(secret, { customInspect: false, showHidden: true, depth: 9 })],
    ['inspect of a record with hidden properties', (secret) => inspect({ secret }, { showHidden: true, depth: 9 })],
    ['an error that carries it', (secret) => inspect(new Error('failed', { cause: { secret } }))],
    ['Object.entries', (secret) => JSON.stringify(Object.entries(secret))],
    ['a structured clone attempt', (secret) => inspect(tryClone(secret))],
    ['console.log', (secret) => printed((console) => console.log('token', secret, { secret }))],
    ['console.table', (secret) => printed((console) => console.table([{ secret }]))],
    ['console.dir', (secret) => printed((console) => console.dir(secret, { showHidden: true }))],
  ])('does not show the value through %s', (_name, print) => {
    const text = String(print(createSecret(value)));
    expect(text.length).toBeGreaterThan(0);
    expect(text).not.toContain(value);
  });

  it('has nothing to spread, list or assign', () => {
    const secret = createSecret(value);
    expect({ ...secret }).toEqual({});
    expect(Object.keys(secret)).toEqual([]);
    expect(Object.assign({}, secret)).toEqual({});
    const seen: string[] = [];
    for (const key in secret) seen.push(key);
    expect(seen).toEqual([]);
  });

  it('cannot be changed', () => {
    const secret = createSecret(value);
    expect(() => Object.assign(secret, { reveal: () => 'other' })).toThrow(TypeError);
    expect(() => Object.assign(secret, { toJSON: () => 'other' })).toThrow(TypeError);
    expect(secret.reveal('check')).toBe(value);
  });

  it('is recognised by its brand and by nothing else', () => {
    expect(isSecret(createSecret(value))).toBe(true);
    for (const other of [value, null, undefined, 7, {}, { reveal: () => value }]) expect(isSecret(other)).toBe(false);
  });
});

function tryClone(secret: object): unknown {
  try {
    return structuredClone(secret);
  } catch (error) {
    return error;
  }
}
