import { expect, it } from 'vitest';
import { eventAttributes } from './event-attributes.ts';

it('names every attribute once, sorted, in names that CloudEvents allows', () => {
  expect(eventAttributes).toEqual([...new Set(eventAttributes)].sort());
  for (const name of eventAttributes) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
  expect(eventAttributes).toEqual(
    expect.arrayContaining(['id', 'source', 'type', 'data', 'tenant', 'correlation', 'causation', 'class', 'severity']),
  );
});
