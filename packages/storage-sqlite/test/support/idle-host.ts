// A host that stores an event, listens for wake-ups, and then does nothing to end itself.

import { newDispatch, newId, newItem } from '@patchbay/storage-records';
import { sqliteStorage } from '../../src/sqlite-storage.ts';

const [file = '', then = ''] = process.argv.slice(2);
const storage = sqliteStorage({ file });
await storage.ready();
storage.queue.onWake(() => undefined);
const [verdict] = await storage.ingest([newItem([newDispatch(newId())])]);
console.log(verdict?.status);
if (then === 'close') await storage.close();
