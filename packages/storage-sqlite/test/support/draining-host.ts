// Waits for a word, then claims and settles until nothing is left, and prints what it did.
import { once } from 'node:events';
import { claimAll, handler, succeeded } from '@patchbay/storage-records';
import { sqliteStorage } from '../../src/sqlite-storage.ts';

const [file = ''] = process.argv.slice(2);
const storage = sqliteStorage({ file });
await storage.ready();
console.log('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
for (;;) {
  const claimed = await storage.claim(claimAll({ holder: `process-${process.pid}`, limit: 7 }));
  if (claimed.length === 0 && (await storage.nextDue({ handlers: [handler] })) === null) break;
  const verdicts = await storage.settle(claimed.map((dispatch) => succeeded(dispatch)));
  for (const [index, { key }] of claimed.entries()) console.log(`${verdicts[index]?.status} ${key.root}`);
}
await storage.close();
