import type { JsonObject } from '@patchbay/core';
import { type DeliveryCase, githubDelivery } from '@patchbay/testing';
import { examplesOf } from './webhook-examples.ts';

/** What of GitHub's example is otherwise. */
type Change = (payload: JsonObject) => JsonObject;

interface Kind {
  readonly event: string;
  readonly action?: string;
  readonly trigger: string | null;
  /** Where GitHub has no example of its own, what makes one of another. */
  readonly from?: string;
  readonly change?: Change;
  readonly title?: string;
}

function deliveryOf({ event, action, trigger, from = action, change = (payload) => payload, title }: Kind): DeliveryCase {
  return {
    title: title ?? `${event}${action === undefined ? '' : `.${action}`}`,
    trigger,
    make: ({ secret }) => {
      const [payload] = examplesOf(event, from);
      if (payload === undefined) throw new Error(`GitHub has no example of ${event}.${from}.`);
      return githubDelivery({ event, payload: change({ ...payload, ...(action === undefined ? {} : { action }) }), secret });
    },
  };
}

const pullRequest =
  (fields: JsonObject): Change =>
  (payload) => ({ ...payload, pull_request: { ...Object(payload['pull_request']), ...fields } });

const closedIssue: Change = (payload) => ({
  ...payload,
  issue: { ...Object(payload['issue']), state: 'closed', state_reason: 'completed', closed_at: '2026-01-31T08:00:00Z' },
});

const merged = pullRequest({ merged: true, merged_at: '2026-01-31T08:00:00Z' });
const ofBranch: Change = (payload) => ({ ...payload, ref: 'feature', ref_type: 'branch' });

/** A delivery of each trigger, and some that are of no interest. GitHub's own examples, or made of them. */
export const deliveryCases: readonly DeliveryCase[] = [
  { event: 'issues', action: 'opened', trigger: 'issue.opened' },
  { event: 'issues', action: 'closed', trigger: 'issue.closed', from: 'opened', change: closedIssue },
  { event: 'issues', action: 'reopened', trigger: 'issue.reopened' },
  { event: 'issues', action: 'edited', trigger: 'issue.edited' },
  { event: 'issues', action: 'labeled', trigger: 'issue.labeled' },
  { event: 'issues', action: 'assigned', trigger: 'issue.assigned' },
  { event: 'issues', action: 'deleted', trigger: 'issue.deleted' },
  { event: 'issues', action: 'transferred', trigger: 'issue.transferred' },
  { event: 'issues', action: 'pinned', trigger: null },
  { event: 'pull_request', action: 'opened', trigger: 'pull_request.opened' },
  { event: 'pull_request', action: 'closed', trigger: 'pull_request.merged', change: merged, title: 'pull_request.closed, merged' },
  { event: 'pull_request', action: 'closed', trigger: 'pull_request.closed', title: 'pull_request.closed, not merged' },
  { event: 'pull_request', action: 'review_requested', trigger: 'pull_request.review_requested' },
  { event: 'pull_request_review', action: 'submitted', trigger: 'review.submitted' },
  { event: 'issue_comment', action: 'created', trigger: 'comment.created' },
  { event: 'push', trigger: 'commits.pushed' },
  { event: 'create', trigger: 'tag.created' },
  { event: 'delete', trigger: 'tag.deleted' },
  { event: 'create', trigger: 'branch.created', change: ofBranch, title: 'create, of a branch' },
  { event: 'delete', trigger: 'branch.deleted', change: ofBranch, title: 'delete, of a branch' },
  { event: 'release', action: 'published', trigger: 'release.published' },
  { event: 'deployment', action: 'created', trigger: 'deployment.created' },
  { event: 'deployment_status', action: 'created', trigger: 'deployment.status_changed' },
  { event: 'check_run', action: 'completed', trigger: 'check_run.completed' },
  { event: 'workflow_run', action: 'completed', trigger: 'workflow_run.completed' },
  { event: 'repository', action: 'created', trigger: 'repository.created' },
  { event: 'star', action: 'created', trigger: 'repository.starred' },
  { event: 'fork', trigger: 'repository.forked' },
  { event: 'member', action: 'added', trigger: 'member.added' },
  { event: 'discussion', action: 'created', trigger: 'discussion.created' },
  { event: 'gollum', trigger: null },
  { event: 'ping', trigger: null },
].map(deliveryOf);
