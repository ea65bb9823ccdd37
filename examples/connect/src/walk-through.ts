import { setTimeout as wait } from 'node:timers/promises';
import type { App } from './app.ts';
import { type Browser, openBrowser } from './browser.ts';

/** Clicks through everything that a person can meet, and prints what the pages say. Throws where one says something else. */
export async function walkThrough(app: App, print: (text: string) => void): Promise<void> {
  const ada = await signIn(app, 'Ada', print);
  const expect = (text: string, browser = ada): void => {
    if (!browser.page().includes(text)) throw new Error(`The page does not say "${text}":\n${browser.page()}`);
    print(`  the page says: ${text}`);
  };

  print('Ada connects Papers and allows it');
  await ada.press('Connect Papers');
  await ada.press('Allow');
  expect('papers is connected as Ada Lovelace.');

  print('Ada connects GitHub and says no there');
  await ada.press('Connect GitHub');
  await ada.follow('Cancel');
  expect('The permission was not given');

  print('Ada connects GitHub and allows it');
  await ada.press('Connect GitHub');
  const back = await comeBack(ada, () => ada.follow('Allow'));
  await ada.open(back);
  expect('github is connected as octocat.');

  print('Ada opens the same address once more, as one that is too old');
  await ada.open(back);
  expect('That was finished, or took too long');

  print('Ada begins, and it is Grace who comes back');
  await ada.press('Connect GitHub');
  const others = await comeBack(ada, () => ada.follow('Allow'));
  const grace = await signIn(app, 'Grace', print);
  await grace.open(others);
  expect('That was begun by somebody else', grace);

  print('GitHub does not answer as it should');
  app.services.github.failNext(1, { kind: 'answer', status: 503, match: /access_token/ });
  await ada.open(app.origin);
  await ada.press('Connect GitHub');
  await ada.follow('Allow');
  expect('The service does not answer');

  print('Ada connects Jira, where she has two sites, and chooses one');
  await ada.press('Connect Jira');
  await ada.follow('Allow');
  expect('Which site of jira?');
  await ada.press('Use this site', { site: '66666666-7777-4888-8999-000000000000' });
  expect('jira is connected, at the site globex.');

  print('Ada disconnects GitHub, is asked, and says yes');
  await ada.follow('Disconnect github');
  expect('Disconnect github?');
  await ada.press('Yes, disconnect');
  expect('github is disconnected.');
  await takenBack(app);
  print('  GitHub was told to take the permission back');
}

async function signIn({ origin }: App, user: string, print: (text: string) => void): Promise<Browser> {
  const browser = openBrowser();
  await browser.open(origin);
  await browser.press(`Sign in as ${user}`);
  print(`${user} signs in`);
  return browser;
}

/** Stops a browser at the page of the host to which it is sent back, and answers its address. */
async function comeBack(browser: Browser, go: () => Promise<void>): Promise<string> {
  browser.stopBefore(({ pathname }) => pathname === '/connected');
  await go();
  browser.stopBefore(() => false);
  return browser.url();
}

/** A worker does it afterwards; a hundred looks are far more than it needs. */
async function takenBack({ services }: App): Promise<void> {
  for (let looks = 0; looks < 100; looks += 1) {
    if (services.github.effects().some(({ method }) => method === 'DELETE')) return;
    await wait(100);
  }
  throw new Error('GitHub was not told to take the permission back.');
}
