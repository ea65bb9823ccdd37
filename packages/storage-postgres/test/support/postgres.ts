import { createPostgresServer } from '@patchbay/postgres-server';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
    /** `null` where the server is one that TEST_DATABASE_URL names. */
    postgresMajor: number | null;
  }
}

/** Nothing in it survives the machine: the tests are fast, not durable. */
const careless = {
  ...{ shared_buffers: '64MB', max_connections: '200' },
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
};

/**
 * One disposable server per project of a test run: TEST_DATABASE_URL where it is set, else one that is started here, of the major that the
 * project's name ends with, or of the newest.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') {
    console.log(`${project.name} runs on the server that TEST_DATABASE_URL names, whatever its version is.`);
    project.provide('databaseUrl', given);
    project.provide('postgresMajor', null);
    return undefined;
  }
  const major = project.name.endsWith('-15') ? 15 : 18;
  const server = await createPostgresServer({ major, settings: careless });
  await server.start();
  project.provide('databaseUrl', server.url);
  project.provide('postgresMajor', major);
  return server.remove;
}
