import { PatchbayError, path } from '@patchbay/core';
import type { ListedSubscription, SubscriptionCall, WebhookSubscriptions } from '@patchbay/core/host';
import { z } from 'zod';
import { webhookPageSchema, webhookRefreshSchema, webhookResultSchema } from './jira-schemas.ts';
import type { JiraTrigger } from './jira-triggers.ts';

/** The event by which Jira delivers each trigger to what an app registers. It has no others for apps, of eight that its description lists. */
const eventOf: Readonly<Partial<Record<JiraTrigger, string>>> = {
  'issue.created': 'jira:issue_created',
  'issue.updated': 'jira:issue_updated',
  'issue.deleted': 'jira:issue_deleted',
  'issue.status_changed': 'jira:issue_updated',
  'issue.assigned': 'jira:issue_updated',
  'comment.created': 'comment_created',
  'comment.updated': 'comment_updated',
  'comment.deleted': 'comment_deleted',
};

/** The field whose change is a trigger of its own. */
const fieldOf: ReadonlyMap<string, JiraTrigger> = new Map([
  ['status', 'issue.status_changed'],
  ['assignee', 'issue.assigned'],
]);

/** What marks, with a webhook for every change, which narrower triggers it is for too. Jira keeps the list and heeds it for properties alone. */
const markPrefix = 'patchbay.';

/** Most webhooks of a page. */
const pageSize = 100;

const projectsShape = /^[A-Za-z][A-Za-z0-9_]{1,254}(,[A-Za-z][A-Za-z0-9_]{1,254}){0,49}$/;

/** The filter of issues. Jira knows a part of JQL here; keys hold only letters, digits and underscores, so they can stand in it. */
function jqlOf(target: string | null): string {
  if (target !== null && projectsShape.test(target)) return `project in (${target.toUpperCase().split(',').join(', ')})`;
  throw new PatchbayError({
    code: 'invalid_argument',
    message:
      'The target of a Jira webhook is the key of a project, or several with commas between them, such as OPS,WEB. Nothing was sent.',
    sent: 'no',
  });
}

/**
 * The webhooks that an OAuth app registers at a site. They last 30 days, are signed with the app's client secret, and go to one URL for each app
 * and site: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks
 */
export const jiraSubscriptions: WebhookSubscriptions<JiraTrigger> = {
  target: 'the key of a project, or several with commas between them',
  signedBy: 'app',
  resources: { project: [{ fields: ['target'] }] },
  async create(wanted) {
    const { http, url, triggers, target } = wanted;
    const jqlFilter = jqlOf(target);
    const json = { url, webhooks: [{ events: eventsOf(triggers), jqlFilter, ...changesOf(triggers) }] };
    const { webhookRegistrationResult: results } = await http.post(path`/api/3/webhook`, { json, response: webhookResultSchema });
    const [result] = results;
    if (result?.createdWebhookId === undefined) throw notRegistered(result?.errors ?? []);
    return findOwn(wanted, String(result.createdWebhookId));
  },
  list: listAll,
  async remove({ http, id }) {
    await http.delete(path`/api/3/webhook`, { json: { webhookIds: [Number(id)] }, response: z.unknown() });
  },
  async renew(known) {
    const json = { webhookIds: [Number(known.id)] };
    await known.http.put(path`/api/3/webhook/refresh`, { json, response: webhookRefreshSchema });
    // Jira takes ids that it does not know, and says nothing of it.
    return findOwn(known, known.id);
  },
};

/** The events of those triggers, each once. Throws `unsupported` for what Jira tells no app of. */
function eventsOf(triggers: readonly JiraTrigger[]): readonly string[] {
  const without = triggers.filter((trigger) => eventOf[trigger] === undefined);
  if (without.length === 0) return [...new Set(triggers.flatMap((trigger) => eventOf[trigger] ?? []))];
  throw new PatchbayError({
    code: 'unsupported',
    message: `Jira delivers no ${without.join(', ')} to what an app registers. Register ${Object.keys(eventOf).join(', ')} so, and have an administrator set up a webhook for the others (issue.matched needs none: it is polled). Nothing was sent.`,
    sent: 'no',
  });
}

/** Changes of issues are narrowed to fields where every trigger that wants them is about one. */
function changesOf(triggers: readonly JiraTrigger[]): {
  readonly fieldIdsFilter?: readonly string[];
  readonly issuePropertyKeysFilter?: readonly string[];
} {
  const narrower = [...fieldOf].filter(([, trigger]) => triggers.includes(trigger));
  if (narrower.length === 0) return {};
  if (!triggers.includes('issue.updated')) return { fieldIdsFilter: narrower.map(([field]) => field) };
  return { issuePropertyKeysFilter: narrower.map(([field]) => `${markPrefix}${field}`) };
}

type Webhook = z.output<typeof webhookPageSchema>['values'][number];

function triggersOf({ events, fieldIdsFilter, issuePropertyKeysFilter }: Webhook): readonly string[] {
  const narrowed = fieldIdsFilter ?? [];
  const marked = (issuePropertyKeysFilter ?? []).map((mark) => mark.replace(markPrefix, ''));
  const fields: ReadonlySet<string> = new Set(narrowed.length > 0 ? narrowed : marked);
  const isFor = (trigger: string): boolean => {
    const field = [...fieldOf].find(([, each]) => each === trigger)?.[0];
    return field === undefined ? trigger !== 'issue.updated' || narrowed.length === 0 : fields.has(field);
  };
  return Object.entries(eventOf).flatMap(([trigger, event]) => (events.includes(event) && isFor(trigger) ? [trigger] : []));
}

async function listAll({ http, target }: SubscriptionCall): Promise<readonly ListedSubscription[]> {
  const wanted = jqlOf(target);
  const listed: ListedSubscription[] = [];
  const webhooks = http.pages(path`/api/3/webhook`, {
    query: { maxResults: pageSize },
    response: webhookPageSchema,
    items: (page) => page.values,
    next: ({ isLast, startAt, values }) =>
      isLast || values.length === 0 ? undefined : { maxResults: pageSize, startAt: startAt + values.length },
  });
  for await (const webhook of webhooks) {
    const { id, url, jqlFilter, expirationDate } = webhook;
    // One that filters otherwise brings other events, whatever their names.
    const isSame = jqlFilter === wanted;
    const ends = expirationDate === undefined ? {} : { expiresAt: expirationDate };
    listed.push({ id: String(id), url: url ?? null, triggers: isSame ? triggersOf(webhook) : [], ...ends });
  }
  return listed;
}

/** One with its end, which only the list tells. */
async function findOwn(call: SubscriptionCall, id: string): Promise<ListedSubscription> {
  const found = (await listAll(call)).find((each) => each.id === id);
  if (found) return found;
  throw new PatchbayError({
    code: 'provider_not_found',
    message: 'Jira does not have the webhook (any more). It is registered again.',
    sent: 'no',
  });
}

/** Jira answers 200 also where it has registered nothing. */
function notRegistered(errors: readonly string[]): PatchbayError {
  const said = errors.join(' ').slice(0, 300);
  const advice = /single URL per app/i.test(said)
    ? 'An app has one URL at a site: register all projects and triggers of the site in one registration.'
    : 'Correct the projects or the triggers.';
  return new PatchbayError({ code: 'provider_rejected', message: `Jira did not register the webhook, "${said}". ${advice}`, sent: 'no' });
}
