import { register } from '../instrumentation.ts';
import { startApp } from './app.ts';
import { connectGithub } from './connect-github.ts';
import { hub } from './hub.ts';

await register();
const { PORT = '3000' } = process.env;
const app = await startApp({ port: Number(PORT) });
const webhook = await connectGithub('acme');
console.log(`The app is on ${app.origin}. GitHub posts to ${webhook.url}`);

async function stop(): Promise<void> {
  await app.stop();
  await hub().stop();
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
