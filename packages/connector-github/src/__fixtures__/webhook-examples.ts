import { createRequire } from 'node:module';
import type { Json, JsonObject } from '@patchbay/core';

const require = createRequire(import.meta.url);

/** The vendor's own example deliveries of github.com and of five Enterprise Server versions. */
export const sources = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'] as const;

/** All examples of one source: the event of the header, and payloads. */
export function webhookExamples(
  source: (typeof sources)[number],
): readonly { readonly name: string; readonly examples: readonly JsonObject[] }[] {
  return require(`@octokit/webhooks-examples/${source}/index.json`);
}

/** The examples of one kind of delivery; without an action, all of the event. */
export function examplesOf(event: string, action?: string): readonly JsonObject[] {
  const found = webhookExamples('api.github.com').filter(({ name }) => name === event);
  return found
    .flatMap(({ examples }) => examples)
    .filter((example: { readonly action?: Json }) => action === undefined || example['action'] === action);
}
