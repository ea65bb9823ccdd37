// Takes in events, claims and settles their dispatches without an end, and prints what was acknowledged.

import { claimAll, newDispatch, newId, newItem, succeeded } from '@patchbay/storage-records';
import { sqliteStorage } from '../../src/sqlite-storage.ts';

const [file = ''] = process.argv.slice(2);
const storage = sqliteStorage({ file });
await storage.ready();
for (;;) {
  const items = Array.from({ length: 5 }, () => newItem([newDispatch(newId())]));
  await Promise.all(items.map((item) => storage.ingest([item])));
  process.stdout.write(items.map(({ root }) => `stored ${root}\n`).join(''));
  const claimed = await storage.claim(claimAll({ holder: `process-${process.pid}`, limit: 3 }));
  await storage.settle(claimed.map((dispatch) => succeeded(dispatch)));
  process.stdout.write(claimed.map(({ key }) => `settled ${key.root}\n`).join(''));
}
