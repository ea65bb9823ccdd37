import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { shownPerson, toShownPerson } from '../formats/shown-issue.ts';
import { namedByIssue } from '../jira-resources.ts';
import { issueIdOrKey, more, most, userSchema } from '../jira-schemas.ts';
import { byOffset, pageSize } from './page-size.ts';

const change = z.object({
  id: z.string(),
  author: userSchema.nullish().catch(null),
  created: z.string(),
  // A record: `toString` is a name of Jira's here, and an object's schema would find Object's own method where an item lacks it.
  items: z.array(z.record(z.string(), z.unknown())),
});

const text = z.string().nullable();

/** What was changed of an issue, the oldest first. */
export const getChangelog = defineAction({
  title: 'Get changelog',
  description: 'Lists the changes of an issue, the oldest first, with what each field was and became.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read the history of issues.' }],
  resources: namedByIssue,
  paginated: true,
  input: z.strictObject({ issue: issueIdOrKey.describe('Key or id of the issue.'), limit: most }),
  output: z.object({
    changes: z.array(
      z.object({
        id: z.string(),
        author: shownPerson,
        created: z.string(),
        items: z.array(z.object({ field: z.string(), field_id: text, from: text, from_text: text, to: text, to_text: text })),
      }),
    ),
    more,
  }),
  async run({ input: { issue, limit }, http }) {
    const listing = http.pages(path`/api/3/issue/${issue}/changelog`, {
      query: { maxResults: pageSize(limit) },
      response: z.object({ values: z.array(change), total: z.number().nullish(), isLast: z.boolean().nullish() }),
      items: (page) => page.values,
      paging: byOffset,
    });
    const { items, more: goesOn } = await listing.first(limit);
    return { changes: items.map(toChange), more: goesOn };
  },
});

function toChange({ id, author, created, items }: z.output<typeof change>) {
  return {
    id,
    author: toShownPerson(author),
    created,
    items: items.map((item) => ({
      field: textIn(item, 'field') ?? '',
      field_id: textIn(item, 'fieldId'),
      from: textIn(item, 'from'),
      from_text: textIn(item, 'fromString'),
      to: textIn(item, 'to'),
      to_text: textIn(item, 'toString'),
    })),
  };
}

function textIn(item: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  return typeof value === 'string' ? value : null;
}
