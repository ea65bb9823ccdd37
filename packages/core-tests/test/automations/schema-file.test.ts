import { readFileSync } from 'node:fs';
import { automationJsonSchema } from '@patchbay/core';
import { expect, it } from 'vitest';

const committed = new URL('../../../../docs/automation.schema.json', import.meta.url);

it('is the committed one: run npm run exec -- node scripts/automation-schema.mjs after a change', () => {
  expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(automationJsonSchema());
});
