import { defineAction, PatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByIssue } from '../jira-resources.ts';
import { furtherFields, issueIdOrKey, transitionsSchema } from '../jira-schemas.ts';

const standing = transitionsSchema.extend({ fields: z.object({ status: z.object({ id: z.string(), name: z.string() }) }) });

/**
 * Moves an issue to a status by the transition that leads there. An issue that is there already is left alone: so a repeat moves it no further, and runs
 * no step of the workflow a second time.
 */
export const transitionIssue = defineAction({
  title: 'Transition issue',
  description: 'Moves an issue to a status. One that has the status already stays as it is.',
  idempotency: 'idempotent',
  scopes: [
    { scope: 'read:jira-work', reason: 'To see where an issue stands and which transitions it can make.' },
    { scope: 'write:jira-work', reason: 'To move issues.' },
  ],
  resources: namedByIssue,
  options: { status: 'statuses', transition: 'transitions' },
  input: z.strictObject({
    issue: issueIdOrKey.describe('Key or id of the issue.'),
    status: z.string().min(1).max(255).describe('Name of the status that it is to have, such as Done.'),
    transition: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional()
      .describe('Id of the transition, where several lead to the status.'),
    resolution: z.string().min(1).max(255).optional().describe("Name of the resolution, where the transition's screen has it."),
    fields: furtherFields.optional(),
  }),
  output: z.object({ issue: z.string(), status: z.string(), moved: z.boolean().describe('False where it was there already.') }),
  async run({ input: { issue, status, transition, resolution, fields = {} }, http }) {
    const query = { fields: 'status', expand: 'transitions' };
    const { fields: now, transitions } = await http.get(path`/api/3/issue/${issue}`, { query, response: standing });
    if (isSame(now.status.name, status)) return { issue, status: now.status.name, moved: false };
    const leading = transitions.filter(({ id, to }) => isSame(to.name, status) && (transition === undefined || id === transition));
    const [found] = leading;
    if (found === undefined || leading.length > 1) throw notOne(leading, { from: now.status.name, status, transitions });
    const set = { ...fields, ...(resolution === undefined ? {} : { resolution: { name: resolution } }) };
    const json = { transition: { id: found.id }, ...(Object.keys(set).length === 0 ? {} : { fields: set }) };
    await http.post(path`/api/3/issue/${issue}/transitions`, { json, response: z.unknown() });
    return { issue, status: found.to.name, moved: true };
  },
});

const isSame = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase();

type Transitions = z.output<typeof transitionsSchema>['transitions'];

function notOne(
  leading: Transitions,
  { from, status, transitions }: { readonly from: string; readonly status: string; readonly transitions: Transitions },
): PatchbayError {
  const shown = (leading.length > 1 ? leading : transitions).map(({ id, name, to }) => `${id} ${name} (to ${to.name})`).join(', ');
  const message =
    leading.length > 1
      ? `Several transitions lead from ${from} to ${status}: ${shown}. Name one of them as transition.`
      : `No such transition leads from ${from} to ${status}. The issue can make: ${shown || 'none'}.`;
  return new PatchbayError({ code: 'provider_rejected', message: message.slice(0, 500), sent: 'no' });
}
