// A host with a search index of its own in SQLite: GitHub's issues and Slack's messages come in, an edit is seen, and what is deleted is found no more.
import { randomBytes } from 'node:crypto';
import { github } from '@patchbay/connector-github';
import { slack } from '@patchbay/connector-slack';
import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { openFullTextIndex } from './full-text-index.ts';
import { places, signingSecret, startServices, tokens } from './start-services.ts';

const services = await startServices();
const { repository } = places;
services.github.addIssue(repository, { title: 'Checkout fails', body: 'The payment page times out on Fridays.' });
services.github.addIssue(repository, { title: 'Slow search', body: 'Searching for invoices takes a minute.' });
services.github.addIssue(repository, { title: 'Typo', body: 'The word payment is misspelt.' });
const channel = services.slack.channel('general');
services.slack.addMessage({ channel, text: 'Payments are down again.' });
const careless = services.slack.addMessage({ channel, text: 'The password of the wifi is swordfish.', byApp: true });

const { index, search, close } = openFullTextIndex();
const publicUrl = 'https://app.example.com/hub';
const hub = createHub({
  connectors: [github({ origin: services.github.origin }), slack({ origin: services.slack.origin })],
  searchIndex: index,
  storage: memoryStorage(),
  keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
  publicUrl,
  apps: { slack: { webhookSecret: [signingSecret] } },
  loopbackOnly: true,
});
const acme = hub.tenant('acme');
await acme.connections.put('main', { connector: 'github', credential: { type: 'bearer', token: tokens.github } });
await acme.connections.put('main', {
  connector: 'slack',
  credential: { type: 'bearer', token: tokens.slack },
  externalAccount: { id: places.team },
});
await acme.content.put({ connection: 'github/main', source: 'issues', containers: [repository.toLowerCase()] });
await acme.content.put({ connection: 'slack/main', source: 'messages', containers: [channel] });

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
await services.editIssue(2, 'Fixed: invoices are found in a second.');
await acme.content.resync({ connection: 'github/main', source: 'issues' });
await hub.work();
show('invoices');

// A delete leaves the index with its webhook.
await hub.handler(new Request(`${publicUrl}/webhooks/slack`, await services.deleteMessage(careless)));
await hub.work();
show('swordfish');

await acme.connections.disconnect('github/main');
await hub.work();
show('payment');

await hub.stop();
await services.close();
close();
