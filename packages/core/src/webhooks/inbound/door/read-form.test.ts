import { describe, expect, it } from 'vitest';
import { readForm } from './read-form.ts';

const read = (text: string, jsonField?: string, maximumKeys = 10) => readForm(Buffer.from(text, 'latin1'), { jsonField, maximumKeys });
const faultOf = (text: string, jsonField?: string) => {
  try {
    return read(text, jsonField);
  } catch (error) {
    return error;
  }
};

describe('a form', () => {
  it('is an object of its fields as text', () => {
    expect(read('command=%2Fdeploy&text=a+b%20c&empty=&bare&%C3%BC=%F0%9F%98%80')).toEqual({
      value: { command: '/deploy', text: 'a b c', empty: '', bare: '', ü: '😀' },
      exact: false,
    });
    expect(read('').value).toEqual({});
    expect(read('a=1&&b=2&').value).toEqual({ a: '1', b: '2' });
  });

  it('is the JSON of the field that holds it, read as strictly as any body', () => {
    const field = (json: string) => `payload=${encodeURIComponent(json)}`;
    expect(read(field('{"type":"block_actions"}'), 'payload').value).toEqual({ type: 'block_actions' });
    expect(read('command=%2Fdeploy', 'payload').value).toEqual({ command: '/deploy' });
    for (const json of ['{', '{"a":1,"a":2}', '"\\ud800"', `${'['.repeat(65)}${']'.repeat(65)}`])
      expect([json, faultOf(field(json), 'payload')]).toEqual([json, expect.objectContaining({ code: 'body_invalid' })]);
  });

  it.each([
    'a=1&a=2',
    'a=1&%61=2',
    'a=%',
    'a=%zz',
    'a=%80',
    '%ff=1',
    'a=%ed%a0%80',
    'a=\xfc',
    Array.from({ length: 11 }, (_, at) => `${at}=1`).join('&'),
    '&'.repeat(11),
  ])('is not %j', (text) => {
    expect(faultOf(text)).toMatchObject({ code: 'body_invalid' });
  });

  it('has no field that is a prototype', () => {
    const { value } = read('__proto__=x&constructor=y');
    expect(Object.entries(value ?? {})).toEqual([['constructor', 'y']]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});
