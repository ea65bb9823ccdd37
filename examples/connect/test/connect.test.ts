import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, startApp } from '../src/app.ts';
import { openBrowser } from '../src/browser.ts';
import { explainError, explainReason } from '../src/explain-failure.ts';
import { html } from '../src/html.ts';
import { walkThrough } from '../src/walk-through.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ port: 0 });
});
afterAll(() => app.stop());

async function signedIn(user = 'Ada') {
  const browser = openBrowser();
  await browser.open(app.origin);
  await browser.press(`Sign in as ${user}`);
  return browser;
}

it('can be clicked through, from the click to the account that is connected and back', async () => {
  const lines: string[] = [];
  await walkThrough(app, (text) => lines.push(text));
  expect(lines.filter((line) => line.startsWith('  '))).toHaveLength(11);
});

it('clicks through by itself and ends with 0, on the built packages', async () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--walk'], { env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' }, timeout: 50_000 });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, said]).toEqual([0, expect.stringContaining('Everything was as it should be.')]);
  expect(said).toMatch(/^ +\d+ ms {2}Ada connects GitHub and allows it$/m);
});

describe('the pages', () => {
  it('let no script, no frame and no other style in, and tell nobody their address', async () => {
    const { headers } = await fetch(app.origin);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; form-action 'self' http:\/\/127/);
    expect([headers.get('referrer-policy'), headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual([
      'no-referrer',
      'nosniff',
      'no-store',
    ]);
  });

  it('show every value as text', () => {
    const title = `<script>alert("1")</script>&'`;
    expect(html`<p title="${title}">${title}</p>`.html).toBe(
      '<p title="&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;">&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;</p>',
    );
  });

  it('repeat nothing of an address that somebody else wrote', async () => {
    const browser = await signedIn();
    await browser.open(`${app.origin}/connected?connect_error=${encodeURIComponent('<b>You have won</b>')}`);
    expect(browser.page()).toContain('It could not be connected');
    expect(browser.page()).not.toContain('won');
  });

  it('take a form only from themselves', async () => {
    const ada = await signedIn();
    await ada.open(app.origin);
    const form = new URLSearchParams({ connector: 'papers', form_token: 'guessed' });
    const { status } = await fetch(`${app.origin}/connect`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
      headers: { cookie: ada.cookies(app.origin) },
    });
    expect(status).toBe(403);
  });

  it('show and end nobody else’s connection', async () => {
    const ada = await signedIn();
    await ada.press('Connect Papers');
    await ada.press('Allow');
    await ada.follow('Disconnect papers');
    const grace = await signedIn('Grace');
    expect(grace.page()).toContain('Nothing is connected.');
    await grace.open(ada.url());
    expect(grace.page()).toContain('You have no such connection.');
  });

  it('have nothing for whoever is not signed in', async () => {
    expect((await fetch(`${app.origin}/disconnect?connection=x`)).status).toBe(401);
  });
});

describe('a person is told', () => {
  it.each(['access_denied', 'temporarily_unavailable', 'whatever', ''])('something readable for %j', (reason) => {
    expect(explainReason(reason)).toMatchObject({
      kind: 'bad',
      title: expect.stringMatching(/^(The|It) /),
      text: expect.stringMatching(/\.$/),
    });
  });

  it('nothing of an error that is not the hub’s', () => {
    expect(JSON.stringify(explainError(new Error('ECONNREFUSED 10.0.0.1')))).not.toContain('10.0.0.1');
  });
});
