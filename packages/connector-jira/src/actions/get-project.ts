import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { shownPerson, toShownPerson } from '../formats/shown-issue.ts';
import { namedByProject } from '../jira-resources.ts';
import { projectIdOrKey, userSchema } from '../jira-schemas.ts';

const named = z.array(z.object({ id: z.string(), name: z.string() }));

/** Reads a project with its issue types and components. */
export const getProject = defineAction({
  title: 'Get project',
  description: 'Reads a project with its lead, issue types and components.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read projects.' }],
  resources: namedByProject,
  options: { project: 'projects' },
  input: z.strictObject({ project: projectIdOrKey.describe('Key or id of the project.') }),
  output: z.object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    description: z.string(),
    lead: shownPerson,
    type: z.string().nullable(),
    issue_types: named,
    components: named,
  }),
  async run({ input: { project }, http }) {
    const found = await http.get(path`/api/3/project/${project}`, {
      response: z.object({
        id: z.string(),
        key: z.string(),
        name: z.string(),
        description: z.string().nullish(),
        lead: userSchema.nullish().catch(null),
        projectTypeKey: z.string().nullish(),
        issueTypes: named.nullish(),
        components: named.nullish(),
      }),
    });
    return {
      id: found.id,
      key: found.key,
      name: found.name,
      description: found.description ?? '',
      lead: toShownPerson(found.lead),
      type: found.projectTypeKey ?? null,
      issue_types: found.issueTypes ?? [],
      components: found.components ?? [],
    };
  },
});
