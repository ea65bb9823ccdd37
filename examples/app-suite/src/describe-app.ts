import { randomBytes } from 'node:crypto';
import type { SignedDelivery } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueOpened, webhookSecret } from './issue-opened.ts';

/** An example app as its suite uses it. */
export interface App {
  readonly origin: string;
  readonly webhookUrl: string;
  stop(): Promise<void>;
}

/** What the suite starts an app with. */
export interface AppOptions {
  readonly port: number;
  readonly publicUrl: string;
  readonly key: string;
  readonly githubToken: string;
  readonly webhookSecret: string;
  readonly onIssue: (place: string) => void;
}

/** Tests that an app takes webhooks in through the hub, and keeps its other paths. */
export function describeApp(name: string, startApp: (options: AppOptions) => Promise<App>): void {
  describe(name, () => {
    let app: App;
    let places: string[];
    let arrived: PromiseWithResolvers<void>;

    /** Posts to where the app listens, by the path that GitHub was given. */
    const deliver = ({ headers, body }: SignedDelivery) =>
      fetch(app.origin + new URL(app.webhookUrl).pathname, { method: 'POST', headers, body });

    beforeEach(async () => {
      places = [];
      arrived = Promise.withResolvers();
      app = await startApp({
        port: 0,
        publicUrl: 'https://app.example.com',
        key: randomBytes(32).toString('base64'),
        githubToken: 'ghp_test',
        webhookSecret,
        onIssue(place) {
          places.push(place);
          arrived.resolve();
        },
      });
    });
    afterEach(() => app.stop());

    it('takes a signed delivery in, once however often it comes', async () => {
      const delivery = issueOpened(7);
      expect((await deliver(delivery)).status).toBe(202);
      expect((await deliver(delivery)).status).toBe(202);
      await arrived.promise;
      await app.stop();
      expect(places).toEqual(['octocat/hello#7']);
    });

    it('refuses one that was tampered with', async () => {
      const delivery = issueOpened(7);
      const answer = await deliver({ ...delivery, body: delivery.body.replace('slow', 'fast') });
      expect([answer.status, await answer.text()]).toEqual([401, 'refused']);
      await app.stop();
      expect(places).toEqual([]);
    });

    it('leaves the other paths to the app', async () => {
      const answer = await fetch(app.origin);
      expect([answer.status, await answer.text()]).toEqual([200, 'This is the host app.']);
      expect((await fetch(`${app.origin}/hub/orders`)).status).toBe(404);
    });
  });
}
