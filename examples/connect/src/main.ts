// A host app with a page on which people connect their accounts. `--walk` clicks through it by itself.
import { startApp } from './app.ts';
import { walkThrough } from './walk-through.ts';

const isWalk = process.argv.includes('--walk');
const app = await startApp({ port: isWalk ? 0 : Number(process.env['PORT'] ?? 3000) });

if (isWalk) {
  const begun = performance.now();
  const print = (text: string): void => console.log(`${(performance.now() - begun).toFixed(0).padStart(6)} ms  ${text}`);
  try {
    await walkThrough(app, print);
    console.log('\nEverything was as it should be.');
  } catch (error) {
    console.error(`\nThe walk failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await app.stop();
  }
} else {
  console.log(`Open ${app.origin}`);
  console.log(
    `Papers (oidc-provider) is on ${app.services.papers.origin}, a stand-in of GitHub on ${app.services.github.origin}, one of Jira on ${app.services.jira.origin}.`,
  );
  console.log('Sign in as Ada or Grace, connect a service, allow or cancel there. Ctrl-C ends everything.');
  process.once('SIGINT', () => void app.stop());
  process.once('SIGTERM', () => void app.stop());
}
