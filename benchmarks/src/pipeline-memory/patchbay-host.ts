/**
 * Ours in `pipeline-memory`: a host as the README shows it, on plain node:http, from the built packages.
 *
 * What it does for every webhook: the same six things as the hand-written limit, and besides: receipt, event, run,
 * dispatch and attempt as history on memory storage (which copies), fenced settling, a sealed credential, the gateway's
 * checks. What it leaves out: durability, because memory storage has none.
 */
import { memoryStorage } from '@patchbay/storage-memory';
import { startTriage } from './start-triage.ts';
import { runSubject } from './subject-process.ts';

await runSubject((settings) => startTriage(settings, { storage: memoryStorage(), migrate: false }));
