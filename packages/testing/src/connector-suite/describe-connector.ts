import { afterAll, describe, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { describeAction } from './action-concern.ts';
import { checklistOf } from './checklist-of.ts';
import { concernsOf } from './concerns-of.ts';
import type { ConnectorSubject } from './connector-subject.ts';
import { describeContent } from './content-concern.ts';
import { describeEcho } from './echo-concern.ts';
import { describeFaults } from './fault-concern.ts';
import { describeHealth } from './health-concern.ts';
import { describeLostAnswer } from './lost-answer-concern.ts';
import { describeManifest } from './manifest-concern.ts';
import { describeOAuth } from './oauth-concern.ts';
import { describeOptions } from './option-concern.ts';
import { describePages } from './pages-concern.ts';
import { describePolls } from './poll-concern.ts';
import { describeReconcile } from './reconcile-concern.ts';
import { describeRefresh } from './refresh-concern.ts';
import { describeRegistration } from './registration-concern.ts';
import { describeRepeat } from './repeat-concern.ts';
import { describeReplay } from './replay-concern.ts';
import { representativeCases } from './representative-cases.ts';
import { describeResources } from './resource-concern.ts';
import { describeSkew } from './skew-concern.ts';
import { describeTampering } from './tamper-concern.ts';
import { describeWebhook } from './webhook-concern.ts';

/**
 * The conformance suite of connectors, for vitest: call it in a test file. It drives the connector through the hub's own gateway, webhook
 * checks and ledger against a hostile stand-in over real sockets. Which parts apply follows from the manifest; the others are skipped with their
 * reason. With vitest's verbose reporter its tests read as a checklist, and at the end it prints that list and what the connector can do.
 */
export function describeConnector<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const connector = subject.create('https://api.example.com');
  describe(`connector ${connector.id}`, () => {
    describeManifest(subject);
    describeHealth(subject);
    for (const action of subject.actions) {
      describeAction(subject, action);
      describeFaults(subject, action);
      describePages(subject, action);
      describeRepeat(subject, action);
      if (connector.actions[action.name]?.idempotency === 'reconcilable') describeReconcile(subject, action);
    }
    for (const action of representativeCases(connector, subject.actions)) {
      describeEcho(subject, action);
      describeLostAnswer(subject, action);
    }
    describeResources(subject);
    if (subject.oauth) describeOAuth(subject, subject.oauth);
    if (subject.oauth) describeRefresh(subject, subject.oauth);
    describeWebhook(subject);
    describeTampering(subject);
    describeSkew(subject);
    describeReplay(subject);
    describeRegistration(subject);
    describePolls(subject);
    describeOptions(subject);
    describeContent(subject);
    describe('does not apply', () => {
      for (const { concern, reason } of concernsOf(connector)) if (reason !== null) it(`${concern}: ${reason}`, ({ skip }) => skip(reason));
    });
    afterAll(() => console.info(checklistOf(connector)));
  });
}
