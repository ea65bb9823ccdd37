import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { namedByNothing } from '../jira-resources.ts';
import { day, entityId, projectIdOrKey } from '../jira-schemas.ts';

/** Marks a version as released. */
export const releaseVersion = defineAction({
  title: 'Release version',
  description: 'Marks a version as released, with its day, and moves issues that are not done to another version where one is named.',
  idempotency: 'idempotent',
  scopes: [{ scope: 'manage:jira-project', reason: 'To release versions.' }],
  resources: namedByNothing,
  options: { project: 'projects', version: 'versions', move_unfixed_to: 'versions' },
  input: z.strictObject({
    project: projectIdOrKey.optional().describe('Key or id of the project, by which the version can be chosen. It is not sent.'),
    version: entityId.describe('Id of the version.'),
    release_date: day.optional(),
    move_unfixed_to: entityId.optional().describe('Id of the version that gets the issues that are not done.'),
  }),
  output: z.object({ id: z.string(), name: z.string(), released: z.boolean() }),
  async run({ input: { version, release_date: releaseDate, move_unfixed_to: other }, http }) {
    const json = {
      released: true,
      ...(releaseDate === undefined ? {} : { releaseDate }),
      // Jira wants the address of the version here, and reads its last part.
      ...(other === undefined ? {} : { moveUnfixedIssuesTo: `/rest/api/3/version/${other}` }),
    };
    return await http.put(path`/api/3/version/${version}`, {
      json,
      response: z.object({ id: z.string(), name: z.string(), released: z.boolean() }),
    });
  },
});
