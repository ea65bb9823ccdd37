import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { clockTolerance, issueIdOrKey, keyProperty, propertyName, propertyValue, richText } from '../jira-schemas.ts';
import { byOffset } from './page-size.ts';
import { writeDocument } from './write-document.ts';

const worklog = z.object({
  id: z.string(),
  created: z.string(),
  properties: z.array(z.object({ key: z.string(), value: propertyValue })).catch([]),
});

/** Logs work. The key goes with the entry as a property, and is looked for on the issue's entries. */
export const addWorklog = defineAction({
  title: 'Add worklog',
  description: 'Logs work on an issue. The remaining estimate goes down by it unless it is to stay.',
  idempotency: 'reconcilable',
  // Entries are read directly; the minute is for a request that Jira still works on after our time-out.
  settlesWithin: 60_000,
  scopes: [
    { scope: 'write:jira-work', reason: 'To log work.' },
    { scope: 'read:jira-work', reason: 'To find an entry whose answer was lost.' },
  ],
  resources: namedByIssue,
  input: z.strictObject({
    issue: issueIdOrKey.describe('Key or id of the issue.'),
    seconds: z.int().min(60).max(31_536_000).describe('Seconds of work; Jira counts in minutes.'),
    started: z.iso.datetime({ offset: true }).optional().describe('When the work began; now unless set.'),
    comment: richText.optional(),
    estimate: z.enum(['auto', 'leave']).default('auto').describe('What becomes of the remaining estimate.'),
    notify: z.boolean().default(true).describe('Whether watchers are told by e-mail.'),
  }),
  output: z.object({ id: z.string() }),
  async run({ input: { issue, seconds, started, comment, estimate, notify }, http, key }) {
    const json = {
      timeSpentSeconds: seconds,
      ...(started === undefined ? {} : { started: toJiraTime(started) }),
      ...(comment === undefined ? {} : { comment: writeDocument(comment) }),
      properties: [keyProperty(key)],
    };
    const query = { adjustEstimate: estimate, notifyUsers: notify };
    const { id } = await http.post(path`/api/3/issue/${issue}/worklog`, { query, json, response: z.object({ id: z.string() }) });
    return { id };
  },
  async reconcile({ input: { issue }, http, key, since }) {
    const entries = http.pages(path`/api/3/issue/${issue}/worklog`, {
      query: { maxResults: 1_000, expand: 'properties' },
      response: z.object({ worklogs: z.array(worklog), total: z.number().nullish() }),
      items: (page) => page.worklogs,
      paging: byOffset,
    });
    for await (const { id, created, properties } of entries) {
      if (Date.parse(created) < since - clockTolerance) continue;
      if (properties.some((property) => property.key === propertyName && property.value.key === key.value))
        return { answer: 'found', output: { id } };
    }
    return { answer: 'absent' };
  },
});

/** Jira takes milliseconds always, and an offset without a colon. */
function toJiraTime(time: string): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}
