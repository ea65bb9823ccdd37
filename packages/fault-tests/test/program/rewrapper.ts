// A process that rewraps a tenant again and again, each time under a new data key, until it is killed. It prints how far it has come.
import { tenant } from '../support/hub-settings.ts';
import { keepSecrets } from '../support/secret-keeper.ts';

const [file = '', begin = ''] = process.argv.slice(2);
const { hub } = keepSecrets(file);
const { vault } = hub.tenant(tenant);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

let cursor: string | null = begin === '' ? null : begin;
for (;;) {
  if (cursor === null) await vault.rotate();
  say('begun');
  const { unreadableIds } = await vault.rewrap({ cursor, onProgress: (progress) => say(`page ${progress.cursor ?? ''}`) });
  for (const id of unreadableIds) say(`unreadable ${id}`);
  cursor = null;
}
