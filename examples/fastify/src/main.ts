import { randomBytes } from 'node:crypto';
import { startApp } from './app.ts';

const { PORT = '3000', PUBLIC_URL = `http://127.0.0.1:${PORT}`, PATCHBAY_KEY, GITHUB_TOKEN, GITHUB_WEBHOOK_SECRET } = process.env;
const app = await startApp({
  port: Number(PORT),
  publicUrl: PUBLIC_URL,
  // Without a key of its own it forgets its credentials with this process, as the memory storage does with everything.
  key: PATCHBAY_KEY ?? randomBytes(32).toString('base64'),
  githubToken: GITHUB_TOKEN ?? 'none-yet',
  webhookSecret: GITHUB_WEBHOOK_SECRET ?? 'change-this-secret',
  onIssue: (place) => console.log(`An issue was opened: ${place}`),
});
console.log(`The app is on ${app.origin}. GitHub posts to ${app.webhookUrl}`);
process.once('SIGINT', () => void app.stop());
process.once('SIGTERM', () => void app.stop());
