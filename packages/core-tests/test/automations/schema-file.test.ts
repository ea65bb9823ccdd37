import { readFileSync } from 'node:fs';
import { automationJsonSchema } from '@patchbay/core';
import { automationTemplateJsonSchema } from '@patchbay/core/host';
import { expect, it } from 'vitest';

it.each([
  ['automation', automationJsonSchema],
  ['automation-template', automationTemplateJsonSchema],
])('%s.schema.json is the committed one: run npm run exec -- node scripts/automation-schema.mjs after a change', (name, schema) => {
  const committed = new URL(`../../../../docs/${name}.schema.json`, import.meta.url);
  expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(schema());
});
