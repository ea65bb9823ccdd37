// A process that does nothing but seal, until it is killed. It prints the points that it hands out of the database.
import { sealingHub } from '../support/sealing-hub.ts';
import type { WorkerSettings } from '../support/worker-settings.ts';
import { openStore } from './open-store.ts';

// The test that starts it made this text.
const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { storage } = openStore(settings.store);
const hub = sealingHub(storage, async (checkpoint) => say(`checkpoint ${JSON.stringify(checkpoint)}`));
// A test that is gone needs no sealer.
process.stdin.on('close', () => process.exit(3)).resume();
await hub.ready();
say('ready 0');
for (;;) await hub.work();
