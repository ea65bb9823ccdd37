import type { SampleDatabase } from '../pipeline-memory/sample-pipeline.ts';
import type { PostgresServer } from './start-postgres.ts';

/** Opens a database for a sample, which is dropped behind it. */
export async function openSampleDatabase(server: PostgresServer, template?: string): Promise<SampleDatabase> {
  const url = await server.newDatabase(template);
  return { url, processorSeconds: server.processorSeconds, close: () => server.dropDatabase(url) };
}
