// A host with a search index of its own in SQLite: issues and messages come in, an edit is seen, and what is deleted is found no more.
import { randomBytes } from 'node:crypto';
import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { openFullTextIndex } from './full-text-index.ts';
import { teamConnector } from './team-connector.ts';
import { startTeamService } from './team-service.ts';

const service = await startTeamService();
service.writeIssue({ id: '1', place: 'shop', title: 'Checkout fails', text: 'The payment page times out on Fridays.' });
service.writeIssue({ id: '2', place: 'shop', title: 'Slow search', text: 'Searching for invoices takes a minute.' });
service.writeIssue({ id: '3', place: 'web', title: 'Typo', text: 'The word payment is misspelt.' });
service.writeMessage({ id: 'm1', place: 'general', title: '#general', text: 'Payments are down again.' });
service.writeMessage({ id: 'm2', place: 'general', title: '#general', text: 'The password of the wifi is swordfish.' });

const { index, search, close } = openFullTextIndex();
const hub = createHub({
  connectors: [teamConnector(service.origin)],
  searchIndex: index,
  storage: memoryStorage(),
  keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
  publicUrl: 'https://app.example.com/hub',
  loopbackOnly: true,
});
const acme = hub.tenant('acme');
await acme.connections.put('main', { connector: 'team', credential: service.credential });
const { url } = await acme.webhooks.register({ connection: 'team/main', secret: service.secret });
for (const source of ['issues', 'messages']) await acme.content.put({ connection: 'team/main', source });

/** Searches, and prints what was found. */
function show(words: string): void {
  const found = search('acme', words);
  console.log(`? ${words}`);
  for (const { source, title, snippet } of found) console.log(`  ${source}: ${title}: ${snippet}`);
  if (found.length === 0) console.log('  nothing');
}

await hub.work();
show('payment');
show('swordfish');

// An edit is seen with the next read; here it is asked for.
service.writeIssue({ id: '2', place: 'shop', title: 'Slow search', text: 'Fixed: invoices are found in a second.' });
await acme.content.resync({ connection: 'team/main', source: 'issues' });
await hub.work();
show('invoices');

// A delete leaves the index with its webhook.
const { headers, body } = service.deleteMessage('m2');
await hub.handler(new Request(url, { method: 'POST', headers, body }));
await hub.work();
show('swordfish');

await acme.connections.disconnect('team/main');
await hub.work();
show('payment');

await hub.stop();
await service.close();
close();
