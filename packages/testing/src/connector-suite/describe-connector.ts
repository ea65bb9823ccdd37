import { describe } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { describeAction } from './action-concern.ts';
import type { ConnectorSubject } from './connector-subject.ts';
import { describeContent } from './content-concern.ts';
import { describeFaults } from './fault-concern.ts';
import { describeHealth } from './health-concern.ts';
import { describeManifest } from './manifest-concern.ts';
import { describeOAuth } from './oauth-concern.ts';
import { describeOptions } from './option-concern.ts';
import { describePages } from './pages-concern.ts';
import { describePolls } from './poll-concern.ts';
import { describeReconcile } from './reconcile-concern.ts';
import { describeRegistration } from './registration-concern.ts';
import { describeRepeat } from './repeat-concern.ts';
import { describeResources } from './resource-concern.ts';
import { describeWebhook } from './webhook-concern.ts';

/**
 * The conformance suite of connectors, for vitest: call it in a test file. It drives the connector through the hub's own gateway and
 * webhook checks against a stand-in over real sockets. With vitest's verbose reporter its tests read as a checklist.
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
    describeResources(subject);
    if (subject.oauth) describeOAuth(subject, subject.oauth);
    describeWebhook(subject);
    describeRegistration(subject);
    describePolls(subject);
    describeOptions(subject);
    describeContent(subject);
  });
}
