import { PatchbayError, path } from '@patchbay/core';
import type { ListedSubscription, SubscriptionCall, WebhookSubscriptions } from '@patchbay/core/host';
import { z } from 'zod';
import { webhookPageSchema, webhookRefreshSchema, webhookResultSchema } from './jira-schemas.ts';

/** The triggers of this connector, and the event by which Jira delivers each. */
export type JiraTrigger = 'issue.created' | 'issue.status_changed' | 'comment.created';

const eventOf: Readonly<Record<JiraTrigger, string>> = {
  'issue.created': 'jira:issue_created',
  'issue.status_changed': 'jira:issue_updated',
  'comment.created': 'comment_created',
};

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
    const events = triggers.map((trigger) => eventOf[trigger]);
    // It narrows changes of issues alone: of those, the status is what is wanted.
    const changes = triggers.includes('issue.status_changed') ? { fieldIdsFilter: ['status'] } : {};
    const json = { url, webhooks: [{ events, jqlFilter: jqlOf(target), ...changes }] };
    const { webhookRegistrationResult: results } = await http.post(path`/webhook`, { json, response: webhookResultSchema });
    const [result] = results;
    if (result?.createdWebhookId === undefined) throw notRegistered(result?.errors ?? []);
    return findOwn(wanted, String(result.createdWebhookId));
  },
  list: listAll,
  async remove({ http, id }) {
    await http.delete(path`/webhook`, { json: { webhookIds: [Number(id)] }, response: z.unknown() });
  },
  async renew(known) {
    const json = { webhookIds: [Number(known.id)] };
    await known.http.put(path`/webhook/refresh`, { json, response: webhookRefreshSchema });
    // Jira takes ids that it does not know, and says nothing of it.
    return findOwn(known, known.id);
  },
};

async function listAll({ http, target }: SubscriptionCall): Promise<readonly ListedSubscription[]> {
  const wanted = jqlOf(target);
  const listed: ListedSubscription[] = [];
  const webhooks = http.pages(path`/webhook`, {
    query: { maxResults: pageSize },
    response: webhookPageSchema,
    items: (page) => page.values,
    next: ({ isLast, startAt, values }) =>
      isLast || values.length === 0 ? undefined : { maxResults: pageSize, startAt: startAt + values.length },
  });
  for await (const { id, url, events, jqlFilter, expirationDate } of webhooks) {
    const triggers = Object.entries(eventOf).flatMap(([trigger, event]) => (events.includes(event) ? [trigger] : []));
    // One that filters otherwise brings other events, whatever their names.
    const isSame = jqlFilter === wanted;
    const ends = expirationDate === undefined ? {} : { expiresAt: expirationDate };
    listed.push({ id: String(id), url: url ?? null, triggers: isSame ? triggers : [], ...ends });
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
