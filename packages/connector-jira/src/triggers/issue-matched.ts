import { defineTrigger } from '@patchbay/core';
import { readUpdated } from '../actions/read-updated.ts';
import { shownFields, shownIssue, toShownIssue } from '../formats/shown-issue.ts';

/** `jira.issue.matched`: an issue of the JQL in the setting `watch` is new or was changed. It is found by asking, so it needs no webhook. */
export const issueMatched = defineTrigger({
  title: 'Issue matches JQL',
  description: 'An issue that the JQL of the setting watch finds is new or was changed. It is asked for every minute.',
  kind: 'updated',
  delivery: 'polling',
  class: 'record',
  resources: { project: [{ fields: ['project'] }] },
  payload: shownIssue.omit({ fields: true }),
  polling: {
    intervalMs: 60_000,
    async poll({ cursor, http, settings }) {
      const { watch } = settings;
      const filter = typeof watch === 'string' ? watch : undefined;
      const { issues, ...read } = await readUpdated({ http, cursor, filter, fields: shownFields, size: 100, begins: 'now' });
      const events = issues.map(({ issue, updatedAt }) => {
        const { fields: _none, ...data } = toShownIssue(issue, { wanted: [], settings });
        return { id: `${issue.id}/${updatedAt}`, data, subject: issue.key, time: updatedAt };
      });
      return { ...read, events };
    },
  },
});
