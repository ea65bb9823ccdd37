import { createRequire } from 'node:module';
import type { JsonObject } from '@patchbay/core';

interface Payload extends JsonObject {
  readonly issue: JsonObject & { readonly labels: readonly JsonObject[] };
}

const require = createRequire(import.meta.url);
const kinds: readonly { readonly name: string; readonly examples: readonly Payload[] }[] = require('@octokit/webhooks-examples');

/** The body of a true `issues.opened` delivery, from GitHub's own examples, with another number, title and label. */
export function issueOpened(issue: { readonly number: number; readonly title: string; readonly label: string }): Payload {
  const example = kinds.find(({ name }) => name === 'issues')?.examples.find(({ action }) => action === 'opened');
  if (!example) throw new Error('@octokit/webhooks-examples has no issues.opened.');
  const { number, title, label } = issue;
  const { id, html_url, labels } = example.issue;
  const url = String(html_url).replace(/\d+$/, String(number));
  return {
    ...example,
    issue: {
      ...example.issue,
      id: Number(id) + number,
      number,
      title,
      html_url: url,
      labels: labels.map((each) => ({ ...each, name: label })),
    },
  };
}
