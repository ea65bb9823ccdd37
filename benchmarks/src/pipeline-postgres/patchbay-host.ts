/**
 * Ours in `pipeline-postgres` and `growth-postgres`: a host as the README shows it, on plain node:http, from the built packages.
 *
 * What it does for every webhook: the same five things as the hand-written limit, and besides: event, run, dispatch and attempt as history,
 * leases and fenced settling, so that another process could take over, a sealed credential, the gateway's checks.
 */
import { postgresStorage } from '@patchbay/storage-postgres';
import pg from 'pg';
import { startTriage } from '../pipeline-memory/start-triage.ts';
import { runSubject } from '../pipeline-memory/subject-process.ts';

await runSubject((settings) => {
  const pool = new pg.Pool({ connectionString: settings.databaseUrl ?? '', max: 10 });
  return startTriage(settings, { storage: postgresStorage({ pool }), migrate: settings.joins === null });
});
