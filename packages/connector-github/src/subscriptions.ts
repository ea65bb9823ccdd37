import { type ConnectorHttp, PatchbayError, path, type RequestPath } from '@patchbay/core';
import type { HeldSubscription, ListedSubscription, WantedSubscription, WebhookSubscriptions } from '@patchbay/core/host';
import { z } from 'zod';
import { hookSchema } from './github-schemas.ts';
import type { GithubTrigger } from './github-triggers.ts';

/** The event by which GitHub delivers each trigger. */
const eventOf: Readonly<Record<GithubTrigger, string>> = {
  'issue.opened': 'issues',
  'issue.closed': 'issues',
  'issue.reopened': 'issues',
  'issue.edited': 'issues',
  'issue.labeled': 'issues',
  'issue.assigned': 'issues',
  'issue.deleted': 'issues',
  'issue.transferred': 'issues',
  'pull_request.opened': 'pull_request',
  'pull_request.merged': 'pull_request',
  'pull_request.closed': 'pull_request',
  'pull_request.review_requested': 'pull_request',
  'review.submitted': 'pull_request_review',
  'comment.created': 'issue_comment',
  'commits.pushed': 'push',
  'branch.created': 'create',
  'branch.deleted': 'delete',
  'tag.created': 'create',
  'tag.deleted': 'delete',
  'release.published': 'release',
  'deployment.created': 'deployment',
  'deployment.status_changed': 'deployment_status',
  'check_run.completed': 'check_run',
  'workflow_run.completed': 'workflow_run',
  'repository.created': 'repository',
  'repository.starred': 'star',
  'repository.forked': 'fork',
  'member.added': 'member',
  'discussion.created': 'discussion',
};

const repositoryShape = /^([A-Za-z0-9][A-Za-z0-9_-]{0,99})\/((?!\.{1,2}$)[A-Za-z0-9._-]{1,100})$/;
const organisationShape = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/;

/** Where the webhooks of a repository or an organisation are, and one of them. */
interface Hooks {
  readonly all: RequestPath;
  one(id: string): RequestPath;
}

function hooksOf(target: string | null): Hooks {
  const [, owner, repo] = repositoryShape.exec(target ?? '') ?? [];
  if (owner !== undefined && repo !== undefined)
    return { all: path`/repos/${owner}/${repo}/hooks`, one: (id) => path`/repos/${owner}/${repo}/hooks/${id}` };
  if (target !== null && organisationShape.test(target))
    return { all: path`/orgs/${target}/hooks`, one: (id) => path`/orgs/${target}/hooks/${id}` };
  throw new PatchbayError({
    code: 'invalid_argument',
    message: 'The target of a GitHub webhook is a repository as owner/name or the name of an organisation. Nothing was sent.',
    sent: 'no',
  });
}

/** What a webhook holds; GitHub's answers show the secret as stars. */
function settingsOf({ url, secret, triggers }: WantedSubscription<GithubTrigger>) {
  const config = { url, secret, content_type: 'json', insecure_ssl: '0' };
  return { active: true, events: [...new Set(triggers.map((trigger) => eventOf[trigger]))], config };
}

/** What comes by these events of GitHub's. */
const triggersOf = (events: ReadonlySet<string>): readonly string[] =>
  Object.entries(eventOf).flatMap(([trigger, event]) => (events.has(event) ? [trigger] : []));

const held = ({ id }: z.output<typeof hookSchema>): HeldSubscription => ({ id: String(id) });

/**
 * Webhooks of a repository or an organisation, by GitHub's REST API. GitHub sends a `ping` while it answers, keeps a webhook until it is taken away,
 * and allows twenty of a repository for one event: https://docs.github.com/en/rest/repos/webhooks
 */
export const githubSubscriptions: WebhookSubscriptions<GithubTrigger> = {
  target: 'a repository as owner/name, or the name of an organisation',
  resources: { repository: [{ fields: ['target'] }] },
  // Issues that are opened and closed come by one event, so that a webhook for the one brings the other.
  comeWith: (triggers) => triggersOf(new Set(triggers.map((trigger) => eventOf[trigger]))),
  async create(wanted) {
    const json = { name: 'web', ...settingsOf(wanted) };
    return held(await wanted.http.post(hooksOf(wanted.target).all, { json, response: hookSchema }));
  },
  async update(wanted) {
    return held(await wanted.http.patch(hooksOf(wanted.target).one(wanted.id), { json: settingsOf(wanted), response: hookSchema }));
  },
  async list({ http, target }) {
    const listed: ListedSubscription[] = [];
    for await (const hook of listHooks(http, target)) listed.push(show(hook));
    return listed;
  },
  async remove({ http, target, id }) {
    await http.delete(hooksOf(target).one(id), { response: z.unknown() });
  },
};

const listHooks = (http: ConnectorHttp, target: string | null): AsyncIterable<z.output<typeof hookSchema>> =>
  http.pages(hooksOf(target).all, {
    query: { per_page: 100 },
    response: z.array(hookSchema),
    items: (page) => page,
    next: (_page, link) => link,
  });

function show({ id, active, events, config }: z.output<typeof hookSchema>): ListedSubscription {
  const triggers = events.includes('*') ? Object.keys(eventOf) : triggersOf(new Set(events));
  return { id: String(id), url: config.url ?? null, triggers, active };
}
