export { type FakeClock, fakeClock } from './clock/fake-clock.ts';
export type {
  ActionCase,
  ConnectorSubject,
  DeliveryCase,
  OAuthCase,
  PagesCase,
  RegistrationCase,
} from './connector-suite/connector-subject.ts';
export { describeConnector } from './connector-suite/describe-connector.ts';
export { type FakeGithub, type FakeGithubOptions, fakeGithub } from './providers/fake-github.ts';
export type { FakeGithubHook } from './providers/fake-github-hooks.ts';
export type { NewFakeIssue } from './providers/fake-github-issues.ts';
export type { FakeGithubComment, FakeGithubIssue, FakeGithubPull } from './providers/fake-github-world.ts';
export type { FakeAppOptions, FakeGrant, FakeGrants, FakeGrantsOptions, FakeRefusal } from './providers/fake-grants.ts';
export { fakeGrants } from './providers/fake-grants.ts';
export { type FakeJira, type FakeJiraOptions, fakeJira } from './providers/fake-jira.ts';
export type { FakeJiraSite } from './providers/fake-jira-oauth.ts';
export type { FakeJiraIssue } from './providers/fake-jira-state.ts';
export type { FakeJiraWebhook } from './providers/fake-jira-webhooks.ts';
export { type FakeProvider, type FakeProviderOptions, startFakeProvider } from './providers/fake-provider.ts';
export { type FakeSlack, type FakeSlackMessage, type FakeSlackOptions, fakeSlack } from './providers/fake-slack.ts';
export { type FakeSlackWebhook, fakeSlackWebhook } from './providers/fake-slack-webhook.ts';
export type { ProviderHandler, ProviderReply, ProviderRoutes } from './providers/provider-reply.ts';
export { hashCredential, type ProviderRequest, type RecordedRequest } from './providers/provider-request.ts';
export type { ScriptedFault } from './providers/scripted-fault.ts';
export { type SigningInput, signWebhook } from './providers/sign-webhook.ts';
export { githubDelivery, jiraDelivery, type SignedDelivery, slackDelivery, slackFormDelivery } from './providers/signed-delivery.ts';
export { describeQueue, type QueueFactory, type QueueSubject } from './queue-suite/describe-queue.ts';
export { describeRecordAdapter } from './record-suite/describe-record-adapter.ts';
export type { RecordSample, RecordSubject, SeenTelling } from './record-suite/record-subject.ts';
export { type MemoryLink, type MemoryRecords, type MemoryRecordsOptions, memoryRecords } from './records/memory-records.ts';
export { type FoundDocument, type MemorySearchIndex, memorySearchIndex } from './search/memory-search-index.ts';
export { describeStorage } from './storage-suite/describe-storage.ts';
export type { HostTransaction, StorageFactory, StorageSubject } from './storage-suite/storage-factory.ts';
export { createTestHub, type RecordedNotice, type TestHub, type TestHubOptions } from './test-hub/create-test-hub.ts';
export type { RecordedDispatch } from './test-hub/recorded-dispatches.ts';
export { visitService } from './test-hub/visit-service.ts';
