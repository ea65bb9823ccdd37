import { randomBytes } from 'node:crypto';
import { sign, verify } from '@octokit/webhooks-methods';
import { rawHmac } from '../../baselines/verify-signature/raw-hmac.ts';
import { openChildPort } from '../child-port.ts';
import { signatureSettings } from './messages.ts';
import { patchbayCheck } from './patchbay-check.ts';
import type { DeliveredRequest, SignatureContestant } from './signature-contestant.ts';

const secret = randomBytes(24).toString('base64');

/** It takes text alone, so the body is decoded, as its documentation does. */
const octokitCheck: SignatureContestant = ({ body, headers }) => verify(secret, body.toString(), headers['x-hub-signature-256'] ?? '');

const contestants = { raw: () => rawHmac(secret), patchbay: () => patchbayCheck(secret), octokit: () => octokitCheck };

const { argument, tell } = openChildPort();
const { contestant, bytes, calls } = signatureSettings.parse(argument);
const check = contestants[contestant]();
const body = Buffer.alloc(bytes, '{"zen":"Keep it logically awesome."} ');
const headers = {
  host: 'app.example.com',
  'content-type': 'application/json',
  'user-agent': 'GitHub-Hookshot/0000000',
  'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  'x-github-event': 'issues',
  'x-hub-signature-256': await sign(secret, body.toString()),
};
const request: DeliveredRequest = { headers, body };
const tampered: DeliveredRequest = { headers, body: Buffer.concat([body.subarray(1), Buffer.from(' ')]) };

/** What is synchronous is not waited for. */
async function together(times: number): Promise<number> {
  let good = 0;
  const begun = performance.now();
  for (let done = 0; done < times; done += 1) {
    const answer = check(request);
    if (typeof answer === 'boolean' ? answer : await answer) good += 1;
  }
  const milliseconds = performance.now() - begun;
  if (good !== times) throw new Error(`${contestant} refused ${times - good} of ${times} good signatures.`);
  return milliseconds;
}

if (await check(tampered)) throw new Error(`${contestant} accepts another body.`);
await together(Math.min(calls, 20_000));
const before = process.cpuUsage();
const milliseconds = await together(calls);
const { user, system } = process.cpuUsage(before);
tell({ type: 'done', milliseconds, cpuMicroseconds: (user + system) / calls });
