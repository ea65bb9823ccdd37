import type { ConnectorSite, IdempotencyKey } from '@patchbay/core';
import { z } from 'zod';

const label = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

/** Where a connection goes: an API token to the site's own address, OAuth to the site of that cloud id. Which is needed, the credential decides. */
export const settingsSchema = z.strictObject({
  site: label.optional().describe('Name of the site: acme for https://acme.atlassian.net.'),
  cloudId: label.optional().describe('Id of the site for OAuth. It is found when an account is connected.'),
  watch: z
    .string()
    .min(1)
    .max(4_000)
    .regex(/^(?!.*\border\s+by\b)/is)
    .optional()
    .describe('JQL, without ORDER BY, of the issues that the trigger issue.matched tells of: all that the account sees unless set.'),
});

/** What a grant reaches: an entry for each product of each site. */
export const resourcesSchema = z.array(z.object({ id: label, name: z.string(), url: z.string(), scopes: z.array(z.string()) }));

/** The sites among them that have Jira. One whose address is a domain of its own has no name to go by. */
export function jiraSites(resources: z.output<typeof resourcesSchema>): readonly ConnectorSite[] {
  const ofJira = resources.filter(({ scopes }) => scopes.some((scope) => scope.includes('jira')));
  return [...new Map(ofJira.map((resource) => [resource.id, resource])).values()].map(({ id, name, url }) => {
    const site = /^https:\/\/([a-z0-9-]{1,63})\.atlassian\.net\/?$/.exec(url)?.[1];
    return { id, name, url, settings: { cloudId: id, ...(site === undefined ? {} : { site }) } };
  });
}

/** Name of the property that carries our key on issues and comments. Properties are no field: neither shown nor searchable as text. */
export const propertyName = 'patchbay';

/** The property with which something is created, to be found again by it. */
export function keyProperty(key: IdempotencyKey): { key: string; value: { key: string } } {
  return { key: propertyName, value: { key: key.value } };
}

/** The value of our property, whatever is in it. */
export const propertyValue = z.object({ key: z.unknown(), index: z.unknown().optional() }).catch({ key: undefined });

/** How far Jira's clock and ours may be apart when something is looked for by its time, in milliseconds. */
export const clockTolerance = 300_000;

/** Key of a project. Only letters, digits and underscores, so it can stand in JQL. */
export const projectKey = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{1,254}$/);

/** Key or id of a project. */
export const projectIdOrKey = z.string().regex(/^([A-Za-z][A-Za-z0-9_]{1,254}|\d{1,18})$/);

/** An id as Jira counts them. */
export const entityId = z.string().regex(/^\d{1,18}$/);

/** Id of an account. */
export const accountId = z.string().regex(/^[\w:-]{1,128}$/);

/** A day, as versions have them. */
export const day = z.iso.date();

/** How many items of a listing are wanted. */
export const most = z.int().min(1).max(1_000).default(100).describe('Most items that are given.');

/** Whether a listing goes on beyond what is given. */
export const more = z.boolean().describe('There are more than these.');

/** Key or id of an issue. */
export const issueIdOrKey = z.string().regex(/^([A-Za-z][A-Za-z0-9_]{1,254}-\d{1,15}|\d{1,18})$/);

/** Rich text: plain text, Markdown, or a document in the Atlassian Document Format. */
export const richText = z.union([
  z.string().max(32_767).describe('Plain text. An empty line begins a paragraph.'),
  z.strictObject({ markdown: z.string().max(32_767) }).describe('Markdown.'),
  z
    .looseObject({ type: z.literal('doc'), version: z.literal(1), content: z.array(z.looseObject({ type: z.string() })) })
    .describe('A document in the Atlassian Document Format.'),
]);

/** Fields that have no name of their own in an input. */
export const furtherFields = z
  .record(
    z.string().regex(/^(?!(?:project|issuetype|summary|description|labels|priority|assignee|parent)$)[A-Za-z][A-Za-z0-9_]{0,99}$/),
    z.unknown(),
  )
  .describe('Further fields by id, such as customfield_10011, as the REST API takes them.');

/** Fields that creating and updating an issue share. */
export const issueFields = {
  labels: z
    .array(z.string().regex(/^\S{1,255}$/))
    .optional()
    .describe('All labels of the issue; they hold no spaces.'),
  priority: z.string().min(1).optional().describe('Name of the priority, such as High.'),
  fields: furtherFields.optional(),
};

/** A summary. Jira takes one line. */
export const summary = z.string().regex(/^[^\r\n]{1,255}$/);

/** What creating an issue gives back. */
export const createdSchema = z.object({ id: z.string(), key: z.string(), self: z.string() });

/** An issue with the property that carries our key, as far as it is used. */
export const markedIssueSchema = createdSchema.extend({
  fields: z.object({ created: z.string() }),
  properties: z.object({ [propertyName]: propertyValue.optional() }).optional(),
});

/** A comment, as far as it is used. */
export const commentSchema = z.object({ id: z.string(), self: z.string(), created: z.string() });

/** The fields of a site. */
export const fieldsSchema = z.array(
  z.object({ id: z.string(), name: z.string(), custom: z.boolean(), schema: z.object({ type: z.string().nullish() }).nullish() }),
);

/** Transitions that an issue can make. */
export const transitionsSchema = z.object({
  transitions: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      to: z.object({ name: z.string(), statusCategory: z.object({ key: z.string() }).nullish().catch(null) }),
    }),
  ),
});

/** A person or app, as far as it is shown. Cloud tells accounts by their ids alone. */
export const userSchema = z.object({ accountId: z.string(), displayName: z.string().nullish() });

/** The user that a token belongs to. */
export const myselfSchema = z.object({ accountId: z.string(), displayName: z.string() });

/** What became of each webhook that was to be registered. */
export const webhookResultSchema = z.object({
  webhookRegistrationResult: z.array(z.object({ createdWebhookId: z.number().optional(), errors: z.array(z.string()).optional() })),
});

/** A page of the app's webhooks at a site, as far as they are used. Times are milliseconds since 1970. */
export const webhookPageSchema = z.object({
  startAt: z.number(),
  isLast: z.boolean(),
  values: z.array(
    z.object({
      id: z.number(),
      url: z.string().optional(),
      events: z.array(z.string()),
      jqlFilter: z.string(),
      fieldIdsFilter: z.array(z.string()).nullish(),
      issuePropertyKeysFilter: z.array(z.string()).nullish(),
      expirationDate: z.number().optional(),
    }),
  ),
});

/** The new end of webhooks. */
export const webhookRefreshSchema = z.object({ expirationDate: z.number() });
