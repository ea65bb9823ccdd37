import { type ConnectorHttp, defineAction, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByProject } from '../jira-resources.ts';
import { day, projectKey } from '../jira-schemas.ts';
import { byOffset } from './page-size.ts';

const version = z.object({ id: z.string(), name: z.string() });

/**
 * Sees to it that a project has a version of a name. Names are unique within a project, so a repeat makes no second one: Jira refuses it, and the one that is
 * there is given.
 */
export const createVersion = defineAction({
  title: 'Create version',
  description: 'Creates a version of a project. One of that name that is there already is given as it is.',
  idempotency: 'idempotent',
  scopes: [
    { scope: 'read:jira-work', reason: 'To read projects and their versions.' },
    { scope: 'manage:jira-project', reason: 'To create versions.' },
  ],
  resources: namedByProject,
  options: { project: 'projects' },
  input: z.strictObject({
    project: projectKey.describe('Key of the project.'),
    name: z.string().regex(/^[^\r\n]{1,255}$/),
    description: z.string().max(32_767).optional(),
    start_date: day.optional(),
    release_date: day.optional(),
  }),
  output: z.object({ id: z.string(), name: z.string(), created: z.boolean().describe('False where it was there already.') }),
  async run({ input: { project, name, description, start_date: startDate, release_date: releaseDate }, http }) {
    const { id: projectId } = await http.get(path`/api/3/project/${project}`, { response: z.object({ id: z.string() }) });
    const json = {
      name,
      projectId: Number(projectId),
      ...(description === undefined ? {} : { description }),
      ...(startDate === undefined ? {} : { startDate }),
      ...(releaseDate === undefined ? {} : { releaseDate }),
    };
    try {
      const made = await http.post(path`/api/3/version`, { json, response: version });
      return { ...made, created: true };
    } catch (error) {
      const known = isPatchbayError(error) && error.code === 'provider_rejected' ? await findVersion(http, project, name) : undefined;
      if (known) return { ...known, created: false };
      throw error;
    }
  },
});

async function findVersion(http: ConnectorHttp, project: string, name: string): Promise<z.output<typeof version> | undefined> {
  const versions = http.pages(path`/api/3/project/${project}/version`, {
    query: { query: name, maxResults: 50 },
    response: z.object({ values: z.array(version), total: z.number().nullish(), isLast: z.boolean().nullish() }),
    items: (page) => page.values,
    paging: byOffset,
  });
  // Names are told apart without regard to capitals.
  for await (const each of versions) if (each.name.toLowerCase() === name.trim().toLowerCase()) return each;
  return undefined;
}
