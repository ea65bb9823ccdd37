import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { attackExpressions } from './__fixtures__/attack-expressions.ts';
import { hostileBodies, inheritedPaths, refusedPaths } from './__fixtures__/hostile-paths.ts';
import { snapshotIntrinsics } from './__fixtures__/intrinsics.ts';
import { compileExpression } from './compile-expression.ts';
import { compileTemplate } from './compile-template.ts';
import { parsePath } from './path.ts';
import { readPath } from './read-path.ts';

const event = {
  items: [1, 2],
  text: 'x',
  own: JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":1},"prototype":2}'),
};

let before: string;
beforeAll(() => {
  before = snapshotIntrinsics();
});
afterAll(() => {
  expect(snapshotIntrinsics()).toBe(before);
});

function codeOf(run: () => unknown): string {
  try {
    return `answered ${JSON.stringify(run())}`;
  } catch (error) {
    return isPatchbayError(error) ? error.code : `not ours: ${String(error)}`;
  }
}

describe('escapes', () => {
  test.each(attackExpressions)('%s is refused or fails', (source) => {
    expect(codeOf(() => compileExpression(source, { roots: ['event'] }).evaluate({ event }))).toMatch(/^expression_(invalid|failed)$/);
  });

  test.each(attackExpressions)('%s reaches nothing without a list of variables either', (source) => {
    expect(codeOf(() => compileExpression(source).evaluate({ event }))).toMatch(/^expression_(invalid|failed)$/);
  });

  test.each(attackExpressions)('a template of %s is refused or fails', (source) => {
    const template = `{{ ${source} }}`;
    expect(codeOf(() => compileTemplate({ a: template }, { roots: ['event'] }).render({ event }))).toMatch(
      /^(expression_failed|template_invalid)$/,
    );
  });
});

describe('paths', () => {
  test.each(refusedPaths)('%j is refused', (text) => {
    expect(parsePath(text)).toHaveProperty('reason');
  });

  test.each(inheritedPaths)('%j finds nothing inherited', (text) => {
    const parsed = parsePath(text);
    if ('reason' in parsed) return expect.unreachable();
    expect(readPath(event, parsed.path)).toBeUndefined();
    expect(readPath(event.items, parsed.path)).toBeUndefined();
    expect(readPath(() => 1, parsed.path)).toBeUndefined();
  });
});

describe('bodies', () => {
  test.each(hostileBodies)('%s passes through and pollutes nothing', (body) => {
    const data: unknown = JSON.parse(body);
    const rendered = compileTemplate({ whole: '{{ event }}', text: 'data: {{ event }}', built: '{{ {"a": event, "b": [event]} }}' }).render(
      { event: data },
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(JSON.stringify(rendered)).not.toContain('polluted');
    for (const object of objectsIn(rendered)) expect([Object.prototype, null]).toContain(Object.getPrototypeOf(object));
  });
});

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inside : [value, ...inside];
}
